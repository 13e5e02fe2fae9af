"""What the staff's desk does with single records: made, and corrected in place with their source.

The desk itself compares what was shown with what is stored; here are the rules that hold however
a record is saved: nothing of a restricted person is changed, no identity code is kept, one first
choice of a kind.
"""

from datetime import date
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils import timezone

from accounts.models import User
from customers.free_text import refuse_identity_codes
from customers.models import ContactPoint, Hold, Restriction
from customers.models.base import RegisterModel
from customers.services.locks import lock_person, refuse_restricted
from customers.services.normalising import normalised
from datamap.declarations import SELF, registry

R = TypeVar("R", bound=RegisterModel)


@transaction.atomic
def save_record(*, record: R) -> R:
    """Save a record as it was filled in, new or corrected.

    Raises ProcessingRestricted, and ValidationError where a value will not do.
    """
    for person_id in persons_of(record):
        lock_person(person_id)
        refuse_restricted(person_id)
    refuse_identity_codes(**_texts_of(record))
    record.full_clean()
    record.save()
    return record


@transaction.atomic
def save_contact_point(*, point: ContactPoint) -> ContactPoint:
    """Save a number or an address; a new first choice takes the place of the one before.

    Raises ProcessingRestricted, and ValidationError where it is no number and no address.
    """
    point.normalised = normalised(point.kind, point.as_written)
    if point.is_primary and point.ended_on is None and point.person_id is not None:
        lock_person(point.person_id)
        others = ContactPoint.objects.filter(
            person=point.person_id, kind=point.kind, is_primary=True
        ).in_force()
        for other in others.exclude(pk=point.pk):
            other.is_primary = False
            other.save(update_fields=["is_primary"])
    return save_record(record=point)


@transaction.atomic
def restrict_processing(*, restriction: Restriction, by: User) -> Restriction:
    """Restrict a person's data from now on (GDPR Art. 18)."""
    restriction.restricted_by = by
    restriction.since = timezone.now()
    restriction.full_clean()
    restriction.save()
    return restriction


@transaction.atomic
def lift_restriction(*, restriction: Restriction, by: User) -> Restriction:
    """Lift a restriction; lifting twice changes nothing. The person is told before (Art. 18(3))."""
    restriction = Restriction.objects.select_for_update(no_key=True).get(pk=restriction.pk)
    if restriction.lifted_at is None:
        restriction.lifted_at = max(timezone.now(), restriction.since)
        restriction.lifted_by = by
        restriction.save(update_fields=["lifted_at", "lifted_by"])
    return restriction


@transaction.atomic
def place_hold(*, hold: Hold, by: User) -> Hold:
    """Keep the data of a person or a customer from being deleted, for a reason."""
    hold.placed_by = by
    hold.placed_at = timezone.now()
    refuse_identity_codes(reason=hold.reason)
    hold.full_clean()
    hold.save()
    return hold


@transaction.atomic
def change_hold(*, hold: Hold, until: date | None) -> Hold:
    """Let a hold end on another day."""
    hold.until = until
    hold.full_clean()
    hold.save(update_fields=["until"])
    return hold


@transaction.atomic
def release_hold(*, hold: Hold) -> Hold:
    """Release a hold; releasing twice changes nothing."""
    hold = Hold.objects.select_for_update(no_key=True).get(pk=hold.pk)
    if hold.released_at is None:
        hold.released_at = max(timezone.now(), hold.placed_at)
        hold.save(update_fields=["released_at"])
    return hold


def persons_of(record: RegisterModel) -> list[int]:
    """The keys of those whom a record is about, as declared; none where it is a company's own.

    What is a private customer's or a sole trader's own is about her, the owner. Nothing of her is
    read here.
    """
    found: set[int | None] = set()
    for path in registry[type(record)].subjects:
        *way, last = path.split("__")
        about: Any = record
        for step in way:
            about = getattr(about, step, None)
        found.add(record.pk if path == SELF else getattr(about, f"{last}_id", None))
    return sorted(key for key in found if key is not None)


def _texts_of(record: RegisterModel) -> dict[str, str]:
    """The free text of a record, where an identity code could hide."""
    return {
        field.name: getattr(record, field.attname)
        for field in record._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and field.name not in ("normalised", "number", "user_id", "business_id")
    }
