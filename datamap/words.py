"""Declarations in words, in the language that is active: how long, from when, why, what for.

The register description, the record of Art. 30 and a person's own report say it with these.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datamap.declarations import FINANCIAL_YEAR, LAST_REASON, Keep, PersonalData, Use
from datamap.periods import Period, Periods, declared_period, period_of
from datamap.vocabulary import Category


@dataclass(frozen=True)
class Kept:
    """A retention rule in words: the period, what it is counted from, and why so long."""

    period: str
    since: str
    because: str


def kept(declaration: PersonalData, set_ones: Periods) -> list[Kept]:
    """The retention rules of a model; without a rule of its own it goes with what it belongs to.

    The periods that the registrar set take the place of those that are declared.
    """
    if not declaration.retention:
        return [Kept(_("As long as the records that it belongs to"), "", "")]
    return [
        Kept(
            time_of(declaration, rule, period_of(declaration, rule, set_ones)),
            since_of(declaration.model, rule),
            str(rule.because),
        )
        for rule in declaration.retention
    ]


def time_of(declaration: PersonalData, rule: Keep, period: Period) -> str:
    """How long: '3 years', '6 months', '30 days'."""
    if rule.ends_with == LAST_REASON and declaration.goes_early_with:
        return _("As long as a record is kept that needs more of the person than her name")
    if rule.ends_with == LAST_REASON:
        return _("As long as any other record of the person is kept")
    if period == declared_period(rule):
        return _time(rule.years, rule.months, rule.days)
    years, months = divmod(period.months, 12)
    if years > 1 and not months:
        return _time(years, 0, period.days)
    return _time(0, period.months, period.days)


def _time(years: int, months: int, days: int) -> str:
    parts = [
        (years, ngettext("%(number)d year", "%(number)d years", years)),
        (months, ngettext("%(number)d month", "%(number)d months", months)),
        (days, ngettext("%(number)d day", "%(number)d days", days)),
    ]
    said = [text % {"number": number} for number, text in parts if number]
    return ", ".join(said) or _("Erased at once")


def since_of(model: type[models.Model], rule: Keep) -> str:
    """What the period is counted from: the date's own name, and whose date it is."""
    if rule.ends_with == LAST_REASON:
        return ""
    if rule.since:
        return str(rule.since)
    *owners, last = list(_steps(model, rule.after))
    name = str(last.verbose_name)
    if rule.counted_from == FINANCIAL_YEAR:
        return _("end of the calendar year in which the financial year ended (%(date)s)") % {
            "date": name
        }
    if not owners:
        return name
    owner = str(owners[-1].related_model._meta.verbose_name)
    return _("%(date)s (%(record)s)") % {"date": name, "record": owner}


def _steps(model: type[models.Model], path: str) -> Iterator[Any]:
    here: Any = model
    for name in path.split("__"):
        step = here._meta.get_field(name)
        yield step
        here = step.related_model


def uses_of(declaration: PersonalData, category: Category | None = None) -> list[Use]:
    """Each use of a model's fields once, or only of its fields of one category."""
    found: dict[Use, None] = {}
    for field in declaration.fields.values():
        if category is None or category in field.categories:
            found.update(dict.fromkeys(field.uses or declaration.uses))
    return list(found)


def field_names(declaration: PersonalData, category: Category) -> list[str]:
    """What the fields of one category are called, each name once."""
    names = (
        str(declaration.model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        for name, field in declaration.fields.items()
        if category in field.categories
    )
    return list(dict.fromkeys(names))


def main_category(declaration: PersonalData) -> Category:
    """The category that most of a kind's fields belong to; of several the first one declared."""
    found = Counter(
        category for field in declaration.fields.values() for category in field.categories
    )
    return max(found, key=lambda category: found[category])


def kind_of(declaration: PersonalData) -> str:
    """What the records of a model are called, as the first word of a line."""
    return capfirst(str(declaration.model._meta.verbose_name_plural))
