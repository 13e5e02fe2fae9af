"""Invoices from the billing system: what arrives, what changes later, and what is refused."""

import csv
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.models import Customer
from praecom_registry.importing.invoices.columns import COLUMNS, Column
from tests.builders import a_company, a_person, a_private_customer, restricted
from tests.contract_builders import a_billing_account
from tests.database import site_connection
from tests.importing import files
from tests.importing.files import DATA, Run, a_file, query, reported
from tests.log import Trail

pytestmark = pytest.mark.django_db

SAMPLES = ("invoices.csv", "laskut.csv")
TABLES = ("contracts_invoice", "contracts_collectioncase")
CREATED, UPDATED, READ = 0, 1, 3

UNPAID = {
    "customer_number": "1",
    "invoice_number": "240001",
    "invoice_date": "2024-03-01",
    "due_date": "2024-03-15",
    "net": "100.00",
    "vat": "24.00",
}
PAID = {**UNPAID, "paid": "124.00", "paid_date": "2024-03-14"}
REMINDED = {
    **UNPAID,
    "collection_stage": "reminder",
    "collection_agency": "",
    "collection_amount": "129.00",
    "collection_opened": "2024-03-25",
    "collection_closed": "",
}


def run(file: Path, *options: str) -> Run:
    return files.run(file, *options, command="import_invoices")


def imported(folder: Path, *rows: dict[str, str], options: tuple[str, ...] = ()) -> Run:
    done = run(a_file(folder, *rows), *options)
    assert done.error is None, done
    return done


def problems(folder: Path, *rows: dict[str, str]) -> list[tuple[int, str]]:
    """Row and column of everything that is wrong with these rows; nothing of them is written."""
    before, report = contents(), folder / "errors.csv"
    assert run(a_file(folder, *rows), "--errors", str(report)).error is not None
    assert contents() == before
    return reported(report)


def contents() -> dict[str, list[tuple[object, ...]]]:
    return files.contents(TABLES)


def counts(done: Run) -> list[list[int]]:
    """How many were new, changed and as before: of the invoices, and of the collections."""
    lines = done.said.splitlines()[:2]
    return [[int(number) for number in re.findall(r"\d+", line)] for line in lines]


@pytest.fixture
def aino() -> Customer:
    """A private customer, number 1."""
    return a_private_customer(a_person("Aino", "Mallikas"), "1")


# --- the sample files


def cells_of(name: str) -> list[dict[str, str]]:
    """A sample file as plain Python reads it, its columns by their English names."""
    text = (DATA / name).read_text(encoding="cp1252" if name == "laskut.csv" else "utf-8")
    table = list(csv.reader(text.splitlines(), delimiter=";" if ";" in text else ","))
    names = [
        Column(found).name.lower()
        for n in table[0]
        for found in [COLUMNS.named(n)]
        if found is not None
    ]
    return [dict(zip(names, row, strict=True)) for row in table[1:]]


def as_decimal(cell: str) -> Decimal:
    return Decimal("".join(cell.split()).replace(",", ".") or "0")


@pytest.fixture
def sample_customers() -> None:
    """Whom the sample files bill."""
    assert files.run(DATA / "customers.csv").error is None


@pytest.mark.parametrize("name", SAMPLES)
def test_every_invoice_of_the_file_arrives(name: str, sample_customers: None) -> None:
    done = run(DATA / name)

    assert done.error is None, done
    rows = cells_of(name)
    assert query(
        "SELECT c.number, i.number, i.net, i.vat, i.paid, i.currency FROM contracts_invoice i"
        " JOIN customers_customer c ON c.id = i.customer_id ORDER BY i.id"
    ) == [
        (
            *(row["customer_number"], row["invoice_number"]),
            *(as_decimal(row[column]) for column in ("net", "vat", "paid")),
            "EUR",
        )
        for row in rows
    ]
    in_collection = [row for row in rows if row["collection_stage"]]
    assert query("SELECT count(*) FROM contracts_collectioncase") == [(len(in_collection),)]
    assert query("SELECT bool_and(reference_is_valid(reference)) FROM contracts_invoice") == [
        (True,)
    ]
    assert counts(done) == [[len(rows), 0, 0], [len(in_collection), 0, 0]]


