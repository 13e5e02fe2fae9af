"""The desk's whole story: an offer becomes an order and a contract, which in the end is ended."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.context import AccessContext, AccessPurpose, activate
from contracts.models import (
    BillingContact,
    CollectionCase,
    Contract,
    Device,
    DeviceHandover,
    Offer,
    Order,
    Product,
    Return,
    ServiceChange,
    Subscription,
)
from customers.models import Address, Customer, Person
from tests.builders import a_company, a_contact_person, a_person, restricted
from tests.contract_builders import (
    a_billing_account,
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
from tests.desk import form_in, form_on, text_of
from tests.log import Trail

pytestmark = pytest.mark.django_db

AT = "/admin/contracts/"
Browser = Callable[[str], Client]


def today() -> date:
    return timezone.localdate()


def page_of(record: Any, page: str = "change") -> str:
    return f"{AT}{record._meta.model_name}/{record.public_id}/{page}/"


def take(client: Client, record: Any, step: str, **said: Any) -> Any:
    """Take a step with a record by its page, with what the page asks."""
    url = page_of(record, step)
    return client.post(url, {**form_on(client, url), **said})


def taken(client: Client, record: Any, step: str, **said: Any) -> Any:
    """Take a step that must succeed; gives the record as it is afterwards."""
    answer = take(client, record, step, **said)
    assert answer.status_code == 302, text_of(answer)
    return now(record)


def now(record: Any) -> Any:
    """The record as it is stored."""
    return type(record)._default_manager.get(pk=record.pk)


def only(model: Any) -> Any:
    """The only record of a kind."""
    return model._default_manager.get()


def offers(client: Client, record: Any) -> set[str]:
    """The steps that a record's page offers."""
    page = client.get(page_of(record)).content.decode()
    every = (
        *("send", "accept", "decline", "deliver", "hand-out", "take-back", "cancel", "move"),
        *("give-notice", "alter", "terminate", "end"),
    )
    return {step for step in every if f'href="{page_of(record, step)}"' in page}


@pytest.fixture(autouse=True)
def looking() -> Iterator[None]:
    """A context for what the test itself looks at."""
    with activate(AccessContext(purpose=AccessPurpose.UPKEEP)):
        yield


@pytest.fixture
def eeva() -> Person:
    return a_person("Eeva", "Mallikas", emails=["eeva@example.com"])


@pytest.fixture
def company(eeva: Person) -> Customer:
    company = a_company("Hämeen Puutarha Oy")
    a_contact_person(eeva, company)
    Address.objects.create(
        customer=company,
        kind=Address.Kind.USAGE,
        street="Mallikatu 1",
        postal_code="13100",
        city="Hämeenlinna",
        source="staff",
    )
    return company


@pytest.fixture
def mobile() -> Product:
    return a_service("mobile", price="19.90")


@pytest.fixture
def phone() -> Product:
    return a_device_model("phone", price="499.00")


