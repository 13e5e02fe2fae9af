"""The rows of the log about demo persons: what was written of each, by the declarations."""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from django.contrib.contenttypes.models import ContentType

from audit.context import require
from audit.log import Action
from audit.sql import run_sql
from customers.models import Person
from datamap.declarations import registry
from praecom_registry.demo.rows import Batch
from praecom_registry.demo.tables import TABLES, Table

_TABLE_OF = {table.model: table for table in TABLES}


def write_log(batch: Batch, tables: Sequence[Table], persons: Sequence[int]) -> None:
    """One row for each person created, with the categories of all that was written of her."""
    context = require()
    run_sql(
        "INSERT INTO audit_logentry (action, subject, categories, actor_label, unit, purpose,"
        " reason, route, cid, content_type_id, object_pk, object_id)"
        " SELECT %(action)s, p.public_id, string_to_array(n.categories, ','), %(actor)s, '',"
        " %(purpose)s, '', %(route)s, %(cid)s, %(content_type)s, p.id::text, p.id"
        " FROM unnest(%(persons)s::bigint[], %(categories)s::text[]) AS n(id, categories)"
        " JOIN customers_person p ON p.id = n.id ORDER BY p.id",
        {
            "action": int(Action.CREATE),
            "actor": context.actor_label,
            "purpose": context.purpose,
            "route": context.route,
            "cid": str(context.request_id),
            "content_type": ContentType.objects.get_for_model(Person).pk,
            "persons": list(persons),
            "categories": [",".join(sorted(words)) for words in _categories(batch, tables)],
        },
    )


def _categories(batch: Batch, tables: Sequence[Table]) -> list[set[str]]:
    """For each person of the batch the categories of what the batch holds of her."""
    found: list[set[str]] = [set() for _ in batch.persons]
    for table in tables:
        declared = registry[table.model]
        categories = declared.categories_of(tuple(declared.fields))
        for place in _subjects(batch, table, declared.subjects):
            found[place] |= categories
    return found


def _subjects(batch: Batch, table: Table, paths: Sequence[str]) -> set[int]:
    """The places of everybody whom the rows of a table are about."""
    if table.model is Person:
        return set(range(len(batch.persons)))
    ways = [_way(batch, table, path.split("__")) for path in paths]
    found = {way(row) for row in getattr(batch, table.batch_list) for way in ways}
    return {place for place in found if place is not None}


def _way(batch: Batch, table: Table, path: Sequence[str]) -> Callable[[Any], int | None]:
    """How to go from a row to a person along a path, as the places in the batch lead."""
    name, *rest = path
    if name not in table.fields:  # what demo data leaves empty
        return lambda row: None
    index = table.fields.index(name)
    if not rest:
        return itemgetter(index)
    further = _TABLE_OF[table.targets[index]]
    named = getattr(batch, further.batch_list)
    way = _way(batch, further, rest)
    return lambda row: None if row[index] is None else way(named[row[index]])
