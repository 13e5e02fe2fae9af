"""The figures that are derived of customers, as the card and the customer page show them (S25)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from accounts.models import User
from audit.sql import recorded_sql
from contracts.summaries import FIGURES, Figure
from customers.models import Customer
from datamap.vocabulary import Category


@dataclass(frozen=True)
class ShownFigure:
    """One figure, with where it comes from."""

    name: str
    figure: Figure
    value: Any

    @property
    def is_money(self) -> bool:
        return isinstance(self.value, Decimal)

    @property
    def is_time(self) -> bool:
        return isinstance(self.value, datetime)


@dataclass(frozen=True)
class ShownFigures:
    """The figures of one customer, and when they were true."""

    customer: Customer
    figures: list[ShownFigure]
    currency: str
    computed_at: datetime

    def __iter__(self) -> Iterator[ShownFigure]:
        return iter(self.figures)


def figures_of(customers: Sequence[Customer], user: User) -> list[ShownFigures]:
    """The figures of those customers that have any, in one statement.

    One more, to find out whose they are, would cost the card as much again: this one returns the
    owners with the figures.
    """
    if not customers or not user.has_perm("contracts.view_customersummary"):
        return []
    rows = recorded_sql(
        f"""
        SELECT s.customer_id, {", ".join(f"s.{name}" for name in FIGURES)}, s.currency,
               s.computed_at, p.public_id AS subject
        FROM contracts_customersummary s
        JOIN customers_customer c ON c.id = s.customer_id
        LEFT JOIN customers_person p ON p.id = c.owner_id
        WHERE s.customer_id = ANY(%(customers)s)
        """,
        {"customers": [one.pk for one in customers]},
        categories=[Category.DERIVED],
    )
    by_customer = {row["customer_id"]: row for row in rows}
    return [_shown(one, by_customer[one.pk]) for one in customers if one.pk in by_customer]


def _shown(customer: Customer, row: dict[str, Any]) -> ShownFigures:
    figures = [ShownFigure(name, figure, row[name]) for name, figure in FIGURES.items()]
    return ShownFigures(customer, figures, row["currency"], row["computed_at"])
