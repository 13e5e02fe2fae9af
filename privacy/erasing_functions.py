"""What the database does for the engine that forgets: what a plan says, and nothing else.

The site's role may call these; each looks whether every record stands in the plan of a run that
is running.
"""

CREATE_ERASING = """
CREATE FUNCTION privacy_require_planned(of_run bigint, of_kind integer, keys bigint[])
RETURNS regclass LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    place regclass;
BEGIN
    IF NOT EXISTS (SELECT FROM privacy_erasurerun WHERE id = of_run AND status = 'running') THEN
        RAISE EXCEPTION 'the run is not running' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF EXISTS (
        SELECT FROM unnest(keys) AS k(id)
        WHERE NOT EXISTS (
            SELECT FROM privacy_plannederasure p
            WHERE p.run_id = of_run AND p.kind_id = of_kind AND p.record = k.id
                AND p.action IN ('erase', 'reduce')))
    THEN
        RAISE EXCEPTION 'only what is planned is erased' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT format('%I', t.app_label || '_' || t.model)::regclass INTO place
    FROM django_content_type t WHERE t.id = of_kind;
    RETURN place;
END $$;

CREATE FUNCTION privacy_erase(of_run bigint, of_kind integer, keys bigint[]) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT audit_erase(privacy_require_planned(of_run, of_kind, keys), keys)
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
    SELECT audit_reduce(privacy_require_planned(of_run, of_kind, keys), keys, remains)
$$;

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
DROP FUNCTION privacy_reduce(bigint, integer, bigint[], jsonb);
DROP FUNCTION privacy_let_go(bigint, integer, bigint[], integer, name);
DROP FUNCTION privacy_erase(bigint, integer, bigint[]);
DROP FUNCTION privacy_require_planned(bigint, integer, bigint[]);
"""
