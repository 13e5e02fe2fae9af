"""When a record goes: the first day by each of its rules, computed by the database.

A period of months ends on the same day of the month, or on its last where there is none, as the
Act on the calculation of time limits has it (150/1930, section 3); a record goes on that day.
"""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Func, Q, When

from contracts.dates import add_months
from datamap.days import day_of
from datamap.declarations import FINANCIAL_YEAR, LAST_REASON, Keep, PersonalData
from datamap.periods import Period, Periods, period_of
from privacy.models import RetentionPeriod

HELSINKI = ZoneInfo("Europe/Helsinki")
_LEEWAY = timedelta(days=4)  # a day of a long month has no like in a short one


def periods_now() -> dict[tuple[str, str], Period]:
    """The periods that the registrar set in the place of declared ones: the newest of each."""
    newest = RetentionPeriod.objects.order_by("model", "after", "-id").distinct("model", "after")
    return {(one.model, one.after): Period(one.months, 0) for one in newest}


def rules_of(declaration: PersonalData) -> list[Keep]:
    """The rules that end by themselves; of parts, the last reason is that of what they go with."""
    if declaration.goes_with:
        return [rule for rule in declaration.retention if rule.ends_with != LAST_REASON]
    return list(declaration.retention)


def first_day(model: type[models.Model], rule: Keep, period: Period) -> Any:
    """The day on which a record goes by this rule, as an expression; null before it begins."""
    day = _day(model, rule)
    if rule.counted_from == FINANCIAL_YEAR:
        month, last = _last_of_year(*settings.FINANCIAL_YEAR_END)
        return Func(
            day,
            template=(
                "(SELECT (make_date(extract(year FROM d)::int + 1 + CASE WHEN"
                f" (extract(month FROM d), extract(day FROM d)) <= ({month}, {last})"
                f" THEN 0 ELSE 1 END, 1, 1) + interval '{period.interval}')::date"
                " FROM (SELECT %(expressions)s AS d) AS of)"
            ),
            output_field=models.DateField(),
        )
    return Func(
        day,
        template=f"(%(expressions)s + interval '{period.interval}')::date",
        output_field=models.DateField(),
    )


def _last_of_year(month: int, day: int) -> tuple[int, int]:
    """The last day of a financial year; one that ends with February ends with it in leap years."""
    return (2, 29) if (month, day) == (2, 28) else (int(month), int(day))


def is_due(declaration: PersonalData, day: date, set_ones: Periods) -> Q | None:
    """Which records have had their time by that day; None where none has by itself.

    The rule that ends first counts.
    """
    found: Q | None = None
    for rule in rules_of(declaration):
        one = is_over(declaration, rule, day, set_ones)
        found = one if found is None else found | one
    return found


def is_over(declaration: PersonalData, rule: Keep, day: date, set_ones: Periods) -> Q:
    """Which records have had their time by one rule; its date can be looked up in an index."""
    period = period_of(declaration, rule, set_ones)
    over = Q(
        models.lookups.LessThanOrEqual(first_day(declaration.model, rule, period), day)
    ) & _began_early_enough(declaration.model, rule.after, day, period)
    return over if rule.when is None else over & rule.when


def _began_early_enough(model: type[models.Model], path: str, day: date, period: Period) -> Q:
    last = add_months(day, -period.months) - timedelta(days=period.days) + _LEEWAY
    if _is_moment(model, path):
        return Q(**{f"{path}__lt": datetime.combine(last, time.min, HELSINKI)})
    return Q(**{f"{path}__lt": last})


def _day(model: type[models.Model], rule: Keep) -> Any:
    if rule.begins is not None:  # the latest of some days is no day before the first of them
        begun = When(**{f"{rule.after}__isnull": False}, then=rule.begins())
        return Case(begun, output_field=models.DateField())
    return day_of(rule.after) if _is_moment(model, rule.after) else F(rule.after)


def _is_moment(model: type[models.Model], path: str) -> bool:
    here: Any = model
    for name in path.split("__"):
        step = here._meta.get_field(name)
        here = step.related_model
    return isinstance(step, models.DateTimeField)
