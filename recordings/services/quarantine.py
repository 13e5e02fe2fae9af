"""Putting right what is in quarantine: a recording whose call record had not come with it."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _now

from accounts.models import User
from customers.phones import NotAPhoneNumber, normalise_phone
from recordings.models import Quarantine, Recording
from recordings.periods import call_due
from recordings.services.persons import kept


@transaction.atomic
def put_right(
    recording: Recording,
    *,
    caller_number: str,
    line_number: str,
    started_at: datetime,
    informed_at: datetime,
    handled_by: User | None = None,
) -> Recording:
    """Take a recording out of quarantine by its call record, as the telephone system has it.

    Raises Destroyed, and ValidationError where it is there for another reason (never without the
    notice, S9), or where the caller was told only after it had begun.
    """
    record: Any = kept(recording)
    if record.quarantine != Quarantine.NO_RECORD:
        raise ValidationError(_now("Only what has no call record can be put right."))
    if informed_at > started_at:
        raise ValidationError(
            {"informed_at": _now("She was told too late: it stays in quarantine and goes.")}
        )
    record.caller_number, record.line_number = _number(caller_number), line_number
    record.started_at, record.informed_at = started_at, informed_at
    record.handled_by, record.due_on = handled_by, call_due(started_at)
    record.quarantined_at, record.quarantine = None, ""
    record.full_clean()
    record.save()
    return record  # type: ignore[no-any-return]


def _number(written: str) -> str:
    """The caller's number in one form; empty if it was hidden."""
    if not written:
        return ""
    try:
        return normalise_phone(written)
    except NotAPhoneNumber:
        raise ValidationError({"caller_number": _now("This is not a phone number.")}) from None
