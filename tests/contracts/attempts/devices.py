"""Rules about products and devices."""

from uuid import uuid4

from contracts import services
from contracts.models import (
    Device,
    DeviceHandover,
    Return,
)
from tests.builders import a_company
from tests.contract_builders import (
    a_device,
    a_device_model,
    a_handover,
    a_service,
    an_order,
)
from tests.contracts.attempts.base import (
    EARLIER,
    LATER,
    LATEST,
    Attempt,
    breaks,
    insert,
    the_line,
    with_values,
)


@breaks
def product_stays_what_it_is() -> Attempt:
    product = a_service()
    return Attempt(
        lambda: services.save_product(product=with_values(product, kind="device")),
        [("UPDATE contracts_product SET kind = 'device' WHERE id = %s", [product.pk])],
    )


@breaks
def device_is_of_a_device_model() -> Attempt:
    device, service = a_device(), a_service()
    return Attempt(
        lambda: services.register_device(device=Device(serial_number="SN-X", product=service)),
        [("UPDATE contracts_device SET product_id = %s WHERE id = %s", [service.pk, device.pk])],
    )


@breaks
def device_is_in_one_place() -> Attempt:
    device, company, other = a_device(), a_company(), a_company("Toinen Oy")
    a_handover(device, company, came_back_on=LATEST)
    inside = DeviceHandover(
        device=device, customer=other, went_out_on=LATER, came_back_on=LATER, public_id=uuid4()
    )
    return Attempt(
        lambda: services.hand_out(device=device, customer=other, on=LATER),
        [insert(inside)],
    )


@breaks
def handover_follows_the_order() -> Attempt:
    product = a_device_model()
    order = an_order(a_company(), [product])
    line, device = the_line(order), a_device(product=product)
    there = a_handover(device, order.customer, order_line=line, came_back_on=LATEST)
    cancelled = services.cancel_order(
        order=an_order(order.customer, [product]), on=LATER, reason=Return.Reason.OTHER
    )
    on_cancelled = DeviceHandover(
        device=a_device(product=product),
        customer=order.customer,
        order_line=the_line(cancelled),
        went_out_on=LATER,
    )
    return Attempt(
        lambda: services.hand_out(
            device=a_device(product=product), customer=order.customer, on=EARLIER, order_line=line
        ),
        [
            (
                "UPDATE contracts_devicehandover SET went_out_on = %s WHERE id = %s",
                [EARLIER, there.pk],
            ),
            ("UPDATE contracts_order SET ordered_on = %s WHERE id = %s", [LATER, order.pk]),
            insert(on_cancelled),
        ],
    )
