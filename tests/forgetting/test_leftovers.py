"""After a person is forgotten, no table and no file of the register holds anything of her."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import models
from django.utils import timezone
from psycopg import sql

from audit.context import AccessPurpose, in_context
from audit.models import LogEntry
from customers.models import Person
from datamap.declarations import PersonalData, registry
from privacy.forgetting.runs import apply_retention
from recordings.models import SealedFile
from recordings.services import remove_bytes_of_destroyed
from tests.aging import long_ago
from tests.builders import a_person
from tests.filled import empty_fields, fill, rows_of, without_checks
from tests.request_builders import the_registrar

pytestmark = pytest.mark.django_db(transaction=True)

HERS = ("zetall", "vantelo", "0000011", "posti.example")
SHORTEST = 5
"""Characters; what is shorter stands in other words by chance."""
OF_THE_COMPANY = {"customers_customer", "customers_lookupkey", "contracts_customersummary"}
"""Of the company whose contact person she was there is a row, with its keys and figures."""
OURS = {"seller", "product_group", "line_number", "model", "field"}
"""Fields that name something of our own."""


def test_nothing_of_her_is_found_anywhere(
    owner: psycopg.Connection[Any], settings: Any, tmp_path: Path
) -> None:
    settings.RECORDINGS_STORAGE = str(tmp_path / "vault")
    with without_checks(owner):
        person = a_person(
            "Zetalla", "Qvantelo", phones=["040 000 0011"], emails=["z@posti.example"]
        )
        fill(person, the_registrar(), owner)
        assert empty_fields(person) == []
        values = set(_values_of(person)) | {*HERS, str(person.public_id)}
        assert len(values) > 80
        long_ago(owner)

        run = apply_retention(as_of=timezone.localdate(), job="test")
        remove_bytes_of_destroyed()

        assert run.status == "done"
        assert set(run.plan) == set(run.erased)
        assert list(_found(owner, values)) == []
        left = [one.table for one in registry if one.model is not LogEntry and _rows(owner, one)]
        assert set(left) == {*OF_THE_COMPANY, "recordings_recording", "recordings_storedmessage"}
        assert not SealedFile.objects.with_key().exists()
        assert not any(path.is_file() for path in tmp_path.rglob("*"))
        assert Path(settings.ERASURE_LEDGER).stat().st_size


def _values_of(person: Person) -> Iterator[str]:
    """Every text that stands in a declared field of her records."""
    for declaration in registry:
        if declaration.model is LogEntry:
            continue
        rows = rows_of(declaration, person) if declaration.subjects else _all(declaration)
        for name in declaration.fields.keys() - OURS:
            field = declaration.model._meta.get_field(name)
            if not isinstance(field, models.CharField | models.TextField) or field.choices:
                continue
            for row in rows:
                text = str(row.__dict__[field.attname] or "").casefold()
                if len(text) >= SHORTEST:
                    yield text


@in_context(job="test", purpose=AccessPurpose.UPKEEP)
def _all(declaration: PersonalData) -> list[Any]:
    return list(declaration.model._default_manager.all())


_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY 1
"""


def _found(owner: psycopg.Connection[Any], values: set[str]) -> Iterator[tuple[str, str]]:
    """Where which of the values stands: in any column of any table, jobs and sessions too.

    The log names nobody: of what is hers alone it has the key by which it knew her.
    """
    hers = {value for value in values if any(one in value for one in HERS)}
    for [table] in owner.execute(_TABLES).fetchall():
        sought = hers if table.startswith("audit_") else values
        rows = owner.execute(
            sql.SQL("SELECT lower(t::text) FROM {} AS t").format(sql.Identifier(table))
        ).fetchall()
        for [row] in rows:
            for value in sought:
                if value in row:
                    yield table, value


def _rows(owner: psycopg.Connection[Any], declaration: PersonalData) -> int:
    place = sql.Identifier(declaration.table)
    [[number]] = owner.execute(sql.SQL("SELECT count(*) FROM {}").format(place)).fetchall()
    return int(number)
