"""Corrections, one fact at a time, each with its source; what was there stays as history.

`seen_at` is the `changed_at` of the record as the user saw it: whoever saves second is told, and
nothing is overwritten unseen (promise 8). All of them raise ProcessingRestricted for a restricted
person, ChangedMeanwhile, and ValidationError where a value will not do.
"""

from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from customers.free_text import refuse_identity_codes
from customers.models import Address, ContactPerson, ContactPoint, Person
from customers.models.base import SourcedModel, is_over
from customers.services.errors import AlreadyEnded
from customers.services.locks import locked, person_to_change, refuse_changed
from customers.services.normalising import normalised

M = TypeVar("M", bound=SourcedModel)

# --- the person herself ---------------------------------------------------------------------------


@transaction.atomic
def correct_name(
    *, person: Person, first_name: str, last_name: str, source: str, seen_at: datetime
) -> Person:
    """Give a person the name that is right."""
    return _change_person(
        person, seen_at, first_name=first_name, last_name=last_name, source=source
    )


@transaction.atomic
def set_language(*, person: Person, language: str, source: str, seen_at: datetime) -> Person:
    """Serve a person in another language from now on."""
    return _change_person(person, seen_at, language=language, source=source)


def _change_person(person: Person, seen_at: datetime, **values: str) -> Person:
    person = person_to_change(person.pk, seen_at)
    refuse_identity_codes(**values)
    return _changed(person, **values, source_wording="")


# --- phone numbers and e-mail addresses -----------------------------------------------------------


@transaction.atomic
def add_contact_point(
    *, person: Person, kind: str, as_written: str, label: str = "", source: str
) -> ContactPoint:
    """Add a number or an e-mail address; the first one of its kind is the first choice."""
    person = person_to_change(person.pk)
    others = ContactPoint.objects.filter(person=person, kind=kind, is_primary=True).in_force()
    return _new_contact_point(person, kind, as_written, label, source, not others.exists())


@transaction.atomic
def correct_contact_point(
    *, point: ContactPoint, as_written: str, label: str, source: str, seen_at: datetime
) -> ContactPoint:
    """Put another number or address in the place of one, which stays as an ended one.

    Another writing or label of the same number is no other number: it is changed in place.
    """
    point = _point_to_change(point, seen_at)
    if normalised(point.kind, as_written) == point.normalised:
        refuse_identity_codes(label=label)
        return _changed(point, as_written=as_written, label=label, source=source, source_wording="")
    _changed(point, ended_on=timezone.localdate())
    person: Any = point.person
    return _new_contact_point(person, point.kind, as_written, label, source, point.is_primary)


@transaction.atomic
def end_contact_point(*, point: ContactPoint, seen_at: datetime) -> ContactPoint:
    """End a number or address as of today: nobody is found by it any more."""
    return _changed(_point_to_change(point, seen_at), ended_on=timezone.localdate())


@transaction.atomic
def make_first_choice(*, point: ContactPoint, seen_at: datetime) -> ContactPoint:
    """Let this number or address be the one of its kind to use first."""
    point = _point_to_change(point, seen_at)
    for other in ContactPoint.objects.filter(
        person=point.person_id, kind=point.kind, is_primary=True
    ).in_force():
        if other.pk != point.pk:
            _changed(other, is_primary=False)
    return point if point.is_primary else _changed(point, is_primary=True)


def _point_to_change(point: ContactPoint, seen_at: datetime) -> ContactPoint:
    person_to_change(_person_of(point))
    point = locked(point)
    if point.ended_on is not None:
        raise AlreadyEnded(point)
    refuse_changed(point, seen_at)
    return point


def _new_contact_point(
    person: Person, kind: str, as_written: str, label: str, source: str, is_primary: bool
) -> ContactPoint:
    refuse_identity_codes(label=label)
    point = ContactPoint(
        person=person,
        kind=kind,
        as_written=as_written,
        normalised=normalised(kind, as_written),
        label=label,
        is_primary=is_primary,
        source=source,
    )
    point.full_clean()
    point.save()
    return point


# --- addresses ------------------------------------------------------------------------------------


