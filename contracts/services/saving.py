"""How the services take a record to change it, and save it.

Locks are taken from the document to its parts (offer or order before lines, contract before
services), then on the persons it is about, so that two changes at once come one after another.
"""

from typing import TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contracts.rules import said
from customers.models import Address, Customer, Person
from customers.models.base import RegisterModel
from customers.services.desk import persons_of, save_record
from customers.services.locks import lock_person, locked, refuse_changed, refuse_restricted

M = TypeVar("M", bound=RegisterModel)


def to_change(record: M) -> M:
    """The record as it is now, locked; as the caller read it, and about nobody who is restricted.

    Raises ChangedMeanwhile where somebody else has saved it, and ProcessingRestricted.
    """
    stored = locked(record)
    refuse_changed(stored, record.changed_at)
    for person_id in persons_of(stored):
        lock_person(person_id)
        refuse_restricted(person_id)
    return stored


def kept(record: M) -> M:
    """Save a record, new or as it was taken to change; it comes back as the database keeps it.

    Raises ProcessingRestricted, and ValidationError with the sentence of what will not do.
    """
    said(lambda: save_record(record=record))
    record.refresh_from_db()
    return record


def saved(record: M) -> M:
    """Save a record as a form filled it in: a new one, or one that nobody has changed meanwhile."""
    if not record._state.adding:
        to_change(record)
    return kept(record)


def refuse_elsewhere(
    name: str, address: Address | None, customer: Customer, person: Person | None
) -> None:
    """Refuse an address that is neither the customer's nor its owner's nor the person's own."""
    if address is None or address.customer_id == customer.pk:
        return
    if address.person_id is not None and address.person_id in (
        customer.owner_id,
        person.pk if person is not None else None,
    ):
        return
    raise ValidationError({name: _("This is not an address of the customer or the person.")})
