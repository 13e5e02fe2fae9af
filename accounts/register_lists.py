"""Lists of the staff's desk: narrowed, searched, and read one page at a time from any place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import F, Q, Window
from django.db.models.functions import Lead
from django.utils.functional import Promise

from accounts.models import User
from audit.gate import RecordedQuerySet

ROWS_PER_PAGE = 50

Condition = Callable[[User], Q]


@dataclass(frozen=True)
class Narrowing:
    """One way to narrow a list: its name in the address, and the choices with their conditions."""

    name: str
    label: str | Promise
    choices: tuple[tuple[str, str | Promise, Condition], ...]

    def condition(self, value: str | None, user: User) -> Q:
        """What a value in the address asks for; an unknown one does not narrow."""
        return next((make(user) for name, _label, make in self.choices if name == value), Q())


def by_choice(model: type[models.Model], name: str) -> Narrowing:
    """Narrow by a field with choices."""
    field: Any = model._meta.get_field(name)
    return Narrowing(
        name,
        field.verbose_name,
        tuple((value, label, _equals(name, value)) for value, label in field.choices),
    )


def _equals(name: str, value: Any) -> Condition:
    return lambda user: Q(**{name: value})


@dataclass(frozen=True)
class Search:
    """What a search term asks of a list: a condition, or a word on why it finds nothing."""

    condition: Q | None
    more: bool = False
    too_short: bool = False


@dataclass(frozen=True)
class ListPage:
    """The rows of a page, and the public ID after which the next one begins."""

    rows: list[Any]
    after: UUID | None


def read_page(
    queryset: Any, after: UUID | None, only: Sequence[str], related: Sequence[str], ordering: str
) -> ListPage:
    """Read one page in the order of a unique column; any page costs the same, nothing is counted.

    Only what is shown is read; of the row behind the page nothing but that there is one.
    """
    name, descending = ordering.removeprefix("-"), ordering.startswith("-")
    found = queryset.order_by(ordering)
    if after is not None:
        start = _values(queryset.model._default_manager.filter(public_id=after), name).first()
        if start is not None:
            found = found.filter(**{f"{name}__{'lt' if descending else 'gt'}": start})
    order = F(name).desc() if descending else F(name).asc()
    found = found.annotate(behind=Window(Lead(name), order_by=order))
    rows = list(found.select_related(*related).only(*only)[:ROWS_PER_PAGE])
    has_more = bool(rows) and rows[-1].behind is not None
    return ListPage(rows, rows[-1].public_id if has_more else None)


def as_uuid(text: str | None) -> UUID | None:
    """The UUID that an address names; rubbish names none."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _values(queryset: Any, name: str) -> Any:
    if name == "pk" and isinstance(queryset, RecordedQuerySet):
        return queryset.keys_only()
    return queryset.values_list(name, flat=True)
