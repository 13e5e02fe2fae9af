"""Notices at collection and duties at work on the desk: what the exceptions of the law rest on."""

from typing import Any

from django import forms
from django.contrib.admin import display, register
from django.db.models import Q
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.admin_site import site
from accounts.register_admin import Step, staff_of
from accounts.register_forms import OneOfField, RegisterForm
from accounts.register_lists import by_choice
from consents.models import CollectionNotice, WorkDuty
from consents.services import end_duty, record_duty, record_notice
from contracts.models import Order
from customers.admin import CustomersAdmin, customer_link, in_force_until, person_link, said
from customers.covering import must_cover, shown_point
from customers.lookup import FoundKeys
from customers.models import ContactPoint

MOST_ORDERS = 50

_PERSON = ("public_id", "first_name", "last_name")
_CUSTOMER = ("public_id", "number", "company_name", "owner")


class NoticeForm(RegisterForm):
    """A notice; the detail and the sale are among the person's own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = self.instance.person
        point: Any = self.fields["contact_point"]
        point.offer(ContactPoint.objects.filter(person=person).in_force().first_choice_first())
        order: Any = self.fields["order"]
        order.offer(Order.objects.filter(ordered_by=person).order_by("-pk")[:MOST_ORDERS])


@register(CollectionNotice, site=site)
class CollectionNoticeAdmin(CustomersAdmin):
    """What persons were told of marketing when they gave a detail; never changed."""

    form = NoticeForm
    list_display = ("person", "told_at", "seller", "opt_out_offered")
    list_select_related = ("person",)
    reads = (
        *("public_id", "told_at", "seller", "opt_out_offered", "person"),
        *(f"person__{name}" for name in _PERSON),
    )
    loads = ("person", "contact_point", "order", "wording", "recorded_by")
    fields = ("person", "contact_point", "order", "seller", "opt_out_offered", "wording")
    told = ("recorded_by", "told_at")
    belongs_to = {"person": "person"}
    begins_with = "person"

    def label(self, record: CollectionNotice) -> str:
        return str(self.opts.verbose_name)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest | None, **kwargs: Any
    ) -> forms.Field | None:
        if db_field.related_model not in (ContactPoint, Order):
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        cover = request is not None and must_cover(staff_of(request))
        label_of = {
            ContactPoint: lambda point: shown_point(point, cover=cover).text,
            Order: lambda order: order.number,
        }[db_field.related_model]
        return OneOfField(
            label_of=label_of,
            label=db_field.verbose_name,
            help_text=db_field.help_text,
            required=False,
        )

    def show_contact_point(self, request: HttpRequest, record: CollectionNotice) -> str:
        """Only for who may see contact details."""
        point = record.contact_point
        if point is None or not request.user.has_perm("customers.view_contactpoint"):
            return ""
        return shown_point(point, cover=must_cover(staff_of(request))).text

    def show_order(self, request: HttpRequest, record: CollectionNotice) -> str:
        """The number alone."""
        return "" if record.order is None else str(record.order.number)

    def create(self, request: HttpRequest, form: Any) -> CollectionNotice:
        given = {**form.cleaned_data, "person": form.instance.person}
        notice: CollectionNotice = said(
            lambda: record_notice(
                public_id=form.instance.public_id, recorded_by=staff_of(request), **given
            )
        )
        return notice


@register(WorkDuty, site=site)
class WorkDutyAdmin(CustomersAdmin):
    """What contact persons decide on or work with; ended, never changed."""

    list_display = ("product_group", "person", "customer", "recorded_at", "ended_on")
    list_select_related = ("contact_person__person", "contact_person__customer")
    reads = (
        *("public_id", "product_group", "recorded_at", "ended_on", "contact_person"),
        *("contact_person__person", "contact_person__customer"),
        *(f"contact_person__person__{name}" for name in _PERSON),
        *(f"contact_person__customer__{name}" for name in _CUSTOMER),
    )
    loads = ("contact_person__person", "contact_person__customer", "recorded_by")
    fields = ("contact_person", "product_group", "evidence")
    fixed = ("contact_person", "product_group", "evidence")
    told = ("customer", "recorded_by", "recorded_at", "ended_on")
    belongs_to = {
        "contactperson": "contact_person",
        "person": "contact_person__person",
        "customer": "contact_person__customer",
    }
    begins_with = "contactperson"
    narrow_by = (by_choice(WorkDuty, "product_group"), in_force_until("ended_on"))
    steps = (Step("end", _("End the duty")),)

    def label(self, record: WorkDuty) -> str:
        return str(record.get_product_group_display())

    def matching(self, keys: FoundKeys) -> Q:
        """The duties of the persons that were found, and of the companies' contact persons."""
        return Q(contact_person__person__in=keys.persons) | Q(
            contact_person__customer__in=keys.customers
        )

    def why_not(self, request: HttpRequest, record: WorkDuty) -> str:
        """A restricted person's duty is ended too: that only narrows what is done with her data."""
        return ""

    def steps_for(self, request: HttpRequest, record: WorkDuty) -> list[Step]:
        return [] if record.ended_on else list(self.steps)

    def show_contact_person(self, request: HttpRequest, record: WorkDuty) -> SafeString | str:
        return person_link(request, record.contact_person.person)

    @display(description=_("person"))
    def person(self, record: WorkDuty) -> str:
        """Shown by `show_person`, which knows who asks."""
        return str(record.contact_person.person.public_id)

    @display(description=_("customer"))
    def customer(self, record: WorkDuty) -> str:
        """Shown by `show_customer`."""
        return str(record.contact_person.customer.public_id)

    def show_person(self, request: HttpRequest, record: WorkDuty) -> SafeString | str:
        return person_link(request, record.contact_person.person)

    def show_customer(self, request: HttpRequest, record: WorkDuty) -> SafeString | str:
        """The company, for who may see customers."""
        if not request.user.has_perm("customers.view_customer"):
            return ""
        return customer_link(request, record.contact_person.customer)

    def create(self, request: HttpRequest, form: Any) -> WorkDuty:
        given = {**form.cleaned_data, "contact_person": form.instance.contact_person}
        duty: WorkDuty = said(
            lambda: record_duty(
                public_id=form.instance.public_id, recorded_by=staff_of(request), **given
            )
        )
        return duty

    def do_end(self, request: HttpRequest, record: WorkDuty) -> None:
        end_duty(duty=record)
