"""What the desk's pages of contracts have in common: whose a record is, its state and its money."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.contrib.admin import display
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.register_admin import RegisterAdmin, Step, record_address, staff_of
from accounts.register_forms import OneOfField
from accounts.register_lists import Narrowing, Search
from contracts.documents.views import document_links
from contracts.models import BillingAccount, Product
from contracts.templatetags.money import money
from customers.admin import CustomersAdmin
from customers.covering import address_lines, must_cover
from customers.lookup import FoundKeys
from customers.models import Address, Customer, Person

MOST_ADDRESSES = 50

CUSTOMER = (
    *("customer", "customer__public_id", "customer__number", "customer__company_name"),
    *("customer__kind", "customer__legal_form", "customer__owner"),
)
DEVICE = ("device", "device__public_id", "device__serial_number")
SOURCE = ("source", "source_wording")
TIMES = ("created_at", "changed_at")
_SEARCH = _("Name, phone number, company, customer number or the number itself")


def person_columns(path: str) -> tuple[str, ...]:
    """The columns by which a list names a person."""
    return (path, f"{path}__public_id", f"{path}__first_name", f"{path}__last_name")


def narrowed(name: str, label: Any, *choices: tuple[str, Any, Callable[[], Q]]) -> Narrowing:
    """Narrow by conditions that are the same for everybody; they may depend on the day."""
    return Narrowing(
        name, label, tuple((value, word, _anybody(make)) for value, word, make in choices)
    )


def _anybody(make: Callable[[], Q]) -> Callable[[Any], Q]:
    return lambda user: make()


def today() -> date:
    """The day in Finland."""
    return timezone.localdate()


def state_badge(record: Any) -> SafeString:
    """Where a record stands, in a word."""
    state = record.state
    return format_html('<span class="badge" data-state="{}">{}</span>', state, state.label)


def amount_of(amount: Any, currency: str) -> SafeString | str:
    """An amount of money in a table."""
    if amount is None:
        return ""
    return to_the_right(money(amount, currency))


def to_the_right(value: Any) -> SafeString:
    """A number in a table, one below the other."""
    return format_html('<span class="amount">{}</span>', value)


def link_to(record: Any, text: str) -> SafeString | str:
    """The way to a record's own page."""
    if record is None:
        return ""
    options = record._meta
    name = f"admin:{options.app_label}_{options.model_name}_change"
    return format_html('<a href="{}">{}</a>', record_address(name, record.public_id), text)


def heading_of_amounts(label: str | Promise) -> SafeString:
    """The heading of a column of amounts."""
    return to_the_right(capfirst(str(label)))


class WithAmounts(RegisterAdmin):
    """Columns of money, to the right, in the currency that the record names."""

    amounts: tuple[str, ...] = ()

    def _teller(self, request: HttpRequest, name: Any) -> Callable[[Any], Any]:
        if name in self.amounts:
            return lambda record: amount_of(getattr(record, name), self.currency_of(record)) or "–"
        return super()._teller(request, name)

    def _label_of(self, name: Any) -> str:
        label = super()._label_of(name)
        return heading_of_amounts(label) if name in self.amounts else label

    def currency_of(self, record: Any) -> str:
        """In which currency a record's amounts are."""
        currency: str = record.currency
        return currency


class ContractsAdmin(WithAmounts, CustomersAdmin):
    """A kind of record of this app; those of a customer are found with her, or with its person."""

    search_label = _SEARCH
    own_number = ""
    """The field by whose whole value one record is found."""

    def search(self, request: HttpRequest, term: str) -> Search:
        if self.own_number:
            written = term.strip()
            itself = Q(**{f"{self.own_number}__in": {written, written.upper()}})
            if self.get_queryset(request).filter(itself).keys_only().exists():
                return Search(itself)
        return super().search(request, term)

    def matching(self, keys: FoundKeys) -> Q:
        """What belongs to the customers that were found, and to the persons and their customers."""
        condition = Q(pk__in=[])
        if "customer" in self.belongs_to:
            customers = self.customers_of(keys)
            condition |= Q(**{f"{self.belongs_to['customer']}__in": customers})
        if "person" in self.belongs_to:
            condition |= Q(**{f"{self.belongs_to['person']}__in": keys.persons})
        return condition

    @staticmethod
    def customers_of(keys: FoundKeys) -> list[int]:
        """The customers that were found, and those that the persons found are themselves."""
        owned = Customer.objects.filter(owner__in=keys.persons).keys_only()[:MOST_ADDRESSES]
        return [*keys.customers, *owned]

    def links(self, request: HttpRequest, record: Any) -> list[tuple[str, str]]:
        return [*super().links(request, record), *document_links(request, record)]

    def steps_for(self, request: HttpRequest, record: Any) -> list[Step]:
        if self.why_not(request, record):
            return []
        return self.possible(record)

    def possible(self, record: Any) -> list[Step]:
        """The steps that the record's state allows."""
        return []

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest | None, **kwargs: Any
    ) -> forms.Field | None:
        """What is one of a few is a plain select; the form says of which."""
        label_of = _ONE_OF.get(db_field.related_model)
        if label_of is None:
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        return OneOfField(
            label_of=label_of,
            group_of=group_of_product if db_field.related_model is Product else None,
            label=db_field.verbose_name,
            help_text=db_field.help_text,
            required=not db_field.blank,
        )

    def covers(self, request: HttpRequest, record: Any) -> bool:
        """Whether addresses and numbers of the record stay covered for whoever asks."""
        return record.customer.is_natural and must_cover(staff_of(request))

    @display(description=_("State"))
    def state(self, record: Any) -> SafeString:
        return state_badge(record)


def group_of_product(product: Product) -> str:
    """The group under which a select names a product."""
    return str(product.get_group_display())


def label_of_address(address: Address, *, cover: bool = False) -> str:
    """An address on one line; covered, its town alone."""
    lines = address_lines(
        address.street, address.postal_code, address.city, address.country, cover=cover
    )
    return f"{', '.join(lines)} ({address.get_kind_display().lower()})"


def label_of_account(account: BillingAccount) -> str:
    """A billing account by its number and its method."""
    return f"{account.number} · {account.get_method_display()}"


_ONE_OF: Mapping[Any, Callable[[Any], str]] = {
    Product: lambda product: product.display_name,
    Address: label_of_address,
    BillingAccount: label_of_account,
}


def sold_now(kind: str = "", also: Iterable[Product | None] = ()) -> list[Product]:
    """What is sold today, and what a record has that is not sold any more."""
    found = Product.objects.sold_on()
    if kind:
        found = found.filter(kind=kind)
    products = {product.pk: product for product in found}
    products |= {product.pk: product for product in also if product is not None}
    return sorted(products.values(), key=lambda one: (one.group, one.display_name.casefold()))


def addresses_of(customer: Customer, person: Person | None, kept: Address | None) -> list[Address]:
    """Where a customer's deliveries and services may be: its own, its owner's and the person's."""
    people = [key for key in (customer.owner_id, person.pk if person else None) if key]
    found = Address.objects.filter(Q(customer=customer) | Q(person__in=people)).in_force()
    addresses = list(found.in_force_first()[:MOST_ADDRESSES])
    return addresses if kept is None or kept in addresses else [kept, *addresses]


def accounts_of(customer: Customer, kept: BillingAccount | None) -> list[BillingAccount]:
    """The billing accounts that a contract of the customer may have."""
    accounts = list(BillingAccount.objects.filter(customer=customer).in_force().in_force_first())
    return accounts if kept is None or kept in accounts else [kept, *accounts]
