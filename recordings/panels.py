"""The card's panel of recordings and messages: that they exist, and until when (S9, S22)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.requests import StaffRequest
from customers.models import Person
from datamap.panels import Panel, register_panel
from datamap.timeline import Position
from recordings.models import Recording, StoredMessage
from recordings.shown import Shown, shown

MOST_SHOWN = 15


def load_recordings(person: Person, request: StaffRequest) -> Any:
    """What concerns her, newest first; who may open it goes on to its own page."""
    before = Position.read(request.GET.get("before", ""))
    found = [*_of(person, request, Recording, before), *_of(person, request, StoredMessage, before)]
    found.sort(key=_place, reverse=True)
    rows, has_more = found[:MOST_SHOWN], len(found) > MOST_SHOWN
    return {
        "recordings": rows,
        "older": str(_place(rows[-1])) if has_more else "",
        "is_newest": "before" not in request.GET,
    }


def _of(
    person: Person,
    request: StaffRequest,
    model: type[Recording | StoredMessage],
    before: Position,
) -> list[Shown]:
    """Those of one kind that are older than a position, one more than the panel shows."""
    records: Any = model.objects.visible_to(request.user).filter(concerns__person=person)
    records = records.newest_first().with_holds()
    if model is Recording:
        records = records.select_related("handled_by")
    older = records.older_than(before.at, before.key_at(_PLACES[model]))
    return [shown(record, request.user) for record in older[: MOST_SHOWN + 1]]


_PLACES: dict[type[Any], int] = {Recording: 2, StoredMessage: 1}


def _place(one: Shown) -> Position:
    return Position(one.at, _PLACES[type(one.record)], one.record.pk)


register_panel(
    Panel(
        "recordings",
        _("Recordings"),
        "recordings.view_recording",
        load_recordings,
        "recordings/_panel_recordings.html",
        place=70,
        key="r",
    )
)
