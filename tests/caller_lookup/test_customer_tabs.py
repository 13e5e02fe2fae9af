"""The customer page's tabs: each its own right, rows in the log and queries."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.context import AccessPurpose, in_context
from audit.log import Action
from contracts.models import Contract, DeviceHandover, Invoice, Order, OrderLine, Subscription
from contracts.summaries import compute_queued
from customers.models import Customer, Person
from tests.architecture.pages import CALLERS, SIGNED_IN
from tests.builders import (
    a_company,
    a_contact_person,
    a_person,
    a_private_customer,
    a_service_user,
    an_interaction,
)
from tests.caller_lookup.test_contract_panels import (
    EMAIL,
    FRAGMENT,
    NUMBER,
    STREET,
    body_of,
    everything_of,
)
from tests.contract_builders import (
    DAY,
    a_contract,
    a_device,
    a_device_model,
    a_handover,
    a_service,
    a_subscription,
    an_invoice,
    an_order,
)
from tests.log import Trail

pytestmark = pytest.mark.django_db

WHO_MAY = {
    "overview": CALLERS,
    "contracts": CALLERS,
    "orders": CALLERS,
    "billing": CALLERS - {"recording_reviewer"},
    "history": CALLERS,
}


@pytest.fixture
def maija() -> Person:
    return a_person("Maija", "Mallikas")


@pytest.fixture
def company(maija: Person) -> Customer:
    company = a_company("Malliyritys Oy", number="20017")
    a_contact_person(maija, company)
    return company


def tab(client: Client, customer: Customer, name: str = "", **query: str) -> Any:
    path = f"{name}/" if name else ""
    return client.get(f"/customers/{customer.public_id}/{path}", query, headers=FRAGMENT)


# --- who sees which -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WHO_MAY)
@pytest.mark.parametrize("who", sorted(SIGNED_IN))
@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "fragment"])
def test_a_tab_is_for_whoever_may_see_its_kind(
    client_as: Callable[[str], Client],
    company: Customer,
    maija: Person,
    trail: Trail,
    who: str,
    name: str,
    headers: dict[str, str],
) -> None:
    everything_of(company, maija)

    response = client_as(who).get(f"/customers/{company.public_id}/{name}/", headers=headers)

    may = who in WHO_MAY[name]
    assert response.status_code == (200 if may else 403)
    assert (trail.last_request()[-1]["action"] == Action.DENY) == (not may)
    may_know = name in ("billing", "history") and who in ("billing", "registrar")
    assert ("Perintä Oy" in response.content.decode()) == may_know


@pytest.mark.parametrize(
    ("who", "begun"),
    [
        ("account_manager", {"offer", "order", "contract", "record"}),
        ("agent", {"record"}),
        ("billing", {"billingaccount"}),
        ("registrar", {"record"}),
    ],
)
def test_what_one_may_write_begins_on_the_page(
    client_as: Callable[[str], Client], company: Customer, who: str, begun: set[str]
) -> None:
    client = client_as(who)
    page = client.get(f"/customers/{company.public_id}/").content.decode()
    page += "".join(
        tab(client, company, name).content.decode() for name in ("contracts", "orders", "billing")
    )
    links = {
        f'href="/admin/contracts/{kind}/add/?customer={company.public_id}"': kind
        for kind in ("offer", "order", "contract", "billingaccount", "invoice")
    }
    links[f'href="/admin/customers/customer/{company.public_id}/change/"'] = "record"

    found = [link for link in links if link in page]

    assert {links[link] for link in found} == begun
    for link in found:
        assert client.get(link.removeprefix('href="').rstrip('"')).status_code == 200


@pytest.mark.parametrize("who", sorted(CALLERS))
def test_only_the_tabs_that_one_may_see_are_links(
    client_as: Callable[[str], Client], company: Customer, who: str
) -> None:
    page = tab(client_as(who), company).content.decode()

    for name, roles in WHO_MAY.items():
        path = "" if name == "overview" else f"{name}/"
        link = f'<a href="/customers/{company.public_id}/{path}"'
        assert (link in page) == (who in roles), name


def test_the_address_of_the_page_is_the_overview(
    client_as: Callable[[str], Client], company: Customer
) -> None:
    client = client_as("agent")

    bare, named = tab(client, company), tab(client, company, "overview")

    assert bare.context["tab"].name == named.context["tab"].name == "overview"


def test_a_tab_is_a_part_for_htmx_and_a_page_without_it(
    client_as: Callable[[str], Client], company: Customer
) -> None:
    client, address = client_as("agent"), f"/customers/{company.public_id}/orders/"

    part, page = client.get(address, headers=FRAGMENT), client.get(address)

    assert "<h1" not in part.content.decode()
    assert part.content.decode().strip().startswith('<section id="customer-tab"')
    assert "Malliyritys Oy" in page.content.decode()
    assert 'aria-current="page"' in page.content.decode()


@pytest.mark.parametrize("name", WHO_MAY)
def test_a_customer_that_is_not_there_is_404(client_as: Callable[[str], Client], name: str) -> None:
    assert client_as("agent").get(f"/customers/{uuid4()}/{name}/").status_code == 404


@pytest.mark.parametrize("name", ["nothing", "contact"])
def test_a_tab_that_is_not_there_is_404(
    client_as: Callable[[str], Client], company: Customer, name: str
) -> None:
    assert tab(client_as("agent"), company, name).status_code == 404


@pytest.mark.parametrize("name", ["overview", "contracts", "orders", "billing", "history"])
def test_an_empty_tab_says_so(client_as: Callable[[str], Client], name: str) -> None:
    page = tab(client_as("agent"), a_company(), name).content.decode()

    assert 'class="empty"' in page


# --- what they show -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("contracts", ["SO1", NUMBER, STREET, "SN-417"]),
        ("orders", ["TA1", "TI1", STREET]),
        ("billing", ["LA1", EMAIL, "125,50 €"]),
        ("history", ["TI1", "SO1"]),
    ],
)
def test_a_tab_shows_the_customers_own(
    client_as: Callable[[str], Client],
    company: Customer,
    maija: Person,
    trail: Trail,
    name: str,
    values: list[str],
) -> None:
    everything_of(company, maija)
    matti = a_person("Matti", "Muukalainen")
    everything_of_another(a_company("Toinen Oy"), matti)

    page = body_of(tab(client_as("agent"), company, name))

    assert all(value in page for value in values)
    assert "Matti" not in page
    assert {row["subject"] for row in trail.last_request()} == {maija.public_id}


def everything_of_another(customer: Customer, person: Person) -> None:
    a_subscription(a_contract(customer, signed_by=person), user=person, identifier="+358400000418")
    a_handover(a_device("SN-418"), customer, person)
    an_order(customer, [a_service()], person)
    an_invoice(customer)


@pytest.mark.parametrize("name", ["contracts", "orders", "billing"])
def test_a_private_customers_contact_details_are_covered_in_a_tab(
    client_as: Callable[[str], Client], maija: Person, name: str
) -> None:
    customer = a_private_customer(maija)
    everything_of(customer, maija)

    page = body_of(tab(client_as("billing"), customer, name))

    assert "•••" in page
    for secret in (NUMBER, STREET, EMAIL, "13100"):
        assert secret not in page


def test_the_history_is_everything_that_happened(
    client_as: Callable[[str], Client], company: Customer, maija: Person
) -> None:
    an_interaction(maija, "Laskun eräpäivä", customer=company)
    everything_of(company, maija)
    client = client_as("agent")

    page = body_of(tab(client, company, "history"))
    contacts_only = body_of(tab(client, company, "history", kind="contact"))

    for value in ("Laskun eräpäivä", "TI1", "SO1"):
        assert value in page
    assert "Laskun eräpäivä" in contacts_only
    assert "TI1" not in contacts_only


def test_one_contract_with_all_of_its_services(
    client_as: Callable[[str], Client], company: Customer
) -> None:
    contract = a_contract(company)
    for number in range(30):
        a_subscription(contract, identifier=f"LINJA-{number:02d}")
    client, named = client_as("agent"), {"contract": str(contract.public_id)}

    short = tab(client, company, "contracts").context["shown"].contracts[0]
    pages = [
        tab(client, company, "contracts", page=str(number), **named).context["shown"]
        for number in (1, 2)
    ]

    assert (len(short.services), short.number_of_services, short.has_more) == (5, 30, True)
    seen = [one.identifier for shown in pages for one in shown.contracts[0].services]
    assert sorted(seen) == [f"LINJA-{number:02d}" for number in range(30)]
    assert [shown.page.next for shown in pages] == [2, 0]


@pytest.mark.parametrize("named", ["", "x", "\0", str(UUID(int=0)), "another's"])
def test_a_contract_that_is_not_the_customers_is_404(
    client_as: Callable[[str], Client], company: Customer, named: str
) -> None:
    if named == "another's":
        named = str(a_contract(a_company("Toinen Oy")).public_id)

    assert tab(client_as("agent"), company, "contracts", contract=named).status_code == 404


@pytest.mark.parametrize("asked", ["0", "-1", "x", "\0", "999999999999", "9999", "²"])
def test_any_page_number_and_position_is_answered(
    client_as: Callable[[str], Client], company: Customer, maija: Person, asked: str
) -> None:
    everything_of(company, maija)
    client = client_as("agent")

    for name in ("contracts", "orders", "billing"):
        query = {"page": asked, "devices": asked, "before": asked}
        assert tab(client, company, name, **query).status_code == 200


# --- figures --------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", sorted(CALLERS))
def test_the_overview_shows_the_figures_to_whoever_may_see_them(
    client_as: Callable[[str], Client], company: Customer, who: str
) -> None:
    a_subscription(a_contract(company), unit_price="20.00")
    client = client_as(who)
    before = body_of(tab(client, company))
    compute_queued(job="test")

    page = body_of(tab(client, company))

    may = who in {"agent", "account_manager", "registrar"}
    assert ("240,00 €" in page) == may
    assert "240,00 €" not in before
    assert (before.count('class="empty"') - page.count('class="empty"') == 1) == may


def test_the_figures_of_a_private_customer_are_recorded_as_derived(
    client_as: Callable[[str], Client], maija: Person, trail: Trail
) -> None:
    customer = a_private_customer(maija)
    a_subscription(a_contract(customer))
    compute_queued(job="test")

    tab(client_as("agent"), customer)

    (row,) = trail.last_request()
    assert row["subject"] == maija.public_id
    assert "derived" in row["categories"]


# --- a company with 50 contracts, 500 orders ------------------------------------------------------

QUERIES = {"overview": 10, "contracts": 12, "orders": 17, "billing": 15, "history": 6}
"""With the session, the user, her rights, the limit and the log: whatever there is to show."""


def test_a_tab_costs_the_same_with_fifty_contracts_and_five_hundred_orders(
    client_as: Callable[[str], Client], company: Customer, maija: Person
) -> None:
    everything_of(company, maija)
    a_service_user(maija, customer=company)
    an_interaction(maija, customer=company)
    compute_queued(job="test")
    client = client_as("registrar")
    for name in QUERIES:
        tab(client, company, name)
    few = {name: queries(client, company, name) for name in QUERIES}
    a_lot_of(company, [a_person("Matti", f"Mallikas{number}") for number in range(5)])

    assert {name: queries(client, company, name) for name in QUERIES} == few == QUERIES


def queries(client: Client, customer: Customer, name: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert tab(client, customer, name).status_code == 200
    return len(captured)


@in_context(job="builder", purpose=AccessPurpose.UPKEEP)
def a_lot_of(company: Customer, persons: list[Person]) -> None:
    service, device = a_service("monta"), a_device_model("monta-laitetta")
    shared = {"customer": company, "source": "staff"}
    contracts = Contract.objects.bulk_create(
        Contract(
            signed_on=DAY, starts_on=DAY, signed_by=persons[number % 5],
            renewal="open_ended", **shared,
        )
        for number in range(50)
    )  # fmt: skip
    Subscription.objects.bulk_create(
        Subscription(
            contract=contracts[number % 50], product=service, user=persons[number % 5],
            opened_on=DAY, **shared,
        )
        for number in range(150)
    )  # fmt: skip
    orders = Order.objects.bulk_create(
        Order(ordered_on=DAY - timedelta(days=number // 3), ordered_by=persons[0], **shared)
        for number in range(500)
    )
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order, position=position, product=device, quantity=2,
            unit_price=Decimal("10.00"), charged="once", vat_percent=Decimal("25.50"),
        )
        for order in orders
        for position in (1, 2)
    )  # fmt: skip
    today = timezone.localdate()
    Invoice.objects.bulk_create(
        Invoice(
            customer=company, number=f"55{number:04d}", issued_on=today, due_on=today,
            net=Decimal("10.00"), vat=Decimal("2.55"),
        )
        for number in range(100)
    )  # fmt: skip
    DeviceHandover.objects.bulk_create(
        DeviceHandover(
            customer=company, device=a_device(product=device), person=persons[number % 5],
            went_out_on=DAY,
        )
        for number in range(25)
    )  # fmt: skip


def test_everything_is_reached_page_by_page(
    client_as: Callable[[str], Client], company: Customer
) -> None:
    a_lot_of(company, [a_person("Matti", f"Mallikas{number}") for number in range(5)])
    client = client_as("agent")

    contracts = [
        one.record.pk
        for number in range(1, 6)
        for one in tab(client, company, "contracts", page=str(number)).context["shown"].contracts
    ]
    devices = [
        one.record.pk
        for number in range(1, 4)
        for one in tab(client, company, "contracts", devices=str(number)).context["shown"].devices
    ]
    before = ""
    orders: list[int] = []
    while not orders or before:
        shown = tab(client, company, "orders", before=before).context["shown"]
        orders += [one.record.pk for one in shown.orders]
        before = shown.page.older

    for seen, there_are in ((contracts, 50), (devices, 25), (orders, 500)):
        assert len(seen) == len(set(seen)) == there_are
