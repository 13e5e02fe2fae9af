"""What can happen to a record, and how a person is found in it."""

from dataclasses import dataclass

from datamap.timeline import EntryKind


@dataclass(frozen=True)
class Moment:
    """Something that happens to a record `r`: on which day, and whether it has happened.

    Both are written as in the index of this moment, which begins with whose record it is and ends
    with its key. `names` says whether it names the person `%(whose)s`, where the columns of the
    record alone do not.
    """

    day: str
    where: str = "true"
    names: str = "true"


@dataclass(frozen=True)
class Through:
    """Another record `t` by which a person is found: its table, her column, the way from it."""

    table: str
    column: str
    where: str


@dataclass(frozen=True)
class Record:
    """A kind of record: its moments in their order, and how a person is found in it.

    `naming` are columns that name her, each with an index in order of time; `through` leads to few
    records of hers, as to the services that she has used. What came back of an order stands with
    the customer alone: the way there would be as long as all that she has ordered.

    `row` selects COLUMNS of the record whose key is `k.id`, as they are told at the step `k.step`.
    """

    kind: EntryKind
    table: str
    moments: tuple[Moment, ...]
    row: str
    naming: tuple[str, ...] = ()
    through: tuple[Through, ...] = ()