@pytest.mark.parametrize("name", SAMPLES)
def test_the_same_file_again_changes_nothing(
    name: str, sample_customers: None, trail: Trail
) -> None:
    run(DATA / name)
    before, rows_before = contents(), trail.count()

    again = run(DATA / name)

    assert contents() == before
    assert [line[:2] for line in counts(again)] == [[0, 0], [0, 0]]
    assert {row["action"] for row in trail.rows()[rows_before:]} == {READ}


def test_the_broken_file_is_told_every_bad_cell_and_nothing_else(
    tmp_path: Path, sample_customers: None
) -> None:
    report = tmp_path / "errors.csv"

    with override("en"):
        done = run(DATA / "invoices_broken.csv", "--errors", str(report))

    assert done.error == "10 rows are bad, so nothing was changed."
    expected = (DATA / "invoices_broken.expected.csv").read_text(encoding="utf-8")
    assert report.read_text(encoding="utf-8") == expected
    assert not any(contents().values())


# --- an invoice, and what becomes of it


def test_an_invoice_arrives_whole(tmp_path: Path, aino: Customer) -> None:
    account = a_billing_account(aino)

    imported(
        tmp_path,
        {
            **PAID,
            "billing_account": account.number,
            "gross": "124,00",
            "currency": "eur",
            "reference": "RF34 1234561",
        },
    )

    assert query(
        "SELECT number, customer_id, billing_account_id, reference, issued_on::text, due_on::text,"
        " net, vat, gross, paid, paid_on::text, open_amount, currency FROM contracts_invoice"
    ) == [
        (
            *("240001", aino.pk, account.pk, "1234561", "2024-03-01", "2024-03-15"),
            *(Decimal(100), Decimal(24), Decimal(124), Decimal(124), "2024-03-14", Decimal(0)),
            "EUR",
        )
    ]


@pytest.mark.parametrize(
    ("written", "net"),
    [
        ("1234.5", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1\u00a0234\u2009567,5", "1234567.50"),
        ("0", "0"),
        ("-12,30", "-12.30"),
        ("−12.30", "-12.30"),
        ("9999999999.99", "9999999999.99"),
    ],
)
def test_amounts_in_every_writing(tmp_path: Path, aino: Customer, written: str, net: str) -> None:
    imported(tmp_path, {**UNPAID, "net": written})

    assert query("SELECT net FROM contracts_invoice") == [(Decimal(net),)]


@pytest.mark.parametrize(
    "written",
    [
        *("", "x", "1,234.50", "1.234,50", "1 23", "12345 678", "1.234", "--1", "1e3", "NaN"),
        *("Infinity", "١٢", "10000000000", "1 €", "0x1F", "-"),
    ],
)
def test_what_is_no_amount(tmp_path: Path, aino: Customer, written: str) -> None:
    assert problems(tmp_path, {**UNPAID, "net": written}) == [(2, "net")]


def test_a_later_file_pays_and_moves_what_may_move(tmp_path: Path, aino: Customer) -> None:
    account = a_billing_account(aino)
    imported(tmp_path, UNPAID)

    done = imported(
        tmp_path,
        {
            **PAID,
            "due_date": "2024-03-29",
            "reference": "1232",
            "billing_account": account.number,
        },
    )

    assert counts(done) == [[0, 1, 0], [0, 0, 0]]
    assert query(
        "SELECT paid, paid_on::text, due_on::text, reference, billing_account_id"
        " FROM contracts_invoice"
    ) == [(Decimal(124), "2024-03-14", "2024-03-29", "1232", account.pk)]


def test_what_a_later_file_does_not_say_stays(tmp_path: Path, aino: Customer) -> None:
    account = a_billing_account(aino)
    imported(tmp_path, {**PAID, "billing_account": account.number, "reference": "1232"})
    imported(tmp_path, {**REMINDED, "invoice_number": "240002"})
    before = contents()

    done = imported(tmp_path, UNPAID, {**UNPAID, "invoice_number": "240002"})

    assert counts(done)[0] == [0, 0, 2]
    assert contents() == before


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("invoice_date", "2024-03-02"),
        ("net", "100.01"),
        ("vat", "25.00"),
        ("currency", "SEK"),
        ("reference", "1232"),
    ],
)
def test_what_was_invoiced_stays(tmp_path: Path, aino: Customer, column: str, value: str) -> None:
    imported(tmp_path, {**UNPAID, "reference": "1234561"})

    assert problems(tmp_path, {**UNPAID, column: value}) == [(2, column)]


