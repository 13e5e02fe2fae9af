"""How a recording or a message is shown without being opened: when, between whom, until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from customers.covering import must_cover, shown_detail
from customers.models import Person
from datamap.timeline import Badge
from recordings.models import Recording, StoredMessage
from recordings.periods import QUARANTINE_DAYS

Kept = Recording | StoredMessage


@dataclass(frozen=True)
class Shown:
    """A line about a recording or a message; `address` is its page, for who may open it."""

    record: Kept
    title: str | Promise
    at: datetime
    origin: str
    target: str
    length: str
    agent: str
    until: str
    badges: tuple[Badge, ...]
    persons: tuple[Person, ...]
    address: str


def shown(record: Kept, user: User, *, persons: Iterable[Person] = ()) -> Shown:
    """What the user sees of it; the record knows whether it is held (`with_holds`)."""
    cover = must_cover(user)
    if isinstance(record, Recording):
        at, title = record.started_at, record.get_medium_display()
        origin = shown_detail(record.caller_number, cover=cover)
        target, length = record.line_number, clock(record.duration)
        agent = record.handled_by.username if record.handled_by is not None else ""
        page, may_open = "recordings:recording", user.has_perm("recordings.play_recording")
    else:
        at, title = record.sent_at, record.get_kind_display()
        origin = shown_detail(record.sender, cover=cover)
        target = ", ".join(shown_detail(one, cover=cover) for one in record.recipients)
        length, agent = "", ""
        page, may_open = "recordings:message", user.has_perm("recordings.read_storedmessage")
    return Shown(
        record=record,
        title=title,
        at=at,
        origin=origin,
        target=target,
        length=length,
        agent=agent,
        until=until(record),
        badges=tuple(badges(record)),
        persons=tuple(persons),
        address=reverse(page, args=[record.public_id]) if may_open else "",
    )


def facts(record: Kept) -> list[tuple[str | Promise, str]]:
    """What its own page says beside that: labels and values."""
    if isinstance(record, StoredMessage):
        return [(_("Attachments"), str(record.attachments)), (_("Size"), _size(record))]
    told = record.informed_at
    return [
        (_("Told that it is recorded"), _moment(told) if told else _("not told")),
        (_("Format"), str(record.get_format_display())),
        (_("Size"), _size(record)),
    ]


def _size(record: Kept) -> str:
    return filesizeformat(record.file.size)


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")


def badges(record: Kept) -> Iterable[Badge]:
    """Its state in a word or two."""
    if record.destroyed_at is not None:
        yield Badge(pgettext("recording", "Destroyed"))
        return
    if record.quarantined_at is not None:
        yield Badge(_("In quarantine"), "danger")
    if record.is_held:
        yield Badge(pgettext("recording", "Held"), "warning")
    elif record.is_soon:
        yield Badge(_("Due soon"), "warning")


def until(record: Kept) -> str:
    """Until when it is kept, or when and by which rule it was destroyed."""
    if record.destroyed_at is not None:
        return _("%(day)s: %(rule)s") % {
            "day": _day(timezone.localdate(record.destroyed_at)),
            "rule": record.get_destroyed_by_display(),
        }
    if record.quarantined_at is not None:
        return _day(timezone.localdate(record.quarantined_at) + timedelta(days=QUARANTINE_DAYS))
    if record.is_held:
        return _("until the hold ends")
    if record.goes_by_case:
        return _("24 months after its case is closed")
    return _day(record.due_on)


def clock(seconds: int) -> str:
    """A length of time as players show it: 4:05, 1:00:00."""
    minutes, left = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")
