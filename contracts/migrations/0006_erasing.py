"""Lines go with an offer or an order that the engine erases, sent or delivered.

What leads to an address that goes is found without reading all changes of services.
"""

from django.db import migrations, models

from contracts.erasing_functions import CLOSE, OPEN


class Migration(migrations.Migration):
    dependencies = [("contracts", "0005_lookup_keys"), ("audit", "0002_erasing")]

    operations = [
        migrations.RunSQL(OPEN, CLOSE),
        migrations.AddIndex(
            model_name="servicechange",
            index=models.Index(
                condition=models.Q(("old_address__isnull", False)),
                fields=["old_address"],
                name="service_change_by_old_address",
            ),
        ),
        migrations.AddIndex(
            model_name="servicechange",
            index=models.Index(
                condition=models.Q(("new_address__isnull", False)),
                fields=["new_address"],
                name="service_change_by_new_address",
            ),
        ),
    ]
