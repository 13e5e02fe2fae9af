"""Retention in the demo: a period that the registrar set, what is due, and the statistics."""

from django.utils import timezone

from accounts.models import User
from audit.context import AccessPurpose, access_context
from contracts.dates import add_months
from privacy.forgetting.outlooks import ask, make, month_ends
from privacy.forgetting.setting_periods import preview, rule_of, set_period
from privacy.models import RetentionOutlook, RetentionPeriod, Statistic
from privacy.statistics import count_month
from privacy.statistics_shown import MONTHS

MOST_PERSONS = 5_000
"""Of more the worker counts at night: here it would hold up the rest."""

_DECLINED, _MONTHS = "contracts-offer-declined_on", 18
_REASON = "Hylättyihin tarjouksiin palataan usein seuraavana vuonna; johtoryhmä 3.2.2026."


def set_periods(job: str) -> None:
    """Keep declined offers for longer than is declared, where a registrar is there to decide it."""
    registrar = User.objects.filter(groups__name="registrar").order_by("pk").first()
    rule = rule_of(_DECLINED)
    if registrar is None or rule is None or RetentionPeriod.objects.exists():
        return
    with access_context(job=job, purpose=AccessPurpose.RETENTION, actor_id=registrar.pk):
        set_period(
            rule=rule,
            months=_MONTHS,
            reason=_REASON,
            seen=rule.seen,
            touched=preview(rule, _MONTHS, timezone.localdate()),
            by=registrar,
        )


def count_months(persons: int, job: str) -> None:
    """Count the statistics of the year that is over, as the worker does month by month."""
    if persons > MOST_PERSONS or Statistic.objects.exists():
        return
    this = timezone.localdate().replace(day=1)
    with access_context(job=job, purpose=AccessPurpose.UPKEEP):
        for back in range(MONTHS, 0, -1):
            count_month(add_months(this, -back))


def look_ahead(persons: int, job: str) -> None:
    """Count what is due in the months to come, as the worker does each morning."""
    if persons > MOST_PERSONS or RetentionOutlook.objects.exists():
        return
    for day in month_ends():
        make(ask(day=day), job=job)
