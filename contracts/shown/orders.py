"""Orders with their lines and what came back of them, and offers that wait for an answer (S19)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contracts.models import Offer, OfferLine, Order, OrderLine, Return
from contracts.shown.viewing import Viewing
from customers.covering import address_lines
from customers.models import Customer
from customers.pages import Newest, first_of_each, grouped, newest_of

MOST_OFFERS = 5
LINES_OF_EACH = 8


@dataclass(frozen=True)
class ShownLine:
    """A line with what was cancelled or returned of it."""

    record: OfferLine | OrderLine
    returns: Sequence[Return] = ()


@dataclass(frozen=True)
class ShownOffer:
    """An offer with the first of its lines."""

    record: Offer
    customer: Customer
    lines: list[ShownLine]
    number_of_lines: int


@dataclass(frozen=True)
class ShownOrder:
    """An order with the first of its lines and where it goes, covered where it must be."""

    record: Order
    customer: Customer
    lines: list[ShownLine]
    number_of_lines: int
    delivery: tuple[str, ...]
    is_covered: bool


@dataclass(frozen=True)
class Orders:
    """A page of orders, newest first; the first page has the offers that wait."""

    viewing: Viewing
    offers: list[ShownOffer]
    orders: list[ShownOrder]
    page: Newest

    @property
    def are_covered(self) -> bool:
        """Whether something waits to be uncovered."""
        return any(one.is_covered for one in self.orders)


def orders_of(viewing: Viewing, *, per_page: int, before: str) -> Orders:
    """The orders after a position, newest first."""
    orders = Order.objects.visible_to(viewing.user).filter(customer__in=viewing.keys)
    orders = orders.select_related("ordered_by").newest_first()
    page = newest_of(orders, "ordered_on", before, per_page)
    lines = list(_lines(OrderLine.objects.visible_to(viewing.user), "order", page.rows))
    returns = Return.objects.visible_to(viewing.user).filter(order_line__in=lines)
    by_line = grouped(returns.newest_first(), "order_line_id")
    by_order = grouped(lines, "order_id")
    return Orders(
        viewing,
        _offers(viewing) if page.is_newest else [],
        [_shown(viewing, one, by_order.get(one.pk, []), by_line) for one in page.rows],
        page,
    )


def _lines(lines: Any, of: str, documents: Any) -> Any:
    rows = lines.filter(**{f"{of}__in": documents}).select_related("product")
    return first_of_each(rows, of, ["position"], LINES_OF_EACH)


def _shown(
    viewing: Viewing, order: Order, lines: list[Any], returns: dict[int, list[Return]]
) -> ShownOrder:
    customer = viewing.customer(order.customer_id)
    has_address = bool(order.delivery_street or order.delivery_city)
    is_covered = has_address and viewing.covers(customer)
    street = address_lines(
        order.delivery_street,
        order.delivery_postal_code,
        order.delivery_city,
        order.delivery_country,
        cover=is_covered,
    )
    return ShownOrder(
        order,
        customer,
        [ShownLine(line, returns.get(line.pk, ())) for line in lines],
        lines[0].total if lines else 0,
        (*filter(None, [order.delivery_name]), *street) if has_address else (),
        is_covered,
    )


def _offers(viewing: Viewing) -> list[ShownOffer]:
    offers = Offer.objects.visible_to(viewing.user).filter(customer__in=viewing.keys).waiting()
    found = list(offers.select_related("made_to").newest_first()[:MOST_OFFERS])
    lines = grouped(_lines(OfferLine.objects.visible_to(viewing.user), "offer", found), "offer_id")
    return [
        ShownOffer(
            one,
            viewing.customer(one.customer_id),
            [ShownLine(line) for line in lines[one.pk]],
            lines[one.pk][0].total,
        )
        for one in found
    ]
