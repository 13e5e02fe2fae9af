"""What each staged invoice is in the register, and what the file may not say of it.

An invoice is known by its number. What was invoiced stays: customer, day, sums and currency, and
the reference number once there is one. The due date may be moved, the billing account filled in,
and payments come. A collection is known by its invoice and first day; without that day the row is
about the open one, or else the last.
"""

from audit.sql import run_sql
from praecom_registry.importing.invoices.columns import CLOSING, Column
from praecom_registry.importing.problems import WHOLE_ROW, Problems, Reason
from praecom_registry.importing.staging import check

_ENDED = ", ".join(f"'{stage}'" for stage in sorted(CLOSING))

# What the register would hold after the import, beside what it holds now.
_INVOICES = """
CREATE TEMPORARY TABLE import_invoice ON COMMIT DROP AS
SELECT r.row, r.number, i.id IS NULL AS is_new, false AS is_left_out,
       coalesce(i.id, nextval(pg_get_serial_sequence('contracts_invoice', 'id'))) AS id,
       row_number() OVER (PARTITION BY r.number ORDER BY r.row) AS place,
       c.id AS customer_id, i.customer_id AS old_customer_id, a.customer_id AS account_customer_id,
       coalesce(a.id, i.billing_account_id) AS account_id, i.billing_account_id AS old_account_id,
       coalesce(nullif(r.reference, ''), i.reference, '') AS reference,
       i.reference AS old_reference, r.issued_on, i.issued_on AS old_issued_on,
       r.due_on, i.due_on AS old_due_on, r.net, i.net AS old_net, r.vat, i.vat AS old_vat,
       coalesce(nullif(r.currency, ''), i.currency, 'EUR') AS currency,
       i.currency AS old_currency, coalesce(r.paid, i.paid, 0) AS paid, i.paid AS old_paid,
       CASE WHEN r.paid IS NULL THEN i.paid_on ELSE r.paid_on END AS paid_on,
       i.paid_on AS old_paid_on
FROM import_row r
LEFT JOIN customers_customer c ON c.number = r.customer_number
LEFT JOIN contracts_invoice i ON i.number = r.number
LEFT JOIN contracts_billingaccount a ON a.number = r.account
"""
_LOCK_CASES = """
SELECT FROM contracts_collectioncase WHERE invoice_id IN (
    SELECT m.id FROM import_invoice m JOIN import_row r USING (row)
    WHERE NOT m.is_new AND r.stage <> ''
) ORDER BY id FOR NO KEY UPDATE
"""
_CASES = """
CREATE TEMPORARY TABLE import_case ON COMMIT DROP AS
SELECT r.row, k.id IS NULL AS is_new,
       coalesce(k.id, nextval(pg_get_serial_sequence('contracts_collectioncase', 'id'))) AS id,
       m.id AS invoice_id, m.customer_id, m.currency, r.stage, k.stage AS old_stage,
       coalesce(nullif(r.agency, ''), k.agency, '') AS agency, k.agency AS old_agency,
       coalesce(r.amount, k.amount, m.net + m.vat - m.paid) AS amount, k.amount AS old_amount,
       coalesce(r.opened_on, k.opened_on) AS opened_on, r.closed_on, k.closed_on AS old_closed_on,
       EXISTS (SELECT FROM contracts_collectioncase o WHERE o.invoice_id = m.id
               AND o.closed_on IS NULL AND o.id IS DISTINCT FROM k.id) AS has_another
FROM import_row r JOIN import_invoice m USING (row) LEFT JOIN LATERAL (
    SELECT * FROM contracts_collectioncase k WHERE k.invoice_id = m.id
    AND (r.opened_on IS NULL OR k.opened_on = r.opened_on)
    ORDER BY k.closed_on IS NULL DESC, k.opened_on DESC, k.id DESC LIMIT 1
) k ON true
WHERE r.stage <> ''
"""

CHANGED_INVOICE = """(
    (account_id, reference, due_on, paid, paid_on) IS DISTINCT FROM
    (old_account_id, old_reference, old_due_on, old_paid, old_paid_on))"""
CHANGED_CASE = """(
    (stage, agency, amount, closed_on) IS DISTINCT FROM
    (old_stage, old_agency, old_amount, old_closed_on))"""

