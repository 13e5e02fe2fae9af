"""What staff accounts leave to the background worker: upkeep of sessions, and alerts."""

from django.core.mail import send_mail
from django.core.management import call_command
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from accounts.models import User
from accounts.roles import Role


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="accounts.forget_ended_sessions", pass_context=False)
def forget_ended_sessions(timestamp: int) -> None:
    """Remove sessions that have ended, with whatever was searched for in them."""
    call_command("clearsessions")


@app.task(queue="alerts", pass_context=False)
def tell_registrars(user_id: int) -> int:
    """Tell every registrar that a user was stopped; returns how many have an address."""
    user = User.objects.get(pk=user_id)
    registrars = User.objects.with_role(Role.REGISTRAR).filter(is_active=True).exclude(email="")
    for registrar in registrars:
        with translation.override(registrar.language):
            send_mail(
                _("Caller lookup stopped: %(user)s") % {"user": user.username},
                _(
                    "%(user)s has found unusually many persons in ten minutes without a call, and "
                    "was stopped at %(time)s. The access log shows who was found."
                )
                % {
                    "user": user.username,
                    "time": date_format(timezone.localtime(), "SHORT_DATETIME_FORMAT"),
                },
                None,
                [registrar.email],
            )
    return len(registrars)
