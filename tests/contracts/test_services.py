"""The steps of the services: what they do, and what they refuse before the database has to."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from audit.context import AccessPurpose, access_context
from contracts import services
from contracts.models import (
    BillingAccount,
    CollectionCase,
    Contract,
    Offer,
    OfferLine,
    Order,
    OrderLine,
    Product,
    Return,
    ServiceChange,
    Subscription,
    VatRate,
)
from contracts.services import LineInput, LineRefused
from customers.models import Address, Customer, Source
from tests.builders import a_company, a_person, a_private_customer, an_address
from tests.contract_builders import (
    DAY,
    a_billing_account,
    a_contract,
    a_device_model,
    a_service,
    a_subscription,
    an_invoice,
    an_offer,
    an_order,
)
from tests.log import Trail

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
TOMORROW = TODAY + timedelta(days=1)
LATER, LATEST = DAY + timedelta(days=5), DAY + timedelta(days=10)


@pytest.fixture(autouse=True)
def _in_context() -> Iterator[None]:
    with translation.override("en"), access_context(job="test", purpose=AccessPurpose.UPKEEP):
        yield


def a_draft(customer: Customer, **more: Any) -> Offer:
    values = {"valid_until": TODAY + timedelta(days=30), "source": Source.STAFF, **more}
    return Offer(customer=customer, **values)


def positions(offer: Offer) -> list[tuple[int, int, int]]:
    lines = OfferLine.objects.filter(offer=offer).in_order()
    return [(line.position, line.product_id, line.quantity) for line in lines]


# --- lines ----------------------------------------------------------------------------------------


def test_lines_are_added_changed_and_taken_away() -> None:
    one, two, three = a_service(), a_service(), a_service()
    offer = services.save_offer(
        offer=a_draft(a_company()), lines=[LineInput(one), LineInput(two, 2), LineInput(three)]
    )

    offer = services.save_offer(offer=offer, lines=[LineInput(one), LineInput(three, 5)])
    assert positions(offer) == [(1, one.pk, 1), (2, three.pk, 5)]

    offer = services.save_offer(
        offer=offer, lines=[LineInput(one), LineInput(three, 5), LineInput(two)]
    )
    assert positions(offer) == [(1, one.pk, 1), (2, three.pk, 5), (3, two.pk, 1)]
    assert offer.monthly_net == 7 * Decimal("19.90")


def test_a_line_that_stays_keeps_its_price_and_charging() -> None:
    product = a_service(price="10.00")
    offer = services.save_offer(offer=a_draft(a_company()), lines=[LineInput(product)])
    product.unit_price, product.charged = Decimal("99.00"), "once"
    services.save_product(product=product)

    services.save_offer(offer=offer, lines=[LineInput(product, 1, Decimal("10.00"))])

    line = OfferLine.objects.get(offer=offer)
    assert (line.unit_price, line.charged) == (Decimal("10.00"), "monthly")


def test_lines_are_taxed_as_on_the_day_of_the_document() -> None:
    product = a_device_model()
    product.vat_kind = "reduced"
    services.save_product(product=product)
    order = services.place_order(
        order=Order(customer=a_company(), ordered_on=date(2025, 12, 31), source=Source.STAFF),
        lines=[LineInput(product)],
    )
    assert OrderLine.objects.get(order=order).vat_percent == Decimal("14.00")

    order.ordered_on = date(2026, 1, 1)
    order = services.save_order(order=order, lines=[LineInput(product)])

    assert OrderLine.objects.get(order=order).vat_percent == Decimal("13.50")


def test_an_offer_is_taxed_as_on_the_day_it_is_sent() -> None:
    product = a_device_model()
    product.vat_kind = "reduced"
    services.save_product(product=product)
    offer = services.save_offer(offer=a_draft(a_company()), lines=[LineInput(product)])

    services.send_offer(offer=offer, on=date(2025, 12, 1))

    assert OfferLine.objects.get(offer=offer).vat_percent == Decimal("14.00")


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (lambda: LineInput(a_service(), 0), "quantity"),
        (lambda: LineInput(a_service(), 1, Decimal("-1.00")), "unit_price"),
        (lambda: LineInput(changed(a_service(), sold_until=date(2020, 1, 1))), "product"),
        (lambda: LineInput(changed(a_service(), currency="SEK")), "product"),
        (lambda: LineInput(a_service(), 1_000_001, Decimal("1000.00")), "unit_price"),
    ],
)
def test_a_line_that_will_not_do_is_named(line: Callable[[], LineInput], field: str) -> None:
    with pytest.raises(LineRefused) as refused:
        services.save_offer(offer=a_draft(a_company()), lines=[LineInput(a_service()), line()])

    assert refused.value.index == 1
    assert list(refused.value.message_dict) == [field]


def test_an_order_without_lines_is_not_placed() -> None:
    with pytest.raises(ValidationError, match="at least one line"):
        services.place_order(
            order=Order(customer=a_company(), ordered_on=DAY, source=Source.STAFF), lines=[]
        )


def test_a_line_that_was_cancelled_in_part_is_not_taken_away() -> None:
    one, two = a_device_model(), a_device_model()
    order = an_order(a_company(), [one, two], quantity=2)
    take_one(OrderLine.objects.get(order=order, position=2), on=DAY)

    with pytest.raises(ValidationError, match="it stays"):
        services.save_order(order=order, lines=[LineInput(one, 2)])


def changed(product: Product, **values: Any) -> Product:
    for name, value in values.items():
        setattr(product, name, value)
    return services.save_product(product=product)


def take_one(line: OrderLine, **more: Any) -> Return:
    values = {"kind": "cancellation", "on": LATER, "reason": "other", "quantity": 1, **more}
    return services.take_back(order_line=line, **values)


# --- an offer becomes an order and a contract -----------------------------------------------------


def test_what_is_charged_once_makes_no_contract() -> None:
    offer = an_offer(a_company(), [a_device_model(price="100.00")], sent_on=DAY)

    accepted = services.accept_offer(offer=offer, on=LATER)

    assert accepted.contract is None
    assert accepted.order.contract is None
    assert accepted.order.once_net == Decimal("100.00")
    assert Offer.objects.get(pk=offer.pk).state == Offer.State.ACCEPTED


def test_what_is_charged_monthly_makes_a_contract_on_these_terms() -> None:
    asked, signed = a_person(), a_person("Eero")
    company = a_company()
    account = a_billing_account(company)
    offer = an_offer(company, [a_service()], made_to=asked, sent_on=DAY)

    accepted = services.accept_offer(
        offer=offer,
        on=LATER,
        accepted_by=signed,
        starts_on=LATEST,
        renewal=Contract.Renewal.RENEWS,
        ends_on=LATEST + timedelta(days=364),
        renewal_months=12,
        notice_months=3,
        billing_account=account,
    )

    contract = accepted.contract
    assert contract is not None
    assert (contract.signed_by, contract.signed_on) == (signed, LATER)
    assert (contract.starts_on, contract.billing_account) == (LATEST, account)
    assert (contract.renewal, contract.notice_months) == ("renews", 3)
    assert accepted.order.contract == contract


def test_an_offer_binds_to_what_was_offered() -> None:
    product = a_service(price="10.00")
    offer = an_offer(a_company(), [product], sent_on=DAY)
    changed(product, unit_price=Decimal("50.00"), sold_until=DAY)

    accepted = services.accept_offer(offer=offer, on=LATER)

    assert accepted.order.monthly_net == Decimal("10.00")


def test_terms_that_will_not_do_leave_the_offer_open() -> None:
    offer = an_offer(a_company(), [a_service()], sent_on=DAY)

    with pytest.raises(ValidationError, match="for how many months"):
        services.accept_offer(offer=offer, on=LATER, renewal=Contract.Renewal.RENEWS)

    assert Offer.objects.get(pk=offer.pk).accepted_on is None
    assert not Order.objects.filter(offer=offer).exists()


def test_the_delivery_address_stays_as_it_was() -> None:
    maija = a_person("Maija", "Virta")
    address = an_address(maija, "Vanhakatu 1")
    order = services.place_order(
        order=Order(customer=a_private_customer(maija), ordered_on=DAY, source=Source.STAFF),
        lines=[LineInput(a_device_model())],
        delivery_address=address,
    )
    address.street = "Uusikatu 2"
    address.save()

    order = Order.objects.get(pk=order.pk)
    assert (order.delivery_name, order.delivery_street) == ("Maija Virta", "Vanhakatu 1")


def test_nothing_is_delivered_to_somebody_elses_address() -> None:
    with pytest.raises(ValidationError, match="not an address of the customer"):
        services.place_order(
            order=Order(customer=a_company(), ordered_on=DAY, source=Source.STAFF),
            lines=[LineInput(a_device_model())],
            delivery_address=an_address(a_person()),
        )


# --- orders ---------------------------------------------------------------------------------------


def test_cancelling_an_order_cancels_what_is_left_of_it() -> None:
    order = an_order(a_company(), [a_device_model(), a_device_model()], quantity=3)
    first, second = OrderLine.objects.filter(order=order).in_order()
    take_one(first, quantity=2)
    take_one(second, quantity=3)

    order = services.cancel_order(order=order, on=LATEST, reason=Return.Reason.LATE)

    made = Return.objects.filter(order_line__order=order, happened_on=LATEST)
    assert [(one.order_line_id, one.quantity, one.reason) for one in made] == [
        (first.pk, 1, "late")
    ]
    assert order.state == Order.State.CANCELLED


def test_a_line_is_cancelled_and_the_rest_delivered_on_one_day() -> None:
    order = an_order(a_company(), [a_device_model()], quantity=2)
    cancelled = take_one(OrderLine.objects.get(order=order), on=LATER)

    order = services.deliver_order(order=order, on=LATER)
    cancelled.refund = Decimal("1.00")
    cancelled.save()

    assert order.state == Order.State.DELIVERED


@pytest.mark.parametrize(("refund", "passes"), [("82.84", True), ("82.85", False)])
def test_no_more_is_paid_back_than_was_paid(refund: str, passes: bool) -> None:
    # Three at 33.00 make 99.00, with 25.5 % of VAT 124.25 (24.245 rounded up): 82.83⅓ for two.
    order = an_order(a_company(), [a_device_model(price="33.00")], quantity=3)
    line = OrderLine.objects.get(order=order)

    if passes:
        assert take_one(line, quantity=2, refund=Decimal(refund)).refund == Decimal(refund)
    else:
        with pytest.raises(ValidationError, match="more than was paid"):
            take_one(line, quantity=2, refund=Decimal(refund))


# --- contracts and services -----------------------------------------------------------------------


def test_notice_ends_the_services_that_do_not_end_earlier() -> None:
    contract = a_contract(a_company(), notice_months=2)
    a_subscription(contract)
    a_subscription(contract, terminated_on=LATER)
    a_subscription(contract, terminated_on=DAY + timedelta(days=400))

    contract = services.give_notice(contract=contract, on=date(2026, 3, 31))

    assert contract.ends_on == date(2026, 5, 31)
    ends = Subscription.objects.filter(contract=contract).order_by("pk")
    assert [one.terminated_on for one in ends] == [contract.ends_on, LATER, contract.ends_on]


@pytest.mark.parametrize(
    ("terms", "on", "last_day"),
    [
        ({}, date(2026, 5, 31), date(2026, 6, 30)),
        ({"notice_months": 0}, date(2026, 5, 31), date(2026, 5, 31)),
        ({"notice_months": 3}, date(2025, 11, 30), date(2026, 2, 28)),
        ({"renewal": "ends", "ends_on": date(2026, 12, 31)}, date(2026, 5, 1), date(2026, 12, 31)),
        (
            {"renewal": "renews", "renewal_months": 12, "ends_on": date(2026, 12, 31)},
            date(2026, 5, 1),
            date(2026, 12, 31),
        ),
        (
            {"renewal": "renews", "renewal_months": 1, "ends_on": date(2026, 1, 31)},
            date(2026, 4, 30),
            date(2026, 5, 31),
        ),
        (
            {"renewal": "renews", "renewal_months": 12, "ends_on": date(2026, 5, 31)},
            date(2026, 5, 1),
            date(2027, 5, 31),
        ),
    ],
)
def test_the_last_day_follows_from_the_terms(
    terms: dict[str, Any], on: date, last_day: date
) -> None:
    contract = Contract(signed_on=DAY, starts_on=DAY, **terms)

    assert contract.last_day_after_notice(on) == last_day


def test_a_service_becomes_another_and_keeps_what_it_was() -> None:
    company, first, second = a_company(), a_person(), a_person("Eero")
    subscription = a_subscription(a_contract(company), user=first)
    before, better = subscription.product, a_service(price="39.90")
    address = an_address(second)

    made = services.change_subscription(
        subscription=subscription, on=LATER, product=better, user=second, address=address
    )

    assert [change.kind for change in made] == ["product", "user", "address"]
    assert (made[0].old_product, made[0].new_product) == (before, better)
    assert (made[1].old_user, made[1].new_user) == (first, second)
    assert (made[2].old_address, made[2].new_address) == (None, address)
    subscription = Subscription.objects.get(pk=subscription.pk)
    assert (subscription.product, subscription.unit_price) == (better, Decimal("39.90"))
    assert (subscription.user, subscription.address) == (second, address)


def test_a_price_changes_without_a_change_of_the_service() -> None:
    subscription = a_subscription(a_contract(a_company()))

    made = services.change_subscription(
        subscription=subscription, on=LATER, unit_price=Decimal("15.00")
    )

    assert made == []
    assert Subscription.objects.get(pk=subscription.pk).unit_price == Decimal("15.00")


def test_a_service_can_be_left_without_a_user() -> None:
    subscription = a_subscription(a_contract(a_company()), user=a_person())

    [change] = services.change_subscription(subscription=subscription, on=LATER, user=None)

    assert (change.kind, change.new_user) == ("user", None)


def test_a_change_names_both_users_in_the_log(trail: Trail) -> None:
    company, first, second = a_company(), a_person(), a_person("Eero")
    subscription = a_subscription(a_contract(company), user=first)

    with access_context(job="changing", purpose=AccessPurpose.UPKEEP):
        services.change_subscription(subscription=subscription, on=LATER, user=second)

    assert trail.subjects(actor_label="changing") == {first.public_id, second.public_id}


def test_an_address_of_the_customer_itself_will_do() -> None:
    company = a_company()
    address = Address.objects.create(
        customer=company,
        kind=Address.Kind.USAGE,
        street="Mallikatu 5",
        postal_code="13100",
        source=Source.STAFF,
    )
    subscription = a_subscription(a_contract(company))

    [change] = services.change_subscription(subscription=subscription, on=LATER, address=address)

    assert change.kind == ServiceChange.Kind.ADDRESS


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("040 000 0001", "+358400000001"),
        ("(040) 000-0001", "+358400000001"),
        ("00358 40 0000001", "+358400000001"),
        (" +358 (0)40 000 0001 ", "+358400000001"),
        ("KL-1  / 204", "KL-1 / 204"),
        ("0204", "0204"),
        ("", ""),
    ],
)
def test_a_subscriber_number_is_kept_in_one_form(written: str, stored: str) -> None:
    service = opened(a_contract(a_company()), written)

    assert service.identifier == stored


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(ValidationError) as refused:
        opened(a_contract(a_company()), "+358 40 VAIHDE")

    assert list(refused.value.message_dict) == ["identifier"]


def opened(contract: Contract, identifier: str) -> Subscription:
    """A service that is opened today."""
    return services.open_subscription(
        subscription=Subscription(
            customer=contract.customer,
            contract=contract,
            product=a_service(),
            identifier=identifier,
            opened_on=LATEST,
            source=Source.STAFF,
        )
    )


@pytest.mark.parametrize("writes", ["twice", "overlapping", "in another writing"])
def test_an_identifier_is_in_use_once_at_a_time(writes: str) -> None:
    contract = a_contract(a_company())
    first = a_subscription(contract, identifier="+358400000001")
    if writes == "overlapping":
        services.terminate_subscription(subscription=first, on=LATEST)

    with pytest.raises(ValidationError, match="in use at that time"):
        opened(contract, "040 000 0001" if writes == "in another writing" else "+358400000001")


# --- billing and products -------------------------------------------------------------------------


def test_an_account_an_invoice_and_its_collection() -> None:
    company, buyer = a_company(), a_person()
    account = services.save_billing_account(
        account=BillingAccount(
            customer=company, method="email", email="laskut@example.com", source=Source.EMAIL
        )
    )
    contact = services.add_billing_contact(account=account, person=buyer)
    contact = services.end_billing_contact(contact=contact, on=TODAY)
    invoice = an_invoice(company, billing_account=account)
    case = services.open_collection(
        case=CollectionCase(
            customer=company,
            invoice=invoice,
            stage=CollectionCase.Stage.REMINDER,
            amount=invoice.open_amount,
            opened_on=invoice.due_on + timedelta(days=7),
        )
    )
    case = services.move_collection(
        case=case, stage=CollectionCase.Stage.AGENCY, on=TODAY, agency="Malliperintä Oy"
    )
    assert (case.closed_on, case.agency) == (None, "Malliperintä Oy")

    case = services.move_collection(case=case, stage=CollectionCase.Stage.PAID, on=TODAY)

    assert (case.closed_on, case.agency) == (TODAY, "Malliperintä Oy")
    assert account.number.startswith("LA")
    assert contact.ended_on == TODAY


def test_a_new_rate_ends_the_one_before() -> None:
    services.save_vat_rate(
        rate=VatRate(kind="standard", percent=Decimal("26.00"), valid_from=date(2030, 1, 1))
    )

    assert services.percent_on(kind="standard", day=date(2029, 12, 31)) == Decimal("25.50")
    assert services.percent_on(kind="standard", day=date(2030, 1, 1)) == Decimal("26.00")


def test_a_day_without_a_rate_is_said() -> None:
    with pytest.raises(ValidationError, match="No percentage"):
        services.percent_on(kind="standard", day=date(2000, 1, 1))
