"""Days as expressions of the database, by the calendar of Finland."""

from typing import Any

from django.db import models
from django.db.models import F, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone


def day_of(moment: Any) -> TruncDate:
    """The day of a moment, which is a field or an expression."""
    return TruncDate(moment, tzinfo=timezone.get_default_timezone())


def last_day(rows: Any, name: str) -> Subquery:
    """The latest day of that name in rows of which a query asks for each of its own; or null."""
    latest_first = rows.order_by(F(name).desc(nulls_last=True))
    chosen = models.QuerySet.values(latest_first, name)[:1]
    return Subquery(chosen, output_field=models.DateField())
