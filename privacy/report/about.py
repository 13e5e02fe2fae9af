"""What Art. 15(1)(a)-(h) and 15(2) ask for beside the data itself, in the language in force."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import DisclosedPerson, Disclosure, Processor, SubProcessor
from customers.models import Person
from customers.models.base import Source
from datamap import words
from datamap.controller import CONTROLLER
from datamap.declarations import PersonalData, Use
from datamap.vocabulary import Category
from privacy.description.sayings import NO_MARKETING, RIGHTS, TAKING_BACK, complaint
from privacy.forgetting.periods import periods_now
from privacy.report.columns import day_in_words


def uses_of(declaration: PersonalData) -> list[dict[str, Any]]:
    """Purposes and bases of a model's data, each once, with the weighing of an interest."""
    return [_use(use) for use in words.uses_of(declaration)]


def _use(use: Use) -> dict[str, Any]:
    return {
        "purpose": str(use.purpose.label),
        "basis": str(use.basis.label),
        "balancing": str(use.balancing),
        "recipients": [str(one) for one in use.recipients],
    }


def retention_of(declaration: PersonalData) -> list[str]:
    """How long the data is kept, in words."""
    return [_kept(rule) for rule in words.kept(declaration, periods_now())]


def _kept(rule: words.Kept) -> str:
    if not rule.since:
        return f"{rule.period}."
    values = {"period": rule.period, "event": rule.since, "because": rule.because}
    return _("%(period)s, counted from: %(event)s. %(because)s.") % values


# --- whom the data was given to -------------------------------------------------------------------


def recipients_of(person: Person) -> list[dict[str, Any]]:
    """Who received her data, by name: when, which kinds, on which ground, and where it went.

    What was said to be given stands in the record of it alone, where it is reviewed.
    """
    hers = DisclosedPerson.objects.filter(subject=person.public_id)
    found = Disclosure.objects.filter(pk__in=hers.values("disclosure")).select_related("recipient")
    return [
        {
            "name": one.recipient.name,
            "kind": one.recipient.get_kind_display(),
            "country": one.country,
            "categories": categories_in_words(one.categories),
            "basis": one.get_basis_display(),
            "safeguard": one.get_transfer_tool_display() if one.transfer_tool else "",
            "on": timezone.localdate(one.made_at).isoformat(),
        }
        for one in found.order_by("made_at", "pk")
    ]


def processors() -> list[dict[str, Any]]:
    """Who processes the data on our behalf now, and whom they let do it."""
    found = Processor.objects.in_force(timezone.localdate())
    return [
        {
            "name": one.name,
            "service": one.service,
            "country": one.country,
            "safeguard": one.get_transfer_tool_display() if one.transfer_tool else "",
            "sub_processors": [_helper(sub) for sub in one.sub_processors.all()],
        }
        for one in found.order_by("name")
    ]


def _helper(sub: SubProcessor) -> str:
    """A sub-processor with its country, and what lets the data go there."""
    tool = f"; {sub.get_transfer_tool_display()}" if sub.transfer_tool else ""
    return f"{sub.name} ({sub.country}{tool})"


def categories_in_words(codes: Iterable[str]) -> list[str]:
    """The names of categories."""
    return [str(Category(code).label) for code in codes]


# --- sentences ------------------------------------------------------------------------------------


def sources() -> list[str]:
    """Where data can come from (Art. 15(1)(g), S26)."""
    return [str(label) for label in Source.labels]


def rights() -> list[str]:
    """What she can ask for, and to whom she can complain (Art. 15(1)(e) and (f))."""
    return [
        *map(str, (*RIGHTS, NO_MARKETING, TAKING_BACK)),
        complaint(),
        _("Our telephone number is %(phone)s.") % {"phone": CONTROLLER.phone},
    ]


def statements() -> list[str]:
    """Automated decisions, transfers, and what cannot be shown (Art. 15(1)(h) and 15(2))."""
    return [
        _("No decision about you is made by a computer alone, and you are not profiled."),
        _(
            "Your data stays in the European Economic Area, unless the list of recipients or "
            "processors says otherwise; then it also says what protects your data there."
        ),
        _(
            "If you are on a list of people who want no marketing, we also keep a coded mark of "
            "your number or address. It shows only that we must not contact you, and it cannot be "
            "turned back into a number or an address, so it is not printed here."
        ),
    ]


def in_words(disclosure: dict[str, Any]) -> str:
    """A disclosure in one line."""
    parts = [
        day_in_words(disclosure["on"]),
        f"{disclosure['name']} ({disclosure['kind']}, {disclosure['country']})",
        ", ".join(disclosure["categories"]),
        disclosure["basis"],
        disclosure["safeguard"],
    ]
    return "; ".join(part for part in parts if part)
