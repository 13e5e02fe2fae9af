"""Putting right what is in quarantine: a recording whose call record had not come with it."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _now

from customers.phones import NotAPhoneNumber, normalise_phone
from recordings import callers
from recordings.models import Quarantine, Recording
from recordings.services.persons import concerns, kept

_WHERE_KNOWN = ("handled_by_id", "interaction_id")


@transaction.atomic
def put_right(
    recording: Recording,
    *,
    caller_number: str,
    line_number: str,
    started_at: datetime,
    informed_at: datetime,
) -> Recording:
    """Give a recording the call record that the registrar has typed, and take it out of quarantine.

    Raises Destroyed, and ValidationError where it is there for another reason (never without the
    notice, S9), where the caller was told only after it had begun, or where it began only after it
    had come to us: it would be kept for longer.
    """
    record: Any = kept(recording)
    if informed_at > started_at:
        raise ValidationError(
            {"informed_at": _now("She was told too late: it stays in quarantine and goes.")}
        )
    if started_at > record.created_at:
        raise ValidationError({"started_at": _now("The recording was here before that.")})
    call = callers.Call(
        number=_number(caller_number),
        line=line_number,
        agent=record.handled_by_id,
        started_at=started_at,
        ended_at=started_at + timedelta(seconds=record.duration),
        informed_at=informed_at,
    )
    return give_call_record(record, call)


@transaction.atomic
def give_call_record(recording: Recording, call: callers.Call, external_id: str = "") -> Recording:
    """Give a recording that came without one its call record, from which follows whom it concerns.

    It leaves the quarantine where the caller was told before it began, and is there for want of
    that otherwise (S9). The agent and the contact event that were known stay where the call record
    tells of none. Raises Destroyed, and ValidationError where it is there for another reason, or a
    value will not do.
    """
    record: Any = kept(recording)
    if record.quarantine != Quarantine.NO_RECORD:
        raise ValidationError(_now("Only what has no call record can be put right."))
    persons, details = callers.details_of(call)
    for name in _WHERE_KNOWN:
        details[name] = details[name] or getattr(record, name)
    for name, value in details.items():
        setattr(record, name, value)
    record.external_id = external_id or record.external_id
    if call.informed_at is not None and call.informed_at <= call.started_at:
        record.quarantined_at, record.quarantine = None, ""
    else:
        record.quarantine = Quarantine.NOT_INFORMED
    record.full_clean()
    record.save()
    concerns(record, callers.persons(persons))
    return record  # type: ignore[no-any-return]


def _number(written: str) -> str:
    """The caller's number in one form; empty if it was hidden."""
    if not written:
        return ""
    try:
        return normalise_phone(written)
    except NotAPhoneNumber:
        raise ValidationError({"caller_number": _now("This is not a phone number.")}) from None
