"""The rows of offers, orders, contracts, devices and billing, one type per table.

As in `rows`, references come first, each as the place of what it names in the same batch; a
product is named by its code. `later` columns of a document are set once its lines are loaded.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID


class OfferRow(NamedTuple):
    customer: int
    made_to: int | None
    public_id: UUID
    created_at: datetime
    changed_at: datetime
    source: str
    valid_until: date
    sent_on: date | None
    accepted_on: date | None
    declined_on: date | None


class OfferLineRow(NamedTuple):
    offer: int
    product: str
    position: int
    quantity: int
    unit_price: Decimal
    charged: str
    vat_percent: Decimal


class OrderRow(NamedTuple):
    customer: int
    ordered_by: int | None
    offer: int | None
    contract: int | None
    public_id: UUID
    created_at: datetime
    changed_at: datetime
    source: str
    ordered_on: date
    delivery_name: str
    delivery_street: str
    delivery_postal_code: str
    delivery_city: str
    delivered_on: date | None
    cancelled_on: date | None


class OrderLineRow(NamedTuple):
    order: int
    product: str
    position: int
    quantity: int
    unit_price: Decimal
    charged: str
    vat_percent: Decimal


class ReturnRow(NamedTuple):
    customer: int
    order_line: int
    public_id: UUID
    created_at: datetime
    changed_at: datetime
    kind: str
    quantity: int
    happened_on: date
    reason: str
    refund: Decimal


class ContractRow(NamedTuple):
    customer: int
    signed_by: int | None
    billing_account: int
    public_id: UUID
    created_at: datetime
    changed_at: datetime
    source: str
    signed_on: date
    starts_on: date
    ends_on: date | None
    renewal: str
    renewal_months: int | None
    notice_months: int
    notice_given_on: date | None


class SubscriptionRow(NamedTuple):
    customer: int
    contract: int
    product: str
    user: int | None
    address: int | None
    public_id: UUID
    created_at: datetime
    changed_at: datetime
    source: str
    identifier: str
    unit_price: Decimal
    opened_on: date
    terminated_on: date | None


class ServiceChangeRow(NamedTuple):
    customer: int
    subscription: int
    old_product: str | None
    new_product: str | None
    old_user: int | None
    new_user: int | None
    public_id: UUID
    created_at: datetime
    changed_at: datetime
    kind: str
    changed_on: date


class DeviceRow(NamedTuple):
    product: str
    public_id: UUID
    created_at: datetime
    changed_at: datetime
    serial_number: str


class HandoverRow(NamedTuple):
    device: int
    customer: int
    person: int | None
    order_line: int | None
    public_id: UUID
    created_at: datetime
    changed_at: datetime
    went_out_on: date
    came_back_on: date | None


class BillingAccountRow(NamedTuple):
    customer: int
    address: int | None
    public_id: UUID
    created_at: datetime
    changed_at: datetime
    source: str
    method: str
    email: str
    e_invoice_address: str
    operator_id: str
    payment_term_days: int
    customer_reference: str
    language: str
    opened_on: date
    closed_on: date | None


class BillingContactRow(NamedTuple):
    billing_account: int
    person: int
    public_id: UUID
    created_at: datetime
    changed_at: datetime
    started_on: date
    ended_on: date | None


class InvoiceRow(NamedTuple):
    customer: int
    billing_account: int
    public_id: UUID
    created_at: datetime
    changed_at: datetime
    number: str
    reference: str
    issued_on: date
    due_on: date
    net: Decimal
    vat: Decimal
    paid: Decimal
    paid_on: date | None


class CollectionRow(NamedTuple):
    customer: int
    invoice: int
    public_id: UUID
    created_at: datetime
    changed_at: datetime
    stage: str
    agency: str
    amount: Decimal
    opened_on: date
    closed_on: date | None
