"""The Commission's adequacy decisions on countries (GDPR Art. 45); the registrar keeps them up.

That on the European Patent Organisation is about no country and is left out.
"""

from datetime import date
from typing import Any

from django.db import migrations

DECISIONS: tuple[tuple[str, date, date | None, str], ...] = (
    ("CH", date(2000, 7, 26), None, ""),
    ("CA", date(2001, 12, 20), None, "Vain kaupalliset toimijat (PIPEDA)"),
    ("AR", date(2003, 6, 30), None, ""),
    ("GG", date(2003, 11, 21), None, ""),
    ("IM", date(2004, 4, 28), None, ""),
    ("JE", date(2008, 5, 8), None, ""),
    ("FO", date(2010, 3, 5), None, ""),
    ("AD", date(2010, 10, 19), None, ""),
    ("IL", date(2011, 1, 31), None, ""),
    ("UY", date(2012, 8, 21), None, ""),
    ("NZ", date(2012, 12, 19), None, ""),
    ("JP", date(2019, 1, 23), None, ""),
    ("GB", date(2021, 6, 28), date(2031, 12, 27), ""),
    ("KR", date(2021, 12, 17), None, ""),
    ("US", date(2023, 7, 10), None, "Vain EU–US Data Privacy Frameworkiin sertifioidut yritykset"),
    ("BR", date(2026, 1, 27), None, ""),
)


def add(apps: Any, schema_editor: Any) -> None:
    model = apps.get_model("accounts", "AdequacyDecision")
    for country, valid_from, valid_until, limits in DECISIONS:
        model.objects.using(schema_editor.connection.alias).create(
            country=country, valid_from=valid_from, valid_until=valid_until, limits=limits
        )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_transfers")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
