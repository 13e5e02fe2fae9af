"""What the database keeps by itself: times, numbers, totals, rules over several rows, figures."""

from django.db import migrations

from contracts import database_figures as figures
from contracts import database_functions as made
from contracts import database_rules as rules


class Migration(migrations.Migration):
    dependencies = [("contracts", "0002_contracts")]

    operations = [
        migrations.RunSQL(made.CREATE_KEEPERS, made.DROP_KEEPERS),
        migrations.RunSQL(made.CREATE_SAME_CUSTOMER, made.DROP_SAME_CUSTOMER),
        migrations.RunSQL(made.CREATE_TOTALS, made.DROP_TOTALS),
        migrations.RunSQL(rules.CREATE_RULES, rules.DROP_RULES),
        migrations.RunSQL(figures.CREATE_SUMMARIES, figures.DROP_SUMMARIES),
    ]
