"""Reminding the registrars of due dates: ten, five and one days before, and every day after."""

from datetime import timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.alerts import Wording, mail_registrars
from audit.context import AccessPurpose, access_context
from privacy.deadlines import REMINDERS
from privacy.models import RequestReminder, SubjectRequest

WORDING = Wording(
    _("Data-subject requests: due soon or late"),
    _(
        "These requests must be answered soon, or are late:\n\n%(requests)s\n\n"
        "The register shows whose they are."
    ),
)


def note_reminders(*, job: str) -> list[int]:
    """Note which requests are to be reminded of today; returns the keys of the reminders.

    A day on which this did not run is made good on the next one: each distance is reminded of
    once per due date, and what is late once a day until it is answered. A request whose clock
    stands still is not reminded of.
    """
    today = timezone.localdate()
    with access_context(job=job, purpose=AccessPurpose.SUBJECT_REQUEST):
        soon = SubjectRequest.objects.running().filter(
            due_on__lte=today + timedelta(days=max(REMINDERS))
        )
        reminders = []
        for request in soon.due_first():
            left = (request.due_on - today).days
            distance = min(days for days in REMINDERS if left <= days) if left >= 0 else left
            given = {"request": request, "due_on": request.due_on}
            if RequestReminder.objects.filter(**given, days__lte=distance).exists():
                continue
            reminders.append(RequestReminder.objects.create(**given, days=distance).pk)
        if reminders:
            from privacy.tasks import send_reminders  # which imports this module

            send_reminders.defer(reminders=reminders)
        return reminders


def mail_reminders(reminders: list[int], *, job: str) -> int:
    """Mail these reminders to every registrar, by number alone; returns how many were told."""
    today = timezone.localdate()
    with access_context(job=job, purpose=AccessPurpose.SUBJECT_REQUEST):
        found = RequestReminder.objects.filter(pk__in=reminders).select_related("request")
        dues = [(one.request.number, one.due_on) for one in found.order_by("due_on", "id")]

    def values() -> dict[str, str | int]:
        return {
            "requests": "\n".join(
                _in_words((due - today).days)
                % {
                    "number": number,
                    "day": date_format(due, "SHORT_DATE_FORMAT"),
                    "days": abs((due - today).days),
                }
                for number, due in dues
            )
        }

    return mail_registrars(WORDING, values)


def _in_words(left: int) -> str:
    """The line of a request that is due in so many days, or was due so many days ago."""
    if left < 0:
        return ngettext(
            "%(number)s: was due on %(day)s, %(days)s day ago",
            "%(number)s: was due on %(day)s, %(days)s days ago",
            -left,
        )
    return ngettext(
        "%(number)s: due on %(day)s, in %(days)s day",
        "%(number)s: due on %(day)s, in %(days)s days",
        left,
    )
