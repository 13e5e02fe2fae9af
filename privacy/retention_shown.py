"""What the retention pages show: counts by category and month, what is held, the last runs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.models import Hold, Restriction
from privacy.forgetting.nightly import of_which_to_tell
from privacy.forgetting.outlooks import going_of as going_by
from privacy.forgetting.outlooks import month_ends, newest
from privacy.forgetting.runs import NIGHTLY, going_of
from privacy.forgetting.saying import StaysLine, by_category, in_words
from privacy.forgetting.staying import Stays
from privacy.models import ErasureRun, RetentionOutlook
from recordings.models import RecordingHold

LAST_RUNS = 20


@dataclass(frozen=True)
class Month:
    """How many records become due in a month; None where it was not counted yet."""

    last_day: date
    records: int | None


@dataclass(frozen=True)
class Held:
    """What protects data from erasure: what it is, why, and how many are in force."""

    what: str | Promise
    because: str | Promise
    number: int
    kind: str


@dataclass(frozen=True)
class RunLine:
    """A run in the list: how many records it was to erase, and how many it has."""

    run: ErasureRun
    planned: int
    erased: int


def overview() -> dict[str, Any]:
    """What the first page says."""
    days = month_ends()
    counted = {one.day: one for one in newest(days)}
    this_month = counted.get(days[0])
    runs = ErasureRun.objects.order_by("-pk")[:LAST_RUNS]
    lines = [line_of(run) for run in runs]
    return {
        "month": timezone.localdate(),
        "outlook": this_month,
        "categories": by_category(this_month.goes) if this_month else [],
        "months": list(_months(days, counted)),
        "held": held(),
        "runs": lines,
        "waiting": waiting(),
        "stopped": [run for run in of_which_to_tell() if run.failure],
    }


def line_of(run: ErasureRun) -> RunLine:
    return RunLine(run, going_of(run), sum(run.erased.values()))


def waiting() -> list[ErasureRun]:
    """The nightly runs that nobody, or only one, has approved yet."""
    found = ErasureRun.objects.filter(kind__in=NIGHTLY, status=ErasureRun.Status.PLANNED)
    return list(found.select_related("planned_by").order_by("-kind"))


def _months(days: list[date], counted: dict[date, RetentionOutlook]) -> Iterator[Month]:
    """Each month's own: what is due by its end less what is due by that of the one before."""
    before = 0
    for day in days:
        outlook = counted.get(day)
        if outlook is None:
            yield Month(day, None)
            continue
        yield Month(day, max(0, going_by(outlook) - before))
        before = going_by(outlook)


def held() -> list[Held]:
    """What protects data now, and how many of each there are: nobody is named."""
    holds = Hold.objects.in_force()
    restrictions = Restriction.objects.in_force()
    return [
        Held(
            _("Holds on persons"),
            _("A dispute or a claim; each hold says its own reason"),
            holds.filter(person__isnull=False).count(),
            "customers.hold",
        ),
        Held(
            _("Holds on customers"),
            _("A dispute or a claim; each hold says its own reason"),
            holds.filter(customer__isnull=False).count(),
            "customers.hold",
        ),
        *(
            Held(
                _("Restrictions"),
                ground.label,
                restrictions.filter(ground=ground).count(),
                "customers.restriction",
            )
            for ground in Restriction.Ground
        ),
        Held(
            _("Holds on recordings and messages"),
            _("An order, a dispute or a claim that they may prove"),
            RecordingHold.objects.in_force().count(),
            "recordings.recordinghold",
        ),
    ]


def stays_of(outlook: RetentionOutlook) -> list[StaysLine]:
    """What stays on the day of an outlook, in words."""
    return list(in_words(Stays.from_json(one) for one in outlook.stays))
