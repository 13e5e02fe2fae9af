"""Taking a record to change it: locked, as the user saw it, and of nobody who is restricted."""

from datetime import datetime
from typing import Any, TypeVar

from customers.models import Person, Restriction
from customers.models.base import RegisterModel
from customers.services.errors import ChangedMeanwhile, ProcessingRestricted

M = TypeVar("M", bound=RegisterModel)


def refuse_restricted(person_id: int) -> None:
    """Raise ProcessingRestricted if a restriction of the person's data is in force."""
    if Restriction.objects.filter(person=person_id).in_force().exists():
        raise ProcessingRestricted


def lock_person(person_id: int) -> Person:
    """The person, locked: what is done with her data comes one after another."""
    return Person.objects.select_for_update(no_key=True).get(pk=person_id)


def person_to_change(person_id: int, seen_at: datetime | None = None) -> Person:
    """The person, locked, unless she is restricted.

    `seen_at` is her `changed_at` as the user saw it, where the person herself is changed.
    """
    person = lock_person(person_id)
    refuse_restricted(person_id)
    if seen_at is not None:
        refuse_changed(person, seen_at)
    return person


def locked(record: M) -> M:
    """A person's record as it is now, locked; she is locked before it."""
    manager: Any = type(record)._default_manager
    fresh: M = manager.select_for_update(no_key=True).get(pk=record.pk)
    return fresh


def refuse_changed(record: RegisterModel, seen_at: datetime) -> None:
    """Raise ChangedMeanwhile if the record is not as the user saw it."""
    if record.changed_at != seen_at:
        raise ChangedMeanwhile(record)
