"""A CSV or XLSX file as rows of text with their numbers; what cannot be read is one sentence.

The kind of file, its encoding and its separator are found from the content, not from its name.
Nothing is held but the row at hand, except what an XLSX file keeps apart from its rows, which is
limited.
"""

import codecs
import csv
import io
import re
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, NoReturn

import openpyxl
from django.utils.translation import gettext as _

from praecom_registry.importing.columns import Columns
from praecom_registry.importing.problems import UnreadableFile

FORMULA, ERROR_VALUE = "\x00formula", "\x00error"
"""What stands in the place of a spreadsheet's formula and of its error value."""

LONGEST_LINE = 1_000_000
MOST_ROWS = 1_048_576  # of a spreadsheet
MOST_COLUMNS = 1_000
MOST_SHARED_TEXT = 128 * 2**20  # bytes of XML that openpyxl keeps in memory
MOST_UNPACKED = 2**30
MOST_RATIO = 200  # an honest workbook shrinks to a tenth or a twentieth
_SMALL_ANYWAY = 10 * 2**20

_BLOCK = 2**20
_SEPARATORS = (",", ";", "\t")
_UTF8_LETTER = re.compile(rb"\xc3[\x80-\xbf]")  # å ä ö é in UTF-8: no text in Windows-1252

Rows = Iterator[tuple[int, list[str]]]


@contextmanager
def rows_of(path: Path, columns: Columns) -> Iterator[Rows]:
    """The rows of the file, numbered from one; the first one names the columns.

    Rows of blank cells are left out, and keep their numbers. Raises UnreadableFile, on opening or
    on the way.
    """
    with _opened(path) as file:
        start = file.read(8)
        file.seek(0)
        if not start:
            raise UnreadableFile(_("The file is empty."))
        if start.startswith(b"PK\x03\x04"):
            with _workbook(file) as rows:
                yield rows
        else:
            _refuse_other_kinds(start)
            yield _csv_rows(file, columns)


def _opened(path: Path) -> IO[bytes]:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise UnreadableFile(_("This is not a file."))
        return path.open("rb")
    except FileNotFoundError:
        raise UnreadableFile(_("There is no such file.")) from None
    except (OSError, ValueError):
        raise UnreadableFile(_("The file cannot be opened.")) from None


def _refuse_other_kinds(start: bytes) -> None:
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile(_("This is an old Excel file; save it as XLSX or CSV."))
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnreadableFile(_("The text is in UTF-16; save it as UTF-8."))


# --- CSV -----------------------------------------------------------------------------------------


def _csv_rows(file: IO[bytes], columns: Columns) -> Rows:
    lines = _lines(io.TextIOWrapper(file, encoding=_encoding(file), newline=""))
    first = next(lines, "")
    separator = max(_SEPARATORS, key=lambda one: _columns_known(first, one, columns))
    number = 0
    try:
        reader = csv.reader(_after(first, lines), delimiter=separator, strict=True)
        for number, cells in enumerate(reader, start=1):
            if any(cells) and not all(map(str.isspace, filter(None, cells))):
                yield number, cells
    except csv.Error:
        raise UnreadableFile(
            _("Row %(row)d is not CSV: a quotation mark is missing or a cell is too long.")
            % {"row": number + 1}
        ) from None
    except UnicodeDecodeError:
        raise UnreadableFile(_("The file changed while it was read.")) from None


def _after(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    number = 1
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE and line[-1] not in "\r\n":
            raise UnreadableFile(
                _("Line %(line)d is longer than a million characters.") % {"line": number}
            )
        yield line
        number += 1


def _columns_known(line: str, separator: str, columns: Columns) -> int:
    try:
        names = next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return 0
    return sum(columns.named(name) is not None for name in names)


def _encoding(file: IO[bytes]) -> str:
    """UTF-8 if all of the file is; else Windows-1252, if nothing in it looks like UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    begins_as_utf8 = file.read(3) == codecs.BOM_UTF8
    file.seek(0)
    try:
        while block := file.read(_BLOCK):
            if b"\x00" in block:
                raise UnreadableFile(_("The file is no text: it contains NUL bytes."))
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        _refuse_mixed(file, begins_as_utf8=begins_as_utf8)
        found = "cp1252"
    else:
        found = "utf-8-sig"
    file.seek(0)
    return found


def _refuse_mixed(file: IO[bytes], *, begins_as_utf8: bool) -> None:
    file.seek(0)
    before = b""
    mixed = begins_as_utf8
    while not mixed and (block := file.read(_BLOCK)):
        if b"\x00" in block:
            raise UnreadableFile(_("The file is no text: it contains NUL bytes."))
        mixed = _UTF8_LETTER.search(before + block) is not None
        with suppress(UnicodeDecodeError):
            block.decode("cp1252")
            before = block[-1:]
            continue
        if not mixed:
            raise UnreadableFile(_("The file is no text in UTF-8 or Windows-1252."))
    if mixed:
        raise UnreadableFile(
            _("The file mixes UTF-8 and another encoding; save all of it as UTF-8.")
        )


# --- XLSX ----------------------------------------------------------------------------------------


@contextmanager
def _workbook(file: IO[bytes]) -> Iterator[Rows]:
    _refuse_bombs(file)
    try:
        workbook = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
    except Exception:  # openpyxl raises whatever its parts do
        _refuse_workbook()
    try:
        yield _xlsx_rows(workbook)
    finally:
        workbook.close()


def _refuse_workbook() -> NoReturn:
    raise UnreadableFile(_("This is no XLSX workbook, or it is broken.")) from None


def _refuse_bombs(file: IO[bytes]) -> None:
    """What is packed small must not unpack into more than the memory and the time there are."""
    try:
        parts = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        _refuse_workbook()
    unpacked, packed = sum(p.file_size for p in parts), sum(p.compress_size for p in parts)
    shared = sum(p.file_size for p in parts if not p.filename.startswith("xl/worksheets/"))
    if (
        unpacked > MOST_UNPACKED
        or shared > MOST_SHARED_TEXT
        or (unpacked > _SMALL_ANYWAY and unpacked > MOST_RATIO * packed)
    ):
        raise UnreadableFile(_("The workbook unpacks into too much; save it as CSV."))


def _xlsx_rows(workbook: Any) -> Rows:
    try:
        [sheet, *others] = [
            s for s in workbook.worksheets if next(_sheet_rows(s), None) is not None
        ] or [None]
        if others:
            raise UnreadableFile(_("The workbook has several sheets with data; keep one."))
        if sheet is None:
            raise UnreadableFile(_("The file is empty."))
        width = 0
        for number, row in _sheet_rows(sheet):
            width = width or len(row)
            yield number, row + [""] * (width - len(row))
    except UnreadableFile:
        raise
    except Exception:  # broken XML, missing parts, a wrong index: openpyxl raises as it comes
        _refuse_workbook()


def _sheet_rows(sheet: Any) -> Rows:
    """The rows of a sheet that hold anything; what the sheet says of its size is not believed."""
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if number > MOST_ROWS or len(cells) > MOST_COLUMNS:
            raise UnreadableFile(_("The sheet has too many rows or columns."))
        row = [_text(cell) for cell in cells]
        while row and not row[-1]:
            row.pop()
        if row:
            yield number, row


def _text(cell: Any) -> str:
    """A cell as text: dates as in 2024-05-31, whole numbers without decimals."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return FORMULA
    if cell.data_type == "e":
        return ERROR_VALUE
    if isinstance(value, str):
        return "" if value.isspace() else value
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
