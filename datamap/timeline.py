"""The line of time: what happened to a customer, of which each app tells in its `timeline.py`.

A source finds one page of its entries by one statement. Until an entry is read, only its place on
the line is seen: so the pages of all sources are put in order first, and whoever stands in an
entry that is left out is neither shown nor recorded.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NamedTuple, Self
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

Text = str | Promise

PLACES_OF_A_KIND = 10
"""How many things of one kind can happen at once, each at a place of its own."""


class Position(NamedTuple):
    """A place on the line; the greatest is the newest.

    At one time the kind decides, by its `place` and which of its steps it is, then the record's
    key. As text it is what the address of the next page carries; it names nobody.
    """

    at: datetime
    place: int
    key: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.place}~{self.key}"

    def key_at(self, place: int) -> int:
        """Of entries at this time and the given place, the key that older ones are below."""
        if place == self.place:
            return self.key
        return TOP.key if place < self.place else 0

    @classmethod
    def read(cls, text: str) -> "Position":
        """The position that an address names; rubbish is the top."""
        time, _, numbers = text.partition("~")
        place, _, key = numbers.partition("~")
        try:
            at = datetime.fromisoformat(time)
            # In UTC, since PostgreSQL reads fewer offsets than Python does.
            read = cls(at.astimezone(UTC), int(place), int(key)) if at.tzinfo else TOP
        except (ValueError, OverflowError):
            return TOP
        fits = read.at <= TOP.at and 0 <= read.place <= TOP.place and 0 <= read.key <= TOP.key
        return read if fits else TOP


TOP = Position(datetime(9999, 12, 30, tzinfo=UTC), 2**31 - 1, 2**63 - 1)
"""Where the first page begins, before everything."""


@dataclass(frozen=True)
class EntryKind:
    """A kind of entry: shown to whoever has the permission, and what one can filter by.

    Of entries at one time, those with the greater `place` come first, as the later ones; it is a
    multiple of ten, and the steps of the kind follow it.
    """

    name: str
    label: Text
    permission: str
    place: int


@dataclass(frozen=True)
class Named:
    """A person or a customer that an entry names, by the UUID of her page."""

    public_id: UUID
    name: str


@dataclass(frozen=True)
class Badge:
    """A state in a word; `tone` is `good`, `warning`, `danger` or none."""

    text: Text
    tone: str = ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Something that happened, as a page shows it.

    `has_time`: the hour is known, not only the day. `what` is what it was about, `reference` its
    number; `facts` are short, `text` is as somebody wrote it. `before` and `after` are what was
    changed. `amount` is due once, `monthly` every month. `is_open`: something is still to do.
    """

    position: Position
    kind: EntryKind
    title: Text
    has_time: bool = False
    what: str = ""
    reference: str = ""
    facts: tuple[Text, ...] = ()
    text: str = ""
    before: Named | str | None = None
    after: Named | str | None = None
    amount: Decimal | None = None
    monthly: Decimal | None = None
    currency: str = ""
    persons: tuple[Named, ...] = ()
    customer: Named | None = None
    badges: tuple[Badge, ...] = ()
    checks: tuple[Badge, ...] = ()
    is_open: bool = False

    @property
    def at(self) -> datetime:
        """When it happened; midnight where only the day is known."""
        return self.position.at


@dataclass(frozen=True)
class Unread:
    """An entry that was found; `read` gives it, and records whose data it shows."""

    position: Position
    read: Callable[[], Entry]


@dataclass(frozen=True)
class Scope:
    """Whose history, by key: a customer's with its owner, or a person's.

    A person's history is what names her, and that of the customers that she owns. `known` are the
    UUIDs of whose page it is: entries need not name them again.
    """

    customer: int | None
    person: int | None
    known: frozenset[UUID]

    @classmethod
    def of_customer(cls, customer: Any) -> Self:
        """All of a customer's; what is a person's own only where she is the customer herself."""
        owner = customer.owner
        known = {customer.public_id, *([owner.public_id] if owner else [])}
        return cls(customer.pk, customer.owner_id, frozenset(known))

    @classmethod
    def of_person(cls, person: Any) -> Self:
        """What is about a person."""
        return cls(None, person.pk, frozenset({person.public_id}))


@dataclass(frozen=True)
class Asked:
    """What a page asks of a source: at most `limit` entries older than `before`.

    `kinds` are names of the source's kinds, all of which the viewer may see.
    """

    scope: Scope
    kinds: frozenset[str]
    before: Position
    limit: int
    viewer: Any


@dataclass(frozen=True)
class TimelineSource:
    """What an app tells: its kinds, and the function that finds a page of them, newest first."""

    kinds: tuple[EntryKind, ...]
    entries: Callable[[Asked], list[Unread]]


class Timeline:
    """All sources; filled by each app's `timeline.py` at start."""

    def __init__(self) -> None:
        self._sources: list[TimelineSource] = []

    def register(self, source: TimelineSource) -> None:
        """Add a source; names and places of its kinds are nobody else's."""
        known = [kind for one in self._sources for kind in one.kinds]
        for kind in source.kinds:
            if kind.place % PLACES_OF_A_KIND:
                raise ImproperlyConfigured(f"The place of {kind.name} leaves none for its steps.")
            if any(kind.name == other.name or kind.place == other.place for other in known):
                raise ImproperlyConfigured(f"There is a kind of entry like {kind.name} already.")
            known.append(kind)
        self._sources.append(source)

    def allowed(self, user: Any) -> list[EntryKind]:
        """The kinds that the user may see, in order."""
        kinds = sorted(
            (kind for source in self._sources for kind in source.kinds), key=lambda one: one.place
        )
        return [kind for kind in kinds if user.has_perm(kind.permission)]

    def page(
        self, scope: Scope, viewer: Any, kinds: Iterable[EntryKind], before: Position, length: int
    ) -> tuple[list[Entry], bool]:
        """So many entries older than a position, newest first, and whether there are more.

        One statement per source that has any of the kinds; those that the viewer may not see are
        not asked for.
        """
        names = frozenset(kind.name for kind in kinds if viewer.has_perm(kind.permission))
        found: list[Unread] = []
        for source in self._sources:
            wanted = names.intersection(kind.name for kind in source.kinds)
            if wanted:
                found += source.entries(Asked(scope, wanted, before, length + 1, viewer))
        found.sort(key=lambda one: one.position, reverse=True)
        return [one.read() for one in found[:length]], len(found) > length


def collect() -> None:
    """Import every app's `timeline.py`; repeated calls change nothing."""
    autodiscover_modules("timeline")


timeline = Timeline()
register_source = timeline.register
