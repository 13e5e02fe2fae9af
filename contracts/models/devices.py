"""Devices, and who has had each of them from when to when (S19)."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from contracts.models.orders import OrderLine
from contracts.models.products import Product
from contracts.querysets import DeviceHandoverQuerySet, DeviceQuerySet
from customers.models import Customer, Person
from customers.models.base import RegisterModel, ends_after_start, refuse_reversed
from customers.models.relationships import DateRange


class Device(RegisterModel):
    """One device with its serial number; it is about somebody only through its handovers."""

    product = models.ForeignKey(
        Product,
        models.PROTECT,
        related_name="+",
        verbose_name=_("device model"),
        help_text=_("Which device it is one of."),
    )
    serial_number = models.CharField(
        _("serial number"), max_length=64, unique=True, help_text=_("Given once; never changed.")
    )

    objects = DeviceQuerySet.as_manager()

    class Meta(RegisterModel.Meta):
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        default_permissions = ("add", "change", "view")
        constraints = [
            models.CheckConstraint(
                name="device_has_a_serial_number",
                condition=~models.Q(serial_number=""),
                violation_error_message=_("A device has a serial number."),
            ),
        ]

    @property
    def display_name(self) -> str:
        """The device's serial number."""
        return self.serial_number


class DeviceHandover(RegisterModel):
    """A device in a customer's hands, from the day it went out to the day it came back."""

    device = models.ForeignKey(
        Device,
        models.PROTECT,
        db_index=False,
        related_name="handovers",
        verbose_name=_("device"),
        help_text=_("Which device."),
    )
    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        db_index=False,
        related_name="devices",
        verbose_name=_("customer"),
        help_text=_("Which customer has it."),
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="devices",
        verbose_name=_("person"),
        help_text=_("Who has it, where it is one person's."),
    )
    order_line = models.ForeignKey(
        OrderLine,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="devices",
        verbose_name=_("order line"),
        help_text=_("The order line that it fulfilled, if any."),
    )
    went_out_on = models.DateField(_("went out"), help_text=_("The first day."))
    came_back_on = models.DateField(
        _("came back"), null=True, blank=True, help_text=_("The last day; empty while it is out.")
    )

    objects = DeviceHandoverQuerySet.as_manager()

    class Meta(RegisterModel.Meta):
        verbose_name = _("handover of a device")
        verbose_name_plural = _("handovers of devices")
        default_permissions = ("add", "change", "view")
        indexes = [
            models.Index(
                fields=["customer", "-went_out_on", "-id"], name="handover_newest_of_customer"
            ),
            models.Index(
                fields=["customer", "-came_back_on", "-id"],
                condition=models.Q(came_back_on__isnull=False),
                name="handover_ended_of_customer",
            ),
            models.Index(
                fields=["person", "-went_out_on", "-id"],
                condition=models.Q(person__isnull=False),
                name="handover_newest_of_person",
            ),
            models.Index(
                fields=["person", "-came_back_on", "-id"],
                condition=models.Q(person__isnull=False, came_back_on__isnull=False),
                name="handover_ended_of_person",
            ),
        ]
        constraints = [
            ExclusionConstraint(
                name="device_is_in_one_place",
                expressions=[
                    ("device", RangeOperators.EQUAL),
                    (
                        # It may go out again on the day it came back.
                        DateRange("went_out_on", "came_back_on", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("Somebody else has this device at that time."),
            ),
            models.UniqueConstraint(
                fields=["device"],
                condition=models.Q(came_back_on__isnull=True),
                name="device_is_out_once",
                violation_error_message=_("This device is out already: take it back first."),
            ),
            ends_after_start("handover_ends_after_start", "went_out_on", "came_back_on"),
        ]

    def clean(self) -> None:
        """Refuse a reversed period before it is compared with others."""
        refuse_reversed(self, "went_out_on", "came_back_on")
