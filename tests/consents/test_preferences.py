"""The preference page: whom a link opens it for, what it shows and changes, what it never does."""

import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest import mock
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.core import signing
from django.db import connections
from django.test import Client
from django.utils import timezone

from audit.context import AccessPurpose, access_context
from audit.log import Action
from consents.links import link_token
from consents.models import MarketingChoice, Wording
from consents.preferences import PREFERENCES, preference_link
from consents.public import DATA_SUBJECT, MOST_ANSWERS
from consents.services import record_choice
from customers.models import Person
from tests.builders import (
    a_company,
    a_contact_person,
    a_person,
    a_private_customer,
    an_address,
    restricted,
)
from tests.log import Trail

pytestmark = pytest.mark.django_db

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
ALL = set(MarketingChoice.Channel.values)
PHONE, EMAIL, STREET = "040 000 0417", "maija.mallikas@example.com", "Mallitie 17 B"


@pytest.fixture
def maija() -> Person:
    person = a_person("Maija", "Mallikas", phones=[PHONE], emails=[EMAIL])
    an_address(person, street=STREET)
    return person


@pytest.fixture
def wording(db: None) -> Wording:
    return Wording.objects.create(
        name="direct-marketing",
        version=1,
        language="fi",
        text="Saatte lähettää minulle tarjouksia.",
    )


def path_of(person: Person, channel: str = "") -> str:
    return urlsplit(preference_link(person.public_id, channel).url).path


def chosen(person: Person) -> list[tuple[str, str]]:
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        events = MarketingChoice.objects.filter(person=person).order_by("id")
        return [(one.channel, one.choice) for one in events]


def choose(person: Person, choice: str, channel: str = "email", **more: Any) -> None:
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        record_choice(person=person, channel=channel, choice=choice, source="call", **more)


def form(wording: Wording | None = None, **answers: str) -> dict[str, str]:
    """What the page sends where nothing had been chosen."""
    return {"wording": str(wording.public_id) if wording else "", **answers}


# --- the link -------------------------------------------------------------------------------------


def test_a_link_tells_nothing_of_her(maija: Person) -> None:
    link = preference_link(maija.public_id, "email")

    assert link.url.startswith("http")
    for value in ("maija", "mallikas", "0000417", str(maija.public_id)):
        assert value not in link.url.casefold()


