"""The lines of a document in its own form: a table with a row for each, added up by the server.

The lines are one field, whose value is the list of rows as typed. So a conflict, a form sent
twice and a mistake are met as in any other field, and nothing typed is lost.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.register_forms import shown

MOST_LINES = 200
_BLANK_LINES = 3

Row = dict[str, str]


@dataclass(frozen=True)
class Reckoned:
    """What the server adds to the rows: further cells for each, and sums below them."""

    rows: Sequence[Sequence[str]]
    totals: Sequence[tuple[str | Promise, str]] = ()


@dataclass(frozen=True)
class LineKind:
    """One kind of lines: the form of a row, what it means, and what the server adds up of them.

    `means` tells whether two rows say the same, however they are written.
    """

    row: Callable[..., forms.Form]
    means: Callable[[Mapping[str, Any]], Any]
    reckon: Callable[[Sequence[Mapping[str, Any] | None]], Reckoned]
    columns: Sequence[str | Promise]


@dataclass(frozen=True)
class Line:
    """A row of the table: its cells to type in, and the sums that the server fills in."""

    number: int
    form: forms.Form
    sums: Sequence[tuple[str | Promise, str]]
    is_blank: bool = False
    is_first_blank: bool = False

    @property
    def texts(self) -> list[str]:
        """What is typed in the cells, to read."""
        cells = [self.form[name] for name in self.form.fields]
        return [shown(cell.value(), getattr(cell.field, "choices", None)) for cell in cells]


@dataclass(frozen=True)
class LineTable:
    """The table as a page shows it."""

    headings: Sequence[str | Promise]
    sum_headings: Sequence[str | Promise]
    lines: list[Line]
    totals: Sequence[tuple[str | Promise, str]]


class LinesWidget(forms.Widget):
    """Rows out of what was sent, without the one whose button was pressed (`do=remove-N`).

    Empty rows at the end are none; one between others keeps its place.
    """

    blank: Row

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Row]:
        rows: dict[int, Row] = {}
        for key in data:
            cell = re.fullmatch(rf"{re.escape(name)}-(\d{{1,3}})-(\w+)", key)
            if cell and cell[2] in self.blank:
                rows.setdefault(int(cell[1]), {**self.blank})[cell[2]] = data[key].strip()
        rows.pop(_taken_away(data.get("do", "")), None)
        found = [rows[number] for number in sorted(rows)][:MOST_LINES]
        while found and found[-1] == self.blank:
            found.pop()
        return found


def _taken_away(pressed: str) -> int:
    found = re.fullmatch(r"remove-(\d{1,3})", pressed)
    return int(found[1]) if found else -1


class LinesField(forms.Field):
    """The lines of a document; cleaned, each is a mapping of the values in its row."""

    widget = LinesWidget

    def __init__(self, *, kind: LineKind, **kwargs: Any) -> None:
        super().__init__(**{"required": False, **kwargs})
        self.kind = kind
        self.refused: dict[int, ValidationError] = {}
        self.blank_row = kind.row()
        self._blank: Row = {
            name: str(one.initial if one.initial is not None else "")
            for name, one in self.blank_row.fields.items()
        }
        widget: Any = self.widget
        widget.blank = self._blank

    def clean(self, value: Any) -> list[dict[str, Any]]:
        rows = [self._row(number, row) for number, row in enumerate(self._filled(value))]
        if not all(row.is_valid() for row in rows):
            raise ValidationError(_("Look through the lines: something is missing or wrong."))
        return [row.cleaned_data for row in rows]

    def refuse(self, number: int, errors: ValidationError) -> None:
        """Say beside the cells of a row, as it was cleaned, what a service holds against them."""
        self.refused[number] = errors

    def has_changed(self, initial: Any, data: Any) -> bool:
        before, after = ([self._meant(row) for row in self._filled(v)] for v in (initial, data))
        return before != after

    def table(self, name: str, value: Any) -> LineTable:
        """The rows as typed and a few empty ones, each added up as far as it can be."""
        typed: list[Row] = list(value or [])
        typed += [self._blank] * min(_BLANK_LINES, MOST_LINES - len(typed))
        rows = [
            self._row(number, None if row == self._blank else row, name)
            for number, row in enumerate(typed)
        ]
        filled = [row for row in rows if row.is_bound]
        for number, errors in self.refused.items():
            row = filled[number]
            row.full_clean()
            for cell, messages in getattr(errors, "error_dict", {None: errors}).items():
                row.add_error(cell if cell in row.fields else None, messages)
        added = self.kind.reckon([row.cleaned_data if row.is_valid() else None for row in rows])
        blanks = [number for number, row in enumerate(rows) if not row.is_bound]
        columns = self.kind.columns
        lines = [
            Line(
                number,
                row,
                list(zip(columns, sums, strict=True)),
                not row.is_bound,
                [number] == blanks[:1],
            )
            for number, (row, sums) in enumerate(zip(rows, added.rows, strict=True))
        ]
        headings = [one.label or "" for one in self.blank_row.fields.values()]
        return LineTable(headings, columns, lines, added.totals)

    def _filled(self, rows: Sequence[Row] | None) -> list[Row]:
        return [row for row in rows or [] if row != self._blank]

    def _row(self, number: int, row: Row | None, name: str = "line") -> forms.Form:
        prefix = f"{name}-{number}"
        if row is None:
            return self.kind.row(prefix=prefix)
        return self.kind.row(
            {f"{prefix}-{cell}": typed for cell, typed in row.items()}, prefix=prefix
        )

    def _meant(self, row: Row) -> Any:
        form = self._row(0, row)
        return self.kind.means(form.cleaned_data) if form.is_valid() else row
