"""The tables of documents: lines with their sums, what came back, and services in use."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from contracts.documents.letters import Column, Section
from contracts.models import (
    Charged,
    Contract,
    Offer,
    OfferLine,
    Order,
    OrderLine,
    Return,
    Subscription,
)
from contracts.shown.viewing import Viewing
from contracts.templatetags.money import money, percent
from customers.covering import shown_detail
from customers.models import Customer, Restriction

MOST_ROWS = 2_000
"""Of a table; what is longer says so."""


def day_of(day: date) -> str:
    """A day as the language of the document writes it."""
    return date_format(day, "SHORT_DATE_FORMAT")


def lines_of(document: Offer | Order, lines: Any) -> list[Section]:
    """What is charged each month, and what once, each with its sums."""
    rows = list(lines.select_related("product").in_order()[:MOST_ROWS])
    headings = {
        Charged.MONTHLY: (_("Each month"), document.monthly_net, document.monthly_gross),
        Charged.ONCE: (pgettext("charged", "Once"), document.once_net, document.once_gross),
    }
    sections = [
        Section(
            heading=heading,
            columns=_line_columns(),
            rows=[_line(one, document.currency) for one in rows if one.charged == charged],
            totals=_totals(net, gross, document.currency),
        )
        for charged, (heading, net, gross) in headings.items()
        if any(one.charged == charged for one in rows)
    ]
    nothing = Section(_("Lines"), (), (), empty=_("There are no lines yet."))
    return sections or [nothing]


def _line_columns() -> Sequence[Column]:
    return (
        Column(_("Product")),
        Column(_("Quantity"), at_end=True),
        Column(_("Unit price"), at_end=True),
        Column(_("VAT %"), at_end=True),
        Column(_("Without VAT"), at_end=True),
    )


def _line(line: OfferLine | OrderLine, currency: str) -> tuple[str, ...]:
    return (
        line.product.display_name,
        str(line.quantity),
        money(line.unit_price, currency),
        percent(line.vat_percent),
        money(line.net, currency),
    )


def _totals(net: Decimal, gross: Decimal, currency: str) -> list[tuple[str, str]]:
    return [
        (_("Without VAT"), money(net, currency)),
        (_("VAT"), money(gross - net, currency)),
        (_("With VAT"), money(gross, currency)),
    ]


def returns_of(order: Order, viewing: Viewing) -> list[Section]:
    """What of an order was cancelled or came back; no table where nothing was."""
    returns = Return.objects.visible_to(viewing.user).filter(order_line__order=order)
    found = list(returns.select_related("order_line__product").newest_first()[:MOST_ROWS])
    if not found:
        return []
    columns = (
        Column(_("Product")),
        Column(pgettext("of a document", "Date")),
        Column(_("Kind")),
        Column(_("Quantity"), at_end=True),
        Column(_("Refund"), at_end=True),
    )
    rows = [
        (
            one.order_line.product.display_name,
            day_of(one.happened_on),
            one.get_kind_display(),
            str(one.quantity),
            money(one.refund, order.currency),
        )
        for one in found
    ]
    return [Section(_("Cancelled and returned"), columns, rows)]


def services_of(contract: Contract, viewing: Viewing) -> Section:
    """The services that are open or will be; nothing of a user whose data is restricted."""
    still = Q(terminated_on__isnull=True) | Q(terminated_on__gte=timezone.localdate())
    services = Subscription.objects.visible_to(viewing.user).filter(still, contract=contract)
    found = list(services.select_related("product", "user").order_by("opened_on", "id")[:MOST_ROWS])
    users = {one.user_id for one in found if one.user_id is not None}
    restricted = set(
        Restriction.objects.in_force().filter(person__in=users).values_list("person", flat=True)
    )
    rows = [
        _service(one, contract.customer, viewing, says_user=one.user_id not in restricted)
        for one in found
    ]
    monthly = sum((one.unit_price for one in found), Decimal(0))
    columns = (
        Column(_("Service")),
        Column(_("Identifier")),
        Column(_("User")),
        Column(_("Opened")),
        Column(_("Price a month"), at_end=True),
    )
    is_whole = len(found) < MOST_ROWS
    total = (_("A month, without VAT"), money(monthly, contract.currency))
    return Section(
        heading=_("Services")
        if is_whole
        else _("The first %(number)d services") % {"number": MOST_ROWS},
        columns=columns,
        rows=rows,
        totals=[total] if rows and is_whole else [],
        empty=_("No service is in use under this contract."),
    )


def _service(
    service: Subscription, customer: Customer, viewing: Viewing, *, says_user: bool
) -> tuple[str, ...]:
    is_number = service.identifier.startswith("+")
    cover = is_number and viewing.covers(customer, service.user_id)
    user = service.user
    return (
        service.product.display_name,
        shown_detail(service.identifier, cover=cover) if says_user else "",
        user.display_name if user is not None and says_user else "",
        day_of(service.opened_on),
        money(service.unit_price, service.currency),
    )
