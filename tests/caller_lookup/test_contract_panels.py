"""The card's panels of contracts, orders and billing: what each role sees, and at what cost."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.context import AccessPurpose, in_context
from audit.log import Action
from contracts.identifiers import reference_of
from contracts.models import BillingContact, Order, OrderLine, Return, Subscription
from contracts.summaries import FIGURES, compute_queued
from customers.models import Address, Customer, Person
from tests.architecture.pages import CALLERS, SIGNED_IN
from tests.builders import a_company, a_contact_person, a_person, a_private_customer, an_address
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

FRAGMENT = {"HX-Request": "true"}
WHO_MAY = {
    "contracts": CALLERS,
    "orders": CALLERS,
    "billing": CALLERS - {"recording_reviewer"},
}
PANELS = sorted(WHO_MAY)
COVERED, UNCOVERED = ("billing", "recording_reviewer"), ("agent", "account_manager", "registrar")
NUMBER, STREET, EMAIL = "+358400000417", "Mallitie 17 B", "laskut.mallikas@example.com"


@pytest.fixture
def maija() -> Person:
    return a_person("Maija", "Mallikas")


def panel(client: Client, person: Person, name: str, **query: str) -> Any:
    return client.get(f"/persons/{person.public_id}/{name}/", query, headers=FRAGMENT)


def body_of(response: Any) -> str:
    """The answer with every run of spaces as one, as a reader sees it."""
    return re.sub(r"\s+", " ", response.content.decode().replace("\xa0", " "))


@in_context(job="builder", purpose=AccessPurpose.UPKEEP)
def used_at(subscription: Subscription, address: Address) -> Subscription:
    subscription.address = address
    subscription.save(update_fields=["address"])
    return subscription


@in_context(job="builder", purpose=AccessPurpose.UPKEEP)
def a_return(order: Order, kind: str, happened_on: date, refund: str = "0.00") -> Return:
    return Return.objects.create(
        customer_id=order.customer_id,
        order_line=OrderLine.objects.filter(order=order).in_order()[0],
        kind=kind,
        happened_on=happened_on,
        reason="faulty",
        refund=Decimal(refund),
    )


@in_context(job="builder", purpose=AccessPurpose.UPKEEP)
def a_billing_contact(account: Any, person: Person) -> BillingContact:
    return BillingContact.objects.create(billing_account=account, person=person, started_on=DAY)


def everything_of(customer: Customer, person: Person) -> None:
    """A contract with a service and a device, an offer, an order, an account and an invoice."""
    contract = a_contract(customer, signed_by=person)
    subscription = a_subscription(contract, user=person, identifier=NUMBER)
    used_at(subscription, an_address(person, street=STREET))
    a_handover(a_device("SN-417"), customer, person)
    until = timezone.localdate() + timedelta(days=14)
    an_offer(customer, [a_service()], person, valid_until=until, sent_on=DAY)
    order = an_order(customer, [a_device_model()], person, 2, street=STREET)
    a_return(order, "cancellation", DAY)
    a_billing_contact(a_billing_account(customer, email=EMAIL), person)
    a_collection_case(an_invoice(customer), agency="Perintä Oy", stage="agency")


# --- who sees which -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PANELS)
@pytest.mark.parametrize("who", sorted(SIGNED_IN))
@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "fragment"])
def test_a_panel_is_for_whoever_may_see_its_kind(
    client_as: Callable[[str], Client],
    maija: Person,
    trail: Trail,
    who: str,
    name: str,
    headers: dict[str, str],
) -> None:
    everything_of(a_private_customer(maija), maija)

    response = client_as(who).get(f"/persons/{maija.public_id}/{name}/", headers=headers)

    may = who in WHO_MAY[name]
    assert response.status_code == (200 if may else 403)
    assert (trail.last_request()[-1]["action"] == Action.DENY) == (not may)


def test_a_panel_that_one_may_not_see_is_not_offered(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    page = client_as("recording_reviewer").get(f"/persons/{maija.public_id}/").content.decode()

    assert f"/persons/{maija.public_id}/orders/" in page
    assert f"/persons/{maija.public_id}/billing/" not in page


@pytest.mark.parametrize("who", sorted(WHO_MAY["billing"]))
def test_collections_are_for_billing_and_the_registrar_alone(
    client_as: Callable[[str], Client], maija: Person, who: str
) -> None:
    everything_of(a_private_customer(maija), maija)

    page = body_of(panel(client_as(who), maija, "billing"))

    may = who in ("billing", "registrar")
    assert ("Perintä Oy" in page) == may
    assert ("contracts_collectioncase" in _sql(client_as(who), maija, "billing")) == may


def _sql(client: Client, person: Person, name: str) -> str:
    with CaptureQueriesContext(connection) as captured:
        panel(client, person, name)
    return " ".join(query["sql"] for query in captured)


@pytest.mark.parametrize("name", PANELS)
def test_an_empty_panel_says_so(client_as: Callable[[str], Client], name: str) -> None:
    page = body_of(panel(client_as("agent"), a_person("Tyhjä", "Mallikas"), name))

    assert page.count('class="empty"') == 2 - (name == "orders")


# --- what they show -------------------------------------------------------------------------------


def test_contracts_in_force_come_first_with_their_services(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    customer = a_private_customer(maija)
    old = a_contract(customer, signed_on=date(2024, 1, 1), ends_on=date(2025, 1, 1))
    new = a_contract(customer, signed_on=date(2023, 1, 1), signed_by=maija)
    a_subscription(old, terminated_on=date(2025, 1, 1))
    olli = a_person("Olli", "Oikea")
    broadband = a_service("laajakaista", price="49.00")
    service = a_subscription(new, broadband, olli, NUMBER, date(2023, 2, 1), unit_price="45.50")
    used_at(service, an_address(maija, street=STREET))
    a_subscription(new, opened_on=date(2023, 1, 15), terminated_on=date(2023, 6, 30))

    response = panel(client_as("agent"), maija, "contracts")

    first, second = response.context["shown"].contracts
    assert (first.record, second.record) == (new, old)
    assert [one.has_ended for one in first.services] == [False, True]
    page = body_of(response)
    for value in ("Tuote laajakaista", NUMBER, "Olli Oikea", STREET, "1.2.2023–", "45,50 €"):
        assert value in page
    assert "15.1.2023–30.6.2023" in page
    assert page.index(new.number) < page.index(old.number)


def test_a_card_shows_some_and_leads_to_the_rest(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    customer = a_private_customer(maija)
    contracts = [a_contract(customer, signed_on=DAY - timedelta(days=n)) for n in range(7)]
    for number in range(8):
        a_subscription(contracts[0], identifier=f"LINJA-{number}")

    response = panel(client_as("agent"), maija, "contracts")

    shown = response.context["shown"]
    assert [one.record for one in shown.contracts] == contracts[:5]
    assert (len(shown.contracts[0].services), shown.contracts[0].number_of_services) == (5, 8)
    page = body_of(response)
    assert f'href="/customers/{customer.public_id}/contracts/"' in page
    assert f"/customers/{customer.public_id}/contracts/?contract={contracts[0].public_id}" in page


def test_devices_that_are_out(client_as: Callable[[str], Client], maija: Person) -> None:
    customer = a_private_customer(maija)
    a_handover(a_device("SN-OUT"), customer, maija)
    a_handover(a_device("SN-BACK"), customer, maija, came_back_on=DAY + timedelta(days=9))

    page = body_of(panel(client_as("agent"), maija, "contracts"))

    assert "SN-OUT" in page
    assert "SN-BACK" not in page


def test_orders_with_their_lines_and_what_came_back(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    customer = a_private_customer(maija)
    phone = a_device_model("puhelin", price="100.00")
    order = an_order(customer, [phone, a_service(price="20.00")], maija, 3, street=STREET)
    a_return(order, "cancellation", DAY + timedelta(days=1))
    delivered = an_order(customer, [phone], maija, 2, DAY - timedelta(days=9), DAY)
    a_return(delivered, "return", DAY + timedelta(days=2), refund="125.50")

    response = panel(client_as("agent"), maija, "orders")

    assert [one.record for one in response.context["shown"].orders] == [order, delivered]
    page = body_of(response)
    for value in (order.number, "Tuote puhelin", "3 × 100,00 €", "376,50 €", "300,00 €"):
        assert value in page
    for value in ("75,30 €", "60,00 €", STREET, "13100 Hämeenlinna", "125,50 €"):
        assert value in page
    assert page.index("3.3.2026") < page.index(delivered.number) < page.index("4.3.2026")


def test_offers_that_wait_stand_above_the_orders(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    customer = a_private_customer(maija)
    today = timezone.localdate()
    waiting = an_offer(customer, [a_service("tarjottu")], maija, valid_until=today, sent_on=DAY)
    an_offer(customer, [a_service()], maija, valid_until=today)  # a draft
    an_offer(customer, [a_service()], maija, valid_until=DAY, sent_on=DAY)
    an_offer(customer, [a_service()], maija, sent_on=DAY, accepted_on=DAY)
    order = an_order(customer, [a_service()])

    response = panel(client_as("agent"), maija, "orders")

    assert [one.record for one in response.context["shown"].offers] == [waiting]
    page = body_of(response)
    assert page.index("Tuote tarjottu") < page.index(order.number)


def test_billing_says_how_and_where_to(client_as: Callable[[str], Client], maija: Person) -> None:
    company = a_company("Malliyritys Oy")
    a_contact_person(maija, company)
    account = a_billing_account(
        company,
        method="e_invoice",
        e_invoice_address="003721084207",
        operator_id="E204503",
        payment_term_days=21,
        customer_reference="Projekti 4711",
    )
    a_billing_contact(account, a_person("Liisa", "Laskuttaja"))

    page = body_of(panel(client_as("agent"), maija, "billing"))

    for value in (account.number, "003721084207", "E204503", "Projekti 4711", "Liisa Laskuttaja"):
        assert value in page
    assert re.search(r"<dd>21 ", page)


def test_invoices_with_their_state_and_reference(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    customer = a_private_customer(maija)
    today = timezone.localdate()
    an_invoice(customer, "900", due_on=today, issued_on=today, reference=reference_of("123456"))
    an_invoice(customer, "901", issued_on=today - timedelta(days=60), paid="25.50", paid_on=today)
    an_invoice(customer, "902", issued_on=today - timedelta(days=90), paid="125.50", paid_on=today)
    an_invoice(customer, "903", issued_on=today - timedelta(days=120), net="-10.00")

    response = panel(client_as("agent"), maija, "billing")

    states = [one.record.state for one in response.context["shown"].invoices]
    assert states == ["open", "overdue", "paid", "paid"]
    page = body_of(response)
    for value in ("12 34561", "RF34 1234 561", "100,00 €", "−12,55 €"):
        assert value in page


# --- whose ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PANELS)
def test_a_contact_persons_card_shows_the_companys(
    client_as: Callable[[str], Client], maija: Person, name: str
) -> None:
    company, other = a_company("Malliyritys Oy", "20017"), a_company("Toinen Oy", "20018")
    a_contact_person(maija, company)
    a_contact_person(maija, other)
    everything_of(company, a_person("Matti", "Mallikas"))

    page = body_of(panel(client_as("agent"), maija, name))

    numbers = {"contracts": "SN-417", "orders": "TI1", "billing": "LA1"}
    assert numbers[name] in page
    for customer in (company, other):
        assert f'href="/customers/{customer.public_id}/{name}/"' in page


@pytest.mark.parametrize("name", PANELS)
def test_whose_role_has_ended_learns_nothing_more_of_the_company(
    client_as: Callable[[str], Client], maija: Person, trail: Trail, name: str
) -> None:
    company, matti = a_company("Malliyritys Oy"), a_person("Matti", "Mallikas")
    a_contact_person(maija, company, ended_on=DAY)
    everything_of(company, matti)

    page = body_of(panel(client_as("registrar"), maija, name))

    assert "Malliyritys" not in page
    assert "Matti" not in page
    assert {row["subject"] for row in trail.last_request()} == {maija.public_id}


def test_what_she_uses_herself_comes_first_whoever_pays(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    contract = a_contract(a_company("Työnantaja Oy"))
    a_subscription(contract, user=a_person("Matti", "Mallikas"), identifier="+358400000418")
    a_subscription(contract, user=maija, identifier=NUMBER)

    page = body_of(panel(client_as("agent"), maija, "contracts"))

    assert NUMBER in page
    assert "Työnantaja Oy" in page
    assert "+358400000418" not in page


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("contracts", {"signer", "user", "holder"}),
        ("orders", {"orderer", "offered"}),
        ("billing", {"contact"}),
    ],
)
def test_the_log_names_whoever_the_panel_names(
    client_as: Callable[[str], Client], maija: Person, trail: Trail, name: str, named: set[str]
) -> None:
    company = a_company("Malliyritys Oy")
    a_contact_person(maija, company)
    persons = {
        role: a_person(role.capitalize(), "Mallikas")
        for role in ("signer", "user", "holder", "orderer", "offered", "contact")
    }
    a_subscription(a_contract(company, persons["signer"]), user=persons["user"])
    a_handover(a_device(), company, persons["holder"])
    an_order(company, [a_service()], persons["orderer"])
    until = timezone.localdate()
    an_offer(company, [a_service()], persons["offered"], valid_until=until, sent_on=DAY)
    a_billing_contact(a_billing_account(company), persons["contact"])
    an_invoice(company)

    page = body_of(panel(client_as("agent"), maija, name))

    rows = trail.last_request()
    expected = {persons[role].public_id for role in named}
    assert {row["subject"] for row in rows} == expected | {maija.public_id}
    assert all(str(subject) in page for subject in expected)
    category = "billing" if name == "billing" else "services"
    assert all(category in row["categories"] for row in rows if row["subject"] in expected)


# --- covered until asked for ----------------------------------------------------------------------


SECRETS = {"contracts": (NUMBER, STREET), "orders": (STREET, "13100"), "billing": (EMAIL,)}


@pytest.mark.parametrize(
    ("who", "name"),
    [(who, name) for who in COVERED for name in PANELS if who in WHO_MAY[name]],
)
def test_contact_details_in_a_panel_are_covered_until_asked_for(
    client_as: Callable[[str], Client], maija: Person, trail: Trail, who: str, name: str
) -> None:
    everything_of(a_private_customer(maija), maija)
    client = client_as(who)

    covered = body_of(panel(client, maija, name))
    uncovered = client.post(
        f"/persons/{maija.public_id}/reveal/", {"panel": name}, headers=FRAGMENT
    )

    for secret in SECRETS[name]:
        assert secret not in covered
        assert secret in body_of(uncovered)
    assert "•••" in covered
    assert "reveal/" not in body_of(uncovered)
    assert trail.last_request()[0]["route"] == "persons/<uuid:public_id>/reveal/"


@pytest.mark.parametrize("who", UNCOVERED)
@pytest.mark.parametrize("name", PANELS)
def test_the_others_see_them_at_once(
    client_as: Callable[[str], Client], maija: Person, who: str, name: str
) -> None:
    everything_of(a_private_customer(maija), maija)

    page = body_of(panel(client_as(who), maija, name))

    assert all(secret in page for secret in SECRETS[name])
    assert "reveal/" not in page


def test_a_companys_own_addresses_are_not_covered_but_its_users_numbers_are(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    company = a_company("Malliyritys Oy")
    a_contact_person(maija, company)
    everything_of(company, maija)
    client = client_as("billing")

    assert EMAIL in body_of(panel(client, maija, "billing"))
    assert STREET in body_of(panel(client, maija, "orders"))
    assert NUMBER not in body_of(panel(client, maija, "contracts"))


@pytest.mark.parametrize("name", ["history", "permissions", "nothing", "\0"])
def test_only_a_panel_that_covers_something_is_uncovered(
    client_as: Callable[[str], Client], maija: Person, name: str
) -> None:
    response = client_as("agent").post(f"/persons/{maija.public_id}/reveal/", {"panel": name})

    assert response.status_code == 404


def test_uncovering_takes_the_panels_own_right(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    reveal = f"/persons/{maija.public_id}/reveal/"

    assert client_as("recording_reviewer").post(reveal, {"panel": "billing"}).status_code == 403


# --- what they cost -------------------------------------------------------------------------------

QUERIES = {"contracts": 14, "orders": 18, "billing": 16}
"""With the session, the user, her rights, the limit and the log: whatever there is to show."""


@pytest.mark.parametrize("name", PANELS)
def test_a_panel_costs_the_same_whatever_there_is(
    client_as: Callable[[str], Client], maija: Person, name: str
) -> None:
    company = a_company("Malliyritys Oy")
    a_contact_person(maija, company)
    a_private_customer(maija)
    everything_of(company, maija)
    client = client_as("registrar")
    panel(client, maija, name)
    few = queries(client, maija, name)
    for number in range(12):
        person = a_person("Matti", f"Mallikas{number}")
        contract = a_contract(company, person)
        for _ in range(6):
            a_subscription(contract, user=person)
        a_handover(a_device(), company, person)
        order = an_order(company, [a_service(), a_device_model()], person)
        a_return(order, "cancellation", DAY)
        a_billing_contact(a_billing_account(company), person)
        a_collection_case(an_invoice(company))

    assert queries(client, maija, name) == few == QUERIES[name]


def queries(client: Client, person: Person, name: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert panel(client, person, name).status_code == 200
    return len(captured)


@pytest.mark.parametrize(("name", "of"), [("orders", "orders"), ("billing", "invoices")])
def test_what_may_be_long_goes_back_page_by_page(
    client_as: Callable[[str], Client], maija: Person, name: str, of: str
) -> None:
    customer = a_private_customer(maija)
    for number in range(23):
        # Several on one day: the position tells them apart.
        day = DAY - timedelta(days=number // 3)
        if name == "orders":
            an_order(customer, [a_service()], ordered_on=day)
        else:
            an_invoice(customer, issued_on=day)
    client, before = client_as("agent"), ""
    seen: list[Any] = []
    while True:
        shown = panel(client, maija, name, before=before).context["shown"]
        seen += [one.record for one in getattr(shown, of)]
        before = shown.page.older
        if not before:
            break

    assert len(seen) == len({one.pk for one in seen}) == 23
    day_of = "ordered_on" if name == "orders" else "issued_on"
    assert seen == sorted(seen, key=lambda one: (getattr(one, day_of), one.pk), reverse=True)


@pytest.mark.parametrize("name", ["orders", "billing"])
@pytest.mark.parametrize(
    "before", ["\0", "x", "2026-01-01", "2026-13-01~1", "9999-12-31~99999999999999999999", "~", "²"]
)
def test_any_position_is_answered(
    client_as: Callable[[str], Client], maija: Person, name: str, before: str
) -> None:
    everything_of(a_private_customer(maija), maija)

    assert panel(client_as("agent"), maija, name, before=before).status_code == 200


# --- the figures on the card ----------------------------------------------------------------------

FIGURES_ARE_FOR = {"agent", "account_manager", "registrar"}


def card(client: Client, person: Person) -> str:
    response = client.get(f"/persons/{person.public_id}/", headers=FRAGMENT)
    assert response.status_code == 200
    return body_of(response)


@pytest.mark.parametrize("who", sorted(CALLERS))
def test_the_card_shows_what_is_derived_of_her_customers(
    client_as: Callable[[str], Client], maija: Person, trail: Trail, who: str
) -> None:
    customer = a_private_customer(maija)
    a_subscription(a_contract(customer), unit_price="20.00")
    an_invoice(customer, issued_on=timezone.localdate() - timedelta(days=24), net="1000.00")
    compute_queued(job="test")

    page = card(client_as(who), maija)

    may = who in FIGURES_ARE_FOR
    for value in ("240,00 €", "1 255,00 €", "<dd>10</dd>", str(FIGURES["yearly_value"].formula)):
        assert (value in page) == may, value
    (row,) = trail.last_request()
    assert ("derived" in row["categories"]) == may


def test_the_figures_of_a_company_are_shown_to_whoever_speaks_for_it_today(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    companies = [a_company(f"Yhtiö {number} Oy") for number in range(2)]
    for company in companies:
        a_subscription(a_contract(company), unit_price="20.00")
    a_contact_person(maija, companies[0])
    a_contact_person(maija, companies[1], ended_on=DAY)
    compute_queued(job="test")

    page = card(client_as("agent"), maija)

    assert page.count('class="figures"') == 1


def test_the_figures_cost_the_card_one_statement(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    customer, nobody = a_private_customer(maija), a_person("Ei", "Asiakas")
    a_subscription(a_contract(customer))
    compute_queued(job="test")
    client = client_as("agent")
    card(client, maija)
    costs = {}
    for person in (nobody, maija):
        before = prepared_statements_run()
        with CaptureQueriesContext(connection) as captured:
            card(client, person)
        costs[person] = (len(captured), prepared_statements_run() - before)

    assert costs[maija][0] == costs[nobody][0] <= 20
    assert (costs[nobody][1], costs[maija][1]) == (1, 2)  # the card itself is one


def prepared_statements_run() -> int:
    """How often statements of our own, which are prepared, have run on this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(generic_plans + custom_plans) FROM pg_prepared_statements")
        return int(cursor.fetchone()[0])
