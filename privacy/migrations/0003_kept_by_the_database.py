"""A request goes its way, what was decided stays, and changes carry their time."""

from django.db import migrations

from privacy.database_functions import (
    CREATE_COURSE,
    CREATE_UPKEEP,
    DISOWN_SEQUENCES,
    DROP_COURSE,
    DROP_UPKEEP,
    OWN_SEQUENCES,
)


class Migration(migrations.Migration):
    dependencies = [("privacy", "0002_requests"), ("audit", "0001_log")]

    operations = [
        migrations.RunSQL(OWN_SEQUENCES, DISOWN_SEQUENCES),
        migrations.RunSQL(CREATE_COURSE, DROP_COURSE),
        migrations.RunSQL(CREATE_UPKEEP, DROP_UPKEEP),
    ]
