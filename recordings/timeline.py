"""What recordings tells on the line of time: that a call was recorded or a message stored (S22)."""

from functools import partial

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from psycopg.types.numeric import Int8

from audit.sql import Sealed, sealed_sql
from datamap.timeline import (
    Asked,
    Badge,
    Entry,
    EntryKind,
    Position,
    TimelineSource,
    Unread,
    register_source,
)
from datamap.vocabulary import Category
from recordings.models import Recording, StoredMessage
from recordings.shown import clock

RECORDING = EntryKind("recording", _("Recordings"), "recordings.view_recording", 150)
MESSAGE = EntryKind("message", _("Messages"), "recordings.view_storedmessage", 160)
_PLACES = (RECORDING.place, MESSAGE.place)

# Whom else it concerns is recorded too: it is about each of them.
_SELECT = """
(SELECT r.{at} AS at, {place} AS place, r.id, r.{kind} AS kind, {line} AS line, {length} AS length,
       r.due_on, r.quarantined_at IS NOT NULL AS is_in_quarantine,
       ARRAY(SELECT p.public_id FROM {concerns} o JOIN customers_person p ON p.id = o.person_id
             WHERE o.{name} = r.id) AS subjects
FROM {concerns} c JOIN {table} r ON r.id = c.{name}
WHERE c.person_id = %(person)s AND (r.{at}, r.id) < (%(at)s, %(below_{place})s)
ORDER BY r.{at} DESC, r.id DESC LIMIT %(limit)s)
"""
_SELECTS = {
    RECORDING.name: _SELECT.format(
        at="started_at",
        place=RECORDING.place,
        kind="medium",
        line="r.line_number",
        length="r.duration",
        concerns="recordings_recordingconcerns",
        table="recordings_recording",
        name="recording_id",
    ),
    MESSAGE.name: _SELECT.format(
        at="sent_at",
        place=MESSAGE.place,
        kind="kind",
        line="''",
        length="0",
        concerns="recordings_messageconcerns",
        table="recordings_storedmessage",
        name="message_id",
    ),
}


def entries(asked: Asked) -> list[Unread]:
    """A page of the recordings and messages that concern a person, or the owner of a customer."""
    person, before = asked.scope.person, asked.before
    if person is None:
        return []
    selects = " UNION ALL ".join(_SELECTS[name] for name in sorted(asked.kinds))
    rows = sealed_sql(
        f"SELECT * FROM ({selects}) AS told ORDER BY at DESC, place DESC, id DESC LIMIT %(limit)s",
        {
            "person": Int8(person),
            "at": before.at,
            **{f"below_{place}": Int8(before.key_at(place)) for place in _PLACES},
            "limit": Int8(asked.limit),
        },
        order=("at", "place", "id"),
        categories=(Category.RECORDINGS,),
    )
    return [_unread(row) for row in rows]


def _unread(row: Sealed) -> Unread:
    position = Position(*row.order)
    return Unread(position, partial(_entry, row, position))


def _entry(sealed: Sealed, position: Position) -> Entry:
    row = sealed.open()
    # Quarantine ends earlier, and what is here past its day is held: its own page says so.
    has_day = not row["is_in_quarantine"] and row["due_on"] > timezone.localdate()
    day = date_format(row["due_on"], "SHORT_DATE_FORMAT")
    due = _now("kept at most until %(day)s") % {"day": day} if has_day else ""
    badges = (Badge(_now("In quarantine"), "danger"),) if row["is_in_quarantine"] else ()
    if position.place == MESSAGE.place:
        kind = StoredMessage.Kind(row["kind"]).label
        title = _now("Message stored: %(kind)s") % {"kind": str(kind).lower()}
        return Entry(position=position, kind=MESSAGE, title=title, has_time=True, badges=badges)
    is_call = row["kind"] == Recording.Medium.CALL
    return Entry(
        position=position,
        kind=RECORDING,
        title=_now("Call recorded") if is_call else _now("Video call recorded"),
        has_time=True,
        facts=tuple(filter(None, [row["line"], clock(row["length"]), due])),
        badges=badges,
    )


register_source(TimelineSource((RECORDING, MESSAGE), entries))
