"""The log rows of an import of invoices.

Whose customer number, invoice or billing account was compared has a row that says so, whether or
not anything of hers changes; each invoice and collection written has its own.
"""

from audit.log import Action
from audit.sql import run_sql
from contracts.models import CollectionCase, Invoice
from customers.models import Customer
from datamap.declarations import registry
from datamap.vocabulary import Category
from praecom_registry.importing import recording as shared
from praecom_registry.importing.recording import FROM_CONTEXT, INSERT, from_context

_READS = f"""{INSERT}
SELECT {int(Action.ACCESS)}, p.public_id,
       %(known)s::text[] || CASE WHEN bool_or(n.has_more) THEN %(invoiced)s::text[] ELSE '{{}}' END
       || CASE WHEN EXISTS (
           SELECT FROM customers_restriction r WHERE r.person_id = p.id AND r.lifted_at IS NULL
       ) THEN ARRAY['{Category.RIGHTS.value}'] ELSE '{{}}' END, {FROM_CONTEXT},
       NULL::integer, NULL::text, NULL::bigint, NULL::jsonb
FROM (
    SELECT customer_id, NOT is_new AS has_more FROM import_invoice
    UNION ALL SELECT old_customer_id, true FROM import_invoice
    UNION ALL SELECT account_customer_id, true FROM import_invoice
) n
JOIN customers_customer c ON c.id = n.customer_id
JOIN customers_person p ON p.id = c.owner_id
GROUP BY p.id ORDER BY p.id
"""


def record_reads() -> None:
    """A row for each owner of a customer whom the file is about: her data was compared."""
    known = sorted(registry[Customer].categories_of(("number",)))
    invoiced = sorted(registry[Invoice].categories_of(("number",)) - set(known))
    run_sql(_READS, {**from_context(), "known": known, "invoiced": invoiced})


def record_changes() -> None:
    """A row for each invoice and each collection that was created or changed."""
    shared.record_changes([Invoice, CollectionCase])
