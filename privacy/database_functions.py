"""What the database keeps of privacy by itself: numbers, the course of a request, what stays."""

from privacy.states import FOLLOWING, GIVING, State

CREATE_SEQUENCES = "CREATE SEQUENCE privacy_request_number START 100001;\n"
DROP_SEQUENCES = "DROP SEQUENCE privacy_request_number;\n"

OWN_SEQUENCES = "ALTER SEQUENCE privacy_request_number OWNED BY privacy_subjectrequest.number;\n"
DISOWN_SEQUENCES = "ALTER SEQUENCE privacy_request_number OWNED BY NONE;\n"

_COURSE = ", ".join(
    f"('{before.value}', '{after.value}')"
    for before, following in FOLLOWING.items()
    for after in following
)

_GIVING = ", ".join(f"'{state.value}'" for state in GIVING)

CREATE_COURSE = f"""
-- A request goes its way: only as privacy/states.py says, and what is answered stays as it was.
CREATE FUNCTION privacy_keep_course() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> '{State.RECEIVED.value}' THEN
            RAISE EXCEPTION 'a request begins as received'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'request_begins_as_received';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.number <> NEW.number OR OLD.received_on <> NEW.received_on THEN
        RAISE EXCEPTION 'number and day of receipt stay'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'request_receipt_stays';
    END IF;
    IF OLD.state = '{State.CLOSED.value}' THEN
        RAISE EXCEPTION 'a closed request stays as it is'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'request_closed_stays';
    END IF;
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN ({_COURSE}) THEN
        RAISE EXCEPTION 'this state does not follow'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'request_state_follows';
    END IF;
    IF OLD.identified_by <> '' AND OLD.person_id IS NOT NULL
        AND NEW.person_id IS DISTINCT FROM OLD.person_id
    THEN
        RAISE EXCEPTION 'an identified person stays'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'request_identified_person_stays';
    END IF;
    IF OLD.state <> NEW.state AND NEW.state IN ({_GIVING}) AND NEW.person_id IS NOT NULL
        AND NEW.identified_by = ''
    THEN
        RAISE EXCEPTION 'nobody unidentified is given data'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'request_answers_the_identified';
    END IF;
    IF OLD.extended_on IS NULL AND NEW.extended_on > OLD.due_on THEN
        RAISE EXCEPTION 'the time to extend is over'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'request_extension_comes_in_time';
    END IF;
    IF OLD.extended_on IS NOT NULL AND NEW.extended_on IS DISTINCT FROM OLD.extended_on THEN
        RAISE EXCEPTION 'a request is extended once'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'request_is_extended_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_course BEFORE INSERT OR UPDATE ON privacy_subjectrequest
    FOR EACH ROW EXECUTE FUNCTION privacy_keep_course();

-- Nothing is added to the file of a closed request.
CREATE FUNCTION privacy_refuse_when_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM privacy_subjectrequest
        WHERE id = NEW.request_id AND state = '{State.CLOSED.value}' FOR SHARE
    ) THEN
        RAISE EXCEPTION 'the request is closed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'request_file_is_closed';
    END IF;
    RETURN NEW;
END $$;

-- A letter that went out stays as it went (Art. 5(2)).
CREATE FUNCTION privacy_keep_sent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.restriction, NEW.ends_on) IS DISTINCT FROM (OLD.restriction, OLD.ends_on)
        OR OLD.sent_on IS NOT NULL AND (NEW.sent_on, NEW.template, NEW.language, NEW.file_id)
            IS DISTINCT FROM (OLD.sent_on, OLD.template, OLD.language, OLD.file_id)
    THEN
        RAISE EXCEPTION 'a letter that went out stays'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'request_letter_stays_sent';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_sent BEFORE UPDATE ON privacy_requestletter
    FOR EACH ROW EXECUTE FUNCTION privacy_keep_sent();

-- What is decided about a place stays, once the package is being made.
CREATE FUNCTION privacy_keep_reviewed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    now_is text;
BEGIN
    SELECT status INTO now_is FROM privacy_package
        WHERE id = COALESCE(NEW.package_id, OLD.package_id) FOR SHARE;
    IF now_is NOT IN ('collecting', 'review') THEN
        RAISE EXCEPTION 'the package is reviewed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'package_review_is_over';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_reviewed BEFORE INSERT OR UPDATE ON privacy_proposedredaction
    FOR EACH ROW EXECUTE FUNCTION privacy_keep_reviewed();

-- Nothing is approved with an open find, and the approval stays.
CREATE FUNCTION privacy_keep_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.approved_at IS NULL AND NEW.approved_at IS NOT NULL AND EXISTS (
        SELECT FROM privacy_proposedredaction
        WHERE package_id = NEW.id AND is_accepted IS NULL
    ) THEN
        RAISE EXCEPTION 'there are finds to be decided'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'package_finds_are_decided';
    END IF;
    IF OLD.approved_at IS NOT NULL AND
        (NEW.approved_at IS DISTINCT FROM OLD.approved_at
            OR NEW.approved_by_id IS DISTINCT FROM OLD.approved_by_id
            OR NEW.draft_id IS DISTINCT FROM OLD.draft_id)
    THEN
        RAISE EXCEPTION 'what was approved stays'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'package_approval_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_approval BEFORE UPDATE ON privacy_package
    FOR EACH ROW EXECUTE FUNCTION privacy_keep_approval();

-- What was documented of a breach stays, once it is closed, and so does that it was documented.
CREATE FUNCTION privacy_keep_breach() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.closed_at IS NULL THEN
            RAISE EXCEPTION 'an open breach is not deleted'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'breach_open_stays';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.closed_at IS NOT NULL THEN
        RAISE EXCEPTION 'a closed breach stays as it is'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'breach_closed_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_breach BEFORE UPDATE OR DELETE ON privacy_breach
    FOR EACH ROW EXECUTE FUNCTION privacy_keep_breach();
"""
DROP_COURSE = """
DROP TRIGGER keep_breach ON privacy_breach;
DROP FUNCTION privacy_keep_breach();
DROP TRIGGER keep_approval ON privacy_package;
DROP FUNCTION privacy_keep_approval();
DROP TRIGGER keep_reviewed ON privacy_proposedredaction;
DROP FUNCTION privacy_keep_reviewed();
DROP TRIGGER keep_sent ON privacy_requestletter;
DROP FUNCTION privacy_keep_sent();
DROP FUNCTION privacy_refuse_when_closed() CASCADE;
DROP TRIGGER keep_course ON privacy_subjectrequest;
DROP FUNCTION privacy_keep_course();
"""

