"""Looking ahead: what a run on a later day would do, counted at night or when a registrar asks.

The count is a plan that is made and rolled back, so it can take a minute where the register is
large: a page shows what was counted before.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils import timezone

from accounts.models import User
from contracts.dates import add_months
from privacy.forgetting.failures import kind_of_failure
from privacy.forgetting.periods import periods_now
from privacy.forgetting.runs import dry_run
from privacy.forgetting.staying import staying
from privacy.models import RetentionOutlook

MONTHS_AHEAD = 3
"""This month and those after it that the nightly job counts."""


def month_ends() -> list[date]:
    """The last days of this month and of the next ones."""
    first = timezone.localdate().replace(day=1)
    return [add_months(first, n) - timedelta(days=1) for n in range(1, MONTHS_AHEAD + 1)]


def ask(*, day: date, by: User | None = None) -> RetentionOutlook:
    """Ask what would go on a day; the worker counts it."""
    return RetentionOutlook.objects.create(day=day, asked_by=by)


def make(outlook: RetentionOutlook, *, job: str) -> RetentionOutlook:
    """Count it; what stops the count is noted, and raised."""
    try:
        with dry_run(as_of=outlook.day, job=job) as run:
            outlook.goes = run.plan
            outlook.stays = [one.as_json() for one in staying(run, periods_now())]
    except Exception as error:
        outlook.failure = kind_of_failure(error)
        outlook.save(update_fields=["failure"])
        raise
    outlook.made_at, outlook.failure = timezone.now(), ""
    outlook.save(update_fields=["goes", "stays", "made_at", "failure"])
    return outlook


def newest(days: list[date]) -> Iterator[RetentionOutlook]:
    """What was counted last for each of these days, as far as it was, in their order."""
    made = RetentionOutlook.objects.filter(day__in=days, made_at__isnull=False)
    yield from made.order_by("day", "-made_at").distinct("day")


def going_of(outlook: RetentionOutlook | None) -> int:
    """How many records would go."""
    if outlook is None:
        return 0
    return sum(actions.get("erase", 0) for actions in outlook.goes.values())
