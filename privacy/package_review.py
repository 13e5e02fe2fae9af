"""What the review of a package shows: a find with the text around it, and the draft to be read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import override

from audit.context import require
from privacy.models import Package, ProposedRedaction, RequestAttachment, RequestLetter
from privacy.package_drafts import draft_lines
from privacy.report.collecting import Line
from privacy.report.columns import words_of
from privacy.report.drafts import VALUES, Place, string_at

AROUND = 300
"""Characters shown before and behind a find."""
LINES_PER_PAGE = 50


@dataclass(frozen=True)
class Piece:
    """A part of a text: as it is, or a place to be blacked out."""

    text: str
    find: ProposedRedaction | None = None
    is_this: bool = False


@dataclass(frozen=True)
class Shown:
    """A find as the review shows it: in which record and column, with the text around it.

    Of a file it is said what the record says of it, and where it can be opened.
    """

    find: ProposedRedaction
    section: str
    column: str
    pieces: Sequence[Piece]
    starts_inside: bool
    goes_on: bool
    facts: Sequence[tuple[str, str]] = ()
    opened_at: str = ""

    @property
    def is_file(self) -> bool:
        """Whether it is asked about a whole file, of which the draft has nothing but the name."""
        return bool(self.facts)


@dataclass(frozen=True)
class Counts:
    """How far the review is."""

    undecided: int
    decided: int

    @property
    def total(self) -> int:
        return self.undecided + self.decided


def finds_of(package: Package) -> Any:
    """The finds of a package in the order of the draft."""
    return ProposedRedaction.objects.filter(package=package).order_by("pk")


def counts_of(package: Package) -> Counts:
    """How many finds are decided, and how many are not."""
    finds = finds_of(package)
    undecided = finds.undecided().count()
    return Counts(undecided, finds.count() - undecided)


def shown_find(package: Package, find: ProposedRedaction) -> Shown:
    """A find with the text around it; what is shown is recorded as a look at her data."""
    place = Place.at(find.pointer)
    section, line = _line_at(package, place.line)
    text = string_at(line, place.way)
    others = finds_of(package).filter(pointer=find.pointer)
    column = section["columns"][place.column]
    _record(package, [section])
    first, last = max(0, find.start - AROUND), min(len(text), find.stop + AROUND)
    is_file = "file" in line and line["file"]["value"] == place.column
    with override(package.request.language):
        facts = _facts(section, line) if is_file else []
    return Shown(
        find=find,
        section=section["label"],
        column=column["label"],
        pieces=list(_pieces(text, first, last, find, others)),
        starts_inside=first > 0,
        goes_on=last < len(text),
        facts=facts,
        opened_at=_opened_at(section["model"], line["id"]) if is_file else "",
    )


def _opened_at(model: str, public_id: str) -> str:
    """The page on which the file of a record is opened, with its own rights and row in the log."""
    if model in _PAGES:
        return reverse(_PAGES[model], args=[public_id])
    papers, part = _PARTS[model]
    cases = papers._default_manager.filter(public_id=public_id)
    case = cases.values_list("request__public_id", flat=True).first()
    return "" if case is None else f"{reverse('requests:case', args=[case])}#{part}"


_PAGES = {
    "recordings.recording": "recordings:recording",
    "recordings.storedmessage": "recordings:message",
}
_PARTS: Mapping[str, tuple[Any, str]] = {
    "privacy.requestattachment": (RequestAttachment, "papers"),
    "privacy.requestletter": (RequestLetter, "letters"),
}


def _line_at(package: Package, number: int) -> tuple[Line, Line]:
    """A line of the draft, with the section that it stands in."""
    section: Line = {}
    for here, line in enumerate(draft_lines(package)):
        if line["line"] == "section":
            section = line
        if here == number:
            return section, line
    raise LookupError("The draft has no such line.")


def _pieces(
    text: str, first: int, last: int, this: ProposedRedaction, finds: Any
) -> Iterator[Piece]:
    at = first
    for find in sorted(finds, key=lambda one: one.start):
        if find.start < at or find.start >= last:
            continue
        if find.start > at:
            yield Piece(text[at : find.start])
        yield Piece(text[find.start : find.stop], find, is_this=find.pk == this.pk)
        at = find.stop
    if at < last:
        yield Piece(text[at:last])


# --- the whole draft ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Record:
    """A record of the draft in words; `number` is its line."""

    number: int
    section: str
    facts: Sequence[tuple[str, str]]


def page_of_draft(package: Package, after: int) -> tuple[list[Record], bool]:
    """The records behind a line, as many as a page holds, and whether there are more."""
    found: list[Record] = []
    sections: list[Line] = []
    section: Line = {}
    has_more = False
    with override(package.request.language):
        for number, line in enumerate(draft_lines(package)):
            if line["line"] == "section":
                section = line
            elif line["line"] == "record" and number > after:
                if len(found) == LINES_PER_PAGE:
                    has_more = True
                    break
                sections.append(section)
                found.append(Record(number, section["label"], _facts(section, line)))
    _record(package, sections)
    return found, has_more


def _facts(section: Mapping[str, Any], line: Line) -> list[tuple[str, str]]:
    words = (
        (column["label"], words_of(value, column))
        for column, value in zip(section["columns"], line[VALUES], strict=True)
    )
    return [(label, text) for label, text in words if text]


def _record(package: Package, sections: Sequence[Line]) -> None:
    """Put into the log that her data of these sections was looked at."""
    person = package.request.person
    categories = frozenset(c for section in sections for c in section["categories"])
    if person is not None and categories:
        require().saw_person(person.pk, person.public_id, categories)
