"""What she can take along (Art. 20) as tables: a CSV file for each kind of record, in a ZIP."""

import csv
import io
import tempfile
from collections.abc import Iterable
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from consents.list_files import guarded
from privacy.report.collecting import Line
from privacy.report.drafts import VALUES


def tables(lines: Iterable[Line]) -> IO[bytes]:
    """The archive of a reviewed portable draft; no cell is one that a spreadsheet would run."""
    archive = tempfile.TemporaryFile()  # noqa: SIM115  (whoever seals it closes it)
    with ZipFile(archive, "w", ZIP_DEFLATED) as book:
        table: IO[bytes] | None = None
        for line in lines:
            if line["line"] == "section":
                if table is not None:
                    table.close()
                table = book.open(f"{line['model']}.csv", "w")
                table.write("\ufeff".encode())
                table.write(_row([one["name"] for one in line["columns"]]))
            elif line["line"] == "record" and table is not None:
                table.write(_row([_cell(value) for value in line[VALUES]]))
        if table is not None:
            table.close()
    archive.seek(0)
    return archive


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


def _row(cells: list[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerow([guarded(cell) for cell in cells])
    return text.getvalue().encode()
