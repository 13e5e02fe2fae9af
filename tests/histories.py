"""A customer to whom everything has happened that the timeline tells of."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from audit.context import AccessPurpose, in_context
from consents.models import Consent, MarketingChoice, Wording
from contracts.models import CollectionCase, Contract, Order, OrderLine, Return, Subscription
from contracts.services import (
    cancel_order,
    change_subscription,
    decline_offer,
    deliver_order,
    give_notice,
    move_collection,
    take_back,
)
from customers.models import Customer, IdentityCheck, Person
from tests.builders import a_user, an_address, an_interaction
from tests.contract_builders import (
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

TODAY = 300


def day(number: int) -> date:
    """A day of the history; the 300th is today."""
    return timezone.localdate() + timedelta(days=number - TODAY)


def at_noon(number: int) -> datetime:
    """Noon of a day of the history."""
    return timezone.make_aware(datetime.combine(day(number), time(12)))


@in_context(job="builder", purpose=AccessPurpose.UPKEEP)
def a_whole_history(customer: Customer, person: Person, successor: Person) -> None:
    """One of each: the person is named wherever one can be, the successor follows her as a user."""
    _offers_and_orders(customer, person)
    _services(customer, person, successor)
    _bills(customer)
    contact = an_interaction(person, "Eräpäivä", "Siirretty.", customer, at_noon(290), True)
    IdentityCheck.objects.create(
        interaction=contact, question="name", matched=True, checked_by=a_user("checker")
    )
    choose(person)
    consent(person)


@in_context(job="builder", purpose=AccessPurpose.UPKEEP)
def choose(person: Person) -> MarketingChoice:
    """She permits text messages, now."""
    return MarketingChoice.objects.create(
        person=person, channel="sms", choice="permitted", source="call"
    )


@in_context(job="builder", purpose=AccessPurpose.UPKEEP)
def consent(person: Person) -> Consent:
    """She consents to surveys and withdraws it, long ago."""
    wording, _made = Wording.objects.get_or_create(
        name="survey", version=1, language="fi", defaults={"text": "Suostun."}
    )
    at = timezone.now() - timedelta(days=900)
    return Consent.objects.create(
        person=person,
        purpose=Consent.Purpose.SURVEY,
        wording=wording,
        source="call",
        given_at=at,
        withdrawn_at=at,
    )


def _offers_and_orders(customer: Customer, person: Person) -> None:
    phone = a_device_model("puhelin", price="99.00")
    an_offer(customer, [phone], person, 1, day(40), sent_on=day(10), accepted_on=day(12))
    decline_offer(
        offer=an_offer(customer, [phone], person, 1, day(40), sent_on=day(11)), on=day(14)
    )
    order = an_order(customer, [phone], person, quantity=5, ordered_on=day(12))
    reason, refund = Return.Reason.FAULTY, Decimal("124.25")
    take_back(
        order_line=order.lines.get(), kind="cancellation", quantity=1, on=day(13), reason=reason
    )
    deliver_order(order=Order.objects.get(pk=order.pk), on=day(20))
    take_back(
        order_line=OrderLine.objects.get(order=order),
        kind="return",
        quantity=2,
        on=day(25),
        reason=reason,
        refund=refund,
    )
    cancel_order(
        order=an_order(customer, [phone], person, ordered_on=day(30)), on=day(31), reason="late"
    )
    a_handover(a_device("SN-1", phone), customer, person, day(20), day(200))


def _services(customer: Customer, person: Person, successor: Person) -> None:
    contract = a_contract(customer, person, signed_on=day(15))
    small, large = a_service("pieni"), a_service("suuri")
    number = "+358400000123"
    service = a_subscription(contract, small, person, number, opened_on=day(16))
    address = an_address(successor, "Uusikatu 2")
    for changed_on, change in (
        (day(50), {"product": large}),
        (day(60), {"user": successor}),
        (day(70), {"address": address}),
    ):
        service = Subscription.objects.get(pk=service.pk)
        change_subscription(subscription=service, on=changed_on, **change)
    give_notice(contract=Contract.objects.get(pk=contract.pk), on=day(180), ends_on=day(220))


def _bills(customer: Customer) -> None:
    an_invoice(customer, "7001", issued_on=day(100), paid="125.50", paid_on=day(110))
    late = an_invoice(customer, "7002", "200.00", issued_on=day(130))
    case = a_collection_case(late)
    move_collection(case=case, stage=CollectionCase.Stage.WITHDRAWN, on=day(250))


# --- a long one -----------------------------------------------------------------------------------

YEARS = 10
_DAY = f"current_date - 1 - (n * {YEARS * 365}::bigint / %(each)s)::integer"
_HISTORY = (
    f"""
INSERT INTO customers_interaction
    (public_id, customer_id, person_id, channel, direction, subject, summary, outcome, happened_at,
     closed_at, source, source_wording)
SELECT gen_random_uuid(), %(customer)s, %(person)s, 'phone', 'in', 'Eräpäivä', '', 'resolved',
       {_DAY} + interval '12 hours', {_DAY} + interval '13 hours', 'phone_call', ''
FROM generate_series(1, %(each)s) AS n
""",
    f"""
INSERT INTO contracts_order
    (public_id, customer_id, ordered_by_id, ordered_on, delivered_on, delivery_name,
     delivery_street, delivery_postal_code, delivery_city, source, source_wording)
SELECT gen_random_uuid(), %(customer)s, %(person)s, {_DAY} - 7, {_DAY}, '', '', '', '', 'staff', ''
FROM generate_series(1, %(each)s) AS n
""",
    f"""
INSERT INTO contracts_invoice
    (public_id, number, customer_id, reference, issued_on, due_on, net, vat, paid, paid_on)
SELECT gen_random_uuid(), 'B' || %(customer)s || '-' || n, %(customer)s, '', {_DAY} - 14,
       {_DAY}, 100, 25.5, 125.5, {_DAY}
FROM generate_series(1, %(each)s) AS n
""",
)


def a_long_history(database: Any, customer: Customer, person: Person, entries: int) -> None:
    """So many entries over ten years, all of one person, written by SQL in no time.

    Of five entries one is a contact, two are of an order and two of an invoice.
    """
    for statement in _HISTORY:
        parameters = {"customer": customer.pk, "person": person.pk, "each": entries // 5}
        database.execute(statement, parameters)
