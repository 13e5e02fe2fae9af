"""What the database refuses of offers, orders, contracts and devices, whoever writes.

Rules about one row are constraints of the models; those about several rows stand here, as
triggers. One that refuses names its rule as a constraint's name, for which `contracts.rules` has
the sentence. They add up what belongs to a row rather than ask whether any of it EXISTS: for that
the planner may read a whole table that is being filled. Whatever a rule looks at is locked, so
that two changes at once cannot break it together.
"""


def _refusal(rule: str, text: str) -> str:
    """Raise as a broken constraint of this name."""
    return f"RAISE EXCEPTION '{text}' USING ERRCODE = 'check_violation', CONSTRAINT = '{rule}';"


_OFFERS = f"""
-- An offer that was sent is what the customer has read: its lines stay, and it has some.
CREATE FUNCTION contracts_offer_line_rule() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    one bigint;
    was_sent boolean;
BEGIN
    FOREACH one IN ARRAY CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.offer_id] WHEN 'DELETE' THEN ARRAY[OLD.offer_id]
        ELSE ARRAY[OLD.offer_id, NEW.offer_id] END
    LOOP
        SELECT sent_on IS NOT NULL INTO was_sent FROM contracts_offer
            WHERE id = one FOR NO KEY UPDATE;
        IF was_sent THEN
            {_refusal("offer_line_is_not_sent", "the offer was sent")}
        END IF;
    END LOOP;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER line_rule BEFORE INSERT OR UPDATE OR DELETE ON contracts_offerline
    FOR EACH ROW EXECUTE FUNCTION contracts_offer_line_rule();

CREATE FUNCTION contracts_offer_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM contracts_offerline WHERE offer_id = NEW.id) = 0 THEN
        {_refusal("offer_has_lines_when_sent", "an offer without lines")}
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER new_rule BEFORE INSERT ON contracts_offer FOR EACH ROW
    WHEN (NEW.sent_on IS NOT NULL) EXECUTE FUNCTION contracts_offer_rule();
CREATE TRIGGER send_rule BEFORE UPDATE OF sent_on ON contracts_offer FOR EACH ROW
    WHEN (NEW.sent_on IS NOT NULL AND OLD.sent_on IS NULL)
    EXECUTE FUNCTION contracts_offer_rule();

CREATE FUNCTION contracts_offer_sent_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {_refusal("offer_is_as_it_was_sent", "the offer was sent")}
END $$;
CREATE TRIGGER sent_rule BEFORE UPDATE ON contracts_offer FOR EACH ROW
    WHEN (OLD.sent_on IS NOT NULL AND (NEW.sent_on IS NULL OR
          (OLD.customer_id, OLD.currency) IS DISTINCT FROM (NEW.customer_id, NEW.currency)))
    EXECUTE FUNCTION contracts_offer_sent_rule();

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
"""

