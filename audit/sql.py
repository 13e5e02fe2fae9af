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


class Sealed:
    """A row that was fetched and that nobody has seen: opening it records whose it is.

    What can be seen before is the row's `order`: the columns by which it is chosen among others,
    so that those left out are neither shown nor recorded.
    """

    __slots__ = ("_row", "_shown", "order")

    def __init__(
        self, row: dict[str, Any], order: Sequence[str], categories: frozenset[str]
    ) -> None:
        if "subject" not in row and "subjects" not in row:
            raise UnrecordedRead("The statement returns no column named subject or subjects.")
        self._row = row
        self._shown = categories
        self.order = tuple(row[name] for name in order)

    def open(self) -> dict[str, Any]:
        """The row; every person whose data it shows is recorded."""
        context = require()
        shown = frozenset(self._row["categories"]) if "categories" in self._row else self._shown
        for subject in self._row.get("subjects") or [self._row.get("subject")]:
            if subject is not None:
                context.saw_subject(subject if isinstance(subject, UUID) else UUID(subject), shown)
        return self._row


def recorded_sql(
    sql: str,
    params: Mapping[str, Any] | Sequence[Any] = (),
    *,
    categories: Iterable[Category],
) -> list[dict[str, Any]]:
    """Run a prepared SELECT and record every person whose data it returned.

    The rows must have a column `subject`: the person's `public_id`, or null where the row is
    about nobody; or a column `subjects` with all of them. A row may narrow what was read of them
    in a column `categories`.
    """
    return [row.open() for row in sealed_sql(sql, params, order=(), categories=categories)]


def sealed_sql(
    sql: str,
    params: Mapping[str, Any] | Sequence[Any] = (),
    *,
    order: Sequence[str],
    categories: Iterable[Category],
) -> list[Sealed]:
    """Run a prepared SELECT as `recorded_sql` does; each row is recorded when it is opened."""
    require()
    shown = frozenset(category.value for category in categories)
    return [Sealed(row, order, shown) for row in prepared_rows(sql, params)]


def keys_sql(sql: str, params: Mapping[str, Any] | Sequence[Any] = ()) -> list[dict[str, Any]]:
    """Run a prepared statement that returns keys and counts only, no personal data.

    Each caller is listed in the architecture test; a column that is not a number, a boolean or a
    UUID is refused.
    """
    require()
    rows = prepared_rows(sql, params)
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


def prepared_rows(sql: str, params: Mapping[str, Any] | Sequence[Any]) -> list[dict[str, Any]]:
    """The rows of a prepared statement; whoever reads them records them."""
    require()
    connection.ensure_connection()
    raw: psycopg.Connection[Any] = connection.connection
    with connection.wrap_database_errors, psycopg.Cursor(raw, row_factory=dict_row) as cursor:
        cursor.execute(sql, params or None, prepare=True)
        return cursor.fetchall()
