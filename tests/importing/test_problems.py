"""Bad cells: each is told by row and column, and none of them by its value."""

import csv
from pathlib import Path

import openpyxl
import pytest
from django.utils.translation import override

from tests.importing.files import (
    CONTACT,
    DATA,
    PRIVATE,
    USER,
    a_file,
    contents,
    imported,
    problems,
    query,
    reported,
    run,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("customer_number", ""),
        ("customer_number", "9" * 33),
        ("last_name", ""),
        ("last_name", "x" * 101),
        ("first_name", "Aino\x07"),
        ("customer_kind", "robot"),
        ("person_role", "boss"),
        ("email", "aino@"),
        ("email", "ei ole"),
        ("phone", "ei ole"),
        ("phone", "0" * 30),
        ("phone_2", "12"),
        ("language", "de"),
        ("postal_code", "1321"),
        ("postal_code", "١٣٢١٠"),
        ("country", "Ruotsinmaa"),
        ("customer_since", "31.2.2024"),
        ("customer_since", "2024-5-31"),
        ("customer_since", "45443"),
        ("source", " "),
        ("source", "x" * 101),
        ("marketing_email", "maybe"),
        ("marketing_post", "1"),
    ],
)
def test_a_bad_cell_is_told(tmp_path: Path, column: str, value: str) -> None:
    assert problems(tmp_path, PRIVATE, {**PRIVATE, column: value}) == [(3, column)]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({**CONTACT, "business_id": "2108420-8"}, "business_id"),
        ({**CONTACT, "business_id": "puuttuu"}, "business_id"),
        ({**CONTACT, "company_name": ""}, "company_name"),
        ({**CONTACT, "person_role": ""}, "person_role"),
        ({**USER, "user_id": ""}, "user_id"),
        ({**PRIVATE, "company_name": "Oma Oy"}, "company_name"),
        ({**PRIVATE, "person_role": "contact"}, "person_role"),
    ],
)
def test_what_does_not_go_together_is_told(
    tmp_path: Path, row: dict[str, str], column: str
) -> None:
    assert problems(tmp_path, row) == [(2, column)]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("company_name", "Toinen Oy"),
        ("business_id", "9400002-7"),
        ("customer_since", "2020-01-01"),
    ],
)
def test_the_company_columns_of_its_rows_must_agree(
    tmp_path: Path, column: str, value: str
) -> None:
    dated = {**CONTACT, "customer_since": "2024-05-31"}
    rows = [dated, {**USER, column: ""}, {**USER, "user_id": "K2", column: value}]

    assert problems(tmp_path, *rows) == [(4, column)]


def test_one_customer_is_not_a_company_and_a_person(tmp_path: Path) -> None:
    assert problems(tmp_path, CONTACT, {**PRIVATE, "customer_number": "2"}) == [
        (3, "customer_kind")
    ]

    imported(tmp_path, CONTACT)
    assert problems(tmp_path, {**PRIVATE, "customer_number": "2"}) == [(2, "customer_kind")]


def test_all_bad_cells_of_all_rows_are_told_in_order_of_the_file(tmp_path: Path) -> None:
    bad = {"source": "", "email": "x", "language": "de", "customer_number": ""}
    columns = [*bad, *PRIVATE]
    rows = [
        {name: {**PRIVATE, **bad}[name] for name in columns},
        PRIVATE,
        {**PRIVATE, "email": "y"},
    ]

    assert problems(tmp_path, *rows) == [
        *((2, name) for name in bad),
        (4, "email"),
    ]


@pytest.mark.parametrize("cells", ["1,person,x", "1,person,x,y,z,web form,more", '1,"a,b'])
def test_a_row_with_more_or_fewer_cells_is_bad_as_a_whole(tmp_path: Path, cells: str) -> None:
    file, report = tmp_path / "ragged.csv", tmp_path / "errors.csv"
    head = "customer_number,customer_kind,first_name,last_name,email,source\n"
    file.write_text(f"{head}1,person,Aino,Mallikas,,web form\n{cells}\n", encoding="utf-8")

    done = run(file, "--errors", str(report))

    assert done.error is not None
    assert not any(contents().values())
    if '"' not in cells:  # an open quotation mark spoils all that follows, not one row
        assert reported(report) == [(3, "")]


def test_rows_keep_the_numbers_that_a_spreadsheet_shows(tmp_path: Path) -> None:
    file, report = tmp_path / "numbers.csv", tmp_path / "errors.csv"
    file.write_bytes(
        b"customer_number,last_name,street,postal_code,source,language\r\n"
        b'1,Mallikas,"Katu 1\r\nC 3",13210,letter,fi\r\n'
        b"\r\n"
        b",,,,,\r\n"
        b"2,Mallikas,,,letter,xx\r\n"
    )

    run(file, "--errors", str(report))

    assert reported(report) == [(5, "language")]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_neither_screen_nor_file_nor_exception_shows_a_value(tmp_path: Path, language: str) -> None:
    report = tmp_path / "errors.csv"
    secret = "salaisuus"
    row = dict.fromkeys({**CONTACT, **PRIVATE, "language": "", "marketing_sms": ""}, secret)

    with override(language):
        done = run(a_file(tmp_path, row, {**CONTACT, "last_name": ""}), "--errors", str(report))

    assert done.error is not None
    assert len(reported(report)) > 5
    for text in (done.said, done.complained, done.error, report.read_text(encoding="utf-8")):
        assert secret not in text