def test_an_invoice_stays_with_its_customer(tmp_path: Path, aino: Customer) -> None:
    a_company("Malliyritys Oy", "2")
    imported(tmp_path, UNPAID)

    assert problems(tmp_path, {**UNPAID, "customer_number": "2"}) == [(2, "customer_number")]


def test_the_billing_account_is_the_customers_own(tmp_path: Path, aino: Customer) -> None:
    other = a_billing_account(a_company("Malliyritys Oy", "2"))

    found = problems(
        tmp_path,
        {**UNPAID, "billing_account": other.number},
        {**UNPAID, "invoice_number": "2", "billing_account": "LA0"},
    )

    assert found == [(2, "billing_account"), (3, "billing_account")]


# --- payments


@pytest.mark.parametrize(
    ("payment", "column"),
    [
        ({"paid": "10.00"}, "paid_date"),
        ({"paid": "10.00", "paid_date": ""}, "paid_date"),
        ({"paid": "10.00", "paid_date": "2999-01-01"}, "paid_date"),
        ({"paid": "", "paid_date": "2024-03-14"}, "paid_date"),
        ({"paid": "0,00", "paid_date": "2024-03-14"}, "paid_date"),
        ({"paid": "kyllä", "paid_date": "2024-03-14"}, "paid"),
    ],
)
def test_a_payment_has_its_day_and_a_day_its_payment(
    tmp_path: Path, aino: Customer, payment: dict[str, str], column: str
) -> None:
    unpaid = {**UNPAID, "invoice_number": "9"}
    assert [where for _row, where in problems(tmp_path, unpaid, {**UNPAID, **payment})] == [column]


@pytest.mark.parametrize("less", ["0.00", "123.99", "-124.00"])
def test_a_payment_does_not_go_back_unless_that_is_said(
    tmp_path: Path, aino: Customer, less: str
) -> None:
    imported(tmp_path, PAID)
    row = {**PAID, "paid": less, "paid_date": "" if less == "0.00" else "2024-04-01"}

    assert problems(tmp_path, row) == [(2, "paid")]

    imported(tmp_path, row, options=("--allow-less-paid",))
    assert query("SELECT paid FROM contracts_invoice") == [(Decimal(less),)]


def test_a_credit_note_is_paid_back(tmp_path: Path, aino: Customer) -> None:
    credit = {**UNPAID, "net": "-100.00", "vat": "-24.00"}
    imported(tmp_path, credit)

    paid_back = {**credit, "paid": "-124.00", "paid_date": "2024-03-20"}
    imported(tmp_path, paid_back)

    assert query("SELECT paid, open_amount FROM contracts_invoice") == [(-124, 0)]
    assert problems(tmp_path, {**paid_back, "paid": "-24.00"}) == [(2, "paid")]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.integers(0, 12_400), min_size=1, max_size=4))
def test_files_in_any_order_never_lose_a_payment(
    tmp_path: Path, aino: Customer, payments: list[int]
) -> None:
    query("DELETE FROM contracts_invoice RETURNING 1")
    most = 0
    for cents in payments:
        row = {**UNPAID, "paid": f"{cents / 100:.2f}", "paid_date": "2024-03-14" if cents else ""}
        done = run(a_file(tmp_path, row))
        assert (done.error is None) is (cents >= most)
        most = max(most, cents)
        assert query("SELECT paid * 100 FROM contracts_invoice") == [(most,)]


