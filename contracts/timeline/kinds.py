"""The kinds of entries that contracts tells of, each with the right to see it."""

from django.utils.translation import gettext_lazy as _

from datamap.timeline import EntryKind

OFFER = EntryKind("offer", _("Offers"), "contracts.view_offer", 30)
CONTRACT = EntryKind("contract", _("Contracts"), "contracts.view_contract", 40)
ORDER = EntryKind("order", _("Orders"), "contracts.view_order", 50)
SERVICE = EntryKind("service", _("Services"), "contracts.view_subscription", 60)
CHANGE = EntryKind("change", _("Service changes"), "contracts.view_servicechange", 70)
DEVICE = EntryKind("device", _("Devices"), "contracts.view_devicehandover", 80)
RETURN = EntryKind("return", _("Cancellations and returns"), "contracts.view_return", 90)
INVOICE = EntryKind("invoice", _("Invoices"), "contracts.view_invoice", 100)
COLLECTION = EntryKind("collection", _("Collections"), "contracts.view_collectioncase", 110)

KINDS = (OFFER, CONTRACT, ORDER, SERVICE, CHANGE, DEVICE, RETURN, INVOICE, COLLECTION)
