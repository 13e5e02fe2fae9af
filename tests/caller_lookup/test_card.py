"""The caller card: what each role sees of it, with how many queries, and what the log says."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from audit.context import AccessPurpose, in_context
from customers.covering import shown_address, shown_point
from customers.models import Address, ContactPoint, Hold, Person
from tests.builders import (
    a_company,
    a_contact_person,
    a_person,
    a_private_customer,
    a_service_user,
    a_user,
    an_address,
    an_interaction,
    restricted,
)
from tests.log import Trail

pytestmark = pytest.mark.django_db

PHONE, EMAIL, STREET = "040 000 0417", "maija.mallikas@example.com", "Mallitie 17 B"
UNCOVERED, COVERED = ("agent", "account_manager", "registrar"), ("billing", "recording_reviewer")
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def maija() -> Person:
    person = a_person("Maija", "Mallikas", phones=[PHONE], emails=[EMAIL])
    an_address(person, street=STREET)
    company = a_company("Malliyritys Oy", number="20017")
    a_contact_person(person, company, task="laskutus", position="talousjohtaja")
    a_service_user(person, user_id="K900017", customer=company)
    a_private_customer(person, number="30017")
    an_interaction(person, subject="Laskun eräpäivä", customer=company)
    return person


def card(client: Client, person: Person, path: str = "", **query: str) -> Any:
    return client.get(f"/persons/{person.public_id}/{path}", query)


def text_of(response: Any) -> str:
    return str(response.content.decode())


# --- what it shows --------------------------------------------------------------------------------


def test_the_card_says_at_a_glance_who_it_is(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    page = text_of(card(client_as("agent"), maija))

    for value in ("Maija Mallikas", PHONE, EMAIL, STREET, "Malliyritys Oy", "20017", "laskutus"):
        assert value in page
    for value in ("talousjohtaja", "K900017", "30017", "Laskun eräpäivä"):
        assert value in page


def test_the_card_warns_before_anything_is_said(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    restricted(maija)
    hold(maija)
    client = client_as("agent")
    client.post(f"/persons/{maija.public_id}/permissions/choose/", choice("sms", "prohibited"))

    page = text_of(card(client, maija))

    assert page.count("badge-danger") == 1
    assert page.count("badge-warning") == 2  # held, no text messages
    assert "notice-error" in page
    assert "/correct/" not in page


@in_context(job="builder", purpose=AccessPurpose.UPKEEP)
def hold(person: Person) -> None:
    Hold.objects.create(person=person, reason="riita", placed_by=a_user("holder"))


def choice(channel: str, choice: str) -> dict[str, str]:
    return {"channel": channel, "choice": choice}


@pytest.mark.parametrize("who", ["agent", "billing", "registrar"])
def test_the_card_costs_the_same_whatever_the_history(
    client_as: Callable[[str], Client], maija: Person, who: str
) -> None:
    client = client_as(who)
    card(client, maija)
    few = queries(client, maija)
    for number in range(30):
        company = a_company(f"Yritys {number} Oy")
        an_interaction(maija, f"asia {number}", customer=company, is_closed=bool(number % 2))
        a_contact_person(maija, company)
        a_service_user(maija, customer=company)

    assert queries(client, maija) == few <= 10


def queries(client: Client, person: Person) -> int:
    """Django's own statements: session, user, person, log; one prepared one brings the card."""
    with CaptureQueriesContext(connection) as captured:
        assert card(client, person).status_code == 200
    return len(captured)


