"""What changed from one version of the description to the next, per section, words marked."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from privacy.description.blocks import lines_of

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


class Mark(StrEnum):
    """What became of some words."""

    SAME = "same"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True)
class Piece:
    """Words that share what became of them."""

    mark: Mark
    text: str


@dataclass(frozen=True)
class ChangedSection:
    """A section that is not as it was: its lines that differ, and whether it is all new or gone."""

    heading: str
    mark: Mark
    lines: Sequence[Sequence[Piece]]


def differences(
    before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]
) -> list[ChangedSection]:
    """The sections that differ, as the later version has them; those that are gone come last."""
    old = {section["key"]: section for section in before}
    found = [
        changed
        for section in after
        if (changed := _changed(old.pop(section["key"], None), section)) is not None
    ]
    return [*found, *(_whole(section, Mark.GONE) for section in old.values())]


def _changed(before: dict[str, Any] | None, after: dict[str, Any]) -> ChangedSection | None:
    if before is None:
        return _whole(after, Mark.NEW)
    lines = list(_marked_lines(_said(before), _said(after)))
    return ChangedSection(after["heading"], Mark.SAME, lines) if lines else None


def _said(section: dict[str, Any]) -> list[str]:
    return [section["heading"], *lines_of(section)]


def _whole(section: dict[str, Any], mark: Mark) -> ChangedSection:
    lines = [[Piece(mark, line)] for line in lines_of(section)]
    return ChangedSection(section["heading"], mark, lines)


def _marked_lines(before: list[str], after: list[str]) -> Iterator[list[Piece]]:
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        paired = min(b - a, d - c)
        for old, new in zip(before[a : a + paired], after[c : c + paired], strict=True):
            yield _marked_words(old, new)
        yield from ([Piece(Mark.GONE, line)] for line in before[a + paired : b])
        yield from ([Piece(Mark.NEW, line)] for line in after[c + paired : d])


def _marked_words(before: str, after: str) -> list[Piece]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(Mark.SAME, "".join(old[a:b])))
            continue
        if b > a:
            pieces.append(Piece(Mark.GONE, "".join(old[a:b])))
        if d > c:
            pieces.append(Piece(Mark.NEW, "".join(new[c:d])))
    return pieces
