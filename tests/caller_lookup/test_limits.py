"""Nobody walks the register: who finds many persons without a call is slowed, then stopped."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from accounts.models import User
from accounts.tasks import tell_registrars
from audit.context import AccessPurpose, access_context
from audit.log import Action
from audit.volume import MOST_CALLS, Pace, Volume
from customers.models import Interaction, Person
from tests.builders import a_company, a_person
from tests.log import Trail

pytestmark = pytest.mark.django_db(transaction=True)

LIMIT = 10


@pytest.fixture(autouse=True)
def _limit(settings: Any) -> None:
    settings.LOOKUP_PERSONS_PER_10_MIN = LIMIT


@pytest.fixture
def people(transactional_db: None) -> list[Person]:
    """Three of each name, and one of another."""
    return [
        a_person(first, last)
        for last in ("Virtanen", "Korhonen", "Nieminen", "Laine", "Koskela")
        for first in ("Aino", "Eino", "Oiva")
    ]


def look_up(client: Client, term: str) -> Any:
    return client.post("/lookup/", {"q": term})


def shown(response: Any) -> int:
    return int(response.content.count(b"data-person="))


def let_time_pass(owner: psycopg.Connection[Any], minutes: float) -> None:
    """Move the log's rows into the past, as only the owner can."""
    with owner.transaction():
        owner.execute("ALTER TABLE audit_logentry DISABLE TRIGGER USER")
        owner.execute(
            "UPDATE audit_logentry SET timestamp = timestamp - make_interval(secs => %s)",
            [minutes * 60],
        )
        owner.execute("ALTER TABLE audit_logentry ENABLE TRIGGER USER")


@pytest.fixture
def seconds_pass(owner: psycopg.Connection[Any]) -> Callable[[], None]:
    return lambda: let_time_pass(owner, 0.2)


def test_who_finds_few_searches_freely(
    client_as: Callable[[str], Client], people: list[Person]
) -> None:
    agent = client_as("agent")
    assert [shown(look_up(agent, "virtanen")) for _ in range(5)] == [3] * 5


def test_who_has_found_half_must_wait_between_searches(
    client_as: Callable[[str], Client],
    people: list[Person],
    seconds_pass: Callable[[], None],
) -> None:
    agent = client_as("agent")
    look_up(agent, "virtanen")
    assert shown(look_up(agent, "korhonen")) == 3

    slowed = look_up(agent, "nieminen")
    assert slowed.status_code == 429
    assert shown(slowed) == 0
    assert b"data-slowed" in slowed.content

    seconds_pass()
    assert shown(look_up(agent, "nieminen")) == 3


def test_at_the_limit_nobody_more_is_shown(
    client_as: Callable[[str], Client],
    people: list[Person],
    seconds_pass: Callable[[], None],
    trail: Trail,
) -> None:
    agent = client_as("agent")
    found = []
    for term in ("virtanen", "korhonen", "nieminen", "laine", "koskela", "virtanen"):
        found.append(shown(look_up(agent, term)))
        seconds_pass()

    assert found == [3, 3, 3, 1, 0, 0]
    stopped = look_up(agent, "koskela")
    assert stopped.status_code == 429
    assert b"data-stopped" in stopped.content
    assert len(trail.subjects(route="lookup/")) == LIMIT
    refusals = trail.rows(route="lookup/", action=int(Action.DENY))
    assert {row["reason"] for row in refusals} == {"lookup volume"}


def test_the_same_persons_again_count_once(
    client_as: Callable[[str], Client],
    people: list[Person],
    seconds_pass: Callable[[], None],
) -> None:
    agent = client_as("agent")
    for _ in range(6):
        assert shown(look_up(agent, "virtanen")) == 3
        seconds_pass()


def test_a_recorded_contact_is_a_call_and_starts_the_count_anew(
    client_as: Callable[[str], Client],
    staff: Callable[[str], User],
    people: list[Person],
    seconds_pass: Callable[[], None],
) -> None:
    agent = client_as("agent")
    for term in ("virtanen", "korhonen", "nieminen", "laine"):
        look_up(agent, term)
        seconds_pass()
    assert look_up(agent, "koskela").status_code == 429

    note_contacts(staff("agent"), people[0])
    assert shown(look_up(agent, "koskela")) == 3


def note_contacts(agent: User, *persons: Person) -> None:
    with access_context(job="test", purpose=AccessPurpose.SERVICE_CALL, actor_id=agent.pk):
        for person in persons:
            Interaction.objects.create(
                person=person, channel="phone", direction="in", subject="x", source="phone_call",
                handled_by=agent,
            )  # fmt: skip


def test_a_person_is_a_call_once_in_ten_minutes(
    client_as: Callable[[str], Client],
    staff: Callable[[str], User],
    people: list[Person],
    seconds_pass: Callable[[], None],
    owner: psycopg.Connection[Any],
) -> None:
    agent = client_as("agent")
    found = []
    for term in ("virtanen", "korhonen", "nieminen", "laine", "koskela"):
        note_contacts(staff("agent"), people[0])
        found.append(shown(look_up(agent, term)))
        seconds_pass()
    assert found == [3, 3, 3, 1, 0]

    note_contacts(staff("agent"), people[1])
    assert shown(look_up(agent, "koskela")) == 3
    let_time_pass(owner, 10)
    note_contacts(staff("agent"), people[0])
    assert shown(look_up(agent, "koskela")) == 3


