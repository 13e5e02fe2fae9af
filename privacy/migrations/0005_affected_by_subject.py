"""The breaches that affected one person are found without reading all who were affected."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("privacy", "0004_erasing")]

    operations = [
        migrations.AddIndex(
            model_name="breachaffected",
            index=models.Index(fields=["subject"], name="affected_by_subject"),
        )
    ]
