"""The extensions and SQL functions that the register's constraints and keys are made with."""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations

from customers.database_functions import (
    CREATE_BUSINESS_ID,
    CREATE_FOLDING,
    DROP_BUSINESS_ID,
    DROP_FOLDING,
)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
        migrations.RunSQL(CREATE_BUSINESS_ID, DROP_BUSINESS_ID),
        migrations.RunSQL(CREATE_FOLDING, DROP_FOLDING),
    ]
