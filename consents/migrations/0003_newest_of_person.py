"""A person's choices in order of time, for the timeline."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consents", "0002_append_only")]

    operations = [
        migrations.AddIndex(
            model_name="marketingchoice",
            index=models.Index(fields=["person", "-at", "-id"], name="choice_newest_of_person"),
        ),
    ]
