"""What the tables of privacy need before they are made: the numbers of requests."""

from django.db import migrations

from privacy.database_functions import CREATE_SEQUENCES, DROP_SEQUENCES


class Migration(migrations.Migration):
    initial = True

    dependencies = [("contracts", "0005_lookup_keys")]

    operations = [migrations.RunSQL(CREATE_SEQUENCES, DROP_SEQUENCES)]
