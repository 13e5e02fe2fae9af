"""A person with a value in every declared field: rows by the builders, then what they left empty.

What no builder fills is written by the owner, past triggers and checks: a row that is open and
closed, answered and refused at once holds a value in each field.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import uuid4

import psycopg
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from psycopg import sql
from psycopg.types.json import Jsonb

from accounts.models import DisclosedPerson, User
from audit.context import AccessPurpose, access_context
from audit.models import LogEntry
from consents.models import MarketingListRow
from contracts.models import (
    CustomerSummary,
    Device,
    OfferLine,
    OrderLine,
)
from contracts.summaries import compute_queued
from customers.models import IdentityCheck, Interaction, LookupKey, Person, Restriction
from datamap.declarations import PersonalData, registry
from privacy.models import (
    Breach,
    BreachAffected,
    ErasureDecision,
    Objection,
    Package,
    PackageFile,
    ProposedRedaction,
    RecipientNotice,
    Rectification,
    RequestAttachment,
    RequestLetter,
    RequestNote,
    RequestPause,
    RequestReminder,
    RequestTask,
    StaffNamesDecision,
    StateChange,
    SubjectRequest,
)
from privacy.report.collecting import rows_about
from privacy.states import State
from recordings.models import MessageConcerns, RecordingConcerns
from recordings.services import seal
from tests.database import empty_tables
from tests.disclosing import a_recipient, disclosed
from tests.records import a_record
from tests.request_builders import a_request

_numbers = count(1)
_MADE_BY_OTHERS = (
    *(CustomerSummary, LogEntry, LookupKey, OfferLine, OrderLine, StateChange),
    *(MessageConcerns, RecordingConcerns, Device),
)
"""Rows that come with others', or from the database itself."""


def fill(person: Person, by: User, owner: psycopg.Connection[Any]) -> None:
    """Give the person at least one row of each declared model, with a value in each field."""
    request = a_request(person, State.IN_PROGRESS, by=by)
    made = [one for one in registry if one.subjects and one.model not in _MADE_BY_OTHERS]
    for declaration in sorted(made, key=lambda one: one.model is Restriction):  # it forbids most
        _make(declaration.model, person, request, by)
    compute_queued(job="builder")
    _look_up(person, by)
    for declaration in registry:
        if declaration.subjects and declaration.model is not LogEntry:
            _complete(declaration, person, owner)


def empty_fields(person: Person) -> list[str]:
    """The declared fields of which no row of hers has a value."""
    return [
        f"{declaration.model._meta.label}.{name}"
        for declaration in registry
        if declaration.subjects
        for name in _empty(declaration, person)
    ]


def rows_of(declaration: PersonalData, person: Person) -> list[Any]:
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        return list(rows_about(declaration, person).order_by("pk"))


def _look_up(person: Person, by: User) -> None:
    """A look at her data that says what for, where and why: the log cannot be written to."""
    purpose = AccessPurpose.PROBLEM_SOLVING
    with access_context(job="test", purpose=purpose, actor_id=by.pk, reason="TP-1") as context:
        context.unit = "Palvelupiste"
        Person.objects.get(pk=person.pk)


# --- rows -----------------------------------------------------------------------------------------


def _make(model: type[models.Model], person: Person, request: SubjectRequest, by: User) -> None:
    if model is SubjectRequest:
        return
    if model in _OF_REQUEST:
        with access_context(job="builder", purpose=AccessPurpose.SUBJECT_REQUEST):
            _OF_REQUEST[model](request, by)
        return
    if model is DisclosedPerson:
        disclosed(person, to=a_recipient())
        return
    if model is IdentityCheck:
        a_record("customers.interaction", person)
        with access_context(job="builder", purpose=AccessPurpose.UPKEEP):
            contact = Interaction.objects.filter(person=person).earliest("pk")
            IdentityCheck.objects.create(
                interaction=contact,
                question=IdentityCheck.Question.values[0],
                matched=True,
                checked_by=by,
            )
        return
    if model is MarketingListRow:
        a_record("consents.marketinglist", person)
        return
    a_record(model._meta.label_lower, person)


def _a_file() -> Any:
    return seal(io.BytesIO(f"tiedosto {next(_numbers)}".encode()))


def _a_package(request: SubjectRequest, by: User) -> Package:
    found = Package.objects.filter(request=request).first()
    return found or Package.objects.create(
        request=request,
        contents=Package.Contents.ACCESS,
        status=Package.Status.REVIEW,
        asked_by=by,
        expires_on=timezone.localdate() + timedelta(days=30),
        draft=_a_file(),
    )


def _a_breach(by: User) -> Breach:
    now = timezone.now()
    return Breach.objects.create(
        nature="Lista lähti väärälle",
        aware_at=now,
        tell_by=now + timedelta(hours=72),
        categories=["name"],
        noted_by=by,
    )


