"""Orders on the desk: placed with their lines, delivered, cancelled, taken back line by line."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db.models import Prefetch, Q
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.register_admin import Step
from accounts.register_forms import OneOfField
from accounts.register_parts import Part, Table
from contracts.admin.asking import DayForm, StepForm, day_field, saying
from contracts.admin.base import (
    CUSTOMER,
    DEVICE,
    SOURCE,
    TIMES,
    ContractsAdmin,
    link_to,
    narrowed,
    person_columns,
    today,
)
from contracts.admin.lines import DocumentForm, lines_table, version_with_lines
from contracts.admin.returns import LINE_COLUMNS
from contracts.models import Device, DeviceHandover, Order, OrderLine, Product, Return
from contracts.rules import SENTENCES
from contracts.services import (
    cancel_order,
    deliver_order,
    hand_out,
    place_order,
    save_order,
    take_back,
)
from customers.admin import person_link
from customers.covering import COVER
from customers.models import Address, Customer, Person

_GOES_TO: dict[str, int] = {
    Address.Kind.DELIVERY: 0,
    Address.Kind.VISITING: 1,
    Address.Kind.USAGE: 2,
    Address.Kind.POSTAL: 3,
}
_DELIVERY = ("delivery_street", "delivery_postal_code", "delivery_city", "delivery_country")


class CancelForm(StepForm):
    """Why, and on which day."""

    on = day_field(_("cancelled"), initial=today)
    reason = forms.ChoiceField(label=_("reason"), choices=Return.Reason.choices)


class LineOfOrder(OneOfField):
    """A line of an order, by its place: it has no public ID."""

    @staticmethod
    def key_of(record: Any) -> str:
        return str(record.position)


class TakeBackForm(StepForm):
    """What of which line was cancelled or came back, when and why, and what is paid back."""

    kind = forms.ChoiceField(label=_("kind"), choices=Return.Kind.choices)
    quantity = forms.IntegerField(label=_("quantity"), initial=1, min_value=1)
    on = day_field(_("day"), initial=today)
    reason = forms.ChoiceField(label=_("reason"), choices=Return.Reason.choices)
    refund = forms.DecimalField(
        label=_("refund"),
        localize=True,
        initial=Decimal(0),
        max_digits=12,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0))],
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("What is paid back, with VAT."),
    )

    def prepare(self, admin: Any, request: HttpRequest) -> None:
        order: Order = self.record
        self.fields["order_line"] = LineOfOrder(
            label=_("order line"),
            records=[line for line in order.lines.all() if left_of(line)],
            label_of=lambda line: f"{left_of(line)} × {line.product.display_name}",
            help_text=_("With how many of it were neither cancelled nor returned."),
        )
        self.order_fields(["order_line"])
        kind = Return.Kind.RETURN if order.delivered_on else Return.Kind.CANCELLATION
        self.initial.setdefault("kind", kind)


class HandOutForm(StepForm):
    """Which device goes out for which line of an order, to whom, and on which day."""

    serial_number = forms.CharField(
        label=_("serial number"),
        max_length=64,
        help_text=_("As it stands on the device."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    on = day_field(_("went out"), initial=today)

    def prepare(self, admin: Any, request: HttpRequest) -> None:
        order: Order = self.record
        self.fields["order_line"] = LineOfOrder(
            label=_("order line"),
            records=device_lines(order),
            label_of=lambda line: f"{line.quantity} × {line.product.display_name}",
        )
        like = DeviceHandover._meta.get_field("person")
        self.fields["person"] = admin.choosing(request, Person, like)
        self.order_fields(["serial_number", "order_line", "person"])

    def clean_serial_number(self) -> str:
        written: str = self.cleaned_data["serial_number"]
        device = Device.objects.filter(serial_number__in={written, written.upper()}).first()
        if device is None:
            raise ValidationError(_now("No device has this serial number."))
        self.cleaned_data["device"] = device
        return written


def device_lines(order: Order) -> list[OrderLine]:
    """The lines of an order for which devices go out."""
    return [line for line in order.lines.all() if line.product.kind == Product.Kind.DEVICE]


def left_of(line: OrderLine) -> int:
    """How many of a line were neither cancelled nor returned."""
    return line.quantity - sum(one.quantity for one in line.returns.all())


_DELIVER = Step("deliver", _("Mark as delivered"), DayForm.of(_("delivered")))
_HAND_OUT = Step("hand-out", _("Hand out a device"), HandOutForm)
_CANCEL = Step("cancel", _("Cancel the order"), CancelForm)
_TAKE_BACK = Step("take-back", _("Cancel or return a line"), TakeBackForm)


class OrderAdmin(ContractsAdmin):
    """What customers ordered, with the delivery address as it was on that day."""

    form = DocumentForm
    list_display = (
        *("number", "state", "customer", "ordered_by", "ordered_on", "delivered_on"),
        *("once_net", "monthly_net"),
    )
    list_select_related = ("customer", "ordered_by")
    reads = (
        *("public_id", "number", "ordered_on", "delivered_on", "cancelled_on"),
        *("once_net", "monthly_net", "currency", *CUSTOMER, *person_columns("ordered_by")),
    )
    loads = ("customer__owner", "ordered_by", "offer", "contract")
    fields = ("customer", "ordered_by", "ordered_on", "delivery_name", *_DELIVERY, *SOURCE)
    fixed = ("customer",)
    told = ("state", "delivered_on", "cancelled_on", "offer", "contract", *TIMES)
    belongs_to = {
        "customer": "customer",
        "person": "ordered_by",
        "contract": "contract",
        "offer": "offer",
    }
    begins_with = "customer"
    own_number = "number"
    amounts = ("once_net", "monthly_net")
    steps = (_DELIVER, _HAND_OUT, _TAKE_BACK, _CANCEL)
    narrow_by = (
        narrowed(
            "state",
            _("State"),
            (
                "open",
                pgettext_lazy("order", "Ordered"),
                lambda: Q(delivered_on__isnull=True, cancelled_on__isnull=True),
            ),
            (
                "delivered",
                pgettext_lazy("order", "Delivered"),
                lambda: Q(delivered_on__isnull=False),
            ),
            (
                "cancelled",
                pgettext_lazy("order", "Cancelled"),
                lambda: Q(cancelled_on__isnull=False),
            ),
        ),
    )
    parts = (
        Part(
            Return,
            "order_line__order",
            ("happened_on", "kind", "product", "quantity", "reason", "refund"),
            ("happened_on", "kind", "quantity", "reason", "refund", "customer", *LINE_COLUMNS),
            ("order_line__product", "order_line__order"),
        ),
        Part(
            DeviceHandover,
            "order_line__order",
            ("device", "person", "went_out_on", "came_back_on"),
            ("device", "went_out_on", "came_back_on", *DEVICE, *person_columns("person")),
            ("device", "person"),
        ),
    )

    def records(self, request: HttpRequest) -> Any:
        lines = OrderLine.objects.in_order().select_related("product").prefetch_related("returns")
        return super().records(request).prefetch_related(Prefetch("lines", lines))

    def begun(self, request: HttpRequest, record: Customer) -> dict[str, Any]:
        """A new order goes where the customer's deliveries go."""
        found = Address.objects.filter(customer=record).in_force().in_force_first()
        where = min(found, key=lambda one: _GOES_TO.get(one.kind, len(_GOES_TO)), default=None)
        name = record.company_name or (record.owner.display_name if record.owner else "")
        return {
            "ordered_on": today(),
            "delivery_name": name if where else "",
            "delivery_street": where.street if where else "",
            "delivery_postal_code": where.postal_code if where else "",
            "delivery_city": where.city if where else "",
            "delivery_country": where.country if where else "FI",
        }

    def version(self, record: Order) -> str:
        returned = [
            (one.pk, one.quantity) for line in record.lines.all() for one in line.returns.all()
        ]
        return version_with_lines(record, str(returned))

    def closed(self, record: Order) -> str:
        is_open = record.state == Order.State.ORDERED
        return "" if is_open else str(SENTENCES["order_line_is_not_delivered"])

    def tables(self, request: HttpRequest, record: Order, *, in_form: bool) -> list[Table]:
        lines = [] if in_form else [lines_table(record)]
        return [*lines, *super().tables(request, record, in_form=in_form)]

    def show_ordered_by(self, request: HttpRequest, record: Order) -> SafeString | str:
        return person_link(request, record.ordered_by)

    def show_offer(self, request: HttpRequest, record: Order) -> SafeString | str:
        return link_to(record.offer, record.offer.number) if record.offer else ""

    def show_contract(self, request: HttpRequest, record: Order) -> SafeString | str:
        return link_to(record.contract, record.contract.number) if record.contract else ""

    def show_delivery_street(self, request: HttpRequest, record: Order) -> str:
        return COVER if self.covers(request, record) else record.delivery_street

    def show_delivery_name(self, request: HttpRequest, record: Order) -> str:
        return COVER if self.covers(request, record) else record.delivery_name

    def show_delivery_postal_code(self, request: HttpRequest, record: Order) -> str:
        return "" if self.covers(request, record) else record.delivery_postal_code

    def create(self, request: HttpRequest, form: Any) -> Order:
        order: Order = form.saved(
            lambda: saying(lambda: place_order(order=form.instance, lines=form.inputs()))
        )
        return order

    def update(self, request: HttpRequest, form: Any) -> Order:
        order: Order = form.saved(
            lambda: saying(lambda: save_order(order=form.instance, lines=form.inputs()))
        )
        return order

    def possible(self, record: Order) -> list[Step]:
        left = [line for line in record.lines.all() if left_of(line)]
        if record.state == Order.State.CANCELLED or not left:
            return []
        hand_out = [_HAND_OUT] if device_lines(record) else []
        if record.delivered_on:
            return [*hand_out, _TAKE_BACK]
        return [_DELIVER, *hand_out, _TAKE_BACK, _CANCEL]

    def do_deliver(self, request: HttpRequest, record: Order, form: Any) -> Order:
        return saying(lambda: deliver_order(order=record, on=form.cleaned_data["on"]))

    def do_cancel(self, request: HttpRequest, record: Order, form: Any) -> Order:
        return saying(lambda: cancel_order(order=record, **form.cleaned_data))

    def do_take_back(self, request: HttpRequest, record: Order, form: Any) -> Return:
        return saying(lambda: take_back(**form.cleaned_data))

    def do_hand_out(self, request: HttpRequest, record: Order, form: Any) -> DeviceHandover:
        given = {name: form.cleaned_data[name] for name in ("device", "order_line", "person", "on")}
        return saying(lambda: hand_out(customer=record.customer, **given))
