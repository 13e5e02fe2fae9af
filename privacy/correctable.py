"""Which values of a person can be put right in her request, and by which service.

They are those that she gave herself, as declared; what writes them is what the card and the desk
write with, so that history, sources and refusals are the same (Art. 16).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.text import capfirst

from accounts.models import User
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
    def label(self) -> str:
        return capfirst(str(self.record._meta.get_field(self.field).verbose_name))

    @property
    def raw(self) -> str:
        """The value as it is stored."""
        return str(getattr(self.record, self.field))

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
    return services.save_record(record=record)


_WAYS: dict[type[SourcedModel], tuple[tuple[str, ...], Write]] = {
    Person: (("first_name", "last_name", "language"), _person),
    ContactPoint: (("as_written", "label"), _point),
    Address: (("kind", "street", "postal_code", "city", "country"), _address),
    ContactPerson: (("task", "position"), _role),
    Customer: (("company_name", "business_id", "language"), _on_the_desk),
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


def _hers(model: type[SourcedModel], person: Person, user: User) -> Any:
    return rows_about(registry[model], person).visible_to(user)


def _fits(record: Any, field: str) -> bool:
    """A private customer has no company name and no business ID."""
    is_company = not isinstance(record, Customer) or record.kind == Customer.Kind.COMPANY
    return is_company or field == "language"


def value_of(person: Person, user: User, model: str, record: UUID, field: str) -> Value | None:
    """A value by its place, also of a record that has ended; None where there is no such one."""
    for one in _WAYS:
        if one._meta.model_name == model and field in fields_of(one):
            found = _hers(one, person, user).filter(public_id=record).first()
            return Value(found, field) if found is not None and _fits(found, field) else None
    return None
