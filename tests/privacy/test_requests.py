"""The course of a request: every step from every state, the clock, and who may."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from audit.context import AccessPurpose, access_context
from customers.models import Person
from customers.services.errors import ChangedMeanwhile, SavedBefore
from privacy.letters import Template
from privacy.models import (
    RecipientNotice,
    RequestLetter,
    RequestPause,
    StateChange,
    SubjectRequest,
)
from privacy.needed import lacking
from privacy.services import (
    add_note,
    add_task,
    answer,
    ask_identity,
    assign,
    close,
    correct,
    decide_objection,
    decide_refusal,
    extend,
    finish_task,
    go_on,
    identify,
    move,
    open_request,
    refuse,
    say_whose,
    send_letter,
    take_back_refusal,
    withdraw,
)
from privacy.states import FOLLOWING, State
from tests.builders import a_person, restricted
from tests.log import Trail
from tests.request_builders import (
    a_letter,
    a_request,
    a_sent_letter,
    all_decided,
    refused,
    the_registrar,
)

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


@pytest.fixture
def aino() -> Person:
    return a_person("Aino", "Mallikas")


def working() -> Any:
    return access_context(job="test", purpose=AccessPurpose.SUBJECT_REQUEST)


def now(request: SubjectRequest) -> SubjectRequest:
    with working():
        return SubjectRequest.objects.get(pk=request.pk)


def steps_of(request: SubjectRequest) -> list[tuple[str, str]]:
    with working():
        rows = StateChange.objects.filter(request=request).order_by("id")
        return [(row.from_state, row.to_state) for row in rows]


# --- opening --------------------------------------------------------------------------------------


def test_a_request_begins_with_its_number_and_its_due_date(aino: Person) -> None:
    request = a_request(aino, received_on=date(2026, 3, 5))

    assert request.number.startswith("TP1")
    assert (request.first_due_on, request.due_on) == (date(2026, 4, 7), date(2026, 4, 7))
    assert steps_of(request) == [("", "received")]


def test_the_same_form_sent_again_makes_one_request(aino: Person) -> None:
    key = uuid4()
    first, again = a_request(aino, public_id=key), a_request(aino, public_id=key)

    assert first.pk == again.pk
    assert steps_of(first) == [("", "received")]
    with pytest.raises(SavedBefore):
        a_request(aino, public_id=key, requester_name="Joku Toinen")


@pytest.mark.parametrize(
    "values",
    [
        {"received_on": timezone.localdate() + timedelta(days=2)},
        {"representative": "Lakimies Oy"},
        {"scope": "Tunnukseni on 131052-308T"},
        {"kind": "nothing"},
        {"requester_name": ""},
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        a_request(**values)
    assert refused.value.messages


@pytest.mark.parametrize("role", [*Role.values, "outsider"])
def test_only_some_may_open_a_request(staff: Callable[[str], User], role: str) -> None:
    by = staff(role)
    if role in ("agent", "account_manager", "registrar"):
        assert a_request(by=by).opened_by == by
    else:
        with pytest.raises(PermissionDenied):
            a_request(by=by)


def test_a_restricted_person_asks_as_anybody(aino: Person) -> None:
    restricted(aino)
    assert a_request(aino, State.ANSWERED).state == State.ANSWERED


# --- every step from every state ------------------------------------------------------------------


def step(request: SubjectRequest, to: State, by: User) -> SubjectRequest:
    """Take the step that leads to a state."""
    today = TODAY()
    if to == State.IDENTIFYING:
        return ask_identity(request=request, doubt="epäselvä", by=by)
    if to == State.EXTENDED and request.state != State.IDENTIFYING:
        return extend(request=request, reason="laaja", by=by)
    if to == State.ANSWERED:
        a_sent_letter(request, Template.NOTHING_HELD, by=by)
        return answer(request=request, answered_on=today, by=by)
    if to in (State.REFUSED, State.PARTLY_REFUSED):
        return refused(request, by=by, is_partly=to == State.PARTLY_REFUSED)
    if to == State.WITHDRAWN:
        return withdraw(request=request, withdrawn_on=today, how="Soitti", by=by)
    if to == State.CLOSED:
        return close(request=request, by=by)
    return move(request=request, to=to, by=by)


@pytest.mark.parametrize("to", State)
@pytest.mark.parametrize("before", State)
def test_only_what_follows_is_possible(before: State, to: State) -> None:
    """About nobody whom we know, so that nothing but the course itself decides."""
    by = the_registrar()
    request = a_request(None, before)
    if before in (State.IN_PROGRESS, State.EXTENDED) and to == State.IDENTIFYING:
        return  # it is sure already who asks: the next test

    with working():
        if to in FOLLOWING[before] and (before, to) != (State.IDENTIFYING, State.EXTENDED):
            assert step(request, to, by).state == to
        else:
            with pytest.raises(ValidationError):
                step(request, to, by)

    if now(request).state != before:
        assert steps_of(request)[-1] == (before, to)


@pytest.mark.parametrize("to", State)
@pytest.mark.parametrize("before", State)
def test_the_database_lets_only_what_follows_be(
    before: State, to: State, aino: Person, owner: psycopg.Connection[Any]
) -> None:
    from django.db import IntegrityError, connection, transaction

    request = a_request(aino, before)
    is_withdrawn = State.WITHDRAWN in (before, to)
    values = (
        "answered_on = current_date, refusal = 'unfounded', refusal_reason = 'x',"
        f" withdrawn_on = {'current_date' if is_withdrawn else 'NULL'},"
        f" withdrawn_how = '{'x' if is_withdrawn else ''}',"
        " extended_on = COALESCE(extended_on, received_on), extension_reason = 'x',"
        " identified_by = 'call_back', identified_at = now(), identified_with_id = opened_by_id"
    )
    closed = "now()" if to == State.CLOSED else "NULL"
    sql = (
        f"UPDATE privacy_subjectrequest SET state = '{to}', closed_at = {closed}, {values}"
        f" WHERE id = {request.pk}"
    )
    possible = to in FOLLOWING[before] or (to == before and before != State.CLOSED)
    with working(), connection.cursor() as cursor:
        if possible:
            cursor.execute(sql)
            assert cursor.rowcount == 1
        else:
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute(sql)


@pytest.mark.parametrize("role", [role for role in Role.values if role != "registrar"])
def test_nobody_but_a_registrar_takes_a_step(
    staff: Callable[[str], User], aino: Person, role: str
) -> None:
    by, request = staff(role), a_request(aino)
    today = TODAY()
    tries: list[Callable[[], Any]] = [
        lambda: assign(request=request, handler=by, by=by),
        lambda: say_whose(request=request, person=None, by=by),
        lambda: move(request=request, to=State.IN_PROGRESS, by=by),
        lambda: ask_identity(request=request, doubt="epäselvä", by=by),
        lambda: go_on(request=request, by=by),
        lambda: identify(request=request, method="call_back", by=by),
        lambda: extend(request=request, reason="laaja", by=by),
        lambda: answer(request=request, answered_on=today, by=by),
        lambda: decide_refusal(request=request, ground="unfounded", reasons="x", by=by),
        lambda: take_back_refusal(request=request, by=by),
        lambda: refuse(request=request, by=by),
        lambda: withdraw(request=request, withdrawn_on=today, how="x", by=by),
        lambda: correct(request=request, **noted(request), by=by),
        lambda: close(request=request, by=by),
        lambda: add_note(request=request, public_id=uuid4(), text="x", by=by),
        lambda: add_task(request=request, public_id=uuid4(), what="x", due_on=None, by=by),
    ]
    for attempt in tries:
        with working(), pytest.raises(PermissionDenied):
            attempt()
    assert now(request).state == State.RECEIVED


# --- conflicts ------------------------------------------------------------------------------------


def test_the_second_registrar_is_told(aino: Person) -> None:
    one, other = the_registrar("one"), the_registrar("other")
    request = a_request(aino)
    seen_at = request.changed_at
    with working():
        identify(request=request, method="call_back", by=one, seen_at=seen_at)
    with working(), pytest.raises(ChangedMeanwhile):
        decide_refusal(request=request, ground="unfounded", reasons="x", by=other, seen_at=seen_at)
    assert now(request).state == State.IN_PROGRESS


# --- whose it is, and who answers -----------------------------------------------------------------


def test_an_identified_person_stays(aino: Person) -> None:
    request, eero = a_request(aino, State.IN_PROGRESS), a_person("Eero", "Toinen")
    with working(), pytest.raises(ValidationError) as refused:
        say_whose(request=request, person=eero, by=the_registrar())
    assert refused.value.code == "request_identified_person_stays"


def test_nobody_unidentified_is_given_data(aino: Person) -> None:
    by = the_registrar()
    request = a_request(aino)
    with working():
        request = move(request=request, to=State.IN_PROGRESS, by=by)
    with working(), pytest.raises(ValidationError) as refused:
        answer(request=request, answered_on=TODAY(), by=by)
    assert refused.value.code == "request_answers_the_identified"


def test_who_is_unknown_to_us_is_told_so_without_more_questions() -> None:
    by = the_registrar()
    with working():
        request = move(request=a_request(None), to=State.IN_PROGRESS, by=by)
    with working(), pytest.raises(ValidationError):
        answer(request=request, answered_on=TODAY(), by=by)
    a_sent_letter(request, Template.NOTHING_HELD)
    with working():
        request = answer(request=request, answered_on=TODAY(), by=by)
    assert request.state == State.ANSWERED


def test_only_a_registrar_answers_for_a_request(aino: Person, staff: Callable[[str], User]) -> None:
    by, request = the_registrar(), a_request(aino)
    with working():
        assert assign(request=request, handler=by, by=by).handler == by
    with working(), pytest.raises(ValidationError):
        assign(request=request, handler=staff("agent"), by=by)


# --- the clock ------------------------------------------------------------------------------------


def test_the_days_of_a_pause_are_added_and_the_first_date_stays(aino: Person) -> None:
    by = the_registrar()
    received = TODAY() - timedelta(days=20)
    request = a_request(aino, received_on=received)
    first = request.due_on
    with working():
        request = ask_identity(
            request=request, doubt="epäselvä", by=by, asked_on=received + timedelta(days=2)
        )
        request = go_on(request=request, by=by, answered_on=received + timedelta(days=9))

    assert request.state == State.IN_PROGRESS
    assert request.first_due_on == first
    assert request.due_on >= first + timedelta(days=7 - 3)
    from privacy.deadlines import Pause, due_on

    pause = Pause(received + timedelta(days=2), received + timedelta(days=9))
    assert request.due_on == due_on(received, pauses=[pause], today=TODAY())


def test_pauses_do_not_lie_over_each_other(aino: Person) -> None:
    by = the_registrar()
    received = TODAY() - timedelta(days=20)
    request = a_request(aino, received_on=received)
    with working():
        request = ask_identity(request=request, doubt="a", by=by, asked_on=received)
        request = go_on(request=request, by=by, answered_on=received + timedelta(days=9))
    with working(), pytest.raises(ValidationError):
        ask_identity(request=request, doubt="b", by=by, asked_on=received + timedelta(days=3))
    with working():
        again = ask_identity(
            request=request, doubt="b", by=by, asked_on=received + timedelta(days=12)
        )
        assert again.state == State.IDENTIFYING
        again = identify(
            request=again,
            method="id_document",
            by=by,
            answered_on=received + timedelta(days=14),
        )
        pauses = RequestPause.objects.filter(request=request)
        days = [(one.asked_on, one.answered_on) for one in pauses.order_by("id")]
    assert days == [
        (received, received + timedelta(days=9)),
        (received + timedelta(days=12), received + timedelta(days=14)),
    ]
    assert again.state == State.IN_PROGRESS


def test_an_extension_adds_two_months_once_and_in_time(aino: Person) -> None:
    by = the_registrar()
    request = a_request(aino, State.EXTENDED)
    assert request.due_on > request.first_due_on + timedelta(days=50)
    with working(), pytest.raises(ValidationError):
        extend(request=request, reason="taas", by=by)

    late = a_request(aino, State.IN_PROGRESS, received_on=TODAY() - timedelta(days=60))
    with working(), pytest.raises(ValidationError):
        extend(request=late, reason="myöhässä", by=by)


def test_a_late_extension_is_refused_by_the_database_too(aino: Person) -> None:
    from django.db import IntegrityError, connection, transaction

    late = a_request(aino, State.IN_PROGRESS, received_on=TODAY() - timedelta(days=60))
    with (
        working(),
        connection.cursor() as cursor,
        pytest.raises(IntegrityError),
        transaction.atomic(),
    ):
        cursor.execute(
            "UPDATE privacy_subjectrequest SET extended_on = current_date, extension_reason = 'x',"
            f" due_on = current_date + 60, state = 'extended' WHERE id = {late.pk}"
        )


def test_a_refusal_needs_its_ground_and_its_reasons(aino: Person) -> None:
    for ground, reasons in [("", "x"), ("unfounded", ""), ("nothing", "x")]:
        with working(), pytest.raises(ValidationError):
            decide_refusal(
                request=a_request(aino), ground=ground, reasons=reasons, by=the_registrar()
            )


def test_a_refusal_ends_the_pause(aino: Person) -> None:
    request = a_request(aino, State.IDENTIFYING)
    assert refused(request, "unidentified").answered_on == TODAY()
    with working():
        assert not RequestPause.objects.filter(request=request).open().exists()


def test_a_refusal_counts_once_its_letter_has_gone_out(aino: Person) -> None:
    by, request = the_registrar(), a_request(aino, received_on=TODAY() - timedelta(days=9))
    with working(), pytest.raises(ValidationError):
        refuse(request=request, by=by)  # nothing is decided
    with working():
        request = decide_refusal(request=request, ground="unfounded", reasons="x", by=by)
    assert request.state == State.RECEIVED
    letter = a_letter(request, Template.REFUSAL)
    with working(), pytest.raises(ValidationError):
        refuse(request=request, by=by)
    with working():
        day = TODAY() - timedelta(days=2)
        send_letter(letter=letter, sent_on=day, by=by)
        request = refuse(request=request, by=by)
    assert (request.state, request.answered_on) == (State.REFUSED, day)


def test_what_was_decided_to_be_refused_is_not_answered_before_it_is_taken_back(
    aino: Person,
) -> None:
    by, request = the_registrar(), a_request(aino, State.IN_PROGRESS)
    with working():
        request = decide_refusal(request=request, ground="unfounded", reasons="x", by=by)
    draft = a_letter(request, Template.REFUSAL)
    all_decided(request)
    with working(), pytest.raises(ValidationError):
        answer(request=request, answered_on=TODAY(), by=by)
    with working():
        request = take_back_refusal(request=request, by=by)
        assert RequestLetter.objects.get(pk=draft.pk).destroyed_at is not None
        assert answer(request=request, answered_on=TODAY(), by=by).state == State.ANSWERED


def test_a_refusal_that_she_was_told_of_stays(aino: Person) -> None:
    by, request = the_registrar(), a_request(aino, State.IN_PROGRESS)
    with working():
        request = decide_refusal(request=request, ground="unfounded", reasons="x", by=by)
    a_sent_letter(request, Template.REFUSAL)
    tries: list[Callable[[], Any]] = [
        lambda: decide_refusal(request=request, ground="exempt", reasons="y", by=by),
        lambda: take_back_refusal(request=request, by=by),
    ]
    for attempt in tries:
        with working(), pytest.raises(ValidationError):
            attempt()


def test_nothing_is_answered_before_something_has_gone_out(aino: Person) -> None:
    by, request = the_registrar(), a_request(aino, State.IN_PROGRESS, kind="objection")
    with working():
        decide_objection(
            request=request, public_id=uuid4(), purpose="marketing", grounds="", weighing="",
            is_upheld=True, seen_last=None, by=by,
        )  # fmt: skip
    a_letter(request, Template.ANSWER)
    with working(), pytest.raises(ValidationError):
        answer(request=request, answered_on=TODAY(), by=by)
    a_sent_letter(request)
    yesterday = TODAY() - timedelta(days=1)
    with working(), pytest.raises(ValidationError):
        answer(request=request, answered_on=yesterday, by=by)
    with working():
        assert answer(request=request, answered_on=TODAY(), by=by).state == State.ANSWERED


def test_she_is_told_of_the_extension_before_the_answer(aino: Person) -> None:
    by, request = the_registrar(), a_request(aino, State.IN_PROGRESS)
    all_decided(request)
    with working():
        request = extend(request=request, reason="laaja", by=by)
        assert len(lacking(request)) == 1
    with working(), pytest.raises(ValidationError):
        answer(request=request, answered_on=TODAY(), by=by)
    a_sent_letter(request, Template.EXTENSION)
    with working():
        assert lacking(request) == []
        assert answer(request=request, answered_on=TODAY(), by=by).state == State.ANSWERED


# --- corrected and withdrawn ----------------------------------------------------------------------


def noted(request: SubjectRequest, **more: Any) -> dict[str, Any]:
    names = ("requester_name", "answer_to", "language", "representative", "authorisation", "scope")
    return {**{name: getattr(request, name) for name in names}, **more}


@pytest.mark.parametrize("state", [State.RECEIVED, State.EXTENDED, State.ANSWERED])
def test_how_to_answer_is_corrected_and_the_history_says_so(aino: Person, state: State) -> None:
    by, request = the_registrar(), a_request(aino, state)
    new = noted(request, answer_to="aino@example.org", language="sv")
    with working():
        changed = correct(request=request, **new, by=by, seen_at=request.changed_at)
        last = StateChange.objects.filter(request=request).order_by("id").last()
    assert (changed.answer_to, changed.language, changed.state) == (
        *("aino@example.org", "sv"),
        state,
    )
    assert last is not None
    assert (last.from_state, last.to_state, last.changed_by) == (state, state, by)
    assert last.reason
    assert "example.org" not in last.reason
    with working(), pytest.raises(ChangedMeanwhile):
        correct(request=request, **noted(request), by=by, seen_at=request.changed_at)


def test_nothing_wrong_is_noted_by_correcting(aino: Person) -> None:
    by, request = the_registrar(), a_request(aino)
    for wrong in (
        {"representative": "Asianajaja Oy"},
        {"answer_to": ""},
        {"scope": "Tunnus 131052-308T"},
    ):
        with working(), pytest.raises(ValidationError):
            correct(request=request, **noted(request, **wrong), by=by)
    steps = steps_of(request)
    with working():
        correct(request=request, **noted(request), by=by)
        assert steps_of(request) == steps
    with working(), pytest.raises(ValidationError):
        closed = a_request(aino, State.CLOSED)
        correct(request=closed, **noted(closed, language="sv"), by=by)


def test_a_request_that_she_takes_back_says_when_and_how(aino: Person) -> None:
    by, request = the_registrar(), a_request(aino, State.IDENTIFYING)
    for wrong in (
        {"how": ""},
        {"how": "Tunnus 131052-308T"},
        {"withdrawn_on": TODAY() + timedelta(days=1)},
        {"withdrawn_on": request.received_on - timedelta(days=1)},
    ):
        values: dict[str, Any] = {"how": "Soitti", "withdrawn_on": TODAY(), **wrong}
        with working(), pytest.raises(ValidationError):
            withdraw(request=request, **values, by=by)
    with working():
        request = withdraw(request=request, withdrawn_on=TODAY(), how="Soitti", by=by)
        assert not RequestPause.objects.filter(request=request).open().exists()
        assert close(request=request, by=by).state == State.CLOSED
    assert request.answered_on is None


# --- closing --------------------------------------------------------------------------------------


def test_a_request_is_closed_once_nothing_is_left_to_do(aino: Person) -> None:
    from accounts.models import Recipient

    by = the_registrar()
    request = a_request(aino, State.ANSWERED)
    with working():
        task = add_task(request=request, public_id=uuid4(), what="Soita", due_on=None, by=by)
        recipient = Recipient.objects.create(name="Perintä Oy", kind=Recipient.Kind.values[0])
        notice = RecipientNotice.objects.create(request=request, recipient=recipient)
    with working(), pytest.raises(ValidationError):
        close(request=request, by=by)
    with working():
        finish_task(task=task, by=by)
    with working(), pytest.raises(ValidationError):
        close(request=request, by=by)
    with working():
        notice.told_on = TODAY()
        notice.save()
        request = close(request=request, by=by)
    assert request.closed_at is not None


def test_nothing_is_closed_as_answered_before_something_has_gone_out(aino: Person) -> None:
    by, request = the_registrar(), a_request(aino, State.IN_PROGRESS)
    with working():
        request.state, request.answered_on = State.ANSWERED, TODAY()
        request.save()
    with working(), pytest.raises(ValidationError):
        close(request=request, by=by)
    a_sent_letter(request)
    with working():
        assert close(request=request, by=by).state == State.CLOSED


def test_nothing_is_added_to_a_closed_request(aino: Person) -> None:
    by, request = the_registrar(), a_request(aino, State.CLOSED)
    with working(), pytest.raises(ValidationError) as refused:
        add_note(request=request, public_id=uuid4(), text="vielä", by=by)
    assert refused.value.code == "request_file_is_closed"
    with working(), pytest.raises(ValidationError):
        assign(request=request, handler=by, by=by)


def test_every_step_is_recorded_with_its_person(aino: Person, trail: Trail) -> None:
    a_request(aino, State.CLOSED)

    actions = trail.actions(aino.public_id)
    assert "create" in actions
    assert "update" in actions
    everything = str(trail.rows())
    assert "Mallikas" not in everything
    assert "Mallitie" not in everything


def test_a_note_is_made_once(aino: Person) -> None:
    by, request, key = the_registrar(), a_request(aino), uuid4()
    with working():
        first = add_note(request=request, public_id=key, text="Soitettu", by=by)
        again = add_note(request=request, public_id=key, text="Soitettu", by=by)
        assert first.pk == again.pk
    with working(), pytest.raises(SavedBefore):
        add_note(request=request, public_id=key, text="Muuta", by=by)


def test_opening_needs_a_context() -> None:
    from audit.context import NoAccessContext

    with pytest.raises(NoAccessContext):
        open_request(
            public_id=uuid4(),
            kind="access",
            channel="letter",
            received_on=TODAY(),
            requester_name="x",
            answer_to="y",
            language="fi",
            opened_by=the_registrar(),
        )