# --- collections


def cases() -> list[tuple[object, ...]]:
    return query(
        "SELECT stage, agency, amount, opened_on::text, closed_on::text"
        " FROM contracts_collectioncase ORDER BY id"
    )


def test_a_collection_goes_its_way_through_the_files(tmp_path: Path, aino: Customer) -> None:
    imported(tmp_path, REMINDED)
    assert cases() == [("reminder", "", Decimal(129), "2024-03-25", None)]

    agency = {
        **UNPAID,
        "collection_stage": "perintätoimisto",
        "collection_agency": "Esimerkkiperintä Oy",
    }
    done = imported(tmp_path, agency)
    assert counts(done) == [[0, 0, 1], [0, 1, 0]]
    assert cases() == [("agency", "Esimerkkiperintä Oy", Decimal(129), "2024-03-25", None)]

    closed = {
        **REMINDED,
        **PAID,
        "paid_date": "2024-06-01",
        "collection_stage": "paid",
        "collection_amount": "164.00",
        "collection_closed": "2024-06-01",
    }
    imported(tmp_path, closed)
    ended = ("paid", "Esimerkkiperintä Oy", Decimal(164), "2024-03-25", "2024-06-01")
    assert cases() == [ended]
    assert counts(imported(tmp_path, closed)) == [[0, 0, 1], [0, 0, 1]]
    assert problems(tmp_path, {**REMINDED, **PAID, "paid_date": "2024-06-01"}) == [
        (2, "collection_stage")
    ]


def test_a_closed_collection_makes_room_for_another(tmp_path: Path, aino: Customer) -> None:
    imported(
        tmp_path,
        {**REMINDED, "collection_stage": "withdrawn", "collection_closed": "2024-04-01"},
    )

    imported(tmp_path, {**REMINDED, "collection_opened": "2024-05-01"})

    assert [(case[0], case[3]) for case in cases()] == [
        ("withdrawn", "2024-03-25"),
        ("reminder", "2024-05-01"),
    ]


def test_what_is_collected_is_what_is_open_unless_said(tmp_path: Path, aino: Customer) -> None:
    part = {**REMINDED, "paid": "24.00", "paid_date": "2024-03-20", "collection_amount": ""}
    imported(tmp_path, part)

    assert query("SELECT amount FROM contracts_collectioncase") == [(Decimal(100),)]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"collection_stage": "somewhere"}, "collection_stage"),
        ({"collection_stage": ""}, "collection_stage"),
        ({"collection_stage": "agency"}, "collection_agency"),
        ({"collection_stage": "paid"}, "collection_closed"),
        ({"collection_closed": "2024-06-01"}, "collection_closed"),
        (
            {"collection_stage": "paid", "collection_closed": "2024-03-24"},
            "collection_closed",
        ),
        ({"collection_opened": ""}, "collection_opened"),
        ({"collection_opened": "2024-03-15"}, "collection_opened"),
        ({"collection_opened": "2999-01-01"}, "collection_opened"),
        ({"collection_amount": "0"}, "collection_amount"),
        ({"collection_amount": "", "paid": "124", "paid_date": "2024-03-14"}, "collection_amount"),
        ({"collection_agency": "x" * 101}, "collection_agency"),
    ],
)
def test_what_a_collection_may_not_say(
    tmp_path: Path, aino: Customer, cells: dict[str, str], column: str
) -> None:
    assert problems(tmp_path, {**REMINDED, **cells}) == [(2, column)]


def test_another_open_collection_is_not_opened_beside_one(tmp_path: Path, aino: Customer) -> None:
    imported(tmp_path, REMINDED)

    other = {**REMINDED, "collection_opened": "2024-04-02"}
    assert problems(tmp_path, other) == [(2, "collection_stage")]

    imported(tmp_path, {**other, "collection_stage": "paid", "collection_closed": "2024-04-03"})
    assert [(case[0], case[3]) for case in cases()] == [
        ("reminder", "2024-03-25"),
        ("paid", "2024-04-02"),
    ]


# --- the file as a whole


