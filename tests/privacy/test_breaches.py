"""Breaches: their clock, their record, whom they affected, and who is reminded."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from audit.context import AccessContext, AccessPurpose, access_context, activate
from audit.log import Action
from customers.models import Person
from privacy.breach_alerts import mail_breach, note_due_breaches
from privacy.breaches import (
    Looks,
    affected_by,
    close_breach,
    count_affected,
    forget_breaches,
    left_of,
    note_affected,
    save_breach,
    tell_by,
)
from privacy.forgetting.runs import apply_retention
from privacy.models import Breach, BreachAffected
from tests.builders import a_person, a_user
from tests.desk import form_on, text_of
from tests.disclosing import a_breach
from tests.log import Trail

pytestmark = pytest.mark.django_db

HELSINKI = ZoneInfo("Europe/Helsinki")
HOUR = timedelta(hours=1)
_EARLIER, _LATER = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
def registrar(staff: Callable[..., User]) -> User:
    return staff("registrar")


def saved(breach: Breach, by: User, **more: Any) -> Breach:
    for name, value in more.items():
        setattr(breach, name, value)
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        return save_breach(breach=breach, by=by)


def closed(breach: Breach) -> Breach:
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        return close_breach(breach=breach)


# --- the clock ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "by"),
    [
        ("2026-11-27 16:30", "2026-11-30 16:30"),
        ("2026-12-24 12:00", "2026-12-27 12:00"),
        ("2026-03-27 12:00", "2026-03-30 13:00"),
        ("2026-10-24 12:00", "2026-10-27 11:00"),
        ("2026-03-29 02:59", "2026-04-01 03:59"),
        ("2026-12-30 23:00", "2027-01-02 23:00"),
    ],
    ids=["weekend", "christmas", "summer time", "winter time", "the hour itself", "new year"],
)
def test_the_clock_runs_in_plain_hours(known: str, by: str) -> None:
    aware_at = datetime.fromisoformat(known).replace(tzinfo=HELSINKI)
    expected = datetime.fromisoformat(by).replace(tzinfo=HELSINKI)

    assert tell_by(aware_at) == expected
    assert tell_by(aware_at).astimezone(HELSINKI).strftime("%Y-%m-%d %H:%M") == by


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(HELSINKI)))  # noqa: DTZ001
def test_seventy_two_hours_are_seventy_two_hours(aware_at: datetime) -> None:
    assert tell_by(aware_at) - aware_at.astimezone(UTC) == 72 * HOUR


def test_how_many_hours_is_a_setting(settings: Any) -> None:
    settings.BREACH_HOURS = 96
    now = timezone.now()
    assert tell_by(now) - now == 96 * HOUR


def test_what_is_left_counts_down_and_then_up(registrar: User) -> None:
    breach = a_breach(registrar)
    by = breach.tell_by

    def left(before: timedelta) -> tuple[int, int, bool]:
        one = left_of(breach, by - before)
        return one.hours, one.minutes, one.is_over

    assert left(72 * HOUR) == (72, 0, False)
    assert left(timedelta(minutes=61)) == (1, 1, False)
    assert left(timedelta()) == (0, 0, False)
    assert left(-timedelta(minutes=61)) == (1, 1, True)


# --- the record -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"aware_at": timezone.now() + timedelta(days=1)},
        {
            "began_at": datetime(2026, 1, 2, tzinfo=UTC),
            "ended_at": datetime(2026, 1, 1, tzinfo=UTC),
        },
        {"told_authority_at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"told_persons_at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"told_authority_at": timezone.now() + timedelta(days=1)},
        {"told_persons_at": timezone.now() + timedelta(days=1)},
        {"nature": "Tunnus 131052-308T oli tiedostossa."},
        {"categories": []},
        {"nature": ""},
    ],
    ids=[
        *("future", "backwards", "told before", "persons before", "told in future"),
        *("persons in future", "identity code", "none", "empty"),
    ],
)
def test_what_cannot_be_is_not_recorded(registrar: User, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        a_breach(registrar, **wrong)
    assert not Breach.objects.exists()


def test_a_notice_that_comes_late_says_why(registrar: User) -> None:
    known = timezone.now() - 80 * HOUR
    breach = a_breach(registrar, aware_at=known, risk="risk")

    assert saved(breach, registrar, told_authority_at=known + 72 * HOUR).late_because == ""
    with pytest.raises(ValidationError) as refused:
        saved(breach, registrar, told_authority_at=known + 73 * HOUR)
    assert len(refused.value.messages) == 1
    saved(breach, registrar, late_because="Laajuus selvisi vasta lokista.")


@pytest.mark.parametrize(
    ("values", "may"),
    [
        ({}, False),
        ({"risk": "none"}, True),
        ({"risk": "risk"}, False),
        ({"risk": "risk", "told_authority_at": "now"}, True),
        ({"risk": "high", "told_authority_at": "now"}, False),
        ({"risk": "high", "told_authority_at": "now", "told_persons_at": "now"}, True),
        ({"risk": "high", "told_persons_at": "now"}, False),
    ],
)
def test_a_breach_is_closed_only_when_everybody_is_told(
    registrar: User, values: dict[str, Any], may: bool
) -> None:
    now = {name: timezone.now() if value == "now" else value for name, value in values.items()}
    breach = a_breach(registrar, aware_at=timezone.now() - HOUR, **now)
    if may:
        first = closed(breach).closed_at
        assert closed(breach).closed_at == first is not None
    else:
        with pytest.raises(ValidationError):
            closed(breach)
        with pytest.raises(IntegrityError), transaction.atomic():
            Breach.objects.filter(pk=breach.pk).update(closed_at=timezone.now())


def test_a_closed_breach_stays_whoever_writes(
    transactional_db: None, owner: psycopg.Connection[Any], staff: Callable[..., User]
) -> None:
    registrar = staff("registrar")
    breach = a_breach(registrar, risk="none")
    with pytest.raises(psycopg.errors.CheckViolation):
        owner.execute("DELETE FROM privacy_breach")
    closed(breach)

    with pytest.raises(ValidationError):
        saved(Breach.objects.get(), registrar, nature="Jotain muuta")
    with pytest.raises(psycopg.errors.CheckViolation):
        owner.execute("UPDATE privacy_breach SET nature = 'x'")
    with pytest.raises(psycopg.errors.CheckViolation):
        owner.execute("UPDATE privacy_breach SET closed_at = NULL")


# --- whom it affected -----------------------------------------------------------------------------


def look(actor: User | None, route: str, *persons: Person, job: str = "") -> None:
    """Somebody, or a job, sees these persons on a page."""
    label = "" if actor is not None else job
    context = AccessContext(
        purpose=AccessPurpose.CUSTOMER_CARE,
        actor_id=None if actor is None else actor.pk,
        actor_label=label,
        route=route,
    )
    with activate(context):
        for person in persons:
            context.saw_subject(person.public_id, frozenset({"name"}))
        context.flush()


CARD, LISTS = "persons/<uuid:public_id>/", "marketing/<uuid:public_id>/"


def test_whom_it_affected_is_counted_from_the_log(registrar: User, trail: Trail) -> None:
    thief, other = a_user("thief"), a_user("other")
    one, two, three, four = (a_person(name) for name in ("Yksi", "Kaksi", "Kolme", "Neljä"))
    look(thief, CARD, one, two)
    look(thief, CARD, one)
    look(thief, LISTS, three)
    look(other, CARD, four)
    look(None, "job:export", four, job="export")
    now = timezone.now()
    window = {"since": now - HOUR, "until": now + HOUR}

    def count(**more: Any) -> int:
        with access_context(job="test", purpose=AccessPurpose.UPKEEP):
            return count_affected(Looks(**{**window, **more}))

    assert count() == 4
    assert count(actor="thief") == 3
    assert count(actor="thief", route="persons/") == 2
    assert count(actor="export") == 1
    assert count(route="nowhere") == 0
    assert count(since=now - 3 * HOUR, until=now - 2 * HOUR) == 0

    breach, before = a_breach(registrar), trail.last_id()
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        looks = Looks(**window, actor="thief", route="persons/")
        assert note_affected(breach=breach, looks=looks) == 2
        assert note_affected(breach=breach, looks=looks) == 0
        assert affected_by([breach]) == {breach.pk: 2}
    rows = trail.rows(id__gt=before, action=Action.CREATE)
    assert {row["subject"] for row in rows} == {one.public_id, two.public_id}
    assert {row["purpose"] for row in rows} == {"log_control"}


def test_a_closed_breach_goes_after_five_years_once_it_names_nobody(registrar: User) -> None:
    at = datetime(2021, 3, 1, 23, 30, tzinfo=UTC)  # in Helsinki it was the 2nd
    over = {"risk": "none", "aware_at": at - HOUR, "closed_at": at}
    gone, names_somebody = a_breach(registrar, **over), a_breach(registrar, **over)
    later = a_breach(registrar, **{**over, "closed_at": at + 24 * HOUR})
    a_breach(registrar)
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        BreachAffected.objects.create(breach=names_somebody, subject=a_person().public_id)

    assert forget_breaches(day=date(2026, 3, 1), job="test") == 0
    assert forget_breaches(day=date(2026, 3, 2), job="test") == 1
    assert not Breach.objects.filter(pk=gone.pk).exists()
    assert apply_retention(as_of=date(2026, 3, 2), job="test").erased["privacy.breachaffected"] == 1
    assert forget_breaches(day=date(2026, 3, 2), job="test") == 1
    assert not Breach.objects.filter(pk=names_somebody.pk).exists()
    assert Breach.objects.filter(pk=later.pk).exists()
    assert forget_breaches(day=date(2099, 1, 1), job="test") == 1  # the open one stays


def test_nobody_is_added_to_a_closed_breach(registrar: User) -> None:
    look(registrar, CARD, a_person())
    breach = closed(a_breach(registrar, risk="none"))
    now = timezone.now()
    with (
        pytest.raises(ValidationError),
        access_context(job="test", purpose=AccessPurpose.UPKEEP),
    ):
        note_affected(breach=breach, looks=Looks(now - HOUR, now + HOUR))


# --- reminders ------------------------------------------------------------------------------------


def known_before(registrar: User, hours: float, **more: Any) -> Breach:
    return a_breach(registrar, aware_at=timezone.now() - hours * HOUR, **more)


@pytest.mark.parametrize(
    ("hours", "reminded"),
    [
        (1, None),
        (47, None),
        (48.1, 24),
        (65, 24),
        (66.1, 6),
        (71, 6),
        (72.1, 0),
        (95, 0),
        (97, -24),
        (200, -120),
    ],
)
def test_registrars_are_reminded_at_24_and_at_6_hours(
    registrar: User, hours: float, reminded: int | None
) -> None:
    breach = known_before(registrar, hours)
    expected = [] if reminded is None else [(breach.pk, reminded)]

    assert note_due_breaches() == expected
    assert note_due_breaches() == []


def test_what_is_late_is_reminded_of_every_day_until_it_is_told(registrar: User) -> None:
    User.objects.filter(pk=registrar.pk).update(email="registrar@example.com", language="en")
    breach = known_before(registrar, 98)
    Breach.objects.update(reminded_at_hours=0)  # as when the time had just ended
    assert note_due_breaches() == [(breach.pk, -24)]
    assert note_due_breaches() == []
    assert mail_breach(breach.pk) == 1
    assert "late by 26 h" in mail.outbox[0].subject

    told = Breach.objects.get()
    saved(told, registrar, told_authority_at=timezone.now(), late_because="Selvitys kesti.")
    Breach.objects.update(reminded_at_hours=0)
    assert note_due_breaches() == []


def test_each_reminder_comes_once(registrar: User) -> None:
    breach = known_before(registrar, 50)
    assert note_due_breaches() == [(breach.pk, 24)]
    saved(Breach.objects.get(), registrar, aware_at=timezone.now() - 67 * HOUR)
    assert note_due_breaches() == [(breach.pk, 6)]
    assert note_due_breaches() == []


def test_where_the_clock_is_another_its_reminders_begin_anew(registrar: User) -> None:
    breach = known_before(registrar, 67)
    assert note_due_breaches() == [(breach.pk, 6)]
    saved(Breach.objects.get(), registrar, nature="Kadonnut kannettava")
    assert note_due_breaches() == []

    saved(Breach.objects.get(), registrar, aware_at=timezone.now() - 50 * HOUR)
    assert note_due_breaches() == [(breach.pk, 24)]
    saved(Breach.objects.get(), registrar, aware_at=timezone.now() - 67 * HOUR)

    assert note_due_breaches() == [(breach.pk, 6)]


def test_of_what_needs_no_notice_or_is_told_nobody_is_reminded(registrar: User) -> None:
    known_before(registrar, 50, risk="none")
    known_before(registrar, 50, risk="risk", told_authority_at=timezone.now())
    closed(known_before(registrar, 50, risk="none"))
    assert note_due_breaches() == []


def test_the_mail_says_how_long_and_nothing_of_what_happened(registrar: User) -> None:
    User.objects.filter(pk=registrar.pk).update(email="registrar@example.com", language="en")
    breach = known_before(registrar, 66.5)

    assert mail_breach(breach.pk) == 1
    [sent] = mail.outbox
    assert sent.to == ["registrar@example.com"]
    assert "5 h 2" in sent.subject
    assert breach.nature not in f"{sent.subject}{sent.body}"


# --- pages ----------------------------------------------------------------------------------------


def test_the_page_shows_what_is_left_to_those_who_keep_the_record(
    client_as: Callable[[str], Client], registrar: User
) -> None:
    breach = known_before(registrar, 2, nature="Kadonnut kannettava")
    old = closed(known_before(registrar, 100, risk="none", nature="Väärä vastaanottaja"))
    for who, may in (("registrar", True), ("auditor", False)):
        page = client_as(who).get("/breaches/")
        shown = page.content.decode()
        assert "69 h 59 min" in shown
        assert "Kadonnut kannettava" in shown
        assert "Väärä vastaanottaja" in shown
        assert ("/admin/privacy/breach/add/" in shown) == may
        detail = client_as(who).get(f"/breaches/{breach.public_id}/").content.decode()
        assert (f"/admin/privacy/breach/{breach.public_id}/change/" in detail) == may
        assert client_as(who).get(f"/breaches/{old.public_id}/").status_code == 200
    assert client_as("agent").get("/breaches/").status_code == 403
    assert client_as("admin").get("/breaches/").status_code == 403


def test_a_breach_is_recorded_counted_and_closed_on_the_desk(
    client_as: Callable[[str], Client], staff: Callable[..., User]
) -> None:
    client, desk = client_as("registrar"), "/admin/privacy/breach/"
    look(staff("agent"), CARD, a_person(), a_person("Toinen"))
    form = form_on(client, f"{desk}add/")
    form |= {
        "nature": "Asiakastietoja katsottiin ilman syytä.",
        "aware_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M:%S"),
        "categories": ["name"],
    }
    assert client.post(f"{desk}add/", form).status_code == 302
    breach = Breach.objects.get()
    assert (breach.noted_by.username, breach.tell_by - breach.aware_at) == ("registrar", 72 * HOUR)

    here = f"{desk}{breach.public_id}/"
    form = form_on(client, f"{here}affected/")
    now = timezone.localtime()
    form |= {
        "since": (now - HOUR).strftime("%Y-%m-%dT%H:%M:%S"),
        "until": (now + HOUR).strftime("%Y-%m-%dT%H:%M:%S"),
        "actor": "agent",
    }
    told = client.post(f"{here}affected/", {**form, "do": "foretell"})
    assert " 2 " in text_of(told)
    assert client.post(f"{here}affected/", form).status_code == 302
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        assert BreachAffected.objects.filter(breach=breach).count() == 2

    done = {"is_done": "on"}
    refused = client.post(f"{here}close/", form_on(client, f"{here}close/") | done)
    assert refused.status_code == 200
    assert Breach.objects.get().closed_at is None
    form = form_on(client, f"{here}change/") | {"risk": "none"}
    assert client.post(f"{here}change/", form).status_code == 302
    form = form_on(client, f"{here}close/") | done
    assert client.post(f"{here}close/", form).status_code == 302
    assert Breach.objects.get().closed_at is not None
    assert "desk-form" not in client.get(f"{here}change/").content.decode()


def test_who_saves_a_breach_second_sees_what_was_saved_meanwhile(
    client_as: Callable[[str], Client], registrar: User
) -> None:
    breach, client = a_breach(registrar), client_as("registrar")
    url = f"/admin/privacy/breach/{breach.public_id}/change/"
    first, second = form_on(client, url), form_on(client, url)
    assert client.post(url, first | {"measures": "Ensimmäisen toimet"}).status_code == 302

    answer = client.post(url, second | {"measures": "Toisen toimet"})

    assert answer.status_code == 409
    assert "Ensimmäisen toimet" in answer.content.decode()
    assert "Toisen toimet" in answer.content.decode()
    assert Breach.objects.get().measures == "Ensimmäisen toimet"
