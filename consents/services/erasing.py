"""Erasing what a person chose, so that what she prohibited outlives her data."""

from collections.abc import Sequence

from django.db import models

from audit.sql import keys_sql
from consents.hashing import pads
from customers.models import Customer, Person

_FORGET = "SELECT forget_marketing_of(%(persons)s, %(customers)s, %(inner)s, %(outer)s) AS kept"


def forget_marketing_with(model: type[models.Model], keys: Sequence[int]) -> None:
    """The step by which marketing is forgotten with the persons or customers whose it is.

    Whoever erases them writes their rows in the log, and has planned it: the database asks.
    """
    persons, customers = (list(keys) if model is one else [] for one in (Person, Customer))
    keys_sql(_FORGET, {"persons": persons, "customers": customers, **pads()})
