"""What a run does and what it leaves, in words, in the language that is active.

The registrar's pages and the command say it with these; they count records and name nobody.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from datamap.declarations import Keep, PersonalData, registry
from datamap.vocabulary import Category
from datamap.words import kind_of, main_category
from privacy.forgetting.periods import rules_of
from privacy.forgetting.staying import BY_RULE, LAST, OPEN, OTHERS, Stays
from privacy.models import ErasureRun

Plan = Mapping[str, Mapping[str, int]]
"""How many records of each kind are erased, reduced or held."""


@dataclass(frozen=True)
class KindLine:
    """What becomes of the records of one kind."""

    records: str
    erased: int
    reduced: int
    held: int


@dataclass(frozen=True)
class CategoryLine:
    """What becomes of the records of one category, and how it compares with the largest."""

    category: str
    kinds: tuple[KindLine, ...]
    percent: int = 0

    @property
    def erased(self) -> int:
        return sum(kind.erased for kind in self.kinds)

    @property
    def reduced(self) -> int:
        return sum(kind.reduced for kind in self.kinds)

    @property
    def held(self) -> int:
        return sum(kind.held for kind in self.kinds)


@dataclass(frozen=True)
class StaysLine:
    """Records of one kind that stay: how many, until when, and why."""

    records: str
    number: int
    until: str
    because: str


def declared_of(label: str) -> PersonalData:
    """The declaration of a kind, by its label."""
    model: Any = apps.get_model(label)
    return registry[model]


def name_of(label: str) -> str:
    """What the records of a kind are called."""
    return kind_of(declared_of(label))


def by_category(plan: Plan) -> list[CategoryLine]:
    """A plan by category, in the order of the register description; each kind in one of them."""
    kinds: dict[Category, list[KindLine]] = {}
    for label, actions in sorted(plan.items()):
        line = KindLine(
            name_of(label), *(actions.get(action, 0) for action in ("erase", "reduce", "held"))
        )
        kinds.setdefault(main_category(declared_of(label)), []).append(line)
    lines = [
        CategoryLine(str(category.label), tuple(kinds[category]))
        for category in Category
        if category in kinds
    ]
    most = max((line.erased for line in lines), default=0)
    return [CategoryLine(line.category, line.kinds, _percent(line.erased, most)) for line in lines]


def done_by(run: ErasureRun) -> Plan:
    """What a run did with records of each kind, by its plan.

    It counts together what it erased and what it reduced; where some stayed after all, these are
    taken off what was to be erased.
    """
    found = {}
    for label, number in run.erased.items():
        reduced = min(number, run.plan.get(label, {}).get("reduce", 0))
        found[label] = {"erase": number - reduced, "reduce": reduced}
    return found


def _percent(number: int, most: int) -> int:
    """The share of the largest; what is there at all is seen."""
    return max(1, round(100 * number / most)) if number else 0


def in_words(stays: Iterable[Stays]) -> Iterator[StaysLine]:
    """What stays, line by line, by what the records are called."""
    for one in sorted(stays, key=lambda one: name_of(one.kind).casefold()):
        until, because = _reason(one)
        yield StaysLine(name_of(one.kind), one.records, until, because)


def _reason(one: Stays) -> tuple[str, str]:
    if one.why == BY_RULE:
        return _days(one.earliest, one.latest), _law(_rule(one))
    if one.why == OPEN:
        return (
            _("no day yet"),
            _("In use: what the time is counted from has not happened"),
        )
    if one.why == OTHERS:
        kinds = ", ".join(
            f"{name_of(kind)}: {number_format(number, force_grouping=True)}"
            for kind, number in sorted(one.held_by.items())
        )
        because = _("Its own time is over, but records that stay need it")
        return _("as long as what needs it"), f"{because} ({kinds})" if kinds else because
    if one.why == LAST:
        return (
            _("as long as any other record of the person is kept"),
            _("Knowing whom the other records are about"),
        )
    return _("as long as the records that it belongs to"), _("A part of them")


def _rule(one: Stays) -> Keep:
    return next(rule for rule in rules_of(declared_of(one.kind)) if rule.after == one.after)


def _law(rule: Keep) -> str:
    because = str(rule.because)
    return _("%(because)s (by law)") % {"because": because} if rule.by_law else because


def _days(earliest: date | None, latest: date | None) -> str:
    """The last days on which they are still there: on the days themselves they go."""
    days = [
        date_format(day - timedelta(days=1), "SHORT_DATE_FORMAT")
        for day in (earliest, latest)
        if day
    ]
    return " – ".join(dict.fromkeys(days))
