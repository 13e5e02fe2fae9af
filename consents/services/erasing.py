"""Erasing what a person chose, so that what she prohibited outlives her data."""

from audit.context import require
from audit.log import Action, Event, add_change
from audit.sql import keys_sql
from consents.hashing import pads
from customers.models import Person
from datamap.vocabulary import Category

_FORGET = "SELECT forget_marketing(%(person)s, %(inner)s, %(outer)s) AS kept"


def forget_marketing(*, person: Person) -> int:
    """Erase a person's events of marketing and keep her prohibitions as keyed hashes.

    Returns how many hashes were kept. It is part of erasing her, and no page calls it (domain §5).
    """
    [row] = keys_sql(_FORGET, {"person": person.pk, **pads()})
    gone = Event(Action.DELETE, subject=person.public_id, categories=(Category.MARKETING.value,))
    add_change(require(), gone)
    return int(row["kept"])
