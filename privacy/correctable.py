"""Which values of a person can be put right in her request, and by which service (Art. 16).

Any personal value of hers, as declared. What she gave herself is written by what the card and the
desk write with, so that history, sources and refusals are the same; the rest is put right by hand.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.text import capfirst

from accounts.models import User
from contracts.models import BillingAccount
from contracts.services.billing import save_billing_account
from customers import services
from customers.models import Address, ContactPerson, ContactPoint, Customer, Person
from customers.models.base import SourcedModel
from customers.services.locks import locked, refuse_changed
from datamap.declarations import registry
from privacy.report.collecting import rows_about


@dataclass(frozen=True)
class Value:
    """One field of one record of hers, as it is now."""

    record: Any
    field: str

    @property
    def model(self) -> str:
        return str(self.record._meta.model_name)

    @property
    def kind(self) -> str:
        return capfirst(str(self.record._meta.verbose_name))

    @property
    def changed_at(self) -> datetime | None:
        """When the record was last changed; None for a kind of which none ever is."""
        return getattr(self.record, "changed_at", None)

    @property
    def is_written(self) -> bool:
        """Whether a service writes it by itself; else it is put right by hand."""
        return self.field in _written(type(self.record))

    @property
    def label(self) -> str:
        return capfirst(str(self.record._meta.get_field(self.field).verbose_name))

    @property
    def raw(self) -> str:
        """The value as it is stored."""
        value = getattr(self.record, self.field)
        return "" if value is None else str(value)

    @property
    def shown(self) -> str:
        """The value as people read it."""
        return in_words(self.record._meta.model, self.field, self.raw)


def in_words(model: type[models.Model], field: str, raw: str) -> str:
    """A stored value as people read it."""
    choices: Any = model._meta.get_field(field).flatchoices  # type: ignore[union-attr]
    return str(dict(choices).get(raw, raw))


# --- by which service -----------------------------------------------------------------------------

Write = Callable[[Any, str, str, str, datetime], object]
"""Writes the value of a field of a record, with its source, unless the record has changed."""


def _same(record: Any, *names: str) -> dict[str, str]:
    return {name: getattr(record, name) for name in names}


def _person(record: Person, field: str, value: str, source: str, seen_at: datetime) -> object:
    if field == "language":
        return services.set_language(person=record, language=value, source=source, seen_at=seen_at)
    names = {**_same(record, "first_name", "last_name"), field: value}
    return services.correct_name(person=record, **names, source=source, seen_at=seen_at)


def _point(record: ContactPoint, field: str, value: str, source: str, seen_at: datetime) -> object:
    if record.person_id is None:
        return _on_the_desk(record, field, value, source, seen_at)
    values = {**_same(record, "as_written", "label"), field: value}
    return services.correct_contact_point(point=record, **values, source=source, seen_at=seen_at)


def _address(record: Address, field: str, value: str, source: str, seen_at: datetime) -> object:
    if record.person_id is None:
        return _on_the_desk(record, field, value, source, seen_at)
    same = _same(record, "kind", "street", "postal_code", "city", "country")
    values = {**same, field: value}
    return services.correct_address(address=record, **values, source=source, seen_at=seen_at)


def _role(record: ContactPerson, field: str, value: str, source: str, seen_at: datetime) -> object:
    values = {**_same(record, "task", "position"), field: value}
    return services.correct_contact_role(role=record, **values, source=source, seen_at=seen_at)


def _on_the_desk(
    record: SourcedModel, field: str, value: str, source: str, seen_at: datetime
) -> object:
    """What belongs to her as a customer is corrected in place, as on the staff's desk."""
    record = locked(record)
    refuse_changed(record, seen_at)
    setattr(record, field, value)
    record.source, record.source_wording = source, ""
    if isinstance(record, ContactPoint):
        return services.save_contact_point(point=record)
    if isinstance(record, BillingAccount):
        return save_billing_account(account=record)
    return services.save_record(record=record)


