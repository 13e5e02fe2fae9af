"""What each document says, in the customer's language."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from contracts.documents.letters import Letter
from contracts.documents.tables import day_of, lines_of, returns_of, services_of
from contracts.models import Contract, Offer, OfferLine, Order, OrderLine
from contracts.shown.viewing import Viewing
from customers.covering import address_lines, shown_address
from customers.models import Address, Customer, Person
from datamap.controller import CONTROLLER

_WRITTEN_TO = {Address.Kind.POSTAL: 0, Address.Kind.BILLING: 1, Address.Kind.VISITING: 2}


def offer_letter(offer: Offer, viewing: Viewing) -> Letter:
    """An offer as the customer reads it; a draft says that it is one."""
    customer = offer.customer
    with override(customer.language):
        facts = [
            *_facts(customer, offer.sent_on or timezone.localdate()),
            (_("Valid until"), day_of(offer.valid_until)),
        ]
        if offer.state != Offer.State.SENT:
            facts.append((pgettext("of a document", "State"), str(offer.state.label)))
        lines = OfferLine.objects.visible_to(viewing.user).filter(offer=offer)
        return Letter(
            language=customer.language,
            title=_("Offer %(number)s") % {"number": offer.number},
            recipient=_recipient(customer, offer.made_to, viewing),
            facts=facts,
            opening=[_("Thank you for your interest. We offer you the following.")],
            sections=lines_of(offer, lines),
            closing=[
                _("The offer can be accepted until %(day)s.") % {"day": day_of(offer.valid_until)},
                _ask_us(),
            ],
        )


def order_letter(order: Order, viewing: Viewing) -> Letter:
    """The confirmation of an order, with what of it was cancelled or came back since."""
    customer = order.customer
    with override(customer.language):
        facts = [
            *_facts(customer, order.ordered_on),
            *_dated((_("Delivered"), order.delivered_on), (_("Cancelled"), order.cancelled_on)),
        ]
        address = _delivery(order, viewing)
        lines = OrderLine.objects.visible_to(viewing.user).filter(order=order)
        return Letter(
            language=customer.language,
            title=_("Order confirmation %(number)s") % {"number": order.number},
            recipient=_recipient(customer, order.ordered_by, viewing),
            facts=[*facts, (_("Delivery"), address)] if address else facts,
            opening=[_("Thank you for your order, which we confirm as follows.")],
            sections=[*lines_of(order, lines), *returns_of(order, viewing)],
            closing=[_ask_us()],
        )


def contract_letter(contract: Contract, viewing: Viewing) -> Letter:
    """What a contract holds today: its term, and the services under it."""
    customer = contract.customer
    with override(customer.language):
        return Letter(
            language=customer.language,
            title=_("Contract summary %(number)s") % {"number": contract.number},
            recipient=_recipient(customer, contract.signed_by, viewing),
            facts=[
                *_facts(customer, timezone.localdate()),
                *_dated(
                    (_("Signed"), contract.signed_on),
                    (_("Starts"), contract.starts_on),
                    (_("Notice given"), contract.notice_given_on),
                    (_("Last day"), contract.ends_on),
                ),
                (pgettext("of a document", "State"), str(contract.state.label)),
            ],
            opening=[_term(contract)],
            sections=[services_of(contract, viewing)],
            closing=[
                _("This is a summary of the contract; it changes nothing in its terms."),
                _ask_us(),
            ],
        )


# --- whom it is for -------------------------------------------------------------------------------


def _recipient(customer: Customer, person: Person | None, viewing: Viewing) -> list[str]:
    """The customer, whom of it the document is for, and the address."""
    persons = [one.display_name for one in (person or customer.owner, customer.owner) if one]
    company = customer.company_name
    names = [company, *persons[:1]] if company else [*persons[::-1]]
    return [*dict.fromkeys(names), *_address(customer, viewing)]


def _address(customer: Customer, viewing: Viewing) -> Iterable[str]:
    """Where the customer is written to, covered for whom it must be."""
    holders = Q(customer=customer)
    if customer.owner_id is not None:
        holders |= Q(person=customer.owner_id)
    found = Address.objects.visible_to(viewing.user).filter(holders, kind__in=_WRITTEN_TO)
    addresses = sorted(found.in_force()[:20], key=lambda one: _WRITTEN_TO[Address.Kind(one.kind)])
    if not addresses:
        return ()
    [first, *_others] = addresses
    return shown_address(first, cover=viewing.covers(customer, first.person_id)).lines


def _delivery(order: Order, viewing: Viewing) -> str:
    if not (order.delivery_street or order.delivery_city):
        return ""
    lines = address_lines(
        order.delivery_street,
        order.delivery_postal_code,
        order.delivery_city,
        order.delivery_country,
        cover=viewing.covers(order.customer),
    )
    return ", ".join(filter(None, [order.delivery_name, *lines]))


# --- dates and terms ------------------------------------------------------------------------------


def _dated(*facts: tuple[str, Any]) -> list[tuple[str, str]]:
    """The facts that have a day."""
    return [(label, day_of(day)) for label, day in facts if day is not None]


def _facts(customer: Customer, day: Any) -> list[tuple[str, str]]:
    return [
        (pgettext("of a document", "Date"), day_of(day)),
        (_("Customer number"), customer.number),
        *([(_("Business ID"), customer.business_id)] if customer.business_id else []),
    ]


def _term(contract: Contract) -> str:
    if contract.notice_given_on is not None and contract.ends_on is not None:
        return _("Notice of the contract has been given; its last day is %(day)s.") % {
            "day": day_of(contract.ends_on)
        }
    notice = ngettext(
        "The period of notice is %(months)d month.",
        "The period of notice is %(months)d months.",
        contract.notice_months,
    ) % {"months": contract.notice_months}
    if contract.ends_on is None:
        return " ".join([_("The contract is in force until further notice."), notice])
    until = _("The contract is for a term that ends on %(day)s.") % {
        "day": day_of(contract.ends_on)
    }
    if contract.renewal != Contract.Renewal.RENEWS:
        return until
    renews = ngettext(
        "It then renews for %(months)d month at a time.",
        "It then renews for %(months)d months at a time.",
        contract.renewal_months or 0,
    ) % {"months": contract.renewal_months}
    return " ".join([until, renews, notice])


def _ask_us() -> str:
    return _("Questions? Call us: %(phone)s.") % {"phone": CONTROLLER.phone}
