"""Several query sets read by one statement: for a page that shows many kinds of data at once.

Putting a query together takes Django longer than PostgreSQL takes to answer it, and each answer
its way back and forth. Here the query sets are compiled once, with places for what changes from
reader to reader; then one prepared statement brings all of their rows. The instances are made as
Django makes them, by `from_db`, so whose data they hold is recorded all the same.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS
from django.db.models.query import get_related_populators
from psycopg import sql

from audit.context import UnrecordedRead
from audit.gate import RecordedQuerySet
from audit.sql import prepared_rows

QuerySets = Mapping[str, RecordedQuerySet[Any]]


@dataclass(frozen=True)
class Place:
    """A value that changes from reading to reading, and what stands for it while compiling."""

    name: str
    stand_in: Any


PERSON = Place("person", -7_146_263_591)
DAY = Place("day", date(1917, 12, 6))
_PLACES = (PERSON, DAY)


@dataclass(frozen=True)
class _Part:
    """One query set, compiled: its statement, and how its rows become instances."""

    statement: sql.Composable
    select: Sequence[Any]
    klass_info: dict[str, Any]

    def instances(self, rows: Sequence[Sequence[Any]] | None) -> list[Any]:
        """The instances of rows as JSON has them."""
        fields = [expression.output_field for expression, _sql, _alias in self.select]
        chosen = self.klass_info["select_fields"]
        first, behind = chosen[0], chosen[-1] + 1
        names = [
            expression.target.attname for expression, _sql, _alias in self.select[first:behind]
        ]
        populators = get_related_populators(self.klass_info, self.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
        found = []
        for written in rows or ():
            row = [field.to_python(value) for field, value in zip(fields, written, strict=True)]
            instance = self.klass_info["model"].from_db(DEFAULT_DB_ALIAS, names, row[first:behind])
            for populator in populators:
                populator.populate(row, instance)
            found.append(instance)
        return found


class Together:
    """Query sets that are always read together, compiled once for each key."""

    def __init__(self) -> None:
        self._compiled: dict[Hashable, tuple[str, dict[str, _Part | None]]] = {}

    def read(
        self, key: Hashable, make: Callable[[], QuerySets], *, person: int, day: date
    ) -> dict[str, list[Any]]:
        """The instances of each query set, by its name, for this person on this day.

        `make` gives the query sets, with PERSON and DAY in them; whatever else they depend on is
        the key, such as the roles of who reads.
        """
        if key not in self._compiled:
            self._compiled[key] = _compile(make())
        statement, parts = self._compiled[key]
        given = {PERSON.name: person, DAY.name: day}
        rows = prepared_rows(statement, given) if statement else [{}]
        return {name: part.instances(rows[0][name]) if part else [] for name, part in parts.items()}


def _compile(query_sets: QuerySets) -> tuple[str, dict[str, _Part | None]]:
    parts = {name: _compiled(query_set) for name, query_set in query_sets.items()}
    columns = [
        sql.SQL("({}) AS {}").format(part.statement, sql.Identifier(name))
        for name, part in parts.items()
        if part
    ]
    if not columns:
        return "", parts
    statement = sql.SQL("SELECT {}").format(sql.SQL(", ").join(columns))
    return statement.as_string(None), parts


def _compiled(query_set: RecordedQuerySet[Any]) -> _Part | None:
    """One query set, compiled; None where it can have no rows."""
    query = query_set.query
    if query.annotation_select or query.values_select or query.combinator:
        raise UnrecordedRead("Only whole records are read together.")
    compiler = query.get_compiler(DEFAULT_DB_ALIAS)
    try:
        written, values = compiler.as_sql()
    except EmptyResultSet:
        return None
    names = sql.SQL(", ").join(sql.Identifier(f"c{n}") for n in range(len(compiler.select)))
    statement = sql.SQL(
        "SELECT json_agg(json_build_array({names})) FROM ({query}) AS q ({names})"
    ).format(names=names, query=sql.SQL(_with_places(written, values)))
    return _Part(statement, compiler.select, compiler.klass_info)


def _with_places(written: str, values: Sequence[Any]) -> str:
    """The statement with its constants in it, and a named place for what changes."""
    places = tuple(_place_or_constant(value) for value in values)
    return written.replace("%%", "%%%%") % places


def _place_or_constant(value: Any) -> str:
    for place in _PLACES:
        if type(value) is type(place.stand_in) and value == place.stand_in:
            return f"%({place.name})s"
    if isinstance(value, date):
        raise UnrecordedRead("A day or time would stay as it is now: give it as a place.")
    constant = sql.Literal(value).as_string(None)
    return constant.replace("%", "%%")
