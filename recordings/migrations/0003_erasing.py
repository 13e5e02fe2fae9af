"""Whom a correction was about goes: without anybody it has no reason either."""

from django.db import migrations

CREATE = """
CREATE FUNCTION recordings_forget_reason() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.reason := '';
    RETURN NEW;
END $$;
CREATE TRIGGER forget_reason BEFORE UPDATE OF taken_from_id, given_to_id ON recordings_reassignment
    FOR EACH ROW WHEN (NEW.taken_from_id IS NULL AND NEW.given_to_id IS NULL AND NEW.reason <> ''
          AND audit_is_erasing())
    EXECUTE FUNCTION recordings_forget_reason();
"""
DROP = """
DROP TRIGGER forget_reason ON recordings_reassignment;
DROP FUNCTION recordings_forget_reason();
"""


class Migration(migrations.Migration):
    dependencies = [("recordings", "0002_kept_by_the_database"), ("audit", "0002_erasing")]

    operations = [migrations.RunSQL(CREATE, DROP)]
