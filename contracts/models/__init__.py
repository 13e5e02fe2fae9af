"""The models of contracts: products, offers, orders, contracts, devices, billing, figures."""

from contracts.models.agreements import Contract, ServiceChange, Subscription
from contracts.models.base import Charged, VatKind
from contracts.models.billing_accounts import BillingAccount, BillingContact
from contracts.models.devices import Device, DeviceHandover
from contracts.models.invoices import CollectionCase, Invoice
from contracts.models.offers import Offer, OfferLine
from contracts.models.orders import Order, OrderLine, Return
from contracts.models.products import Product, VatRate
from contracts.models.summaries import CustomerSummary, SummaryQueue

__all__ = [
    "BillingAccount",
    "BillingContact",
    "Charged",
    "CollectionCase",
    "Contract",
    "CustomerSummary",
    "Device",
    "DeviceHandover",
    "Invoice",
    "Offer",
    "OfferLine",
    "Order",
    "OrderLine",
    "Product",
    "Return",
    "ServiceChange",
    "Subscription",
    "SummaryQueue",
    "VatKind",
    "VatRate",
]
