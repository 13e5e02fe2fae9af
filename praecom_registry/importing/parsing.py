"""One row of a file becomes one staged row, or problems by cell: what every kind of file shares.

A million rows pass here: each cell is looked at by the cheapest means that judges it, and words
that come again and again are judged once.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from enum import IntEnum
from functools import lru_cache
from operator import gt, itemgetter
from typing import Any

from django.utils.translation import gettext as _

from praecom_registry.importing.columns import Columns
from praecom_registry.importing.problems import WHOLE_ROW, Problems, Reason, UnreadableFile
from praecom_registry.importing.reading import ERROR_VALUE, FORMULA

_ISO_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_FINNISH_DATE = re.compile(r"(\d\d?)\.(\d\d?)\.(\d{4})", re.ASCII)


class Header:
    """Which cell of a row holds which column; raises UnreadableFile for a header that will not do.

    A name that the file gives to a column is shown only where the first row is surely one of
    names: it might be a person's row.
    """

    def __init__(self, columns: Columns, names: list[str], *, ignore_unknown: bool) -> None:
        self.columns = columns
        self.names = names
        named = [columns.named(name) for name in names]
        missing = [column for column in columns.must_have if column not in named]
        if len(missing) == len(columns.must_have):
            raise UnreadableFile(
                _("The first row does not name the columns: none of %(columns)s is there.")
                % {"columns": _listed(missing)}
            )
        if missing:
            raise UnreadableFile(
                _("These columns are missing: %(columns)s.") % {"columns": _listed(missing)}
            )
        twice = [column for column in columns.all if named.count(column) > 1]
        if twice:
            raise UnreadableFile(
                _("These columns are there twice: %(columns)s.") % {"columns": _listed(twice)}
            )
        # A name that is empty stands for no column: its cells must be empty.
        self.nameless = [place for place, name in enumerate(names) if not name.strip()]
        unknown = [
            " ".join(name.split())[:40]
            for name, column in zip(names, named, strict=True)
            if column is None and name.strip()
        ]
        if unknown and not ignore_unknown:
            raise UnreadableFile(
                _("Unknown columns: %(columns)s. Leave them out with --ignore-unknown.")
                % {"columns": ", ".join(filter(str.isprintable, unknown[:10]))}
            )
        # One cell more than the row has, an empty one, stands for every column not in the file.
        absent = len(names)
        self.places = [named.index(c) if c in named else absent for c in columns.all]


def _listed(columns: Sequence[IntEnum]) -> str:
    return ", ".join(column.name.lower() for column in columns)


class RowParser(ABC):
    """Turns the cells of a row into a staged row, and notes what is wrong with them.

    What stands in a bad cell is replaced by None, so that nothing more is said of it.
    """

    columns: Columns
    staged: Sequence[str]
    """The names of the columns of a staged row, after `row` and `is_bad`."""

    def __init__(self, header: Header, problems: Problems) -> None:
        self._width = len(header.names)
        self._nameless = header.nameless
        self._in_order = itemgetter(*header.places)
        self._problems = problems

    def parse(self, row: int, cells: list[str]) -> Sequence[Any] | None:
        """The staged row; None where the cells cannot be told apart."""
        if len(cells) != self._width or any(cells[place].strip() for place in self._nameless):
            self._problems.add(row, WHOLE_ROW, Reason.RAGGED)
            return None
        found = len(self._problems)
        cells.append("")
        values: list[Any] = list(map(str.strip, self._in_order(cells)))
        is_plain = "".join(values).isprintable()
        if any(map(gt, map(len, values), self.columns.longest)):
            self._refuse_long(row, values)
        if not is_plain:
            self._clean(row, values)
        judged = self.judge(row, values)
        for column in self.columns.must_have:
            if not values[column] and values[column] is not None:
                self._problems.add(row, column, Reason.REQUIRED)
        return (row, len(self._problems) > found, *judged)

    @abstractmethod
    def judge(self, row: int, values: list[Any]) -> tuple[Any, ...]:
        """The staged values of a row whose cells are clean text, or None where they are bad."""

    def _clean(self, row: int, values: list[Any]) -> None:
        """Spaces of every kind become plain ones; what no text holds is refused."""
        for column, value in enumerate(values):
            if value is None or value.isprintable():
                continue
            if value in (FORMULA, ERROR_VALUE):
                formula = value == FORMULA
                self._problems.add(row, column, Reason.FORMULA if formula else Reason.ERROR_VALUE)
                values[column] = None
                continue
            values[column] = value = " ".join(value.split())
            if any(character < " " or "\x7f" <= character < "\xa0" for character in value):
                self._problems.add(row, column, Reason.CONTROL_CHARACTER)
                values[column] = None

    def _refuse_long(self, row: int, values: list[Any]) -> None:
        for column, value in enumerate(values):
            if len(value) > self.columns.longest[column]:
                self._problems.add(row, column, Reason.TOO_LONG)
                values[column] = None

    def _word(
        self, row: int, column: IntEnum, values: list[Any], known: Mapping[str, Any], reason: Reason
    ) -> Any:
        """What a cell's word stands for, whatever its capitals."""
        value = values[column]
        if value is None:
            return None
        try:
            return known[value]
        except KeyError:
            try:
                return known[value.casefold()]
            except KeyError:
                self._problems.add(row, column, reason)
                return None

    def _judged(
        self,
        row: int,
        column: IntEnum,
        values: list[Any],
        judge: Callable[[str], str | None],
        reason: Reason,
    ) -> str | None:
        """What the judge makes of a cell that is not empty; an empty one stays so."""
        value: str | None = values[column]
        if value:
            value = judge(value)
            if value is None:
                self._problems.add(row, column, reason)
        return value


@lru_cache(maxsize=10_000)
def read_date(written: str) -> str | None:
    """The day in a cell, written 2024-05-31 or 31.5.2024; None if it is no such day."""
    for pattern, order in ((_ISO_DATE, (1, 2, 3)), (_FINNISH_DATE, (3, 2, 1))):
        match = pattern.fullmatch(written)
        if match:
            with suppress(ValueError):
                return date(*(int(match[part]) for part in order)).isoformat()
    return None
