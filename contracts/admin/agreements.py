"""Contracts on the desk: signed, corrected, and given notice of."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.register_admin import Step
from accounts.register_forms import RegisterForm, shown
from accounts.register_parts import Part
from contracts.admin.asking import StepForm, day_field, saying
from contracts.admin.base import (
    CUSTOMER,
    SOURCE,
    TIMES,
    ContractsAdmin,
    accounts_of,
    link_to,
    narrowed,
    person_columns,
    today,
)
from contracts.models import Contract, Order, Subscription
from contracts.querysets import ends_soon
from contracts.services import (
    give_notice,
    save_contract,
    sign_contract,
)
from customers.admin import person_link
from customers.models import Customer

_RENEWING = Q(renewal=Contract.Renewal.RENEWS, notice_given_on__isnull=True)
_PRODUCT = tuple(f"product__name_{language}" for language in ("fi", "sv", "en"))


class ContractForm(RegisterForm):
    """A contract; it is billed by one of the customer's own accounts."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = self.instance.billing_account if self.instance.pk else None
        account: Any = self.fields["billing_account"]
        account.offer(accounts_of(self.instance.customer, kept))


class NoticeForm(StepForm):
    """When notice was given; the last day follows from the contract, if none is agreed."""

    foretells = True

    on = day_field(_("notice given"), initial=today)
    ends_on = day_field(
        _("ends"), required=False, help_text=_("Left empty, when the notice period has passed.")
    )

    def what_comes(self, given: Mapping[str, Any]) -> str:
        contract: Contract = self.record
        last = given["ends_on"] or contract.last_day_after_notice(given["on"])
        return _now("The contract's last day is %(day)s; its services end then at the latest.") % {
            "day": shown(last)
        }


def _sees_billing(request: HttpRequest) -> bool:
    return request.user.has_perm("contracts.view_billingaccount")


_NOTICE = Step("give-notice", _("Give notice"), NoticeForm)


class ContractAdmin(ContractsAdmin):
    """Agreements with customers, from the signing to the last day."""

    form = ContractForm
    list_display = ("number", "state", "customer", "signed_by", "starts_on", "ends_on", "renewal")
    list_select_related = ("customer", "signed_by")
    reads = (
        *("public_id", "number", "signed_on", "starts_on", "ends_on", "renewal"),
        *("notice_given_on", *CUSTOMER, *person_columns("signed_by")),
    )
    loads = ("customer__owner", "signed_by")
    fields = (
        *("customer", "signed_by", "signed_on", "starts_on", "renewal", "ends_on"),
        *("renewal_months", "notice_months", "billing_account", *SOURCE),
    )
    fixed = ("customer",)
    told = ("state", "notice_given_on", *TIMES)
    applies = {"renewal_months": ("renewal", (Contract.Renewal.RENEWS,))}
    belongs_to = {
        "customer": "customer",
        "person": "signed_by",
        "billingaccount": "billing_account",
    }
    begins_with = "customer"
    own_number = "number"
    can_be_chosen = True
    steps = (_NOTICE,)
    narrow_by = (
        narrowed(
            "state",
            _("State"),
            (
                "in_force",
                pgettext_lazy("contract", "In force"),
                lambda: (
                    Q(starts_on__lte=today(), notice_given_on__isnull=True)
                    & (Q(ends_on__isnull=True) | Q(ends_on__gte=today()) | _RENEWING)
                ),
            ),
            (
                "notice_given",
                pgettext_lazy("contract", "Notice given"),
                lambda: Q(notice_given_on__isnull=False, ends_on__gte=today()),
            ),
            ("ends_soon", _("Ends within 60 days"), ends_soon),
            (
                "coming",
                pgettext_lazy("contract", "Begins later"),
                lambda: Q(starts_on__gt=today()),
            ),
            (
                "ended",
                pgettext_lazy("contract", "Ended"),
                lambda: Q(ends_on__lt=today()) & ~_RENEWING,
            ),
        ),
    )
    parts = (
        Part(
            Subscription,
            "contract",
            ("product", "identifier", "user", "unit_price", "opened_on", "terminated_on"),
            (
                *("product", "identifier", "unit_price", "currency", "opened_on"),
                *("terminated_on", *CUSTOMER, *_PRODUCT, *person_columns("user")),
            ),
            ("product", "customer", "user"),
        ),
        Part(
            Order,
            "contract",
            ("number", "state", "ordered_on", "delivered_on"),
            ("number", "ordered_on", "delivered_on", "cancelled_on"),
        ),
    )

    def begun(self, request: HttpRequest, record: Customer) -> dict[str, Any]:
        return {"signed_on": today(), "starts_on": today()}

    def records(self, request: HttpRequest) -> Any:
        rows = super().records(request)
        return rows.select_related("billing_account") if _sees_billing(request) else rows

    def show_signed_by(self, request: HttpRequest, record: Contract) -> SafeString | str:
        return person_link(request, record.signed_by)

    def show_billing_account(self, request: HttpRequest, record: Contract) -> SafeString | str:
        if not _sees_billing(request) or record.billing_account is None:
            return ""
        return link_to(record.billing_account, record.billing_account.number)

    def create(self, request: HttpRequest, form: Any) -> Contract:
        return saying(lambda: sign_contract(contract=form.instance))

    def update(self, request: HttpRequest, form: Any) -> Contract:
        return saying(lambda: save_contract(contract=form.instance))

    def possible(self, record: Contract) -> list[Step]:
        has_notice = record.notice_given_on is not None
        return [] if has_notice or record.state == Contract.State.ENDED else [_NOTICE]

    def do_give_notice(self, request: HttpRequest, record: Contract, form: Any) -> Contract:
        return saying(lambda: give_notice(contract=record, **form.cleaned_data))