def test_a_person_in_the_place_of_the_header_is_not_shown(tmp_path: Path) -> None:
    file, report = tmp_path / "headless.csv", tmp_path / "errors.csv"
    file.write_text("1,person,Aino,Salanimi,aino@example.org\n", encoding="utf-8")

    done = run(file, "--errors", str(report))

    assert done.error is not None
    assert "Salanimi" not in done.error + done.complained + report.read_text(encoding="utf-8")


def test_no_cell_of_the_error_file_is_run_as_a_formula(tmp_path: Path) -> None:
    file, report = tmp_path / "unknown.csv", tmp_path / "errors.csv"
    file.write_text("=cmd|x,customer_number,last_name,source\n,,,\n", encoding="utf-8")

    run(file, "--errors", str(report))

    with report.open(encoding="utf-8", newline="") as lines:
        cells = [cell for line in csv.reader(lines) for cell in line]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


# --- columns


def test_an_unknown_column_is_an_error_unless_it_is_to_be_ignored(tmp_path: Path) -> None:
    file = a_file(tmp_path, {**PRIVATE, "shoe_size": "42"})

    refused = run(file)
    assert refused.error is not None
    assert "shoe_size" in refused.error
    assert not any(contents().values())
    assert run(file, "--ignore-unknown").error is None
    assert query("SELECT count(*) FROM customers_person") == [(1,)]


def test_a_column_that_is_there_twice_is_an_error(tmp_path: Path) -> None:
    done = run(a_file(tmp_path, {**PRIVATE, "sähköposti": "x@example.org"}))

    assert done.error is not None
    assert "email" in done.error


@pytest.mark.parametrize("column", ["customer_number", "last_name", "source"])
def test_a_column_that_must_be_there_is_asked_for(tmp_path: Path, column: str) -> None:
    done = run(a_file(tmp_path, {k: v for k, v in PRIVATE.items() if k != column}))

    assert done.error is not None
    assert column in done.error


FINNISH = {
    "Tietolähde": "Palvelun käyttö",
    "Markkinointi sähköposti": "EI",
    "markkinointi_puhelin": "kyllä",
    "Sukunimi": "Mallikas",
    "Asiakastyyppi": "Henkilö",
    "ASIAKASNUMERO": "77",
    "asiakkuus_alkoi": "1.2.2024",
}
SWEDISH = {
    "kundnummer": "77",
    "kundtyp": "privatperson",
    "efternamn": "Mallikas",
    "datakälla": "användning av tjänsten",
    "marknadsföring_e-post": "nej",
    "marknadsföring_telefon": "ja",
    "kund_sedan": "2024-02-01",
}
ENGLISH = {
    "customer_number": "77",
    "customer_kind": "person",
    "last_name": "Mallikas",
    "source": "service use",
    "marketing_email": "no",
    "marketing_phone": "yes",
    "customer_since": "1.2.2024",
}


@pytest.mark.parametrize("row", [FINNISH, SWEDISH, ENGLISH])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_columns_and_words_in_three_languages_and_any_order(
    tmp_path: Path, row: dict[str, str], separator: str
) -> None:
    assert run(a_file(tmp_path, row, separator=separator)).error is None

    assert query(
        "SELECT c.number, c.kind, c.since::text, p.last_name, p.source, array_agg(m.choice ORDER BY"
        " m.channel) FROM customers_customer c JOIN customers_person p ON p.id = c.owner_id"
        " JOIN consents_marketingchoice m ON m.person_id = p.id GROUP BY 1, 2, 3, 4, 5"
    ) == [("77", "person", "2024-02-01", "Mallikas", "service_use", ["prohibited", "permitted"])]


def test_any_other_source_is_an_import_in_its_own_words(tmp_path: Path) -> None:
    imported(tmp_path, {**PRIVATE, "source": "Messut 2025"})

    assert query("SELECT source, source_wording FROM customers_person") == [
        ("import", "Messut 2025")
    ]


# --- spreadsheets


def a_workbook(path: Path, *rows: list[object]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)
    return path


HEAD: list[object] = ["customer_number", "last_name", "phone", "source"]


def test_numbers_in_a_spreadsheet_are_text_without_decimals(tmp_path: Path) -> None:
    assert run(a_workbook(tmp_path / "x.xlsx", HEAD, [1.0, "A", 400000001, "letter"])).error is None

    assert query("SELECT number FROM customers_customer") == [("1",)]
    assert query("SELECT as_written, normalised FROM customers_contactpoint") == [
        ("400000001", "+358400000001")
    ]


def test_formulas_and_error_values_in_a_spreadsheet_are_told(tmp_path: Path) -> None:
    report = tmp_path / "errors.csv"
    file = a_workbook(tmp_path / "x.xlsx", HEAD, [1, '=HYPERLINK("x")', "#N/A", "letter"])

    assert run(file, "--errors", str(report)).error is not None
    assert reported(report) == [(2, "last_name"), (2, "phone")]


def test_the_errors_are_not_written_over_the_file(tmp_path: Path) -> None:
    file = a_file(tmp_path, PRIVATE)
    before = file.read_bytes()

    assert run(file, "--errors", str(file)).error is not None
    assert file.read_bytes() == before
    assert run(file, "--errors", str(tmp_path)).error is not None


def test_a_good_file_leaves_an_error_file_without_errors(tmp_path: Path) -> None:
    report = tmp_path / "errors.csv"
    report.write_text("row,column,why\n7,email,of last time\n", encoding="utf-8")

    assert run(DATA / "customers.csv", "--errors", str(report)).error is None
    assert reported(report) == []
