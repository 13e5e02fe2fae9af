"""What the things are called that a record refers to: fetched once for each field.

A model is named by its `display_name`, joined as its `named_with` says; else by the first of a few
plain fields; else by its public ID, under which its own record stands in the report.
"""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, Func

_PLAIN = ("name", "number", "as_written", "text")
_SET = 1_000


def names_of(field: Any, rows: Any) -> dict[Any, str]:
    """The name of each thing that these rows refer to in a field, by its key."""
    target = field.related_model
    # An array, whose records are looked up by their keys: a join may be planned the wrong way round
    # while the database knows nothing about new tables.
    is_referred_to = Func(
        F("pk"),
        ArraySubquery(rows.order_by().values(field.attname)),
        arg_joiner=" = ANY (",
        template="(%(expressions)s))",
        output_field=models.BooleanField(),
    )
    found = target._default_manager.filter(is_referred_to)
    joined = getattr(target, "named_with", ())
    if joined:
        found = found.select_related(*joined)
    named = _namer(target)
    return {one.pk: named(one) for one in found.iterator(chunk_size=_SET)}


def _namer(model: type[models.Model]) -> Any:
    fields = {field.name for field in model._meta.concrete_fields}
    known = [name for name in ("display_name",) if hasattr(model, name)]
    known += [name for name in (*_PLAIN, "public_id") if name in fields]
    if not known:
        raise LookupError(f"{model._meta.label} has nothing to be named by.")
    return lambda one: str(getattr(one, known[0]))
