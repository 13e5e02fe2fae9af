"""The log forgets by whole months: a month goes as one partition, when its last row is due.

A month stands in the plan of a run by its number, as in 202612.
"""

from datetime import UTC, date, datetime, time

from django.contrib.contenttypes.models import ContentType

from audit.models import LogEntry
from audit.sql import keys_sql
from contracts.dates import add_months
from datamap.declarations import registry
from datamap.periods import Periods, period_of
from privacy.models import ErasureRun, PlannedErasure

LABEL = LogEntry._meta.label_lower


def due(day: date, periods: Periods) -> dict[int, int]:
    """The months that are due by a day, and how many rows each has."""
    end = datetime.combine(_end_of_due(day, periods), time.min, UTC)
    rows = keys_sql(
        "SELECT to_char(timestamp AT TIME ZONE 'UTC', 'YYYYMM')::int AS month, count(*) AS rows"
        " FROM audit_logentry WHERE timestamp < %s GROUP BY 1 ORDER BY 1",
        [end],
    )
    return {row["month"]: row["rows"] for row in rows}


def plan(run: ErasureRun, periods: Periods) -> int:
    """Plan the months that are due; returns how many rows they have."""
    months = due(run.as_of, periods)
    kind = ContentType.objects.get_for_model(LogEntry)
    erase = PlannedErasure.Action.ERASE
    PlannedErasure.objects.bulk_create(
        PlannedErasure(run=run, kind=kind, record=month, action=erase) for month in months
    )
    return sum(months.values())


def planned(run: ErasureRun) -> list[date]:
    """The first days of the months that stand in a run's plan."""
    months = PlannedErasure.objects.filter(run=run).order_by("record")
    return [date(*divmod(month, 100), 1) for month in months.values_list("record", flat=True)]


def drop(run: ErasureRun, day: date, periods: Periods) -> int:
    """Drop the months that stand in a run's plan and are still due; returns how many rows they had.

    The database itself refuses any that is younger than 24 months, and any run that two persons
    have not approved.
    """
    still = list(due(day, periods))
    PlannedErasure.objects.filter(run=run).exclude(record__in=still).delete()
    (found,) = keys_sql("SELECT privacy_drop_log_months(%s) AS rows", [run.pk])
    return int(found["rows"])


def _end_of_due(day: date, periods: Periods) -> date:
    """The first day of the first month that is not due yet.

    Months are those of UTC: the last row of one is of the first day of the next in Helsinki.
    """
    declaration = registry[LogEntry]
    [rule] = declaration.retention
    return add_months(day.replace(day=1), -period_of(declaration, rule, periods).months)