def test_matters_that_are_open_come_before_the_latest_contacts(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    for number in range(5):
        an_interaction(maija, subject=f"suljettu {number}", is_closed=True)

    page = text_of(card(client_as("agent"), maija))

    assert page.index("Laskun eräpäivä") < page.index("suljettu 4")
    assert "suljettu 1" not in page


@pytest.mark.parametrize(("days", "has_ended"), [(30, False), (0, False), (-1, True)])
def test_what_will_end_is_as_it_was_until_its_last_day_is_over(
    client_as: Callable[[str], Client], *, days: int, has_ended: bool
) -> None:
    maija, company = a_person("Maija", "Mallikas"), a_company("Malliyritys Oy")
    last_day = timezone.localdate() + timedelta(days=days)
    role = a_contact_person(maija, company, ended_on=last_day)
    address = an_address(maija, valid_until=last_day)

    response = card(client_as("agent"), maija, "contact/")

    page = text_of(response)
    assert (f"/roles/{role.public_id}/end/" in page) != has_ended
    assert (f"/addresses/{address.public_id}/" in page) != has_ended
    assert ('<li class="ended"' in page) == ('<li class="record ended"' in page) == has_ended
    # The browser's own field for days shows a day that is written this way only.
    form = text_of(card(client_as("agent"), maija, f"roles/{role.public_id}/end/"))
    assert f'value="{last_day.isoformat()}"' in form
    assert [one.pk for one in response.context["card"].customers_of_today] == (
        [] if has_ended else [company.pk]
    )
    chosen = response.context["log_form"].initial["customer"]
    assert chosen == str(company.public_id)  # the only one she may call for


# --- covered until asked for ----------------------------------------------------------------------


@pytest.mark.parametrize("who", COVERED)
@pytest.mark.parametrize("path", ["", "contact/"])
@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "fragment"])
def test_contact_details_are_covered_for_some_roles(
    client_as: Callable[[str], Client],
    maija: Person,
    who: str,
    path: str,
    headers: dict[str, str],
) -> None:
    page = text_of(client_as(who).get(f"/persons/{maija.public_id}/{path}", headers=headers))

    for clear in (PHONE, "400000417", "0000417", EMAIL, "mallikas@", "example.com", STREET):
        assert clear not in page
    assert "••• 17" in page
    assert "m•••@•••" in page


@pytest.mark.parametrize("who", UNCOVERED)
def test_the_others_see_them_at_once(
    client_as: Callable[[str], Client], maija: Person, who: str
) -> None:
    page = text_of(card(client_as(who), maija))

    assert PHONE in page
    assert "reveal/" not in page


@pytest.mark.parametrize("form", [{}, {"panel": "contact"}], ids=["card", "panel"])
@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "fragment"])
def test_uncovering_shows_them_and_leaves_a_row_of_its_own(
    client_as: Callable[[str], Client],
    maija: Person,
    trail: Trail,
    form: dict[str, str],
    headers: dict[str, str],
) -> None:
    client = client_as("billing")

    page = text_of(client.post(f"/persons/{maija.public_id}/reveal/", form, headers=headers))

    assert PHONE in page
    assert EMAIL in page
    assert STREET in page
    (row,) = trail.last_request()
    assert row["route"] == "persons/<uuid:public_id>/reveal/"
    assert row["subject"] == maija.public_id
    assert {"phone", "email"} <= set(row["categories"])


@given(
    written=st.from_regex(r"\+?[0-9][0-9 ]{6,18}[0-9]", fullmatch=True),
    local=st.from_regex(r"[a-z]{2}[a-z.]{0,20}[a-z]", fullmatch=True),
)
def test_what_is_covered_holds_nothing_of_the_rest(written: str, local: str) -> None:
    digits = "".join(filter(str.isdigit, written))
    phone = ContactPoint(kind="phone", as_written=written, normalised=f"+{digits}")
    email = ContactPoint(kind="email", as_written=f"{local}@example.com")
    email.normalised = email.as_written

    assert shown_point(phone, cover=True).text == f"••• {digits[-2:]}"
    assert shown_point(email, cover=True).text == f"{local[0]}•••@•••"
    address = Address(street=f"{local} {digits}", postal_code="13210", city="Lahti", country="FI")
    assert shown_address(address, cover=True).lines == ("•••", "Lahti")


# --- panels ---------------------------------------------------------------------------------------


def test_an_unknown_panel_is_404_and_one_outside_the_role_403(
    client_as: Callable[[str], Client], maija: Person, trail: Trail
) -> None:
    assert card(client_as("agent"), maija, "nothing/").status_code == 404
    assert card(client_as("billing"), maija, "permissions/").status_code == 403
    assert trail.last_request()[-1]["action"] == 7
    assert card(client_as("agent"), maija, "permissions/").status_code == 200


