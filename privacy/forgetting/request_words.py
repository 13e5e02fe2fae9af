"""A plan of an erasure request in words: what goes, what stays and why, what is beyond reach."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from datamap.declarations import PersonalData
from datamap.vocabulary import Category
from datamap.words import kind_of
from privacy.forgetting import remaining
from privacy.forgetting.remaining import Remains
from privacy.forgetting.saying import declared_of, name_of
from privacy.models import ErasureDecision, PlannedErasure
from privacy.report.collecting import declared


@dataclass(frozen=True)
class Line:
    """So many records of a kind, and what becomes of them; of what stays, until when and why."""

    kind: str
    categories: str
    records: int
    outcome: str = ""
    until: date | None = None
    because: str = ""


@dataclass(frozen=True)
class Difference:
    """A line that says something else than when it was approved: how many then, how many now."""

    line: Line
    approved: int
    now: int


def going(plan: Mapping[str, Mapping[str, int]], *, is_done: bool = False) -> list[Line]:
    """What goes or is reduced, or has been, in the order of the register description."""
    action = PlannedErasure.Action
    outcomes = {
        action.ERASE: _("is erased"),
        action.REDUCE: _("is reduced to what is still needed"),
    }
    if is_done:
        outcomes = {
            action.ERASE: pgettext("records", "erased"),
            action.REDUCE: _("reduced to what is still needed"),
        }
    return [
        Line(*_named(declaration), records, outcomes[PlannedErasure.Action(done)])
        for declaration in declared()
        for done, records in plan.get(declaration.model._meta.label_lower, {}).items()
        if done in outcomes
    ]


def staying(stays: Iterable[Remains]) -> list[Line]:
    """What stays, until when at the latest where that is known, and why."""
    found = [one for one in stays if one["why"] != remaining.REACH]
    return [
        Line(*_subject(one), one["records"], _("stays"), _until(one), _because(one))
        for one in found
    ]


def beyond_reach(stays: Iterable[Remains]) -> list[Line]:
    """What went out before, by what the register knows of it."""
    names = {
        "letters": _("Letters in answer to the requests"),
        "packages": _("Packages with the data"),
        "messages": _("E-mails, text messages and letters"),
        "offers": _("Offers that were sent"),
        "recipients": _("Recipients of the data, who are told of the erasure"),
    }
    return [
        Line(names[one["what"]], "", one["records"])
        for one in stays
        if one["why"] == remaining.REACH
    ]


def differences(approved: Any, now: Any) -> list[Difference]:
    """What has changed between the facts that were approved and those of now."""
    before, after = (dict(_counted(facts)) for facts in (approved, now))
    return [
        Difference(line, before.get(line, 0), after.get(line, 0))
        for line in dict.fromkeys([*before, *after])
        if before.get(line) != after.get(line)
    ]


def _counted(facts: Any) -> Iterator[tuple[Line, int]]:
    for line in [*going(facts.plan), *staying(facts.stays)]:
        yield (
            Line(line.kind, line.categories, 0, line.outcome, line.until, line.because),
            (line.records),
        )


def _subject(one: Remains) -> tuple[str, str]:
    if "kind" not in one:
        return str(Category(one["category"]).label), ""
    return _named(declared_of(one["kind"]))


def _named(declaration: PersonalData) -> tuple[str, str]:
    """What records of a kind are called, and their categories."""
    labels = [str(one.label) for one in Category if one in declaration.all_categories]
    return kind_of(declaration), ", ".join(labels)


def _until(one: Remains) -> date | None:
    return date.fromisoformat(one["until"]) if one.get("until") else None


def _because(one: Remains) -> str:
    why = one["why"]
    if why == remaining.LAW:
        return _law(declared_of(one["kind"]), one["after"])
    if why == remaining.HELD_BY:
        names = [name_of(kind) for kind in one["by"]]
        return _("Held by records that stay: %(names)s") % {"names": ", ".join(names)}
    if why == remaining.DECIDED:
        ground = one["ground"]
        return str(ErasureDecision.Ground(ground).label) if ground else _("Not decided")
    return {
        remaining.OTHERS: _("It is about somebody else too, or the matter of another customer."),
        remaining.FILE: _("It shows how a request is answered."),
        remaining.PARTS: _("A number or e-mail address that is to stay belongs to it."),
        remaining.HOLD: _("A hold keeps it."),
        remaining.LAST: _("It stays as long as anything else about the person does."),
    }[why]


def _law(declaration: PersonalData, after: str) -> str:
    return next((str(rule.because) for rule in declaration.retention if rule.after == after), "")
