"""Forgetting what many chose at once: what they prohibited outlives them as keyed hashes."""

CREATE_MANY = r"""
CREATE OR REPLACE FUNCTION consents_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    called_by text;
BEGIN
    IF current_user = session_user THEN
        called_by := '';
    ELSE
        GET DIAGNOSTICS called_by = PG_CONTEXT;
    END IF;
    IF TG_OP = 'DELETE' AND called_by ~ '(^|\n)[^"\n]*\mforget_marketing_of\(bigint\[\]' THEN
        RETURN OLD;
    END IF;
    IF TG_LEVEL = 'ROW' AND audit_is_erasing() THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

-- Whether the engine that forgets has planned these records: it says so itself, once it is there.
CREATE FUNCTION consents_is_planned(place regclass, keys bigint[]) RETURNS boolean
LANGUAGE sql STABLE AS $$ SELECT false $$;

-- Erase the events of marketing of persons and of customers that are planned, and keep what each
-- had prohibited as keyed hashes of the numbers and addresses, so that the prohibition outlives the
-- data (domain section 5). Gives the number of hashes. Whoever calls it gives the key's pads.
CREATE FUNCTION forget_marketing_of(
    persons bigint[], customers bigint[], inner_pad bytea, outer_pad bytea)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    kept integer;
BEGIN
    IF octet_length(inner_pad) <> 64 OR octet_length(outer_pad) <> 64 THEN
        RAISE EXCEPTION 'the pads of a key are 64 bytes each'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF NOT consents_is_planned('consents_marketingchoice', ARRAY(
        SELECT c.id FROM consents_marketingchoice c
        WHERE c.person_id = ANY (persons) OR c.customer_id = ANY (customers)))
        OR NOT consents_is_planned('consents_collectionnotice', ARRAY(
            SELECT n.id FROM consents_collectionnotice n WHERE n.person_id = ANY (persons)))
    THEN
        RAISE EXCEPTION 'only what is planned is forgotten'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO consents_suppression (channel, product_group, digest, since)
    SELECT now.channel, now.product_group, consents_digest(w.written, inner_pad, outer_pad),
           max(now.at)
    FROM (
        SELECT DISTINCT ON (c.person_id, c.customer_id, c.channel, c.product_group)
               c.person_id, c.customer_id, c.channel, c.product_group, c.choice, c.at
        FROM consents_marketingchoice c
        WHERE c.person_id = ANY (persons) OR c.customer_id = ANY (customers)
        ORDER BY c.person_id, c.customer_id, c.channel, c.product_group, c.at DESC, c.id DESC
    ) AS now, LATERAL (
        SELECT p.kind || ':' || p.normalised FROM customers_contactpoint p
        WHERE (p.person_id = now.person_id OR p.customer_id = now.customer_id)
            AND now.channel <> 'post'
            AND p.kind = CASE WHEN now.channel IN ('sms', 'phone', 'robocall') THEN 'phone'
                              WHEN now.channel = 'email' THEN 'email' ELSE p.kind END
        UNION
        SELECT consents_post_text(n.first_name, n.last_name, a.street, a.postal_code)
        FROM customers_person n JOIN customers_address a ON a.person_id = n.id
        WHERE now.channel = 'post' AND n.id = now.person_id
        UNION
        SELECT consents_post_text(n.first_name, n.last_name, a.street, a.postal_code)
        FROM customers_person n JOIN customers_customer o ON o.owner_id = n.id
            JOIN customers_address a ON a.customer_id = o.id
        WHERE now.channel = 'post' AND n.id = now.person_id
        UNION
        SELECT consents_post_text(o.company_name, '', a.street, a.postal_code)
        FROM customers_customer o, customers_address a
        WHERE now.channel = 'post' AND o.id = now.customer_id AND a.customer_id = o.id
    ) AS w(written)
    WHERE now.choice IN ('prohibited', 'withdrawn')
    GROUP BY 1, 2, 3
    ON CONFLICT (digest, channel, product_group)
        DO UPDATE SET since = greatest(consents_suppression.since, EXCLUDED.since);
    GET DIAGNOSTICS kept = ROW_COUNT;
    DELETE FROM consents_marketinglistrow r
    WHERE r.person_id = ANY (persons) OR r.customer_id = ANY (customers);
    DELETE FROM consents_collectionnotice n WHERE n.person_id = ANY (persons);
    DELETE FROM consents_marketingchoice c
    WHERE c.person_id = ANY (persons) OR c.customer_id = ANY (customers);
    RETURN kept;
END $$;

DROP FUNCTION forget_marketing(bigint, bytea, bytea);
"""
