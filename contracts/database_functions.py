"""What the database itself refuses and keeps for contracts: no path gets round it.

Rules about one row are constraints of the models; those about several rows stand here, as
composite foreign keys and triggers. A trigger that refuses names its rule as a constraint's name,
for which `contracts.rules` has the sentence.
"""

SEQUENCES = (
    "contracts_offer_number",
    "contracts_order_number",
    "contracts_contract_number",
    "contracts_billing_number",
)
CREATE_SEQUENCES = "".join(f"CREATE SEQUENCE {name} START 100001;\n" for name in SEQUENCES)
DROP_SEQUENCES = "".join(f"DROP SEQUENCE {name};\n" for name in SEQUENCES)

CREATE_REFERENCE = """
-- A Finnish reference number: 4 to 20 digits, weights 7 3 1 from the right, the check digit is
-- what the sum lacks to the next ten (domain section 7).
CREATE FUNCTION reference_is_valid(written text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN written ~ '^[0-9]{4,20}$' THEN (
        SELECT (10 - sum(substr(reverse(left(written, -1)), n, 1)::integer
                         * (ARRAY[7, 3, 1])[(n - 1) % 3 + 1]) % 10) % 10
               = right(written, 1)::integer
        FROM generate_series(1, length(written) - 1) AS n
    ) ELSE false END
$$;
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


# The times and the fixed numbers, with the functions that customers made for them.
CREATE_KEEPERS = "".join(
    f"""
CREATE TRIGGER note_change BEFORE UPDATE ON {table} FOR EACH ROW
    WHEN ({_has_changed(table)}) EXECUTE FUNCTION customers_note_change();
"""
    for table in _TOUCHED
) + "".join(
    f"""
CREATE TRIGGER refuse_new_number BEFORE UPDATE OF {column} ON {table} FOR EACH ROW
    WHEN (OLD.{column} IS DISTINCT FROM NEW.{column})
    EXECUTE FUNCTION customers_refuse_new_number();
"""
    for table, column in _FIXED.items()
)
DROP_KEEPERS = "".join(
    f"DROP TRIGGER refuse_new_number ON {table};\n" for table in _FIXED
) + "".join(f"DROP TRIGGER note_change ON {table};\n" for table in _TOUCHED)

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
    """The function and triggers that add up a document's lines, once per statement."""
    table, line = f"contracts_{document}", f"contracts_{document}line"
    changed = {
        "insert": ("NEW TABLE AS new_rows", f"SELECT {document}_id FROM new_rows"),
        "update": (
            "OLD TABLE AS old_rows NEW TABLE AS new_rows",
            f"SELECT {document}_id FROM new_rows UNION SELECT {document}_id FROM old_rows",
        ),
        "delete": ("OLD TABLE AS old_rows", f"SELECT {document}_id FROM old_rows"),
    }
    return "".join(
        f"""
CREATE FUNCTION {line}_totals_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE {table} d SET once_net = s.once_net, once_gross = s.once_gross,
        monthly_net = s.monthly_net, monthly_gross = s.monthly_gross
    FROM (
        SELECT t.id,
            coalesce(sum(l.net) FILTER (WHERE l.charged = 'once'), 0) AS once_net,
            coalesce(sum(l.net + l.vat) FILTER (WHERE l.charged = 'once'), 0) AS once_gross,
            coalesce(sum(l.net) FILTER (WHERE l.charged = 'monthly'), 0) AS monthly_net,
            coalesce(sum(l.net + l.vat) FILTER (WHERE l.charged = 'monthly'), 0) AS monthly_gross
        FROM ({documents}) AS t(id) LEFT JOIN {line} l ON l.{document}_id = t.id
        GROUP BY t.id
    ) AS s
    WHERE d.id = s.id AND (d.once_net, d.once_gross, d.monthly_net, d.monthly_gross)
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


CREATE_TOTALS = _totals("offer") + _totals("order")
DROP_TOTALS = _no_totals("offer") + _no_totals("order")


def _refusal(rule: str, text: str) -> str:
    """Raise as a broken constraint of this name."""
    return f"RAISE EXCEPTION '{text}' USING ERRCODE = 'check_violation', CONSTRAINT = '{rule}';"


CREATE_RULES = f"""
-- An offer that was sent is what the customer has read: its lines stay, and it has some.
CREATE FUNCTION contracts_offer_line_rule() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    one bigint;
BEGIN
    FOREACH one IN ARRAY CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.offer_id] WHEN 'DELETE' THEN ARRAY[OLD.offer_id]
        ELSE ARRAY[OLD.offer_id, NEW.offer_id] END
    LOOP
        PERFORM FROM contracts_offer WHERE id = one AND sent_on IS NOT NULL FOR SHARE;
        IF FOUND THEN
            {_refusal("offer_line_is_not_sent", "the offer was sent")}
        END IF;
    END LOOP;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER line_rule BEFORE INSERT OR UPDATE OR DELETE ON contracts_offerline
    FOR EACH ROW EXECUTE FUNCTION contracts_offer_line_rule();

