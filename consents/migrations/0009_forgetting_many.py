"""What many chose is forgotten at once, and the engine that forgets may erase what is past."""

from django.db import migrations

from consents.forgetting_functions import CREATE_MANY


class Migration(migrations.Migration):
    dependencies = [("consents", "0008_transfers_have_consent"), ("audit", "0002_erasing")]

    operations = [migrations.RunSQL(CREATE_MANY)]
