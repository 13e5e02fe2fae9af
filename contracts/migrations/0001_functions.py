"""What the tables of contracts need before they are made: numbers, and the reference's check."""

from django.db import migrations

from contracts.database_functions import (
    CREATE_REFERENCE,
    CREATE_SEQUENCES,
    DROP_REFERENCE,
    DROP_SEQUENCES,
)


class Migration(migrations.Migration):
    initial = True

    dependencies = [("customers", "0005_identity_checks")]

    operations = [
        migrations.RunSQL(CREATE_SEQUENCES, DROP_SEQUENCES),
        migrations.RunSQL(CREATE_REFERENCE, DROP_REFERENCE),
    ]
