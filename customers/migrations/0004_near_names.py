"""Names that sound alike are near each other: a function and keys for a name with a typo."""

from django.contrib.postgres.operations import CreateExtension
from django.db import migrations

from customers.database_functions import CREATE_NEARNESS, DROP_NEARNESS
from customers.lookup_keys import NEAR_NAME
from datamap.lookup_keys import create_sql, drop_sql


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_kept_by_the_database")]

    operations = [
        CreateExtension("fuzzystrmatch"),
        migrations.RunSQL(CREATE_NEARNESS, DROP_NEARNESS),
        migrations.RunSQL(create_sql(NEAR_NAME), drop_sql(NEAR_NAME)),
    ]
