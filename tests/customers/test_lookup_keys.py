"""The keys stay what their sources say, however a row is written, and a command proves it."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command

from audit.context import AccessPurpose, access_context
from customers.key_upkeep import differences, make_true
from customers.models import ContactPoint, Customer, LookupKey, Person, ServiceUser
from datamap.declarations import registry
from datamap.lookup_keys import lookup_keys
from tests.builders import a_company, a_contact_person, a_person, a_service_user
from tests.database import site_connection

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres_versions]


def assert_keys_are_true() -> None:
    with access_context(job="check", purpose=AccessPurpose.UPKEEP):
        assert [one for one in differences() if not one.is_true] == []


def keys_of(owner: psycopg.Connection[Any], person: Person) -> set[str]:
    rows = owner.execute("SELECT key FROM customers_lookupkey WHERE person_id = %s", [person.pk])
    return {key for (key,) in rows}


@pytest.fixture
def person() -> Person:
    person = a_person("Matti", "Virtanen", phones=["040 000 0001"], emails=["m.v@example.com"])
    a_service_user(person, user_id="K900001")
    a_contact_person(person, a_company("Malli Oy", number="900001", business_id="9400122-2"))
    return person


def test_a_person_has_a_key_for_each_thing_she_is_found_by(
    owner: psycopg.Connection[Any], person: Person
) -> None:
    assert keys_of(owner, person) == {
        "virtanen matti",
        "matti virtanen",
        "+358400000001",
        "<100000004853",
        "@m.v@example.com",
        "#k900001",
        "~mt matti",
        "~vrtnn virtanen",
    }


def test_a_key_is_declared_as_of_every_category_that_one_can_be_of() -> None:
    kinds = {kind.category.value for kind in lookup_keys.kinds()}
    assert registry[LookupKey].categories_of(("key",)) == kinds


WRITES: dict[str, Callable[[Person], Any]] = {
    "a changed name": lambda p: _saved(p, last_name="Mäkelä"),
    "a changed language": lambda p: _saved(p, language="sv"),
    "an ended number": lambda p: [
        _saved(point, ended_on="2026-01-01") for point in ContactPoint.objects.filter(person=p)
    ],
    "a moved number": lambda p: [
        _saved(point, person=Person.objects.create(last_name="Uusi", source="staff"))
        for point in ContactPoint.objects.filter(person=p)
    ],
    "a deleted number": lambda p: ContactPoint.objects.filter(person=p).delete(),
    "a renamed company": lambda p: [
        _saved(company, company_name="Toinen nimi Oy") for company in Customer.objects.all()
    ],
    "many at once": lambda p: Person.objects.bulk_create(
        [Person(first_name="A", last_name=f"B{n}", source="staff") for n in range(50)]
    ),
    "a deleted user": lambda p: ServiceUser.objects.filter(person=p).delete(),
}


def _saved(row: Any, **values: Any) -> Any:
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return row


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
def test_keys_follow_what_the_site_writes(person: Person, write: Callable[[Person], Any]) -> None:
    with access_context(job="writer", purpose=AccessPurpose.UPKEEP):
        write(person)
    assert_keys_are_true()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE customers_person SET last_name = last_name || 'x'",
        "UPDATE customers_person SET id = id + 1000 WHERE id NOT IN"
        " (SELECT person_id FROM customers_contactpoint WHERE person_id IS NOT NULL)",
        "UPDATE customers_customer SET company_name = 'Kolmas Oy', business_id = ''",
        "INSERT INTO customers_person (public_id, first_name, last_name, language, source)"
        " SELECT gen_random_uuid(), 'Aino', 'Laine', 'fi', 'staff' FROM generate_series(1, 100)",
        "DELETE FROM customers_serviceuser",
        "TRUNCATE customers_serviceuser",
        "WITH moved AS (DELETE FROM customers_contactpoint RETURNING *)"
        " INSERT INTO customers_contactpoint SELECT * FROM moved",
    ],
)
def test_keys_follow_sql_written_by_hand(
    owner: psycopg.Connection[Any], person: Person, statement: str
) -> None:
    owner.execute(statement)
    assert_keys_are_true()


def test_the_site_cannot_write_the_keys(person: Person) -> None:
    with site_connection() as site:
        for statement in (
            "DELETE FROM customers_lookupkey",
            "UPDATE customers_lookupkey SET key = 'x'",
            "INSERT INTO customers_lookupkey (kind, key, source_id) VALUES (1, 'x', 1)",
            "TRUNCATE customers_lookupkey",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                site.execute(statement)


SPOILED = [
    "DELETE FROM customers_lookupkey WHERE kind = 1",
    "UPDATE customers_lookupkey SET key = key || 'x' WHERE kind = 2",
    "INSERT INTO customers_lookupkey (kind, key, source_id) VALUES (5, '#nobody', 999999)",
    "INSERT INTO customers_lookupkey (kind, key, source_id) VALUES (99, 'unknown', 1)",
    "INSERT INTO customers_lookupkey (kind, key, person_id, customer_id, source_id)"
    " SELECT kind, key, person_id, customer_id, source_id FROM customers_lookupkey",
]


@pytest.mark.parametrize("spoil", SPOILED)
def test_the_command_finds_every_difference_and_a_repair_removes_it(
    owner: psycopg.Connection[Any], person: Person, spoil: str, as_owner: None
) -> None:
    call_command("check_lookup_keys", stdout=StringIO())
    owner.execute(spoil)

    with pytest.raises(CommandError):
        call_command("check_lookup_keys", stdout=StringIO())

    with access_context(job="repair", purpose=AccessPurpose.UPKEEP):
        make_true()
    call_command("check_lookup_keys", stdout=StringIO())


@pytest.fixture
def as_owner(owner: psycopg.Connection[Any]) -> Any:
    """Let the site write the keys for the length of a test, as only the owner may."""
    from django.db import connections

    role = connections["default"].settings_dict["USER"]
    owner.execute(f"GRANT ALL ON customers_lookupkey TO {role}")
    yield
    owner.execute(f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON customers_lookupkey FROM {role}")
