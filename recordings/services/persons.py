"""Whom a recording or a message concerns, and putting that right when it was somebody else."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _now

from accounts.models import User
from customers.free_text import refuse_identity_codes
from customers.models import Person
from customers.services.locks import locked, refuse_restricted
from recordings.models import Reassignment, Recording, StoredMessage
from recordings.services.errors import Destroyed


@transaction.atomic
def concerns(record: Recording | StoredMessage, persons: Iterable[Person]) -> int:
    """Note whom it concerns; returns how many were new. Raises Destroyed."""
    record = kept(record)
    there = set(record.concerns.values_list("person", flat=True))
    new = [person for person in dict.fromkeys(persons) if person.pk not in there]
    for person in new:
        record.concerns.create(person=person)
    return len(new)


@transaction.atomic
def reassign(
    record: Recording | StoredMessage,
    taken_from: Person | None,
    given_to: Person | None,
    reason: str,
    by: User,
) -> Reassignment:
    """Take it from one person and give it to another; who, why and when is kept.

    Without the one it was nobody's, without the other it is not known whose. A contact event of
    the wrong person is not its contact event either. Raises Destroyed, ProcessingRestricted, and
    ValidationError where it is not hers, is the other's already, or a value will not do.
    """
    record = kept(record)
    for person in (taken_from, given_to):
        if person is not None:
            refuse_restricted(person.pk)
    refuse_identity_codes(reason=reason)
    there = set(record.concerns.values_list("person", flat=True))
    if taken_from is not None and taken_from.pk not in there:
        raise ValidationError({"taken_from": _now("It does not concern this person.")})
    if given_to is not None and given_to.pk in there:
        raise ValidationError({"given_to": _now("It concerns this person already.")})
    made = Reassignment(
        taken_from=taken_from, given_to=given_to, reason=reason, made_by=by, **about(record)
    )
    made.full_clean()
    made.save()
    if taken_from is not None:
        record.concerns.get(person=taken_from).delete()
        if record.interaction is not None and record.interaction.person_id == taken_from.pk:
            record.interaction = None
            record.save(update_fields=["interaction"])
    if given_to is not None:
        record.concerns.create(person=given_to)
    return made


def kept(record: Recording | StoredMessage) -> Recording | StoredMessage:
    """The recording or message as it is now, locked; raises Destroyed where only its line is left.

    What is done with it comes one after another: its lock is taken before all else.
    """
    record = locked(record)
    if record.destroyed_at is not None:
        raise Destroyed
    return record


def about(record: Recording | StoredMessage) -> dict[str, Recording | StoredMessage]:
    """The field that says which one a hold or a correction is about, with its value."""
    return {"recording" if isinstance(record, Recording) else "message": record}
