"""What contracts tells on the line of time: from the offer to the last invoice (S19, S20, S23).

A day counts as its midnight in Finland. What is still to come is no history yet.
"""

from datetime import date, datetime, time
from functools import partial

from django.utils import timezone
from django.utils.translation import get_language
from psycopg.types.numeric import Int8

from audit.sql import Sealed, sealed_sql
from contracts.timeline.entries import entry_of
from contracts.timeline.kinds import KINDS
from contracts.timeline.statement import page_sql
from customers.covering import must_cover
from datamap.timeline import TOP, Asked, Entry, Position, TimelineSource, Unread, register_source
from datamap.vocabulary import Category

_ORDER = ("day", "place", "id", "kind")
_KIND_AT = {kind.place: kind for kind in KINDS}


def entries(asked: Asked) -> list[Unread]:
    """A page of what happened to a customer, or to a person and the customers she owns."""
    of_person = asked.scope.customer is None
    day, place, key = _before(asked.before)
    rows = sealed_sql(
        page_sql(asked.kinds, of_person=of_person),
        {
            # Of one width each, so that every page is the same prepared statement.
            "whose": Int8((asked.scope.person if of_person else asked.scope.customer) or 0),
            "day": day,
            "place": Int8(place),
            "key": Int8(key),
            "limit": Int8(asked.limit),
            "language": (get_language() or "en")[:2],
            "names": asked.viewer.has_perm("customers.view_person"),
        },
        order=_ORDER,
        categories=(Category.SERVICES, Category.HISTORY, Category.BILLING),
    )
    cover = must_cover(asked.viewer)
    return [_unread(row, cover=cover) for row in rows]


def _before(position: Position) -> tuple[date, int, int]:
    """The position by days; what is to come is left out."""
    at = position.at.astimezone(timezone.get_default_timezone())
    if at.date() > timezone.localdate():
        return timezone.localdate(), TOP.place, TOP.key
    if at.time() != time.min:
        return at.date(), TOP.place, TOP.key
    return at.date(), position.place, position.key


def _unread(row: Sealed, *, cover: bool) -> Unread:
    day, place, key, kind = row.order
    position = Position(_midnight(day), place, key)
    return Unread(position, partial(_entry, row, position, kind, cover=cover))


def _entry(row: Sealed, position: Position, kind: int, *, cover: bool) -> Entry:
    return entry_of(_KIND_AT[kind], position, row.open(), cover=cover)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_default_timezone())


register_source(TimelineSource(KINDS, entries))
