"""The lookup keys of services, documents and devices, kept by the database from now on."""

from django.db import migrations

from contracts.lookup_keys import SOURCES
from datamap.lookup_keys import create_sql, drop_sql


class Migration(migrations.Migration):
    dependencies = [("contracts", "0004_vat_rates"), ("customers", "0004_near_names")]

    operations = [migrations.RunSQL(create_sql(source), drop_sql(source)) for source in SOURCES]
