"""The columns that a kind of file may have, by their names in Finnish, Swedish and English."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

_SEPARATORS = re.compile(r"[\s_-]+")


@dataclass(frozen=True)
class Rule:
    """What a column is called in Finnish and Swedish, and how many characters it holds.

    The English name is that of the column itself.
    """

    finnish: str
    swedish: tuple[str, ...]
    longest: int


class Columns:
    """Every column of a kind of file, in the order in which a row is parsed."""

    def __init__(self, rules: Mapping[Any, Rule], *, must_have: tuple[IntEnum, ...]) -> None:
        self.all: tuple[IntEnum, ...] = tuple(sorted(rules))
        self.must_have = must_have
        """Without these columns no row could be right, nor without a value in each of them."""
        self.longest = tuple(rules[column].longest for column in self.all)
        self._by_name = {
            _folded(name): column
            for column, rule in rules.items()
            for name in (column.name, rule.finnish, *rule.swedish)
        }

    def named(self, name: str) -> IntEnum | None:
        """The column of that name, whatever its capitals, spaces and hyphens; None if unknown."""
        return self._by_name.get(_folded(name))


def _folded(name: str) -> str:
    return _SEPARATORS.sub("_", name.strip().casefold())
