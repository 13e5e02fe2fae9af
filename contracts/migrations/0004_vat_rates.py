"""The rates of value added tax in Finland since 2013 (Value Added Tax Act 1501/1993)."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import migrations

RATES = [
    ("standard", "24.00", date(2013, 1, 1), date(2024, 8, 31)),
    ("standard", "25.50", date(2024, 9, 1), None),
    ("reduced", "14.00", date(2013, 1, 1), date(2025, 12, 31)),
    ("reduced", "13.50", date(2026, 1, 1), None),
    ("zero", "0.00", date(2013, 1, 1), None),
]


def add_rates(apps: Any, schema_editor: Any) -> None:
    rate = apps.get_model("contracts", "VatRate")
    for kind, percent, valid_from, valid_until in RATES:
        rate.objects.using(schema_editor.connection.alias).create(
            kind=kind, percent=Decimal(percent), valid_from=valid_from, valid_until=valid_until
        )


def remove_rates(apps: Any, schema_editor: Any) -> None:
    rates = apps.get_model("contracts", "VatRate").objects.using(schema_editor.connection.alias)
    for kind, _percent, valid_from, _valid_until in RATES:
        rates.filter(kind=kind, valid_from=valid_from).delete()


class Migration(migrations.Migration):
    dependencies = [("contracts", "0003_kept_by_the_database")]

    operations = [migrations.RunPython(add_rates, remove_rates)]
