"""Services in use on the desk: opened under a contract, changed, and terminated."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.admin import display
from django.core.validators import MinValueValidator
from django.db.models import Q
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.register_admin import Step, staff_of
from accounts.register_forms import OneOfField, RegisterForm, differing, shown
from accounts.register_lists import by_choice
from accounts.register_parts import Part
from contracts.admin.asking import DayForm, StepForm, day_field, saying
from contracts.admin.base import (
    CUSTOMER,
    SOURCE,
    TIMES,
    ContractsAdmin,
    addresses_of,
    group_of_product,
    label_of_address,
    link_to,
    narrowed,
    person_columns,
    sold_now,
    today,
)
from contracts.models import Contract, Product, ServiceChange, Subscription
from contracts.services import (
    UNCHANGED,
    change_subscription,
    open_subscription,
    save_subscription,
    terminate_subscription,
)
from customers.admin import person_link
from customers.covering import must_cover, shown_detail
from customers.models import Person
from customers.models.base import is_over

_CHANGES = tuple(
    f"{which}_{what}" for which in ("old", "new") for what in ServiceChange.Kind.values
)
_SHOWN_OF_A_CHANGE = {
    "product": ("name_fi", "name_sv", "name_en"),
    "user": ("first_name", "last_name"),
    "address": ("kind", "street", "postal_code", "city", "country"),
}
_CHANGED = (
    *_CHANGES,
    *(
        f"{which}_{what}__{name}"
        for which in ("old", "new")
        for what, names in _SHOWN_OF_A_CHANGE.items()
        for name in names
    ),
)

_PRODUCT = tuple(f"product__name_{language}" for language in ("fi", "sv", "en"))


class SubscriptionForm(RegisterForm):
    """A service under a contract; a new one without a price has its product's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "product" not in self.fields:
            return  # what is in use is changed from a day on, not in place
        price, product, address = (
            self.fields[name] for name in ("unit_price", "product", "address")
        )
        service: Subscription = self.instance
        is_new = service.pk is None
        price.required, price.help_text = False, _("Left empty, the price of the service.")
        if is_new:
            self.initial["unit_price"] = None
        kept = [] if is_new else [service.product]
        product.offer(sold_now(Product.Kind.SERVICE, also=kept))  # type: ignore[attr-defined]
        address.offer(addresses_of(service.customer, None, None))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("unit_price") is None and data.get("product") is not None:
            data["unit_price"] = data["product"].unit_price
        return data


class ChangeForm(StepForm):
    """What changes about a service, and from which day; the rest stays as it is."""

    on = day_field(_("day of the change"), initial=today)
    unit_price = forms.DecimalField(
        label=_("price a month"),
        required=False,
        localize=True,
        max_digits=12,
        decimal_places=2,
        validators=[MinValueValidator(0)],
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("Left empty, it stays, or is that of the new service."),
    )

    def prepare(self, admin: Any, request: HttpRequest) -> None:
        service: Subscription = self.record
        self.fields["product"] = OneOfField(
            label=_("service"),
            records=sold_now(Product.Kind.SERVICE, also=[service.product]),
            label_of=lambda product: product.display_name,
            group_of=group_of_product,
        )
        user = admin.choosing(request, Person, Subscription._meta.get_field("user"))
        self.fields["user"] = user
        self.fields["address"] = OneOfField(
            label=_("address of use"),
            records=addresses_of(service.customer, service.user, service.address),
            label_of=label_of_address,
            required=False,
        )
        self.order_fields(["on", "product", "unit_price"])
        for name in ("product", "user", "address"):
            self.initial.setdefault(name, getattr(service, f"{name}_id"))


_CHANGE = Step("alter", _("Change the service"), ChangeForm)
_TERMINATE = Step("terminate", _("Terminate"), DayForm.of(_("last day")))


