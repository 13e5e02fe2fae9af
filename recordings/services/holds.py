"""Holds: a dispute keeps a recording or a message beyond its day (domain §4)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from accounts.models import User
from customers.free_text import refuse_identity_codes
from customers.services.locks import locked
from recordings.models import Recording, RecordingHold, StoredMessage
from recordings.services.persons import about, kept


@transaction.atomic
def place_hold(
    record: Recording | StoredMessage, reason: str, until: date | None, by: User
) -> RecordingHold:
    """Keep it until that day, or until it is released.

    Raises Destroyed, and ValidationError where it is in quarantine (what was never to be there is
    put right or goes), or where a value will not do.
    """
    record = kept(record)
    if record.quarantined_at is not None:
        raise ValidationError(_now("What is in quarantine cannot be held."))
    _refuse_over(until)
    refuse_identity_codes(reason=reason)
    hold = RecordingHold(reason=reason, until=until, placed_by=by, **about(record))
    hold.full_clean()
    hold.save()
    return hold


@transaction.atomic
def prolong_hold(hold: RecordingHold, until: date | None) -> RecordingHold:
    """Give a hold another last day, or none; who did is in the log.

    Raises ValidationError where the day is over, or the hold was released.
    """
    hold = locked(hold)
    if hold.released_at is not None:
        raise ValidationError(_now("The hold was released: nothing is changed any more."))
    _refuse_over(until)
    hold.until = until
    hold.full_clean()
    hold.save(update_fields=["until"])
    return hold


@transaction.atomic
def release_hold(hold: RecordingHold, by: User) -> RecordingHold:
    """End a hold; from then on its recording or message goes when it is due.

    Releasing twice changes nothing.
    """
    hold = locked(hold)
    if hold.released_at is None:
        hold.released_at, hold.released_by = timezone.now(), by
        hold.save(update_fields=["released_at", "released_by"])
    return hold


def _refuse_over(until: date | None) -> None:
    """Raise ValidationError where the last day is over: such a hold would hold nothing."""
    if until is not None and until < timezone.localdate():
        raise ValidationError({"until": _now("This day is over.")})