_WAYS: dict[type[SourcedModel], tuple[tuple[str, ...], Write]] = {
    Person: (("first_name", "last_name", "language"), _person),
    ContactPoint: (("as_written", "label"), _point),
    Address: (("kind", "street", "postal_code", "city", "country"), _address),
    ContactPerson: (("task", "position"), _role),
    Customer: (("company_name", "business_id", "language"), _on_the_desk),
    BillingAccount: (
        ("method", "email", "e_invoice_address", "operator_id", "customer_reference"),
        _on_the_desk,
    ),
}


def write(value: Value, new: str, *, source: str, seen_at: datetime) -> None:
    """Put a value right; raises what the services raise."""
    _fields, by = _WAYS[type(value.record)]
    by(value.record, value.field, new, source, seen_at)


# --- which values ---------------------------------------------------------------------------------


def fields_of(model: type[SourcedModel]) -> list[str]:
    """The fields of a model that she gave herself, as declared, and a service writes."""
    names, _write = _WAYS[model]
    declared = registry[model].fields
    return [name for name in declared if declared[name].provided_by_subject and name in names]


def values_of(person: Person, user: User) -> Iterator[tuple[str, list[Value]]]:
    """The records of a person that are in use, each with its values that can be put right."""
    for model in _WAYS:
        for record in _in_use(model, person, user):
            fields = [Value(record, name) for name in fields_of(model) if _fits(record, name)]
            yield capfirst(str(model._meta.verbose_name)), fields


def _in_use(model: type[SourcedModel], person: Person, user: User) -> Any:
    rows = _hers(model, person, user).order_by("pk")
    return rows if model is Person else rows.in_force()


def _hers(model: type[models.Model], person: Person, user: User) -> Any:
    return rows_about(registry[model], person).visible_to(user)


def _fits(record: Any, field: str) -> bool:
    """A private customer has no company name and no business ID."""
    is_company = not isinstance(record, Customer) or record.kind == Customer.Kind.COMPANY
    return is_company or field not in ("company_name", "business_id")


def _written(model: type[models.Model]) -> tuple[str, ...]:
    return _WAYS[model][0] if model in _WAYS else ()


def value_of(person: Person, user: User, model: str, record: UUID, field: str) -> Value | None:
    """A value by its place, also of a record that has ended; None where there is no such one."""
    kind = _kinds().get(model)
    if kind is None or field not in all_fields_of(kind):
        return None
    found = _hers(kind, person, user).filter(public_id=record).first()
    return Value(found, field) if found is not None and _fits(found, field) else None


# --- every kind of record -------------------------------------------------------------------------

MOST_RECORDS = 50
"""So many records of a kind are shown to choose from, the newest ones."""


@cache
def _kinds() -> Mapping[str, type[Any]]:
    """The declared kinds of records that lead to a person, each of which can be named."""
    of_persons = [one.model for one in registry if one.subjects]
    return {
        str(model._meta.model_name): model
        for model in of_persons
        if any(field.name == "public_id" for field in model._meta.fields)
    }


def all_fields_of(model: type[models.Model]) -> list[str]:
    """The personal fields of a model that have a value of their own, as declared."""
    fields = [model._meta.get_field(name) for name in registry[model].fields]
    return [one.name for one in fields if not one.is_relation]


def kinds_of(person: Person, user: User) -> list[tuple[str, str]]:
    """The kinds of records that are held of a person: how each is addressed, and its name."""
    found = [
        (name, capfirst(str(model._meta.verbose_name_plural)))
        for name, model in _kinds().items()
        if _hers(model, person, user).keys_only().exists()
    ]
    return sorted(found, key=lambda one: one[1].casefold())


def records_of(person: Person, user: User, model: str) -> tuple[str, list[list[Value]]] | None:
    """What a kind of records is called, and the values of her newest ones; None where none is."""
    kind = _kinds().get(model)
    if kind is None:
        return None
    records = _hers(kind, person, user).order_by("-pk")[:MOST_RECORDS]
    values = [
        [Value(record, name) for name in all_fields_of(kind) if _fits(record, name)]
        for record in records
    ]
    return capfirst(str(kind._meta.verbose_name_plural)), values
