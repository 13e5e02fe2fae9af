"""A package's draft in the vault: read by the review, and when the files are made."""

from collections.abc import Iterator
from dataclasses import dataclass

from privacy.models import Package, ProposedRedaction
from privacy.report.collecting import Line, files_of
from privacy.report.drafts import (
    VALUES,
    Place,
    read,
    redacted,
    spans_by_place,
    string_at,
    strings_in,
)
from recordings.models import SealedFile
from recordings.services import clear_bytes


@dataclass(frozen=True)
class DraftLines:
    """The lines of a sealed draft; each pass opens it anew, so it is never held."""

    file: SealedFile

    def __iter__(self) -> Iterator[Line]:
        return read(clear_bytes(self.file))

    def strings(self) -> Iterator[tuple[str, str]]:
        """Every string among the values of its records, with its pointer."""
        for number, line in enumerate(self):
            if line["line"] == "record":
                for way, text in strings_in(line[VALUES], (VALUES,)):
                    yield Place(number, way).pointer, text


def draft_lines(package: Package) -> DraftLines:
    """The draft of a package that has one."""
    assert package.draft is not None  # noqa: S101  (there is one from the review on)
    return DraftLines(package.draft)


def as_it_goes_out(package: Package) -> Iterator[Line]:
    """The draft with everything blacked out that was decided so.

    What has turned out since to be about somebody else, or was destroyed, is left out of it.
    """
    person = package.request.person
    hers = frozenset() if person is None else files_of(person)
    accepted = ProposedRedaction.objects.filter(package=package, is_accepted=True)
    spans = spans_by_place(accepted.values_list("pointer", "start", "stop"))
    return redacted(draft_lines(package), spans, hers)


def texts_of(package: Package, pointers: set[str]) -> dict[str, str]:
    """The strings at these places."""
    wanted: dict[int, list[Place]] = {}
    for pointer in pointers:
        place = Place.at(pointer)
        wanted.setdefault(place.line, []).append(place)
    found = {}
    for number, line in enumerate(draft_lines(package)):
        for place in wanted.get(number, ()):
            found[place.pointer] = string_at(line, place.way)
    return found