CREATE FUNCTION contracts_offer_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM contracts_offerline WHERE offer_id = NEW.id) THEN
        {_refusal("offer_has_lines_when_sent", "an offer without lines")}
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER send_rule BEFORE UPDATE OF sent_on ON contracts_offer FOR EACH ROW
    WHEN (NEW.sent_on IS NOT NULL AND OLD.sent_on IS NULL)
    EXECUTE FUNCTION contracts_offer_rule();

-- What became of an offer stays so.
CREATE FUNCTION contracts_offer_answer_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {_refusal("offer_is_answered_once", "the offer was answered")}
END $$;
CREATE TRIGGER answer_rule BEFORE UPDATE OF sent_on, accepted_on, declined_on, valid_until
    ON contracts_offer FOR EACH ROW
    WHEN ((OLD.accepted_on IS NOT NULL OR OLD.declined_on IS NOT NULL) AND
          (OLD.sent_on, OLD.accepted_on, OLD.declined_on, OLD.valid_until) IS DISTINCT FROM
          (NEW.sent_on, NEW.accepted_on, NEW.declined_on, NEW.valid_until))
    EXECUTE FUNCTION contracts_offer_answer_rule();

-- An order comes only from an offer that was accepted, and not before.
CREATE FUNCTION contracts_order_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM contracts_offer o
        WHERE o.id = NEW.offer_id AND o.accepted_on <= NEW.ordered_on FOR SHARE;
    IF NOT FOUND THEN
        {_refusal("order_has_an_accepted_offer", "the offer is not accepted")}
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER offer_rule BEFORE INSERT OR UPDATE OF offer_id, ordered_on ON contracts_order
    FOR EACH ROW WHEN (NEW.offer_id IS NOT NULL) EXECUTE FUNCTION contracts_order_rule();

-- The lines of an order stay as they were ordered once it is delivered or cancelled.
CREATE FUNCTION contracts_order_line_rule() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    one bigint;
BEGIN
    FOREACH one IN ARRAY CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.order_id] WHEN 'DELETE' THEN ARRAY[OLD.order_id]
        ELSE ARRAY[OLD.order_id, NEW.order_id] END
    LOOP
        PERFORM FROM contracts_order WHERE id = one
            AND (delivered_on IS NOT NULL OR cancelled_on IS NOT NULL) FOR SHARE;
        IF FOUND THEN
            {_refusal("order_line_is_not_delivered", "the order is closed")}
        END IF;
    END LOOP;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER line_rule BEFORE INSERT OR UPDATE OR DELETE ON contracts_orderline
    FOR EACH ROW EXECUTE FUNCTION contracts_order_line_rule();

-- A line is cancelled before it is delivered, returned after it, and never more than was ordered.
-- The line is locked, so that two returns at once cannot add up to more.
CREATE FUNCTION contracts_return_rule() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    line contracts_orderline;
    parent contracts_order;
BEGIN
    SELECT * INTO line FROM contracts_orderline WHERE id = NEW.order_line_id FOR NO KEY UPDATE;
    SELECT * INTO parent FROM contracts_order WHERE id = line.order_id FOR SHARE;
    IF parent.customer_id IS DISTINCT FROM NEW.customer_id THEN
        {_refusal("return_line_has_its_customer", "the line is of another customer")}
    END IF;
    IF NEW.happened_on < parent.ordered_on THEN
        {_refusal("return_follows_the_order", "returned before it was ordered")}
    END IF;
    IF NEW.kind = 'return' AND (
            parent.delivered_on IS NULL OR NEW.happened_on < parent.delivered_on) THEN
        {_refusal("return_follows_delivery", "returned before it was delivered")}
    END IF;
    IF NEW.kind = 'cancellation' AND parent.delivered_on <= NEW.happened_on THEN
        {_refusal("cancellation_precedes_delivery", "cancelled after it was delivered")}
    END IF;
    IF NEW.quantity + coalesce((SELECT sum(quantity) FROM contracts_return
            WHERE order_line_id = NEW.order_line_id AND id IS DISTINCT FROM NEW.id), 0)
            > line.quantity THEN
        {_refusal("return_is_of_what_was_ordered", "more than was ordered")}
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER return_rule BEFORE INSERT OR UPDATE ON contracts_return
    FOR EACH ROW EXECUTE FUNCTION contracts_return_rule();

