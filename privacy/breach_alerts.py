"""Reminding the registrars of a breach whose clock runs out: at 24 and 6 hours, then every day."""

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.alerts import Wording, mail_registrars
from privacy.breaches import WARN_AT_HOURS, Left, left_of
from privacy.models import Breach

WORDING = Wording(
    _("Personal data breach: %(hours)d h %(minutes)d min left"),
    _(
        "A personal data breach became known at %(known)s and has not been told to the Data "
        "Protection Ombudsman. If it may be a risk to anybody, the Ombudsman is told by %(by)s; "
        "nights and weekends count. What is not known yet can be told later."
    ),
)

LATE = Wording(
    _("Personal data breach: late by %(hours)d h %(minutes)d min"),
    _(
        "A personal data breach became known at %(known)s and has not been told to the Data "
        "Protection Ombudsman, who should have been told by %(by)s. If it may be a risk to "
        "anybody, tell the Ombudsman now and say why it is late; if it is no risk, record that. "
        "You are reminded every day until then."
    ),
)
DAY_HOURS = 24


@transaction.atomic
def note_due_breaches() -> list[tuple[int, int]]:
    """Note which breaches the registrars are reminded of now; returns keys and hours left.

    Of those that need no notice, were told or are closed, nobody is reminded. When this did not run
    for a while, the nearest reminder takes the place of those that were missed.
    """
    now = timezone.now()
    waiting = Breach.objects.select_for_update(no_key=True).filter(
        closed_at__isnull=True, told_authority_at__isnull=True
    )
    due = []
    for breach in waiting.exclude(risk=Breach.Risk.NONE).order_by("tell_by"):
        hours = _reached(left_of(breach, now))
        if hours is None:
            continue
        if breach.reminded_at_hours is not None and breach.reminded_at_hours <= hours:
            continue
        breach.reminded_at_hours = hours
        breach.save(update_fields=["reminded_at_hours"])
        due.append((breach.pk, hours))
    return due


def _reached(left: Left) -> int | None:
    """At which number of hours left a reminder is due now: below zero one for each day late."""
    if left.is_over:
        return -(left.hours // DAY_HOURS) * DAY_HOURS
    reached = [hours for hours in WARN_AT_HOURS if (left.hours, left.minutes) <= (hours, 0)]
    return min(reached, default=None)


def mail_breach(breach_id: int) -> int:
    """Mail the registrars what is left of a breach's clock; returns how many have an address."""
    breach = Breach.objects.get(pk=breach_id)
    left = left_of(breach)

    def values() -> dict[str, str | int]:
        return {
            "hours": left.hours,
            "minutes": left.minutes,
            "known": _moment(breach.aware_at),
            "by": _moment(breach.tell_by),
        }

    return mail_registrars(LATE if left.is_over else WORDING, values)


def _moment(at: object) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")  # type: ignore[arg-type]
