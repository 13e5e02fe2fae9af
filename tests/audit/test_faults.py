"""What happens when the log, the view, the commit or the process fails.

Whatever fails: nothing is disclosed, nothing is half done, and what had been read is in the log.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client

from customers.models import Person
from tests.builders import a_person
from tests.database import begin_as_a_child, site_connection
from tests.log import Trail

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres_versions,
    pytest.mark.urls("tests.audit.fault_urls"),
]

SECRET = "Salattunimi"


@pytest.fixture
def person() -> Person:
    return a_person(last_name=SECRET)


@pytest.fixture
def agent(client_as: Callable[[str], Client]) -> Client:
    client = client_as("agent")
    client.raise_request_exception = False
    return client


def last_name(person: Person) -> str:
    with site_connection() as other:
        row = other.execute("SELECT last_name FROM customers_person WHERE id = %s", [person.pk])
        return str(row.fetchone()[0])  # type: ignore[index]


def assert_empty_503(response: Any) -> None:
    assert response.status_code == 503
    assert response.content == b""


@pytest.fixture
def refusing_log(owner: psycopg.Connection[Any]) -> Iterator[None]:
    """The log table refuses every insert."""
    owner.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'no'; END $$"
    )
    owner.execute(
        "CREATE TRIGGER refuse BEFORE INSERT ON audit_logentry"
        " FOR EACH ROW EXECUTE FUNCTION refuse()"
    )
    yield
    owner.execute("DROP FUNCTION refuse() CASCADE")


def test_the_row_is_committed_before_the_first_byte(
    agent: Client, person: Person, owner: psycopg.Connection[Any]
) -> None:
    """A second connection sees the row while the answer is still in our hands."""
    seen: list[Any] = []

    class Watching:
        def __init__(self, application: Any) -> None:
            self.application = application

        def __call__(self, request: Any) -> Any:
            response = self.application(request)
            seen.extend(
                owner.execute(
                    "SELECT subject FROM audit_logentry WHERE action = 3 AND subject = %s",
                    [person.public_id],
                )
            )
            return response

    from audit.middleware import AccessMiddleware

    original = AccessMiddleware.__call__
    AccessMiddleware.__call__ = lambda self, request: Watching(  # type: ignore[method-assign]
        lambda r: original(self, r)
    )(request)
    try:
        response = agent.get(f"/show/{person.public_id}/")
    finally:
        AccessMiddleware.__call__ = original  # type: ignore[method-assign]

    assert SECRET in response.content.decode()
    assert seen == [(person.public_id,)]


def test_a_log_that_refuses_inserts_discloses_nothing(
    agent: Client, person: Person, refusing_log: None
) -> None:
    assert_empty_503(agent.get(f"/show/{person.public_id}/"))


def test_a_log_that_refuses_inserts_changes_nothing(
    agent: Client, person: Person, refusing_log: None
) -> None:
    assert_empty_503(agent.get(f"/rename/{person.public_id}/"))
    assert last_name(person) == SECRET


@pytest.mark.parametrize("address", ["/lookup/", "/persons/{}/"])
def test_the_real_pages_are_empty_when_the_log_refuses(
    agent: Client, person: Person, refusing_log: None, address: str
) -> None:
    url = address.format(person.public_id)
    response = agent.post(url, {"q": SECRET}) if url == "/lookup/" else agent.get(url)

    assert_empty_503(response)


def test_a_locked_log_discloses_nothing_and_recovers(
    agent: Client, person: Person, owner: psycopg.Connection[Any], trail: Trail
) -> None:
    with owner.transaction():
        owner.execute("LOCK TABLE audit_logentry IN ACCESS EXCLUSIVE MODE")
        assert_empty_503(agent.get(f"/show/{person.public_id}/"))

    assert agent.get(f"/show/{person.public_id}/").content.decode() == SECRET
    assert trail.actions(person.public_id)[-1] == "access"


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ("error", 500),
        ("database", 500),
        ("answer", 500),
        ("missing", 404),
        ("denied", 403),
        ("broken", 200),
    ],
)
def test_a_view_that_fails_half_way_changes_nothing_and_its_read_is_recorded(
    agent: Client, person: Person, trail: Trail, how: str, status: int
) -> None:
    before = trail.count()

    response = agent.get(f"/fail/{person.public_id}/{how}/")

    assert response.status_code == status
    assert SECRET not in response.content.decode()
    assert last_name(person) == SECRET
    actions = [row["action"] for row in trail.rows()[before:] if row["subject"]]
    assert actions == [3]


def test_a_failure_at_commit_discloses_nothing_and_changes_nothing(
    agent: Client, person: Person, trail: Trail
) -> None:
    assert_empty_503(agent.get(f"/commit/{person.public_id}/"))
    with site_connection() as other:
        (count,) = other.execute("SELECT count(*) FROM customers_contactpoint").fetchone()  # type: ignore[misc]
    assert count == 0


def test_a_database_that_ends_the_connection_discloses_nothing_and_recovers(
    agent: Client, person: Person
) -> None:
    def end_the_connection(
        execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        if "audit_logentry" in sql:
            pid = connection.connection.info.backend_pid
            with site_connection() as other:
                other.execute("SELECT pg_terminate_backend(%s, 2000)", [pid])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(end_the_connection):
        response = agent.get(f"/show/{person.public_id}/")
    assert_empty_503(response)

    assert agent.get(f"/show/{person.public_id}/").content.decode() == SECRET


def test_a_worker_killed_in_the_middle_leaves_nothing_half_done(
    agent: Client, person: Person, trail: Trail
) -> None:
    changes_before = trail.actions(person.public_id).count("update")
    connection.close()

    child = os.fork()
    if child == 0:
        try:
            begin_as_a_child()
            agent.get(f"/fail/{person.public_id}/killed/")
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)

    assert os.WIFSIGNALED(status)
    assert last_name(person) == SECRET
    assert trail.actions(person.public_id).count("update") == changes_before
