"""The way by which the engine that forgets deletes what nothing else may."""

from django.db import migrations

from audit.erasing_functions import CREATE_ERASING, DROP_ERASING


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_log")]

    operations = [migrations.RunSQL(CREATE_ERASING, DROP_ERASING)]
