"""Consents for other purposes, what is collected with them, and its erasure."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.context import AccessPurpose, access_context
from audit.log import Action
from consents.models import Consent, RobinsonEntry, SupplementaryInformation, Wording
from consents.services import (
    Answer,
    add_information,
    erase_due,
    forget_ended_listings,
    give_consent,
    withdraw_consent,
)
from customers.models import Hold, Person
from customers.services import ProcessingRestricted
from tests.builders import a_person, a_user, restricted
from tests.database import site_connection
from tests.log import Trail

pytestmark = pytest.mark.django_db

HETU = "131052-308T"


def wording_of(purpose: str = "survey") -> Wording:
    found, _made = Wording.objects.get_or_create(
        name=purpose, version=1, language="fi", defaults={"text": "Suostun."}
    )
    return found


def given(person: Person, purpose: str = "survey", **more: Any) -> Consent:
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        values = {"wording": wording_of(purpose), "source": "call", **more}
        return give_consent(person=person, purpose=purpose, **values)


def withdrawn(consent: Consent) -> Consent:
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        return withdraw_consent(consent=consent)


def told(
    person: Person, text: str = "Toimi hyvin", consent: Consent | None = None, **more: Any
) -> SupplementaryInformation:
    kind = "survey" if consent else "feedback"
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        [made] = add_information(
            person=person,
            kind=kind,
            topic="Palvelu",
            answers=[Answer(text, "Mitä pidit?")],
            source="phone_call",
            consent=consent,
            **more,
        )
        return made


def there() -> list[tuple[str, Any]]:
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        return list(
            SupplementaryInformation.objects.order_by("id").values_list("answer", "erase_by")
        )


def backdate(consent: Consent, days: int) -> None:
    """As if she had withdrawn it so many days ago."""
    at = timezone.now() - timedelta(days=days)
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        consent.given_at, consent.withdrawn_at = at - timedelta(days=1), at
        consent.save(update_fields=["given_at", "withdrawn_at"])


# --- consents -------------------------------------------------------------------------------------


def test_a_consent_is_given_once_with_its_wording_and_who_recorded_it(trail: Trail) -> None:
    person, agent = a_person(), a_user()

    first = given(person, recorded_by=agent, evidence="puhelu 12")
    again = given(person)

    assert again.pk == first.pk
    assert (first.wording, first.recorded_by, first.evidence) == (wording_of(), agent, "puhelu 12")
    rows = trail.rows(subject=person.public_id, action=int(Action.CREATE))
    assert [row["categories"] for row in rows if "supplementary" in row["categories"]] != []


def test_a_consent_needs_the_wording_of_its_purpose() -> None:
    with pytest.raises(ValidationError) as refused:
        given(a_person(), "transfer", wording=wording_of("survey"))

    assert list(refused.value.error_dict) == ["wording"]


@pytest.mark.parametrize("values", [{"purpose": "lottery"}, {"source": "pigeon"}])
def test_an_unknown_purpose_or_source_is_refused(values: dict[str, str]) -> None:
    purpose = values.pop("purpose", "survey")

    with pytest.raises(ValidationError):
        given(a_person(), purpose, **values)


def test_withdrawing_twice_changes_nothing_and_keeps_the_row() -> None:
    consent = given(a_person())

    first = withdrawn(consent)
    again = withdrawn(consent)

    assert first.withdrawn_at is not None
    assert again.withdrawn_at == first.withdrawn_at
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        assert Consent.objects.get().purpose == "survey"


def test_a_consent_can_be_given_again_after_it_was_withdrawn() -> None:
    person = a_person()
    first = withdrawn(given(person))

    assert given(person).pk != first.pk


def test_a_restricted_person_withdraws_and_gives_nothing() -> None:
    person = a_person()
    consent = given(person)
    restricted(person)

    with pytest.raises(ProcessingRestricted):
        given(person, "transfer")
    with pytest.raises(ProcessingRestricted):
        told(person)
    assert withdrawn(consent).withdrawn_at is not None


# --- supplementary information --------------------------------------------------------------------


def test_a_withdrawal_gives_what_was_collected_with_it_its_last_day() -> None:
    person = a_person()
    consent = given(person)
    told(person, "Vastaus", consent)
    told(person, "Palaute")

    withdrawn(consent)

    last = timezone.localdate() + timedelta(days=30)
    assert there() == [("Vastaus", last), ("Palaute", None)]


def test_nothing_is_collected_with_a_consent_that_is_another_s_or_withdrawn() -> None:
    person = a_person()
    other, ended = given(a_person("Eero")), withdrawn(given(person))

    for consent in (other, ended):
        with pytest.raises(ValidationError):
            told(person, consent=consent)
    assert there() == []


def test_an_answer_to_a_survey_needs_a_consent() -> None:
    person = a_person()

    with (
        pytest.raises(ValidationError),
        access_context(job="test", purpose=AccessPurpose.UPKEEP),
    ):
        add_information(
            person=person, kind="survey", topic="P", answers=[Answer("5")], source="staff"
        )


def test_an_identity_code_is_not_kept() -> None:
    with pytest.raises(ValidationError):
        told(a_person(), f"Tunnukseni on {HETU}")

    assert there() == []


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_what_was_collected_without_its_person_s_consent() -> None:
    person, other = a_person(), a_person("Eero")
    consent = given(other)
    statement = """
        INSERT INTO consents_supplementaryinformation (public_id, person_id, kind, topic, question,
            answer, consent_id, source, reference, collected_at)
        VALUES (gen_random_uuid(), %s, 'survey', 'P', '', '5', %s, 'staff', '', now())
    """
    with site_connection() as site:
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
            site.execute(statement, [person.pk, consent.pk])
        site.execute(statement, [other.pk, consent.pk])
    withdrawn(consent)
    with site_connection() as site, pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        site.execute(statement, [other.pk, consent.pk])


# --- erasure --------------------------------------------------------------------------------------


def test_what_is_due_is_erased_once_and_logged(trail: Trail) -> None:
    person = a_person()
    consent = given(person)
    told(person, "Vastaus", consent)
    told(person, "Palaute")
    backdate(consent, 30)

    before = trail.last_id()
    assert erase_due(job="test") == 1
    assert erase_due(job="test") == 0

    assert [answer for answer, _day in there()] == ["Palaute"]
    [row] = trail.rows(id__gt=before, action=int(Action.DELETE))
    assert row["subject"] == person.public_id
    assert row["purpose"] == AccessPurpose.RETENTION


def test_what_is_not_due_yet_stays() -> None:
    person = a_person()
    consent = given(person)
    told(person, "Vastaus", consent)
    backdate(consent, 29)

    assert erase_due(job="test") == 0
    assert len(there()) == 1


@pytest.mark.parametrize("why", ["restricted", "held"])
def test_what_is_restricted_or_held_stays_until_that_ends(why: str) -> None:
    person, other = a_person(), a_person("Eero")
    for one in (person, other):
        consent = given(one)
        told(one, one.first_name, consent)
        backdate(consent, 40)
    if why == "restricted":
        restricted(person)
    else:
        with access_context(job="test", purpose=AccessPurpose.UPKEEP):
            Hold.objects.create(person=person, reason="riita", placed_by=a_user())

    assert erase_due(job="test") == 1
    assert [answer for answer, _day in there()] == ["Aino"]


def test_a_listing_goes_the_day_after_it_ended() -> None:
    today = timezone.localdate()
    for number, until in enumerate((today - timedelta(days=1), today, None)):
        RobinsonEntry.objects.create(list="phone", digest=bytes([number]) * 32, expires_on=until)

    assert forget_ended_listings(job="test") == 1
    assert forget_ended_listings(job="test") == 0
    assert set(RobinsonEntry.objects.values_list("expires_on", flat=True)) == {today, None}
