"""How the due date of a request comes about, step by step, for who must answer for it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from contracts.dates import add_months
from privacy.deadlines import (
    EXTENDED_MONTHS,
    MONTHS,
    Pause,
    due_on,
    holiday_name,
    next_working_day,
)
from privacy.models import RequestPause, SubjectRequest
from privacy.states import State


def reckoned(request: SubjectRequest, pauses: Sequence[Pause], today: date) -> list[str]:
    """The sentences that lead from the day of receipt to the due date as it is today."""
    return list(_reckoned(request, pauses, today))


def due_as_of(request: SubjectRequest, pauses: Sequence[Pause], today: date) -> date:
    """The due date with a pause that is still open, as if it ended today."""
    if not request.is_open:
        return request.due_on
    is_extended = request.extended_on is not None
    return due_on(request.received_on, is_extended=is_extended, pauses=pauses, today=today)


def due_of_all(requests: Iterable[SubjectRequest], today: date) -> dict[int, date]:
    """The due date of each as of today, by its key: that of one that is paused has moved since."""
    cases = list(requests)
    paused = [case.pk for case in cases if case.state == State.IDENTIFYING]
    pauses: dict[int, list[Pause]] = {}
    for one in RequestPause.objects.filter(request__in=paused) if paused else ():
        pauses.setdefault(one.request_id, []).append(Pause(one.asked_on, one.answered_on))
    return {
        case.pk: due_as_of(case, pauses[case.pk], today) if case.pk in pauses else case.due_on
        for case in cases
    }


def _reckoned(request: SubjectRequest, pauses: Sequence[Pause], today: date) -> Iterator[str]:
    received = request.received_on
    reached = add_months(received, MONTHS)
    yield _("One month from %(received)s is %(reached)s.") % {
        "received": _short(received),
        "reached": _said(reached),
    }
    if request.extended_on is not None:
        reached = add_months(received, EXTENDED_MONTHS)
        yield _(
            "The time was extended on %(day)s: three months from %(received)s is %(reached)s."
        ) % {
            "day": _short(request.extended_on),
            "received": _short(received),
            "reached": _said(reached),
        }
    for pause in pauses:
        days = pause.days(today)
        reached += timedelta(days=days)
        yield _pause(pause, days, reached)
    yield from _rolled(reached)


def _pause(pause: Pause, days: int, reached: date) -> str:
    said = {
        "days": days,
        "from": _short(pause.asked_on),
        "to": _short(pause.answered_on) if pause.answered_on else "",
        "reached": _said(reached),
    }
    if pause.answered_on is None:
        return (
            ngettext(
                "The clock stands still since %(from)s, %(days)s day so far: %(reached)s.",
                "The clock stands still since %(from)s, %(days)s days so far: %(reached)s.",
                days,
            )
            % said
        )
    return (
        ngettext(
            "The clock stood still from %(from)s to %(to)s, %(days)s day: %(reached)s.",
            "The clock stood still from %(from)s to %(to)s, %(days)s days: %(reached)s.",
            days,
        )
        % said
    )


def _rolled(reached: date) -> Iterator[str]:
    """The way from a weekend or a public holiday to the next working day."""
    due = next_working_day(reached)
    day = reached
    while day < due:
        if day != reached and _holiday(day):
            yield _("%(day)s is a public holiday too.") % {"day": _said(day)}
        day += timedelta(days=1)
    if due != reached:
        yield _("The next working day is %(day)s.") % {"day": _said(due)}


def _short(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def _said(day: date) -> str:
    """A day with its weekday, and the name of the holiday that it is."""
    weekday, holiday = date_format(day, "l").lower(), _holiday(day)
    if get_language() == "en":
        weekday = weekday.capitalize()
    return f"{_short(day)} ({weekday}, {holiday})" if holiday else f"{_short(day)} ({weekday})"


def _holiday(day: date) -> str:
    return holiday_name(day, get_language() or "en")
