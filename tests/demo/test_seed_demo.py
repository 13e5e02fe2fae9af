"""The command: what it writes, and what it refuses."""

from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import User
from audit.context import AccessContext, AccessPurpose, activate
from customers.models import Interaction
from datamap.lookup_keys import difference_sql, lookup_keys
from praecom_registry.demo.people import Plan, batches
from praecom_registry.demo.tables import TABLES, Table
from tests.builders import a_person
from tests.database import empty_tables
from tests.log import Trail

TODAY = "2026-11-02"
BY_HAND: dict[Any, int] = {Interaction: 2}  # the calls that the demo's requests tell of


def seed(persons: int = 600, *options: str) -> str:
    """Run the command; returns what it said on the way. Recordings have tests of their own."""
    said = StringIO()
    options = ("--seed=3", f"--today={TODAY}", "--recordings=0", *options)
    call_command("seed_demo", f"--persons={persons}", *options, stderr=said)
    return said.getvalue()


def query(sql: str) -> list[tuple[Any, ...]]:
    """Read as the tests do: in a context whose rows nobody writes."""
    with (
        activate(AccessContext(purpose=AccessPurpose.LOG_CONTROL)),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
        return list(cursor.fetchall())


def count(table: str) -> int:
    return int(query(f"SELECT count(*) FROM {table}")[0][0])


@pytest.fixture
def registrar(staff: Callable[..., User]) -> User:
    staff("agent")
    return staff("registrar")


def test_every_generated_row_arrives(registrar: User) -> None:
    seed(600)

    [batch] = batches(Plan(600, 3, date.fromisoformat(TODAY)))
    for table in TABLES:
        generated = len(getattr(batch, table.batch_list))
        rows = count(table.model._meta.db_table)
        assert generated > 0, table.model.__name__
        assert rows == generated + BY_HAND.get(table.model, 0), table.model.__name__
    assert count("privacy_statistic") > 0


def test_rows_belong_to_whom_they_were_generated_for(registrar: User) -> None:
    seed(300)

    [batch] = batches(Plan(300, 3, date.fromisoformat(TODAY)))
    found = query(
        "SELECT p.public_id, c.as_written, cu.number FROM customers_contactpoint c"
        " LEFT JOIN customers_person p ON p.id = c.person_id"
        " LEFT JOIN customers_customer cu ON cu.id = c.customer_id ORDER BY c.id"
    )
    assert found == [
        (
            None if point.person is None else batch.persons[point.person].public_id,
            point.as_written,
            None if point.customer is None else batch.customers[point.customer].number,
        )
        for point in batch.contact_points
    ]


@pytest.mark.django_db
def test_every_person_has_a_log_row(trail: Trail) -> None:
    seed(300)

    rows = trail.rows()
    persons = {public_id for (public_id,) in query("SELECT public_id FROM customers_person")}
    assert len(rows) == len(persons) == 300
    assert {row["subject"] for row in rows} == persons
    assert {(row["action"], row["actor_label"], row["purpose"]) for row in rows} == {
        (0, "seed_demo", "upkeep")
    }
    assert len({row["cid"] for row in rows}) == 1


@pytest.mark.django_db
def test_a_log_row_says_what_was_written_of_the_person(trail: Trail) -> None:
    seed(300)

    categories = {row["subject"]: set(row["categories"]) for row in trail.rows()}
    asked = {
        subject
        for (subject,) in query(
            "SELECT p.public_id FROM customers_person p WHERE p.id IN"
            " (SELECT person_id FROM consents_marketingchoice"
            " UNION SELECT person_id FROM consents_collectionnotice)"
        )
    }
    assert 0 < len(asked) < 300
    assert {subject for subject, shown in categories.items() if "marketing" in shown} == asked
    assert all("name" in shown for shown in categories.values())


@pytest.mark.django_db
def test_the_key_table_is_true_afterwards() -> None:
    seed(400)

    for source in lookup_keys:
        [(expected, missing, surplus)] = query(difference_sql(source))
        assert expected > 0, source.name
        assert (missing, surplus) == (0, 0), source.name


def test_choices_are_ones_that_the_models_know(registrar: User) -> None:
    seed(600)

    for table in TABLES:
        assert unknown_choices(table) == {}


def unknown_choices(table: Table) -> dict[str, set[str]]:
    found = {}
    for field in table.model._meta.concrete_fields:
        known = {value for value, _label in field.flatchoices} | ({""} if field.blank else set())
        if field.flatchoices:
            sql = f"SELECT DISTINCT {field.column} FROM {table.model._meta.db_table}"
            unknown = {value for (value,) in query(sql)} - known
            if unknown:
                found[field.name] = unknown
    return found


@pytest.mark.django_db(transaction=True)
def test_the_same_seed_fills_an_empty_register_byte_for_byte(
    owner: psycopg.Connection[Any],
) -> None:
    def contents() -> dict[str, list[Any]]:
        # When a document last changed is the database's own time.
        documents = {table.lines_of.name for table in TABLES if table.lines_of}
        tables = {table.name for table in TABLES} | {"consents_wording", "contracts_product"}
        return {
            name: owner.execute(
                f"SELECT to_jsonb(t) - %s::text FROM {name} t ORDER BY id",
                ["changed_at" if name in documents else ""],
            ).fetchall()
            for name in tables
        }

    empty_tables(number_anew=True)
    seed(300)
    first = contents()
    empty_tables(number_anew=True)
    seed(300)

    assert contents() == first
    assert len(first["customers_person"]) == 300


@pytest.mark.django_db
def test_a_register_with_people_in_it_is_left_alone(trail: Trail) -> None:
    a_person(last_name="Oikea")
    before = trail.count()

    with pytest.raises(CommandError, match="--add"):
        seed(10)

    assert count("customers_person") == 1
    assert trail.count() == before


@pytest.mark.django_db
def test_more_can_be_added_on_demand() -> None:
    seed(200)
    seed(150, "--add")

    assert count("customers_person") == 350
    assert query("SELECT count(DISTINCT public_id) FROM customers_person") == [(350,)]


@pytest.mark.django_db
def test_without_a_registrar_nobody_is_restricted_or_held() -> None:
    said = seed(300)

    assert count("customers_restriction") == count("customers_hold") == 0
    assert count("customers_person") == 300
    assert len(said.splitlines()) == 2


def test_contacts_are_handled_and_holds_placed_by_staff_of_those_roles(
    registrar: User, staff: Callable[..., User]
) -> None:
    staff("auditor")
    seed(300)

    agent = staff("agent")
    assert query("SELECT DISTINCT handled_by_id FROM customers_interaction") == [(agent.pk,)]
    assert query("SELECT DISTINCT placed_by_id FROM customers_hold") == [(registrar.pk,)]


@pytest.mark.django_db
def test_each_batch_says_how_far_it_is() -> None:
    assert "120" in seed(120).splitlines()[-1]


@pytest.mark.django_db
@pytest.mark.parametrize("persons", [0, -5])
def test_nobody_is_not_a_register(persons: int) -> None:
    with pytest.raises(CommandError):
        seed(persons)
