"""What a run leaves where it is: how many records of each kind, until when, and by which rule.

It reads a plan that was made in the open unit of work, and counts: nobody is shown. A record
stays until the first of its days; where it has no day yet, what it is counted from goes on.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When

from audit.sql import keys_sql
from datamap.declarations import LAST_REASON, Keep, PersonalData
from datamap.periods import Periods, period_of
from privacy.forgetting.periods import first_day, is_due, rules_of
from privacy.forgetting.planning import ERASE, HELD, Due, holding, there
from privacy.forgetting.ties import in_order
from privacy.models import ErasureRun, PlannedErasure

BY_RULE, OPEN, OTHERS, LAST, PART = "rule", "open", "others", "last", "part"
"""Why records stay: their time is not over; it has not begun; others hold them; they are kept as
long as any other record of the person; they go with what they belong to."""


@dataclass(frozen=True)
class Stays:
    """So many records of a kind that stay for one reason; of a rule, `after` and its days."""

    kind: str
    why: str
    records: int
    after: str = ""
    earliest: date | None = None
    latest: date | None = None
    held_by: dict[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """As an outlook keeps it."""
        days = {
            name: None if day is None else day.isoformat()
            for name, day in (("earliest", self.earliest), ("latest", self.latest))
        }
        return {**asdict(self), **days}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Stays":
        """As it was before it was kept."""
        days = {
            name: None if kept[name] is None else date.fromisoformat(kept[name])
            for name in ("earliest", "latest")
        }
        return cls(**{**kept, **days})


def staying(run: ErasureRun, set_ones: Periods) -> Iterator[Stays]:
    """What stays of every kind of which anything does; needs the run's plan."""
    for declaration in in_order():
        yield from _of_kind(run, declaration, set_ones)


def _of_kind(run: ErasureRun, declaration: PersonalData, set_ones: Periods) -> Iterator[Stays]:
    kind = declaration.model._meta.label_lower
    rows = _staying_rows(run, declaration)
    rules = rules_of(declaration)
    is_last = any(rule.ends_with == LAST_REASON for rule in rules)
    if not rules or is_last:
        number = int(rows.order_by().count())
        if number:
            yield Stays(kind, LAST if is_last else PART, number)
        return
    for found in _by_first_day(declaration, rules, rows, run.as_of, set_ones):
        rule, number = found["rule"], found["records"]
        if rule >= 0:
            first, last = (_after(run.as_of, found[day]) for day in ("earliest", "latest"))
            yield Stays(kind, BY_RULE, number, rules[rule].after, first, last)
        elif rule == _NO_DAY:
            yield Stays(kind, PART if declaration.goes_with else OPEN, number)
        else:
            held_by = dict(_holders(run, declaration, rows, set_ones))
            yield Stays(kind, OTHERS, number, held_by=held_by)


def _after(day: date, days: int) -> date:
    """So many days later; the last day of all for what was given an end in the year 9999."""
    return day + timedelta(min(days, (date.max - day).days))


def _staying_rows(run: ErasureRun, declaration: PersonalData) -> Any:
    """The records of a model that the plan neither erases nor counts as held."""
    lines = PlannedErasure.objects.filter(
        run=run,
        kind=ContentType.objects.get_for_model(declaration.model),
        record=OuterRef("pk"),
        action__in=[ERASE, HELD],
    )
    return there(declaration).exclude(Exists(lines))


_NO_DAY, _OVER = -1, -2


def _by_first_day(
    declaration: PersonalData, rules: list[Keep], rows: Any, as_of: date, set_ones: Periods
) -> list[dict[str, Any]]:
    """How many records each rule is the first to end, and between which days from `as_of` on."""
    days = {f"day{n}": _day(declaration, rule, set_ones) for n, rule in enumerate(rules)}
    chosen = models.QuerySet.values_list(rows.annotate(**days).order_by(), *days)
    inner, params = chosen.query.sql_with_params()
    names = ", ".join(days)
    which = " ".join(f"WHEN first = day{n} THEN {n}" for n in range(len(rules)))
    return keys_sql(
        f"SELECT CASE WHEN first IS NULL THEN {_NO_DAY} WHEN first <= %s THEN {_OVER} {which} END"
        " AS rule, count(*) AS records, min(first) - %s AS earliest, max(first) - %s AS latest"
        f" FROM (SELECT *, LEAST({names}) AS first FROM ({inner}) AS chosen({names})) AS days"
        " GROUP BY 1 ORDER BY 1 DESC",
        [as_of, as_of, as_of, *params],
    )


def _day(declaration: PersonalData, rule: Keep, set_ones: Periods) -> Any:
    day = first_day(declaration.model, rule, period_of(declaration, rule, set_ones))
    if rule.when is None:
        return day
    return Case(When(rule.when, then=day), output_field=models.DateField())


def _holders(
    run: ErasureRun, declaration: PersonalData, rows: Any, set_ones: Periods
) -> Iterator[tuple[str, int]]:
    """Which kinds of records hold those that have had their time, and how many of them each."""
    due = is_due(declaration, run.as_of, set_ones) or Q(pk__in=[])
    late = rows.filter(due).order_by()
    for kind, question in holding(run, declaration, Due(run.as_of, set_ones)):
        number = int(late.filter(question).count())
        if number:
            yield kind, number
