"""The log rows of an import, written set by set like everything else, personal values masked."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from audit.changes import MASK
from audit.context import require
from audit.log import Action
from audit.sql import run_sql
from datamap.declarations import registry

INSERT = """
INSERT INTO audit_logentry (action, subject, categories, actor_label, unit, purpose, reason, route,
    cid, content_type_id, object_pk, object_id, changes)
"""
FROM_CONTEXT = "%(actor)s, '', %(purpose)s, '', %(route)s, %(cid)s"
"""The columns from `actor_label` to `cid`."""

# One row for each kind of change: which fields of which model, and the categories they are of.
_KINDS = f"""
CREATE TEMPORARY TABLE import_kind ON COMMIT DROP AS
SELECT k.*, t.content_type, ARRAY(
           SELECT DISTINCT d.category
           FROM jsonb_to_recordset(%(fields)s::jsonb) AS d(model text, field text, category text)
           WHERE d.model = k.model AND d.field = ANY (k.fields) ORDER BY 1) AS categories,
       (SELECT jsonb_object_agg(f, jsonb_build_array(
            CASE WHEN NOT k.is_new THEN '{MASK}' END, '{MASK}')) FROM unnest(k.fields) f) AS changes
FROM (SELECT DISTINCT model, is_new, fields FROM import_change) k
JOIN jsonb_to_recordset(%(models)s::jsonb) AS t(model text, content_type integer) USING (model)
"""

# A change without a person of its own is about the owner of its customer, if anybody owns that.
_CHANGES = f"""{INSERT}
SELECT CASE WHEN c.is_new THEN {int(Action.CREATE)} ELSE {int(Action.UPDATE)} END, p.public_id,
       k.categories, {FROM_CONTEXT}, k.content_type, c.id::text, c.id, k.changes
FROM import_change c
JOIN import_kind k USING (model, is_new, fields)
LEFT JOIN customers_customer o ON o.id = c.customer_id AND c.person_id IS NULL
LEFT JOIN customers_person p ON p.id = coalesce(c.person_id, o.owner_id)
WHERE {{which}}
ORDER BY c.model, c.id
"""


def record_changes(written: Iterable[type[models.Model]], *, which: str = "true") -> None:
    """A row for each object of these models that `import_change` names, or some by a condition."""
    by_name = {str(model._meta.model_name): model for model in written}
    types = ContentType.objects.get_for_models(*by_name.values())
    kinds = [{"model": name, "content_type": types[m].pk} for name, m in by_name.items()]
    run_sql(_KINDS, {"fields": fields_of(by_name), "models": json.dumps(kinds)})
    run_sql(_CHANGES.format(which=which), from_context())


def from_context() -> dict[str, Any]:
    """The parameters that `FROM_CONTEXT` names."""
    context = require()
    return {
        "actor": context.actor_label,
        "purpose": context.purpose,
        "route": context.route,
        "cid": str(context.request_id),
    }


def fields_of(by_name: Mapping[str, type[models.Model]]) -> str:
    """Each personal field of the models, with each of its categories, as JSON."""
    return json.dumps(
        [
            {"model": name, "field": field, "category": category}
            for name, model in by_name.items()
            for field in registry[model].fields
            for category in registry[model].categories_of((field,))
        ]
    )
