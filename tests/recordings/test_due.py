"""What goes when: due dates, what keeps a thing beyond its day, and quarantine."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from contracts.dates import add_months
from customers.models import Customer, Hold, Person, Restriction
from recordings.models import DestroyedBy, Quarantine, Recording, StoredMessage
from recordings.periods import MESSAGE_MONTHS
from recordings.services import (
    Held,
    NotYet,
    destroy,
    destroy_due,
    destroy_quarantined,
    place_hold,
    release_hold,
)
from recordings.shown import badges, until
from recordings.tasks import destroy_what_is_due
from tests.builders import a_company, a_person, a_private_customer, a_user, an_interaction
from tests.recording_builders import a_message, a_quarantined_recording, a_recording

pytestmark = pytest.mark.django_db

Working = Callable[[], Any]
TODAY = timezone.localdate()
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
NOW = timezone.now()
RETENTION, QUARANTINE, ERASURE = (
    DestroyedBy.RETENTION,
    DestroyedBy.QUARANTINE,
    DestroyedBy.ERASURE,
)


@pytest.fixture
def left(working: Working) -> Callable[[], set[Any]]:
    """What is not destroyed."""

    def not_destroyed() -> set[Any]:
        with working():
            return {
                one
                for model in (Recording, StoredMessage)
                for one in model.objects.filter(destroyed_at__isnull=True)
            }

    return not_destroyed


@pytest.mark.parametrize("make", [a_recording, a_message])
def test_each_goes_on_its_day_and_not_before(make: Any, left: Any, working: Working) -> None:
    gone, stays = make(a_person(), due_on=TODAY), make(a_person(), due_on=TOMORROW)

    assert destroy_due(job="test") == 1

    assert left() == {stays}
    with working():
        assert type(gone).objects.get(pk=gone.pk).destroyed_by == RETENTION
    assert destroy_due(job="test") == 0


def test_nothing_is_destroyed_by_a_rule_that_does_not_ask_for_it(
    working: Working, left: Any
) -> None:
    call, message = a_recording(due_on=TOMORROW), a_message(due_on=TOMORROW)

    for record in (call, message):
        for rule in (RETENTION, QUARANTINE):
            with pytest.raises(NotYet), working():
                destroy(record, rule)

    assert left() == {call, message}


@pytest.mark.parametrize("make", [a_recording, a_message])
def test_a_hold_keeps_it_through_its_last_day(make: Any, left: Any, working: Working) -> None:
    record, user = make(a_person(), due_on=YESTERDAY), a_user()
    with working():
        hold = place_hold(record, "Riita laskusta", TODAY, user)

    assert destroy_due(job="test") == 0
    for rule in (RETENTION, ERASURE):
        with pytest.raises(Held), working():
            destroy(record, rule)
    with working():
        assert not type(record).objects.due_on(TODAY).exists()
        assert type(record).objects.due_on(TOMORROW).get() == record
        release_hold(hold, user)

    assert destroy_due(job="test") == 1
    assert left() == set()


def her_hold(person: Person) -> Hold:
    return Hold.objects.create(person=person, reason="Riita", placed_by=a_user())


def hold_of_what_she_owns(person: Person) -> Hold:
    owned = a_private_customer(person)
    return Hold.objects.create(customer=owned, reason="Riita", placed_by=a_user())


def her_restriction(person: Person) -> Restriction:
    ground = Restriction.Ground.CLAIMS
    return Restriction.objects.create(person=person, ground=ground, restricted_by=a_user())


@pytest.mark.parametrize("make", [a_recording, a_message])
@pytest.mark.parametrize("keep", [her_hold, hold_of_what_she_owns, her_restriction])
def test_what_keeps_her_data_keeps_what_concerns_her(
    make: Any, keep: Any, left: Any, working: Working
) -> None:
    person, other = a_person(), a_person("Eino")
    hers, theirs = make(person, other, due_on=YESTERDAY), make(other, due_on=YESTERDAY)
    with working():
        keep(person)

    assert destroy_due(job="test") == 1

    assert left() == {hers}
    assert theirs not in left()


def test_her_restriction_does_not_stand_against_the_erasure_that_she_asks_for(
    working: Working, left: Any
) -> None:
    person = a_person()
    record = a_recording(person)
    with working():
        her_restriction(person)
        assert destroy(record, ERASURE)

    assert left() == set()


def test_a_held_company_keeps_the_calls_of_its_contacts(working: Working, left: Any) -> None:
    person, company = a_person(), a_company()
    contact = an_interaction(person, customer=company)
    kept = a_recording(person, interaction=contact, due_on=YESTERDAY)
    a_recording(person, due_on=YESTERDAY)
    with working():
        held = Customer.objects.get(pk=company.pk)
        Hold.objects.create(customer=held, reason="Riita", placed_by=a_user())

    assert destroy_due(job="test") == 1

    assert left() == {kept}


def test_a_message_stays_until_its_case_has_been_closed_long_enough(
    working: Working, left: Any
) -> None:
    person = a_person()
    long_ago = timezone.now() - timedelta(days=5 * 365)
    open_case = an_interaction(person, customer=a_private_customer(person), happened_at=long_ago)
    of_open = a_message(person, interaction=open_case, sent_at=long_ago)
    of_closed = a_message(
        person,
        interaction=an_interaction(person, happened_at=long_ago, is_closed=True),
        sent_at=long_ago,
    )
    of_none = a_message(person, sent_at=long_ago)

    assert destroy_due(job="test") == 2
    assert left() == {of_open}
    assert {of_closed, of_none}.isdisjoint(left())

    with working():
        open_case.closed_at, open_case.outcome = timezone.now(), "resolved"
        open_case.save()
        due = add_months(TODAY, MESSAGE_MONTHS)
        assert not StoredMessage.objects.due_on(due - timedelta(days=1)).exists()
        assert StoredMessage.objects.due_on(due).get() == of_open


def test_a_message_says_when_it_goes(working: Working) -> None:
    """By its case, which may be closed long after the message came."""
    sent = timezone.now() - timedelta(days=725)
    person = a_person()
    case = an_interaction(person, customer=a_private_customer(person), happened_at=sent)
    message, alone = a_message(person, sent_at=sent, interaction=case), a_message(sent_at=sent)

    def said(record: StoredMessage) -> tuple[str, list[str]]:
        with working(), override("en"):
            read = StoredMessage.objects.with_holds().get(pk=record.pk)
            return until(read), [str(badge.text) for badge in badges(read)]

    assert said(message) == ("24 months after its case is closed", [])
    assert said(alone)[1] == ["Due soon"]
    with working():
        case.closed_at, case.outcome = timezone.now(), "resolved"
        case.save()
    assert said(message) == ("24 months after its case is closed", [])
    with working():
        case.closed_at = timezone.now() - timedelta(days=724)
        case.save()
    assert said(message) == ("24 months after its case is closed", ["Due soon"])


@pytest.mark.parametrize("why", Quarantine)
def test_quarantine_ends_after_seven_days(why: Quarantine, left: Any, working: Working) -> None:
    a_week = timedelta(days=7)
    gone = a_quarantined_recording(why=why, since=NOW - a_week + timedelta(hours=1))
    stays = a_quarantined_recording(why=why, since=NOW - a_week + timedelta(hours=12))

    assert destroy_quarantined(job="test") == 1

    assert left() == {stays}
    with working():
        assert Recording.objects.get(pk=gone.pk).destroyed_by == QUARANTINE


@pytest.mark.parametrize(
    ("why", "is_kept"),
    [(Quarantine.NOT_INFORMED, False), (Quarantine.BAD_FILE, True), (Quarantine.NO_RECORD, True)],
)
def test_without_the_notice_nothing_keeps_it(
    why: Quarantine, is_kept: bool, working: Working, left: Any
) -> None:
    person = a_person()
    record = a_quarantined_recording(person, why=why, since=NOW - timedelta(days=8))
    with working():
        her_hold(person)

    assert destroy_quarantined(job="test") == (0 if is_kept else 1)

    assert left() == ({record} if is_kept else set())


def test_the_registrar_may_let_quarantine_go_sooner(working: Working, left: Any) -> None:
    record = a_quarantined_recording()

    with working():
        assert destroy(record, QUARANTINE)

    assert left() == set()


def test_the_job_takes_what_is_due_and_what_is_past_quarantine(left: Any) -> None:
    a_recording(a_person(), due_on=YESTERDAY)
    a_message(due_on=YESTERDAY)
    a_quarantined_recording(since=NOW - timedelta(days=8))
    stays = a_recording(due_on=TOMORROW)

    assert destroy_what_is_due(timestamp=0) == 3
    assert destroy_what_is_due(timestamp=0) == 0
    assert left() == {stays}
