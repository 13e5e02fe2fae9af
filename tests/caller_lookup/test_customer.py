"""The customer page: a company with everybody who belongs to it, at a constant cost."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.context import AccessPurpose, in_context
from customers.models import ContactPoint, Customer
from tests.builders import (
    a_company,
    a_contact_person,
    a_person,
    a_private_customer,
    a_service_user,
)
from tests.log import Trail

pytestmark = pytest.mark.django_db


def page_of(client: Client, customer: Customer, **query: str) -> Any:
    return client.get(f"/customers/{customer.public_id}/", query)


@in_context(job="builder", purpose=AccessPurpose.UPKEEP)
def a_switchboard(customer: Customer, written: str = "020 000 0100") -> ContactPoint:
    return ContactPoint.objects.create(
        customer=customer, kind="phone", as_written=written, normalised="+358200000100",
        source="staff",
    )  # fmt: skip


@pytest.fixture
def company() -> Customer:
    company = a_company("Malliyritys Oy", number="20017", business_id="2108420-7")
    a_switchboard(company)
    return company


def test_a_company_with_its_people(client_as: Callable[[str], Client], company: Customer) -> None:
    maija, matti = a_person("Maija", "Mallikas"), a_person("Matti", "Mallikas")
    a_contact_person(matti, company, ended_on=date(2024, 5, 1))
    a_contact_person(maija, company, task="laskutus")
    a_service_user(a_person("Olli", "Oikea"), user_id="K900042", customer=company)

    page = page_of(client_as("agent"), company).content.decode()

    for value in ("Malliyritys Oy", "20017", "2108420-7", "020 000 0100", "laskutus", "K900042"):
        assert value in page
    assert page.index("Maija Mallikas</a>\n          <span>") < page.index("Matti Mallikas")
    assert f"/persons/{maija.public_id}/" in page


def test_only_who_is_shown_is_recorded(
    client_as: Callable[[str], Client], company: Customer, trail: Trail
) -> None:
    for number in range(25):
        a_contact_person(a_person("Maija", f"Mallikas{number:02d}"), company)
        a_service_user(a_person("Olli", f"Oikea{number:02d}"), customer=company)

    response = page_of(client_as("agent"), company)

    page = response.content.decode()
    recorded = {row["subject"] for row in trail.last_request()}
    shown = {uuid for uuid in recorded if str(uuid) in page}
    assert recorded == shown
    assert len(recorded) == 40
    assert page.count("data-person") <= 40


def test_its_people_are_paged_and_the_cost_is_the_same(
    client_as: Callable[[str], Client], company: Customer
) -> None:
    client = client_as("agent")
    for number in range(3):
        person = a_person("Maija", f"Mallikas{number:02d}")
        a_contact_person(person, company)
        a_service_user(person, customer=company)
    page_of(client, company)
    few = queries(client, company)
    for number in range(3, 45):
        person = a_person("Maija", f"Mallikas{number:02d}")
        a_contact_person(person, company)
        a_service_user(person, customer=company)

    assert queries(client, company) == few <= 17
    names: list[str] = []
    for page in ("1", "2", "3"):
        people = page_of(client, company, persons=page).context["contact_persons"]
        names += [role.person.last_name for role in people.rows]
    assert names == [f"Mallikas{number:02d}" for number in range(45)]
    assert people.next == 0
    assert len(page_of(client, company, users="2").context["users"].rows) == 20


def queries(client: Client, customer: Customer) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert page_of(client, customer).status_code == 200
    return len(captured)


@pytest.mark.parametrize("asked", ["0", "-1", "x", "\0", "999999999999", "9999", "٣", "²"])
def test_any_page_number_is_answered(
    client_as: Callable[[str], Client], company: Customer, asked: str
) -> None:
    response = page_of(client_as("agent"), company, persons=asked, users=asked)

    assert response.status_code == 200


def test_a_private_customer_leads_to_her_card(client_as: Callable[[str], Client]) -> None:
    maija = a_person("Maija", "Mallikas")

    page = page_of(client_as("billing"), a_private_customer(maija, number="30017"))

    text = page.content.decode()
    assert "Maija Mallikas" in text
    assert f"/persons/{maija.public_id}/" in text


def test_a_sole_traders_numbers_are_covered_where_a_persons_are(
    client_as: Callable[[str], Client],
) -> None:
    trader = a_company("Mallin Puutarha Tmi", owner=a_person(), legal_form="tmi")
    a_switchboard(trader)

    assert "020 000 0100" in page_of(client_as("agent"), trader).content.decode()
    covered = page_of(client_as("billing"), trader).content.decode()
    assert "020 000 0100" not in covered
    assert "••• 00" in covered


def test_an_empty_customer_says_so(client_as: Callable[[str], Client]) -> None:
    page = page_of(client_as("agent"), a_company()).content.decode()

    assert page.count('class="empty"') == 4


def test_a_found_company_is_a_link_to_its_page(
    client_as: Callable[[str], Client], company: Customer
) -> None:
    found = client_as("agent").post("/lookup/", {"q": "malliyritys"})

    assert f"/customers/{company.public_id}/" in found.content.decode()
