"""What the database itself does for consents: keyed hashes, and the one way out for events."""

from accounts.transfers import EEA

CREATE_DIGEST = """
-- HMAC-SHA-256 of a text by the two pads of a key (RFC 2104).
CREATE FUNCTION consents_digest(written text, inner_pad bytea, outer_pad bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT sha256(outer_pad || sha256(inner_pad || convert_to(written, 'UTF8')))
$$;

-- What is hashed of a name with its address: folded, so that writing does not matter.
CREATE FUNCTION consents_post_text(first_name text, last_name text, street text, postal_code text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 'post:' || lookup_fold(first_name || ' ' || last_name) || '|' || lookup_fold(street)
           || '|' || postal_code
$$;
"""
DROP_DIGEST = """
DROP FUNCTION consents_post_text(text, text, text, text);
DROP FUNCTION consents_digest(text, bytea, bytea);
"""

CREATE_WAY_OUT = r"""
-- Events are never changed, and go only through forget_marketing: whoever else deletes, the owner
-- too, is refused. The call itself is the evidence; no setting opens the way.
CREATE FUNCTION consents_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    called_by text;
BEGIN
    GET DIAGNOSTICS called_by = PG_CONTEXT;
    IF TG_OP = 'DELETE' AND called_by ~ '(^|\n)[^"\n]*\mforget_marketing\(bigint,bytea,bytea\)' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
DROP TRIGGER append_only ON consents_marketingchoice;
DROP TRIGGER no_truncate ON consents_marketingchoice;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON consents_marketingchoice
    FOR EACH ROW EXECUTE FUNCTION consents_append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON consents_marketingchoice
    FOR EACH STATEMENT EXECUTE FUNCTION consents_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON consents_collectionnotice
    FOR EACH ROW EXECUTE FUNCTION consents_append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON consents_collectionnotice
    FOR EACH STATEMENT EXECUTE FUNCTION consents_append_only();

-- Erase a person's events of marketing and keep what she had prohibited as keyed hashes of her
-- numbers and addresses, so that the prohibition outlives her data (domain section 5). Gives the
-- number of hashes. Whoever calls it gives the key's pads; the database keeps neither.
CREATE FUNCTION forget_marketing(person bigint, inner_pad bytea, outer_pad bytea)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    kept integer;
BEGIN
    IF octet_length(inner_pad) <> 64 OR octet_length(outer_pad) <> 64 THEN
        RAISE EXCEPTION 'the pads of a key are 64 bytes each'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO consents_suppression (channel, product_group, digest, since)
    SELECT now.channel, now.product_group, consents_digest(w.written, inner_pad, outer_pad),
           max(now.at)
    FROM (
        SELECT DISTINCT ON (c.channel, c.product_group) c.channel, c.product_group, c.choice, c.at
        FROM consents_marketingchoice c WHERE c.person_id = person
        ORDER BY c.channel, c.product_group, c.at DESC, c.id DESC
    ) AS now, LATERAL (
        SELECT p.kind || ':' || p.normalised FROM customers_contactpoint p
        WHERE p.person_id = person AND now.channel <> 'post'
            AND p.kind = CASE WHEN now.channel IN ('sms', 'phone', 'robocall') THEN 'phone'
                              WHEN now.channel = 'email' THEN 'email' ELSE p.kind END
        UNION
        SELECT consents_post_text(n.first_name, n.last_name, a.street, a.postal_code)
        FROM customers_person n, customers_address a
        WHERE n.id = person AND now.channel = 'post' AND (
            a.person_id = person OR a.customer_id IN (
                SELECT o.id FROM customers_customer o WHERE o.owner_id = person))
    ) AS w(written)
    WHERE now.choice IN ('prohibited', 'withdrawn')
    GROUP BY 1, 2, 3
    ON CONFLICT (digest, channel, product_group)
        DO UPDATE SET since = greatest(consents_suppression.since, EXCLUDED.since);
    GET DIAGNOSTICS kept = ROW_COUNT;
    DELETE FROM consents_marketinglistrow r WHERE r.person_id = person;
    DELETE FROM consents_collectionnotice n WHERE n.person_id = person;
    DELETE FROM consents_marketingchoice c WHERE c.person_id = person;
    RETURN kept;
END $$;

CREATE OR REPLACE FUNCTION consents_keep_used_wording() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM consents_marketingchoice WHERE wording_id = OLD.id)
            OR EXISTS (SELECT FROM consents_collectionnotice WHERE wording_id = OLD.id)
            OR EXISTS (SELECT FROM consents_consent WHERE wording_id = OLD.id) THEN
        RAISE EXCEPTION 'a wording that was shown is never changed'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

-- Who withdraws a consent has what was collected with it erased within 30 days (Art. 17(1)(b)).
CREATE FUNCTION consents_start_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE consents_supplementaryinformation
    SET erase_by = (NEW.withdrawn_at AT TIME ZONE 'Europe/Helsinki')::date + 30
    WHERE consent_id = NEW.id AND erase_by IS NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER start_erasure AFTER UPDATE OF withdrawn_at ON consents_consent FOR EACH ROW
    WHEN (OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL)
    EXECUTE FUNCTION consents_start_erasure();
"""
DROP_WAY_OUT = """
DROP TRIGGER start_erasure ON consents_consent;
DROP FUNCTION consents_start_erasure();
DROP FUNCTION forget_marketing(bigint, bytea, bytea);
DROP TRIGGER no_truncate ON consents_collectionnotice;
DROP TRIGGER append_only ON consents_collectionnotice;
DROP TRIGGER no_truncate ON consents_marketingchoice;
DROP TRIGGER append_only ON consents_marketingchoice;
DROP FUNCTION consents_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON consents_marketingchoice
    FOR EACH ROW EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON consents_marketingchoice
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
"""