@transaction.atomic
def add_address(
    *,
    person: Person,
    kind: str,
    street: str,
    postal_code: str,
    city: str,
    country: str,
    source: str,
) -> Address:
    """Add an address of a person's own, valid from today; one that she has makes no second one.

    So the same form sent again adds nothing (promise 8).
    """
    person = person_to_change(person.pk)
    values = {
        "kind": kind,
        "street": street,
        "postal_code": postal_code,
        "city": city,
        "country": country,
    }
    address = Address(person=person, valid_from=timezone.localdate(), source=source, **values)
    refuse_identity_codes(street=street, city=city)
    address.full_clean()
    there = Address.objects.filter(person=person, **values).in_force().order_by("pk").first()
    if there is not None:
        return there
    address.save()
    return address


@transaction.atomic
def correct_address(
    *,
    address: Address,
    kind: str,
    street: str,
    postal_code: str,
    city: str,
    country: str,
    source: str,
    seen_at: datetime,
) -> Address:
    """Put another address in the place of one, which stays as valid until yesterday.

    One that has been valid for no whole day is no history: it is changed in place.
    """
    refuse_identity_codes(street=street, city=city)
    values = {
        "kind": kind,
        "street": street,
        "postal_code": postal_code,
        "city": city,
        "country": country,
        "source": source,
    }
    address = _address_to_change(address, seen_at)
    if _began_today(address.valid_from):
        return _changed(address, **values, source_wording="")
    announced = address.valid_until
    _changed(address, valid_until=_yesterday())
    successor = Address(
        person=address.person, valid_from=timezone.localdate(), valid_until=announced, **values
    )
    successor.full_clean()
    successor.save()
    return successor


@transaction.atomic
def end_address(*, address: Address, seen_at: datetime) -> Address:
    """End an address: yesterday was its last day, or today if it began today."""
    address = _address_to_change(address, seen_at)
    return _changed(address, valid_until=_last_day(address.valid_from))


def _address_to_change(address: Address, seen_at: datetime) -> Address:
    person_to_change(_person_of(address))
    address = locked(address)
    if is_over(address.valid_until):
        raise AlreadyEnded(address)
    refuse_changed(address, seen_at)
    return address


# --- what she does for a company ------------------------------------------------------------------


@transaction.atomic
def correct_contact_role(
    *, role: ContactPerson, task: str, position: str, source: str, seen_at: datetime
) -> ContactPerson:
    """Give a contact person another task or position from today; the old one stays as history.

    A role that began today is no history: it is changed in place.
    """
    refuse_identity_codes(task=task, position=position)
    role = _role_to_change(role, seen_at)
    if _began_today(role.started_on):
        return _changed(role, task=task, position=position, source=source, source_wording="")
    announced = role.ended_on
    _changed(role, ended_on=_yesterday())
    successor = ContactPerson(
        person=role.person,
        customer=role.customer,
        task=task,
        position=position,
        started_on=timezone.localdate(),
        ended_on=announced,
        source=source,
    )
    successor.full_clean()
    successor.save()
    return successor


@transaction.atomic
def end_contact_role(
    *, role: ContactPerson, ended_on: date, source: str, seen_at: datetime
) -> ContactPerson:
    """End what a person does for a company; `ended_on` is its last day."""
    role = _role_to_change(role, seen_at)
    return _changed(role, ended_on=ended_on, source=source, source_wording="")


def _role_to_change(role: ContactPerson, seen_at: datetime) -> ContactPerson:
    person_to_change(role.person_id)
    role = locked(role)
    if is_over(role.ended_on):
        raise AlreadyEnded(role)
    refuse_changed(role, seen_at)
    return role


# --- days, and saving -----------------------------------------------------------------------------


def _yesterday() -> date:
    return timezone.localdate() - timedelta(days=1)


def _began_today(started_on: date | None) -> bool:
    return started_on is not None and started_on >= timezone.localdate()


def _last_day(started_on: date | None) -> date:
    return max(_yesterday(), started_on) if started_on is not None else _yesterday()


def _person_of(record: ContactPoint | Address) -> int:
    if record.person_id is None:
        raise ValueError("A company's own record is not corrected on a person's card.")
    return record.person_id


def _changed(record: M, **values: Any) -> M:
    """Save these values, once the whole record is valid with them."""
    for name, value in values.items():
        setattr(record, name, value)
    record.full_clean()
    record.save(update_fields=list(values))
    return record
