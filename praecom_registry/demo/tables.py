"""Which table each list of a batch goes to, in the order in which they are loaded."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models

from consents.models import (
    CollectionNotice,
    Consent,
    MarketingChoice,
    SupplementaryInformation,
    WorkDuty,
)
from contracts.models import (
    BillingAccount,
    BillingContact,
    CollectionCase,
    Contract,
    Device,
    DeviceHandover,
    Invoice,
    Offer,
    OfferLine,
    Order,
    OrderLine,
    Return,
    ServiceChange,
    Subscription,
)
from customers.models import (
    Address,
    ContactPerson,
    ContactPoint,
    Customer,
    Hold,
    Interaction,
    Person,
    Restriction,
    ServiceUser,
)
from praecom_registry.demo import consent_rows, contract_rows, rows


@dataclass(frozen=True)
class Table:
    """Where the rows of one list of a batch go.

    The first `references` fields of a row name rows of other tables. The last `later` fields are
    not written with the row: they are set once its lines are there, which then stay as they are.
    """

    model: type[models.Model]
    batch_list: str
    row: type[tuple[Any, ...]]
    references: int
    later: int = 0
    lines_of: "Table | None" = None

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    @cached_property
    def fields(self) -> tuple[str, ...]:
        fields: tuple[str, ...] = self.row._fields  # type: ignore[attr-defined]
        return fields

    @cached_property
    def columns(self) -> list[str]:
        written = self.fields[: len(self.fields) - self.later]
        return [self._field(name).column for name in written]

    @cached_property
    def targets(self) -> list[type[models.Model]]:
        """The models that the references name."""
        return [self._field(name).related_model for name in self.fields[: self.references]]

    def _field(self, name: str) -> Any:
        return self.model._meta.get_field(name)


PERSONS = Table(Person, "persons", rows.PersonRow, 0)
CUSTOMERS = Table(Customer, "customers", rows.CustomerRow, 1)
RESTRICTIONS = Table(Restriction, "restrictions", rows.RestrictionRow, 3)
HOLDS = Table(Hold, "holds", rows.HoldRow, 2)
OFFERS = Table(Offer, "offers", contract_rows.OfferRow, 2, later=3)
ORDERS = Table(Order, "orders", contract_rows.OrderRow, 4, later=2)

SAFEGUARDS = (RESTRICTIONS, HOLDS)
"""What only a registrar places."""

TABLES = (
    PERSONS,
    CUSTOMERS,
    Table(ContactPoint, "contact_points", rows.ContactPointRow, 2),
    Table(ContactPerson, "contact_persons", rows.ContactPersonRow, 2),
    Table(ServiceUser, "service_users", rows.ServiceUserRow, 2),
    Table(Address, "addresses", rows.AddressRow, 2),
    Table(Interaction, "interactions", rows.InteractionRow, 3),
    Table(MarketingChoice, "choices", rows.ChoiceRow, 3),
    *SAFEGUARDS,
    Table(BillingAccount, "billing_accounts", contract_rows.BillingAccountRow, 2),
    Table(BillingContact, "billing_contacts", contract_rows.BillingContactRow, 2),
    Table(Contract, "contracts", contract_rows.ContractRow, 3),
    Table(Subscription, "subscriptions", contract_rows.SubscriptionRow, 5),
    Table(ServiceChange, "service_changes", contract_rows.ServiceChangeRow, 6),
    OFFERS,
    Table(OfferLine, "offer_lines", contract_rows.OfferLineRow, 2, lines_of=OFFERS),
    ORDERS,
    Table(OrderLine, "order_lines", contract_rows.OrderLineRow, 2, lines_of=ORDERS),
    Table(Return, "returns", contract_rows.ReturnRow, 2),
    Table(Device, "devices", contract_rows.DeviceRow, 1),
    Table(DeviceHandover, "handovers", contract_rows.HandoverRow, 4),
    Table(Invoice, "invoices", contract_rows.InvoiceRow, 2),
    Table(CollectionCase, "collections", contract_rows.CollectionRow, 2),
    Table(CollectionNotice, "notices", consent_rows.NoticeRow, 3),
    Table(WorkDuty, "duties", consent_rows.DutyRow, 1),
    Table(Consent, "consents", consent_rows.ConsentRow, 2),
    Table(SupplementaryInformation, "information", consent_rows.InformationRow, 2),
)
REFERRED_TO = frozenset(target for table in TABLES for target in table.targets)
