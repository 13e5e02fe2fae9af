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
from privacy.models import RecipientNotice, RequestPause, StateChange, SubjectRequest
from privacy.services import (
    add_note,
    add_task,
    answer,
    ask_identity,
    assign,
    close,
    extend,
    finish_task,
    go_on,
    identify,
    move,
    open_request,
    refuse,
    say_whose,
)
from privacy.states import FOLLOWING, State
from tests.builders import a_person, restricted
from tests.log import Trail
from tests.request_builders import a_request, the_registrar

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

REACHED = {
    State.RECEIVED: "received",
    State.IDENTIFYING: "asked who she is",
    State.IN_PROGRESS: "identified",
    State.EXTENDED: "extended",
    State.ANSWERED: "answered",
    State.PARTLY_REFUSED: "partly refused",
    State.REFUSED: "refused",
    State.CLOSED: "closed",
}


def step(request: SubjectRequest, to: State, by: User) -> SubjectRequest:
    """Take the step that leads to a state."""
    today = TODAY()
    if to == State.IDENTIFYING:
        return ask_identity(request=request, doubt="epäselvä", by=by)
    if to == State.EXTENDED and request.state != State.IDENTIFYING:
        return extend(request=request, reason="laaja", by=by)
    if to == State.ANSWERED:
        return answer(request=request, answered_on=today, by=by)
    if to in (State.REFUSED, State.PARTLY_REFUSED):
        return refuse(
            request=request,
            ground="unfounded",
            reasons="perusteeton",
            answered_on=today,
            by=by,
            is_partly=to == State.PARTLY_REFUSED,
        )
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
    values = (
        "answered_on = current_date, refusal = 'unfounded', refusal_reason = 'x',"
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
        lambda: refuse(request=request, ground="unfounded", reasons="x", answered_on=today, by=by),
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
        refuse(
            request=request,
            ground="unfounded",
            reasons="x",
            answered_on=TODAY(),
            by=other,
            seen_at=seen_at,
        )
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
            refuse(
                request=a_request(aino),
                ground=ground,
                reasons=reasons,
                answered_on=TODAY(),
                by=the_registrar(),
            )


def test_a_refusal_ends_the_pause(aino: Person) -> None:
    by = the_registrar()
    request = a_request(aino, State.IDENTIFYING)
    with working():
        refuse(request=request, ground="unidentified", reasons="x", answered_on=TODAY(), by=by)
        assert not RequestPause.objects.filter(request=request).open().exists()


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