def test_from_the_offer_to_the_last_day(
    client_as: Browser,
    staff: Callable[[str], User],
    trail: Trail,
    company: Customer,
    eeva: Person,
    mobile: Product,
    phone: Product,
) -> None:
    client = client_as("account_manager")
    account = a_billing_account(company)

    # The offer: typed with two lines, one of them at a price of its own.
    add = f"{AT}offer/add/?customer={company.public_id}"
    form = form_on(client, add)
    assert form["customer"] == str(company.public_id)
    form |= {
        "made_to": str(eeva.public_id),
        "valid_until": str(today() + timedelta(days=30)),
        "source": "email",
        "lines-0-product": str(mobile.public_id),
        "lines-0-quantity": "2",
        "lines-2-product": str(phone.public_id),
        "lines-2-unit_price": "449,50",
    }
    answer = client.post(add, form)
    assert answer.status_code == 302, text_of(answer)
    offer = only(Offer)
    assert (offer.monthly_net, offer.once_net) == (Decimal("39.80"), Decimal("449.50"))
    assert offers(client, offer) == {"send"}

    # Sent, its lines are read only; then it is accepted.
    offer = taken(client, offer, "send")
    assert offer.sent_on == today()
    assert form_on(client, page_of(offer)) == {}
    assert "449,50" in text_of(client.get(page_of(offer)))
    assert offers(client, offer) == {"accept", "decline"}
    address = Address.objects.get(customer=company)
    taken(
        client,
        offer,
        "accept",
        renewal="open_ended",
        billing_account=str(account.public_id),
        delivery_address=str(address.public_id),
    )
    order, contract = only(Order), only(Contract)
    assert (order.delivery_street, order.ordered_by) == ("Mallikatu 1", eeva)
    assert (contract.signed_by, contract.billing_account) == (eeva, account)
    assert order.contract == contract
    assert order.number in text_of(client.get(page_of(offer)))

    # A service under the contract, begun from its page.
    page = client.get(page_of(contract)).content.decode()
    add = f"{AT}subscription/add/?contract={contract.public_id}"
    assert f'href="{add}"' in page
    form = form_on(client, add) | {
        "product": str(mobile.public_id),
        "identifier": "040 000 0077",
        "user": str(eeva.public_id),
        "address": str(address.public_id),
        "source": "staff",
    }
    answer = client.post(add, form)
    assert answer.status_code == 302, text_of(answer)
    assert client.post(add, form).headers["Location"] == answer.headers["Location"]
    service = only(Subscription)
    assert service.identifier == "+358400000077"
    assert (service.customer, service.unit_price) == (company, Decimal("19.90"))

    # A device goes out on the order; one line is cancelled; the rest is delivered.
    a_device("SN-1", phone)
    taken(client, order, "hand-out", serial_number="sn-1", order_line="2")
    handover = only(DeviceHandover)
    assert (handover.device.serial_number, handover.customer) == ("SN-1", company)
    taken(client, order, "take-back", order_line="1", quantity="1", reason="changed_mind")
    back = only(Return)
    assert (back.kind, back.quantity, back.customer) == ("cancellation", 1, company)
    order = taken(client, order, "deliver")
    assert order.delivered_on == today()
    assert offers(client, order) == {"hand-out", "take-back"}

    # The service gets another user's place; the device comes back.
    fibre = a_service("fibre", price="49.00")
    service = taken(client, service, "alter", product=str(fibre.public_id), user="")
    assert (service.product, service.user, service.unit_price) == (fibre, None, Decimal("49.00"))
    assert sorted(ServiceChange.objects.values_list("kind", flat=True)) == ["product", "user"]
    handover = taken(client, handover, "take-back")
    assert handover.came_back_on == today()
    assert offers(client, handover) == set()

    # Notice: the page says the last day before it is given.
    url = page_of(contract, "give-notice")
    last = contract.last_day_after_notice(today())
    assert f"{last.day}.{last.month}.{last.year}" in text_of(client.get(url))
    for day in ("9999-12-31", "0001-01-01"):  # as a year is while it is being typed
        assert client.post(url, {"on": day, "ends_on": "", "do": "calculate"}).status_code == 200
    contract = taken(client, contract, "give-notice")
    assert (contract.notice_given_on, contract.ends_on) == (today(), last)
    assert now(service).terminated_on == last
    assert offers(client, contract) == set()
    assert f"{AT}subscription/add/" not in client.get(page_of(contract)).content.decode()

    rows = trail.rows(subject=eeva.public_id, actor_id=staff("account_manager").pk)
    assert {row["action"] for row in rows} >= {0, 1, 3}
    assert {row["purpose"] for row in rows} == {"customer_care"}