class SubscriptionAdmin(ContractsAdmin):
    """Services in use: for whom, where, by which number or line."""

    form = SubscriptionForm
    list_display = (
        *("product", "identifier", "customer", "user", "unit_price", "opened_on"),
        "terminated_on",
    )
    list_select_related = ("product", "customer", "user")
    reads = (
        *("public_id", "product", "identifier", "unit_price", "currency", "opened_on"),
        *("terminated_on", *CUSTOMER, *_PRODUCT, *person_columns("user")),
    )
    loads = ("product", "contract", "customer__owner", "user", "address")
    fields = (
        *("contract", "product", "identifier", "user", "address", "unit_price", "opened_on"),
        *SOURCE,
    )
    fixed = ("contract", "product", "user", "address", "unit_price")
    told = ("customer", "terminated_on", *TIMES)
    belongs_to = {"customer": "customer", "person": "user", "contract": "contract"}
    begins_with = "contract"
    amounts = ("unit_price",)
    steps = (_CHANGE, _TERMINATE)
    narrow_by = (
        narrowed(
            "state",
            _("State"),
            (
                "open",
                _("In use"),
                lambda: (
                    Q(opened_on__lte=today())
                    & (Q(terminated_on__isnull=True) | Q(terminated_on__gte=today()))
                ),
            ),
            ("ended", pgettext_lazy("service", "Ended"), lambda: Q(terminated_on__lt=today())),
        ),
    )
    parts = (
        Part(
            ServiceChange,
            "subscription",
            ("changed_on", "kind", "before", "after"),
            ("changed_on", "kind", "customer", *_CHANGED),
            _CHANGES,
        ),
    )

    def lock_before(self, public_id: UUID) -> None:
        contract = Contract.objects.filter(subscriptions__public_id=public_id)
        list(contract.select_for_update(of=("self",), no_key=True).keys_only())

    def label(self, record: Subscription) -> str:
        return f"{record.product.display_name} · {record.contract.number}"

    def begun(self, request: HttpRequest, record: Contract) -> dict[str, Any]:
        return {
            "customer": record.customer,
            "currency": record.currency,
            "opened_on": max(record.starts_on, today()),
        }

    def why_not_begin(self, request: HttpRequest, record: Contract) -> str:
        if record.state == Contract.State.ENDED or record.notice_given_on is not None:
            return _now("No service is opened any more under a contract that ends.")
        return ""

    def is_as_made(self, form: Any) -> bool:
        changed, service = differing(form), form.instance
        if not form["unit_price"].data and service.unit_price == service.product.unit_price:
            changed.discard("unit_price")
        return not changed

    def show_product(self, request: HttpRequest, record: Subscription) -> str:
        return record.product.display_name

    def show_contract(self, request: HttpRequest, record: Subscription) -> SafeString | str:
        return link_to(record.contract, record.contract.number)

    def show_user(self, request: HttpRequest, record: Subscription) -> SafeString | str:
        return person_link(request, record.user)

    def show_identifier(self, request: HttpRequest, record: Subscription) -> str:
        is_number = record.identifier.startswith("+")
        return shown_detail(record.identifier, cover=is_number and self.covers(request, record))

    def show_address(self, request: HttpRequest, record: Subscription) -> str:
        if record.address is None:
            return ""
        return label_of_address(record.address, cover=self.covers(request, record))

    def covers(self, request: HttpRequest, record: Subscription) -> bool:
        is_personal = record.customer.is_natural or record.user_id is not None
        return is_personal and must_cover(staff_of(request))

    def create(self, request: HttpRequest, form: Any) -> Subscription:
        return saying(lambda: open_subscription(subscription=form.instance))

    def update(self, request: HttpRequest, form: Any) -> Subscription:
        return saying(lambda: save_subscription(subscription=form.instance))

    def possible(self, record: Subscription) -> list[Step]:
        return [] if is_over(record.terminated_on) else [_CHANGE, _TERMINATE]

    def do_alter(self, request: HttpRequest, record: Subscription, form: Any) -> Subscription:
        given = form.cleaned_data
        before, product = record.product, given["product"]
        saying(
            lambda: change_subscription(
                subscription=record,
                on=given["on"],
                product=product if product != before else None,
                user=given["user"] if given["user"] != record.user else UNCHANGED,
                address=given["address"] if given["address"] != record.address else UNCHANGED,
                unit_price=given["unit_price"],
            )
        )
        return record

    def do_terminate(self, request: HttpRequest, record: Subscription, form: Any) -> Subscription:
        day = form.cleaned_data["on"]
        return saying(lambda: terminate_subscription(subscription=record, on=day))


class ServiceChangeAdmin(ContractsAdmin):
    """How services have changed; the steps that change them keep this."""

    list_display = ("changed_on", "kind", "customer", "before", "after")
    list_select_related = ("customer", *_CHANGES)
    reads = ("public_id", "changed_on", "kind", *CUSTOMER, *_CHANGED)
    loads = ("customer__owner", "subscription__user", "subscription__product", *_CHANGES)
    fields = ("customer", "changed_on", "kind")
    told = ("service", "before", "after", *TIMES)
    can_be_added = False
    belongs_to = {"customer": "customer", "subscription": "subscription"}
    narrow_by = (by_choice(ServiceChange, "kind"),)

    def label(self, record: ServiceChange) -> str:
        return f"{record.get_kind_display()}, {shown(record.changed_on)}"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description=_("service in use"))
    def service(self, record: ServiceChange) -> SafeString | str:
        return link_to(record.subscription, record.subscription.product.display_name)

    def show_before(self, request: HttpRequest, record: ServiceChange) -> str:
        return _changed(record, "old", cover=must_cover(staff_of(request)))

    def show_after(self, request: HttpRequest, record: ServiceChange) -> str:
        return _changed(record, "new", cover=must_cover(staff_of(request)))

    @display(description=_("before"))
    def before(self, record: ServiceChange) -> str:
        return _changed(record, "old", cover=True)

    @display(description=_("after"))
    def after(self, record: ServiceChange) -> str:
        return _changed(record, "new", cover=True)


def _changed(record: ServiceChange, which: str, *, cover: bool) -> str:
    value = getattr(record, f"{which}_{record.kind}")
    if value is None:
        return ""
    if record.kind == ServiceChange.Kind.ADDRESS:
        return label_of_address(value, cover=cover)
    return str(value.display_name)
