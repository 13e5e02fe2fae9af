"""Call records as Asterisk writes them (CSV), with the column of ours that says who was told.

A row that will not do is a problem of its own; a file without the columns is none of these. Times
without a zone are Helsinki's.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import BinaryIO

from django.utils import timezone
from django.utils.translation import gettext as _

NEEDED = frozenset({"uniqueid", "start", "end", "src", "dst", "recordingfile", "informed_at"})
COLUMNS = NEEDED | {"answer", "duration", "billsec", "disposition"}
LARGEST = 64 * 2**20
LONGEST_LINE = 100_000
HEAD = 4096
"""So many bytes tell whether a file is one of call records."""

_UNIQUEID = re.compile(r"[\w.:\-]{1,100}", re.ASCII)
_LONGEST_NUMBER = 80
_EARLIEST = 2000


class NoCallRecords(Exception):  # noqa: N818  (it reads as what it says)
    """This is no file of call records."""


@dataclass(frozen=True)
class CallRecord:
    """One row: a call, and the file that holds its recording."""

    uniqueid: str
    started_at: datetime
    ended_at: datetime
    caller: str
    called: str
    file: str
    informed_at: datetime | None
    was_answered: bool
    seconds: int
    row: int = field(compare=False)

    @property
    def was_informed(self) -> bool:
        """Whether the caller was told before it began (S9)."""
        return self.informed_at is not None and self.informed_at <= self.started_at


@dataclass(frozen=True)
class BadRow:
    """A row that will not do, and why."""

    row: int
    why: str


def looks_like_call_records(head: bytes) -> bool:
    """Whether a file that begins so is one of call records: its first line names the columns."""
    first = head[:HEAD].removeprefix(b"\xef\xbb\xbf").splitlines()[:1]
    return bool(first) and b"uniqueid" in first[0].lower() and b"recordingfile" in first[0].lower()


def read_call_records(file: BinaryIO) -> Iterator[CallRecord | BadRow]:
    """The rows that name a recording, numbered as a spreadsheet shows them.

    Raises NoCallRecords where a column is missing.
    """
    rows = _rows(file)
    header = next(rows, (0, None))[1] or []
    names = [name.strip().lower() for name in header]
    if not NEEDED.issubset(names) or len(set(names)) < len(names):
        raise NoCallRecords
    for number, cells in rows:
        if cells is None or len(cells) != len(names):
            yield BadRow(number, _("the row is no CSV with a cell for each column"))
            continue
        row = {name: cell.strip() for name, cell in zip(names, cells, strict=True)}
        if row["recordingfile"]:
            yield _record(number, row)


def _rows(file: BinaryIO) -> Iterator[tuple[int, list[str] | None]]:
    """The rows with cells; None in the stead of one that is not CSV."""
    reader = csv.reader(_lines(file), strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield number, None
        else:
            if any(cells):
                yield number, cells


def _lines(file: BinaryIO) -> Iterator[str]:
    """Lines as text; bytes that are not UTF-8 stay what they are, as in names of files."""
    line = file.readline(LONGEST_LINE)
    while line:
        # A line that is too long comes in pieces, none of which has the right number of cells.
        yield line.decode("utf-8-sig", "surrogateescape")
        line = file.readline(LONGEST_LINE)


def _record(number: int, row: dict[str, str]) -> CallRecord | BadRow:
    started_at, ended_at = _time(row["start"]), _time(row["end"])
    informed_at = _time(row["informed_at"]) if row["informed_at"] else None
    why = ""
    if not _UNIQUEID.fullmatch(row["uniqueid"]):
        why = _("the uniqueid is missing or no such number")
    elif not _is_plain_name(row["recordingfile"]):
        why = _("recordingfile is no name of a file in this folder")
    elif started_at is None or ended_at is None or ended_at < started_at:
        why = _("start or end is no time, or the end is before the start")
    elif row["informed_at"] and informed_at is None:
        why = _("informed_at is no time")
    elif started_at > timezone.now() + timedelta(days=1):
        why = _("the call is still to come")
    if why or started_at is None or ended_at is None:
        return BadRow(number, why)
    return CallRecord(
        uniqueid=row["uniqueid"],
        started_at=started_at,
        ended_at=ended_at,
        caller=row["src"][:_LONGEST_NUMBER],
        called=row["dst"][:_LONGEST_NUMBER],
        file=row["recordingfile"],
        informed_at=informed_at,
        was_answered=row.get("disposition", "ANSWERED").upper() == "ANSWERED",
        seconds=int((ended_at - started_at).total_seconds()),
        row=number,
    )


def _time(written: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    if not _EARLIEST <= found.year <= timezone.now().year + 1:
        return None
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def _is_plain_name(name: str) -> bool:
    return not set(name) & {"/", "\\", "\0"} and name not in {".", ".."}
