"""What the services refuse: steps too late or too early, restricted persons, stale records."""

from collections.abc import Callable, Iterator
from datetime import timedelta
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
    Device,
    Offer,
    Order,
    OrderLine,
    Return,
    Subscription,
)
from contracts.services import LineInput
from customers.models import Customer, Person, Source
from customers.services import ChangedMeanwhile, ProcessingRestricted
from tests.builders import a_company, a_person, a_private_customer, an_address, restricted
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
from tests.log import Trail

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
TOMORROW = TODAY + timedelta(days=1)
LATER, LATEST = DAY + timedelta(days=5), DAY + timedelta(days=10)


@pytest.fixture(autouse=True)
def _in_context() -> Iterator[None]:
    with translation.override("en"), access_context(job="test", purpose=AccessPurpose.UPKEEP):
        yield


def take_one(line: OrderLine, **more: Any) -> Return:
    values = {"kind": "cancellation", "on": LATER, "reason": "other", "quantity": 1, **more}
    return services.take_back(order_line=line, **values)


# --- steps that come too late or too early --------------------------------------------------------


def _delivered() -> Order:
    return an_order(a_company(), [a_device_model()], delivered_on=DAY)


def _answered() -> Offer:
    return an_offer(a_company(), [a_service()], sent_on=DAY, accepted_on=DAY)


def _ended_contract() -> Contract:
    return a_contract(a_company(), ends_on=LATER)


def _ended_service() -> Subscription:
    return a_subscription(_ended_contract(), terminated_on=LATER)


def _all_cancelled() -> Order:
    order = an_order(a_company(), [a_device_model()])
    take_one(OrderLine.objects.get(order=order))
    return order


def _changed_service() -> Subscription:
    subscription = a_subscription(a_contract(a_company()))
    services.change_subscription(subscription=subscription, on=LATEST, user=a_person())
    return Subscription.objects.get(pk=subscription.pk)


def _case(**more: Any) -> CollectionCase:
    invoice = an_invoice(a_company(), **more.pop("invoice", {}))
    values = {"opened_on": invoice.due_on + timedelta(days=1), **more}
    return CollectionCase(
        customer_id=invoice.customer_id,
        invoice=invoice,
        stage="reminder",
        amount=Decimal("10.00"),
        **values,
    )


