"""The log rows of an import of customers.

Who was matched has a row that says so, whether or not anything of hers changes. A new person has
one row for all that was written of her; every other object has its own, as in `audit.changes`.
"""

import json

from django.contrib.contenttypes.models import ContentType
from django.db import models

from audit.changes import MASK
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
from praecom_registry.importing import recording as shared
from praecom_registry.importing.recording import FROM_CONTEXT, INSERT, fields_of, from_context

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

_OF_PERSONS = """
FROM import_person n
JOIN import_shown s USING (is_reachable, is_contact, is_user, is_customer, has_address, has_choice)
JOIN customers_person p ON p.id = n.person_id
"""

_READS = f"""{INSERT}
SELECT {int(Action.ACCESS)}, p.public_id, s.categories || CASE WHEN EXISTS (
           SELECT FROM customers_restriction r WHERE r.person_id = p.id AND r.lifted_at IS NULL
       ) THEN ARRAY['{Category.RIGHTS.value}'] ELSE '{{}}' END, {FROM_CONTEXT},
       NULL::integer, NULL::text, NULL::bigint, NULL::jsonb
{_OF_PERSONS} WHERE NOT n.is_new ORDER BY p.id
"""

_NEW_PERSONS = f"""{INSERT}
SELECT {int(Action.CREATE)}, p.public_id, s.categories, {FROM_CONTEXT}, %(person)s, p.id::text,
       p.id, CASE n.first_name WHEN '' THEN %(masks)s::jsonb - 'first_name' ELSE %(masks)s END
{_OF_PERSONS} WHERE n.is_new ORDER BY p.id
"""

_IN_THE_ROW_OF_NEW_PERSONS = """
c.model IN ('contactpoint', 'contactperson', 'serviceuser', 'marketingchoice')
AND c.person_id IN (SELECT person_id FROM import_person WHERE is_new)
"""


def record_reads() -> None:
    """A row for each person of the register whom the file is about: her data was compared."""
    run_sql(_SHOWN, {"fields": fields_of(_MODELS)})
    run_sql(_READS, from_context())


def record_changes() -> None:
    """A row for each person created, and for each other object created or changed."""
    masks = {name: [None, MASK] for name in registry[Person].fields}
    key = ContentType.objects.get_for_model(Person).pk
    run_sql(_NEW_PERSONS, {**from_context(), "person": key, "masks": json.dumps(masks)})
    shared.record_changes(_MODELS.values(), which=f"NOT ({_IN_THE_ROW_OF_NEW_PERSONS})")