_CHANGING = (
    *("subjectrequest", "requestpause", "requesttask", "requestattachment", "requestletter"),
    *("package", "recipientnotice", "breach"),
)
_OF_REQUEST = (
    *("requesttask", "requestnote", "requestattachment", "requestletter", "package"),
    *("rectification", "erasuredecision", "objection", "staffnamesdecision", "requestpause"),
)
_APPEND_ONLY = (
    *("statechange", "requestnote", "rectification", "erasuredecision", "objection"),
    *("staffnamesdecision", "breachaffected", "registerdescription", "requestreminder"),
)

CREATE_UPKEEP = (
    "".join(
        f"CREATE TRIGGER note_change BEFORE UPDATE ON privacy_{table} FOR EACH ROW"
        " WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION customers_note_change();\n"
        for table in _CHANGING
    )
    + "".join(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON privacy_{table}"
        " FOR EACH ROW EXECUTE FUNCTION audit_append_only();\n"
        f"CREATE TRIGGER no_truncate BEFORE TRUNCATE ON privacy_{table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();\n"
        for table in _APPEND_ONLY
    )
    + "".join(
        f"CREATE TRIGGER refuse_when_closed BEFORE INSERT ON privacy_{table}"
        " FOR EACH ROW EXECUTE FUNCTION privacy_refuse_when_closed();\n"
        for table in _OF_REQUEST
    )
)
DROP_UPKEEP = (
    "".join(f"DROP TRIGGER refuse_when_closed ON privacy_{table};\n" for table in _OF_REQUEST)
    + "".join(
        f"DROP TRIGGER no_truncate ON privacy_{table};\n"
        f"DROP TRIGGER append_only ON privacy_{table};\n"
        for table in _APPEND_ONLY
    )
    + "".join(f"DROP TRIGGER note_change ON privacy_{table};\n" for table in _CHANGING)
)
