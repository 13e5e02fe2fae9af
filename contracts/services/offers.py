"""Offers: written, sent, and accepted or declined by the customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contracts.models import BillingAccount, Charged, Contract, Offer, OfferLine, Order
from contracts.services.agreements import sign_contract
from contracts.services.errors import refuse_future
from contracts.services.lines import LineInput, copy_lines, write_lines
from contracts.services.orders import start_order
from contracts.services.saving import kept, saved, to_change
from customers.models import Address, Person, Source


@dataclass(frozen=True)
class Accepted:
    """What came of an offer: its order, and a contract where something is charged monthly."""

    order: Order
    contract: Contract | None


@transaction.atomic
def save_offer(*, offer: Offer, lines: Sequence[LineInput]) -> Offer:
    """Save an offer with its lines, taxed as today; once it is sent its lines stay."""
    offer = saved(offer)
    write_lines(
        offer,
        lines,
        day=offer.sent_on or timezone.localdate(),
        is_open=offer.sent_on is None,
    )
    offer.refresh_from_db()
    return offer


@transaction.atomic
def send_offer(*, offer: Offer, on: date) -> Offer:
    """Note that an offer was sent: from now on its lines are what the customer has read."""
    refuse_future(on=on)
    offer = to_change(offer)
    if offer.sent_on is not None:
        raise ValidationError(_("The offer has been sent already."))
    lines = OfferLine.objects.filter(offer=offer).select_related("product").in_order()
    write_lines(
        offer,
        [LineInput(line.product, line.quantity, line.unit_price) for line in lines],
        day=on,
        is_open=True,
    )
    offer.refresh_from_db()
    offer.sent_on = on
    return kept(offer)


@transaction.atomic
def decline_offer(*, offer: Offer, on: date) -> Offer:
    """Note that the customer declined an offer."""
    refuse_future(on=on)
    offer = to_change(offer)
    _refuse_answered(offer)
    offer.declined_on = on
    return kept(offer)


@transaction.atomic
def accept_offer(
    *,
    offer: Offer,
    on: date,
    accepted_by: Person | None = None,
    starts_on: date | None = None,
    renewal: str = Contract.Renewal.OPEN_ENDED,
    ends_on: date | None = None,
    renewal_months: int | None = None,
    notice_months: int = 1,
    billing_account: BillingAccount | None = None,
    delivery_address: Address | None = None,
    source: str = Source.STAFF,
) -> Accepted:
    """Note that the customer accepted an offer, and make of it the order and the contract.

    `accepted_by` is whom it was made to, if nobody else is named.
    """
    refuse_future(on=on)
    offer = to_change(offer)
    _refuse_answered(offer)
    offer.accepted_on = on
    offer = kept(offer)
    accepted_by = accepted_by or offer.made_to
    lines = list(OfferLine.objects.filter(offer=offer).select_related("product").in_order())
    contract = None
    if any(line.charged == Charged.MONTHLY for line in lines):
        contract = sign_contract(
            contract=Contract(
                customer=offer.customer,
                signed_by=accepted_by,
                billing_account=billing_account,
                signed_on=on,
                starts_on=starts_on or on,
                ends_on=ends_on,
                renewal=renewal,
                renewal_months=renewal_months,
                notice_months=notice_months,
                currency=offer.currency,
                source=source,
            )
        )
    order = start_order(
        Order(
            customer=offer.customer,
            ordered_by=accepted_by,
            offer=offer,
            contract=contract,
            currency=offer.currency,
            ordered_on=on,
            source=source,
        ),
        delivery_address,
    )
    copy_lines(lines, order)
    order.refresh_from_db()
    return Accepted(order, contract)


def _refuse_answered(offer: Offer) -> None:
    if offer.accepted_on is not None or offer.declined_on is not None:
        raise ValidationError(_("The customer has answered this offer already."))
