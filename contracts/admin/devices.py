"""Devices on the desk, and who has had each of them."""

from typing import Any

from django.contrib.admin import display
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.register_admin import Step, staff_of
from accounts.register_forms import RegisterForm
from accounts.register_parts import Part
from contracts.admin.asking import DayForm, StepForm, day_field, saying
from contracts.admin.base import (
    CUSTOMER,
    DEVICE,
    TIMES,
    ContractsAdmin,
    link_to,
    narrowed,
    person_columns,
    sold_now,
    today,
)
from contracts.models import Device, DeviceHandover, Product
from contracts.services import hand_out, register_device, take_device_back
from customers.lookup import FoundKeys
from customers.models import Customer, Person


class DeviceForm(RegisterForm):
    """A device of one of the models that are sold."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = [self.instance.product] if self.instance.pk else []
        product: Any = self.fields["product"]
        product.offer(sold_now(Product.Kind.DEVICE, also=kept))


class HandOutForm(StepForm):
    """To whom, and on which day."""

    on = day_field(_("went out"), initial=today)

    def prepare(self, admin: Any, request: HttpRequest) -> None:
        for name, model in (("customer", Customer), ("person", Person)):
            like = DeviceHandover._meta.get_field(name)
            self.fields[name] = admin.choosing(request, model, like)
        self.order_fields(["customer", "person"])


_OUT = DeviceHandover.objects.filter(device=OuterRef("pk")).out()
_HAND_OUT = Step("hand-out", _("Hand out"), HandOutForm)
_TAKE_BACK = Step("take-back", _("Take back"), DayForm.of(_("came back")))


class DeviceAdmin(ContractsAdmin):
    """Devices by their serial numbers, and which customer has each of them now."""

    form = DeviceForm
    list_display = ("serial_number", "product", "holder", "created_at")
    list_select_related = ("product",)
    reads = (
        *("public_id", "serial_number", "created_at", "product"),
        *(f"product__name_{language}" for language in ("fi", "sv", "en")),
    )
    loads = ("product",)
    fields = ("serial_number", "product")
    fixed = ("serial_number",)
    told = ("holder", *TIMES)
    belongs_to = {}
    own_number = "serial_number"
    steps = (_HAND_OUT,)
    narrow_by = (
        narrowed(
            "state",
            _("State"),
            ("out", _("With a customer"), lambda: Q(Exists(_OUT))),
            ("in", _("In stock"), lambda: ~Q(Exists(_OUT))),
        ),
    )
    parts = (
        Part(
            DeviceHandover,
            "device",
            ("customer", "person", "went_out_on", "came_back_on"),
            ("device", "went_out_on", "came_back_on", *CUSTOMER, *person_columns("person")),
            ("customer", "person"),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        out = DeviceHandover.objects.visible_to(staff_of(request)).out().select_related("customer")
        return (
            super()
            .get_queryset(request)
            .prefetch_related(Prefetch("handovers", out, to_attr="out_now"))
        )

    def matching(self, keys: FoundKeys) -> Q:
        """What the customers and persons that were found have, or had."""
        whose = Q(customer__in=self.customers_of(keys)) | Q(person__in=keys.persons)
        return Q(pk__in=DeviceHandover.objects.filter(whose).values("device"))

    def label(self, record: Device) -> str:
        return record.serial_number

    def show_product(self, request: HttpRequest, record: Device) -> str:
        return record.product.display_name

    @display(description=_("with whom"))
    def holder(self, record: Any) -> SafeString | str:
        if not record.out_now:
            return _now("In stock")
        customer = record.out_now[0].customer
        return link_to(customer, f"{customer.company_name} {customer.number}".strip())

    def create(self, request: HttpRequest, form: Any) -> Device:
        return saying(lambda: register_device(device=form.instance))

    update = create

    def possible(self, record: Any) -> list[Step]:
        return [] if record.out_now else [_HAND_OUT]

    def do_hand_out(self, request: HttpRequest, record: Device, form: Any) -> DeviceHandover:
        return saying(lambda: hand_out(device=record, **form.cleaned_data))


class DeviceHandoverAdmin(ContractsAdmin):
    """Who has had which device; a handover is made on the device's page or the order's."""

    list_display = ("device", "customer", "person", "went_out_on", "came_back_on")
    list_select_related = ("device", "customer", "person")
    reads = (
        *("public_id", "went_out_on", "came_back_on", *DEVICE, *CUSTOMER),
        *person_columns("person"),
    )
    loads = ("device__product", "customer__owner", "person", "order_line__order")
    fields = ("customer", "person", "went_out_on", "came_back_on")
    fixed = fields
    told = ("device_model", "order", *TIMES)
    can_be_added = False
    belongs_to = {"customer": "customer", "person": "person", "device": "device"}
    steps = (_TAKE_BACK,)
    narrow_by = (
        narrowed(
            "state",
            _("State"),
            ("out", _("With a customer"), lambda: Q(came_back_on__isnull=True)),
            ("back", pgettext_lazy("device", "Came back"), lambda: Q(came_back_on__isnull=False)),
        ),
    )

    def label(self, record: DeviceHandover) -> str:
        return record.device.serial_number

    def show_device(self, request: HttpRequest, record: DeviceHandover) -> str:
        return record.device.serial_number

    @display(description=_("device"))
    def device_model(self, record: DeviceHandover) -> SafeString | str:
        return link_to(record.device, record.device.product.display_name)

    @display(description=_("order"))
    def order(self, record: DeviceHandover) -> SafeString | str:
        if record.order_line is None:
            return ""
        return link_to(record.order_line.order, record.order_line.order.number)

    def possible(self, record: DeviceHandover) -> list[Step]:
        return [] if record.came_back_on else [_TAKE_BACK]

    def do_take_back(self, request: HttpRequest, record: DeviceHandover, form: Any) -> Any:
        return saying(lambda: take_device_back(handover=record, on=form.cleaned_data["on"]))
