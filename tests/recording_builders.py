"""Builders of recordings and messages: sealed for real, into the vault of the settings."""

import io
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from audit.context import AccessPurpose, in_context
from contracts.dates import add_months
from customers.models import Person
from recordings.models import Quarantine, Recording, StoredMessage
from recordings.periods import CALL_MONTHS, MESSAGE_MONTHS
from recordings.services import concerns, seal

SOUND = b"what was said in the call, in clear; " * 40

_numbers = count(1)


@in_context(job="builder", purpose=AccessPurpose.UPKEEP)
def a_recording(
    *persons: Person, content: bytes = SOUND, started_at: datetime | None = None, **more: Any
) -> Recording:
    """A recorded call of these persons, who were told before it began."""
    started_at = started_at or timezone.now() - timedelta(days=1)
    values = {
        "medium": Recording.Medium.CALL,
        "format": Recording.Format.WAV,
        "external_id": f"1700000000.{next(_numbers)}",
        "caller_number": "+358400001234",
        "line_number": "+358201640200",
        "started_at": started_at,
        "duration": 12,
        "informed_at": started_at - timedelta(seconds=5),
        "due_on": add_months(timezone.localdate(started_at), CALL_MONTHS),
        **more,
    }
    recording = Recording.objects.create(file=seal(io.BytesIO(content)), **values)
    concerns(recording, persons)
    return recording


def a_quarantined_recording(
    *persons: Person,
    why: Quarantine = Quarantine.NOT_INFORMED,
    since: datetime | None = None,
    **more: Any,
) -> Recording:
    """A recorded call that nobody may play."""
    values: dict[str, Any] = {"quarantine": why, "quarantined_at": since or timezone.now(), **more}
    if why == Quarantine.NOT_INFORMED:
        values["informed_at"] = None
    return a_recording(*persons, **values)


@in_context(job="builder", purpose=AccessPurpose.UPKEEP)
def a_message(
    *persons: Person,
    content: bytes = b"Subject: Lasku\r\n\r\nHei",
    sent_at: datetime | None = None,
    **more: Any,
) -> StoredMessage:
    """An e-mail from one of these persons to the Service Desk."""
    sent_at = sent_at or timezone.now() - timedelta(days=1)
    values = {
        "kind": StoredMessage.Kind.EMAIL,
        "external_id": f"<{next(_numbers)}@posti.example>",
        "sender": "aino.mallikas@posti.example",
        "recipients": ["asiakaspalvelu@praecom.example"],
        "sent_at": sent_at,
        "due_on": add_months(timezone.localdate(sent_at), MESSAGE_MONTHS),
        **more,
    }
    message = StoredMessage.objects.create(file=seal(io.BytesIO(content)), **values)
    concerns(message, persons)
    return message
