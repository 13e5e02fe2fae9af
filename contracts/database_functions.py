"""What the database itself keeps for contracts: numbers, times, same customers and sums.

What it refuses stands in `contracts.database_rules`, what it computes of each customer in
`contracts.database_figures`.
"""

SEQUENCES = {
    "contracts_offer_number": "contracts_offer",
    "contracts_order_number": "contracts_order",
    "contracts_contract_number": "contracts_contract",
    "contracts_billing_number": "contracts_billingaccount",
}
CREATE_SEQUENCES = "".join(f"CREATE SEQUENCE {name} START 100001;\n" for name in SEQUENCES)
DROP_SEQUENCES = "".join(f"DROP SEQUENCE {name};\n" for name in SEQUENCES)

CREATE_REFERENCE = """
-- A Finnish reference number: 4 to 20 digits, weights 7 3 1 from the right, the check digit is
-- what the sum lacks to the next ten (domain section 7). Ten times as quick as one SQL statement.
CREATE FUNCTION reference_is_valid(written text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    total integer := 0;
BEGIN
    IF (written ~ '^[0-9]{4,20}$') IS NOT TRUE THEN
        RETURN false;
    END IF;
    FOR n IN 1 .. length(written) - 1 LOOP
        total := total + substr(written, length(written) - n, 1)::integer
            * CASE n % 3 WHEN 1 THEN 7 WHEN 2 THEN 3 ELSE 1 END;
    END LOOP;
    RETURN (total + right(written, 1)::integer) % 10 = 0;
END $$;
"""
DROP_REFERENCE = "DROP FUNCTION reference_is_valid(text);"

_TOUCHED = (
    "contracts_offer",
    "contracts_order",
    "contracts_return",
    "contracts_contract",
    "contracts_subscription",
    "contracts_servicechange",
    "contracts_device",
    "contracts_devicehandover",
    "contracts_billingaccount",
    "contracts_billingcontact",
    "contracts_invoice",
    "contracts_collectioncase",
)
_FIXED = {
    "contracts_offer": "number",
    "contracts_order": "number",
    "contracts_contract": "number",
    "contracts_billingaccount": "number",
    "contracts_invoice": "number",
    "contracts_device": "serial_number",
    "contracts_product": "code",
}

# A condition of a trigger before the change may not name columns that the database computes.
_COMPARED = {
    "contracts_invoice": "customer_id billing_account_id reference issued_on due_on net vat paid"
    " paid_on currency",
}


def _has_changed(table: str) -> str:
    if table not in _COMPARED:
        return "OLD.* IS DISTINCT FROM NEW.*"
    names = _COMPARED[table].split()
    old, new = (", ".join(f"{row}.{name}" for name in names) for row in ("OLD", "NEW"))
    return f"({old}) IS DISTINCT FROM ({new})"


# The times and the fixed numbers, with the functions that customers made for them. A sequence
# belongs to its table: who empties it with RESTART IDENTITY begins anew with its numbers too.
CREATE_KEEPERS = (
    "".join(
        f"ALTER SEQUENCE {name} OWNED BY {table}.number;\n" for name, table in SEQUENCES.items()
    )
    + "".join(
        f"""
CREATE TRIGGER note_change BEFORE UPDATE ON {table} FOR EACH ROW
    WHEN ({_has_changed(table)}) EXECUTE FUNCTION customers_note_change();
"""
        for table in _TOUCHED
    )
    + "".join(
        f"""
CREATE TRIGGER refuse_new_number BEFORE UPDATE OF {column} ON {table} FOR EACH ROW
    WHEN (OLD.{column} IS DISTINCT FROM NEW.{column})
    EXECUTE FUNCTION customers_refuse_new_number();
"""
        for table, column in _FIXED.items()
    )
)
DROP_KEEPERS = (
    "".join(f"DROP TRIGGER refuse_new_number ON {table};\n" for table in _FIXED)
    + "".join(f"DROP TRIGGER note_change ON {table};\n" for table in _TOUCHED)
    + "".join(f"ALTER SEQUENCE {name} OWNED BY NONE;\n" for name in SEQUENCES)
)

# What belongs together belongs to one customer: (child, column, parent).
_SAME_CUSTOMER = (
    ("contracts_order", "offer_id", "contracts_offer"),
    ("contracts_order", "contract_id", "contracts_contract"),
    ("contracts_contract", "billing_account_id", "contracts_billingaccount"),
    ("contracts_subscription", "contract_id", "contracts_contract"),
    ("contracts_servicechange", "subscription_id", "contracts_subscription"),
    ("contracts_invoice", "billing_account_id", "contracts_billingaccount"),
    ("contracts_collectioncase", "invoice_id", "contracts_invoice"),
)
_PARENTS = tuple(dict.fromkeys(parent for _child, _column, parent in _SAME_CUSTOMER))


def same_customer(child: str, column: str) -> str:
    """The name of the constraint that a child and its parent have one customer."""
    return f"{child.removeprefix('contracts_')}_{column.removesuffix('_id')}_has_its_customer"


