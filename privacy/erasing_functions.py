"""What the database does for the engine that forgets: what a plan says, and nothing else.

The site's role may call these; each looks whether every record stands in the plan of a run that
is running.
"""

CREATE_ERASING = """
-- The table of a kind of record of which these are planned, each named once.
CREATE FUNCTION privacy_require_planned(of_run bigint, of_kind integer, keys bigint[])
RETURNS regclass LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM privacy_erasurerun WHERE id = of_run AND status = 'running') THEN
        RAISE EXCEPTION 'the run is not running' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF cardinality(keys) <> (
        SELECT count(*) FROM privacy_plannederasure
        WHERE run_id = of_run AND kind_id = of_kind AND record = ANY (keys)
            AND action IN ('erase', 'reduce'))
    THEN
        RAISE EXCEPTION 'only what is planned is erased' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN (
        SELECT format('%I', t.app_label || '_' || t.model)::regclass
        FROM django_content_type t WHERE t.id = of_kind);
END $$;

-- The same, and what is done leaves the plan.
CREATE FUNCTION privacy_take_planned(of_run bigint, of_kind integer, keys bigint[])
RETURNS regclass LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    place regclass := privacy_require_planned(of_run, of_kind, keys);
BEGIN
    DELETE FROM privacy_plannederasure
    WHERE run_id = of_run AND kind_id = of_kind AND record = ANY (keys);
    RETURN place;
END $$;

CREATE FUNCTION privacy_erase(of_run bigint, of_kind integer, keys bigint[]) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT audit_erase(privacy_take_planned(of_run, of_kind, keys), keys)
$$;

CREATE FUNCTION privacy_let_go(
    of_run bigint, of_kind integer, keys bigint[], from_kind integer, link name) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT audit_let_go(format('%I', t.app_label || '_' || t.model)::regclass, link, keys)
    FROM django_content_type t
    WHERE t.id = from_kind AND privacy_require_planned(of_run, of_kind, keys) IS NOT NULL
$$;

CREATE FUNCTION privacy_reduce(of_run bigint, of_kind integer, keys bigint[], remains jsonb)
RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT audit_reduce(privacy_take_planned(of_run, of_kind, keys), keys, remains)
$$;

CREATE OR REPLACE FUNCTION consents_is_planned(place regclass, keys bigint[]) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    running bigint[] := ARRAY(SELECT id FROM privacy_erasurerun WHERE status = 'running');
    its_kind integer := (
        SELECT id FROM django_content_type WHERE app_label || '_' || model = place::text);
BEGIN
    RETURN cardinality(keys) = (
        SELECT count(DISTINCT p.record) FROM privacy_plannederasure p
        WHERE p.run_id = ANY (running) AND p.kind_id = its_kind AND p.record = ANY (keys)
            AND p.action IN ('erase', 'reduce'));
END $$;

-- Drop the months of the log that stand in the plan of a run which two persons approved.
CREATE FUNCTION privacy_drop_log_months(of_run bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    month bigint;
    dropped bigint := 0;
BEGIN
    IF NOT EXISTS (
        SELECT FROM privacy_erasurerun
        WHERE id = of_run AND kind = 'log' AND status = 'running'
            AND planned_by_id IS NOT NULL AND approved_by_id IS NOT NULL)
    THEN
        RAISE EXCEPTION 'two persons approve that the log goes'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    FOR month IN
        SELECT p.record FROM privacy_plannederasure p
        JOIN django_content_type t ON t.id = p.kind_id
        WHERE p.run_id = of_run AND (t.app_label, t.model) = ('audit', 'logentry')
        ORDER BY p.record
    LOOP
        dropped := dropped + audit_drop_month(to_date(month::text, 'YYYYMM'));
    END LOOP;
    RETURN dropped;
END $$;

-- The person of a request may go, also of one that is closed and otherwise stays as it is.
DROP TRIGGER keep_course ON privacy_subjectrequest;
CREATE TRIGGER begin_course BEFORE INSERT ON privacy_subjectrequest
    FOR EACH ROW EXECUTE FUNCTION privacy_keep_course();
CREATE TRIGGER keep_course BEFORE UPDATE ON privacy_subjectrequest
    FOR EACH ROW WHEN (NOT audit_is_erasing()) EXECUTE FUNCTION privacy_keep_course();

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON privacy_retentionperiod
    FOR EACH ROW EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON privacy_retentionperiod
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
"""
DROP_ERASING = """
DROP TRIGGER no_truncate ON privacy_retentionperiod;
DROP TRIGGER append_only ON privacy_retentionperiod;
DROP TRIGGER keep_course ON privacy_subjectrequest;
DROP TRIGGER begin_course ON privacy_subjectrequest;
CREATE TRIGGER keep_course BEFORE INSERT OR UPDATE ON privacy_subjectrequest
    FOR EACH ROW EXECUTE FUNCTION privacy_keep_course();
DROP FUNCTION privacy_drop_log_months(bigint);
CREATE OR REPLACE FUNCTION consents_is_planned(place regclass, keys bigint[]) RETURNS boolean
LANGUAGE sql STABLE AS $$ SELECT false $$;
DROP FUNCTION privacy_reduce(bigint, integer, bigint[], jsonb);
DROP FUNCTION privacy_let_go(bigint, integer, bigint[], integer, name);
DROP FUNCTION privacy_erase(bigint, integer, bigint[]);
DROP FUNCTION privacy_take_planned(bigint, integer, bigint[]);
DROP FUNCTION privacy_require_planned(bigint, integer, bigint[]);
"""