def test_one_row_for_each_invoice(tmp_path: Path, aino: Customer) -> None:
    assert problems(tmp_path, UNPAID, {**UNPAID, "invoice_number": "2"}, UNPAID, UNPAID) == [
        (4, "invoice_number"),
        (5, "invoice_number"),
    ]


def test_an_unknown_customer_stops_the_file(tmp_path: Path, aino: Customer) -> None:
    unknown = {**UNPAID, "customer_number": "2", "invoice_number": "2"}
    assert problems(tmp_path, UNPAID, unknown) == [(3, "customer_number")]


@pytest.mark.parametrize("column", [column.name.lower() for column in COLUMNS.must_have])
def test_the_columns_and_their_cells_are_needed(
    tmp_path: Path, aino: Customer, column: str
) -> None:
    assert problems(tmp_path, {**UNPAID, column: ""}) == [(2, column)]

    with override("en"):
        done = run(a_file(tmp_path, {k: v for k, v in UNPAID.items() if k != column}))
    assert done.error is not None
    assert column in done.error


SWEDISH = {
    "Kundnummer": "1",
    "Fakturanummer": "240001",
    "Fakturadatum": "1.3.2024",
    "Förfallodag": "15.3.2024",
    "Utan moms": "100,00",
    "Moms": "24,00",
    "Med moms": "124,00",
    "Betalt": "124,00",
    "Betalningsdag": "14.3.2024",
}
FINNISH = {
    "ASIAKASNUMERO": "1",
    "laskunumero": "240001",
    "Laskun-päivä": "1.3.2024",
    "eräpäivä": "15.3.2024",
    "Veroton": "100",
    "ALV": "24",
    "Verollinen": "124",
    "Maksettu": "124",
    "Maksupäivä": "14.3.2024",
}


@pytest.mark.parametrize("row", [SWEDISH, FINNISH, PAID])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_columns_in_three_languages_and_any_separator(
    tmp_path: Path, aino: Customer, row: dict[str, str], separator: str
) -> None:
    assert run(a_file(tmp_path, row, separator=separator)).error is None

    assert query("SELECT gross, paid_on::text FROM contracts_invoice") == [
        (Decimal(124), "2024-03-14")
    ]


def test_a_spreadsheet_is_read_too(tmp_path: Path, aino: Customer) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append([*UNPAID])
    book.worksheets[0].append([1, 240001, "1.3.2024", "15.3.2024", 100.5, "=24"])
    book.worksheets[0].append([1, 240002, "1.3.2024", "15.3.2024", 100.5, 24])
    book.save(tmp_path / "x.xlsx")
    report = tmp_path / "errors.csv"

    assert run(tmp_path / "x.xlsx", "--errors", str(report)).error is not None
    assert reported(report) == [(2, "vat")]


def test_an_unknown_column_is_left_out_when_asked(tmp_path: Path, aino: Customer) -> None:
    file = a_file(tmp_path, {**UNPAID, "branch": "Turku"})

    assert run(file).error is not None
    assert run(file, "--ignore-unknown").error is None


@pytest.mark.parametrize("number", ["=1+1", "x\x07", "9" * 33, "<b>", "'; DROP TABLE x; --"])
def test_hostile_invoice_numbers_are_told_or_kept_as_they_are(
    tmp_path: Path, aino: Customer, number: str
) -> None:
    done = run(a_file(tmp_path, {**UNPAID, "invoice_number": number}))

    if len(number) > 32 or not number.isprintable():
        assert done.error is not None
    else:
        assert query("SELECT number FROM contracts_invoice") == [(number,)]


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from([column.name.lower() for column in Column]),
            st.one_of(
                st.sampled_from(["", "0", "-1", "1232", "paid", "reminder", "2024-03-20"]),
                st.text(max_size=12),
            ),
            max_size=3,
        ).map(lambda cells: {**REMINDED, **cells}),
        min_size=1,
        max_size=3,
    )
)
def test_whatever_the_cells_the_file_is_taken_or_told(
    tmp_path: Path, aino: Customer, rows: list[dict[str, str]]
) -> None:
    done = run(a_file(tmp_path, *rows))

    assert done.error is None or done.error.endswith("."), done.error
    if done.error is not None:
        assert "IntegrityError" not in done.error
        assert "DataError" not in done.error


