"""From rows to the data subjects they are about, along the declared paths.

Reads here go through Django's own query set on purpose: resolving whom a log row names is part
of recording, not a disclosure.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models import QuerySet

from datamap.declarations import SELF, registry

UUIDS_PER_QUERY = 5000


def subject_table() -> str:
    """The quoted table of the data subject's model."""
    return connection.ops.quote_name(registry.subject_model._meta.db_table)


def uuids_of(keys: Sequence[int]) -> dict[int, UUID]:
    """The public_id of each person key."""
    if not keys:
        return {}
    rows: Any = QuerySet(registry.subject_model).filter(pk__in=keys).values_list("pk", "public_id")
    return dict(rows)


def subjects_of(model: type[models.Model], keys: Sequence[Any]) -> dict[Any, set[UUID]]:
    """The data subjects of each row; a row without any (a company's own data) is left out."""
    lookups = [uuid_lookup(model, path) for path in registry[model].subjects]
    rows: Any = QuerySet(model).filter(pk__in=keys).values_list("pk", *lookups)
    found: dict[Any, set[UUID]] = {}
    for key, *subjects in rows:
        for subject in subjects:
            if subject is not None:
                found.setdefault(key, set()).add(subject)
    return found


def uuid_lookup(model: type[models.Model], path: str) -> str:
    """The lookup from the model to the UUID of its subject along the declared path."""
    if path == SELF:
        return "public_id"
    field: Any = None
    here: Any = model
    for name in path.split("__"):
        field = here._meta.get_field(name)
        here = field.related_model
    return f"{path}__public_id" if field.is_relation else path