CREATE_INTAKE = """
-- What was collected with a consent is of the person who gave it, while it is in force. Whoever
-- withdraws it at the same moment waits, so that nothing is left without its last day.
CREATE FUNCTION consents_check_consent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM consents_consent c
    WHERE c.id = NEW.consent_id AND c.person_id = NEW.person_id
        AND (c.withdrawn_at IS NULL OR NEW.erase_by IS NOT NULL)
    FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the person has no such consent in force'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_consent BEFORE INSERT OR UPDATE OF consent_id, person_id
    ON consents_supplementaryinformation FOR EACH ROW WHEN (NEW.consent_id IS NOT NULL)
    EXECUTE FUNCTION consents_check_consent();
"""
DROP_INTAKE = """
DROP TRIGGER check_consent ON consents_supplementaryinformation;
DROP FUNCTION consents_check_consent();
"""

_EEA = ", ".join(f"'{country}'" for country in sorted(EEA))

CREATE_TRANSFERS = f"""
-- Nobody's data is disclosed outside the EEA without her consent to it (S29). Look-ups by a group
-- company's own staff are facts when they are noted: there the account is refused, not the note.
CREATE FUNCTION consents_keep_transfers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM named n
        JOIN accounts_disclosure d ON d.id = n.disclosure_id
        WHERE d.looked_up_on IS NULL AND d.country NOT IN ({_EEA})
        AND NOT EXISTS (
            SELECT FROM consents_consent c JOIN customers_person p ON p.id = c.person_id
            WHERE p.public_id = n.subject AND c.purpose = 'transfer' AND c.given_at <= d.made_at
            AND (c.withdrawn_at IS NULL OR c.withdrawn_at > d.made_at)
        )
    ) THEN
        RAISE EXCEPTION 'somebody has not consented to the transfer'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_has_everybodys_consent';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_transfers AFTER INSERT ON accounts_disclosedperson
    REFERENCING NEW TABLE AS named
    FOR EACH STATEMENT EXECUTE FUNCTION consents_keep_transfers();
"""
DROP_TRANSFERS = """
DROP TRIGGER keep_transfers ON accounts_disclosedperson;
DROP FUNCTION consents_keep_transfers();
"""
