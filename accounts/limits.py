"""Stopping a user who is shown unusually many persons, and telling the registrar (promise 9)."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.alerts import Alert
from accounts.models import User
from accounts.tasks import tell_registrars
from audit.context import require
from audit.log import Action, Event
from audit.volume import REFUSED_FOR_VOLUME, Pace, Volume, volume_of

LOOKUP = ("lookup/", "requests/person/")
LISTS = ("admin/%", "customers/%", "documents/%", "recordings/%", "requests/%")
TIMES_IN_LISTS = 10
"""So many times as many persons may be shown in lists, which some work with all day."""


def lookup_volume(user: User) -> Volume:
    """What the user has found by the lookup."""
    return volume_of(user.pk, LOOKUP, settings.LOOKUP_PERSONS_PER_10_MIN)


def record_stop(user: User, volume: Volume) -> None:
    """A stop leaves a row, and the registrars are told of the first one."""
    require().reason = REFUSED_FOR_VOLUME
    require().record(Event(Action.DENY))
    if not volume.refusals:
        alert = Alert.MANY_CALLS if volume.has_too_many_calls else Alert.MANY_PERSONS
        tell_registrars.defer(alert=alert.value, user_id=user.pk)


def stop_in_lists(request: HttpRequest, user: User) -> HttpResponse | None:
    """The answer for who has been shown too many persons in lists; None for who may go on."""
    limit = settings.LOOKUP_PERSONS_PER_10_MIN * TIMES_IN_LISTS
    volume = volume_of(user.pk, LISTS, limit)
    if volume.pace is not Pace.STOPPED:
        return None
    record_stop(user, volume)
    return render(request, "accounts/too_many_persons.html", {"volume": volume}, status=429)
