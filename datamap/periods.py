"""How long a retention rule keeps: as it is declared, or as the registrar has set it.

What is set lies in the database, which this layer does not know: it is handed in as `Periods`.
"""

from collections.abc import Mapping
from typing import NamedTuple

from datamap.declarations import LAST_REASON, Keep, PersonalData


class Period(NamedTuple):
    """How long: whole months, or days."""

    months: int
    days: int

    @property
    def interval(self) -> str:
        return f"{self.months} months {self.days} days"


Periods = Mapping[tuple[str, str], Period]
"""The periods that the registrar set, by the model's label and the rule's `after`."""


def declared_period(rule: Keep) -> Period:
    """How long the declaration says."""
    return Period(rule.months_in_all, rule.days)


def is_settable(rule: Keep) -> bool:
    """Whether the registrar may set the period: one in months that ends by itself.

    What follows the person's last reason, or is to go within days, is not a matter of choice.
    """
    return bool(rule.months_in_all) and rule.ends_with != LAST_REASON


def period_of(declaration: PersonalData, rule: Keep, set_ones: Periods) -> Period:
    """How long a rule keeps: as it is declared, or as the registrar has set it."""
    declared = declared_period(rule)
    if not is_settable(rule):
        return declared
    return set_ones.get((declaration.model._meta.label_lower, rule.after), declared)
