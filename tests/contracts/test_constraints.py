"""What is impossible in one row: each constraint is broken, and says its sentence."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from audit.context import AccessPurpose, access_context
from audit.sql import run_sql
from contracts.models import (
    BillingContact,
    Contract,
    DeviceHandover,
    Invoice,
    Offer,
    OfferLine,
    OrderLine,
    Product,
    Return,
    ServiceChange,
    Subscription,
    VatRate,
)
from tests.builders import a_company, a_person
from tests.contract_builders import (
    DAY,
    a_billing_account,
    a_collection_case,
    a_contract,
    a_device,
    a_device_model,
    a_handover,
    a_service,
    a_subscription,
    an_invoice,
    an_offer,
    an_order,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres_versions]

BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)
FAR = DAY + timedelta(days=400)

Broken = tuple[Any, dict[str, Any]]


@pytest.fixture(autouse=True)
def _in_context() -> Iterator[None]:
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        yield


# --- rows to break --------------------------------------------------------------------------------


def _account() -> Any:
    return a_billing_account(a_company())


def _rate() -> VatRate:
    return VatRate.objects.get(kind="zero")


def _contract() -> Contract:
    return a_contract(a_company())


def _subscription() -> Subscription:
    return a_subscription(_contract())


def _offer() -> Offer:
    return an_offer(a_company(), [a_service()])


def _sent() -> Offer:
    return an_offer(a_company(), [a_service()], sent_on=DAY)


def _offer_line() -> OfferLine:
    return OfferLine.objects.get(offer=_offer())


def _order() -> Any:
    return an_order(a_company(), [a_service()])


def _order_line() -> OrderLine:
    return OrderLine.objects.get(order=_order())


def _return() -> Return:
    line = _order_line()
    return Return.objects.create(
        customer_id=line.order.customer_id,
        order_line=line,
        kind="cancellation",
        happened_on=DAY,
        reason="other",
    )


def _handover() -> DeviceHandover:
    return a_handover(a_device(), a_company())


def _invoice() -> Invoice:
    return an_invoice(a_company())


def _case() -> Any:
    return a_collection_case(_invoice())


def _change() -> ServiceChange:
    subscription = _subscription()
    return ServiceChange.objects.create(
        customer=subscription.customer,
        subscription=subscription,
        kind="user",
        changed_on=DAY,
        old_user=a_person(),
        new_user=a_person("Eero"),
    )


def _two_contacts() -> Broken:
    account, person = _account(), a_person()
    BillingContact.objects.create(billing_account=account, person=person)
    other = BillingContact.objects.create(billing_account=account, person=a_person("Eero"))
    return other, {"person": person}


def _two_lines(document: str, model: type[models.Model], make: Callable[..., Any]) -> Broken:
    parent = make(a_company(), [a_service(), a_service()])
    manager: Any = model._default_manager
    return manager.get(**{document: parent}, position=2), {"position": 1}


def _two_subscriptions() -> Broken:
    contract = _contract()
    a_subscription(contract, identifier="+358400000001", terminated_on=AFTER)
    return a_subscription(contract, opened_on=AFTER), {"identifier": "+358400000001"}


def _two_handovers(**values: Any) -> Broken:
    device, company = a_device(), a_company()
    a_handover(device, company, came_back_on=AFTER)
    return a_handover(a_device(), company, **values), {"device": device}


def _two_out() -> Broken:
    device, company = a_device(), a_company()
    a_handover(device, company)
    return a_handover(a_device(), company, came_back_on=DAY), {
        "device": device,
        "came_back_on": None,
    }


def _two_cases() -> Broken:
    invoice = _invoice()
    a_collection_case(invoice)
    other = a_collection_case(invoice, "paid", closed_on=FAR)
    return other, {"stage": "demand", "closed_on": None}


ROWS: dict[str, Callable[[], Broken]] = {
    "billing_account_knows_where_to": lambda: (_account(), {"email": ""}),
    "billing_account_e_invoice_address_fits": lambda: (_account(), {"e_invoice_address": "a-b"}),
    "billing_account_operator_fits": lambda: (_account(), {"operator_id": "x y"}),
    "billing_account_term_is_possible": lambda: (_account(), {"payment_term_days": 0}),
    "billing_account_language_is_known": lambda: (_account(), {"language": "de"}),
    "billing_account_ends_after_start": lambda: (_account(), {"closed_on": BEFORE}),
    "billing_account_source_is_known": lambda: (_account(), {"source": ""}),
    "billing_contact_once_per_account": _two_contacts,
    "billing_contact_ends_after_start": lambda: (
        BillingContact.objects.create(billing_account=_account(), person=a_person()),
        {"ended_on": BEFORE},
    ),
    "product_has_names": lambda: (a_service(), {"name_sv": ""}),
    "product_price_is_not_negative": lambda: (a_service(), {"unit_price": -1}),
    "product_kind_is_known": lambda: (
        Product(code="x", kind="idea", name_fi="x", name_sv="x", name_en="x", unit_price=1),
        {"charged": "once"},
    ),
    "product_charging_is_known": lambda: (a_service(), {"charged": "daily"}),
    "product_vat_kind_is_known": lambda: (a_service(), {"vat_kind": "none"}),
    "product_currency_is_a_code": lambda: (a_service(), {"currency": "eur"}),
    "product_sold_until_after_from": lambda: (
        a_service(),
        {"sold_from": DAY, "sold_until": BEFORE},
    ),
    "one_vat_rate_at_a_time": lambda: (_rate(), {"kind": "standard"}),
    "vat_rate_kind_is_known": lambda: (_rate(), {"kind": "luxury"}),
    "vat_rate_is_a_percentage": lambda: (_rate(), {"percent": -1}),
    "vat_rate_ends_after_start": lambda: (
        VatRate(kind="zero", percent=0, valid_from=DAY),
        {"valid_until": BEFORE},
    ),
    "contract_ends_after_start": lambda: (
        a_contract(a_company(), ends_on=FAR),
        {"ends_on": BEFORE},
    ),
    "contract_renewal_fits": lambda: (_contract(), {"renewal": "renews"}),
    "contract_ends_after_notice": lambda: (
        _contract(),
        {"notice_given_on": AFTER, "ends_on": DAY},
    ),
    "contract_open_end_comes_by_notice": lambda: (_contract(), {"ends_on": FAR}),
    "contract_currency_is_a_code": lambda: (_contract(), {"currency": "€"}),
    "contract_source_is_known": lambda: (_contract(), {"source": "rumour"}),
    "subscription_identifier_once_at_a_time": _two_subscriptions,
    "subscription_ends_after_start": lambda: (_subscription(), {"terminated_on": BEFORE}),
    "subscription_price_is_not_negative": lambda: (_subscription(), {"unit_price": -1}),
    "subscription_currency_is_a_code": lambda: (_subscription(), {"currency": ""}),
    "subscription_source_is_known": lambda: (_subscription(), {"source": ""}),
    "service_change_changes_something": lambda: (_change(), {"kind": "address"}),
    "offer_is_accepted_after_sending": lambda: (_sent(), {"accepted_on": BEFORE}),
    "offer_is_declined_after_sending": lambda: (_offer(), {"declined_on": AFTER}),
    "offer_has_one_answer": lambda: (_sent(), {"accepted_on": AFTER, "declined_on": AFTER}),
    "offer_is_accepted_in_time": lambda: (_sent(), {"accepted_on": FAR}),
    "offer_is_valid_when_sent": lambda: (_offer(), {"sent_on": FAR}),
    "offer_currency_is_a_code": lambda: (_offer(), {"currency": "eur"}),
    "offer_source_is_known": lambda: (_offer(), {"source": ""}),
    "offer_line_has_its_place": lambda: _two_lines("offer", OfferLine, an_offer),
    "offer_line_quantity_is_positive": lambda: (_offer_line(), {"quantity": 0}),
    "offer_line_price_is_not_negative": lambda: (_offer_line(), {"unit_price": -1}),
    "offer_line_vat_is_a_percentage": lambda: (_offer_line(), {"vat_percent": -1}),
    "offer_line_charging_is_known": lambda: (_offer_line(), {"charged": "yearly"}),
    "order_is_delivered_after_ordering": lambda: (_order(), {"delivered_on": BEFORE}),
    "order_is_cancelled_after_ordering": lambda: (_order(), {"cancelled_on": BEFORE}),
    "order_is_delivered_or_cancelled": lambda: (
        _order(),
        {"delivered_on": AFTER, "cancelled_on": AFTER},
    ),
    "order_delivery_country_is_a_code": lambda: (_order(), {"delivery_country": "fi"}),
    "order_currency_is_a_code": lambda: (_order(), {"currency": "e"}),
    "order_source_is_known": lambda: (_order(), {"source": ""}),
    "order_line_has_its_place": lambda: _two_lines("order", OrderLine, an_order),
    "order_line_quantity_is_positive": lambda: (_order_line(), {"quantity": 0}),
    "order_line_price_is_not_negative": lambda: (_order_line(), {"unit_price": -1}),
    "order_line_vat_is_a_percentage": lambda: (_order_line(), {"vat_percent": -1}),
    "order_line_charging_is_known": lambda: (_order_line(), {"charged": ""}),
    "return_quantity_is_positive": lambda: (_return(), {"quantity": 0}),
    "return_refund_is_not_negative": lambda: (_return(), {"refund": -1}),
    "return_kind_is_known": lambda: (_return(), {"kind": "loss"}),
    "device_has_a_serial_number": lambda: (a_device_of_no_number(), {}),
    "device_is_in_one_place": lambda: _two_handovers(came_back_on=AFTER),
    "device_is_out_once": _two_out,
    "handover_ends_after_start": lambda: (_handover(), {"came_back_on": BEFORE}),
    "invoice_has_a_number": lambda: (Invoice(number="", **an_invoice_to_be()), {}),
    "invoice_falls_due_after_its_day": lambda: (_invoice(), {"due_on": BEFORE}),
    "invoice_payment_has_its_day": lambda: (_invoice(), {"paid": 1}),
    "invoice_reference_is_valid": lambda: (_invoice(), {"reference": "1234"}),
    "invoice_currency_is_a_code": lambda: (_invoice(), {"currency": "eur"}),
    "one_open_collection_per_invoice": _two_cases,
    "collection_closes_with_its_outcome": lambda: (_case(), {"stage": "paid"}),
    "collection_names_its_agency": lambda: (_case(), {"stage": "agency"}),
    "collection_amount_is_positive": lambda: (_case(), {"amount": 0}),
    "collection_ends_after_start": lambda: (_case(), {"stage": "paid", "closed_on": DAY}),
    "collection_currency_is_a_code": lambda: (_case(), {"currency": "1"}),
}


def a_device_of_no_number() -> Any:
    return type(a_device())(product=a_device_model(), serial_number="")


def an_invoice_to_be() -> dict[str, Any]:
    return {"customer": a_company(), "issued_on": DAY, "due_on": DAY, "net": 1, "vat": 0}


# --- the tests ------------------------------------------------------------------------------------

CONSTRAINTS: dict[str, Any] = {
    constraint.name: constraint
    for model in apps.get_app_config("contracts").get_models()
    for constraint in model._meta.constraints
}

# Who has what is out twice has it in two places at once: the database finds that first.
ANSWERED_BY = {"device_is_out_once": "device_is_in_one_place"}


def broken(name: str) -> tuple[Any, list[str]]:
    """The row with the values that break a constraint, and their columns."""
    row, values = ROWS[name]()
    for field, value in values.items():
        setattr(row, field, value)
    return row, [row._meta.get_field(field).attname for field in values]


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_the_database_refuses_the_row(name: str) -> None:
    row, columns = broken(name)

    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        if row._state.adding:
            row.save()
        else:
            sets = ", ".join(f"{column} = %s" for column in columns)
            run_sql(
                f"UPDATE {row._meta.db_table} SET {sets} WHERE id = %s",
                [*(getattr(row, column) for column in columns), row.pk],
            )

    cause: Any = refusal.value.__cause__
    assert cause.diag.constraint_name == ANSWERED_BY.get(name, name)


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_the_form_says_why(name: str) -> None:
    row, _columns = broken(name)
    constraint = CONSTRAINTS[name]
    sentence = str(constraint.violation_error_message)

    with pytest.raises(ValidationError, match=re.escape(sentence)):
        constraint.validate(type(row), row)


def test_no_constraint_goes_untested() -> None:
    assert ROWS.keys() == CONSTRAINTS.keys()


# --- what a service change says -------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "user", "old_user": 1, "new_user": 1},
        {"kind": "user"},
        {"kind": "product", "old_product": 1, "new_product": 1},
        {"kind": "product", "new_product": 1},
        {"kind": "user", "new_user": 1, "new_product": 1},
        {"kind": "price", "new_user": 1},
    ],
)
def test_a_change_changes_one_thing(change: dict[str, Any]) -> None:
    row, person, product = _change(), a_person(), a_service()
    row.old_user = row.new_user = None
    row.kind = change.pop("kind")
    for name in change:
        setattr(row, name, person if name.endswith("user") else product)

    with pytest.raises(IntegrityError, match="service_change_changes_something"):
        with transaction.atomic():
            row.save()


def test_an_identifier_is_free_again_the_day_after() -> None:
    contract = _contract()
    a_subscription(contract, identifier="+358400000001", terminated_on=AFTER)

    again = a_subscription(
        contract, identifier="+358400000001", opened_on=AFTER + timedelta(days=1)
    )

    assert again.terminated_on is None


def test_a_device_goes_out_again_on_the_day_it_came_back() -> None:
    device, company = a_device(), a_company()
    for came_back_on in (DAY, AFTER, AFTER, None):
        a_handover(
            device,
            company,
            went_out_on=DAY if came_back_on == DAY else AFTER,
            came_back_on=came_back_on,
        )

    assert DeviceHandover.objects.filter(device=device).count() == 4


@pytest.mark.parametrize(
    "change",
    [
        "contracts_offer SET number = 'TA1'",
        "contracts_order SET number = 'TI1'",
        "contracts_contract SET number = 'SO1'",
        "contracts_billingaccount SET number = 'LA1'",
        "contracts_invoice SET number = 'X'",
        "contracts_device SET serial_number = 'X'",
        "contracts_product SET code = 'x'",
    ],
)
def test_a_number_once_given_is_never_changed(change: str) -> None:
    a_handover(a_device(), a_company())
    for make in (_offer, _order, _contract, _account, _invoice):
        make()

    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        run_sql(f"UPDATE {change}")


# --- sums -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["contracts_offer", "contracts_order"])
def test_sums_are_those_of_the_lines_whatever_is_written(table: str) -> None:
    document: Any = _offer() if table == "contracts_offer" else _order()

    run_sql(f"UPDATE {table} SET monthly_net = 1, once_gross = 5 WHERE id = %s", [document.pk])
    document.monthly_net = 7
    document.save()

    document.refresh_from_db()
    assert (str(document.monthly_net), str(document.once_gross)) == ("19.90", "0.00")


def test_a_new_document_has_no_sums_before_its_lines() -> None:
    made = Offer.objects.create(
        customer=a_company(), valid_until=FAR, monthly_net=99, source="staff"
    )

    made.refresh_from_db()
    assert made.monthly_net == 0
