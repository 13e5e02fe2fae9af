"""The rows of marketing lists about one customer are found without reading all lists."""

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
        )
    ]
