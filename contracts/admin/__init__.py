"""Offers, orders, contracts, devices and billing on the staff's desk, each through its services."""

from accounts.admin_site import site
from contracts.admin.agreements import ContractAdmin
from contracts.admin.billing import BillingAccountAdmin, BillingContactAdmin
from contracts.admin.devices import DeviceAdmin, DeviceHandoverAdmin
from contracts.admin.invoices import CollectionCaseAdmin, InvoiceAdmin
from contracts.admin.offers import OfferAdmin
from contracts.admin.orders import OrderAdmin
from contracts.admin.products import ProductAdmin, VatRateAdmin
from contracts.admin.returns import ReturnAdmin
from contracts.admin.subscriptions import ServiceChangeAdmin, SubscriptionAdmin
from contracts.models import (
    BillingAccount,
    BillingContact,
    CollectionCase,
    Contract,
    Device,
    DeviceHandover,
    Invoice,
    Offer,
    Order,
    Product,
    Return,
    ServiceChange,
    Subscription,
    VatRate,
)

# In the order in which the desk's first page shows them.
site.register(Offer, OfferAdmin)
site.register(Order, OrderAdmin)
site.register(Return, ReturnAdmin)
site.register(Contract, ContractAdmin)
site.register(Subscription, SubscriptionAdmin)
site.register(ServiceChange, ServiceChangeAdmin)
site.register(Device, DeviceAdmin)
site.register(DeviceHandover, DeviceHandoverAdmin)
site.register(BillingAccount, BillingAccountAdmin)
site.register(BillingContact, BillingContactAdmin)
site.register(Invoice, InvoiceAdmin)
site.register(CollectionCase, CollectionCaseAdmin)
site.register(Product, ProductAdmin)
site.register(VatRate, VatRateAdmin)
