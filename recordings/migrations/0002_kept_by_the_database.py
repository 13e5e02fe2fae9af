"""What the database keeps of recordings by itself: times of change, and what destruction means."""

from django.db import migrations

CREATE = """
CREATE TRIGGER note_change BEFORE UPDATE ON recordings_recording FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION customers_note_change();
CREATE TRIGGER note_change BEFORE UPDATE ON recordings_storedmessage FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION customers_note_change();
CREATE TRIGGER note_change BEFORE UPDATE ON recordings_recordinghold FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION customers_note_change();
CREATE TRIGGER note_change BEFORE UPDATE ON recordings_reassignment FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION customers_note_change();

-- A key that is destroyed stays destroyed, and the bytes go only after it.
CREATE FUNCTION recordings_keep_destroyed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.wrapped_key IS NULL AND NEW.wrapped_key IS NOT NULL THEN
        RAISE EXCEPTION 'a destroyed key does not come back'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.removed_at IS NOT NULL AND NEW.wrapped_key IS NOT NULL THEN
        RAISE EXCEPTION 'the key goes before the file'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_destroyed BEFORE UPDATE ON recordings_sealedfile
    FOR EACH ROW EXECUTE FUNCTION recordings_keep_destroyed();
"""

DROP = """
DROP TRIGGER keep_destroyed ON recordings_sealedfile;
DROP FUNCTION recordings_keep_destroyed();
DROP TRIGGER note_change ON recordings_reassignment;
DROP TRIGGER note_change ON recordings_recordinghold;
DROP TRIGGER note_change ON recordings_storedmessage;
DROP TRIGGER note_change ON recordings_recording;
"""


class Migration(migrations.Migration):
    dependencies = [("recordings", "0001_recordings")]

    operations = [migrations.RunSQL(CREATE, DROP)]
