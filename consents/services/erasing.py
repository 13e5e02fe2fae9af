"""Erasing what a person chose, so that what she prohibited outlives her data."""

from collections.abc import Sequence

from django.db import models

from audit.context import require
from audit.log import Action, Event, add_change
from audit.sql import keys_sql
from consents.hashing import pads
from customers.models import Customer, Person
from datamap.vocabulary import Category

_FORGET = "SELECT forget_marketing(%(person)s, %(inner)s, %(outer)s) AS kept"
_FORGET_MANY = (
    "SELECT forget_marketing_of(%(persons)s, %(customers)s, %(inner)s, %(outer)s) AS kept"
)


def forget_marketing(*, person: Person) -> int:
    """Erase a person's events of marketing and keep her prohibitions as keyed hashes.

    Returns how many hashes were kept. It is part of erasing her, and no page calls it (domain §5).
    """
    [row] = keys_sql(_FORGET, {"person": person.pk, **pads()})
    gone = Event(Action.DELETE, subject=person.public_id, categories=(Category.MARKETING.value,))
    add_change(require(), gone)
    return int(row["kept"])


def forget_marketing_with(model: type[models.Model], keys: Sequence[int]) -> None:
    """The step by which marketing is forgotten with the persons or customers whose it is.

    Whoever erases them writes their rows in the log.
    """
    persons, customers = (list(keys) if model is one else [] for one in (Person, Customer))
    keys_sql(_FORGET_MANY, {"persons": persons, "customers": customers, **pads()})
