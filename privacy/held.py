"""Which kinds of data are held of a person, and how long the declarations say that they stay."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from customers.models import Person
from datamap.declarations import PersonalData
from datamap.vocabulary import Category, LawfulBasis, WrittenBy
from datamap.words import Kept, kept, kind_of, uses_of
from privacy.forgetting.periods import periods_now
from privacy.report.collecting import declared, rows_about


@dataclass(frozen=True)
class HeldKind:
    """One kind of records in a category: what they are called, how long they stay."""

    records: str
    retention: tuple[Kept, ...]


@dataclass(frozen=True)
class Held:
    """A category of which something is held, in which records, and whether the law demands it."""

    category: Category
    kinds: tuple[HeldKind, ...]
    is_duty: bool


def held_of(person: Person) -> list[Held]:
    """The categories of which anything is held of a person, in the order of the description."""
    there, set_ones = _with_rows(person), periods_now()
    return [
        Held(
            category,
            tuple(HeldKind(kind_of(one), tuple(kept(one, set_ones))) for one in within),
            all(
                use.basis is LawfulBasis.LEGAL_OBLIGATION
                for one in within
                for use in uses_of(one, category)
            ),
        )
        for category in Category
        if (within := _within(category, there))
    ]


def categories_held(person: Person) -> list[Category]:
    """The same without words."""
    there = _with_rows(person)
    return [category for category in Category if _within(category, there)]


def _with_rows(person: Person) -> list[PersonalData]:
    """The models that have a row about her; copies that the database keeps go with their source."""
    return [
        one
        for one in declared()
        if one.written_by is not WrittenBy.DATABASE and _has_any(rows_about(one, person))
    ]


def _has_any(rows: Any) -> bool:
    return bool(rows.keys_only().exists())


def _within(category: Category, there: Iterable[PersonalData]) -> list[PersonalData]:
    return [
        one for one in there if any(category in field.categories for field in one.fields.values())
    ]