CREATE_SAME_CUSTOMER = "".join(
    f"ALTER TABLE {parent} ADD CONSTRAINT"
    f" {parent.removeprefix('contracts_')}_with_customer UNIQUE (id, customer_id);\n"
    for parent in _PARENTS
) + "".join(
    f"ALTER TABLE {child} ADD CONSTRAINT {same_customer(child, column)}"
    f" FOREIGN KEY ({column}, customer_id) REFERENCES {parent} (id, customer_id);\n"
    for child, column, parent in _SAME_CUSTOMER
)
DROP_SAME_CUSTOMER = "".join(
    f"ALTER TABLE {child} DROP CONSTRAINT {same_customer(child, column)};\n"
    for child, column, _parent in _SAME_CUSTOMER
) + "".join(
    f"ALTER TABLE {parent} DROP CONSTRAINT {parent.removeprefix('contracts_')}_with_customer;\n"
    for parent in _PARENTS
)


def _totals(document: str) -> str:
    """The function and triggers that add up a document's lines, once per statement.

    The sums are materialized: where the planner takes the documents for few it would add up all
    of them once for each.
    """
    table, line = f"contracts_{document}", f"contracts_{document}line"
    changed = {
        "insert": ("NEW TABLE AS new_rows", f"SELECT DISTINCT {document}_id FROM new_rows"),
        "update": (
            "OLD TABLE AS old_rows NEW TABLE AS new_rows",
            f"SELECT {document}_id FROM new_rows UNION SELECT {document}_id FROM old_rows",
        ),
        "delete": ("OLD TABLE AS old_rows", f"SELECT DISTINCT {document}_id FROM old_rows"),
    }
    return "".join(
        f"""
CREATE FUNCTION {line}_totals_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH s AS MATERIALIZED (
        SELECT t.id,
            coalesce(sum(l.net) FILTER (WHERE l.charged = 'once'), 0) AS once_net,
            coalesce(sum(l.net + l.vat) FILTER (WHERE l.charged = 'once'), 0) AS once_gross,
            coalesce(sum(l.net) FILTER (WHERE l.charged = 'monthly'), 0) AS monthly_net,
            coalesce(sum(l.net + l.vat) FILTER (WHERE l.charged = 'monthly'), 0) AS monthly_gross
        FROM ({documents}) AS t(id) LEFT JOIN {line} l ON l.{document}_id = t.id
        GROUP BY t.id
    )
    UPDATE {table} d SET once_net = s.once_net, once_gross = s.once_gross,
        monthly_net = s.monthly_net, monthly_gross = s.monthly_gross
    FROM s WHERE d.id = s.id AND (d.once_net, d.once_gross, d.monthly_net, d.monthly_gross)
        IS DISTINCT FROM (s.once_net, s.once_gross, s.monthly_net, s.monthly_gross);
    RETURN NULL;
END $$;
CREATE TRIGGER totals_{event} AFTER {event.upper()} ON {line}
    REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION {line}_totals_{event}();
"""
        for event, (rows, documents) in changed.items()
    )


def _no_totals(document: str) -> str:
    line = f"contracts_{document}line"
    return "".join(
        f"DROP TRIGGER totals_{event} ON {line};\nDROP FUNCTION {line}_totals_{event}();\n"
        for event in ("insert", "update", "delete")
    )


# Only its lines change a document's sums: what is written into it directly is not taken.
_SUMS = ("once_net", "once_gross", "monthly_net", "monthly_gross")
_KEPT, _NEW = (", ".join(f"{row}.{name}" for name in _SUMS) for row in ("OLD", "NEW"))


def _kept_sums(event: str, condition: str, values: str) -> str:
    """The function and triggers by which a document's sums are taken from its lines alone."""
    return f"""
CREATE FUNCTION contracts_keep_sums_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT {values} INTO {_NEW};
    RETURN NEW;
END $$;
""" + "".join(
        f"""
CREATE TRIGGER keep_sums_{event} BEFORE {event.upper()} ON contracts_{document} FOR EACH ROW
    WHEN ({condition}) EXECUTE FUNCTION contracts_keep_sums_{event}();
"""
        for document in ("offer", "order")
    )


def _no_kept_sums(event: str) -> str:
    return (
        "".join(
            f"DROP TRIGGER keep_sums_{event} ON contracts_{document};\n"
            for document in ("offer", "order")
        )
        + f"DROP FUNCTION contracts_keep_sums_{event}();\n"
    )


CREATE_TOTALS = (
    _totals("offer")
    + _totals("order")
    + _kept_sums("insert", f"({_NEW}) <> (0, 0, 0, 0)", "0, 0, 0, 0")
    + _kept_sums("update", f"pg_trigger_depth() = 0 AND ({_KEPT}) IS DISTINCT FROM ({_NEW})", _KEPT)
)
DROP_TOTALS = (
    _no_kept_sums("insert") + _no_kept_sums("update") + _no_totals("offer") + _no_totals("order")
)