_ORDERS = f"""
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

-- The lines of an order stay as they were ordered once it is delivered or cancelled, and a line
-- once some of it was cancelled, came back or went out.
CREATE FUNCTION contracts_order_line_rule() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    one bigint;
    is_closed boolean;
BEGIN
    FOREACH one IN ARRAY CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.order_id] WHEN 'DELETE' THEN ARRAY[OLD.order_id]
        ELSE ARRAY[OLD.order_id, NEW.order_id] END
    LOOP
        SELECT delivered_on IS NOT NULL OR cancelled_on IS NOT NULL INTO is_closed
            FROM contracts_order WHERE id = one FOR NO KEY UPDATE;
        IF is_closed THEN
            {_refusal("order_line_is_not_delivered", "the order is closed")}
        END IF;
    END LOOP;
    IF TG_OP = 'UPDATE' AND (
        (OLD.order_id, OLD.product_id, OLD.quantity, OLD.unit_price, OLD.charged)
        IS DISTINCT FROM (NEW.order_id, NEW.product_id, NEW.quantity, NEW.unit_price, NEW.charged)
    ) AND (
        EXISTS (SELECT FROM contracts_return WHERE order_line_id = OLD.id)
        OR EXISTS (SELECT FROM contracts_devicehandover WHERE order_line_id = OLD.id)
    ) THEN
        {_refusal("order_line_is_not_taken_back", "some of the line has gone or come back")}
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER line_rule BEFORE INSERT OR UPDATE OR DELETE ON contracts_orderline
    FOR EACH ROW EXECUTE FUNCTION contracts_order_line_rule();

-- A line is cancelled before it is delivered, returned after it, and never more than was ordered.
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
    -- On the day of delivery only what was cancelled before it was noted.
    IF NEW.kind = 'cancellation' AND parent.delivered_on <= NEW.happened_on
            AND (TG_OP = 'INSERT' OR (OLD.order_line_id, OLD.kind, OLD.quantity, OLD.happened_on)
            IS DISTINCT FROM (NEW.order_line_id, NEW.kind, NEW.quantity, NEW.happened_on)) THEN
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

-- What of an order was cancelled, came back or went out fits the order as it becomes.
CREATE FUNCTION contracts_order_change_rule() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lines bigint[] := ARRAY(SELECT id FROM contracts_orderline WHERE order_id = NEW.id);
    back record;
    gone record;
BEGIN
    IF OLD.cancelled_on IS NOT NULL AND NEW.cancelled_on IS NULL THEN
        {_refusal("order_stays_cancelled", "the order was cancelled")}
    END IF;
    SELECT bool_or(customer_id <> NEW.customer_id) AS is_elsewhere, min(happened_on) AS earliest,
        min(happened_on) FILTER (WHERE kind = 'return') AS first_return,
        max(happened_on) FILTER (WHERE kind = 'cancellation') AS last_cancellation
        INTO back FROM contracts_return WHERE order_line_id = ANY (lines);
    IF back.is_elsewhere THEN
        {_refusal("return_line_has_its_customer", "its returns are of another customer")}
    END IF;
    IF back.earliest < NEW.ordered_on THEN
        {_refusal("return_follows_the_order", "returned before it was ordered")}
    END IF;
    IF back.first_return < coalesce(NEW.delivered_on, 'infinity')
            OR back.last_cancellation > NEW.delivered_on THEN
        {_refusal("delivery_fits_what_came_back", "the delivery does not fit its returns")}
    END IF;
    SELECT bool_or(customer_id <> NEW.customer_id) AS is_elsewhere, min(went_out_on) AS earliest,
        bool_or(came_back_on IS NULL) AS is_out
        INTO gone FROM contracts_devicehandover WHERE order_line_id = ANY (lines);
    IF gone.is_elsewhere THEN
        {_refusal("handover_line_has_its_customer", "its devices are with another customer")}
    END IF;
    IF gone.earliest < NEW.ordered_on THEN
        {_refusal("handover_follows_the_order", "out before it was ordered")}
    END IF;
    IF NEW.cancelled_on IS NOT NULL AND gone.is_out THEN
        {_refusal("cancelled_order_has_no_device_out", "a device of the order is out")}
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER change_rule BEFORE UPDATE ON contracts_order FOR EACH ROW
    WHEN ((OLD.customer_id, OLD.ordered_on, OLD.delivered_on, OLD.cancelled_on) IS DISTINCT FROM
          (NEW.customer_id, NEW.ordered_on, NEW.delivered_on, NEW.cancelled_on))
    EXECUTE FUNCTION contracts_order_change_rule();
"""

_CONTRACTS = f"""
-- The day that a contract ends with; none while it goes on or renews.
CREATE FUNCTION contracts_last_day(renewal text, notice_given_on date, ends_on date) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN renewal = 'renews' AND notice_given_on IS NULL THEN NULL ELSE ends_on END
$$;

-- A service is open only while its contract is in force.
CREATE FUNCTION contracts_subscription_rule() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    parent contracts_contract;
    last_day date;
BEGIN
    SELECT * INTO parent FROM contracts_contract WHERE id = NEW.contract_id FOR SHARE;
    last_day := contracts_last_day(parent.renewal, parent.notice_given_on, parent.ends_on);
    IF NEW.opened_on < parent.starts_on OR NEW.opened_on > last_day THEN
        {_refusal("subscription_opens_in_its_contract", "opened outside the contract")}
    END IF;
    IF NEW.terminated_on > last_day THEN
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
DECLARE
    last_day date := contracts_last_day(NEW.renewal, NEW.notice_given_on, NEW.ends_on);
BEGIN
    IF EXISTS (
        SELECT FROM contracts_subscription s WHERE s.contract_id = NEW.id
            AND (s.opened_on < NEW.starts_on OR s.opened_on > last_day
                 OR s.terminated_on > last_day)
    ) OR EXISTS (
        SELECT FROM contracts_subscription s
        JOIN contracts_servicechange c ON c.subscription_id = s.id
        WHERE s.contract_id = NEW.id AND c.changed_on > last_day
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
CREATE TRIGGER contract_rule BEFORE UPDATE ON contracts_contract FOR EACH ROW
    WHEN ((OLD.starts_on, OLD.ends_on, OLD.notice_given_on, OLD.renewal) IS DISTINCT FROM
          (NEW.starts_on, NEW.ends_on, NEW.notice_given_on, NEW.renewal))
    EXECUTE FUNCTION contracts_contract_rule();

-- A service is changed while it is open and its contract in force.
CREATE FUNCTION contracts_service_change_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM contracts_subscription s JOIN contracts_contract c ON c.id = s.contract_id
        WHERE s.id = NEW.subscription_id AND NEW.changed_on >= s.opened_on
        AND NEW.changed_on <= coalesce(s.terminated_on, 'infinity')
        AND NEW.changed_on <= coalesce(
            contracts_last_day(c.renewal, c.notice_given_on, c.ends_on), 'infinity')
        FOR SHARE;
    IF NOT FOUND THEN
        {_refusal("service_change_is_in_its_time", "a change while the service was not open")}
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER change_rule BEFORE INSERT OR UPDATE ON contracts_servicechange
    FOR EACH ROW EXECUTE FUNCTION contracts_service_change_rule();
"""

