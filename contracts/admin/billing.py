"""How customers are billed, on the desk: the method, its addresses, and whom to write to (S23)."""

from typing import Any

from django.contrib.admin import display
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.register_admin import Step
from accounts.register_forms import RegisterForm
from accounts.register_lists import by_choice
from accounts.register_parts import Part
from contracts.admin.asking import DayForm, saying
from contracts.admin.base import (
    CUSTOMER,
    SOURCE,
    TIMES,
    ContractsAdmin,
    addresses_of,
    label_of_address,
    link_to,
    person_columns,
)
from contracts.models import BillingAccount, BillingContact, Contract, Invoice
from contracts.services import (
    add_billing_contact,
    end_billing_contact,
    save_billing_account,
)
from customers.admin import in_force_until
from customers.covering import shown_detail
from customers.models import Customer

_METHOD = BillingAccount.Method


class BillingAccountForm(RegisterForm):
    """A billing account; a paper invoice goes to one of the customer's addresses."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account: BillingAccount = self.instance
        kept = account.address if account.pk else None
        address: Any = self.fields["address"]
        address.offer(addresses_of(account.customer, None, kept))


class BillingAccountAdmin(ContractsAdmin):
    """How a customer's contracts are billed, and whom to write to about it."""

    form = BillingAccountForm
    list_display = ("number", "customer", "method", "payment_term_days", "opened_on", "closed_on")
    list_select_related = ("customer",)
    reads = (
        *("public_id", "number", "method", "payment_term_days", "opened_on", "closed_on"),
        *CUSTOMER,
    )
    loads = ("customer__owner", "address")
    fields = (
        *("customer", "method", "e_invoice_address", "operator_id", "email", "address"),
        *("payment_term_days", "customer_reference", "language", "opened_on", "closed_on"),
        *SOURCE,
    )
    fixed = ("customer",)
    told = TIMES
    applies = {
        "e_invoice_address": ("method", (_METHOD.E_INVOICE,)),
        "operator_id": ("method", (_METHOD.E_INVOICE,)),
        "email": ("method", (_METHOD.EMAIL,)),
        "address": ("method", (_METHOD.PAPER,)),
    }
    belongs_to = {"customer": "customer"}
    begins_with = "customer"
    own_number = "number"
    can_be_chosen = True
    narrow_by = (in_force_until("closed_on"), by_choice(BillingAccount, "method"))
    parts = (
        Part(
            BillingContact,
            "billing_account",
            ("person", "started_on", "ended_on"),
            ("billing_account", "started_on", "ended_on", *person_columns("person")),
            ("person",),
        ),
        Part(
            Invoice,
            "billing_account",
            ("number", "state", "issued_on", "due_on", "gross", "open_amount"),
            (
                *("number", "issued_on", "due_on", "gross", "open_amount", "paid", "currency"),
                "customer",
            ),
        ),
        Part(
            Contract,
            "billing_account",
            ("number", "state", "starts_on", "ends_on"),
            (
                *("number", "starts_on", "ends_on", "renewal", "notice_given_on", "customer"),
                "signed_by",
            ),
        ),
    )

    def begun(self, request: HttpRequest, record: Customer) -> dict[str, Any]:
        return {"language": record.language}

    def show_email(self, request: HttpRequest, record: BillingAccount) -> str:
        return shown_detail(record.email, cover=self.covers(request, record))

    def show_address(self, request: HttpRequest, record: BillingAccount) -> str:
        if record.address is None:
            return ""
        return label_of_address(record.address, cover=self.covers(request, record))

    def create(self, request: HttpRequest, form: Any) -> BillingAccount:
        return saying(lambda: save_billing_account(account=form.instance))

    update = create


_END = Step("end", _("End"), DayForm.of(_("last day")))


class BillingContactAdmin(ContractsAdmin):
    """Whom to write to about the invoices of a billing account."""

    list_display = ("person", "account", "started_on", "ended_on")
    list_select_related = ("person", "billing_account")
    reads = (
        *("public_id", "started_on", "ended_on", *person_columns("person")),
        *("billing_account", "billing_account__public_id", "billing_account__number"),
    )
    loads = ("person", "billing_account__customer__owner")
    fields = ("billing_account", "person")
    fixed = fields
    told = ("started_on", "ended_on", *TIMES)
    belongs_to = {
        "person": "person",
        "customer": "billing_account__customer",
        "billingaccount": "billing_account",
    }
    begins_with = "billingaccount"
    steps = (_END,)
    narrow_by = (in_force_until("ended_on"),)

    def label(self, record: BillingContact) -> str:
        return record.person.display_name

    def why_not_begin(self, request: HttpRequest, record: BillingAccount) -> str:
        if record.has_ended:
            return _now("The billing account is closed.")
        return ""

    @display(description=_("billing account"))
    def account(self, record: BillingContact) -> SafeString | str:
        return link_to(record.billing_account, record.billing_account.number)

    def show_billing_account(self, request: HttpRequest, record: Any) -> SafeString | str:
        return self.account(record)

    def create(self, request: HttpRequest, form: Any) -> BillingContact:
        contact: BillingContact = form.instance
        return saying(
            lambda: add_billing_contact(
                account=contact.billing_account,
                person=contact.person,
                public_id=contact.public_id,
            )
        )

    def possible(self, record: BillingContact) -> list[Step]:
        return [_END] if record.ended_on is None else []

    def do_end(self, request: HttpRequest, record: BillingContact, form: Any) -> BillingContact:
        return saying(lambda: end_billing_contact(contact=record, on=form.cleaned_data["on"]))
