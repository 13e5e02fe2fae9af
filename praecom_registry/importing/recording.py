"""The log rows of an import, written set by set like everything else.

Who was matched has a row that says so, whether or not anything of hers changes. A new person has
one row for all that was written of her; every other object has its own, as in `audit.changes`.
Personal values are masked.
"""

import json
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from audit.changes import MASK
from audit.context import require
from audit.log import Action
from audit.sql import run_sql
from consents.models import MarketingChoice
from customers.models import (
    Address,
    ContactPerson,
    ContactPoint,
    Customer,
    Person,
    ServiceUser,
)
from datamap.declarations import registry
from datamap.vocabulary import Category

_MODELS: dict[str, type[models.Model]] = {
    model._meta.model_name or "": model
    for model in (
        Person,
        ContactPoint,
        Customer,
        ContactPerson,
        ServiceUser,
        Address,
        MarketingChoice,
    )
}

# What the file says of a person, in all combinations there are, and the categories that makes.
_SHOWN = """
CREATE TEMPORARY TABLE import_shown ON COMMIT DROP AS
SELECT s.*, ARRAY(
    SELECT DISTINCT d.category
    FROM jsonb_to_recordset(%(fields)s::jsonb) AS d(model text, field text, category text)
    WHERE d.model = 'person' OR d.model = 'contactpoint' AND s.is_reachable
    OR d.model = 'contactperson' AND s.is_contact OR d.model = 'serviceuser' AND s.is_user
    OR d.model = 'customer' AND s.is_customer OR d.model = 'address' AND s.has_address
    OR d.model = 'marketingchoice' AND s.has_choice
    ORDER BY 1) AS categories
FROM (SELECT DISTINCT is_reachable, is_contact, is_user, is_customer, has_address, has_choice
      FROM import_person) s
"""

_INSERT = """
INSERT INTO audit_logentry (action, subject, categories, actor_label, unit, purpose, reason, route,
    cid, content_type_id, object_pk, object_id, changes)
"""
_FROM_CONTEXT = "%(actor)s, '', %(purpose)s, '', %(route)s, %(cid)s"
_OF_PERSONS = """
FROM import_person n
JOIN import_shown s USING (is_reachable, is_contact, is_user, is_customer, has_address, has_choice)
JOIN customers_person p ON p.id = n.person_id
"""

_READS = f"""{_INSERT}
SELECT {int(Action.ACCESS)}, p.public_id, s.categories || CASE WHEN EXISTS (
           SELECT FROM customers_restriction r WHERE r.person_id = p.id AND r.lifted_at IS NULL
       ) THEN ARRAY['{Category.RIGHTS.value}'] ELSE '{{}}' END, {_FROM_CONTEXT},
       NULL::integer, NULL::text, NULL::bigint, NULL::jsonb
{_OF_PERSONS} WHERE NOT n.is_new ORDER BY p.id
"""

_NEW_PERSONS = f"""{_INSERT}
SELECT {int(Action.CREATE)}, p.public_id, s.categories, {_FROM_CONTEXT}, %(person)s, p.id::text,
       p.id, CASE n.first_name WHEN '' THEN %(masks)s::jsonb - 'first_name' ELSE %(masks)s END
{_OF_PERSONS} WHERE n.is_new ORDER BY p.id
"""

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

_CHANGES = f"""{_INSERT}
SELECT CASE WHEN c.is_new THEN {int(Action.CREATE)} ELSE {int(Action.UPDATE)} END, p.public_id,
       k.categories, {_FROM_CONTEXT}, k.content_type, c.id::text, c.id, k.changes
FROM import_change c
JOIN import_kind k USING (model, is_new, fields)
LEFT JOIN import_person n ON n.person_id = c.person_id
LEFT JOIN customers_customer o ON o.id = c.customer_id AND c.person_id IS NULL
LEFT JOIN customers_person p ON p.id = coalesce(c.person_id, o.owner_id)
WHERE c.model NOT IN ('contactpoint', 'contactperson', 'serviceuser', 'marketingchoice')
   OR NOT n.is_new
ORDER BY c.model, c.id
"""


def record_reads() -> None:
    """A row for each person of the register whom the file is about: her data was compared."""
    run_sql(_SHOWN, {"fields": _fields()})
    run_sql(_READS, _context())


def record_changes() -> None:
    """A row for each person created, and for each other object created or changed."""
    masks = {name: [None, MASK] for name in registry[Person].fields}
    types = ContentType.objects.get_for_models(*_MODELS.values())
    run_sql(_NEW_PERSONS, {**_context(), "person": types[Person].pk, "masks": json.dumps(masks)})
    kinds = [{"model": name, "content_type": types[m].pk} for name, m in _MODELS.items()]
    run_sql(_KINDS, {"fields": _fields(), "models": json.dumps(kinds)})
    run_sql(_CHANGES, _context())


def _context() -> dict[str, Any]:
    context = require()
    return {
        "actor": context.actor_label,
        "purpose": context.purpose,
        "route": context.route,
        "cid": str(context.request_id),
    }


def _fields() -> str:
    """Each personal field of the models that an import writes, with each of its categories."""
    return json.dumps(
        [
            {"model": name, "field": field, "category": category}
            for name, model in _MODELS.items()
            for field in registry[model].fields
            for category in registry[model].categories_of((field,))
        ]
    )
