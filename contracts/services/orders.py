"""Orders: placed, delivered, cancelled, and what of them was cancelled or came back."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_UP, Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from contracts.models import Charged, Order, OrderLine, Return
from contracts.models.base import CENT
from contracts.services.errors import refuse_future
from contracts.services.lines import LineInput, write_lines
from contracts.services.saving import kept, refuse_elsewhere, saved, to_change
from customers.models import Address


@transaction.atomic
def place_order(
    *, order: Order, lines: Sequence[LineInput], delivery_address: Address | None = None
) -> Order:
    """Place an order; the delivery address is copied as it is today."""
    order = start_order(order, delivery_address)
    return _with_lines(order, lines)


@transaction.atomic
def save_order(*, order: Order, lines: Sequence[LineInput]) -> Order:
    """Save an order with its lines; they stay once it is delivered or cancelled."""
    refuse_future(ordered_on=order.ordered_on)
    return _with_lines(saved(order), lines)


def start_order(order: Order, delivery_address: Address | None) -> Order:
    """Save a new order that has no lines yet."""
    refuse_future(ordered_on=order.ordered_on)
    if delivery_address is not None:
        customer = order.customer
        refuse_elsewhere("delivery_address", delivery_address, customer, order.ordered_by)
        owner = customer.owner
        order.delivery_name = customer.company_name or (owner.display_name if owner else "")
        order.delivery_street = delivery_address.street
        order.delivery_postal_code = delivery_address.postal_code
        order.delivery_city = delivery_address.city
        order.delivery_country = delivery_address.country
    return kept(order)


def _with_lines(order: Order, lines: Sequence[LineInput]) -> Order:
    if not lines:
        raise ValidationError(_("An order has at least one line."))
    write_lines(order, lines, day=order.ordered_on, is_open=order.state == Order.State.ORDERED)
    order.refresh_from_db()
    return order


@transaction.atomic
def deliver_order(*, order: Order, on: date) -> Order:
    """Note that what was not cancelled of an order was delivered."""
    refuse_future(on=on)
    order = to_change(order)
    if order.state != Order.State.ORDERED:
        raise ValidationError(_("The order has been delivered or cancelled already."))
    if not any(left for _line, left in _left(order)):
        raise ValidationError(_("Nothing of the order is left to be delivered."))
    order.delivered_on = on
    return kept(order)


@transaction.atomic
def cancel_order(*, order: Order, on: date, reason: str) -> Order:
    """Cancel a whole order: whatever of it is left, line by line, and then the order itself."""
    refuse_future(on=on)
    order = to_change(order)
    if order.state != Order.State.ORDERED:
        raise ValidationError(_("The order has been delivered or cancelled already."))
    for line, left in _left(order):
        if left:
            kept(
                Return(
                    customer=order.customer,
                    order_line=line,
                    kind=Return.Kind.CANCELLATION,
                    quantity=left,
                    happened_on=on,
                    reason=reason,
                )
            )
    order.cancelled_on = on
    return kept(order)


@transaction.atomic
def take_back(
    *,
    order_line: OrderLine,
    kind: str,
    quantity: int,
    on: date,
    reason: str,
    refund: Decimal = Decimal(0),
) -> Return:
    """Cancel some of a line before it is delivered, or take it back after."""
    refuse_future(on=on)
    order = to_change(order_line.order)
    line = OrderLine.objects.get(pk=order_line.pk)
    if line.charged == Charged.ONCE:
        most = (line.gross * quantity / line.quantity).quantize(CENT, rounding=ROUND_UP)
        if refund > most:
            raise ValidationError({"refund": _("This is more than was paid for it.")})
    return kept(
        Return(
            customer=order.customer,
            order_line=line,
            kind=kind,
            quantity=quantity,
            happened_on=on,
            reason=reason,
            refund=refund,
        )
    )


def _left(order: Order) -> list[tuple[OrderLine, int]]:
    """Each line of an order, with how many of it were neither cancelled nor returned."""
    lines = OrderLine.objects.filter(order=order).prefetch_related("returns").in_order()
    return [
        (line, line.quantity - sum(one.quantity for one in line.returns.all())) for line in lines
    ]
