"""Demo recordings and messages: a night's worth in a drop folder, taken in as any other is.

Most belong to contacts that the demo data have. One call was recorded without telling the caller,
one file has no call record and one cannot be read; some are due soon, and one is held.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils import timezone

from accounts.models import User
from audit.context import AccessPurpose, access_context
from contracts.dates import add_months
from customers.models import ContactPoint, Interaction
from praecom_registry.demo.scene import HELSINKI
from praecom_registry.demo.sounds import seconds, sound
from recordings.ingest.messages import ingest_messages
from recordings.ingest.recordings import ingest_recordings
from recordings.ingest.report import Report
from recordings.models import Recording
from recordings.periods import CALL_MONTHS, MESSAGE_MONTHS
from recordings.services import place_hold

SERVICE_LINE = "0400000900"
SERVICE_DESK = "palvelu@demo.example.com"
DAYS_LEFT = 5
"""So many days before their end the last calls and messages are."""

_COLUMNS = (
    "uniqueid,start,answer,end,src,dst,duration,billsec,disposition,recordingfile,informed_at"
)
_BEFORE_THE_CONTACT = timedelta(minutes=4)  # agents write it down at the end
_TOLD_BEFORE = timedelta(seconds=8)
_TEXT = "Hei,\n\n{subject}: voisitteko katsoa asian ja vastata minulle?\n\nTerveisin\n{name}\n"
_HOLD = "Lasku on riitautettu"


@dataclass(frozen=True)
class _Contact:
    """A contact of the demo data, and the number or address that the person has."""

    at: datetime
    subject: str
    name: str
    reached_by: str


def take_in_demo_calls(today: date, number: int) -> None:
    """Take in so many calls, and half as many messages."""
    with access_context(job="seed_demo", purpose=AccessPurpose.UPKEEP):
        calls = _contacts(Interaction.Channel.PHONE, ContactPoint.Kind.PHONE, number)
        mails = _contacts(Interaction.Channel.EMAIL, ContactPoint.Kind.EMAIL, (number + 1) // 2)
    if calls:
        with TemporaryDirectory() as folder:
            _drop_calls(Path(folder), calls, today)
            ingest_recordings(Path(folder), 0, Report())
    if mails:
        with TemporaryDirectory() as folder:
            _drop_mails(Path(folder), mails, today)
            ingest_messages(Path(folder), 0, Report())
    _hold_one()


def _contacts(channel: str, kind: str, number: int) -> list[_Contact]:
    """The newest contacts through a channel of persons who can be known by it."""
    newest = Interaction.objects.filter(
        channel=channel,
        direction=Interaction.Direction.INBOUND,
        person__contact_points__kind=kind,
        person__contact_points__ended_on__isnull=True,
    )
    keys = newest.order_by("-happened_at", "pk").keys_only()[: 3 * number]
    found: dict[int, _Contact] = {}
    for key in dict.fromkeys(keys):
        contact = Interaction.objects.select_related("person").get(pk=key)
        person = contact.person
        if person is None or person.pk in found or len(found) == number:
            continue
        point = person.contact_points.filter(kind=kind, ended_on__isnull=True).order_by("pk")[0]
        found[person.pk] = _Contact(
            contact.happened_at, contact.subject, person.display_name, point.normalised
        )
    return list(found.values())


# --- calls ---------------------------------------------------------------------------------------


def _drop_calls(folder: Path, calls: Sequence[_Contact], today: date) -> None:
    """Files and call records; the last contact gives the calls that are not in order."""
    last = calls[-1]
    half_a_year_ago = add_months(today, -CALL_MONTHS) + timedelta(days=DAYS_LEFT)
    due_soon = datetime.combine(half_a_year_ago, time(9, 41), HELSINKI)
    rows = [_COLUMNS]
    starts = [*(contact.at - _BEFORE_THE_CONTACT for contact in calls), due_soon]
    for place, (contact, start) in enumerate(zip([*calls, last], starts, strict=True)):
        rows.append(_call(folder, place, contact, start))
    untold, bad = last.at - timedelta(hours=3), last.at - timedelta(hours=5)
    rows.append(_call(folder, len(rows), last, untold, is_told=False))
    rows.append(_call(folder, len(rows), last, bad, content=sound(0)[:5000]))
    _write(folder / "alone.wav", sound(1), last.at - timedelta(hours=7))
    _write(folder / "calls.csv", "\n".join(rows).encode(), timezone.now())


def _call(
    folder: Path,
    place: int,
    contact: _Contact,
    start: datetime,
    *,
    is_told: bool = True,
    content: bytes | None = None,
) -> str:
    """Write a recording; returns its call record."""
    heard = sound(place)
    end = start + timedelta(seconds=seconds(heard) + 7)
    times = [_written(start), _written(start + timedelta(seconds=5)), _written(end)]
    told = _written(start - _TOLD_BEFORE) if is_told else ""
    name = f"{place}.wav"
    _write(folder / name, heard if content is None else content, end)
    length = str(seconds(heard))
    uniqueid = f"{int(start.timestamp())}.{place}"
    cells = [uniqueid, *times, contact.reached_by, SERVICE_LINE, length, length, "ANSWERED"]
    return ",".join([*cells, name, told])


def _written(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}"


def _write(path: Path, content: bytes, at: datetime) -> None:
    path.write_bytes(content)
    os.utime(path, (at.timestamp(), at.timestamp()))


# --- messages ------------------------------------------------------------------------------------


def _drop_mails(folder: Path, mails: Sequence[_Contact], today: date) -> None:
    long_ago = add_months(today, -MESSAGE_MONTHS) + timedelta(days=DAYS_LEFT)
    due_soon = datetime.combine(long_ago, time(14, 5), HELSINKI)
    sent = [*((contact, contact.at) for contact in mails), (mails[-1], due_soon)]
    for place, (contact, at) in enumerate(sent):
        message = EmailMessage()
        message["From"], message["To"] = contact.reached_by, SERVICE_DESK
        message["Subject"] = contact.subject
        message["Date"] = format_datetime(at)
        message["Message-ID"] = f"<{int(at.timestamp())}.{place}@demo.example.com>"
        message.set_content(_TEXT.format(subject=contact.subject, name=contact.name))
        if place % 3 == 0:
            message.add_attachment(contact.subject.encode(), "text", "plain", filename="lasku.txt")
        _write(folder / f"{place}.eml", message.as_bytes(), at)


def _hold_one() -> None:
    """Hold the newest recording in order, where there is somebody who may."""
    by = User.objects.with_role("recording_reviewer", "registrar").order_by("pk").first()
    with access_context(job="seed_demo", purpose=AccessPurpose.UPKEEP):
        newest = Recording.objects.playable().newest_first().first()
        if by is not None and newest is not None and not newest.recordingholds.keys_only().exists():
            place_hold(newest, _HOLD, None, by)
