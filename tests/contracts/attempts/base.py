"""How each rule over several rows is broken; the tests are in test_forbidden.py."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, models

from contracts.models import Order, OrderLine, Return
from tests.contract_builders import DAY

LATER, LATEST = DAY + timedelta(days=5), DAY + timedelta(days=10)
EARLIER = DAY - timedelta(days=5)


@dataclass(frozen=True)
class Attempt:
    """How a rule is broken: through a service, if one can be asked, and by each statement."""

    service: Callable[[], object] | None
    statements: list[tuple[str, list[Any]]]


ATTEMPTS: dict[str, Callable[[], Attempt]] = {}


def breaks(prepare: Callable[[], Attempt]) -> Callable[[], Attempt]:
    """The decorated function, named as the rule, prepares what breaks it."""
    ATTEMPTS[prepare.__name__] = prepare
    return prepare


def the_line(order: Order) -> OrderLine:
    return OrderLine.objects.get(order=order)


def taken_back(line: OrderLine, **more: Any) -> Return:
    """A cancellation of one piece on the day of the order, unless something else is said."""
    values = {"kind": "cancellation", "happened_on": DAY, "reason": "other", **more}
    return Return.objects.create(
        customer_id=line.order.customer_id, order_line=line, quantity=1, **values
    )


def insert(row: models.Model) -> tuple[str, list[Any]]:
    """The statement that inserts a row just as it is."""
    fields: list[Any] = [
        field
        for field in row._meta.concrete_fields
        if not (field.primary_key or field.generated or field.has_db_default())
    ]
    columns = ", ".join(field.column for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    return f"INSERT INTO {row._meta.db_table} ({columns}) VALUES ({marks})", values


def with_values(record: Any, **values: Any) -> Any:
    for name, value in values.items():
        setattr(record, name, value)
    return record
