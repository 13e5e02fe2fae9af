"""The one place where SQL of our own reads personal data, and where it is recorded.

Everything else goes through the ORM; an architecture test forbids cursors elsewhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import psycopg
import psycopg.sql
from django.db import connection
from psycopg.rows import dict_row

from audit.context import UnrecordedRead, UnrecordedWrite, require
from datamap.vocabulary import Category


def recorded_sql(
    sql: str,
    params: Mapping[str, Any] | Sequence[Any] = (),
    *,
    categories: Iterable[Category],
) -> list[dict[str, Any]]:
    """Run a prepared SELECT and record every person whose data it returned.

    The rows must have a column `subject`: the person's `public_id`, or null where the row is
    about nobody. A row may narrow what was read of her in a column `categories`.
    """
    context = require()
    shown = frozenset(category.value for category in categories)
    rows = _fetch(sql, params)
    for row in rows:
        if "subject" not in row:
            raise UnrecordedRead("The statement returns no column named subject.")
        subject = row["subject"]
        if subject is not None:
            context.saw_subject(
                subject if isinstance(subject, UUID) else UUID(subject),
                frozenset(row["categories"]) if "categories" in row else shown,
            )
    return rows


def keys_sql(sql: str, params: Mapping[str, Any] | Sequence[Any] = ()) -> list[dict[str, Any]]:
    """Run a prepared statement that returns keys and counts only, no personal data.

    Each caller is listed in the architecture test; a column that is not a number, a boolean or a
    UUID is refused.
    """
    require()
    rows = _fetch(sql, params)
    for row in rows:
        for name, value in row.items():
            if value is not None and not isinstance(value, int | float | UUID):
                raise UnrecordedRead(f"Column {name} is no key.")
    return rows


def run_sql(sql: str, params: Mapping[str, Any] | Sequence[Any] = ()) -> int:
    """Run a statement that returns nothing (bulk upkeep); returns the number of rows touched."""
    require()
    with connection.cursor() as cursor:
        cursor.execute(sql, params or None)
        return int(cursor.rowcount)


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Stream rows into a table by COPY; returns how many. The caller writes their log rows."""
    require()
    if not connection.in_atomic_block:
        raise UnrecordedWrite("Personal data is written only inside a unit of work.")
    statement = psycopg.sql.SQL("COPY {} ({}) FROM STDIN").format(
        psycopg.sql.Identifier(table),
        psycopg.sql.SQL(", ").join(map(psycopg.sql.Identifier, columns)),
    )
    with connection.cursor() as cursor, connection.wrap_database_errors:
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
        return int(cursor.rowcount)


def _fetch(sql: str, params: Mapping[str, Any] | Sequence[Any]) -> list[dict[str, Any]]:
    connection.ensure_connection()
    raw: psycopg.Connection[Any] = connection.connection
    with connection.wrap_database_errors, psycopg.Cursor(raw, row_factory=dict_row) as cursor:
        cursor.execute(sql, params or None, prepare=True)
        return cursor.fetchall()
