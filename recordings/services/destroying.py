"""Destroying: the key in the transaction that decides it, the bytes afterwards.

Whatever happens in between, nothing can be opened; the line that remains says what was destroyed,
when and by which rule, and names nobody (S11, domain §4).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.context import AccessPurpose, access_context
from customers.services.locks import locked
from recordings.models import DestroyedBy, Recording, StoredMessage
from recordings.querysets import KeptQuerySet, mark_of
from recordings.services.errors import Held, NotYet
from recordings.services.removing import destroy_file

AT_ONCE = 500


@transaction.atomic
def destroy(record: Recording | StoredMessage, by: DestroyedBy, *, is_over: bool = False) -> bool:
    """Destroy a recording or a message; returns False where it was destroyed before.

    Everybody it concerned has her row in the log. Raises Held where a hold keeps it, a
    restriction too unless she asked for the erasure herself (never in quarantine without the
    notice, S9), and NotYet where the rule does not ask for it yet. Who has found that its time is
    over, by a period shorter than the longest, says so with `is_over`.
    """
    record = locked(record)
    if record.destroyed_at is not None:
        return False
    _refuse(record, by, is_over=is_over)
    destroy_file(record.file)
    record.destroyed_at, record.destroyed_by = timezone.now(), by
    _blank(record)
    record.save()  # its log rows name those whom it concerns: before they are unlinked
    record.concerns.all().delete()
    _forget_care(record)
    return True


def _refuse(record: Recording | StoredMessage, by: DestroyedBy, *, is_over: bool) -> None:
    rows: KeptQuerySet[Recording] | KeptQuerySet[StoredMessage]
    rows = type(record).objects.filter(pk=record.pk)
    if by == DestroyedBy.QUARANTINE:
        asked, kept = rows.in_quarantine(), rows.kept_in_quarantine()
    elif by == DestroyedBy.RETENTION:
        asked = rows if is_over else rows.past_their_day()
        kept = rows.held_or_restricted()
    else:
        asked, kept = rows, rows.held()
    if not asked.exists():
        raise NotYet
    if kept.exists():
        raise Held


def _blank(record: Recording | StoredMessage) -> None:
    """Take out of the line what tells who it was: numbers, addresses, the contact, the hour."""
    record.interaction = None
    record.external_id = mark_of(record.external_id)
    if isinstance(record, Recording):
        record.caller_number, record.handled_by, record.informed_at = "", None, None
        record.started_at = _day_of(record.started_at)
    else:
        record.sender, record.recipients = "", []
        record.sent_at = _day_of(record.sent_at)


def _day_of(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)


def _forget_care(record: Recording | StoredMessage) -> None:
    """What was written about it goes too: that it was held or corrected, and by whom, remains."""
    for hold in record.recordingholds.all():
        hold.reason, hold.released_at = "", hold.released_at or timezone.now()
        hold.save()
    for correction in record.reassignments.all():
        correction.taken_from = correction.given_to = None
        correction.reason = ""
        correction.save()


def destroy_due(*, job: str) -> int:
    """Destroy what is past its day and kept by nothing; returns how much."""
    return _destroy_all(job, DestroyedBy.RETENTION, KeptQuerySet.due_on)


def destroy_quarantined(*, job: str) -> int:
    """Destroy what nobody put right within seven days; returns how much."""
    return _destroy_all(job, DestroyedBy.QUARANTINE, KeptQuerySet.past_quarantine)


def _destroy_all(job: str, by: DestroyedBy, chosen: Callable[[Any], Any]) -> int:
    """Each is a unit of work of its own: killed in between, the rest goes the next time."""
    destroyed = 0
    for model in (Recording, StoredMessage):
        last = 0
        while keys := _keys(job, chosen(model.objects.filter(pk__gt=last))):
            for last in keys:
                with access_context(job=job, purpose=AccessPurpose.RETENTION):
                    destroyed += _destroy_one(model.objects.get(pk=last), by)
    return destroyed


def _keys(job: str, rows: Any) -> list[int]:
    with access_context(job=job, purpose=AccessPurpose.RETENTION):
        return list(rows.order_by("pk").keys_only()[:AT_ONCE])


def _destroy_one(record: Recording | StoredMessage, by: DestroyedBy) -> bool:
    """Destroy it unless it has been held since it was chosen."""
    try:
        return destroy(record, by)
    except Held:
        return False
