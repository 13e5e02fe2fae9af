"""Collecting: every declared model is asked for what is about one person, nothing is listed here.

For each declaration two kinds of statement: one for the rows, one for the names of what each of
its fields refers to; none more for a longer history.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from audit.subjects import uuid_lookup
from customers.models import Person
from datamap.declarations import SELF, GivenFile, PersonalData, registry
from datamap.vocabulary import Category
from datamap.words import main_category
from privacy.report.about import retention_of, uses_of
from privacy.report.columns import (
    NAME,
    TEXT,
    Column,
    Names,
    capitalised,
    columns_of,
    is_of_log,
    value_of,
)
from privacy.report.names import names_of

AT_ONCE = 500
Line = dict[str, Any]


@dataclass(frozen=True)
class Whose:
    """Whose data is collected, and how: everything, or what she can take along (Art. 20)."""

    person: Person
    only_portable: bool = False
    names_staff: bool = False


def declared() -> list[PersonalData]:
    """The declarations that lead to a person, in the order of the register's categories."""
    found = [declaration for declaration in registry if declaration.subjects]
    return sorted(found, key=lambda one: _ORDER[main_category(one)])


_ORDER = {category: place for place, category in enumerate(Category)}


def lines_of(declaration: PersonalData, whose: Whose) -> Iterator[Line]:
    """The lines of one model: its section, then a line for each record; none where there is none.

    Runs in an access context and a transaction: the rows are streamed.
    """
    columns = columns_of(declaration, only_portable=whose.only_portable)
    if not columns:
        return
    rows = rows_about(declaration, whose.person)
    records = rows.order_by("pk").iterator(chunk_size=AT_ONCE)
    first = next(records, None)
    if first is None:
        return
    names = _names(declaration, columns, rows)
    names_staff = whose.names_staff and is_of_log(declaration.model)
    staff = names_of(declaration.model._meta.get_field("actor"), rows) if names_staff else {}
    given = None if whose.only_portable else declaration.given
    shared = _shared(declaration, rows, whose.person) if given is not None else frozenset()
    yield _section(declaration, [*columns, *_more_columns(declaration, given, names_staff)])
    for record in _chained(first, records):
        values = [value_of(record, column, names) for column in columns]
        line: Line = {"line": "record", "id": _public_id(record), "values": values}
        if given is not None:
            _add_file(line, record, given, columns, is_shared=record.pk in shared)
        if names_staff:
            values.append(staff.get(record.actor_id))
        yield line


def rows_about(declaration: PersonalData, person: Person) -> Any:
    """The rows of a model that any declared path leads from to the person, each once.

    Each of several paths is a query of its own inside one statement, so that each goes by its
    index: an OR over joins reads the whole table.
    """
    every = declaration.model._default_manager
    [first, *others] = [
        every.filter(leads_to(declaration, path, person)) for path in declaration.subjects
    ]
    if not others:
        return first
    return every.filter(pk__in=first.values("pk").union(*(one.values("pk") for one in others)))


def files_of(person: Person) -> frozenset[int]:
    """The keys of the files in the vault that may go out to her now.

    Of records that are still about her, and neither destroyed nor in quarantine.
    """
    return frozenset(
        getattr(record, f"{one.given.field}_id")
        for one in declared()
        if one.given is not None
        for record in rows_about(one, person).iterator(chunk_size=AT_ONCE)
        if one.given.ending(record)
    )


def leads_to(declaration: PersonalData, path: str, person: Person) -> Q:
    """The rows of a model that one declared path leads from to the person."""
    if path == SELF:
        return Q(pk=person.pk)
    if uuid_lookup(declaration.model, path) == path:  # a field that holds her public ID
        return Q(**{path: person.public_id})
    return Q(**{path: person.pk})


def _names(declaration: PersonalData, columns: list[Column], rows: Any) -> Names:
    """The names of what the rows refer to, a statement for each field."""
    fields = [declaration.model._meta.get_field(one.name) for one in columns]
    return {field.name: names_of(field, rows) for field in fields if field.is_relation}


def _shared(declaration: PersonalData, rows: Any, person: Person) -> frozenset[Any]:
    """The keys of the records that concern somebody else too."""
    path = declaration.given.concerns if declaration.given is not None else ""
    if not path:
        return frozenset()
    others = Q(**{f"{path}__gt": person.pk}) | Q(**{f"{path}__lt": person.pk})
    found: Any = declaration.model._default_manager.filter(pk__in=rows.order_by().values("pk"))
    return frozenset(found.filter(others).keys_only())


def _more_columns(
    declaration: PersonalData, given: GivenFile | None, names_staff: bool
) -> Iterator[Column]:
    """What a message says, and who looked, where that is decided (C-579/21)."""
    category = (main_category(declaration).value,)
    if given is not None and given.words is not None:
        yield Column("contents", _("Contents"), TEXT, category, provided=False, choices={})
    if names_staff:
        yield Column("staff_member", _("Staff member"), NAME, category, provided=False, choices={})


def _section(declaration: PersonalData, columns: list[Column]) -> Line:
    return {
        "line": "section",
        "model": declaration.model._meta.label_lower,
        "label": _heading(declaration),
        "categories": _main_first(declaration, {c for one in columns for c in one.categories}),
        "columns": [column.as_data() for column in columns],
        "uses": uses_of(declaration),
        "retention": retention_of(declaration),
    }


def _main_first(declaration: PersonalData, codes: set[str]) -> list[str]:
    """Categories, the one under whose heading the section stands first."""
    main = main_category(declaration)
    return sorted(codes, key=lambda code: (code != main, _ORDER[Category(code)]))


def _heading(declaration: PersonalData) -> str:
    return capitalised(str(declaration.model._meta.verbose_name_plural))


def _public_id(record: Any) -> str | None:
    found = getattr(record, "public_id", None)
    return None if found is None else str(found)


def _add_file(
    line: Line, record: Any, given: GivenFile, columns: list[Column], *, is_shared: bool
) -> None:
    """The record's file in the vault by its name, and what it says where that is text.

    Whether it is given out is asked where it concerns others too, and where its declaration says
    so. A file that is text says what stands in the columns, so it stays here where they are blacked
    out.
    """
    ending = given.ending(record)
    if ending:
        name = f"{record._meta.model_name}-{line['id']}{ending}"
        place = [column.name for column in columns].index(given.field)
        line["values"][place] = name
        line["file"] = {
            "key": getattr(record, f"{given.field}_id"),
            "name": name,
            "value": place,
            "ask": is_shared or (given.asks is not None and given.asks(record)),
            "is_text": given.words is not None,
        }
    if given.words is not None:
        line["values"].append(given.words(record) if ending else None)


def _chained(first: Any, others: Iterator[Any]) -> Iterator[Any]:
    yield first
    yield from others