def test_an_e_mail_offers_one_click_and_nothing_else_does(maija: Person) -> None:
    link = preference_link(maija.public_id, "email")

    assert link.headers == {
        "List-Unsubscribe": f"<{link.url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert preference_link(maija.public_id, "sms").headers == {}


def bad_tokens(person: Person) -> dict[str, str]:
    good = link_token(PREFERENCES, person.public_id, "email")
    with mock.patch("time.time", return_value=(timezone.now() - timedelta(days=91)).timestamp()):
        expired = link_token(PREFERENCES, person.public_id, "email")
    head, *_rest, last = good.split(":")
    return {
        "expired": expired,
        "of another kind": link_token("survey", person.public_id, "email"),
        "of nobody": link_token(PREFERENCES, uuid4(), "email"),
        "with another signature": f"{good[:-1]}{'a' if good[-1] != 'a' else 'b'}",
        "with another person": ":".join(
            [link_token(PREFERENCES, uuid4()).split(":")[0], *good.split(":")[1:]]
        ),
        "signed without our salt": signing.dumps([person.public_id.hex, "email"]),
        "without a signature": head,
        "a public ID": str(person.public_id),
        "rubbish": "%F0%9F%98%80:" + last,
    }


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_bad_link_gets_the_same_answer_that_tells_nothing(
    maija: Person, trail: Trail, method: str
) -> None:
    before = trail.last_id()
    answers = set()
    for token in bad_tokens(maija).values():
        response = getattr(Client(), method)(f"/preferences/{token}/", ONE_CLICK)
        answers.add((response.status_code, response.content))

    assert len(answers) == 1
    [(status, _body)] = answers
    assert status == 404
    assert chosen(maija) == []
    assert trail.rows(id__gt=before) == []


def test_a_link_ends_after_ninety_days(maija: Person) -> None:
    path = path_of(maija)
    for days, status in ((89, 200), (91, 404)):
        later = (timezone.now() + timedelta(days=days)).timestamp()
        with mock.patch("django.core.signing.time.time", return_value=later):
            assert Client().get(path).status_code == status


# --- what it shows --------------------------------------------------------------------------------


def test_no_answer_says_who_she_is(maija: Person, wording: Wording) -> None:
    path = path_of(maija, "email")
    client = Client()
    for response in (
        client.get(path),
        client.get(path, {"language": "en", "done": "saved"}),
        client.post(path, form(wording, email="yes"), follow=True),
        client.post(path, {"do": "stop"}, follow=True),
        client.post(path, ONE_CLICK),
    ):
        assert response.status_code == 200
        text = response.content.decode() + str(dict(response.headers))
        for value in ("Maija", "Mallikas", PHONE, "417", EMAIL, "example.com", STREET, "13210"):
            assert value not in text
        assert str(maija.public_id) not in text


def test_nothing_keeps_or_finds_the_page(maija: Person) -> None:
    for path in (path_of(maija), "/preferences/none/"):
        headers = Client().get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert "noindex" in headers["X-Robots-Tag"]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_it_speaks_her_language_first_and_any_other_when_asked(language: str) -> None:
    person = a_person(language=language)
    path = path_of(person)

    assert f'<html lang="{language}">' in Client().get(path).content.decode()
    for other in ("fi", "sv", "en"):
        response = Client().get(path, {"language": other})
        assert f'<html lang="{other}">' in response.content.decode()
        assert response.headers["Content-Language"] == other
    assert f'<html lang="{language}">' in Client().get(path, {"language": "x"}).content.decode()


def test_looking_changes_nothing(maija: Person) -> None:
    for query in ({}, ONE_CLICK, {"do": "stop"}, {"email": "no"}, {"done": "stopped"}):
        Client().get(path_of(maija, "email"), query)
        Client().head(path_of(maija, "email"), query)

    assert chosen(maija) == []


def test_it_shows_what_stands(maija: Person, wording: Wording) -> None:
    choose(maija, "permitted", wording=wording)
    choose(maija, "prohibited", "phone")

    page = Client().get(path_of(maija)).content.decode()

    assert re.search(r'name="email" value="yes" checked', page)
    assert re.search(r'name="phone" value="no" checked', page)
    assert page.count(" checked") == 2
    assert wording.text in page


def test_it_shows_what_stands_for_single_product_groups(maija: Person, wording: Wording) -> None:
    choose(maija, "permitted", product_group="support", wording=wording)
    choose(maija, "prohibited", "phone", product_group="mobile")

    page = Client().get(path_of(maija) + "?language=en").content.decode()

    assert page.count("Permitted for: IT support.") == page.count("Refused for: Mobile") == 1
    assert page.count(" checked") == 0


# --- what it changes ------------------------------------------------------------------------------


def test_a_permission_is_on_the_wording_that_she_read(maija: Person, wording: Wording) -> None:
    Client().post(path_of(maija), form(wording, email="yes", sms="no"))

    assert set(chosen(maija)) == {("email", "permitted"), ("sms", "prohibited")}
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        event = MarketingChoice.objects.get(person=maija, channel="email")
        assert (event.wording, event.source, event.recorded_by) == (wording, "page", None)


def test_a_text_that_was_replaced_permits_nothing_and_refusals_are_kept(
    maija: Person, wording: Wording
) -> None:
    newer = Wording.objects.create(name="direct-marketing", version=2, language="fi", text="Uusi.")
    response = Client().post(path_of(maija), form(wording, email="yes", sms="no"), follow=True)

    assert chosen(maija) == [("sms", "prohibited")]
    assert newer.text in response.content.decode()


def test_what_she_leaves_as_it_was_is_left(maija: Person, wording: Wording) -> None:
    choose(maija, "permitted", wording=wording)
    path = path_of(maija)
    Client().post(path, ONE_CLICK)  # elsewhere, meanwhile
    before = chosen(maija)

    Client().post(path, {**form(wording, email="yes"), "email-seen": "yes"})

    assert chosen(maija) == before


def test_taking_back_a_permission_is_a_withdrawal(maija: Person, wording: Wording) -> None:
    choose(maija, "permitted", wording=wording)

    Client().post(path_of(maija), {**form(wording, email="no"), "email-seen": "yes"})

    assert chosen(maija)[-1] == ("email", "withdrawn")


def test_everything_is_stopped_by_one_button(maija: Person) -> None:
    restricted(maija)
    for _ in range(2):
        Client().post(path_of(maija), {"do": "stop"})

    assert set(chosen(maija)) == {(channel, "prohibited") for channel in ALL}
    assert len(chosen(maija)) == len(ALL)


def test_who_is_restricted_may_refuse_and_not_permit(maija: Person, wording: Wording) -> None:
    restricted(maija)

    Client().post(path_of(maija), form(wording, email="yes", post="no"))

    assert chosen(maija) == [("post", "prohibited")]


def test_rubbish_changes_nothing(maija: Person) -> None:
    for sent in (
        {"email": "maybe"},
        {"pigeon": "no"},
        {"do": "x"},
        {"wording": "\0", "sms": "yes"},
    ):
        assert Client().post(path_of(maija), sent).status_code == 302

    assert chosen(maija) == []


# --- one click (RFC 8058) -------------------------------------------------------------------------


def test_one_click_stops_the_channel_of_the_message(maija: Person) -> None:
    strict = Client(enforce_csrf_checks=True)
    for _ in range(3):
        response = strict.post(path_of(maija, "email"), ONE_CLICK)
        assert (response.status_code, response.content) == (200, b"")
        body = "List-Unsubscribe=One-Click"
        kind = "application/x-www-form-urlencoded"
        assert strict.post(path_of(maija, "email"), body, content_type=kind).status_code == 200

    assert chosen(maija) == [("email", "prohibited")]


def test_one_click_on_a_link_for_no_channel_stops_everything(maija: Person) -> None:
    Client().post(path_of(maija), ONE_CLICK)

    assert {channel for channel, _choice in chosen(maija)} == ALL


@pytest.mark.parametrize(
    "sent",
    [
        {"do": "stop"},
        {"email": "no"},
        {**ONE_CLICK, "email": "yes"},
        {"List-Unsubscribe": "one-click"},
        {"List-Unsubscribe": ["One-Click", "One-Click"]},
        {},
    ],
)
def test_no_other_body_comes_from_another_site(maija: Person, sent: dict[str, Any]) -> None:
    response = Client(enforce_csrf_checks=True).post(path_of(maija, "email"), sent)

    assert response.status_code == 403
    assert chosen(maija) == []


@pytest.mark.django_db(transaction=True)
def test_twenty_times_at_once_are_one_event(maija: Person) -> None:
    path, answers, at_once = path_of(maija, "email"), [], threading.Barrier(20)

    def click() -> None:
        at_once.wait()
        answers.append(Client().post(path, ONE_CLICK).status_code)
        connections.close_all()

    threads = [threading.Thread(target=click) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [200] * 20
    assert chosen(maija) == [("email", "prohibited")]


# --- limits and the log ---------------------------------------------------------------------------


def test_one_address_is_answered_so_often_and_others_go_on(maija: Person) -> None:
    here, there = Client(REMOTE_ADDR="192.0.2.1"), Client(REMOTE_ADDR="192.0.2.2")
    for _ in range(MOST_ANSWERS):
        assert here.get("/preferences/none/").status_code == 404

    assert here.get("/preferences/none/").status_code == 429
    assert here.get(path_of(maija)).status_code == 429
    assert there.get(path_of(maija)).status_code == 200
    assert here.post(path_of(maija, "email"), ONE_CLICK).status_code == 200


def test_one_link_is_clicked_so_often_and_other_peoples_go_on(maija: Person, trail: Trail) -> None:
    program, path = Client(), path_of(maija, "email")
    for _ in range(MOST_ANSWERS):
        assert program.post(path, ONE_CLICK).status_code == 200
    before = trail.last_id()

    assert program.post(path, ONE_CLICK).status_code == 429

    assert trail.rows(id__gt=before) == []
    other = a_person(emails=["toinen@example.com"])
    assert program.post(path_of(other, "email"), ONE_CLICK).status_code == 200
    assert chosen(other) == [("email", "prohibited")]


def test_addresses_of_one_network_are_one_client(maija: Person) -> None:
    for number in range(MOST_ANSWERS):
        Client(REMOTE_ADDR=f"2001:db8::{number:x}").get("/preferences/none/")

    assert Client(REMOTE_ADDR="2001:db8::ffff").get(path_of(maija)).status_code == 429
    assert Client(REMOTE_ADDR="2001:db8:1::1").get(path_of(maija)).status_code == 200


def test_the_log_says_that_it_was_she_and_not_from_where(maija: Person, trail: Trail) -> None:
    before = trail.last_id()
    Client().get(path_of(maija))
    Client().post(path_of(maija, "email"), ONE_CLICK)

    rows = trail.rows(id__gt=before)
    assert {row["subject"] for row in rows} == {maija.public_id}
    assert {row["action"] for row in rows} == {Action.ACCESS, Action.CREATE}
    for row in rows:
        assert row["actor_label"] == DATA_SUBJECT
        assert row["actor_id"] is None
        assert row["remote_addr"] is None
        assert row["purpose"] == AccessPurpose.OWN_CHOICE
        assert row["route"] == "preferences/<str:token>/"
        assert not {"phone", "email", "address"} & set(row["categories"])


def test_staff_who_open_a_link_stay_who_they_are(
    client_as: Callable[[str], Client], maija: Person, trail: Trail
) -> None:
    client_as("agent").get(path_of(maija))

    assert {row["actor_label"] for row in trail.last_request()} == {""}
    assert all(row["actor_id"] for row in trail.last_request())


# --- a company, for its own addresses -------------------------------------------------------------


def test_a_company_chooses_for_its_own_addresses_and_for_nobody_in_it(wording: Wording) -> None:
    company, employee = a_company("Malli Oy"), a_person("Maija", "Mallikas")
    a_contact_person(employee, company)
    path = urlsplit(preference_link(company.public_id, "email").url).path
    client = Client()

    assert "Malli" not in client.get(path).content.decode()
    assert client.post(path, ONE_CLICK).status_code == 200
    client.post(path, form(wording, phone="yes"))
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        events = MarketingChoice.objects.filter(customer=company).order_by("id")
        assert [(one.channel, one.choice) for one in events] == [
            ("email", "prohibited"),
            ("phone", "permitted"),
        ]
    client.post(path, {"do": "stop"})
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        latest = MarketingChoice.objects.filter(customer=company).latest_per_channel()
        assert {one.channel: one.choice for one in latest} == dict.fromkeys(ALL, "prohibited")
    assert chosen(employee) == []


def test_a_survey_is_no_matter_of_a_company_nor_a_page_of_who_has_her_own() -> None:
    company, private = a_company("Malli Oy"), a_private_customer(a_person("Maija", "Mallikas"))
    trader = a_company("Malli Tmi", owner=a_person("Eeva", "Mallikas"), legal_form="tmi")
    for path in (
        f"/survey/{link_token('survey', company.public_id, uuid4().hex)}/",
        f"/preferences/{link_token(PREFERENCES, private.public_id, 'email')}/",
        f"/preferences/{link_token(PREFERENCES, trader.public_id, 'email')}/",
    ):
        assert Client().get(path).status_code == 404
