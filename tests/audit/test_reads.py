"""Every kind of read: recorded inside an access context, refused outside one."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Lower

from audit.context import AccessContext as Context
from audit.context import (
    AccessPurpose,
    NoAccessContext,
    NoPurpose,
    UnrecordedRead,
    UnrecordedWrite,
    access_context,
    activate,
    resume,
)
from audit.gate import RecordedQuerySet
from audit.sql import Sealed, keys_sql, prepared_rows, recorded_sql, run_sql, sealed_sql
from audit.together import PERSON, Together
from customers.models import ContactPerson, ContactPoint, Customer, LookupKey, Person
from datamap.vocabulary import Category
from tests.builders import a_company, a_contact_person, a_person
from tests.log import Trail

pytestmark = [pytest.mark.django_db, pytest.mark.postgres_versions]

Read = Callable[[Person], Any]

RECORDED: dict[str, Read] = {
    "get": lambda p: Person.objects.get(pk=p.pk),
    "iteration": lambda p: list(Person.objects.filter(pk=p.pk)),
    "iterator": lambda p: list(Person.objects.filter(pk=p.pk).iterator()),
    "first": lambda p: Person.objects.filter(pk=p.pk).first(),
    "slice": lambda p: Person.objects.filter(pk=p.pk)[0],
    "in_bulk": lambda p: Person.objects.in_bulk([p.pk]),
    "earliest": lambda p: Person.objects.filter(pk=p.pk).earliest("pk"),
    "refresh_from_db": lambda p: p.refresh_from_db(),
    "deferred field": lambda p: Person.objects.only("public_id").get(pk=p.pk).last_name,
    "select_for_update": lambda p: Person.objects.select_for_update().get(pk=p.pk),
    "union": lambda p: list(Person.objects.filter(pk=p.pk).union(Person.objects.filter(pk=p.pk))),
    "distinct instances": lambda p: list(Person.objects.filter(pk=p.pk).distinct()),
    "or of two query sets": lambda p: list(
        Person.objects.filter(pk=p.pk) | Person.objects.filter(pk=p.pk)
    ),
    "related manager": lambda p: list(p.contact_points.all()),
    "reverse relation of a role": lambda p: list(p.contact_roles.all()),
    "foreign key": lambda p: ContactPoint.objects.filter(person=p)[0].person,
    "select_related": lambda p: list(
        ContactPoint.objects.select_related("person").filter(person=p)
    ),
    "prefetch_related": lambda p: list(
        Person.objects.prefetch_related("contact_points").filter(pk=p.pk)
    ),
    "values": lambda p: list(ContactPoint.objects.filter(person=p).values("as_written")),
    "values of an expression": lambda p: list(
        Person.objects.filter(pk=p.pk).values(name=Lower("last_name"))
    ),
    "values without names": lambda p: list(ContactPoint.objects.filter(person=p).values()),
    "values_list": lambda p: list(Person.objects.filter(pk=p.pk).values_list("last_name")),
    "values_list flat": lambda p: list(
        Person.objects.filter(pk=p.pk).values_list("last_name", flat=True)
    ),
    "values_list named": lambda p: list(
        Person.objects.filter(pk=p.pk).values_list("last_name", named=True)
    ),
    "values through an iterator": lambda p: list(
        Person.objects.filter(pk=p.pk).values("last_name").iterator()
    ),
    "values along the subject's path": lambda p: list(
        ContactPoint.objects.filter(person=p).values("person__last_name")
    ),
    "values of the subject's own rows": lambda p: list(
        Person.objects.filter(pk=p.pk).values("contact_roles__position")
    ),
    "annotation along the subject's path": lambda p: list(
        ContactPoint.objects.filter(person=p).annotate(name=F("person__last_name"))
    ),
    "recorded SQL": lambda p: recorded_sql(
        "SELECT public_id AS subject, last_name FROM customers_person WHERE id = %s",
        [p.pk],
        categories=[Category.NAME],
    ),
    "recorded SQL about several": lambda p: recorded_sql(
        "SELECT ARRAY[NULL, public_id] AS subjects, last_name FROM customers_person WHERE id = %s",
        [p.pk],
        categories=[Category.NAME],
    ),
    "sealed SQL that is opened": lambda p: [row.open() for row in sealed(p)],
    "query sets read together": lambda p: read_together(
        p, ContactPoint.objects.filter(person=PERSON.stand_in)
    ),
    "query sets read together with what they refer to": lambda p: read_together(
        p, ContactPerson.objects.filter(person=PERSON.stand_in).select_related("customer")
    ),
}


def read_together(person: Person, query_set: RecordedQuerySet[Any]) -> list[Any]:
    day = date(2026, 3, 5)
    return Together().read("reader", lambda: {"it": query_set}, person=person.pk, day=day)["it"]


def sealed(person: Person) -> list[Sealed]:
    return sealed_sql(
        "SELECT public_id AS subject, id, last_name FROM customers_person WHERE id = %s",
        [person.pk],
        order=["id"],
        categories=[Category.NAME],
    )


DISCLOSES_NOBODY: dict[str, Read] = {
    "count": lambda p: Person.objects.count(),
    "exists": lambda p: Person.objects.filter(pk=p.pk).exists(),
    "contains": lambda p: Person.objects.all().contains(p),
    "aggregate of keys": lambda p: Person.objects.aggregate(Max("pk"), Count("last_name")),
    "keys_only": lambda p: list(Person.objects.keys_only()),
    "statistics": lambda p: list(
        LookupKey.objects.statistics().values("kind").annotate(n=Count("pk"))
    ),
    "only keys in values": lambda p: list(Person.objects.values_list("pk", "public_id")),
    "subquery of a filter": lambda p: Customer.objects.filter(
        contact_persons__person__in=Person.objects.values("pk")
    ).count(),
    "keys by SQL": lambda p: keys_sql("SELECT id FROM customers_person"),
    "sealed SQL, of which only the order is seen": lambda p: [row.order for row in sealed(p)],
}

REFUSED: dict[str, Read] = {
    "grouped values": lambda p: list(Person.objects.values("last_name").annotate(n=Count("pk"))),
    "distinct values": lambda p: list(Person.objects.values_list("last_name").distinct()),
    "union of values": lambda p: list(
        Person.objects.values_list("last_name").union(Person.objects.values_list("first_name"))
    ),
    "aggregate of a personal field": lambda p: Person.objects.aggregate(Max("last_name")),
    "statistics of a personal field": lambda p: list(
        Person.objects.statistics().values("last_name").annotate(n=Count("pk"))
    ),
    "statistics as objects": lambda p: list(Person.objects.statistics()),
    "values that end at another person": lambda p: list(
        Customer.objects.values("contact_persons__person__last_name")
    ),
    "annotation that ends at another person": lambda p: list(
        Customer.objects.annotate(x=F("contact_persons__person__last_name"))
    ),
    "wrapped annotation of another person": lambda p: list(
        Customer.objects.annotate(x=Lower(F("contact_persons__person__last_name")))
    ),
    "subquery that shows somebody": lambda p: list(
        Customer.objects.annotate(x=Subquery(Person.objects.values("last_name")[:1]))
    ),
    "SQL without a subject": lambda p: recorded_sql(
        "SELECT last_name FROM customers_person", categories=[Category.NAME]
    ),
    "annotations read together": lambda p: read_together(
        p, ContactPoint.objects.annotate(name=F("person__last_name"))
    ),
    "values read together": lambda p: read_together(p, ContactPoint.objects.values("as_written")),
    "a day that would stay as it is, read together": lambda p: read_together(
        p, ContactPoint.objects.filter(verified_on__lt=date(2026, 3, 5))
    ),
    "names by key SQL": lambda p: keys_sql("SELECT last_name FROM customers_person"),
}


@pytest.fixture
def person() -> Person:
    person = a_person(phones=["040 000 0001"])
    a_contact_person(person=person, customer=a_company())
    return person


@pytest.mark.parametrize("read", RECORDED.values(), ids=RECORDED.keys())
def test_a_read_is_recorded_inside_a_context(person: Person, read: Read, trail: Trail) -> None:
    before = trail.count()

    with access_context(job="reader", purpose=AccessPurpose.UPKEEP):
        read(person)

    rows = trail.rows()[before:]
    assert [(row["subject"], row["purpose"], row["actor_label"]) for row in rows] == [
        (person.public_id, "upkeep", "reader")
    ]
    assert rows[0]["categories"]


@pytest.mark.parametrize("read", DISCLOSES_NOBODY.values(), ids=DISCLOSES_NOBODY.keys())
def test_what_discloses_nobody_names_nobody(person: Person, read: Read, trail: Trail) -> None:
    before = trail.count()

    with access_context(job="reader", purpose=AccessPurpose.UPKEEP):
        read(person)

    assert trail.count() == before


@pytest.mark.parametrize("read", REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_recorded_is_refused(person: Person, read: Read) -> None:
    with (
        pytest.raises(UnrecordedRead),
        access_context(job="reader", purpose=AccessPurpose.UPKEEP),
    ):
        read(person)


@pytest.mark.parametrize(
    "read",
    [*RECORDED.values(), *DISCLOSES_NOBODY.values(), *REFUSED.values()],
    ids=[*RECORDED, *DISCLOSES_NOBODY, *REFUSED],
)
def test_every_read_is_refused_outside_a_context(person: Person, read: Read) -> None:
    with pytest.raises((NoAccessContext, UnrecordedRead)):
        read(person)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM customers_person",
        'SELECT * FROM "customers_person"',
        "SELECT count(*) FROM public.customers_contactpoint",
        "WITH p AS (SELECT * FROM customers_person) SELECT 1 FROM p",
        "DELETE FROM customers_person",
        "TABLE audit_logentry",
    ],
)
def test_a_cursor_of_ones_own_is_refused_outside_a_context(statement: str) -> None:
    with pytest.raises(NoAccessContext), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_join_from_an_undeclared_model_is_refused_outside_a_context() -> None:
    from django.contrib.auth.models import Group

    inner = Person.objects.filter(pk=OuterRef("pk"))
    with pytest.raises(NoAccessContext):
        list(Group.objects.filter(Exists(inner) | Q(pk=0)))


def test_a_context_without_a_purpose_reads_nobody(person: Person) -> None:
    with activate(Context()), pytest.raises(NoPurpose):
        Person.objects.get(pk=person.pk)


def test_one_row_per_person_gathers_all_categories(person: Person, trail: Trail) -> None:
    before = trail.count()

    with access_context(job="reader", purpose=AccessPurpose.UPKEEP):
        Person.objects.get(pk=person.pk)
        list(ContactPoint.objects.filter(person=person))
        list(ContactPerson.objects.filter(person=person))

    (row,) = trail.rows()[before:]
    assert {"name", "phone", "company_contact"} <= set(row["categories"])


@pytest.mark.parametrize(
    "write",
    [
        lambda: Person.objects.update(last_name="x"),
        lambda: Person.objects.bulk_update([], ["last_name"]),
        lambda: Person.objects.bulk_create([], ignore_conflicts=True),
    ],
    ids=["update", "bulk_update", "bulk_create ignoring conflicts"],
)
def test_a_write_that_would_leave_no_row_is_refused(write: Callable[[], Any]) -> None:
    with (
        pytest.raises(UnrecordedWrite),
        access_context(job="writer", purpose=AccessPurpose.UPKEEP),
    ):
        write()


def test_a_resumed_context_reads_only_whom_the_log_names(person: Person) -> None:
    other = a_person()
    with access_context(job="stream", purpose=AccessPurpose.UPKEEP) as context:
        Person.objects.get(pk=person.pk)

    with resume(context, frozenset({person.public_id})):
        assert Person.objects.get(pk=person.pk) == person
        with pytest.raises(UnrecordedRead):
            Person.objects.get(pk=other.pk)


def test_the_logs_own_limits_are_not_those_of_the_work_after_it(person: Person) -> None:
    with access_context(job="test", purpose=AccessPurpose.UPKEEP) as context:
        run_sql("SET LOCAL statement_timeout = '7s'; SET LOCAL lock_timeout = '3s'")
        Person.objects.get(pk=person.pk)
        context.flush()

        names = "current_setting('statement_timeout') AS statement, current_setting('lock_timeout')"
        assert prepared_rows(f"SELECT {names} AS lock", []) == [{"statement": "7s", "lock": "3s"}]
