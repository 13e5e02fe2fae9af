"""The lookup keys of one person are found without reading those of all, as are former customers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0005_identity_checks")]

    operations = [
        migrations.AddIndex(
            model_name="lookupkey",
            index=models.Index(
                condition=models.Q(("person__isnull", False)),
                fields=["person"],
                name="lookup_by_person",
            ),
        ),
        migrations.AddIndex(
            model_name="lookupkey",
            index=models.Index(
                condition=models.Q(("customer__isnull", False)),
                fields=["customer"],
                name="lookup_by_customer",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("ended_on__isnull", False)),
                fields=["ended_on"],
                name="customer_ended",
            ),
        ),
    ]
