"""What the database keeps by itself: times of change, numbers that stay, and the lookup keys."""

from django.db import migrations

from customers.database_functions import CREATE_KEEPERS, DROP_KEEPERS
from customers.lookup_keys import CONTACT_POINT, CUSTOMER, PERSON_NAME, SERVICE_USER
from datamap.lookup_keys import create_sql, drop_sql


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_register")]

    operations = [
        migrations.RunSQL(CREATE_KEEPERS, DROP_KEEPERS),
        *(
            migrations.RunSQL(create_sql(source), drop_sql(source))
            for source in (PERSON_NAME, CONTACT_POINT, CUSTOMER, SERVICE_USER)
        ),
    ]
