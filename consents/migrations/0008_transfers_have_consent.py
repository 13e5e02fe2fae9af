"""Nobody's data is disclosed outside the EEA without her consent (S29)."""

from django.db import migrations

from consents.database_functions import CREATE_TRANSFERS, DROP_TRANSFERS


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_decisions_of_the_commission"),
        ("consents", "0007_lists_made_by_a_job"),
        ("customers", "0005_identity_checks"),
    ]

    operations = [migrations.RunSQL(CREATE_TRANSFERS, DROP_TRANSFERS)]