def test_who_records_more_calls_than_one_has_is_stopped_and_the_registrars_told_once(
    client_as: Callable[[str], Client],
    staff: Callable[[str], User],
    people: list[Person],
    settings: Any,
    owner: psycopg.Connection[Any],
) -> None:
    settings.LOOKUP_PERSONS_PER_10_MIN = 1000
    agent = client_as("agent")
    for person in [*people, *people][:MOST_CALLS]:
        note_contacts(staff("agent"), person)
    assert shown(look_up(agent, "virtanen")) == 3

    note_contacts(staff("agent"), people[0])
    assert agent.get("/admin/accounts/user/").status_code == 403  # refused, but not for this

    stopped = look_up(agent, "virtanen")
    assert (stopped.status_code, shown(stopped)) == (429, 0)
    assert b"data-stopped" in stopped.content
    assert look_up(agent, "virtanen").status_code == 429
    assert agent.get("/admin/customers/person/").status_code == 429
    jobs = owner.execute("SELECT args->>'alert' FROM procrastinate_jobs").fetchall()
    assert jobs == [("many calls",)] * 2  # the lookup and the lists
    let_time_pass(owner, 10)
    assert shown(look_up(agent, "virtanen")) == 3


def test_after_ten_minutes_the_count_is_anew(
    client_as: Callable[[str], Client],
    people: list[Person],
    owner: psycopg.Connection[Any],
    seconds_pass: Callable[[], None],
) -> None:
    agent = client_as("agent")
    for term in ("virtanen", "korhonen", "nieminen", "laine"):
        look_up(agent, term)
        seconds_pass()
    assert look_up(agent, "koskela").status_code == 429

    let_time_pass(owner, 10)
    assert shown(look_up(agent, "koskela")) == 3


def test_one_users_searches_stop_nobody_else(
    client_as: Callable[[str], Client],
    people: list[Person],
    seconds_pass: Callable[[], None],
) -> None:
    agent = client_as("agent")
    for term in ("virtanen", "korhonen", "nieminen", "laine"):
        look_up(agent, term)
        seconds_pass()
    assert look_up(agent, "koskela").status_code == 429
    assert shown(look_up(client_as("billing"), "koskela")) == 3


def test_zero_is_no_limit(
    client_as: Callable[[str], Client], people: list[Person], settings: Any
) -> None:
    settings.LOOKUP_PERSONS_PER_10_MIN = 0
    agent = client_as("agent")
    terms = ("virtanen", "korhonen", "nieminen", "laine", "koskela")
    assert [shown(look_up(agent, term)) for term in terms] == [3] * 5


def test_the_registrar_is_told_once(
    client_as: Callable[[str], Client],
    staff: Callable[[str], User],
    people: list[Person],
    seconds_pass: Callable[[], None],
    owner: psycopg.Connection[Any],
) -> None:
    registrar = staff("registrar")
    registrar.email = "registrar@example.com"
    registrar.save()
    agent = client_as("agent")
    for term in ("virtanen", "korhonen", "nieminen", "laine", "koskela", "koskela"):
        look_up(agent, term)
        seconds_pass()

    jobs = owner.execute("SELECT task_name, args FROM procrastinate_jobs").fetchall()
    (args,) = [args for name, args in jobs if name == "accounts.tasks.tell_registrars"]
    assert args == {"alert": "many persons", "user_id": staff("agent").pk}

    assert tell_registrars(**args) == 1
    (message,) = mail.outbox
    assert message.to == ["registrar@example.com"]
    assert "agent" in message.body
    assert "Virtanen" not in message.body


@pytest.mark.parametrize(
    ("persons", "seconds", "pace"),
    [
        (0, None, Pace.FREE),
        (4, 0.0, Pace.FREE),
        (5, 0.0, Pace.SLOWED),
        (5, 4.9, Pace.SLOWED),
        (5, 5.0, Pace.FREE),
        (9, 60.0, Pace.FREE),
        (10, 60.0, Pace.STOPPED),
        (99, None, Pace.STOPPED),
    ],
)
def test_the_pace_follows_the_volume(persons: int, seconds: float | None, pace: Pace) -> None:
    assert Volume(LIMIT, persons, seconds).pace is pace


def test_searches_sent_at_once_are_counted_one_after_another(
    client_as: Callable[[str], Client],
    people: list[Person],
    owner: psycopg.Connection[Any],
    trail: Trail,
) -> None:
    """None of them is in the log while the others are counted: the log is held meanwhile."""
    agent = client_as("agent")

    def send(term: str) -> int:
        try:
            browser = Client()
            browser.cookies = agent.cookies
            return shown(look_up(browser, term))
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        with owner.transaction():
            owner.execute("LOCK TABLE audit_logentry IN SHARE MODE")
            terms = ("virtanen", "korhonen", "nieminen", "laine", "koskela")
            answers = [pool.submit(send, term) for term in terms]
            time.sleep(0.5)
        found = sum(answer.result() for answer in answers)

    assert 0 < found <= LIMIT
    assert len(trail.subjects(route="lookup/")) == found


def test_lists_of_the_desk_and_of_a_customer_are_limited_too(
    client_as: Callable[[str], Client], people: list[Person], settings: Any, trail: Trail
) -> None:
    settings.LOOKUP_PERSONS_PER_10_MIN = 1  # ten persons in lists
    agent = client_as("agent")
    assert agent.get("/admin/customers/person/").status_code == 200
    assert len(trail.subjects(route__startswith="admin/")) == len(people)

    before = trail.last_id()
    for stopped in (
        agent.get("/admin/customers/person/"),
        agent.post("/admin/customers/person/choose/", {"term": "virtanen"}),
        agent.get(f"/customers/{a_company().public_id}/"),
    ):
        assert stopped.status_code == 429
    assert {row["action"] for row in trail.rows(id__gt=before, actor__isnull=False)} == {
        int(Action.DENY)
    }
    assert client_as("billing").get("/admin/customers/person/").status_code == 200
