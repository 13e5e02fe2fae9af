"""Recordings and messages go by the engine as by their own daily task: by the same service."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from audit.context import AccessPurpose, in_context
from customers.models import Interaction
from privacy.forgetting.runs import apply_retention
from privacy.models import RetentionPeriod
from recordings.models import (
    DestroyedBy,
    Quarantine,
    RecordingConcerns,
    StoredMessage,
)
from recordings.services import place_hold, release_hold
from tests.builders import a_person, a_private_customer, a_user, an_interaction, restricted
from tests.recording_builders import a_message, a_quarantined_recording, a_recording

pytestmark = pytest.mark.django_db

looking = in_context(job="test", purpose=AccessPurpose.UPKEEP)
BEGAN = datetime(2023, 8, 31, 20, 0, tzinfo=UTC)
CLOSED = datetime(2023, 9, 1, tzinfo=UTC)


@looking
def state_of(record: Any) -> tuple[str, bool]:
    """By which rule it was destroyed, and whether its key is there."""
    record = type(record).objects.select_related("file").get(pk=record.pk)
    return record.destroyed_by, record.file.wrapped_key is not None


THERE, GONE = ("", True), (DestroyedBy.RETENTION, False)


def run_on(day: date) -> dict[str, int]:
    return dict(apply_retention(as_of=day, job="test").erased)


def test_a_call_is_destroyed_on_its_day_and_says_that_its_time_was_over() -> None:
    call = a_recording(a_person(), started_at=BEGAN)

    assert "recordings.recording" not in run_on(date(2024, 2, 28))
    assert state_of(call) == THERE
    assert run_on(date(2024, 2, 29))["recordings.recording"] == 1
    assert state_of(call) == GONE
    assert looking(RecordingConcerns.objects.count)() == 0


def test_holds_and_restrictions_keep_it_and_whom_it_concerns() -> None:
    persons = [a_person(name) for name in ("Aino", "Bertta", "Cilla")]
    held, other, hers = (a_recording(person, started_at=BEGAN) for person in persons)
    hold = looking(place_hold)(held, "Riita", None, a_user())
    restricted(persons[2])

    run_on(date(2024, 3, 1))

    assert [state_of(one) for one in (held, other, hers)] == [THERE, GONE, THERE]
    assert looking(RecordingConcerns.objects.count)() == 2
    looking(release_hold)(hold, hold.placed_by)
    run_on(date(2024, 3, 1))
    assert state_of(held) == GONE


def test_a_shorter_period_counts_also_before_the_day_that_was_written_down() -> None:
    call = a_recording(a_person(), started_at=BEGAN, due_on=date(2100, 1, 1))
    RetentionPeriod.objects.create(
        model="recordings.recording",
        after="started_at",
        months=3,
        reason="Riitoja ei tule.",
        brings_forward=1,
        decided_by=a_user(),
    )

    run_on(date(2023, 11, 29))
    assert state_of(call) == THERE
    run_on(date(2023, 11, 30))
    assert state_of(call) == GONE


def test_what_is_in_quarantine_goes_on_its_day_too() -> None:
    call = a_quarantined_recording(a_person(), why=Quarantine.NO_RECORD, started_at=BEGAN)
    run_on(date(2024, 2, 29))
    assert state_of(call) == GONE


def test_a_message_stays_as_long_as_its_case_does() -> None:
    person = a_person()
    case = an_interaction(person, customer=a_private_customer(person), happened_at=BEGAN)
    in_case = a_message(person, sent_at=BEGAN, interaction=case)
    alone = a_message(person, sent_at=BEGAN)

    run_on(date(2025, 8, 31))
    assert [state_of(in_case), state_of(alone)] == [THERE, GONE]

    case.closed_at, case.outcome = CLOSED, Interaction.Outcome.RESOLVED
    looking(case.save)()
    assert not looking(StoredMessage.objects.past_their_day(date(2025, 8, 31)).exists)()
    run_on(date(2025, 8, 31))
    assert state_of(in_case) == THERE
    assert looking(StoredMessage.objects.past_their_day(date(2025, 9, 1)).exists)()
    run_on(date(2025, 9, 1))
    assert state_of(in_case) == GONE


def test_of_a_case_that_nobody_closed_messages_go_by_its_customers_end_or_their_own_day() -> None:
    person = a_person()
    customer = a_private_customer(person)
    customer.ended_on = CLOSED.date()
    looking(customer.save)()
    later = datetime(2024, 5, 5, tzinfo=UTC)
    sent = (BEGAN, later, BEGAN)
    messages = [
        a_message(
            person, sent_at=at, interaction=an_interaction(person, customer=of, happened_at=at)
        )
        for at, of in zip(sent, (customer, customer, None), strict=True)
    ]

    for day, states in (
        (date(2025, 8, 30), [THERE, THERE, THERE]),
        (date(2025, 8, 31), [THERE, THERE, GONE]),
        (date(2025, 9, 1), [GONE, THERE, GONE]),
        (date(2026, 5, 4), [GONE, THERE, GONE]),
        (date(2026, 5, 5), [GONE, GONE, GONE]),
    ):
        by_rows = StoredMessage.objects.past_their_day(day).keys_only()
        due = set(looking(list)(by_rows))
        before = [state_of(one) for one in messages]
        run_on(day)
        now = [state_of(one) for one in messages]
        assert now == states
        gone = {
            one.pk for one, was, state in zip(messages, before, now, strict=True) if was != state
        }
        assert gone == due


def test_the_engine_and_the_rows_own_question_agree_at_the_end_of_a_month() -> None:
    leap = datetime(2024, 2, 29, 12, tzinfo=UTC)
    case = an_interaction(a_person(), happened_at=leap, is_closed=True)
    message = a_message(sent_at=leap, interaction=case)

    assert not looking(StoredMessage.objects.past_their_day(date(2026, 2, 27)).exists)()
    assert looking(StoredMessage.objects.past_their_day(date(2026, 2, 28)).exists)()
    run_on(date(2026, 2, 27))
    assert state_of(message) == THERE
    run_on(date(2026, 2, 28))
    assert state_of(message) == GONE
