"""Marketing on the card and the customer page: the mark, one click, what is allowed and why."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from audit.context import AccessPurpose, access_context
from consents.models import CollectionNotice, MarketingChoice, Wording
from consents.services import record_choice
from contracts.models import Product
from customers.models import ContactPoint, Customer, Person
from tests.builders import a_company, a_person, a_private_customer, restricted
from tests.log import Trail

pytestmark = pytest.mark.django_db

FRAGMENT = {"HX-Request": "true"}
ALL = MarketingChoice.Channel.values


@pytest.fixture
def maija() -> Person:
    return a_person("Maija", "Mallikas", phones=["040 000 0417"], emails=["maija@example.com"])


@pytest.fixture
def wording(db: None) -> Wording:
    return Wording.objects.create(name="direct-marketing", version=1, language="fi", text="Saatte.")


def choose(choice: str, *channels: str, **more: Any) -> None:
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        for channel in channels:
            record_choice(channel=channel, choice=choice, source="call", **more)


def chosen(**whose: Any) -> list[tuple[str, str]]:
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        found = MarketingChoice.objects.filter(**whose).order_by("id")
        return [(one.channel, one.choice) for one in found]


def card(client: Client, person: Person, path: str = "", **query: str) -> str:
    return client.get(f"/persons/{person.public_id}/{path}", query).content.decode()


def click(client: Client, person: Person, path: str, **form: Any) -> Any:
    return client.post(f"/persons/{person.public_id}/permissions/{path}/", form, headers=FRAGMENT)


# --- the mark -------------------------------------------------------------------------------------


def test_the_mark_says_what_is_refused(
    client_as: Callable[[str], Client], maija: Person, wording: Wording
) -> None:
    agent = client_as("agent")
    assert "data-marketing" not in card(agent, maija)

    choose("prohibited", "sms", person=maija)
    assert card(agent, maija).count("data-marketing") == 1

    choose("permitted", "email", "post", person=maija, wording=wording)
    choose("prohibited", *(set(ALL) - {"email", "post"}), person=maija)
    assert 'data-marketing="only"' in card(agent, maija)

    choose("withdrawn", "email", "post", person=maija)
    page = card(agent, maija)
    assert 'data-marketing="none"' in page
    assert page.count("data-marketing") == 1
    assert 'value="all"' not in page


def test_what_is_refused_of_one_product_group_is_named(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    choose("prohibited", "email", person=maija, product_group="mobile")

    with translation.override("fi"):
        assert f"({Product.Group.MOBILE.label})" in card(client_as("agent"), maija)


def test_who_may_not_see_choices_sees_no_mark(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    choose("prohibited", *ALL, person=maija)

    page = card(client_as("billing"), maija)
    assert "data-marketing" not in page
    assert "marketing-clicks" not in page


@pytest.mark.parametrize("path", ["", "permissions/"])
def test_it_costs_the_same_whatever_she_chose(
    client_as: Callable[[str], Client], maija: Person, wording: Wording, path: str
) -> None:
    client = client_as("agent")
    card(client, maija, path)
    few = queries(client, maija, path)
    for _ in range(10):
        choose("permitted", *ALL, person=maija, wording=wording)
        choose("prohibited", *ALL, person=maija)

    assert queries(client, maija, path) == few


def queries(client: Client, person: Person, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        card(client, person, path)
    return len(captured)


# --- one click ------------------------------------------------------------------------------------


def test_one_click_stops_a_channel_and_the_card_says_so(
    client_as: Callable[[str], Client], maija: Person, trail: Trail
) -> None:
    response = click(
        client_as("agent"),
        maija,
        "choose",
        channel="email",
        choice="prohibited",
        **{"from": "card"},
    )

    assert response.status_code == 200
    page = response.content.decode()
    assert 'data-marketing="email"' in page
    assert "notice-success" in page
    assert "desk-open" not in page
    assert chosen(person=maija) == [("email", "prohibited")]
    assert maija.public_id in trail.subjects(action=0)


def test_one_click_stops_everything_of_who_is_restricted_too(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    restricted(maija)
    response = click(client_as("agent"), maija, "choose", channel="all", choice="prohibited")

    assert response.status_code == 200
    assert {one for one, _choice in chosen(person=maija)} == set(ALL)


def test_everything_is_never_permitted_by_one_click(
    client_as: Callable[[str], Client], maija: Person, wording: Wording
) -> None:
    form = {"channel": "all", "choice": "permitted", "wording": str(wording.public_id)}

    assert click(client_as("agent"), maija, "choose", **form).status_code == 409
    assert chosen(person=maija) == []


def test_a_slip_is_put_right_by_the_one_who_made_it(
    client_as: Callable[[str], Client], maija: Person, wording: Wording
) -> None:
    choose("permitted", "email", person=maija, wording=wording)
    agent = client_as("agent")
    click(agent, maija, "choose", channel="email", choice="prohibited")
    assert "/permissions/undo/" in card(agent, maija)
    assert "/permissions/undo/" not in card(client_as("registrar"), maija)

    assert click(agent, maija, "undo", channel=["email"]).status_code == 200
    assert [choice for _one, choice in chosen(person=maija)][-1] == "permitted"
    assert "/permissions/undo/" not in card(agent, maija)


@pytest.mark.parametrize("channel", ["email", "pigeon", ""])
def test_where_nothing_was_permitted_nothing_is_put_back(
    client_as: Callable[[str], Client], maija: Person, channel: str
) -> None:
    agent = client_as("agent")
    click(agent, maija, "choose", channel="email", choice="prohibited")
    assert "/permissions/undo/" not in card(agent, maija)

    assert click(agent, maija, "undo", channel=[channel]).status_code == 409
    assert chosen(person=maija) == [("email", "prohibited")]


# --- the panel ------------------------------------------------------------------------------------


def test_the_panel_says_what_is_allowed_and_by_which_law(
    client_as: Callable[[str], Client], maija: Person, wording: Wording
) -> None:
    choose("permitted", "email", person=maija, wording=wording)
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        CollectionNotice.objects.create(person=maija)

    page = card(client_as("agent"), maija, "permissions/")

    assert "917/2014, 200 § 1 mom." in page
    assert 'value="support" selected' in page
    assert page.count("data-channel") == len(ALL)


def test_the_product_group_is_chosen(client_as: Callable[[str], Client], maija: Person) -> None:
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        CollectionNotice.objects.create(person=maija)
    agent = client_as("agent")

    assert "917/2014, 201 §" in card(agent, maija, "permissions/", group="mobile")
    assert "917/2014, 201 §" not in card(agent, maija, "permissions/", group="cloud")
    assert 'value="support" selected' in card(agent, maija, "permissions/", group="'; --")


# --- companies ------------------------------------------------------------------------------------


@pytest.fixture
def company(db: None) -> Customer:
    company = a_company("Malliyritys Oy")
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        ContactPoint.objects.create(
            customer=company, kind="email", as_written="info@example.com",
            normalised="info@example.com", source="company",
        )  # fmt: skip
    return company


def test_a_company_chooses_on_its_page(
    client_as: Callable[[str], Client], company: Customer
) -> None:
    agent, url = client_as("agent"), f"/customers/{company.public_id}/permissions/"
    assert "917/2014, 202 §" in agent.get(url).content.decode()

    form = {"channel": "email", "choice": "prohibited"}
    assert agent.post(f"{url}choose/", form).status_code == 302
    assert agent.post(f"{url}choose/", form, headers=FRAGMENT).status_code == 200

    page = agent.get(url).content.decode()
    assert "917/2014, 200 § 4 mom." in page
    assert chosen(customer=company) == [("email", "prohibited")]


@pytest.mark.parametrize(
    "form",
    [
        {"channel": "pigeon", "choice": "prohibited"},
        {"channel": "email", "choice": "maybe"},
        {"channel": "email", "choice": "permitted"},
        {"channel": "email", "choice": "permitted", "wording": "x"},
        {},
    ],
)
def test_rubbish_about_a_company_is_refused(
    client_as: Callable[[str], Client], company: Customer, form: dict[str, str]
) -> None:
    url = f"/customers/{company.public_id}/permissions/choose/"

    assert client_as("agent").post(url, form).status_code == 409
    assert chosen(customer=company) == []


def test_a_private_customers_page_leads_to_her_card(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    customer = a_private_customer(maija)

    page = client_as("agent").get(f"/customers/{customer.public_id}/permissions/")

    assert f"/persons/{maija.public_id}/permissions/" in page.content.decode()