_DEVICES = f"""
-- A device is one of a device model, and a product stays what it is.
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

CREATE FUNCTION contracts_product_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {_refusal("product_stays_what_it_is", "a product of the other kind")}
END $$;
CREATE TRIGGER kind_rule BEFORE UPDATE OF kind ON contracts_product FOR EACH ROW
    WHEN (OLD.kind IS DISTINCT FROM NEW.kind) EXECUTE FUNCTION contracts_product_rule();

-- What goes out on an order goes after it, to its customer; a device is in one place, also on a
-- single day in the middle of somebody else's time, which makes no range of days.
CREATE FUNCTION contracts_handover_rule() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    parent contracts_order;
BEGIN
    PERFORM FROM contracts_device WHERE id = NEW.device_id FOR NO KEY UPDATE;
    IF (
        SELECT bool_or(h.went_out_on < coalesce(NEW.came_back_on, 'infinity')
            AND coalesce(h.came_back_on, 'infinity') > NEW.went_out_on)
        FROM contracts_devicehandover h
        WHERE h.device_id = NEW.device_id AND h.id IS DISTINCT FROM NEW.id
    ) THEN
        {_refusal("device_is_in_one_place", "somebody else has it at that time")}
    END IF;
    IF NEW.order_line_id IS NOT NULL AND (TG_OP = 'INSERT' OR
            (OLD.order_line_id, OLD.customer_id, OLD.went_out_on) IS DISTINCT FROM
            (NEW.order_line_id, NEW.customer_id, NEW.went_out_on)) THEN
        SELECT o.* INTO parent FROM contracts_order o
            JOIN contracts_orderline l ON l.order_id = o.id WHERE l.id = NEW.order_line_id
            FOR SHARE;
        IF parent.customer_id IS DISTINCT FROM NEW.customer_id THEN
            {_refusal("handover_line_has_its_customer", "the line is of another customer")}
        END IF;
        IF NEW.went_out_on < parent.ordered_on OR parent.cancelled_on IS NOT NULL THEN
            {_refusal("handover_follows_the_order", "out before it was ordered")}
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER handover_rule BEFORE INSERT OR UPDATE ON contracts_devicehandover
    FOR EACH ROW EXECUTE FUNCTION contracts_handover_rule();
"""

CREATE_RULES = _OFFERS + _ORDERS + _CONTRACTS + _DEVICES

# The triggers of each function: (function, table, triggers).
_MADE = (
    ("contracts_offer_line_rule()", "contracts_offerline", ("line_rule",)),
    ("contracts_offer_rule()", "contracts_offer", ("new_rule", "send_rule")),
    ("contracts_offer_sent_rule()", "contracts_offer", ("sent_rule",)),
    ("contracts_offer_answer_rule()", "contracts_offer", ("answer_rule",)),
    ("contracts_order_rule()", "contracts_order", ("offer_rule",)),
    ("contracts_order_line_rule()", "contracts_orderline", ("line_rule",)),
    ("contracts_return_rule()", "contracts_return", ("return_rule",)),
    ("contracts_order_change_rule()", "contracts_order", ("change_rule",)),
    ("contracts_subscription_rule()", "contracts_subscription", ("subscription_rule",)),
    ("contracts_contract_rule()", "contracts_contract", ("contract_rule",)),
    ("contracts_service_change_rule()", "contracts_servicechange", ("change_rule",)),
    ("contracts_device_rule()", "contracts_device", ("device_rule",)),
    ("contracts_product_rule()", "contracts_product", ("kind_rule",)),
    ("contracts_handover_rule()", "contracts_devicehandover", ("handover_rule",)),
)
DROP_RULES = (
    "".join(
        f"DROP TRIGGER {trigger} ON {table};\n"
        for _function, table, triggers in _MADE
        for trigger in triggers
    )
    + "".join(f"DROP FUNCTION {function};\n" for function, _table, _triggers in _MADE)
    + "DROP FUNCTION contracts_last_day(text, date, date);\n"
)
