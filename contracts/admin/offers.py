"""Offers on the desk: written with their lines, sent, and accepted or declined."""

from typing import Any

from django import forms
from django.db.models import Prefetch, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.register_admin import Step
from accounts.register_forms import OneOfField
from accounts.register_parts import Part, Table
from contracts.admin.asking import DayForm, StepForm, day_field, saying
from contracts.admin.base import (
    CUSTOMER,
    SOURCE,
    TIMES,
    ContractsAdmin,
    accounts_of,
    addresses_of,
    label_of_account,
    label_of_address,
    narrowed,
    person_columns,
    today,
)
from contracts.admin.lines import DocumentForm, lines_table, version_with_lines
from contracts.models import Contract, Offer, OfferLine, Order
from contracts.rules import SENTENCES
from contracts.services import accept_offer, decline_offer, save_offer, send_offer
from customers.admin import person_link
from customers.models import Person

_UNANSWERED = Q(sent_on__isnull=False, accepted_on__isnull=True, declined_on__isnull=True)


class AcceptForm(StepForm):
    """What the customer agreed to: when, who for her, and the terms of what is charged monthly."""

    applies = {
        "ends_on": ("renewal", (Contract.Renewal.ENDS, Contract.Renewal.RENEWS)),
        "renewal_months": ("renewal", (Contract.Renewal.RENEWS,)),
    }

    on = day_field(_("accepted"), initial=today)
    starts_on = day_field(
        _("contract starts"), required=False, help_text=_("Left empty, on the day it is accepted.")
    )
    renewal = forms.ChoiceField(
        label=_("renewal"),
        choices=Contract.Renewal.choices,
        initial=Contract.Renewal.OPEN_ENDED,
        help_text=_("Of the contract, where something is charged every month."),
    )
    ends_on = day_field(
        _("ends"), required=False, help_text=_("The last day of a contract for a term.")
    )
    renewal_months = forms.IntegerField(
        label=_("renewal, months"), required=False, min_value=1, max_value=120
    )
    notice_months = forms.IntegerField(
        label=_("notice period, months"), min_value=0, max_value=60, initial=1
    )

    def prepare(self, admin: Any, request: HttpRequest) -> None:
        offer: Offer = self.record
        by = admin.choosing(request, Person, Contract._meta.get_field("signed_by"))
        by.label, by.help_text = _("accepted by"), _("Left empty, whom the offer was made to.")
        self.fields["accepted_by"] = by
        accounts = accounts_of(offer.customer, None)
        self.fields["billing_account"] = OneOfField(
            label=_("billing account"),
            label_of=label_of_account,
            records=accounts,
            initial=accounts[0].pk if len(accounts) == 1 else None,
            required=False,
            help_text=_("How the contract is billed."),
        )
        self.fields["delivery_address"] = OneOfField(
            label=_("delivery address"),
            label_of=label_of_address,
            records=addresses_of(offer.customer, offer.made_to, None),
            required=False,
            help_text=_("It is copied into the order as it is now."),
        )
        self.order_fields(["on", "accepted_by"])
        if not offer.monthly_net:
            for name in ("starts_on", "renewal", "ends_on", "renewal_months", "notice_months"):
                del self.fields[name]
            del self.fields["billing_account"]


# An answer that came in time may be noted later.
_MAY_BE_ANSWERED = (Offer.State.SENT, Offer.State.EXPIRED)
_SEND = Step("send", _("Mark as sent"), DayForm.of(_("sent")))
_ACCEPT = Step("accept", _("Accepted by the customer"), AcceptForm)
_DECLINE = Step("decline", _("Declined by the customer"), DayForm.of(_("declined")))


class OfferAdmin(ContractsAdmin):
    """What was offered to whom, until when, and what came of it."""

    form = DocumentForm
    list_display = (
        *("number", "state", "customer", "made_to", "valid_until", "sent_on"),
        *("once_net", "monthly_net"),
    )
    list_select_related = ("customer", "made_to")
    reads = (
        *("public_id", "number", "valid_until", "sent_on", "accepted_on", "declined_on"),
        *("once_net", "monthly_net", "currency", *CUSTOMER, *person_columns("made_to")),
    )
    loads = ("customer__owner", "made_to")
    fields = ("customer", "made_to", "valid_until", *SOURCE)
    fixed = ("customer",)
    told = ("state", "sent_on", "accepted_on", "declined_on", *TIMES)
    belongs_to = {"customer": "customer", "person": "made_to"}
    own_number = "number"
    amounts = ("once_net", "monthly_net")
    steps = (_SEND, _ACCEPT, _DECLINE)
    narrow_by = (
        narrowed(
            "state",
            _("State"),
            ("draft", pgettext_lazy("offer", "Draft"), lambda: Q(sent_on__isnull=True)),
            (
                "waiting",
                _("Waiting for an answer"),
                lambda: _UNANSWERED & Q(valid_until__gte=today()),
            ),
            (
                "expired",
                pgettext_lazy("offer", "Expired"),
                lambda: _UNANSWERED & Q(valid_until__lt=today()),
            ),
            (
                "accepted",
                pgettext_lazy("offer", "Accepted"),
                lambda: Q(accepted_on__isnull=False),
            ),
            (
                "declined",
                pgettext_lazy("offer", "Declined"),
                lambda: Q(declined_on__isnull=False),
            ),
        ),
    )
    parts = (
        Part(
            Order,
            "offer",
            ("number", "state", "ordered_on", "delivered_on"),
            ("number", "ordered_on", "delivered_on", "cancelled_on"),
        ),
    )

    def records(self, request: HttpRequest) -> Any:
        lines = OfferLine.objects.in_order().select_related("product")
        return super().records(request).prefetch_related(Prefetch("lines", lines))

    def version(self, record: Offer) -> str:
        return version_with_lines(record)

    def closed(self, record: Offer) -> str:
        return "" if record.sent_on is None else str(SENTENCES["offer_line_is_not_sent"])

    def tables(self, request: HttpRequest, record: Offer, *, in_form: bool) -> list[Table]:
        lines = [] if in_form else [lines_table(record)]
        return [*lines, *super().tables(request, record, in_form=in_form)]

    def show_made_to(self, request: HttpRequest, record: Offer) -> str:
        return person_link(request, record.made_to)

    def create(self, request: HttpRequest, form: Any) -> Offer:
        offer: Offer = form.saved(
            lambda: saying(lambda: save_offer(offer=form.instance, lines=form.inputs()))
        )
        return offer

    update = create

    def possible(self, record: Offer) -> list[Step]:
        if record.state == Offer.State.DRAFT:
            return [_SEND] if record.lines.all() else []
        return [_ACCEPT, _DECLINE] if record.state in _MAY_BE_ANSWERED else []

    def do_send(self, request: HttpRequest, record: Offer, form: Any) -> Offer:
        return saying(lambda: send_offer(offer=record, on=form.cleaned_data["on"]))

    def do_accept(self, request: HttpRequest, record: Offer, form: Any) -> Offer:
        said = {name: value for name, value in form.cleaned_data.items() if value is not None}
        saying(lambda: accept_offer(offer=record, **said))
        return record

    def do_decline(self, request: HttpRequest, record: Offer, form: Any) -> Offer:
        return saying(lambda: decline_offer(offer=record, on=form.cleaned_data["on"]))
