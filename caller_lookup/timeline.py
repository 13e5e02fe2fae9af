"""The customer's whole history on one line of time, newest first, over every app (S20)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from accounts.requests import StaffRequest
from datamap.timeline import TOP, Entry, EntryKind, Position, Scope, timeline

ENTRIES_PER_PAGE = 20
_PAGING = ("timeline-newest", "timeline-older")
"""The ids of the links to other pages."""


@dataclass(frozen=True)
class Month:
    """The entries of a month, which its first day names."""

    first_day: date
    entries: list[Entry]


@dataclass(frozen=True)
class Filter:
    """A kind to filter by, and the query of the page on which it is chosen, or no longer."""

    kind: EntryKind
    is_chosen: bool
    query: str


@dataclass(frozen=True)
class ShownTimeline:
    """A page of the timeline; the queries lead to others at the same address.

    Without a filter every kind is shown that the user may see. `takes_focus`: somebody paged here
    and reads on from the top.
    """

    scope: Scope
    address: str
    months: list[Month]
    filters: list[Filter]
    is_newest: bool
    newest: str
    older: str
    takes_focus: bool

    @property
    def is_filtered(self) -> bool:
        """Whether some kinds only are shown."""
        return any(one.is_chosen for one in self.filters)


def timeline_of(scope: Scope, request: StaffRequest, *, address: str = "") -> dict[str, Any]:
    """What `_timeline.html` shows: a page of the history, by the request's `kind`s and `before`.

    `address` is where its other pages are, if not where this request went. Each app's part is one
    statement; everybody whose data the page shows is recorded.
    """
    asked = request.GET.getlist("kind")
    before = Position.read(request.GET.get("before", ""))
    allowed = timeline.allowed(request.user)
    chosen = [kind for kind in allowed if kind.name in asked]
    entries, has_older = timeline.page(
        scope, request.user, chosen or allowed, before, ENTRIES_PER_PAGE
    )
    return {
        "timeline": ShownTimeline(
            scope,
            address or request.path,
            _by_month(_without_known(entry, scope) for entry in entries),
            [_filter(kind, chosen) for kind in allowed],
            is_newest=before == TOP,
            newest=_query(chosen),
            older=_query(chosen, before=entries[-1].position) if has_older else "",
            takes_focus=request.headers.get("HX-Trigger", "") in _PAGING,
        )
    }


def _without_known(entry: Entry, scope: Scope) -> Entry:
    others = tuple(one for one in entry.persons if one.public_id not in scope.known)
    return replace(entry, persons=others)


def _by_month(entries: Iterable[Entry]) -> list[Month]:
    months = groupby(entries, lambda entry: timezone.localtime(entry.at).date().replace(day=1))
    return [Month(first_day, list(found)) for first_day, found in months]


def _filter(kind: EntryKind, chosen: list[EntryKind]) -> Filter:
    is_chosen = kind in chosen
    others = [one for one in chosen if one != kind]
    return Filter(kind, is_chosen, _query(others if is_chosen else [*chosen, kind]))


def _query(kinds: Iterable[EntryKind], before: Position | None = None) -> str:
    """The part of an address after its path; it names nobody."""
    pairs = [("kind", kind.name) for kind in kinds]
    if before is not None:
        pairs.append(("before", str(before)))
    return f"?{urlencode(pairs)}" if pairs else ""