@pytest.mark.parametrize(
    ("panel", "category"),
    [("contact", "phone"), ("history", "history"), ("permissions", "name")],
)
def test_a_panel_leaves_its_own_row(
    client_as: Callable[[str], Client], maija: Person, trail: Trail, panel: str, category: str
) -> None:
    response = client_as("agent").get(f"/persons/{maija.public_id}/{panel}/", headers=FRAGMENT)

    assert response.status_code == 200
    (row,) = trail.last_request()
    assert row["subject"] == maija.public_id
    assert category in row["categories"]
    assert row["route"] == "persons/<uuid:public_id>/<slug:panel>/"


@pytest.mark.parametrize("panel", ["contact", "history", "permissions"])
def test_an_empty_panel_says_so(client_as: Callable[[str], Client], panel: str) -> None:
    person = a_person("Tyhjä", "Mallikas")

    response = client_as("agent").get(f"/persons/{person.public_id}/{panel}/", headers=FRAGMENT)

    assert b'class="empty"' in response.content


def test_a_panel_is_a_page_too(client_as: Callable[[str], Client], maija: Person) -> None:
    page = text_of(card(client_as("agent"), maija, "history/"))

    assert "<h1" in page
    assert PHONE in page
    assert 'aria-current="true"' in page[page.index('id="desk"') :]


def test_the_history_goes_back_page_by_page_at_the_same_cost(
    client_as: Callable[[str], Client],
) -> None:
    person = a_person()
    now = timezone.now()
    for number in range(45):
        # Several at one time: the position tells them apart.
        an_interaction(person, f"asia {number:02d}", happened_at=now - timedelta(hours=number // 3))
    client = client_as("agent")
    address = f"/persons/{person.public_id}/history/"
    client.get(address)
    seen: list[str] = []
    costs = set()
    while address:
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address, headers=FRAGMENT)
        costs.add(len(captured))
        shown = response.context["timeline"]
        seen += [str(one.title) for month in shown.months for one in month.entries]
        address = f"{shown.address}{shown.older}" if shown.older else ""

    assert seen == sorted(seen, key=lambda title: (int(title[-2:]) // 3, -int(title[-2:])))
    assert len(seen) == 45
    assert len(costs) == 1


@pytest.mark.parametrize(
    "before",
    [
        "\0",
        "x",
        "9999-12-31T00:00:00+00:00~10~99999999999999999999",
        "2026-01-01T00:00~10~-1",
        "2026-01-01T00:00:00+20:00~10~1",
        "2026-01-01T00:00:00+01:00:00.5~10~1",
        "0001-01-01T00:00:00+14:00~10~1",
    ],
)
def test_the_history_answers_whatever_is_asked(
    client_as: Callable[[str], Client], maija: Person, before: str
) -> None:
    assert card(client_as("agent"), maija, "history/", before=before).status_code == 200


def test_contact_details_with_their_history(client_as: Callable[[str], Client]) -> None:
    person = a_person("Maija", "Mallikas", phones=[PHONE])
    old = a_person_point(person, "050 000 0418", ended_on=date(2025, 3, 1))
    an_address(person, street="Vanhatie 1", valid_until=date(2024, 2, 1))

    page = text_of(card(client_as("agent"), person, "contact/"))

    assert old.as_written in page[page.index('id="desk"') :]
    assert old.as_written not in page[: page.index('id="desk"')]
    assert "Vanhatie 1" in page


@in_context(job="builder", purpose=AccessPurpose.UPKEEP)
def a_person_point(person: Person, written: str, ended_on: date) -> ContactPoint:
    return ContactPoint.objects.create(
        person=person, kind="phone", as_written=written, normalised="+358500000418",
        ended_on=ended_on, source="staff",
    )  # fmt: skip


# --- another's matters ----------------------------------------------------------------------------


def test_what_is_another_persons_is_404(client_as: Callable[[str], Client], maija: Person) -> None:
    other = a_person("Matti", "Mallikas", phones=["040 000 0999"])
    theirs = an_interaction(other)
    client = client_as("agent")

    response = client.post(
        f"/persons/{maija.public_id}/contacts/{theirs.public_id}/close/", {"outcome": "resolved"}
    )

    assert response.status_code == 404
    assert "Matti" not in text_of(card(client, maija))
