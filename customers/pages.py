"""Pages of records: by number where they are few, by position where a history may be long."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber


@dataclass(frozen=True)
class Page:
    """Some records, and where they stand among all of them."""

    rows: Sequence[Any]
    number: int
    total: int
    per_page: int

    @property
    def previous(self) -> int:
        """The number of the page before, or none."""
        return self.number - 1

    @property
    def next(self) -> int:
        """The number of the page after, or none."""
        return self.number + 1 if self.number * self.per_page < self.total else 0


def page_of(records: Any, number: str, per_page: int) -> Page:
    """The page with this number, as an address has it; rubbish is the first page."""
    page = max(int(number), 1) if number.isdecimal() and len(number) < 7 else 1
    start = (page - 1) * per_page
    rows = list(records.annotate(total=Window(Count("*")))[start : start + per_page])
    return Page(rows, page, rows[0].total if rows else 0, per_page)


@dataclass(frozen=True)
class Newest:
    """Some records, newest first; `older` is the position of those after them, if there are any."""

    rows: Sequence[Any]
    older: str
    is_newest: bool


def newest_of(records: Any, day: str, before: str, per_page: int) -> Newest:
    """The records older than a position, as an address has it; rubbish is the top.

    `records` are newest first by the field `day` and their key, and know `older_than`.
    """
    found = records.older_than(*_read_position(before))
    rows = list(found[:per_page])
    has_more = bool(found.keys_only()[per_page : per_page + 1])
    older = f"{getattr(rows[-1], day).isoformat()}~{rows[-1].pk}" if has_more else ""
    return Newest(rows, older, is_newest=not before)


def _read_position(text: str) -> tuple[date | None, int]:
    day, _, key = text.partition("~")
    try:
        return date.fromisoformat(day), int(key)
    except ValueError:
        return None, 0


def first_of_each(records: Any, by: str, order: Sequence[Any], most: int) -> Any:
    """The first records of each group; `total` tells how many its group has."""
    return (
        records.annotate(
            total=Window(Count("*"), partition_by=F(by)),
            place=Window(RowNumber(), partition_by=F(by), order_by=order),
        )
        .filter(place__lte=most)
        .order_by(by, "place")
    )


def grouped(records: Iterable[Any], by: str) -> dict[int, list[Any]]:
    """The records by the key that they hang on, in their order."""
    found: dict[int, list[Any]] = {}
    for record in records:
        found.setdefault(getattr(record, by), []).append(record)
    return found
