"""The card's panels of contracts, orders and billing: of every customer she can speak for."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.requests import StaffRequest
from contracts.shown.agreements import agreements_of
from contracts.shown.billing import billing_of
from contracts.shown.orders import orders_of
from contracts.shown.viewing import Viewing
from customers.models import Person
from datamap.panels import Panel, register_panel

CONTRACTS_ON_A_CARD = 5
ORDERS_ON_A_CARD = 5
INVOICES_ON_A_CARD = 10


def load_contracts(person: Person, request: StaffRequest, *, uncovered: bool = False) -> Any:
    """Contracts in force first, with their services in use, and the devices that are out."""
    viewing = Viewing.of_person(person, request, uncovered=uncovered)
    return {"shown": agreements_of(viewing, per_page=CONTRACTS_ON_A_CARD)}


def load_orders(person: Person, request: StaffRequest, *, uncovered: bool = False) -> Any:
    """Orders, newest first, below the offers that wait for an answer."""
    viewing = Viewing.of_person(person, request, uncovered=uncovered)
    before = request.GET.get("before", "")
    return {"shown": orders_of(viewing, per_page=ORDERS_ON_A_CARD, before=before)}


def load_billing(person: Person, request: StaffRequest, *, uncovered: bool = False) -> Any:
    """How she or her company is billed, and the newest invoices."""
    viewing = Viewing.of_person(person, request, uncovered=uncovered)
    before = request.GET.get("before", "")
    return {"shown": billing_of(viewing, per_page=INVOICES_ON_A_CARD, before=before)}


register_panel(
    Panel(
        "contracts",
        _("Contracts"),
        "contracts.view_contract",
        load_contracts,
        "contracts/_panel_contracts.html",
        place=20,
        key="a",
        uncovers=True,
    )
)
register_panel(
    Panel(
        "orders",
        _("Orders"),
        "contracts.view_order",
        load_orders,
        "contracts/_panel_orders.html",
        place=30,
        key="o",
        uncovers=True,
    )
)
register_panel(
    Panel(
        "billing",
        _("Billing"),
        "contracts.view_billingaccount",
        load_billing,
        "contracts/_panel_billing.html",
        place=40,
        key="b",
        uncovers=True,
    )
)