def test_an_import_does_not_begin_beside_another_one(tmp_path: Path, aino: Customer) -> None:
    with site_connection() as other, other.transaction():
        other.execute("SELECT pg_advisory_xact_lock(hashtext('import_invoices'))")

        assert run(a_file(tmp_path, UNPAID)).error is not None
    imported(tmp_path, UNPAID)


# --- what is logged, computed and restricted


def test_everybody_whose_invoices_come_is_in_the_log(
    tmp_path: Path, aino: Customer, trail: Trail
) -> None:
    a_company("Malliyritys Oy", "2")
    before = trail.count()

    imported(tmp_path, REMINDED, {**UNPAID, "customer_number": "2", "invoice_number": "2"})

    assert aino.owner is not None
    rows = trail.rows()[before:]
    assert Counter((row["action"], row["subject"]) for row in rows) == {
        (READ, aino.owner.public_id): 1,
        (CREATED, aino.owner.public_id): 2,
        (CREATED, None): 1,
    }
    assert {(row["actor_label"], row["purpose"]) for row in rows} == {
        ("import_invoices", "billing")
    }
    written = [row for row in rows if row["action"] == CREATED]
    assert {tuple(row["categories"]) for row in written} == {("billing",)}
    assert {tuple(v) for row in written for v in row["changes"].values()} == {(None, "***")}


def test_a_change_names_its_fields_and_a_file_without_change_only_the_reading(
    tmp_path: Path, aino: Customer, trail: Trail
) -> None:
    imported(tmp_path, REMINDED)
    before = trail.count()

    imported(tmp_path, {**REMINDED, **PAID, "collection_stage": "demand"})

    read, *changed = trail.rows()[before:]
    assert (read["action"], set(read["categories"])) == (READ, {"identifier", "billing"})
    assert [(row["action"], set(row["changes"])) for row in changed] == [
        (UPDATED, {"stage"}),
        (UPDATED, {"paid", "paid_on"}),
    ]


def test_a_dry_run_says_what_would_happen_and_changes_nothing(
    tmp_path: Path, aino: Customer, trail: Trail
) -> None:
    file, before = a_file(tmp_path, REMINDED), trail.count()

    dry = run(file, "--dry-run")

    assert not any(contents().values())
    assert [row["action"] for row in trail.rows()[before:]] == [READ]
    assert counts(dry) == counts(run(file)) == [[1, 0, 0], [1, 0, 0]]


def test_the_figures_of_who_is_billed_wait_to_be_computed(tmp_path: Path, aino: Customer) -> None:
    query("DELETE FROM contracts_summaryqueue RETURNING 1")

    imported(tmp_path, UNPAID)

    assert query("SELECT DISTINCT customer_key FROM contracts_summaryqueue") == [(aino.pk,)]


def test_what_is_restricted_is_not_changed_unless_left_out(tmp_path: Path, aino: Customer) -> None:
    a_company("Malliyritys Oy", "2")
    imported(tmp_path, REMINDED)
    assert aino.owner is not None
    restricted(aino.owner)
    other = {**UNPAID, "customer_number": "2", "invoice_number": "2"}

    imported(tmp_path, REMINDED)
    for changed in (
        {**REMINDED, **PAID},
        {**REMINDED, "collection_stage": "demand"},
        {**UNPAID, "invoice_number": "3"},
    ):
        assert problems(tmp_path, other, changed) == [(3, "")]

    before = contents()
    done = imported(tmp_path, other, {**REMINDED, **PAID}, options=("--leave-out-restricted",))
    assert counts(done) == [[1, 0, 0], [0, 0, 0]]
    assert "1" in done.said.splitlines()[2]
    assert contents()["contracts_collectioncase"] == before["contracts_collectioncase"]
    assert len(contents()["contracts_invoice"]) == len(before["contracts_invoice"]) + 1
