"""What the page of statistics shows: one measure by month, and a month of it by group.

What was counted of a month is there as a whole or not at all, each customer in groups of five at
least: so no group that is not shown can be worked out from a total.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max, Min, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contracts.dates import add_months
from contracts.models import Product
from privacy.models import Statistic
from privacy.models.statistics import OTHER

MONTHS = 12


@dataclass(frozen=True)
class MonthLine:
    """A month in all; None where it was not counted, or is of too few."""

    month: date
    records: int | None
    amount: Decimal | None
    percent: int


@dataclass(frozen=True)
class GroupLine:
    """One group of customers in a month."""

    product_group: str | Promise
    region: str | Promise
    customers: int
    records: int
    amount: Decimal | None


def months_counted() -> list[date]:
    """The months from the first to the last one that something was kept of, newest first."""
    found = Statistic.objects.aggregate(first=Min("month"), last=Max("month"))
    months: list[date] = []
    month = found["first"]
    while month is not None and month <= found["last"]:
        months.insert(0, month)
        month = add_months(month, 1)
    return months


def shown_of(measure: str, month: date) -> dict[str, Any]:
    """A measure in the twelve months up to one, and that one by product group and region."""
    rows = Statistic.objects.filter(measure=measure)
    groups = [_group(one) for one in rows.filter(month=month).order_by("product_group", "region")]
    months = list(_by_month(rows, month))
    return {
        "months": months,
        "groups": groups,
        "has_groups": any(line.product_group for line in groups),
        "has_amounts": any(line.amount is not None for line in months),
    }


def _by_month(rows: Any, last: date) -> Iterator[MonthLine]:
    of_year = rows.filter(month__gt=add_months(last, -MONTHS), month__lte=last)
    sums = of_year.order_by().values("month").annotate(number=Sum("records"), sum=Sum("amount"))
    found = {one["month"]: one for one in sums}
    most = max((one["number"] for one in found.values()), default=1)
    for back in range(MONTHS - 1, -1, -1):
        month = add_months(last, -back)
        one = found.get(month)
        if one is None:
            yield MonthLine(month, None, None, 0)
        else:
            percent = max(1, round(100 * one["number"] / most))
            yield MonthLine(month, one["number"], one["sum"], percent)


def _group(one: Statistic) -> GroupLine:
    together = _("others together")
    labels = dict(Product.Group.choices)
    return GroupLine(
        together if one.product_group == OTHER else labels.get(one.product_group, ""),
        together if one.region == OTHER else one.region,
        one.customers,
        one.records,
        one.amount,
    )
