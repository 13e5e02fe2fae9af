"""Files that are no import files: one sentence each, and nothing is changed."""

import io
import os
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from praecom_registry.importing.customers.columns import COLUMNS
from praecom_registry.importing.problems import UnreadableFile
from praecom_registry.importing.reading import rows_of
from tests.importing.files import DATA, SAMPLES, run

HEAD = b"customer_number,customer_kind,last_name,source\n"
ROW = b"1,person,Mallikas,letter\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 20


def workbook(fill: Callable[[openpyxl.Workbook], object] = lambda book: None) -> bytes:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["customer_number", "last_name", "source"])
    book.worksheets[0].append([1, "Mallikas", "letter"])
    fill(book)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    """A workbook one of whose parts is another one."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook())) as good,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for part in good.namelist():
            bad.writestr(part, content if part == name else good.read(part))
    return packed.getvalue()


def sheet(rows: str, dimension: str = "A1:C2") -> bytes:
    return with_part(
        "xl/worksheets/sheet1.xml",
        f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<dimension ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>'.encode(),
    )


def text_cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


GOOD_ROWS = "".join(
    f'<row r="{number}">'
    + "".join(text_cell(f"{c}{number}", t) for c, t in zip("ABC", texts, strict=True))
    + "</row>"
    for number, texts in [
        (1, ("customer_number", "last_name", "source")),
        (2, ("1", "Mallikas", "letter")),
    ]
)
BILLION_LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {n} "{f"&{m};" * 50}">' for m, n in zip("abcdefg", "bcdefgh", strict=True))
    + "]>"
).encode()

REFUSED = {
    "empty": b"",
    "only a header": HEAD,
    "blank lines": b"\n\n\n",
    "a BOM and nothing else": b"\xef\xbb\xbf",
    "a picture": PNG,
    "NUL bytes": HEAD + b"1,person,Malli\x00kas,letter\n",
    "UTF-16": (HEAD + ROW).decode().encode("utf-16"),
    "UTF-8 and Windows-1252": HEAD
    + "1,person,Mäkinen,letter\n".encode()
    + "2,person,Hämäläinen,letter\n".encode("cp1252"),
    "UTF-8 by its BOM, then not": b"\xef\xbb\xbf"
    + HEAD
    + "1,person,Mäki,letter\n".encode("cp1252"),
    "bytes of no text": HEAD + b"1,person,\x81\x8d\x9d,letter\n",
    "a quotation mark left open": HEAD + b'1,person,"Mallikas,letter\n' + ROW * 20_000,
    "ten megabytes in one line": HEAD + b"1,person," + b"x" * 10_000_000 + b",letter\n",
    "ten megabytes of header": b"x," * 5_000_000,
    "an old Excel file": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "a zip of something else": with_part("[Content_Types].xml", b"<x/>"),
    "a broken zip": workbook()[:-200],
    "broken XML": with_part("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row"),
    "a bomb of spaces": with_part("xl/worksheets/sheet1.xml", b" " * 50_000_000),
    "a bomb beside the sheets": with_part("xl/styles.xml", b" " * 150_000_000),
    "a bomb of entities": with_part(
        "xl/worksheets/sheet1.xml", BILLION_LAUGHS + b"<worksheet>&h;</worksheet>"
    ),
    "two sheets with data": workbook(lambda book: book.create_sheet("more").append(["x"])),
    "a row far below": sheet(GOOD_ROWS + '<row r="99999999999"><c r="A5"><v>1</v></c></row>'),
    "a cell far to the right": sheet(f'<row r="1">{text_cell("ZZZ1", "x")}</row>'),
}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", REFUSED)
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_hostile_file_is_refused_in_one_sentence(tmp_path: Path, kind: str, suffix: str) -> None:
    file = tmp_path / f"customers{suffix}"
    file.write_bytes(REFUSED[kind])

    with override("en"):
        done = run(file)

    assert done.error is not None
    assert done.said == ""
    assert len(done.error) < 200
    assert done.error.endswith(".")
    assert "\n" not in done.error


def test_what_cannot_be_opened_is_refused_in_one_sentence(tmp_path: Path) -> None:
    pipe, locked = tmp_path / "pipe", tmp_path / "locked.csv"
    os.mkfifo(pipe)
    locked.write_bytes(HEAD + ROW)
    locked.chmod(0)
    for path in (tmp_path, tmp_path / "nowhere.csv", pipe, Path("/dev/zero"), Path("\0")):
        assert run(path).error is not None
    if os.geteuid() != 0:
        assert run(locked).error is not None


@pytest.mark.django_db
@pytest.mark.parametrize("dimension", ["A1:XFD1048576", "A1:A1", "nonsense", ""])
def test_what_a_sheet_says_of_its_size_is_not_believed(tmp_path: Path, dimension: str) -> None:
    file = tmp_path / "customers.xlsx"
    file.write_bytes(sheet(GOOD_ROWS, dimension))

    done = run(file)

    # A size that is none at all makes no workbook; any other is passed over.
    assert (done.error is None) == (dimension != "nonsense"), done


@pytest.mark.django_db
def test_empty_sheets_beside_the_one_with_data_are_no_matter(tmp_path: Path) -> None:
    file = tmp_path / "customers.xlsx"
    file.write_bytes(workbook(lambda book: [book.create_sheet(f"s{n}") for n in range(30)]))

    assert run(file).error is None


@pytest.mark.parametrize("kind", ["ten megabytes in one line", "a bomb of spaces"])
def test_a_hostile_file_takes_no_memory(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "customers"
    file.write_bytes(REFUSED[kind])
    tracemalloc.start()
    with suppress(UnreadableFile), rows_of(file, COLUMNS) as rows:
        list(rows)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 20 * 2**20


_PARTS = [(DATA / name).read_bytes()[:3000] for name in SAMPLES]


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.lists(
            st.sampled_from([*_PARTS, HEAD, ROW, PNG, b"\xef\xbb\xbf", b'"', b"\r", b"\x00"])
        ).map(b"".join),
        st.tuples(st.binary(max_size=20), st.integers(0, 3000), st.sampled_from(_PARTS)).map(
            lambda t: t[2][: t[1]] + t[0] + t[2][t[1] :]
        ),
    )
)
@example(b"PK\x03\x04")
def test_whatever_the_bytes_they_are_rows_or_an_unreadable_file(
    tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "any"
    file.write_bytes(content)

    with suppress(UnreadableFile), rows_of(file, COLUMNS) as rows:
        for number, cells in rows:
            assert number >= 1
            assert all(isinstance(cell, str) for cell in cells)
