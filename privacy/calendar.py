"""The due dates of open requests for a registrar's own calendar, behind a link of her own.

The calendar learns the number of a request, what it asks for and its due date, and nothing of
whom it is about: it is no look at anybody's data, and leaves no row in anybody's log.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from accounts.models import User
from audit.sql import keys_sql
from privacy.models import CalendarLink, SubjectRequest
from privacy.states import OPEN, State

_SALT = "privacy.calendar"
_PREFIX = "TP"
_MOST = 1_000
_EPOCH = date(1970, 1, 1)

_DUE = f"""
SELECT substr(number, {len(_PREFIX) + 1})::bigint AS number,
       array_position(%(kinds)s::text[], kind::text) AS kind,
       due_on - DATE '{_EPOCH}' AS day,
       state = %(paused)s AS is_paused
FROM privacy_subjectrequest WHERE state = ANY(%(open)s) ORDER BY due_on, id LIMIT {_MOST}
"""


@dataclass(frozen=True)
class Due:
    """An open request as the calendar has it."""

    number: str
    kind: str
    due_on: date
    is_paused: bool


@transaction.atomic
def renew_link(user: User) -> CalendarLink:
    """Give a registrar a new link to her calendar; the one before it has ended."""
    CalendarLink.objects.get_or_create(user=user)
    link = CalendarLink.objects.select_for_update().get(user=user)
    link.key, link.renewed_at = uuid4(), timezone.now()
    link.save()
    return link


def address_of(link: CalendarLink) -> str:
    """The whole address of a link, for the calendar program."""
    token = signing.dumps([link.user_id, link.key.hex], salt=_SALT)
    return f"{settings.SITE_ADDRESS}{reverse('requests:feed', args=[token])}"


def reader_of(token: str) -> User | None:
    """Whose link it is: of an account in use that may see requests, and not renewed since."""
    try:
        user_id, key = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    link = CalendarLink.objects.filter(user=user_id, key=key).select_related("user").first()
    if link is None or not link.user.is_active:
        return None
    return link.user if link.user.has_perm("privacy.view_subjectrequest") else None


def due_requests() -> list[Due]:
    """The open requests by their due dates; needs an access context."""
    kinds = SubjectRequest.Kind.values
    rows = keys_sql(
        _DUE,
        {
            "kinds": kinds,
            "paused": State.IDENTIFYING.value,
            "open": [state.value for state in OPEN],
        },
    )
    return [
        Due(
            number=f"{_PREFIX}{row['number']}",
            kind=str(SubjectRequest.Kind(kinds[row["kind"] - 1]).label),
            due_on=_EPOCH + timedelta(days=row["day"]),
            is_paused=row["is_paused"],
        )
        for row in rows
    ]


def as_ics(dues: Iterable[Due], language: str) -> bytes:
    """The due dates as a calendar (RFC 5545) in a language of ours: whole days, nobody busy."""
    host = settings.SITE_ADDRESS.partition("://")[2]
    calendar = Calendar()
    calendar.add("prodid", "-//Praecom//Customer register//EN")
    calendar.add("version", "2.0")
    with translation.override(language):
        calendar.add("x-wr-calname", _("Due dates of requests"))
        for due in dues:
            event = Event()
            event.add("uid", f"{due.number}@{host}")
            event.add("dtstamp", timezone.now())
            event.add("dtstart", due.due_on)
            event.add("dtend", due.due_on + timedelta(days=1))
            event.add("summary", _summary(due))
            event.add("transp", "TRANSPARENT")
            calendar.add_component(event)
    return bytes(calendar.to_ical())


def _summary(due: Due) -> str:
    said = {"number": due.number, "kind": due.kind}
    if due.is_paused:
        return _("%(number)s: %(kind)s (the clock stands still)") % said
    return _("%(number)s: %(kind)s") % said
