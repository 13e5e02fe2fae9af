"""Due dates in a calendar, and reminders: numbers and days, and nothing of anybody."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from accounts.models import User
from audit.context import AccessPurpose, access_context
from customers.models import Person
from privacy.calendar import address_of, renew_link
from privacy.models import RequestReminder, SubjectRequest
from privacy.reminders import mail_reminders, note_reminders
from privacy.states import State
from tests.builders import a_person
from tests.log import Trail
from tests.request_builders import a_request, the_registrar

pytestmark = pytest.mark.django_db


@pytest.fixture
def aino() -> Person:
    return a_person("Aino", "Mallikas")


def link_of(user: User) -> str:
    with access_context(job="test", purpose=AccessPurpose.SUBJECT_REQUEST):
        return "/" + address_of(renew_link(user)).split("/", 3)[3]


def test_the_calendar_holds_open_requests_by_number(aino: Person, trail: Trail) -> None:
    request = a_request(aino, received_on=timezone.localdate() - timedelta(days=3))
    paused, done = a_request(aino, State.IDENTIFYING), a_request(aino, State.ANSWERED)
    address, before = link_of(the_registrar()), trail.last_id()

    response = Client().get(address)

    calendar = Calendar.from_ical(response.content)
    events: dict[str, Any] = {
        str(one["summary"]).partition(":")[0]: one for one in calendar.walk("VEVENT")
    }
    assert set(events) == {request.number, paused.number}
    assert events[request.number]["dtstart"].dt == request.due_on
    assert done.number not in response.content.decode()
    for secret in ("Aino", "Mallikas", "Mallitie", str(aino.public_id)):
        assert secret not in response.content.decode()
    assert response.headers["Content-Type"].startswith("text/calendar")
    assert response.headers["Cache-Control"] == "no-store"
    assert trail.rows(id__gt=before) == []


def test_a_renewed_link_ends_the_old_one() -> None:
    registrar = the_registrar()
    old = link_of(registrar)
    new = link_of(registrar)

    assert Client().get(old).status_code == 404
    assert Client().get(new).status_code == 200


def test_a_link_ends_with_the_account_and_with_the_role() -> None:
    registrar = the_registrar()
    address = link_of(registrar)
    registrar.groups.clear()
    assert Client().get(address).status_code == 404

    other = the_registrar("other")
    address = link_of(other)
    other.disabled_at = timezone.now()
    other.save()
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("token", ["none", "x:y:z", "W10:1t:x", "%00"])
def test_any_other_link_is_not_there(token: str) -> None:
    assert Client().get(f"/requests/calendar/{token}/").status_code == 404


def test_a_link_is_made_by_its_own_button(client_as: Callable[[str], Client]) -> None:
    client = client_as("registrar")
    assert client.get("/requests/calendar/").context["feed_address"] == ""
    client.post("/requests/calendar/")
    assert "/requests/calendar/" in client.get("/requests/calendar/").context["feed_address"]


# --- reminders ------------------------------------------------------------------------------------


def due_in(days: int, aino: Person, state: State = State.RECEIVED) -> SubjectRequest:
    """A request that is due in so many days, whatever day is today."""
    request = a_request(aino, state, received_on=timezone.localdate() - timedelta(days=10))
    with access_context(job="builder", purpose=AccessPurpose.UPKEEP):
        request.first_due_on = request.due_on = timezone.localdate() + timedelta(days=days)
        request.save()
    return request


def reminded() -> list[tuple[int, date, int]]:
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        rows = RequestReminder.objects.order_by("id")
        return [(one.request_id, one.due_on, one.days) for one in rows]


def test_each_distance_is_reminded_of_once(aino: Person) -> None:
    request = due_in(10, aino)
    assert len(note_reminders(job="test")) == 1
    assert note_reminders(job="test") == []
    assert reminded() == [(request.pk, request.due_on, 10)]


@pytest.mark.parametrize(
    ("days", "distances"),
    [
        (11, []),
        (10, [10]),
        (7, [10]),
        (5, [5]),
        (2, [5]),
        (1, [1]),
        (0, [1]),
        (-1, [-1]),
        (-5, [-5]),
    ],
)
def test_a_day_that_was_missed_is_made_good(aino: Person, days: int, distances: list[int]) -> None:
    due_in(days, aino)
    note_reminders(job="test")
    assert [one[2] for one in reminded()] == distances


def test_what_is_late_is_reminded_of_once_a_day_until_it_is_answered(aino: Person) -> None:
    request = due_in(-1, aino)
    assert len(note_reminders(job="test")) == 1
    assert note_reminders(job="test") == []

    with access_context(job="builder", purpose=AccessPurpose.UPKEEP):
        request.first_due_on = request.due_on = request.due_on - timedelta(days=1)  # a day later
        request.save()
    assert len(note_reminders(job="test")) == 1
    assert [one[2] for one in reminded()] == [-1, -2]

    due_in(-3, aino, State.ANSWERED)
    assert note_reminders(job="test") == []


def test_the_mail_says_how_long_it_is_late(aino: Person) -> None:
    User.objects.filter(pk=the_registrar().pk).update(email="r@example.org", language="en")
    request = due_in(-3, aino)
    mail_reminders(note_reminders(job="test"), job="test")
    [sent] = mail.outbox
    assert f"{request.number}: was due on" in sent.body
    assert "3 days ago" in sent.body


def test_nobody_is_reminded_of_what_stands_still_or_is_answered(aino: Person) -> None:
    due_in(5, aino, State.IDENTIFYING)
    due_in(5, aino, State.ANSWERED)
    assert note_reminders(job="test") == []


def test_another_due_date_is_reminded_of_anew(aino: Person) -> None:
    request = due_in(5, aino)
    note_reminders(job="test")
    with access_context(job="builder", purpose=AccessPurpose.UPKEEP):
        request.due_on += timedelta(days=3)
        request.save()
    note_reminders(job="test")
    assert [one[2] for one in reminded()] == [5, 10]


def test_the_mail_names_numbers_alone(aino: Person) -> None:
    registrar: Any = the_registrar()
    registrar.email = "registrar@example.org"
    registrar.save()
    request = due_in(5, aino)

    assert mail_reminders(note_reminders(job="test"), job="test") == 1

    [sent] = mail.outbox
    assert request.number in sent.body
    assert "5" in sent.body
    assert "Mallikas" not in f"{sent.subject} {sent.body}"