STEPS: dict[str, tuple[Callable[[], Any], str]] = {
    "sent twice": (
        lambda: services.send_offer(offer=_answered(), on=LATER),
        "sent already",
    ),
    "accepted twice": (
        lambda: services.accept_offer(offer=_answered(), on=LATER),
        "answered this offer already",
    ),
    "declined after accepting": (
        lambda: services.decline_offer(offer=_answered(), on=LATER),
        "answered this offer already",
    ),
    "accepted before it was sent": (
        lambda: services.accept_offer(offer=an_offer(a_company(), [a_service()]), on=DAY),
        "only after it was sent",
    ),
    "declined before it was sent": (
        lambda: services.decline_offer(offer=an_offer(a_company(), [a_service()]), on=DAY),
        "only after it was sent",
    ),
    "accepted when it had expired": (
        lambda: services.accept_offer(
            offer=an_offer(a_company(), [a_service()], sent_on=DAY, valid_until=LATER), on=LATEST
        ),
        "expired by then",
    ),
    "sent when it had expired": (
        lambda: services.send_offer(
            offer=an_offer(a_company(), [a_service()], valid_until=LATER), on=LATEST
        ),
        "valid at least on the day",
    ),
    "delivered twice": (
        lambda: services.deliver_order(order=_delivered(), on=LATER),
        "delivered or cancelled already",
    ),
    "cancelled after delivery": (
        lambda: services.cancel_order(order=_delivered(), on=LATER, reason="other"),
        "delivered or cancelled already",
    ),
    "delivered before it was ordered": (
        lambda: services.deliver_order(
            order=an_order(a_company(), [a_service()]), on=DAY - timedelta(days=1)
        ),
        "before it was ordered",
    ),
    "delivered with nothing left": (
        lambda: services.deliver_order(order=_all_cancelled(), on=LATEST),
        "Nothing of the order is left",
    ),
    "notice given twice": (
        lambda: services.give_notice(
            contract=services.give_notice(contract=a_contract(a_company()), on=LATER), on=LATEST
        ),
        "given already",
    ),
    "notice of what has ended": (
        lambda: services.give_notice(contract=_ended_contract(), on=LATEST),
        "has ended",
    ),
    "notice that prolongs": (
        lambda: services.give_notice(contract=_ended_contract(), on=DAY, ends_on=LATEST),
        "no contract last longer",
    ),
    "notice before the signing": (
        lambda: services.give_notice(contract=a_contract(a_company()), on=DAY - timedelta(days=60)),
        "Notice is given after the signing",
    ),
    "last day before the notice": (
        lambda: services.give_notice(contract=a_contract(a_company()), on=LATEST, ends_on=LATER),
        "the last day is not before the notice",
    ),
    "terminated when it had ended": (
        lambda: services.terminate_subscription(subscription=_ended_service(), on=DAY),
        "The service has ended",
    ),
    "changed when it had ended": (
        lambda: services.change_subscription(subscription=_ended_service(), on=DAY, user=None),
        "The service has ended",
    ),
    "terminated before it opened": (
        lambda: services.terminate_subscription(
            subscription=a_subscription(a_contract(a_company())), on=DAY - timedelta(days=1)
        ),
        "must not be before the start",
    ),
    "changed before another change": (
        lambda: services.change_subscription(subscription=_changed_service(), on=LATER, user=None),
        "after that day already",
    ),
    "changed to the same": (
        lambda: services.change_subscription(
            subscription=a_subscription(a_contract(a_company())), on=LATER, user=None
        ),
        "Nothing changes",
    ),
    "used at somebody else's address": (
        lambda: services.change_subscription(
            subscription=a_subscription(a_contract(a_company())),
            on=LATER,
            address=an_address(a_person()),
        ),
        "not an address of the customer",
    ),
    "handed out twice": (
        lambda: services.hand_out(
            device=a_handover(a_device(), a_company()).device, customer=a_company(), on=LATER
        ),
        "is out already",
    ),
    "taken back twice": (
        lambda: services.take_device_back(
            handover=a_handover(a_device(), a_company(), came_back_on=LATER), on=LATEST
        ),
        "come back already",
    ),
    "taken back before it went out": (
        lambda: services.take_device_back(
            handover=a_handover(a_device(), a_company()), on=DAY - timedelta(days=1)
        ),
        "must not be before the start",
    ),
    "registered twice": (
        lambda: services.register_device(
            device=Device(serial_number=a_device().serial_number, product=a_device_model())
        ),
        "already exists",
    ),
    "a contact of a closed account": (
        lambda: services.add_billing_contact(
            account=a_billing_account(a_company(), closed_on=LATER), person=a_person()
        ),
        "is closed",
    ),
    "billed to somebody else's address": (
        lambda: services.save_billing_account(
            account=BillingAccount(
                customer=a_company(),
                method="paper",
                address=an_address(a_person()),
                source=Source.STAFF,
            )
        ),
        "not an address of the customer",
    ),
    "collected though paid": (
        lambda: services.open_collection(case=_case(invoice={"paid": "125.50", "paid_on": LATER})),
        "Nothing of this invoice is unpaid",
    ),
    "collected before it fell due": (
        lambda: services.open_collection(case=_case(opened_on=DAY)),
        "not fallen due",
    ),
    "collected twice": (
        lambda: services.open_collection(case=_case_of(a_collection_case(an_invoice(a_company())))),
        "in collection already",
    ),
    "moved when it was closed": (
        lambda: services.move_collection(
            case=a_collection_case(an_invoice(a_company()), "paid", closed_on=TODAY),
            stage="court",
            on=TODAY,
        ),
        "This case is closed",
    ),
    "with an agency that nobody named": (
        lambda: services.move_collection(
            case=a_collection_case(an_invoice(a_company())), stage="agency", on=TODAY
        ),
        "which agency",
    ),
}


def _case_of(case: CollectionCase) -> CollectionCase:
    return CollectionCase(
        customer_id=case.customer_id,
        invoice=case.invoice,
        stage="demand",
        amount=case.amount,
        opened_on=case.opened_on,
    )


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_is_not_possible_says_why(step: str) -> None:
    attempt, sentence = STEPS[step]

    with pytest.raises(ValidationError, match=sentence):
        attempt()


@pytest.mark.parametrize(
    "step",
    [
        lambda: services.send_offer(offer=an_offer(a_company(), [a_service()]), on=TOMORROW),
        lambda: services.decline_offer(offer=_answered(), on=TOMORROW),
        lambda: services.accept_offer(offer=_answered(), on=TOMORROW),
        lambda: services.place_order(
            order=Order(customer=a_company(), ordered_on=TOMORROW), lines=[LineInput(a_service())]
        ),
        lambda: services.deliver_order(order=_delivered(), on=TOMORROW),
        lambda: services.cancel_order(order=_delivered(), on=TOMORROW, reason="other"),
        lambda: take_one(OrderLine.objects.get(order=_delivered()), on=TOMORROW),
        lambda: services.sign_contract(contract=Contract(signed_on=TOMORROW)),
        lambda: services.give_notice(contract=a_contract(a_company()), on=TOMORROW),
        lambda: services.change_subscription(
            subscription=_changed_service(), on=TOMORROW, user=None
        ),
        lambda: services.hand_out(device=a_device(), customer=a_company(), on=TOMORROW),
        lambda: services.take_device_back(
            handover=a_handover(a_device(), a_company()), on=TOMORROW
        ),
        lambda: services.open_collection(case=_case(opened_on=TOMORROW)),
        lambda: services.move_collection(
            case=a_collection_case(an_invoice(a_company())), stage="paid", on=TOMORROW
        ),
    ],
)
def test_nothing_has_happened_tomorrow(step: Callable[[], Any]) -> None:
    with pytest.raises(ValidationError, match="lies ahead"):
        step()


