"""How long recordings and messages are kept at most (domain §5): what callers are told.

The registrar may set shorter periods; those are the engine's, in `privacy.forgetting`.
"""

from datetime import date, datetime, timedelta

from django.utils import timezone

from contracts.dates import add_months

CALL_MONTHS = 6
"""From the start of the call."""

MESSAGE_MONTHS = 24
"""From the day on which its case was closed, or its customer's relationship ended; from its sending
where no case is known, or an open one of no customer."""

QUARANTINE_DAYS = 7
"""Within so many days what is in quarantine is put right or destroyed."""

SOON_DAYS = 14
"""How many days before its end something counts as due soon."""

LOOKED_AFTER_EVERY = timedelta(hours=1)
"""How often the job runs by which it goes: what would be over by the next time goes now."""


def call_due(started_at: datetime) -> date:
    """The day on which the recording of a call that began then is destroyed."""
    return add_months(timezone.localdate(started_at), CALL_MONTHS)


def message_due(sent_at: datetime, closed_at: datetime | None) -> date:
    """The day on which a message is destroyed: by its case where that is closed."""
    return add_months(timezone.localdate(closed_at or sent_at), MESSAGE_MONTHS)