-- A delivery does not come before what was cancelled of the order, nor after what came back.
CREATE FUNCTION contracts_delivery_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM contracts_return r JOIN contracts_orderline l ON l.id = r.order_line_id
        WHERE l.order_id = NEW.id AND CASE r.kind
            WHEN 'return' THEN r.happened_on < coalesce(NEW.delivered_on, 'infinity')
            ELSE r.happened_on >= NEW.delivered_on END
    ) THEN
        {_refusal("delivery_fits_what_came_back", "the delivery does not fit its returns")}
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER delivery_rule BEFORE UPDATE OF delivered_on ON contracts_order FOR EACH ROW
    WHEN (OLD.delivered_on IS DISTINCT FROM NEW.delivered_on)
    EXECUTE FUNCTION contracts_delivery_rule();

-- A service is open only while its contract is in force.
CREATE FUNCTION contracts_subscription_rule() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    parent contracts_contract;
BEGIN
    SELECT * INTO parent FROM contracts_contract WHERE id = NEW.contract_id FOR SHARE;
    IF NEW.opened_on < parent.starts_on OR NEW.opened_on > parent.ends_on THEN
        {_refusal("subscription_opens_in_its_contract", "opened outside the contract")}
    END IF;
    IF NEW.terminated_on > parent.ends_on THEN
        {_refusal("subscription_ends_in_its_contract", "ends after the contract")}
    END IF;
    IF NEW.terminated_on IS NULL AND parent.notice_given_on IS NOT NULL THEN
        {_refusal("contract_under_notice_ends_services", "a service would stay open")}
    END IF;
    IF NOT EXISTS (
            SELECT FROM contracts_product WHERE id = NEW.product_id AND kind = 'service') THEN
        {_refusal("subscription_is_of_a_service", "a subscription of something else")}
    END IF;
    IF TG_OP = 'UPDATE' AND EXISTS (
        SELECT FROM contracts_servicechange c WHERE c.subscription_id = NEW.id
            AND (c.changed_on < NEW.opened_on OR c.changed_on > NEW.terminated_on)
    ) THEN
        {_refusal("service_change_is_in_its_time", "a change while the service was not open")}
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER subscription_rule
    BEFORE INSERT OR UPDATE OF contract_id, opened_on, terminated_on, product_id
    ON contracts_subscription FOR EACH ROW EXECUTE FUNCTION contracts_subscription_rule();

CREATE FUNCTION contracts_contract_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM contracts_subscription s WHERE s.contract_id = NEW.id
            AND (s.opened_on < NEW.starts_on OR s.opened_on > NEW.ends_on
                 OR s.terminated_on > NEW.ends_on)
    ) THEN
        {_refusal("contract_holds_its_services", "a service would be outside the contract")}
    END IF;
    IF NEW.notice_given_on IS NOT NULL AND EXISTS (
        SELECT FROM contracts_subscription s
        WHERE s.contract_id = NEW.id AND s.terminated_on IS NULL
    ) THEN
        {_refusal("contract_under_notice_ends_services", "a service would stay open")}
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contract_rule BEFORE UPDATE OF starts_on, ends_on, notice_given_on
    ON contracts_contract FOR EACH ROW
    WHEN ((OLD.starts_on, OLD.ends_on, OLD.notice_given_on) IS DISTINCT FROM
          (NEW.starts_on, NEW.ends_on, NEW.notice_given_on))
    EXECUTE FUNCTION contracts_contract_rule();

-- A service is changed while it is open.
CREATE FUNCTION contracts_service_change_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM contracts_subscription s WHERE s.id = NEW.subscription_id
        AND NEW.changed_on >= s.opened_on
        AND (s.terminated_on IS NULL OR NEW.changed_on <= s.terminated_on) FOR SHARE;
    IF NOT FOUND THEN
        {_refusal("service_change_is_in_its_time", "a change while the service was not open")}
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER change_rule BEFORE INSERT OR UPDATE ON contracts_servicechange
    FOR EACH ROW EXECUTE FUNCTION contracts_service_change_rule();

-- A device is one of a device model; what goes out on an order goes after it, to its customer.
CREATE FUNCTION contracts_device_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
            SELECT FROM contracts_product WHERE id = NEW.product_id AND kind = 'device') THEN
        {_refusal("device_is_of_a_device_model", "a device of something else")}
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER device_rule BEFORE INSERT OR UPDATE OF product_id ON contracts_device
    FOR EACH ROW EXECUTE FUNCTION contracts_device_rule();

