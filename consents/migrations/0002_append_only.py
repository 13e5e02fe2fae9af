"""Choices are events: nobody changes or deletes one. A wording in use stays as it was."""

from django.db import migrations

CREATE = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON consents_marketingchoice
    FOR EACH ROW EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON consents_marketingchoice
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();

CREATE FUNCTION consents_keep_used_wording() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM consents_marketingchoice WHERE wording_id = OLD.id) THEN
        RAISE EXCEPTION 'a wording that was shown is never changed'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER keep_used BEFORE UPDATE OR DELETE ON consents_wording
    FOR EACH ROW EXECUTE FUNCTION consents_keep_used_wording();
"""

DROP = """
DROP TRIGGER keep_used ON consents_wording;
DROP FUNCTION consents_keep_used_wording();
DROP TRIGGER no_truncate ON consents_marketingchoice;
DROP TRIGGER append_only ON consents_marketingchoice;
"""


class Migration(migrations.Migration):
    dependencies = [("consents", "0001_marketing"), ("audit", "0001_log")]

    operations = [migrations.RunSQL(CREATE, DROP)]
