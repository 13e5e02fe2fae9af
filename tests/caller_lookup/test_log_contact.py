"""Logging a contact and closing a matter from the card, by page and by fragment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from django.core import signing
from django.db import connection
from django.test import Client

from audit.context import AccessPurpose, access_context
from caller_lookup.contact_forms import SALT
from consents.models import MarketingChoice, Wording
from customers.models import IdentityCheck, Interaction, Person
from tests.builders import (
    a_company,
    a_contact_person,
    a_person,
    a_private_customer,
    an_interaction,
    restricted,
)
from tests.log import Trail

pytestmark = pytest.mark.django_db

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def maija() -> Person:
    person = a_person("Maija", "Mallikas")
    a_contact_person(person, a_company("Malliyritys Oy", number="20017"))
    return person


def url_of(person: Person, path: str = "log-contact/") -> str:
    return f"/persons/{person.public_id}/{path}"


def form_of(client: Client, person: Person, **more: str) -> dict[str, str]:
    """The form as the card gives it, filled in."""
    form = client.get(url_of(person, "")).context["log_form"]
    return {
        "token": form["token"].initial,
        "channel": "phone",
        "direction": "in",
        "subject": "Laskun eräpäivä",
        "summary": "Eräpäivää siirrettiin.",
        "outcome": "resolved",
        "state": "closed",
        **more,
    }


def contacts_of(person: Person) -> list[Interaction]:
    with access_context(job="reader", purpose=AccessPurpose.UPKEEP):
        return list(Interaction.objects.filter(person=person).order_by("id"))


def test_one_step_logs_the_contact_and_the_card_shows_it(
    client_as: Callable[[str], Client], maija: Person, staff: Callable[[str], Any], trail: Trail
) -> None:
    client = client_as("agent")
    form = form_of(client, maija, check_name="yes", check_call_back="no")
    company = client.get(url_of(maija, "")).context["card"].contact_roles[0].customer
    form["customer"] = str(company.public_id)

    page = client.post(url_of(maija), form, headers=FRAGMENT)

    (contact,) = contacts_of(maija)
    assert (contact.subject, contact.outcome) == ("Laskun eräpäivä", "resolved")
    assert contact.handled_by_id == staff("agent").pk
    assert contact.customer_id == company.pk
    assert contact.closed_at is not None
    assert "Eräpäivää siirrettiin." in page.content.decode()
    with access_context(job="reader", purpose=AccessPurpose.UPKEEP):
        answers = {one.question: one.matched for one in IdentityCheck.objects.all()}
    assert answers == {"name": True, "call_back": False}
    created = trail.rows(action=0, route__endswith="log-contact/")
    assert {row["subject"] for row in created} == {maija.public_id}
    assert {row["purpose"] for row in created} == {"service_call"}


def test_without_scripts_one_is_led_back_to_the_card(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    client = client_as("agent")

    response = client.post(url_of(maija), form_of(client, maija), follow=True)

    assert response.redirect_chain == [(url_of(maija, ""), 302)]
    assert b"notice-success" in response.content


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "fragment"])
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"subject": ""}, "subject"),
        ({"subject": "x" * 201}, "subject"),
        ({"summary": "hetu 131052-308T"}, "summary"),
        ({"summary": "a\0b"}, "summary"),
        ({"outcome": ""}, "outcome"),
        ({"channel": "pigeon"}, "channel"),
        ({"customer": "7ce2f3a4-0000-4000-8000-000000000000"}, "customer"),
        ({"token": ""}, "token"),
        ({"token": "x"}, "token"),
        ({"state": ""}, "state"),
        ({"check_name": "perhaps"}, "check_name"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    client_as: Callable[[str], Client],
    maija: Person,
    headers: dict[str, str],
    wrong: dict[str, str],
    field: str,
) -> None:
    client = client_as("agent")
    form = {**form_of(client, maija), "summary": "Kirjoitin jo.", "check_address": "yes", **wrong}

    response = client.post(url_of(maija), form, headers=headers)

    assert response.status_code == 422
    errors = response.context["log_form"].errors
    assert field in errors
    assert contacts_of(maija) == []
    page = response.content.decode()
    if "summary" not in wrong:
        assert "Kirjoitin jo." in page
    assert response.context["log_form"]["check_address"].value() == "yes"


def test_an_empty_form_shows_nothing_of_another_persons_in_her_language(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    client, other = client_as("agent"), a_person("Aino", "Esimerkki")
    form = form_of(client, maija, subject="Salainen asia", outcome="", check_name="no")
    refused = client.post(url_of(maija), form, headers=FRAGMENT).content.decode()
    assert 'value="Salainen asia"' in refused
    assert 'value="no" id="log_check_name_2" checked' in refused

    for language, asked, about in (("fi", "Ei kysytty", "Aihe"), ("sv", "Ej frågat", "Ämne")):
        client.post("/accounts/language/", {"language": language})
        page = client.get(url_of(other, ""), headers=FRAGMENT).content.decode()
        assert asked in page
        assert f">{about}</label>" in page
        assert "Salainen asia" not in page
        assert 'value="" id="log_check_name_0" checked' in page
        assert "Mallikas" not in page


def test_a_lost_token_is_replaced_and_the_form_goes_through(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    client = client_as("agent")
    form = form_of(client, maija, token="")
    again = client.post(url_of(maija), form).context["log_form"]["token"].value()

    assert client.post(url_of(maija), {**form, "token": again}).status_code == 302
    assert len(contacts_of(maija)) == 1


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "fragment"])
@pytest.mark.parametrize("other", [{"summary": "Toinen asia."}, {"check_address": "yes"}])
def test_a_form_sent_again_with_something_else_in_it_keeps_nothing_silently(
    client_as: Callable[[str], Client],
    maija: Person,
    headers: dict[str, str],
    other: dict[str, str],
) -> None:
    client = client_as("agent")
    form = form_of(client, maija)
    client.post(url_of(maija), form, headers=headers)

    again = client.post(url_of(maija), {**form, **other}, headers=headers)

    assert again.status_code == 409
    assert b"notice-error" in again.content
    (contact,) = contacts_of(maija)
    assert contact.summary == form["summary"]
    log_form = again.context["log_form"]
    typed = {name: log_form[name].value() for name in {**form, **other}}
    assert typed == {**form, **other, "token": typed["token"]}
    client.post(url_of(maija), typed, headers=headers)
    assert len(contacts_of(maija)) == 2


def test_another_persons_or_another_users_form_is_not_taken(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    agent, manager = client_as("agent"), client_as("account_manager")
    other = a_person("Matti", "Mallikas")
    form = form_of(agent, other)

    assert agent.post(url_of(maija), form).status_code == 422
    assert manager.post(url_of(other), form).status_code == 422
    forged = signing.dumps({"contact": "x"}, salt="another form")
    assert agent.post(url_of(other), {**form, "token": forged}).status_code == 422
    assert "contact" in signing.loads(form["token"], salt=SALT)


def test_on_behalf_of_another_companys_nobody(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    client = client_as("agent")
    foreign = a_private_customer(a_person("Matti", "Mallikas"))

    response = client.post(url_of(maija), form_of(client, maija, customer=str(foreign.public_id)))

    assert response.status_code == 422
    assert foreign.number not in response.content.decode()


def test_a_matter_is_closed_from_the_card(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    matter = an_interaction(maija)
    client = client_as("agent")
    url = url_of(maija, f"contacts/{matter.public_id}/close/")

    assert client.post(url, {"outcome": ""}, headers=FRAGMENT).status_code == 409
    assert contacts_of(maija)[0].closed_at is None
    assert client.post(url, {"outcome": "resolved"}, headers=FRAGMENT).status_code == 200
    assert contacts_of(maija)[0].closed_at is not None


def test_a_restricted_person_is_logged_and_nothing_else_is_changed(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    matter = an_interaction(maija)
    restricted(maija)
    client = client_as("agent")

    assert client.post(url_of(maija), form_of(client, maija)).status_code == 302
    for path, form in [
        (f"contacts/{matter.public_id}/close/", {"outcome": "resolved"}),
        ("permissions/choose/", {"channel": "email", "choice": "permitted"}),
        ("name/correct/", {"last_name": "Toinen", "source": "letter", "seen_at": "2026-01-01"}),
    ]:
        response = client.post(url_of(maija, path), form, headers=FRAGMENT)
        assert response.status_code == 409
        assert b"notice-error" in response.content
    panel = client.get(url_of(maija, "contact/"), headers=FRAGMENT).content
    assert b"contact-points/" not in panel
    late = client.get(url_of(maija, "name/correct/"), headers=FRAGMENT)
    assert late.headers["HX-Retarget"] == ".caller-card"
    assert b"<form" not in client.get(url_of(maija, "name/correct/")).content.split(b'id="desk"')[1]


def test_a_choice_is_recorded_by_one_click_with_the_wording_read_out(
    client_as: Callable[[str], Client], maija: Person, staff: Callable[[str], Any]
) -> None:
    texts = [
        Wording.objects.create(
            name="direct-marketing", version=n, language=lang, text=f"{lang} {n}"
        )
        for n, lang in [(1, "fi"), (2, "fi"), (3, "sv")]
    ]
    client = client_as("agent")

    for choice in ("permitted", "permitted", "withdrawn"):
        response = client.post(
            url_of(maija, "permissions/choose/"),
            {"channel": "email", "choice": choice, "wording": str(texts[1].public_id)},
            headers=FRAGMENT,
        )
        assert response.status_code == 200

    with access_context(job="reader", purpose=AccessPurpose.UPKEEP):
        events = list(MarketingChoice.objects.filter(person=maija).order_by("id"))
    assert [(one.choice, one.wording_id, one.source) for one in events] == [
        ("permitted", texts[1].pk, "call"),
        ("withdrawn", None, "call"),
    ]
    assert events[0].recorded_by_id == staff("agent").pk


def test_no_permission_is_recorded_without_the_wording_that_was_read_out(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    client = client_as("agent")

    def permit(**more: str) -> int:
        form = {"channel": "email", "choice": "permitted", **more}
        response = client.post(url_of(maija, "permissions/choose/"), form, headers=FRAGMENT)
        return response.status_code

    assert permit() == 409
    panel = client.get(url_of(maija, "permissions/"), headers=FRAGMENT)
    assert b'value="permitted"' not in panel.content

    old = Wording.objects.create(name="direct-marketing", version=1, language="fi", text="a")
    new = Wording.objects.create(name="direct-marketing", version=2, language="fi", text="b")
    assert permit(wording=str(old.public_id)) == 409
    assert permit(wording=str(new.public_id)) == 200


@pytest.mark.parametrize(
    "odd",
    [
        {"channel": "em\0ail", "choice": "prohibited"},
        {"channel": "fax", "choice": "prohibited"},
        {"channel": "email", "choice": "\0"},
        {},
    ],
)
def test_an_unknown_choice_changes_nothing(
    client_as: Callable[[str], Client], maija: Person, odd: dict[str, str]
) -> None:
    response = client_as("agent").post(url_of(maija, "permissions/choose/"), odd)

    assert response.status_code == 409
    with access_context(job="reader", purpose=AccessPurpose.UPKEEP):
        assert not MarketingChoice.objects.filter(person=maija).exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_twenty_times_at_once_is_one_contact(
    client_as: Callable[[str], Client],
) -> None:
    person = a_person()
    client = client_as("agent")
    form = form_of(client, person, check_name="yes")

    def send(_number: int) -> int:
        try:
            browser = Client()
            browser.cookies = client.cookies
            return int(browser.post(url_of(person), form).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(send, range(20)))

    assert set(answers) == {302}
    (contact,) = contacts_of(person)
    assert contact.public_id == UUID(signing.loads(form["token"], salt=SALT)["contact"])
