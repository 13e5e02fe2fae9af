"""How many of a target group may be reached, and why the others may not, without naming anybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consents.rules import BY_CODE

FEW = 5
"""Fewer than so many are never shown as a number: it could tell of somebody."""

ENDED = "ended"
"""What is left out of a list that was made before: its number or address has ended since."""

_ENDED_SENTENCE = _("The number or address is not in use any more.")


class Line(NamedTuple):
    """How many were left out by one rule; `few` stands where the number is not shown."""

    sentence: str | Promise
    reference: str | Promise
    number: int
    few: bool


def reason(code: str) -> tuple[str | Promise, str | Promise]:
    """The sentence and the legal reference of what left somebody out."""
    if code == ENDED:
        return _ENDED_SENTENCE, ""
    rule = BY_CODE[code]
    return rule.sentence, rule.reference


@dataclass(frozen=True)
class Counts:
    """How many are allowed, and how many are left out by which rule."""

    allowed: int
    blocked: Mapping[str, int]

    @property
    def total(self) -> int:
        return self.allowed + sum(self.blocked.values())

    @property
    def is_few(self) -> bool:
        """Whether the whole group is too small for any number but that."""
        return self.total < FEW

    @property
    def are_few_allowed(self) -> bool:
        return 0 < self.allowed < FEW

    @property
    def is_total_shown(self) -> bool:
        """Whether the sum can stand beside its parts without telling one that is hidden."""
        return not self.are_few_allowed and not any(line.few for line in self.lines)

    @property
    def at_least(self) -> int:
        """What the group has at least, going by what is shown of its parts."""
        allowed = int(self.are_few_allowed) or self.allowed
        return allowed + sum(1 if line.few else line.number for line in self.lines)

    @property
    def lines(self) -> list[Line]:
        """Who was left out, the most frequent reason first, small ones last in a fixed order."""
        lines = [
            Line(*reason(code), number, number < FEW)
            for code, number in sorted(self.blocked.items())
            if number
        ]
        return sorted(lines, key=lambda line: (line.few, 0 if line.few else -line.number))