_FIXED = (
    (Column.CUSTOMER_NUMBER, Reason.INVOICE_OF_ANOTHER, "customer_id <> old_customer_id"),
    (Column.INVOICE_DATE, Reason.INVOICED, "issued_on <> old_issued_on"),
    (Column.NET, Reason.INVOICED, "net <> old_net"),
    (Column.VAT, Reason.INVOICED, "vat <> old_vat"),
    (Column.CURRENCY, Reason.INVOICED, "currency <> old_currency"),
    (Column.REFERENCE, Reason.INVOICED, "old_reference <> '' AND reference <> old_reference"),
)
_CHECKS = (
    (
        Column.CUSTOMER_NUMBER,
        Reason.NO_CUSTOMER,
        "SELECT r.row FROM import_row r JOIN import_invoice m USING (row)"
        " WHERE r.customer_number IS NOT NULL AND m.customer_id IS NULL",
    ),
    (
        Column.INVOICE_NUMBER,
        Reason.TWICE,
        "SELECT row FROM import_invoice WHERE number IS NOT NULL AND place > 1",
    ),
    (
        Column.BILLING_ACCOUNT,
        Reason.NO_ACCOUNT,
        "SELECT r.row FROM import_row r JOIN import_invoice m USING (row)"
        " WHERE r.account <> '' AND m.account_customer_id IS NULL",
    ),
    (
        Column.BILLING_ACCOUNT,
        Reason.ACCOUNT_OF_ANOTHER,
        "SELECT row FROM import_invoice WHERE account_customer_id <> customer_id",
    ),
    *(
        (column, reason, f"SELECT row FROM import_invoice WHERE {differs}")
        for column, reason, differs in _FIXED
    ),
    (
        Column.COLLECTION_OPENED,
        Reason.REQUIRED,
        "SELECT row FROM import_case WHERE opened_on IS NULL",
    ),
    (
        Column.COLLECTION_OPENED,
        Reason.NOT_DUE,
        "SELECT k.row FROM import_case k JOIN import_invoice m USING (row)"
        " WHERE k.is_new AND k.opened_on <= m.due_on",
    ),
    (
        Column.COLLECTION_STAGE,
        Reason.IN_COLLECTION,
        f"SELECT row FROM import_case WHERE has_another AND stage NOT IN ({_ENDED})",
    ),
    (
        Column.COLLECTION_STAGE,
        Reason.COLLECTION_ENDED,
        f"SELECT row FROM import_case WHERE old_closed_on IS NOT NULL AND {CHANGED_CASE}",
    ),
    (
        Column.COLLECTION_AMOUNT,
        Reason.REQUIRED,
        "SELECT k.row FROM import_case k JOIN import_row r USING (row)"
        " WHERE k.amount <= 0 AND r.amount IS NULL",
    ),
)
# A payment that shrinks, or turns its sign: an old file, or one that was returned.
_LESS_PAID = (
    Column.PAID,
    Reason.LESS_PAID,
    "SELECT row FROM import_invoice WHERE abs(paid) < abs(old_paid) OR paid * old_paid < 0",
)
_RESTRICTED = f"""
SELECT m.row FROM import_invoice m
JOIN customers_customer c ON c.id = m.customer_id
JOIN customers_restriction s ON s.person_id = c.owner_id AND s.lifted_at IS NULL
WHERE m.is_new OR {CHANGED_INVOICE}
   OR m.row IN (SELECT row FROM import_case WHERE is_new OR {CHANGED_CASE})
"""


def match() -> None:
    """Find out which invoice, and which collection of it, each staged row is about."""
    run_sql("SET LOCAL work_mem = '64MB'")
    run_sql(_INVOICES)
    run_sql("ANALYZE import_invoice")
    run_sql(_LOCK_CASES)
    run_sql(_CASES)
    run_sql("ANALYZE import_case")


def note_problems(problems: Problems, *, allow_less_paid: bool, leave_out_restricted: bool) -> None:
    """Add what is wrong with rows beside each other, or beside what the register has.

    Rows that would change data of somebody restricted (GDPR Art. 18) are wrong too, unless they
    are to be left out.
    """
    checks: list[tuple[int, int, str]] = [*_CHECKS]
    if not allow_less_paid:
        checks.append(_LESS_PAID)
    if not leave_out_restricted:
        checks.append((WHOLE_ROW, Reason.RESTRICTED, _RESTRICTED))
    check(checks, problems)
    if leave_out_restricted:
        run_sql(f"UPDATE import_invoice SET is_left_out = true WHERE row IN ({_RESTRICTED})")
        run_sql(
            "DELETE FROM import_case k USING import_invoice m WHERE m.row = k.row AND m.is_left_out"
        )
