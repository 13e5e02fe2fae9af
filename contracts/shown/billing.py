"""How customers are billed, their invoices, and what of them is in collection (S23)."""

from dataclasses import dataclass

from contracts.identifiers import grouped_reference, rf_reference
from contracts.models import BillingAccount, BillingContact, CollectionCase, Invoice
from contracts.shown.viewing import Viewing
from customers.covering import shown_address, shown_detail
from customers.models import Customer
from customers.pages import Newest, first_of_each, grouped, newest_of

MOST_ACCOUNTS = 5
CONTACTS_OF_AN_ACCOUNT = 5
MOST_COLLECTIONS = 10


@dataclass(frozen=True)
class ShownAccount:
    """A billing account with its e-mail and postal address, covered where they must be."""

    record: BillingAccount
    customer: Customer
    email: str
    address: tuple[str, ...]
    contacts: list[BillingContact]
    is_covered: bool


@dataclass(frozen=True)
class ShownInvoice:
    """An invoice with its reference number as it is printed, and in the form of ISO 11649."""

    record: Invoice
    customer: Customer
    reference: str
    rf_reference: str


@dataclass(frozen=True)
class Billing:
    """A page of invoices, newest first; the first page has the accounts and the collections."""

    viewing: Viewing
    accounts: list[ShownAccount]
    invoices: list[ShownInvoice]
    collections: list[CollectionCase]
    page: Newest

    @property
    def are_covered(self) -> bool:
        """Whether something waits to be uncovered."""
        return any(one.is_covered for one in self.accounts)


def billing_of(viewing: Viewing, *, per_page: int, before: str) -> Billing:
    """The invoices after a position, newest first; collections only for who may know of them."""
    invoices = Invoice.objects.visible_to(viewing.user).filter(customer__in=viewing.keys)
    page = newest_of(invoices.newest_first(), "issued_on", before, per_page)
    cases = CollectionCase.objects.visible_to(viewing.user).filter(customer__in=viewing.keys)
    cases = cases.select_related("invoice").open_first()[:MOST_COLLECTIONS]
    return Billing(
        viewing,
        _accounts(viewing) if page.is_newest else [],
        [_shown_invoice(viewing, one) for one in page.rows],
        list(cases) if page.is_newest else [],
        page,
    )


def _accounts(viewing: Viewing) -> list[ShownAccount]:
    accounts = BillingAccount.objects.visible_to(viewing.user).filter(customer__in=viewing.keys)
    found = list(accounts.select_related("address").in_force_first()[:MOST_ACCOUNTS])
    contacts = BillingContact.objects.visible_to(viewing.user).filter(billing_account__in=found)
    contacts = contacts.in_force().select_related("person")
    by_account = grouped(
        first_of_each(contacts, "billing_account", ["-started_on", "-id"], CONTACTS_OF_AN_ACCOUNT),
        "billing_account_id",
    )
    return [_shown_account(viewing, one, by_account.get(one.pk, [])) for one in found]


def _shown_account(
    viewing: Viewing, account: BillingAccount, contacts: list[BillingContact]
) -> ShownAccount:
    customer = viewing.customer(account.customer_id)
    covers = viewing.covers(customer)
    address = account.address
    covers_address = address is not None and viewing.covers(customer, address.person_id)
    return ShownAccount(
        account,
        customer,
        shown_detail(account.email, cover=covers),
        shown_address(address, cover=covers_address).lines if address is not None else (),
        contacts,
        (covers and bool(account.email)) or covers_address,
    )


def _shown_invoice(viewing: Viewing, invoice: Invoice) -> ShownInvoice:
    reference = invoice.reference
    return ShownInvoice(
        invoice,
        viewing.customer(invoice.customer_id),
        grouped_reference(reference) if reference else "",
        rf_reference(reference) if reference else "",
    )
