"""The log's own page: found by person, staff member, time and action, and itself recorded."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from audit.log import Action
from audit.views import ROWS_PER_PAGE
from customers.models import Person
from tests.builders import a_person
from tests.log import Trail

pytestmark = pytest.mark.django_db


@pytest.fixture
def eeva() -> Person:
    return a_person("Eeva", "Ståhlberg")


@pytest.fixture
def lauri() -> Person:
    return a_person("Lauri", "Vuori")


@pytest.fixture
def looked_at(client_as: Callable[[str], Client], eeva: Person, lauri: Person) -> None:
    client_as("agent").get(f"/persons/{eeva.public_id}/")
    client_as("billing").get(f"/persons/{lauri.public_id}/")


def log_page(client: Client, **query: Any) -> str:
    response = client.get("/audit/", query)
    assert response.status_code == 200
    return str(response.content.decode())


def persons_in(page: str) -> set[str]:
    return set(re.findall(r"\?subject=([0-9a-f-]{36})", page))


def actors_in(page: str) -> set[str]:
    body = page[page.index('id="log-rows"') :]
    return {
        name
        for name in ("agent", "billing", "builder", "auditor")
        if re.search(rf">\s*{name}\b", body)
    }


def test_the_log_is_shown_newest_first(
    client_as: Callable[[str], Client], looked_at: None, eeva: Person, lauri: Person
) -> None:
    page = log_page(client_as("auditor"))
    assert persons_in(page) == {str(eeva.public_id), str(lauri.public_id)}
    assert page.index(f"?subject={lauri.public_id}") < page.index(f"?subject={eeva.public_id}")


def test_by_person(client_as: Callable[[str], Client], looked_at: None, eeva: Person) -> None:
    page = log_page(client_as("auditor"), subject=str(eeva.public_id))
    assert persons_in(page) == {str(eeva.public_id)}


@pytest.mark.parametrize("actor", ["agent", "builder"])
def test_by_staff_member_or_job(
    client_as: Callable[[str], Client], looked_at: None, actor: str
) -> None:
    assert actors_in(log_page(client_as("auditor"), actor=actor)) == {actor}


def test_by_action(
    client_as: Callable[[str], Client], looked_at: None, eeva: Person, lauri: Person
) -> None:
    page = log_page(client_as("auditor"), action=int(Action.ACCESS))
    assert actors_in(page) == {"agent", "billing"}


def test_by_time(client_as: Callable[[str], Client], looked_at: None, eeva: Person) -> None:
    today = timezone.localdate()
    auditor = client_as("auditor")
    assert persons_in(log_page(auditor, since=today, until=today)) != set()
    assert persons_in(log_page(auditor, until=today - timedelta(days=1))) == set()
    assert persons_in(log_page(auditor, since=today + timedelta(days=1))) == set()


def test_an_end_before_the_beginning_is_told(client_as: Callable[[str], Client]) -> None:
    page = log_page(client_as("auditor"), since="2026-05-02", until="2026-05-01")
    assert persons_in(page) == set()
    assert 'role="alert"' in page


def test_looking_at_the_log_is_itself_recorded(
    client_as: Callable[[str], Client], looked_at: None, eeva: Person, trail: Trail
) -> None:
    client = client_as("registrar")
    before = trail.last_id()

    log_page(client, subject=str(eeva.public_id))

    (row,) = trail.rows(id__gt=before)
    assert (row["action"], row["subject"], row["purpose"], row["categories"]) == (
        Action.ACCESS,
        eeva.public_id,
        "log_control",
        ["access_log"],
    )


def test_looks_at_the_log_are_shown_when_asked_for(
    client_as: Callable[[str], Client], looked_at: None
) -> None:
    auditor = client_as("auditor")
    log_page(auditor)
    assert "auditor" not in actors_in(log_page(auditor))
    assert "auditor" in actors_in(log_page(auditor, with_control="on"))


def test_every_row_is_on_one_page_and_none_on_two(
    client_as: Callable[[str], Client], trail: Trail
) -> None:
    made = {str(a_person("Aino", f"Laine{n}").public_id) for n in range(ROWS_PER_PAGE + 20)}
    auditor = client_as("auditor")

    first = log_page(auditor)
    (older,) = re.findall(r'href="(/audit/\?[^"]*before=[^"]*)"', first)
    second = str(auditor.get(older.replace("&amp;", "&")).content.decode())

    assert len(persons_in(first)) == ROWS_PER_PAGE
    assert persons_in(first) | persons_in(second) == made
    assert not persons_in(first) & persons_in(second)
    assert "before=" not in second[second.index('id="log-rows"') :]


@pytest.mark.parametrize(
    "before",
    [
        "2024-01-01T00:00:00+20:00~1",
        "2024-01-01T00:00:00+01:00:00.5~1",
        "0001-01-01T00:00:00+14:00~1",
        "9999-12-31T23:59:59-14:00~1",
        "2024-01-01T00:00:00+00:00~999999999999999999999",
        "yesterday~one",
    ],
)
def test_any_position_is_answered(client_as: Callable[[str], Client], before: str) -> None:
    log_page(client_as("auditor"), before=before)


def test_whose_address_is_not_known_is_recorded_without_one(
    client_as: Callable[[str], Client], eeva: Person, trail: Trail
) -> None:
    """As behind a proxy that hands requests over by a socket."""
    agent = client_as("agent")

    response = agent.get(f"/persons/{eeva.public_id}/", REMOTE_ADDR="")

    assert response.status_code == 200
    assert {row["remote_addr"] for row in trail.last_request()} == {None}
