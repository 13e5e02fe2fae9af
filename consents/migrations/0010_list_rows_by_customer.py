"""The rows of marketing lists about one customer, number or address are found without reading all."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consents", "0009_forgetting_many")]

    operations = [
        migrations.AddIndex(
            model_name="marketinglistrow",
            index=models.Index(
                condition=models.Q(("customer__isnull", False)),
                fields=["customer"],
                name="list_row_by_customer",
            ),
        ),
        migrations.AddIndex(
            model_name="marketinglistrow",
            index=models.Index(
                condition=models.Q(("contact_point__isnull", False)),
                fields=["contact_point"],
                name="list_row_by_contact_point",
            ),
        ),
        migrations.AddIndex(
            model_name="marketinglistrow",
            index=models.Index(
                condition=models.Q(("address__isnull", False)),
                fields=["address"],
                name="list_row_by_address",
            ),
        ),
    ]
