"""The site's database role cannot change the log, by any of the ways (promise 5)."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections, transaction

from audit.context import AccessPurpose, access_context
from customers.models import Person
from tests.builders import a_person, a_user
from tests.database import site_connection

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres_versions]

INSERT = (
    "INSERT INTO audit_logentry (action, categories, actor_label, unit, purpose, reason, route,"
    " cid) VALUES (4, '{}', 'test', '', '', '', '', 'x')"
)


@pytest.fixture
def site() -> Iterator[psycopg.Connection[Any]]:
    with site_connection() as connection:
        yield connection


@pytest.fixture
def rows(site: psycopg.Connection[Any]) -> int:
    site.execute(INSERT)
    return count(site)


def count(connection: psycopg.Connection[Any]) -> int:
    return int(connection.execute("SELECT count(*) FROM audit_logentry").fetchone()[0])  # type: ignore[index]


def partitions(connection: psycopg.Connection[Any]) -> list[str]:
    return [
        name
        for (name,) in connection.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits"
            " WHERE inhparent = 'audit_logentry'::regclass ORDER BY 1"
        )
    ]


FORBIDDEN = [
    "UPDATE audit_logentry SET action = 0",
    "DELETE FROM audit_logentry",
    "TRUNCATE audit_logentry",
    "DROP TABLE audit_logentry",
    "ALTER TABLE audit_logentry DISABLE TRIGGER ALL",
    "ALTER TABLE audit_logentry DISABLE TRIGGER audit_append_only",
    "DROP TRIGGER audit_append_only ON audit_logentry",
    "SET session_replication_role = replica",
    "ALTER TABLE audit_logentry ADD COLUMN x integer",
    "CREATE RULE gone AS ON INSERT TO audit_logentry DO INSTEAD NOTHING",
    "CREATE TRIGGER own BEFORE INSERT ON audit_logentry FOR EACH ROW"
    " EXECUTE FUNCTION audit_append_only()",
    "CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RETURN NULL; END $$",
    "ALTER FUNCTION audit_append_only() RENAME TO nothing",
    "CREATE TABLE mine (id integer)",
    INSERT.replace("(action,", "(timestamp, action,").replace("(4,", "('2020-01-01', 4,"),
    INSERT.replace("(action,", "(id, action,").replace("(4,", "(1, 4,"),
    INSERT + " ON CONFLICT (id, timestamp) DO UPDATE SET action = 0",
    "MERGE INTO audit_logentry l USING (SELECT 1) AS x ON true WHEN MATCHED THEN DELETE",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_site_cannot_change_the_log(
    site: psycopg.Connection[Any], rows: int, statement: str
) -> None:
    before = site.execute("SELECT * FROM audit_logentry ORDER BY id").fetchall()

    with pytest.raises(psycopg.Error):
        site.execute(statement)

    assert site.execute("SELECT * FROM audit_logentry ORDER BY id").fetchall() == before


def test_the_site_cannot_give_itself_rights(site: psycopg.Connection[Any]) -> None:
    """PostgreSQL only warns here; what counts is that no right was granted."""
    site.execute("GRANT ALL ON audit_logentry TO PUBLIC")
    row = site.execute(
        "SELECT has_table_privilege('audit_logentry', 'UPDATE'),"
        " has_table_privilege('audit_logentry', 'DELETE'),"
        " has_table_privilege('audit_logentry', 'TRUNCATE')"
    ).fetchone()
    assert row == (False, False, False)


@pytest.mark.parametrize(
    "verb", ["UPDATE {} SET action = 0", "DELETE FROM {}", "TRUNCATE {}", "DROP TABLE {}"]
)
def test_the_site_cannot_go_round_by_a_partition(
    site: psycopg.Connection[Any], rows: int, verb: str
) -> None:
    for partition in partitions(site):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            site.execute(verb.format(partition))
    assert count(site) == rows


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_logentry SET action = 0",
        "DELETE FROM audit_logentry",
        "TRUNCATE audit_logentry",
    ],
)
def test_triggers_stop_the_owners_mistakes_too(
    owner: psycopg.Connection[Any], rows: int, statement: str
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
        owner.execute(statement)
    assert count(owner) == rows


def test_triggers_stop_the_owner_at_each_partition(
    owner: psycopg.Connection[Any], rows: int
) -> None:
    for partition in partitions(owner):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            owner.execute(f"TRUNCATE {partition}")
    assert count(owner) == rows


def test_a_user_whom_the_log_names_cannot_be_deleted(site: psycopg.Connection[Any]) -> None:
    user = a_user("remembered")
    site.execute(INSERT.replace("(action,", "(actor_id, action,").replace("(4,", f"({user.pk}, 4,"))

    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        site.execute("DELETE FROM accounts_user WHERE id = %s", [user.pk])


def test_deleting_a_content_type_leaves_the_rows(site: psycopg.Connection[Any]) -> None:
    a_person()
    before = count(site)

    with pytest.raises(RuntimeError), transaction.atomic():
        from django.contrib.contenttypes.models import ContentType

        with access_context(job="test", purpose=AccessPurpose.UPKEEP):
            # Not the one that is cached: it would be without its key for all that come after.
            ContentType.objects.get(app_label="customers", model="person").delete()
            with connections["default"].cursor() as cursor:
                cursor.execute("SELECT count(*) FROM audit_logentry")
                assert cursor.fetchone() == (before,)
        raise RuntimeError("undo")

    assert count(site) == before


def test_flush_cannot_empty_the_log(rows: int, site: psycopg.Connection[Any]) -> None:
    with pytest.raises(Exception, match=r"(?s)audit_logentry|permission|flush"):
        call_command("flush", interactive=False, verbosity=0)
    assert count(site) == rows


def test_the_time_is_the_databases(site: psycopg.Connection[Any], rows: int) -> None:
    (within,) = site.execute(  # type: ignore[misc]
        "SELECT bool_and(timestamp BETWEEN now() - interval '1 minute' AND now())"
        " FROM audit_logentry"
    ).fetchone()
    assert within is True


def test_the_site_can_make_room_for_the_next_months(site: psycopg.Connection[Any]) -> None:
    site.execute("SELECT audit_make_partitions(5)")
    (ahead,) = site.execute("SELECT audit_partitions_ahead()").fetchone()  # type: ignore[misc]
    assert ahead >= 5


def test_the_sites_role_is_no_owner_and_no_superuser(site: psycopg.Connection[Any]) -> None:
    row = site.execute(
        "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, rolreplication FROM pg_roles"
        " WHERE rolname = current_user"
    ).fetchone()
    assert row == (False, False, False, False, False)
    (owned,) = site.execute(  # type: ignore[misc]
        "SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user"
    ).fetchone()
    assert owned == 0


def test_the_audit_trail_shows_the_log_to_other_systems(site: psycopg.Connection[Any]) -> None:
    person = a_person()
    with access_context(job="night job", purpose=AccessPurpose.UPKEEP) as context:
        Person.objects.get(pk=person.pk)

    row = site.execute(
        "SELECT actor, action, subject, purpose, categories, route, request_id FROM audit_trail"
        " ORDER BY id DESC LIMIT 1"
    ).fetchone()
    assert row is not None
    assert row[:4] == ("night job", "access", person.public_id, "upkeep")
    assert row[5:] == ("job:night job", str(context.request_id))
