"""What staff accounts leave to the background worker: upkeep of sessions, and alerts."""

from django.core.management import call_command
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from accounts.alerts import WORDINGS, Alert, mail_registrars
from accounts.group_lookups import note_group_lookups
from accounts.models import AttemptCount, User


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="accounts.forget_ended_sessions", pass_context=False)
def forget_ended_sessions(timestamp: int) -> None:
    """Remove sessions that have ended, with whatever was searched for in them."""
    call_command("clearsessions")


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="accounts.forget_ended_counts", pass_context=False)
def forget_ended_counts(timestamp: int) -> None:
    """Remove counts of attempts that limit nobody any more."""
    AttemptCount.objects.filter(expires__lt=timezone.now()).delete()


@app.periodic(cron="37 * * * *")
@app.task(queueing_lock="accounts.note_group_lookups", pass_context=False)
def note_lookups_of_group(timestamp: int) -> int:
    """Note what the staff of group companies looked up as disclosures to those; returns how many.

    Hourly, so that a day's look-ups are there before anybody asks for a report of them.
    """
    return note_group_lookups(job="note_group_lookups")


@app.task(queue="alerts", pass_context=False)
def tell_registrars(alert: str, user_id: int, by_id: int | None = None) -> int:
    """Tell every registrar what happened with an account; returns how many have an address.

    `by_id` is who did it; without it, it was done at the command line.
    """
    user = User.objects.get(pk=user_id)
    by = User.objects.filter(pk=by_id).first()

    def values() -> dict[str, str | int]:
        return {
            "user": user.username,
            "by": by.username if by is not None else _("The command line"),
            "time": date_format(timezone.localtime(), "SHORT_DATETIME_FORMAT"),
        }

    return mail_registrars(WORDINGS[Alert(alert)], values)
