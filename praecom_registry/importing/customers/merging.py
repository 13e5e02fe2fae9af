"""Writing what is new and what differs, set by set; nothing is ever deleted.

The statements are in `merge_sql.py`; this is their order, and what they have done.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model

from audit.sql import keys_sql, run_sql
from consents.models import MarketingChoice
from customers.models import (
    Address,
    ContactPerson,
    ContactPoint,
    Customer,
    Person,
    ServiceUser,
)
from praecom_registry.importing.customers import merge_sql as sql
from praecom_registry.importing.problems import Problems
from praecom_registry.importing.staging import take_problems

_STEPS: tuple[tuple[type[Model], tuple[str, ...]], ...] = (
    (Person, (sql.NEW_PERSONS,)),
    # What is taken from a person's old values comes before they change.
    (
        Customer,
        (sql.NEW_CUSTOMERS, sql.CHANGED_LANGUAGES, sql.CHANGED_PERSONS, sql.CHANGED_CUSTOMERS),
    ),
    (ContactPoint, (sql.FIRST_CONTACT_POINTS, sql.MORE_CONTACT_POINTS)),
    (ContactPerson, (sql.ROLES, sql.TASKS, sql.NEW_TASKS, sql.CHANGED_TASKS)),
    (ServiceUser, (sql.USERS, sql.NEW_USERS, sql.CHANGED_USERS)),
    (Address, (sql.NEW_ADDRESSES, sql.CHANGED_ADDRESSES)),
    (MarketingChoice, (sql.CHOICES,)),
    (Customer, (sql.OWNERS,)),
)
_NEED_THE_DAY = (sql.ROLES, sql.OWNERS)


@dataclass(frozen=True)
class Summary:
    """How many persons and customers were new, changed or as before, and the choices recorded."""

    persons_new: int
    persons_changed: int
    persons_unchanged: int
    customers_new: int
    customers_changed: int
    customers_unchanged: int
    choices: int
    refused_permissions: int


def merge(today: str, progress: Callable[[str], None]) -> None:
    """Write everything that is new or differs."""
    for model, statements in _STEPS:
        progress(str(model._meta.verbose_name_plural))
        for statement in statements:
            run_sql(statement, {"today": today} if statement in _NEED_THE_DAY else ())
    run_sql("ANALYZE import_change")


def note_restricted(problems: Problems) -> None:
    """Add the rows that have changed data of somebody whose data is restricted (GDPR Art. 18)."""
    run_sql(sql.OF_RESTRICTED)
    take_problems(problems)


def summary() -> Summary:
    """What the merge has done."""
    [counts] = keys_sql(sql.SUMMARY)
    return Summary(**counts)
