"""Log rows of many persons at once: one statement, where the persons never leave the database."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from audit.context import NoPurpose, require
from audit.log import Action
from audit.sql import run_sql
from datamap.vocabulary import Category

_INSERT = """
INSERT INTO audit_logentry (action, subject, categories, actor_id, actor_label, unit, purpose,
    reason, route, cid, remote_addr, content_type_id, object_pk, object_id, changes)
SELECT %(log_action)s::int, w.subject, %(log_categories)s::text[], %(log_actor)s::bigint,
    %(log_label)s, %(log_unit)s, %(log_purpose)s, %(log_reason)s, %(log_route)s, %(log_cid)s,
    %(log_address)s::inet, %(log_kind)s::int, w.object_id::text, w.object_id, %(log_changes)s::jsonb
FROM ({persons}) AS w ORDER BY w.subject, w.object_id
"""


def record_set(
    action: Action,
    persons: str,
    params: Mapping[str, Any],
    *,
    categories: Iterable[Category],
    of: type[models.Model],
    changes: Mapping[str, Any] | None = None,
) -> int:
    """Write a row for each person that a query of ours names; returns how many.

    The query has two columns: `subject`, her public ID, and `object_id`, the key of the record of
    the model `of` that was made, shown or deleted.
    """
    context = require()
    if context.purpose is None:
        raise NoPurpose("Say what for (audit.context.for_purpose) before reading.")
    given = {
        **params,
        "log_action": int(action),
        "log_categories": sorted(category.value for category in categories),
        "log_actor": context.actor_id,
        "log_label": context.actor_label,
        "log_unit": context.unit,
        "log_purpose": context.purpose.value,
        "log_reason": context.reason,
        "log_route": context.route,
        "log_cid": str(context.request_id),
        "log_address": context.remote_addr,
        "log_kind": ContentType.objects.get_for_model(of).pk,
        "log_changes": None if changes is None else json.dumps(changes),
    }
    return run_sql(_INSERT.format(persons=persons), given)