def test_billing_sets_how_a_customer_is_billed_and_what_is_collected(
    client_as: Browser, company: Customer, eeva: Person
) -> None:
    client = client_as("billing")
    add = f"{AT}billingaccount/add/?customer={company.public_id}"
    form = {**form_on(client, add), "method": "e_invoice", "source": "email"}
    refused = client.post(add, form)
    assert refused.status_code == 200
    assert "notice-error" in refused.content.decode()
    form |= {"e_invoice_address": "003721084207", "operator_id": "E204503", "email": "x@"}
    answer = client.post(add, form)
    assert answer.status_code == 302, text_of(answer)  # what does not apply is not looked at
    account = company.billing_accounts.get()
    assert (account.e_invoice_address, account.email) == ("003721084207", "")

    form = {**form_on(client, page_of(account)), "method": "email", "email": "laskut@example.com"}
    assert client.post(page_of(account), form).status_code == 302
    account = now(account)
    assert (account.e_invoice_address, account.email) == ("", "laskut@example.com")

    add = f"{AT}billingcontact/add/?billingaccount={account.public_id}"
    form = {**form_on(client, add), "person": str(eeva.public_id)}
    assert client.post(add, form).status_code == 302
    contact = only(BillingContact)
    assert taken(client, contact, "end").ended_on == today()

    overdue = an_invoice(company, issued_on=today() - timedelta(days=60))
    add = f"{AT}collectioncase/add/?invoice={overdue.public_id}"
    assert f'href="{add}"' in client.get(page_of(overdue)).content.decode()
    form = {**form_on(client, add), "stage": "reminder"}
    assert form["amount"] == "125,50"
    assert client.post(add, form).status_code == 302
    assert f'href="{add}"' not in client.get(page_of(overdue)).content.decode()  # once at a time
    case = only(CollectionCase)
    assert (case.customer, case.amount) == (company, Decimal("125.50"))
    refused = take(client, case, "move", stage="agency")
    assert "field-wrong" in refused.content.decode() or "notice-error" in refused.content.decode()
    case = taken(client, case, "move", stage="agency", agency="Perintä Oy")
    case = taken(client, case, "move", stage="paid")
    assert (case.closed_on, case.agency) == (today(), "Perintä Oy")
    assert offers(client, case) == set()


def test_an_invoice_that_is_not_overdue_goes_to_no_collection(
    client_as: Browser, company: Customer
) -> None:
    client = client_as("billing")
    invoice = an_invoice(company, issued_on=today())
    assert f"{AT}collectioncase/add/" not in client.get(page_of(invoice)).content.decode()
    answer = client.get(f"{AT}collectioncase/add/?invoice={invoice.public_id}", follow=True)
    assert "Vain erääntynyt lasku menee perintään." in text_of(answer)


# --- what is not possible ------------------------------------------------------------------------


def _sent_offer(company: Customer, **more: Any) -> Offer:
    sent_on = today() - timedelta(days=40)
    values = {"valid_until": today() + timedelta(days=5), "sent_on": sent_on, **more}
    return an_offer(company, [a_service()], **values)


def _accepted(company: Customer) -> Offer:
    return _sent_offer(company, accepted_on=today() - timedelta(days=2))


def _expired(company: Customer) -> Offer:
    return _sent_offer(company, valid_until=today() - timedelta(days=10))


def _delivered(company: Customer) -> Order:
    day = today() - timedelta(days=10)
    return an_order(company, [a_device_model()], ordered_on=day, delivered_on=day)


def _open_order(company: Customer) -> Order:
    return an_order(company, [a_device_model()], ordered_on=today() - timedelta(days=3))


def _ended(company: Customer) -> Contract:
    first = today() - timedelta(days=400)
    return a_contract(company, signed_on=first, ends_on=today() - timedelta(days=5))


def _ended_service(company: Customer) -> Subscription:
    return a_subscription(
        a_contract(company, signed_on=today() - timedelta(days=90)),
        terminated_on=today() - timedelta(days=5),
    )


def _service(company: Customer) -> Subscription:
    return a_subscription(a_contract(company, signed_on=today() - timedelta(days=90)))


def _device_out(company: Customer) -> Device:
    handed = a_handover(a_device(), company, went_out_on=today() - timedelta(days=5))
    return Device.objects.get(pk=handed.device_id)


def _handover_back(company: Customer) -> DeviceHandover:
    day = today() - timedelta(days=5)
    return a_handover(a_device(), company, went_out_on=day, came_back_on=day)