# --- restricted persons, and others who save meanwhile --------------------------------------------


def _of_owner(person: Person) -> Customer:
    return a_private_customer(person)


def _handed_to(person: Person) -> Any:
    return a_handover(a_device(), a_company(), person=person)


ABOUT: dict[str, Callable[[Person], Callable[[], Any]]] = {
    "made to": lambda person: _sending(an_offer(a_company(), [a_service()], made_to=person)),
    "offer of the owner": lambda person: _sending(an_offer(_of_owner(person), [a_service()])),
    "ordered by": lambda person: _delivering(
        an_order(a_company(), [a_service()], ordered_by=person)
    ),
    "line ordered by": lambda person: _taking_back(
        an_order(a_company(), [a_service()], ordered_by=person)
    ),
    "signed by": lambda person: _noticing(a_contract(a_company(), signed_by=person)),
    "contract whose service she uses": lambda person: _noticing(
        a_subscription(a_contract(a_company()), user=person).contract
    ),
    "user": lambda person: _terminating(a_subscription(a_contract(a_company()), user=person)),
    "user to be": lambda person: _passing_on(a_subscription(a_contract(a_company())), person),
    "has the device": lambda person: _bringing_back(_handed_to(person)),
    "gets the device": lambda person: _handing_out(a_device(), person),
    "billing contact": lambda person: _adding_contact(a_billing_account(a_company()), person),
    "account of the owner": lambda person: _saving_account(a_billing_account(_of_owner(person))),
    "collection of the owner": lambda person: _moving(
        a_collection_case(an_invoice(_of_owner(person)))
    ),
}


def _sending(offer: Offer) -> Callable[[], Any]:
    return lambda: services.send_offer(offer=offer, on=DAY)


def _delivering(order: Order) -> Callable[[], Any]:
    return lambda: services.deliver_order(order=order, on=LATER)


def _taking_back(order: Order) -> Callable[[], Any]:
    line = OrderLine.objects.get(order=order)
    return lambda: take_one(line)


def _noticing(contract: Contract) -> Callable[[], Any]:
    return lambda: services.give_notice(contract=contract, on=LATER)


def _terminating(subscription: Subscription) -> Callable[[], Any]:
    return lambda: services.terminate_subscription(subscription=subscription, on=LATER)


def _passing_on(subscription: Subscription, person: Person) -> Callable[[], Any]:
    return lambda: services.change_subscription(subscription=subscription, on=LATER, user=person)


def _bringing_back(handover: Any) -> Callable[[], Any]:
    return lambda: services.take_device_back(handover=handover, on=LATER)


def _handing_out(device: Device, person: Person) -> Callable[[], Any]:
    company = a_company()
    return lambda: services.hand_out(device=device, customer=company, on=LATER, person=person)


def _adding_contact(account: BillingAccount, person: Person) -> Callable[[], Any]:
    return lambda: services.add_billing_contact(account=account, person=person)


def _saving_account(account: BillingAccount) -> Callable[[], Any]:
    account.customer_reference = "Viite"
    return lambda: services.save_billing_account(account=account)


def _moving(case: CollectionCase) -> Callable[[], Any]:
    return lambda: services.move_collection(case=case, stage="demand", on=TODAY)


@pytest.mark.parametrize("about", ABOUT)
def test_nothing_about_a_restricted_person_is_changed(about: str, trail: Trail) -> None:
    person = a_person()
    step = ABOUT[about](person)
    restricted(person)

    with (
        pytest.raises(ProcessingRestricted),
        access_context(job="refused", purpose=AccessPurpose.UPKEEP),
    ):
        step()

    assert set(trail.actions(actor_label="refused")) <= {"access"}


def test_whoever_saves_second_is_told() -> None:
    company = a_company()
    product = a_service()
    offer = an_offer(company, [product])
    seen = Offer.objects.get(pk=offer.pk)
    offer.valid_until = offer.valid_until + timedelta(days=1)
    services.save_offer(offer=offer, lines=[LineInput(product)])

    with pytest.raises(ChangedMeanwhile):
        services.send_offer(offer=seen, on=DAY)

    seen.valid_until = LATEST
    with pytest.raises(ChangedMeanwhile):
        services.save_offer(offer=seen, lines=[LineInput(product)])
