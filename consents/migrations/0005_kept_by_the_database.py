"""Keyed hashes, the one way out for events, and the erasure that a withdrawal starts."""

from django.db import migrations

from consents import database_functions as made


class Migration(migrations.Migration):
    dependencies = [("consents", "0004_decisions"), ("accounts", "0004_disclosures")]

    operations = [
        migrations.RunSQL(made.CREATE_DIGEST, made.DROP_DIGEST),
        migrations.RunSQL(made.CREATE_WAY_OUT, made.DROP_WAY_OUT),
    ]
