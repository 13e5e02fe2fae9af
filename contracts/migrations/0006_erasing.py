"""Lines go with an offer or an order that the engine erases, sent or delivered."""

from django.db import migrations

from contracts.erasing_functions import CLOSE, OPEN


class Migration(migrations.Migration):
    dependencies = [("contracts", "0005_lookup_keys"), ("audit", "0002_erasing")]

    operations = [migrations.RunSQL(OPEN, CLOSE)]