FORBIDDEN: dict[str, tuple[Callable[[Customer], Any], str, dict[str, str], bool, str]] = {
    # who: what it is done with, the step, what is said, whether it is offered, the sentence
    "an offer is sent once": (_sent_offer, "send", {}, False, "sent already"),
    "an offer without lines is not sent": (
        lambda company: an_offer(company, valid_until=today()),
        "send",
        {},
        False,
        "An offer without lines is not sent.",
    ),
    "an offer is answered once": (_accepted, "decline", {}, False, "answered this offer already"),
    "an offer is accepted in time": (_expired, "accept", {}, True, "had expired by then"),
    "an offer is accepted after it was sent": (
        _sent_offer,
        "accept",
        {"on": str(today() - timedelta(days=50))},
        True,
        "only after it was sent",
    ),
    "a contract that renews says for how long": (
        _sent_offer,
        "accept",
        {"renewal": "renews"},
        True,
        "has a last day",
    ),
    "an order is delivered once": (_delivered, "deliver", {}, False, "delivered or cancelled"),
    "nothing is delivered before it was ordered": (
        _open_order,
        "deliver",
        {"on": str(today() - timedelta(days=9))},
        True,
        "Nothing is delivered before it was ordered.",
    ),
    "nothing is delivered ahead of its day": (
        _open_order,
        "deliver",
        {"on": str(today() + timedelta(days=1))},
        True,
        "This day lies ahead.",
    ),
    "what was delivered is not cancelled": (
        _delivered,
        "cancel",
        {"reason": "late"},
        False,
        "delivered or cancelled",
    ),
    "nothing is returned that was not delivered": (
        _open_order,
        "take-back",
        {"kind": "return", "reason": "faulty", "order_line": "1"},
        True,
        "Nothing is returned before it was delivered.",
    ),
    "no more is taken back than was ordered": (
        _delivered,
        "take-back",
        {"kind": "return", "reason": "faulty", "order_line": "1", "quantity": "2"},
        True,
        "more than was ordered",
    ),
    "no more is refunded than was paid": (
        _delivered,
        "take-back",
        {"kind": "return", "reason": "faulty", "order_line": "1", "refund": "9999"},
        True,
        "more than was paid",
    ),
    "a device is known by its serial number": (
        _open_order,
        "hand-out",
        {"serial_number": "SN-none", "order_line": "1"},
        True,
        "No device has this serial number.",
    ),
    "notice is given of what is in force": (_ended, "give-notice", {}, False, "has ended"),
    "a service that has ended is not changed": (_ended_service, "alter", {}, False, "has ended"),
    "a service is changed into something else": (
        _service,
        "alter",
        {},
        True,
        "Nothing changes by this.",
    ),
    "a service that has ended does not end again": (
        _ended_service,
        "terminate",
        {},
        False,
        "has ended",
    ),
    "a service does not end before it opened": (
        _service,
        "terminate",
        {"on": str(today() - timedelta(days=200))},
        True,
        "must not be before the start",
    ),
    "a device is out once": (_device_out, "hand-out", {}, False, "take it back first"),
    "a device comes back once": (_handover_back, "take-back", {}, False, "come back already"),
}


@pytest.mark.parametrize("case", FORBIDDEN)
def test_what_is_not_possible_is_answered_with_its_sentence(
    client_as: Browser, company: Customer, case: str
) -> None:
    make, step, said, is_offered, sentence = FORBIDDEN[case]
    record = make(company)
    client = client_as("account_manager")
    client.post("/accounts/language/", {"language": "en"})
    service = Product.objects.filter(kind="service").first()
    values = {"on": str(today()), "renewal": "open_ended", "notice_months": "1", "quantity": "1"}
    values |= {"refund": "0", "customer": str(company.public_id)}
    if step == "alter" and service is not None:
        values["product"] = str(service.public_id)

    assert (step in offers(client, record)) == is_offered
    url = page_of(record, step)
    if is_offered:
        values |= form_on(client, url)
    else:
        assert "This cannot be done as things stand now." in text_of(client.get(url))
    refused = client.post(url, {**values, **said})

    assert refused.status_code == 200
    assert sentence in text_of(refused)
    assert now(record).changed_at == record.changed_at


def test_no_step_is_taken_with_what_is_about_a_restricted_person(
    client_as: Browser, company: Customer, eeva: Person
) -> None:
    client = client_as("account_manager")
    offer = an_offer(company, [a_service()], made_to=eeva, valid_until=today())
    form = form_on(client, page_of(offer, "send"))
    restricted(eeva)

    assert offers(client, offer) == set()
    refused = client.post(page_of(offer, "send"), form)

    assert refused.status_code == 200
    assert "notice-error" in refused.content.decode()
    assert now(offer).sent_on is None
    assert form_in(client.get(page_of(offer))) == {}
