"""Rules about orders, and what of them was cancelled or came back."""

from contracts import services
from contracts.models import (
    Order,
    Return,
)
from contracts.services import LineInput
from customers.models import Source
from tests.builders import a_company
from tests.contract_builders import (
    DAY,
    a_device,
    a_device_model,
    a_handover,
    a_service,
    an_offer,
    an_order,
)
from tests.contracts.attempts.base import (
    EARLIER,
    LATER,
    Attempt,
    breaks,
    taken_back,
    the_line,
    with_values,
)


@breaks
def order_has_an_accepted_offer() -> Attempt:
    service = a_service()
    offer = an_offer(a_company(), [service], sent_on=DAY)
    accepted = an_offer(offer.customer, [service], sent_on=DAY, accepted_on=LATER)
    order = an_order(offer.customer, [service], ordered_on=LATER, offer=accepted)
    return Attempt(
        lambda: services.place_order(
            order=Order(
                customer=offer.customer, offer=offer, ordered_on=LATER, source=Source.STAFF
            ),
            lines=[LineInput(service)],
        ),
        [
            ("UPDATE contracts_order SET offer_id = %s WHERE id = %s", [offer.pk, order.pk]),
            ("UPDATE contracts_order SET ordered_on = %s WHERE id = %s", [DAY, order.pk]),
        ],
    )


@breaks
def order_line_is_not_delivered() -> Attempt:
    product = a_device_model()
    delivered = an_order(a_company(), [product], delivered_on=LATER)
    line, open_order = the_line(delivered), an_order(delivered.customer, [a_device_model()])
    return Attempt(
        lambda: services.save_order(order=delivered, lines=[LineInput(product, 2)]),
        [
            ("UPDATE contracts_orderline SET quantity = 2 WHERE id = %s", [line.pk]),
            ("DELETE FROM contracts_orderline WHERE id = %s", [line.pk]),
            (
                "UPDATE contracts_orderline SET order_id = %s, position = 2 WHERE order_id = %s",
                [delivered.pk, open_order.pk],
            ),
        ],
    )


@breaks
def order_line_is_not_taken_back() -> Attempt:
    product = a_device_model()
    order = an_order(a_company(), [product], quantity=3)
    with_device = an_order(order.customer, [product])
    taken_back(the_line(order))
    a_handover(a_device(product=product), order.customer, order_line=the_line(with_device))
    return Attempt(
        lambda: services.save_order(order=order, lines=[LineInput(product, 2)]),
        [
            ("UPDATE contracts_orderline SET quantity = 2 WHERE order_id = %s", [order.pk]),
            ("UPDATE contracts_orderline SET unit_price = 1 WHERE order_id = %s", [order.pk]),
            ("UPDATE contracts_orderline SET quantity = 2 WHERE order_id = %s", [with_device.pk]),
        ],
    )


@breaks
def order_stays_cancelled() -> Attempt:
    product = a_device_model()
    order = services.cancel_order(
        order=an_order(a_company(), [product]), on=LATER, reason=Return.Reason.OTHER
    )
    return Attempt(
        lambda: services.save_order(
            order=with_values(order, cancelled_on=None), lines=[LineInput(product)]
        ),
        [("UPDATE contracts_order SET cancelled_on = NULL WHERE id = %s", [order.pk])],
    )


@breaks
def cancelled_order_has_no_device_out() -> Attempt:
    product = a_device_model()
    order = an_order(a_company(), [product])
    a_handover(a_device(product=product), order.customer, order_line=the_line(order))
    return Attempt(
        lambda: services.cancel_order(order=order, on=LATER, reason=Return.Reason.LATE),
        [("UPDATE contracts_order SET cancelled_on = %s WHERE id = %s", [LATER, order.pk])],
    )


@breaks
def return_follows_the_order() -> Attempt:
    order = an_order(a_company(), [a_device_model()], quantity=2)
    line = the_line(order)
    back = taken_back(line)
    return Attempt(
        lambda: services.take_back(
            order_line=line, kind="cancellation", quantity=1, on=EARLIER, reason="other"
        ),
        [
            ("UPDATE contracts_return SET happened_on = %s WHERE id = %s", [EARLIER, back.pk]),
            ("UPDATE contracts_order SET ordered_on = %s WHERE id = %s", [LATER, order.pk]),
        ],
    )


@breaks
def return_follows_delivery() -> Attempt:
    line = the_line(an_order(a_company(), [a_device_model()]))
    delivered = an_order(a_company(), [a_device_model()], delivered_on=LATER)
    back = taken_back(the_line(delivered), kind="return", happened_on=LATER)
    return Attempt(
        lambda: services.take_back(
            order_line=line, kind="return", quantity=1, on=LATER, reason="faulty"
        ),
        [("UPDATE contracts_return SET happened_on = %s WHERE id = %s", [DAY, back.pk])],
    )


@breaks
def cancellation_precedes_delivery() -> Attempt:
    line = the_line(an_order(a_company(), [a_device_model()], delivered_on=LATER))
    returned = taken_back(line, kind="return", happened_on=LATER)
    return Attempt(
        lambda: services.take_back(
            order_line=line, kind="cancellation", quantity=1, on=LATER, reason="other"
        ),
        [("UPDATE contracts_return SET kind = 'cancellation' WHERE id = %s", [returned.pk])],
    )


@breaks
def return_is_of_what_was_ordered() -> Attempt:
    line = the_line(an_order(a_company(), [a_device_model()], quantity=2))
    back = taken_back(line)
    return Attempt(
        lambda: services.take_back(
            order_line=line, kind="cancellation", quantity=2, on=DAY, reason="other"
        ),
        [("UPDATE contracts_return SET quantity = 3 WHERE id = %s", [back.pk])],
    )


@breaks
def delivery_fits_what_came_back() -> Attempt:
    product = a_device_model()
    order = an_order(a_company(), [product], delivered_on=DAY)
    taken_back(the_line(order), kind="return", happened_on=DAY)
    cancelled = an_order(a_company(), [product], quantity=2)
    taken_back(the_line(cancelled), happened_on=LATER)
    return Attempt(
        lambda: services.save_order(
            order=with_values(order, delivered_on=LATER), lines=[LineInput(product)]
        ),
        [
            ("UPDATE contracts_order SET delivered_on = %s WHERE id = %s", [LATER, order.pk]),
            ("UPDATE contracts_order SET delivered_on = NULL WHERE id = %s", [order.pk]),
            ("UPDATE contracts_order SET delivered_on = %s WHERE id = %s", [DAY, cancelled.pk]),
        ],
    )