CREATE FUNCTION contracts_handover_rule() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    parent contracts_order;
BEGIN
    SELECT o.* INTO parent FROM contracts_order o
        JOIN contracts_orderline l ON l.order_id = o.id WHERE l.id = NEW.order_line_id;
    IF parent.customer_id IS DISTINCT FROM NEW.customer_id THEN
        {_refusal("handover_line_has_its_customer", "the line is of another customer")}
    END IF;
    IF NEW.went_out_on < parent.ordered_on OR parent.cancelled_on IS NOT NULL THEN
        {_refusal("handover_follows_the_order", "out before it was ordered")}
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER handover_rule BEFORE INSERT OR UPDATE ON contracts_devicehandover
    FOR EACH ROW WHEN (NEW.order_line_id IS NOT NULL) EXECUTE FUNCTION contracts_handover_rule();
"""
DROP_RULES = """
DROP TRIGGER handover_rule ON contracts_devicehandover;
DROP FUNCTION contracts_handover_rule();
DROP TRIGGER device_rule ON contracts_device;
DROP FUNCTION contracts_device_rule();
DROP TRIGGER change_rule ON contracts_servicechange;
DROP FUNCTION contracts_service_change_rule();
DROP TRIGGER contract_rule ON contracts_contract;
DROP FUNCTION contracts_contract_rule();
DROP TRIGGER subscription_rule ON contracts_subscription;
DROP FUNCTION contracts_subscription_rule();
DROP TRIGGER delivery_rule ON contracts_order;
DROP FUNCTION contracts_delivery_rule();
DROP TRIGGER return_rule ON contracts_return;
DROP FUNCTION contracts_return_rule();
DROP TRIGGER line_rule ON contracts_orderline;
DROP FUNCTION contracts_order_line_rule();
DROP TRIGGER offer_rule ON contracts_order;
DROP FUNCTION contracts_order_rule();
DROP TRIGGER answer_rule ON contracts_offer;
DROP FUNCTION contracts_offer_answer_rule();
DROP TRIGGER send_rule ON contracts_offer;
DROP FUNCTION contracts_offer_rule();
DROP TRIGGER line_rule ON contracts_offerline;
DROP FUNCTION contracts_offer_line_rule();
"""

_SUMMARISED = {
    "contracts_subscription": "SELECT customer_id FROM {rows}",
    "contracts_invoice": "SELECT customer_id FROM {rows}",
    # Contacts with a person count for the customers that she is herself.
    "customers_interaction": "SELECT customer_id FROM {rows} UNION SELECT c.id FROM {rows} r"
    " JOIN customers_customer c ON c.owner_id = r.person_id",
}


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
    + """
-- Compute the figures of the customers longest in the queue, at most so many; gives how many.
-- One computation at a time, each on what is committed when it begins: a change that commits
-- later has a row of its own in the queue.
CREATE FUNCTION contracts_compute_summaries(most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    keys bigint[];
    today date := (now() AT TIME ZONE 'Europe/Helsinki')::date;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('contracts_compute_summaries'));
    WITH taken AS (
        DELETE FROM contracts_summaryqueue WHERE id IN (
            SELECT id FROM contracts_summaryqueue ORDER BY id LIMIT most FOR UPDATE SKIP LOCKED)
        RETURNING customer_key
    ) SELECT array_agg(DISTINCT customer_key) INTO keys FROM taken;
    INSERT INTO contracts_customersummary (customer_id, services_in_use, yearly_value,
        open_balance, days_overdue, contacts_in_90_days, last_contact_at, currency, computed_at)
    SELECT c.id, s.number, s.yearly, i.open, i.overdue, k.recent, k.latest, 'EUR', now()
    FROM customers_customer c,
        LATERAL (
            SELECT count(*) AS number, coalesce(12 * sum(unit_price), 0) AS yearly
            FROM contracts_subscription WHERE customer_id = c.id AND opened_on <= today
                AND (terminated_on IS NULL OR terminated_on >= today)
        ) AS s,
        LATERAL (
            SELECT coalesce(sum(open_amount), 0) AS open,
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

-- Queue whose figures the new day has made untrue; gives how many.
CREATE FUNCTION contracts_queue_aged_summaries() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    number integer;
    today date := (now() AT TIME ZONE 'Europe/Helsinki')::date;
BEGIN
    INSERT INTO contracts_summaryqueue (customer_key)
    SELECT customer_id FROM contracts_customersummary
        WHERE open_balance <> 0 OR days_overdue > 0 OR contacts_in_90_days > 0
    UNION SELECT customer_id FROM contracts_subscription s
        WHERE s.opened_on = today OR s.terminated_on = today - 1;
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
    + """
DROP TRIGGER forget_summary ON customers_customer;
DROP FUNCTION contracts_forget_summary();
DROP FUNCTION contracts_queue_aged_summaries();
DROP FUNCTION contracts_compute_summaries(integer);
"""
)
