"""The card's panel of consents and wishes: who reads it, who changes it, and what the log says."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from audit.context import AccessPurpose, access_context
from audit.log import Action
from consents.models import Consent, SupplementaryInformation, Survey, Wording
from consents.services import Answer, add_information, give_consent
from customers.models import Person
from tests.builders import a_person, restricted
from tests.log import Trail

pytestmark = pytest.mark.django_db

Browser = Callable[[str], Client]
READERS = ("agent", "account_manager", "registrar")
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def wording(db: None) -> Wording:
    return Wording.objects.create(
        name="survey", version=3, language="fi", text="Suostun vastausteni säilyttämiseen."
    )


@pytest.fixture
def maija(wording: Wording) -> Person:
    """Somebody who consented to surveys, answered one, and told a wish."""
    person = a_person("Maija", "Mallikas")
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        consent = give_consent(person=person, purpose="survey", wording=wording, source="letter")
        for kind, answer, of in (
            ("survey", "Vastaus viisi", consent),
            ("preference", "Soittakaa iltapäivällä", None),
        ):
            add_information(
                person=person,
                kind=kind,
                topic="Palvelu",
                answers=[Answer(answer)],
                source="letter",
                consent=of,
            )
    return person


def panel(client: Client, person: Person) -> Any:
    return client.get(f"/persons/{person.public_id}/extra/", headers=FRAGMENT)


def post(client: Client, person: Person, page: str, **form: str) -> Any:
    return client.post(f"/persons/{person.public_id}/{page}", form, headers=FRAGMENT)


def consent_of(person: Person) -> Consent:
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        return Consent.objects.get(person=person, purpose="survey")


def told() -> list[tuple[str, str, str]]:
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        rows = SupplementaryInformation.objects.order_by("id")
        return list(rows.values_list("kind", "answer", "source"))


@pytest.mark.parametrize("who", READERS)
def test_the_panel_shows_consents_and_what_she_told(
    client_as: Browser, maija: Person, trail: Trail, who: str
) -> None:
    page = panel(client_as(who), maija)

    text = page.content.decode()
    for value in ("Suostun vastausteni", "Vastaus viisi", "Soittakaa iltapäivällä"):
        assert value in text
    shown = [row for row in trail.last_request() if row["subject"] == maija.public_id]
    assert {row["action"] for row in shown} == {int(Action.ACCESS)}
    assert "supplementary" in {name for row in shown for name in row["categories"]}
    assert {row["subject"] for row in trail.last_request()} == {maija.public_id}


@pytest.mark.parametrize("who", ["billing", "recording_reviewer"])
def test_other_roles_do_not_see_it(client_as: Browser, maija: Person, who: str) -> None:
    assert panel(client_as(who), maija).status_code == 403


@pytest.mark.parametrize("who", ["agent", "account_manager"])
def test_who_reads_it_does_not_change_it(client_as: Browser, maija: Person, who: str) -> None:
    client, consent = client_as(who), consent_of(maija)

    page = panel(client, maija).content.decode()
    answers = [
        post(client, maija, "consents/give/", wording="x"),
        post(client, maija, f"consents/{consent.public_id}/withdraw/"),
        post(client, maija, "extra/add/", topic="x"),
    ]

    assert "consents/" not in page
    assert "extra/add/" not in page
    assert {answer.status_code for answer in answers} == {403}
    assert consent_of(maija).withdrawn_at is None


def test_the_registrar_records_a_consent_on_its_present_wording(
    client_as: Browser, wording: Wording, staff: Any
) -> None:
    person, client = a_person(), client_as("registrar")
    Wording.objects.create(name="survey", version=2, language="fi", text="Vanha teksti.")
    form = client.get(f"/persons/{person.public_id}/consents/give/", headers=FRAGMENT)

    old = post(client, person, "consents/give/", wording="vanha", source="letter")
    done = post(
        client,
        person,
        "consents/give/",
        wording=str(wording.public_id),
        source="letter",
        evidence="Kirje 12",
    )

    assert wording.text in form.content.decode()
    assert "Vanha teksti." not in form.content.decode()
    assert (old.status_code, done.status_code) == (422, 200)
    consent = consent_of(person)
    assert (consent.wording_id, consent.evidence) == (wording.pk, "Kirje 12")
    assert consent.recorded_by_id == staff("registrar").pk


def test_without_a_wording_in_her_language_there_is_no_consent(
    client_as: Browser, wording: Wording
) -> None:
    person = a_person(language="sv")

    answer = post(client_as("registrar"), person, "consents/give/", wording=str(wording.public_id))

    assert answer.status_code == 409


def test_the_registrar_withdraws_and_the_panel_tells_until_when_it_is_kept(
    client_as: Browser, maija: Person
) -> None:
    client, consent = client_as("registrar"), consent_of(maija)

    for _time in range(2):
        done = post(client, maija, f"consents/{consent.public_id}/withdraw/")
        assert done.status_code == 200

    last = timezone.localdate() + timedelta(days=30)
    text = done.content.decode()
    assert f"{last.day}.{last.month}.{last.year}" in text
    assert consent_of(maija).withdrawn_at is not None


def test_another_person_s_consent_is_not_withdrawn_on_her_card(
    client_as: Browser, maija: Person
) -> None:
    address = f"consents/{consent_of(maija).public_id}/withdraw/"

    assert post(client_as("registrar"), a_person("Eero"), address).status_code == 404
    assert consent_of(maija).withdrawn_at is None


def test_the_registrar_adds_a_wish_and_no_identity_code(client_as: Browser, maija: Person) -> None:
    client = client_as("registrar")
    form = {"kind": "preference", "topic": "Asiointi", "source": "phone_call"}

    refused = post(client, maija, "extra/add/", answer="Tunnus 131052-308T", **form)
    answered = post(client, maija, "extra/add/", answer="5", **{**form, "kind": "survey"})
    done = post(client, maija, "extra/add/", answer="Ruotsiksi kirjeet", **form)

    assert (refused.status_code, answered.status_code, done.status_code) == (422, 422, 200)
    assert told()[2:] == [("preference", "Ruotsiksi kirjeet", "phone_call")]


def test_of_a_restricted_person_a_consent_is_withdrawn_and_nothing_else_changed(
    client_as: Browser, maija: Person, wording: Wording
) -> None:
    restricted(maija)
    client = client_as("registrar")
    consent = consent_of(maija)

    given = post(client, maija, "consents/give/", wording=str(wording.public_id), source="letter")
    added = post(client, maija, "extra/add/", answer="x", topic="x", kind="feedback")
    done = post(client, maija, f"consents/{consent.public_id}/withdraw/")

    assert (given.status_code, added.status_code, done.status_code) == (409, 409, 200)
    assert consent_of(maija).withdrawn_at is not None
    assert len(told()) == 2


def test_the_registrar_gets_her_link_to_an_open_survey_and_an_agent_does_not(
    client_as: Browser, maija: Person
) -> None:
    for topic, closes_on in (("Avoin", "2999-01-01"), ("Suljettu", "2020-01-01")):
        Survey.objects.create(
            topic=topic, title_fi=topic, title_sv=topic, title_en=topic, closes_on=closes_on
        )

    page = panel(client_as("registrar"), maija).content.decode()

    assert page.count("/survey/") == 1
    assert "/survey/" not in panel(client_as("agent"), maija).content.decode()


def test_the_wordings_to_choose_from_are_a_group_with_a_name(
    client_as: Browser, maija: Person
) -> None:
    page = client_as("registrar").get(
        f"/persons/{maija.public_id}/consents/give/", headers=FRAGMENT
    )

    text = page.content.decode()
    assert re.search(r"<fieldset[^>]*>\s*<legend>[^<]+</legend>\s*<div[^>]*>\s*<div>", text)
    assert 'type="radio"' in text
    assert '<label for="">' not in text
