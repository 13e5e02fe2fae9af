"""The customer page's tabs of contracts, orders and billing."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.register_lists import as_uuid
from accounts.requests import StaffRequest
from contracts.shown.agreements import agreement_of, agreements_of
from contracts.shown.billing import billing_of
from contracts.shown.orders import orders_of
from contracts.shown.viewing import Viewing
from customers.models import Customer
from datamap.panels import Panel, register_tab

CONTRACTS_PER_PAGE = 10
ORDERS_PER_PAGE = 10
INVOICES_PER_PAGE = 20


def load_contracts(customer: Customer, request: StaffRequest) -> Any:
    """The customer's contracts, or the services of the one that the address names."""
    viewing = Viewing.of_customer(customer, request)
    asked = request.GET
    number = asked.get("page", "")
    if "contract" in asked:
        return {"shown": agreement_of(viewing, as_uuid(asked["contract"]), number)}
    devices = asked.get("devices", "")
    shown = agreements_of(viewing, per_page=CONTRACTS_PER_PAGE, number=number, devices=devices)
    return {"shown": shown}


def load_orders(customer: Customer, request: StaffRequest) -> Any:
    """The customer's orders, newest first, below the offers that wait for an answer."""
    viewing = Viewing.of_customer(customer, request)
    before = request.GET.get("before", "")
    return {"shown": orders_of(viewing, per_page=ORDERS_PER_PAGE, before=before)}


def load_billing(customer: Customer, request: StaffRequest) -> Any:
    """How the customer is billed, and the newest invoices."""
    viewing = Viewing.of_customer(customer, request)
    before = request.GET.get("before", "")
    return {"shown": billing_of(viewing, per_page=INVOICES_PER_PAGE, before=before)}


register_tab(
    Panel(
        "contracts",
        _("Contracts"),
        "contracts.view_contract",
        load_contracts,
        "contracts/_panel_contracts.html",
        place=20,
        key="a",
    )
)
register_tab(
    Panel(
        "orders",
        _("Orders"),
        "contracts.view_order",
        load_orders,
        "contracts/_panel_orders.html",
        place=30,
        key="o",
    )
)
register_tab(
    Panel(
        "billing",
        _("Billing"),
        "contracts.view_billingaccount",
        load_billing,
        "contracts/_panel_billing.html",
        place=40,
        key="b",
    )
)
