"""The rows that the generator makes, one type per table.

The first fields are references: the place of a person or a customer in the same batch, the
version and language of a wording, the place of a staff member. The loader puts keys in their
stead; every other field is a column of that name.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from praecom_registry.demo import consent_rows, contract_rows


class PersonRow(NamedTuple):
    public_id: UUID
    created_at: datetime
    changed_at: datetime
    source: str
    first_name: str
    last_name: str
    language: str


class CustomerRow(NamedTuple):
    owner: int | None
    public_id: UUID
    created_at: datetime
    changed_at: datetime
    source: str
    number: str
    kind: str
    legal_form: str
    company_name: str
    business_id: str
    language: str
    since: date
    ended_on: date | None


class ContactPointRow(NamedTuple):
    person: int | None
    customer: int | None
    public_id: UUID
    created_at: datetime
    changed_at: datetime
    source: str
    kind: str
    as_written: str
    normalised: str
    label: str
    is_primary: bool
    verified_on: date | None
    ended_on: date | None


class ContactPersonRow(NamedTuple):
    person: int
    customer: int
    public_id: UUID
    created_at: datetime
    changed_at: datetime
    source: str
    task: str
    position: str
    started_on: date
    ended_on: date | None


class ServiceUserRow(NamedTuple):
    person: int
    customer: int | None
    public_id: UUID
    created_at: datetime
    changed_at: datetime
    source: str
    user_id: str
    started_on: date
    ended_on: date | None


class AddressRow(NamedTuple):
    person: int | None
    customer: int | None
    public_id: UUID
    created_at: datetime
    changed_at: datetime
    source: str
    kind: str
    street: str
    postal_code: str
    city: str
    country: str
    valid_from: date
    valid_until: date | None


class InteractionRow(NamedTuple):
    person: int
    customer: int | None
    handled_by: int
    public_id: UUID
    created_at: datetime
    changed_at: datetime
    source: str
    channel: str
    direction: str
    subject: str
    summary: str
    outcome: str
    happened_at: datetime
    closed_at: datetime | None


class RestrictionRow(NamedTuple):
    person: int
    restricted_by: int
    lifted_by: int | None
    public_id: UUID
    created_at: datetime
    changed_at: datetime
    ground: str
    since: datetime
    lifted_at: datetime | None


class HoldRow(NamedTuple):
    person: int
    placed_by: int
    public_id: UUID
    created_at: datetime
    changed_at: datetime
    reason: str
    placed_at: datetime
    until: date | None


class ChoiceRow(NamedTuple):
    person: int | None
    customer: int | None
    wording: tuple[int, str] | None
    public_id: UUID
    channel: str
    product_group: str
    choice: str
    source: str
    evidence: str
    at: datetime


@dataclass
class Batch:
    """Some persons with everything that belongs to them; it refers to nothing outside itself."""

    persons: list[PersonRow] = field(default_factory=list)
    customers: list[CustomerRow] = field(default_factory=list)
    contact_points: list[ContactPointRow] = field(default_factory=list)
    contact_persons: list[ContactPersonRow] = field(default_factory=list)
    service_users: list[ServiceUserRow] = field(default_factory=list)
    addresses: list[AddressRow] = field(default_factory=list)
    interactions: list[InteractionRow] = field(default_factory=list)
    restrictions: list[RestrictionRow] = field(default_factory=list)
    holds: list[HoldRow] = field(default_factory=list)
    choices: list[ChoiceRow] = field(default_factory=list)
    billing_accounts: list[contract_rows.BillingAccountRow] = field(default_factory=list)
    billing_contacts: list[contract_rows.BillingContactRow] = field(default_factory=list)
    contracts: list[contract_rows.ContractRow] = field(default_factory=list)
    subscriptions: list[contract_rows.SubscriptionRow] = field(default_factory=list)
    service_changes: list[contract_rows.ServiceChangeRow] = field(default_factory=list)
    offers: list[contract_rows.OfferRow] = field(default_factory=list)
    offer_lines: list[contract_rows.OfferLineRow] = field(default_factory=list)
    orders: list[contract_rows.OrderRow] = field(default_factory=list)
    order_lines: list[contract_rows.OrderLineRow] = field(default_factory=list)
    returns: list[contract_rows.ReturnRow] = field(default_factory=list)
    devices: list[contract_rows.DeviceRow] = field(default_factory=list)
    handovers: list[contract_rows.HandoverRow] = field(default_factory=list)
    invoices: list[contract_rows.InvoiceRow] = field(default_factory=list)
    collections: list[contract_rows.CollectionRow] = field(default_factory=list)
    notices: list[consent_rows.NoticeRow] = field(default_factory=list)
    duties: list[consent_rows.DutyRow] = field(default_factory=list)
    consents: list[consent_rows.ConsentRow] = field(default_factory=list)
    information: list[consent_rows.InformationRow] = field(default_factory=list)
