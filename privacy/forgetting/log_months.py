"""The log forgets by whole months: a month goes as one partition, when its last row is due."""

from datetime import UTC, date, datetime, time

from audit.models import LogEntry
from audit.sql import keys_sql
from contracts.dates import add_months
from datamap.declarations import registry
from datamap.periods import Periods, period_of

LABEL = LogEntry._meta.label_lower


def due_rows(day: date, periods: Periods) -> int:
    """How many rows the months have that are due by a day."""
    end = datetime.combine(_end_of_due(day, periods), time.min, UTC)
    (found,) = keys_sql("SELECT count(*) AS rows FROM audit_logentry WHERE timestamp < %s", [end])
    return int(found["rows"])


def drop_due(day: date, periods: Periods) -> int:
    """Drop the months that are due by a day; returns how many rows they had.

    The database itself refuses any that is younger than 24 months.
    """
    (found,) = keys_sql("SELECT audit_drop_months(%s) AS rows", [_end_of_due(day, periods)])
    return int(found["rows"])


def _end_of_due(day: date, periods: Periods) -> date:
    """The first day of the first month that is not due yet.

    Months are those of UTC: the last row of one is of the first day of the next in Helsinki.
    """
    declaration = registry[LogEntry]
    [rule] = declaration.retention
    return add_months(day.replace(day=1), -period_of(declaration, rule, periods).months)
