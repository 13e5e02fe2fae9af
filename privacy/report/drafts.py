"""The draft: one line of JSON for each section and each record, streamed into a file and out of it.

A line is addressed by its number, a value in it by a JSON pointer (RFC 6901) into the array of all
lines: `/12/values/3` is the fourth value of the thirteenth line.
"""

import json
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from datamap.controller import CONTROLLER
from privacy.report.about import processors, recipients_of, rights, sources, statements
from privacy.report.collecting import Line, Whose, declared, lines_of

FORMAT = 1
VALUES = "values"
_AT_ONCE = 1 << 20


def head_of(whose: Whose, language: str) -> Line:
    """The first line: what this is, about whom, as of when, and what holds for all of it."""
    person = whose.person
    return {
        "line": "head",
        "format": FORMAT,
        "contents": "portable" if whose.only_portable else "access",
        "language": language,
        "collected_at": timezone.localtime().isoformat(timespec="seconds"),
        "controller": {
            "name": CONTROLLER.name,
            "business_id": CONTROLLER.business_id,
            "address": f"{CONTROLLER.street}, {CONTROLLER.postal_code} {CONTROLLER.city}",
            "phone": CONTROLLER.phone,
        },
        "person": {"id": str(person.public_id), "name": person.display_name},
        "recipients": [] if whose.only_portable else recipients_of(person),
        "processors": [] if whose.only_portable else processors(),
        "sources": sources(),
        "rights": rights(),
        "statements": [] if whose.only_portable else statements(),
    }


Step = Callable[[], Iterator[Line]]


def steps_of(whose: Whose, language: str) -> list[Step]:
    """The steps that a draft is collected in; each reads, so each runs in an access context."""

    def head() -> Iterator[Line]:
        yield head_of(whose, language)

    return [head, *(lambda d=one: lines_of(d, whose) for one in declared())]


def write(lines: Iterable[Line], to: IO[bytes]) -> None:
    """Write lines at the end of a draft."""
    for line in lines:
        to.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


def read(chunks: Iterable[bytes]) -> Iterator[Line]:
    """The lines of a draft that comes in pieces."""
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield json.loads(line.decode())
    if rest:
        yield json.loads(rest.decode())


def lines_in(draft: IO[bytes]) -> Iterator[Line]:
    """The lines of a draft in a file, from its beginning; one pass at a time."""
    draft.seek(0)
    return read(iter(lambda: draft.read(_AT_ONCE), b""))


# --- places in it ---------------------------------------------------------------------------------


class Place(NamedTuple):
    """A string in the draft: the line's number and the way to it inside the line."""

    line: int
    way: tuple[str, ...]

    @classmethod
    def at(cls, pointer: str) -> "Place":
        number, *way = (_unescaped(part) for part in pointer.removeprefix("/").split("/"))
        return cls(int(number), tuple(way))

    @property
    def pointer(self) -> str:
        return "/" + "/".join([str(self.line), *map(_escaped, self.way)])

    @property
    def column(self) -> int:
        """Which column of the section it stands in."""
        return int(self.way[1])


def _escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


def _unescaped(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")


def strings_in(value: Any, way: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every string in a value, with the way to it."""
    if isinstance(value, str):
        yield way, value
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from strings_in(one, (*way, str(place)))
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from strings_in(one, (*way, name))


def string_at(line: Line, way: Sequence[str]) -> str:
    """The string at a place; raises LookupError where there is none."""
    here: Any = line
    for part in way:
        here = here[int(part)] if isinstance(here, list) else here[part]
    if not isinstance(here, str):
        raise LookupError
    return here


# --- what is blacked out in it --------------------------------------------------------------------


@dataclass(frozen=True)
class Span:
    """A part of a string that is blacked out."""

    start: int
    stop: int


Spans = Mapping[int, Mapping[tuple[str, ...], Sequence[Span]]]
"""What is blacked out: by line, and in it by the way to the string."""


def spans_by_place(found: Iterable[tuple[str, int, int]]) -> Spans:
    """The accepted finds (pointer, start, stop) by their place."""
    by_line: dict[int, dict[tuple[str, ...], list[Span]]] = {}
    for pointer, start, stop in found:
        place = Place.at(pointer)
        by_line.setdefault(place.line, {}).setdefault(place.way, []).append(Span(start, stop))
    return by_line


def redacted(lines: Iterable[Line], spans: Spans, hers: Container[int]) -> Iterator[Line]:
    """The draft as it goes out: blacked out, and without the files that are held back.

    `hers` are the files that may go out to her now. Of a record whose file may not any more,
    nothing goes out; where a part of a record is blacked out whose file is text, that holds the
    same in clear.
    """
    for number, line in enumerate(lines):
        file = line.get("file")
        if file is not None and file["key"] not in hers:
            line[VALUES] = [None] * len(line[VALUES])
            _hold_back(line, _("Not given out: it is not there any more, or not about you."))
            yield line
            continue
        blacked = spans.get(number, {})
        for way, here in blacked.items():
            _set(line, way, blacked_out(string_at(line, way), here))
        if file is not None and (VALUES, str(file["value"])) in blacked:
            _hold_back(line, "")
        elif file is not None and blacked and file["is_text"]:
            _hold_back(line, _("Not given out: it holds what is withheld here."))
        yield line


def _hold_back(line: Line, because: str) -> None:
    """Take the file out of a line, which then says why unless that stands there."""
    file = line.pop("file")
    if because:
        line[VALUES][file["value"]] = because


def _set(line: Line, way: Sequence[str], text: str) -> None:
    here: Any = line
    *before, last = way
    for part in before:
        here = here[int(part)] if isinstance(here, list) else here[part]
    here[int(last) if isinstance(here, list) else last] = text


def blacked_out(text: str, spans: Sequence[Span]) -> str:
    """The text with each span, or spans that touch, as one mark that does not tell its length."""
    mark = _("[withheld]")
    parts: list[str] = []
    at = 0
    for span in sorted(spans, key=lambda one: one.start):
        if span.start > at or not parts:
            parts += [text[at : span.start], mark]
        at = max(at, span.stop)
    return "".join([*parts, text[at:]])
