"""Devices: known by their serial numbers, handed out, and taken back."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from contracts.models import Device, DeviceHandover, OrderLine
from contracts.services.errors import refuse_future
from contracts.services.saving import kept, saved, to_change
from customers.models import Customer, Person


@transaction.atomic
def register_device(*, device: Device) -> Device:
    """Save a device, new or corrected; its serial number is given once."""
    return saved(device)


@transaction.atomic
def hand_out(
    *,
    device: Device,
    customer: Customer,
    on: date,
    person: Person | None = None,
    order_line: OrderLine | None = None,
) -> DeviceHandover:
    """Hand a device out to a customer, or to one of its people."""
    refuse_future(on=on)
    return kept(
        DeviceHandover(
            device=to_change(device),
            customer=customer,
            person=person,
            order_line=order_line,
            went_out_on=on,
        )
    )


@transaction.atomic
def take_device_back(*, handover: DeviceHandover, on: date) -> DeviceHandover:
    """Take a device back; from then on it can go out again."""
    refuse_future(on=on)
    handover = to_change(handover)
    if handover.came_back_on is not None:
        raise ValidationError(_("This device has come back already."))
    handover.came_back_on = on
    return kept(handover)
