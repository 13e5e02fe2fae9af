"""All files of a reviewed draft, one after the other: the job and the command make the same.

Nothing is gathered: each file is handed out as something to read before the next is begun.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, NamedTuple, cast

from privacy.models import PackageFile
from privacy.report import json_file, pdf, portable, zips
from privacy.report.collecting import Line

Kind = PackageFile.Kind
Read = Callable[[], Iterator[Line]]

_NAMES = {
    Kind.REPORT: "report-{volume}.pdf",
    Kind.DATA: "data.json",
    Kind.RECORDINGS: "recordings.zip",
    Kind.PORTABLE_JSON: "portable.json",
    Kind.PORTABLE_CSV: "portable-csv.zip",
}
MEDIA_TYPES = {
    Kind.REPORT: "application/pdf",
    Kind.DATA: "application/json",
    Kind.RECORDINGS: "application/zip",
    Kind.PORTABLE_JSON: "application/json",
    Kind.PORTABLE_CSV: "application/zip",
}


class Made(NamedTuple):
    """A file that was made; whoever takes it closes it."""

    kind: PackageFile.Kind
    volume: int
    content: BinaryIO


def name_of(kind: str, volume: int) -> str:
    """The name under which a file is handed out: it names nobody."""
    return _NAMES[PackageFile.Kind(kind)].format(volume=volume)


def access_files(read: Read, *, addressee: Sequence[str], password: str) -> Iterator[Made]:
    """The report in its volumes, its data, and her recordings where there are any (Art. 15)."""
    for number, volume in pdf.volumes(read, addressee=addressee):
        yield Made(Kind.REPORT, number, io.BytesIO(volume))
    yield Made(Kind.DATA, 1, _reader(json_file.pieces(read())))
    archive = zips.zipped(zips.files_in(read()), password)
    if archive is not None:
        yield Made(Kind.RECORDINGS, 1, cast(BinaryIO, archive))


def portable_files(read: Read) -> Iterator[Made]:
    """What she can take along, as JSON and as tables (Art. 20)."""
    yield Made(Kind.PORTABLE_JSON, 1, _reader(json_file.pieces(read())))
    yield Made(Kind.PORTABLE_CSV, 1, cast(BinaryIO, portable.tables(read())))


class _Pieces(io.RawIOBase):
    """Reads what comes in pieces."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, place: memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        size = min(len(place), len(self._rest))
        place[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


def _reader(pieces: Iterator[bytes]) -> BinaryIO:
    return io.BufferedReader(_Pieces(pieces), 1 << 20)
