"""What belongs to a record and is shown on its own page, such as the services of a contract."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.http import urlencode

from accounts.register_list_pages import RegisterList, unlinked

MOST_OF_A_PART = 20


@dataclass(frozen=True)
class Part:
    """Records of another kind that lead to this one by `path`: a few of them, the newest first.

    They are shown as their own list shows them, to whoever may see that kind.
    """

    model: type[models.Model]
    path: str
    columns: tuple[str, ...]
    reads: tuple[str, ...]
    related: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableRow:
    """A row to read: its cells, and the address of its record if it has one."""

    cells: Sequence[Any]
    url: str = ""


@dataclass(frozen=True)
class Table:
    """A table to read on a record's page."""

    label: str | Promise
    headings: Sequence[str | Promise]
    rows: Sequence[TableRow]
    totals: Sequence[tuple[str | Promise, str]] = ()
    all_url: str = ""
    add_url: str = ""


def _cells(cells: Sequence[Any]) -> list[Any]:
    """The cells of a row, the first of which leads to its record."""
    first, *others = cells
    return [unlinked(first), *others]


class RegisterParts(RegisterList):
    """The tables on a record's page."""

    def tables(self, request: HttpRequest, record: Any, *, in_form: bool) -> list[Table]:
        """What is shown of a record below its fields, or below the form with them."""
        registered: Any = self.admin_site._registry
        tables = [
            registered[part.model].table_of(request, part, self.opts.model_name, record)
            for part in self.parts
            if registered[part.model].has_view_permission(request)
        ]
        return [table for table in tables if table.rows or table.add_url]

    def table_of(self, request: HttpRequest, part: Part, name: str, record: Any) -> Table:
        """Those of this kind that belong to a record of another, whose narrowing is `name`."""
        found = self.get_queryset(request).filter(**{part.path: record}).order_by("-pk")
        rows = list(
            found.select_related(*part.related).only("public_id", *part.reads)[: MOST_OF_A_PART + 1]
        )
        query = urlencode({name: str(record.public_id)})
        is_narrowed = name in self.belongs_to
        may_add = self.begins_with == name and self.has_add_permission(request)
        shown, tellers = rows[:MOST_OF_A_PART], [self._teller(request, n) for n in part.columns]
        return Table(
            label=str(self.opts.verbose_name_plural),
            headings=[self._label_of(column) for column in part.columns],
            rows=[
                TableRow(_cells([tell(row) for tell in tellers]), self.address("change", row))
                for row in shown
            ],
            all_url=f"{self.address('changelist')}?{query}"
            if is_narrowed and len(rows) > MOST_OF_A_PART
            else "",
            add_url=f"{self.address('add')}?{query}"
            if may_add and not self.why_not_begin(request, record)
            else "",
        )
