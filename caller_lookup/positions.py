"""Where a page of contacts begins: the time and the key of the last one seen, naming nobody."""

from datetime import UTC, datetime

from customers.models import Interaction


def position_of(contact: Interaction) -> str:
    """The position after this contact, as the address of the next page has it."""
    return f"{contact.happened_at.isoformat()}~{contact.pk}"


def read_position(text: str) -> tuple[datetime | None, int]:
    """The time and key that an address names; rubbish is the top."""
    time, _, number = text.partition("~")
    try:
        at = datetime.fromisoformat(time)
        # In UTC, since PostgreSQL reads fewer offsets than Python does.
        return (at.astimezone(UTC) if at.tzinfo else None), int(number)
    except (ValueError, OverflowError):
        return None, 0