_OF_REQUEST: dict[Any, Any] = {
    RequestPause: lambda request, by: RequestPause.objects.create(
        request=request, asked_on=request.received_on, doubt="Nimi ei täsmää"
    ),
    RequestTask: lambda request, by: RequestTask.objects.create(request=request, what="Soita"),
    RequestNote: lambda request, by: RequestNote.objects.create(
        request=request, text="Soitti perään", written_by=by
    ),
    RequestReminder: lambda request, by: RequestReminder.objects.create(
        request=request, due_on=request.due_on, days=10
    ),
    RequestAttachment: lambda request, by: RequestAttachment.objects.create(
        request=request, title="Kirje", media_type="application/pdf", file=_a_file()
    ),
    RequestLetter: lambda request, by: RequestLetter.objects.create(
        request=request, template="receipt", language="fi", file=_a_file(), made_by=by
    ),
    Package: _a_package,
    PackageFile: lambda request, by: PackageFile.objects.create(
        package=_a_package(request, by), kind="data", file=_a_file()
    ),
    ProposedRedaction: lambda request, by: ProposedRedaction.objects.create(
        package=_a_package(request, by), pointer="/1/values/2", start=0, stop=4, what="name"
    ),
    Rectification: lambda request, by: Rectification.objects.create(
        request=request,
        model="customers.person",
        record=uuid4(),
        field="last_name",
        old_value="Malikas",
        new_value="Mallikas",
        is_accepted=True,
        decided_by=by,
    ),
    ErasureDecision: lambda request, by: ErasureDecision.objects.create(
        request=request, category="name", is_erased=False, ground="still_needed", decided_by=by
    ),
    Objection: lambda request, by: Objection.objects.create(
        request=request, purpose="research", weighing="Ei ole", is_upheld=True, decided_by=by
    ),
    StaffNamesDecision: lambda request, by: StaffNamesDecision.objects.create(
        request=request, names_staff=False, weighing="Ei tarvetta", decided_by=by
    ),
    RecipientNotice: lambda request, by: RecipientNotice.objects.create(
        request=request, recipient=a_recipient()
    ),
    BreachAffected: lambda request, by: BreachAffected.objects.create(
        breach=_a_breach(by), subject=request.person.public_id
    ),
}


# --- what the builders leave empty ----------------------------------------------------------------


def _empty(declaration: PersonalData, person: Person) -> list[str]:
    rows = rows_of(declaration, person)
    return [name for name in declaration.fields if not any(_has(row, name) for row in rows)]


def _has(row: Any, name: str) -> bool:
    field = row._meta.get_field(name)
    return row.__dict__[field.attname] not in (None, "", [], {})


def _complete(declaration: PersonalData, person: Person, owner: psycopg.Connection[Any]) -> None:
    """Write a value into each empty field of one of her rows."""
    model = declaration.model
    for name in _empty(declaration, person):
        for row in rows_of(declaration, person):
            if _is_written(owner, model, row.pk, name, _value(model, name, person)):
                break


def _is_written(
    owner: psycopg.Connection[Any], model: Any, key: int, name: str, value: Any
) -> bool:
    """Write the value as the owner, past the triggers; False where it must be unique and is not."""
    table = sql.Identifier(model._meta.db_table)
    update = sql.SQL("UPDATE {} SET {} = %s WHERE {} = %s").format(
        table,
        sql.Identifier(model._meta.get_field(name).column),
        sql.Identifier(model._meta.pk.column),
    )
    try:
        with owner.transaction():
            owner.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(table))
            owner.execute(update, [value, key])
            owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
            owner.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(table))
    except psycopg.errors.UniqueViolation:
        return False
    return True


@contextmanager
def without_checks(owner: psycopg.Connection[Any]) -> Iterator[None]:
    """Let declared tables hold what no single row may: a value in each field at once."""
    found = owner.execute(
        "SELECT c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid)"
        " FROM pg_constraint c WHERE c.contype = 'c' AND c.conrelid::regclass::text = ANY (%s)",
        [[declaration.table for declaration in registry]],
    ).fetchall()
    for table, name, _rule in found:
        drop = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}")
        owner.execute(drop.format(sql.Identifier(table), sql.Identifier(name)))
    try:
        yield
    finally:
        empty_tables()
        for table, name, rule in found:
            add = sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}")
            owner.execute(add.format(sql.Identifier(table), sql.Identifier(name), sql.SQL(rule)))


def _value(model: Any, name: str, person: Person) -> Any:
    field = model._meta.get_field(name)
    if field.is_relation:
        return _referred(field, person)
    if field.choices:
        return next(code for code, _label in field.flatchoices if code != "")
    number = next(_numbers)
    makers: Iterator[tuple[type[Any], Any]] = iter(
        [
            (models.BooleanField, True),
            (models.DateTimeField, timezone.now() - timedelta(minutes=number)),
            (models.DateField, date(2026, 5, 1) + timedelta(days=number % 300)),
            (models.DecimalField, Decimal(number)),
            (models.IntegerField, 1 + number % 9),
            (models.UUIDField, uuid4()),
            (ArrayField, ["name"]),
            (models.JSONField, Jsonb([f"{person.last_name}.{number}@posti.example"])),
        ]
    )
    found = next((value for kind, value in makers if isinstance(field, kind)), None)
    if found is not None:
        return found
    return f"{person.last_name}{number}"[: field.max_length]


def _referred(field: Any, person: Person) -> Any:
    """A record of the kind that the field refers to, hers where there is one."""
    model = field.related_model
    declaration = registry.get(model)
    if declaration is not None and declaration.subjects:
        rows = rows_of(declaration, person)
        return rows[-1].pk if rows else None
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        newest = model._default_manager.order_by("-pk").first()
    return None if newest is None else newest.pk
