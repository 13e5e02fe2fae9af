"""Invoices as the billing system reports them, and what of them is in collection (S23)."""

from typing import Any

from django import forms
from django.contrib.admin import display
from django.db.models import Q
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.register_admin import Step
from accounts.register_forms import RegisterForm
from accounts.register_lists import by_choice
from accounts.register_parts import Part
from contracts.admin.asking import StepForm, day_field, saying
from contracts.admin.base import (
    CUSTOMER,
    TIMES,
    ContractsAdmin,
    link_to,
    narrowed,
    today,
)
from contracts.identifiers import grouped_reference, rf_reference
from contracts.models import CollectionCase, Invoice
from contracts.services import (
    move_collection,
    open_collection,
)
from customers.admin import in_force_by

_CLOSED = [stage.value for stage in CollectionCase.CLOSING]
_BEFORE_AN_AGENCY = (CollectionCase.Stage.REMINDER, CollectionCase.Stage.DEMAND)
_WITH_AN_AGENCY = tuple(stage for stage in CollectionCase.Stage if stage not in _BEFORE_AN_AGENCY)


class InvoiceAdmin(ContractsAdmin):
    """Invoices as the billing system reports them: nobody changes them here."""

    list_display = (
        *("number", "state", "customer", "issued_on", "due_on", "gross", "open_amount"),
        "paid_on",
    )
    list_select_related = ("customer",)
    reads = (
        *("public_id", "number", "issued_on", "due_on", "gross", "open_amount", "paid_on"),
        *("currency", *CUSTOMER),
    )
    loads = ("customer__owner", "billing_account")
    fields = (
        *("customer", "billing_account", "issued_on", "due_on", "net", "vat", "gross", "paid"),
        *("paid_on", "open_amount"),
    )
    told = ("state", "reference", "rf", *TIMES)
    can_be_added = False
    belongs_to = {"customer": "customer", "billingaccount": "billing_account"}
    own_number = "number"
    can_be_chosen = True
    amounts = ("net", "vat", "gross", "paid", "open_amount")
    narrow_by = (
        narrowed(
            "state",
            _("State"),
            (
                "open",
                pgettext_lazy("invoice", "Open"),
                lambda: Q(open_amount__gt=0, due_on__gte=today()),
            ),
            (
                "overdue",
                pgettext_lazy("invoice", "Overdue"),
                lambda: Q(open_amount__gt=0, due_on__lt=today()),
            ),
            ("paid", pgettext_lazy("invoice", "Paid"), lambda: Q(open_amount__lte=0)),
        ),
    )
    parts = (
        Part(
            CollectionCase,
            "invoice",
            ("stage", "amount", "agency", "opened_on", "closed_on"),
            ("stage", "amount", "currency", "agency", "opened_on", "closed_on", "customer"),
        ),
    )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def show_billing_account(self, request: HttpRequest, record: Invoice) -> SafeString | str:
        account = record.billing_account
        return link_to(account, account.number) if account else ""

    def show_reference(self, request: HttpRequest, record: Invoice) -> str:
        return grouped_reference(record.reference) if record.reference else ""

    @display(description=_("RF reference"))
    def rf(self, record: Invoice) -> str:
        return rf_reference(record.reference) if record.reference else ""


class MoveForm(StepForm):
    """How far it has come, or how it ended, and on which day."""

    applies = {"agency": ("stage", (CollectionCase.Stage.AGENCY,))}

    stage = forms.ChoiceField(label=_("stage"), choices=CollectionCase.Stage.choices)
    agency = forms.CharField(
        label=_("collection agency"),
        max_length=100,
        required=False,
        help_text=_("Who collects for us."),
    )
    on = day_field(_("day"), initial=today)

    def prepare(self, admin: Any, request: HttpRequest) -> None:
        case: CollectionCase = self.record
        self.initial = {"stage": case.stage, "agency": case.agency, **self.initial}


class CollectionCaseForm(RegisterForm):
    """A case that begins; how it ends is said later."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stage: Any = self.fields["stage"]
        stage.choices = [one for one in stage.choices if one[0] not in _CLOSED]


_MOVE = Step("move", _("Move to another stage"), MoveForm)


class CollectionCaseAdmin(ContractsAdmin):
    """What of unpaid invoices is in collection; only billing and the registrar know of it."""

    list_display = ("stage", "customer", "of_invoice", "amount", "agency", "opened_on", "closed_on")
    list_select_related = ("customer", "invoice")
    reads = (
        *("public_id", "stage", "amount", "currency", "agency", "opened_on", "closed_on"),
        *("invoice", "invoice__number", "invoice__public_id", *CUSTOMER),
    )
    loads = ("customer__owner", "invoice")
    form = CollectionCaseForm
    fields = ("invoice", "stage", "agency", "amount", "opened_on")
    fixed = fields
    told = ("customer", "closed_on", *TIMES)
    applies = {"agency": ("stage", _WITH_AN_AGENCY)}
    belongs_to = {"customer": "customer", "invoice": "invoice"}
    begins_with = "invoice"
    amounts = ("amount",)
    steps = (_MOVE,)
    narrow_by = (in_force_by("closed_on"), by_choice(CollectionCase, "stage"))

    def label(self, record: CollectionCase) -> str:
        return f"{record.get_stage_display()}: {record.invoice.number}"

    def begun(self, request: HttpRequest, record: Invoice) -> dict[str, Any]:
        return {
            "customer": record.customer,
            "amount": record.open_amount,
            "currency": record.currency,
            "opened_on": today(),
        }

    def why_not_begin(self, request: HttpRequest, record: Invoice) -> str:
        if record.state != Invoice.State.OVERDUE:
            return _now("Only an invoice that is overdue goes to collection.")
        if CollectionCase.objects.filter(invoice=record).open().exists():
            return _now("This invoice is in collection already.")
        return ""

    @display(description=_("invoice"))
    def of_invoice(self, record: CollectionCase) -> SafeString | str:
        return link_to(record.invoice, record.invoice.number)

    def show_invoice(self, request: HttpRequest, record: CollectionCase) -> SafeString | str:
        return self.of_invoice(record)

    def create(self, request: HttpRequest, form: Any) -> CollectionCase:
        return saying(lambda: open_collection(case=form.instance))

    def possible(self, record: CollectionCase) -> list[Step]:
        return [] if record.closed_on else [_MOVE]

    def do_move(self, request: HttpRequest, record: CollectionCase, form: Any) -> CollectionCase:
        return saying(lambda: move_collection(case=record, **form.cleaned_data))
