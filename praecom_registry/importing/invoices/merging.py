"""Writing the invoices and collections that are new or differ; nothing is ever deleted."""

from collections.abc import Callable
from dataclasses import dataclass

from audit.sql import keys_sql, run_sql
from contracts.models import CollectionCase, Invoice
from praecom_registry.importing.invoices.matching import CHANGED_CASE, CHANGED_INVOICE

_NEW_INVOICES = """
WITH made AS (
    INSERT INTO contracts_invoice (id, public_id, number, customer_id, billing_account_id,
        reference, issued_on, due_on, net, vat, paid, paid_on, currency)
    SELECT id, gen_random_uuid(), number, customer_id, account_id, reference, issued_on, due_on,
           net, vat, paid, paid_on, currency
    FROM import_invoice WHERE is_new AND NOT is_left_out ORDER BY row
    RETURNING *
)
INSERT INTO import_change
SELECT 'invoice', true, id, NULL, customer_id, array_remove(ARRAY['number', 'customer',
    CASE WHEN billing_account_id IS NOT NULL THEN 'billing_account' END,
    CASE WHEN reference <> '' THEN 'reference' END,
    'issued_on', 'due_on', 'net', 'vat', 'paid',
    CASE WHEN paid_on IS NOT NULL THEN 'paid_on' END, 'currency'], NULL)
FROM made
"""
_CHANGED_INVOICES = f"""
WITH changed AS (
    UPDATE contracts_invoice i SET billing_account_id = m.account_id, reference = m.reference,
        due_on = m.due_on, paid = m.paid, paid_on = m.paid_on
    FROM (SELECT * FROM import_invoice
          WHERE NOT is_new AND NOT is_left_out AND {CHANGED_INVOICE}) m
    WHERE m.id = i.id
    RETURNING m.*
)
INSERT INTO import_change
SELECT 'invoice', false, id, NULL, customer_id, array_remove(ARRAY[
    CASE WHEN account_id IS DISTINCT FROM old_account_id THEN 'billing_account' END,
    CASE WHEN reference <> old_reference THEN 'reference' END,
    CASE WHEN due_on <> old_due_on THEN 'due_on' END,
    CASE WHEN paid <> old_paid THEN 'paid' END,
    CASE WHEN paid_on IS DISTINCT FROM old_paid_on THEN 'paid_on' END], NULL)
FROM changed
"""
_NEW_CASES = """
WITH made AS (
    INSERT INTO contracts_collectioncase (id, public_id, customer_id, invoice_id, stage, agency,
        amount, currency, opened_on, closed_on)
    SELECT id, gen_random_uuid(), customer_id, invoice_id, stage, agency, amount, currency,
           opened_on, closed_on
    FROM import_case WHERE is_new ORDER BY row
    RETURNING *
)
INSERT INTO import_change
SELECT 'collectioncase', true, id, NULL, customer_id, array_remove(ARRAY['customer', 'invoice',
    'stage', CASE WHEN agency <> '' THEN 'agency' END, 'amount', 'currency', 'opened_on',
    CASE WHEN closed_on IS NOT NULL THEN 'closed_on' END], NULL)
FROM made
"""
_CHANGED_CASES = f"""
WITH changed AS (
    UPDATE contracts_collectioncase k SET stage = m.stage, agency = m.agency, amount = m.amount,
        closed_on = m.closed_on
    FROM (SELECT * FROM import_case WHERE NOT is_new AND {CHANGED_CASE}) m
    WHERE m.id = k.id
    RETURNING m.*
)
INSERT INTO import_change
SELECT 'collectioncase', false, id, NULL, customer_id, array_remove(ARRAY[
    CASE WHEN stage <> old_stage THEN 'stage' END,
    CASE WHEN agency <> old_agency THEN 'agency' END,
    CASE WHEN amount <> old_amount THEN 'amount' END,
    CASE WHEN closed_on IS DISTINCT FROM old_closed_on THEN 'closed_on' END], NULL)
FROM changed
"""
_SUMMARY = """
SELECT count(*) FILTER (WHERE m.is_new AND NOT m.is_left_out) AS invoices_new,
       count(*) FILTER (WHERE NOT m.is_new AND i.id IS NOT NULL) AS invoices_changed,
       count(*) FILTER (WHERE NOT m.is_new AND i.id IS NULL AND NOT m.is_left_out)
           AS invoices_unchanged,
       count(*) FILTER (WHERE m.is_left_out) AS left_out,
       count(*) FILTER (WHERE k.is_new) AS collections_new,
       count(*) FILTER (WHERE NOT k.is_new AND c.id IS NOT NULL) AS collections_changed,
       count(*) FILTER (WHERE NOT k.is_new AND c.id IS NULL) AS collections_unchanged
FROM import_invoice m
LEFT JOIN import_change i ON i.model = 'invoice' AND i.id = m.id
LEFT JOIN import_case k ON k.row = m.row
LEFT JOIN import_change c ON c.model = 'collectioncase' AND c.id = k.id
"""


@dataclass(frozen=True)
class Summary:
    """How many invoices and collections were new, changed or as before, and rows left out."""

    invoices_new: int
    invoices_changed: int
    invoices_unchanged: int
    left_out: int
    collections_new: int
    collections_changed: int
    collections_unchanged: int


def merge(progress: Callable[[str], None]) -> None:
    """Write everything that is new or differs."""
    for model, statements in (
        (Invoice, (_NEW_INVOICES, _CHANGED_INVOICES)),
        # A closed collection makes room for the next one of its invoice.
        (CollectionCase, (_CHANGED_CASES, _NEW_CASES)),
    ):
        progress(str(model._meta.verbose_name_plural))
        for statement in statements:
            run_sql(statement)
    run_sql("ANALYZE import_change")


def summary() -> Summary:
    """What the merge has done."""
    [counts] = keys_sql(_SUMMARY)
    return Summary(**counts)
