"""The one way by which rows go that nothing else may delete or change: the engine that forgets.

Triggers that keep rows as they are ask `audit_is_erasing()`. The call itself is the evidence: no
setting opens the way, and the site's role cannot make the call (it has the functions of `privacy`,
which erase what stands in the plan of a run). Within them the owner works for the site, which no
function of the site's own can bring about: that is asked first.
"""

CREATE_ERASING = r"""
CREATE FUNCTION audit_is_erasing() RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    called_by text;
BEGIN
    IF current_user = session_user THEN
        RETURN false;
    END IF;
    GET DIAGNOSTICS called_by = PG_CONTEXT;
    RETURN called_by ~ '(^|\n)[^"\n]*\maudit_(erase|let_go|reduce)\(';
END $$;

CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_LEVEL = 'ROW' AND TG_TABLE_NAME !~ '^audit_logentry' THEN
        IF audit_is_erasing() THEN
            RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
        END IF;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION audit_erase(place regclass, keys bigint[]) RETURNS bigint
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    gone bigint;
BEGIN
    EXECUTE format('DELETE FROM %s WHERE id = ANY ($1)', place) USING keys;
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;

-- Empty a link to rows that go.
CREATE FUNCTION audit_let_go(place regclass, link name, keys bigint[]) RETURNS bigint
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    changed bigint;
BEGIN
    EXECUTE format('UPDATE %s SET %I = NULL WHERE %I = ANY ($1)', place, link, link) USING keys;
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END $$;

-- Leave in rows that must stay only what is still needed of them.
CREATE FUNCTION audit_reduce(place regclass, keys bigint[], remains jsonb) RETURNS bigint
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    changed bigint;
    columns text;
BEGIN
    SELECT string_agg(format('%I = %L', key, value), ', ') INTO columns
    FROM jsonb_each_text(remains);
    EXECUTE format('UPDATE %s SET %s WHERE id = ANY ($1)', place, columns) USING keys;
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END $$;

-- Drop a month of the log, by its first day; returns how many rows it had. Whoever calls it drops
-- nothing that is younger than 24 months.
CREATE FUNCTION audit_drop_month(first date) RETURNS bigint
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    month regclass := to_regclass('audit_logentry_' || to_char(first, 'YYYYMM'));
    dropped bigint;
BEGIN
    IF date_trunc('month', first) + interval '1 month'
        > (now() AT TIME ZONE 'UTC' - interval '24 months')::date
    THEN
        RAISE EXCEPTION 'the log is kept for 24 months' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF month IS NULL THEN
        RETURN 0;
    END IF;
    EXECUTE format('SELECT count(*) FROM %s', month) INTO dropped;
    EXECUTE format('DROP TABLE %s', month);
    RETURN dropped;
END $$;

REVOKE ALL ON FUNCTION audit_drop_month(date) FROM PUBLIC;
REVOKE ALL ON FUNCTION audit_erase(regclass, bigint[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION audit_let_go(regclass, name, bigint[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION audit_reduce(regclass, bigint[], jsonb) FROM PUBLIC;
"""
DROP_ERASING = """
DROP FUNCTION audit_drop_month(date);
DROP FUNCTION audit_reduce(regclass, bigint[], jsonb);
DROP FUNCTION audit_let_go(regclass, name, bigint[]);
DROP FUNCTION audit_erase(regclass, bigint[]);
CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
DROP FUNCTION audit_is_erasing();
"""
