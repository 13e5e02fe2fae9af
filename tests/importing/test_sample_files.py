"""The sample files: what arrives, what a second time does, and what the broken one is told."""

import csv
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from django.utils.translation import override

from audit.context import AccessPurpose, access_context
from customers.lookup import FoundPerson, find
from datamap.lookup_keys import lookup_keys
from praecom_registry.importing.customers.columns import CHOICES, COLUMNS, Column
from tests.importing.files import DATA, SAMPLES, contents, query, reported, run
from tests.log import Trail

pytestmark = pytest.mark.django_db


def rows_of(name: str) -> list[dict[str, str]]:
    """A sample file as plain Python reads it, its columns by their English names."""
    path = DATA / name
    if path.suffix == ".xlsx":
        sheet = openpyxl.load_workbook(path).worksheets[0]
        table = [["" if v is None else str(v) for v in row] for row in sheet.values]
    else:
        encoding = "cp1252" if name == "asiakkaat.csv" else "utf-8-sig"
        text = path.read_text(encoding=encoding)
        separator = ";" if ";" in text.partition("\n")[0] else ","
        table = list(csv.reader(text.splitlines(), delimiter=separator))
    columns = [COLUMNS.named(column) for column in table[0]]
    return [
        {
            Column(c).name.lower(): cell
            for c, cell in zip(columns, row, strict=True)
            if c is not None
        }
        for row in table[1:]
    ]


@pytest.mark.parametrize("name", SAMPLES)
def test_every_person_and_customer_of_the_file_arrives(name: str) -> None:
    assert run(DATA / name).error is None

    rows = rows_of(name)
    names = query(
        "SELECT c.number, p.first_name, p.last_name FROM customers_person p JOIN ("
        "SELECT customer_id, person_id FROM customers_contactperson UNION"
        " SELECT customer_id, person_id FROM customers_serviceuser UNION"
        " SELECT id, owner_id FROM customers_customer WHERE kind = 'person'"
        ") r ON r.person_id = p.id JOIN customers_customer c ON c.id = r.customer_id"
    )
    assert Counter(names) == Counter(
        (row["customer_number"], row["first_name"], row["last_name"]) for row in rows
    )
    assert query("SELECT count(*) FROM customers_person") == [(len(rows),)]


@pytest.mark.parametrize("name", SAMPLES)
def test_every_value_of_the_file_arrives(name: str) -> None:
    assert run(DATA / name).error is None

    rows = rows_of(name)
    for column, sql in {
        "company_name": "SELECT company_name FROM customers_customer WHERE kind = 'company'",
        "business_id": "SELECT business_id FROM customers_customer WHERE kind = 'company'",
        "user_id": "SELECT user_id FROM customers_serviceuser",
        "email": "SELECT as_written FROM customers_contactpoint WHERE kind = 'email'",
        "task": "SELECT task FROM customers_contactperson",
        "position": "SELECT position FROM customers_contactperson",
        "street": "SELECT street FROM customers_address",
        "postal_code": "SELECT postal_code FROM customers_address",
        "source": "SELECT source_wording FROM customers_person",
        "language": "SELECT language FROM customers_person",
    }.items():
        assert {v for (v,) in query(sql)} == {row[column] for row in rows} - {""}, column
    written = query("SELECT as_written FROM customers_contactpoint WHERE kind = 'phone'")
    assert Counter(v for (v,) in written) == Counter(
        row[column] for row in rows for column in ("phone", "phone_2") if row[column]
    )


@pytest.mark.parametrize("name", SAMPLES)
def test_every_choice_of_the_file_arrives(name: str) -> None:
    assert run(DATA / name).error is None

    expected = Counter(
        (channel, "permitted" if CHOICES[row[f"marketing_{channel}"]] == "t" else "prohibited")
        for row in rows_of(name)
        for channel in ("email", "sms", "phone", "post")
        if row[f"marketing_{channel}"]
    )
    found = query("SELECT channel, choice FROM consents_marketingchoice WHERE source = 'import'")
    assert Counter(found) == expected


@pytest.mark.parametrize("name", SAMPLES)
def test_the_same_file_again_changes_nothing(name: str, trail: Trail) -> None:
    assert run(DATA / name).error is None
    before, rows_before = contents(), trail.count()

    again = run(DATA / name)

    assert again.nothing_changed, again
    assert contents() == before
    new = trail.rows()[rows_before:]
    everybody = {subject for (subject,) in query("SELECT public_id FROM customers_person")}
    assert {row["action"] for row in new} == {3}  # read, to compare it with the file
    assert Counter(row["subject"] for row in new) == Counter(everybody)


def test_all_files_one_after_the_other_and_again() -> None:
    for name in SAMPLES:
        assert run(DATA / name).error is None
    before = contents()

    for name in reversed(SAMPLES):
        assert run(DATA / name).nothing_changed
    assert contents() == before


@pytest.mark.parametrize(
    ("name", "surname", "number"),
    [
        ("customers.csv", "Öhman", "0400000002"),
        ("asiakkaat.csv", "Korhonen", "0450000409"),
        ("asiakkaat_utf8_bom.csv", "Zitting", "0500000807"),
        ("asiakkaat.xlsx", "Wirtanen", "0500000919"),
    ],
)
def test_a_caller_is_found_by_her_number_in_any_writing(
    name: str, surname: str, number: str
) -> None:
    assert run(DATA / name).error is None

    mobile, rest = number[:3], number[3:]
    for writing in (
        number,
        f"{mobile} {rest[:3]} {rest[3:]}",
        f"({mobile}) {rest}",
        f"+358 {mobile[1:]} {rest}",
        f"00358{number[1:]}",
        f"{mobile}-{rest}",
    ):
        with access_context(job="test", purpose=AccessPurpose.SERVICE_CALL):
            entries = find(writing, lookup_keys.numbers()).entries
        assert [e.last_name for e in entries if isinstance(e, FoundPerson)] == [surname], writing


def test_the_broken_file_is_told_every_bad_cell_and_nothing_else(tmp_path: Path) -> None:
    report = tmp_path / "errors.csv"

    with override("en"):
        done = run(DATA / "broken.csv", "--errors", str(report))

    assert done.error is not None
    expected = reported(DATA / "broken.expected.csv")
    assert reported(report) == expected
    sentences = [line for line in done.complained.splitlines() if line.startswith("Row ")]
    assert len(sentences) == len(expected)
    for (row, column), sentence in zip(expected, sentences, strict=True):
        assert str(row) in sentence
        assert column in sentence


def test_the_broken_file_changes_nothing(trail: Trail) -> None:
    run(DATA / "broken.csv")

    assert not any(contents().values())
    assert trail.count() == 0


def test_the_namesakes_in_the_sample_files_are_two_persons() -> None:
    run(DATA / "customers.csv")
    run(DATA / "asiakkaat.csv")

    sql = (
        "SELECT count(DISTINCT p.id) FROM customers_person p"
        " JOIN customers_contactperson r ON r.person_id = p.id"
        " JOIN customers_customer c ON c.id = r.customer_id"
        " WHERE c.number = %s AND p.last_name = %s"
    )
    assert query(sql, ["10003", "O'Connor"]) == [(2,)]
    assert query(sql, ["20164", "Seppälä"]) == [(2,)]
