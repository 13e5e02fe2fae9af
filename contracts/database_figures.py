"""The figures of each customer, computed by the database from what is stored (S25).

Triggers queue the customers whose figures a change touches; a job has them computed, since a
change must not wait for that.
"""

_SUMMARISED = {
    "contracts_subscription": "SELECT customer_id FROM {rows}",
    "contracts_invoice": "SELECT customer_id FROM {rows}",
    # Contacts with a person count for the customers that she is herself.
    "customers_interaction": "SELECT customer_id FROM {rows} UNION SELECT c.id FROM {rows} r"
    " JOIN customers_customer c ON c.owner_id = r.person_id",
}

# A new customer has figures too; another owner has had other contacts.
_CREATE_CUSTOMERS_QUEUED = """
CREATE FUNCTION customers_customer_summarise() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO contracts_summaryqueue (customer_key) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER summarise_new AFTER INSERT ON customers_customer
    FOR EACH ROW EXECUTE FUNCTION customers_customer_summarise();
CREATE TRIGGER summarise_owner AFTER UPDATE OF owner_id ON customers_customer FOR EACH ROW
    WHEN (OLD.owner_id IS DISTINCT FROM NEW.owner_id)
    EXECUTE FUNCTION customers_customer_summarise();
"""
_DROP_CUSTOMERS_QUEUED = """
DROP TRIGGER summarise_owner ON customers_customer;
DROP TRIGGER summarise_new ON customers_customer;
DROP FUNCTION customers_customer_summarise();
"""


def _queue(table: str, customers: str) -> str:
    """The triggers by which a table's changes queue the customers whose figures they touch."""
    changed = {
        "insert": ("NEW TABLE AS new_rows", ("new_rows",)),
        "update": ("OLD TABLE AS old_rows NEW TABLE AS new_rows", ("new_rows", "old_rows")),
        "delete": ("OLD TABLE AS old_rows", ("old_rows",)),
    }
    return "".join(
        f"""
CREATE FUNCTION {table}_summarise_{event}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO contracts_summaryqueue (customer_key)
    SELECT customer_id FROM ({" UNION ".join(customers.format(rows=one) for one in relations)})
        AS touched(customer_id) WHERE customer_id IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER summarise_{event} AFTER {event.upper()} ON {table}
    REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION {table}_summarise_{event}();
"""
        for event, (rows, relations) in changed.items()
    )


def _no_queue(table: str) -> str:
    return "".join(
        f"DROP TRIGGER summarise_{event} ON {table};\nDROP FUNCTION {table}_summarise_{event}();\n"
        for event in ("insert", "update", "delete")
    )


CREATE_SUMMARIES = (
    "".join(_queue(table, customers) for table, customers in _SUMMARISED.items())
    + _CREATE_CUSTOMERS_QUEUED
    + """
-- Compute the figures of the customers longest in the queue, at most so many; gives how many.
-- One computation at a time, each on what is committed when it begins: a change that commits
-- later has a row of its own in the queue. Who waits several times is computed once.
CREATE FUNCTION contracts_compute_summaries(most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    keys bigint[];
    today date := (now() AT TIME ZONE 'Europe/Helsinki')::date;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('contracts_compute_summaries'));
    WITH taken AS (
        DELETE FROM contracts_summaryqueue WHERE customer_key IN (
            SELECT customer_key FROM contracts_summaryqueue ORDER BY id LIMIT most)
        RETURNING customer_key
    ) SELECT array_agg(DISTINCT customer_key) INTO keys FROM taken;
    INSERT INTO contracts_customersummary (customer_id, services_in_use, yearly_value,
        open_balance, days_overdue, contacts_in_90_days, last_contact_at, currency, computed_at)
    SELECT c.id, s.number, s.yearly, i.open, i.overdue, k.recent, k.latest, 'EUR', now()
    FROM customers_customer c,
        LATERAL (
            SELECT count(*) AS number,
                coalesce(12 * sum(unit_price) FILTER (WHERE currency = 'EUR'), 0) AS yearly
            FROM contracts_subscription WHERE customer_id = c.id AND opened_on <= today
                AND (terminated_on IS NULL OR terminated_on >= today)
        ) AS s,
        LATERAL (
            SELECT coalesce(sum(open_amount) FILTER (WHERE currency = 'EUR'), 0) AS open,
                coalesce(today - min(due_on) FILTER (WHERE open_amount > 0 AND due_on < today), 0)
                    AS overdue
            FROM contracts_invoice WHERE customer_id = c.id AND open_amount <> 0
        ) AS i,
        LATERAL (
            SELECT count(*) FILTER (WHERE happened_at > now() - interval '90 days') AS recent,
                max(happened_at) AS latest
            FROM (
                SELECT id, happened_at FROM customers_interaction WHERE customer_id = c.id
                UNION SELECT id, happened_at FROM customers_interaction
                    WHERE person_id = c.owner_id
            ) AS contact
        ) AS k
    WHERE c.id = ANY (keys)
    ON CONFLICT (customer_id) DO UPDATE SET
        services_in_use = EXCLUDED.services_in_use, yearly_value = EXCLUDED.yearly_value,
        open_balance = EXCLUDED.open_balance, days_overdue = EXCLUDED.days_overdue,
        contacts_in_90_days = EXCLUDED.contacts_in_90_days,
        last_contact_at = EXCLUDED.last_contact_at, computed_at = EXCLUDED.computed_at;
    RETURN coalesce(cardinality(keys), 0);
END $$;

-- Queue whose figures a day that has begun since has made untrue; gives how many.
CREATE FUNCTION contracts_queue_aged_summaries() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    number integer;
    today date := (now() AT TIME ZONE 'Europe/Helsinki')::date;
BEGIN
    WITH aged AS MATERIALIZED (
        SELECT customer_id, contacts_in_90_days,
            (computed_at AT TIME ZONE 'Europe/Helsinki')::date AS day
        FROM contracts_customersummary
        WHERE computed_at < today::timestamp AT TIME ZONE 'Europe/Helsinki'
    )
    INSERT INTO contracts_summaryqueue (customer_key)
    SELECT customer_id FROM aged WHERE contacts_in_90_days > 0
    UNION SELECT customer_id FROM aged JOIN contracts_invoice i USING (customer_id)
        WHERE i.open_amount > 0 AND i.due_on < today
    UNION SELECT customer_id FROM aged JOIN contracts_subscription s USING (customer_id)
        WHERE s.opened_on > aged.day AND s.opened_on <= today
    UNION SELECT customer_id FROM aged JOIN contracts_subscription s USING (customer_id)
        WHERE s.terminated_on >= aged.day AND s.terminated_on < today;
    GET DIAGNOSTICS number = ROW_COUNT;
    RETURN number;
END $$;

-- Figures go with their customer.
CREATE FUNCTION contracts_forget_summary() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM contracts_customersummary WHERE customer_id = OLD.id;
    RETURN OLD;
END $$;
CREATE TRIGGER forget_summary BEFORE DELETE ON customers_customer
    FOR EACH ROW EXECUTE FUNCTION contracts_forget_summary();
"""
)
DROP_SUMMARIES = (
    "".join(_no_queue(table) for table in _SUMMARISED)
    + _DROP_CUSTOMERS_QUEUED
    + """
DROP TRIGGER forget_summary ON customers_customer;
DROP FUNCTION contracts_forget_summary();
DROP FUNCTION contracts_queue_aged_summaries();
DROP FUNCTION contracts_compute_summaries(integer);
"""
)
