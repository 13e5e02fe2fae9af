"""Import files that tests make, the command run on them, and what the register then holds."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command
from django.db import connection

from audit.context import AccessContext, AccessPurpose, activate

_NUMBER = re.compile(r"\d+")
DATA = Path(__file__).resolve().parent.parent / "data"
SAMPLES = ("customers.csv", "asiakkaat.csv", "asiakkaat_utf8_bom.csv", "asiakkaat.xlsx")
TABLES = (
    *("customers_person", "customers_customer", "customers_contactpoint"),
    *("customers_contactperson", "customers_serviceuser", "customers_address"),
    *("consents_marketingchoice", "customers_lookupkey"),
)

PRIVATE = {
    "customer_number": "1",
    "customer_kind": "person",
    "first_name": "Aino",
    "last_name": "Mallikas",
    "email": "aino.mallikas@example.org",
    "phone": "040 000 0001",
    "source": "web form",
}
CONTACT = {
    "customer_number": "2",
    "customer_kind": "company",
    "company_name": "Malliyritys Oy",
    "business_id": "9400001-9",
    "first_name": "Eero",
    "last_name": "Esimerkki",
    "person_role": "contact",
    "task": "hankinta",
    "email": "eero.esimerkki@example.org",
    "phone": "050 000 0002",
    "source": "phone call",
}
USER = {
    **CONTACT,
    "first_name": "Käyttö",
    "last_name": "Kokeilija",
    "person_role": "user",
    "task": "",
    "user_id": "K1",
    "email": "kaytto.kokeilija@example.org",
    "phone": "",
}


@dataclass(frozen=True)
class Run:
    """What the command said, on which stream, and the error it ended with, if any."""

    said: str
    complained: str
    error: str | None

    @property
    def nothing_changed(self) -> bool:
        """Whether it succeeded and says that everything was as before."""
        lines = [_NUMBER.findall(line) for line in self.said.splitlines()]
        new_and_changed = [number for line in lines[:2] for number in line[:2]]
        return self.error is None and [*new_and_changed, *lines[2]] == ["0"] * 5


def run(file: Path, *options: str, command: str = "import_customers") -> Run:
    """Run a command on a file."""
    said, complained = StringIO(), StringIO()
    error = None
    try:
        call_command(command, str(file), *options, stdout=said, stderr=complained)
    except CommandError as raised:
        error = str(raised)
    return Run(said.getvalue(), complained.getvalue(), error)


def a_file(
    folder: Path, *rows: dict[str, str], name: str = "file.csv", separator: str = ","
) -> Path:
    """A CSV file with these rows; its columns are those that any of them has."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", delimiter=separator)
        writer.writeheader()
        writer.writerows(rows)
    return path


def imported(folder: Path, *rows: dict[str, str]) -> Run:
    """Import these rows as one file; it must succeed."""
    done = run(a_file(folder, *rows))
    assert done.error is None, done
    return done


def problems(folder: Path, *rows: dict[str, str]) -> list[tuple[int, str]]:
    """Row and column of everything that is wrong with these rows, as one file."""
    report = folder / "errors.csv"
    assert run(a_file(folder, *rows), "--errors", str(report)).error is not None
    return reported(report)


def reported(report: Path) -> list[tuple[int, str]]:
    """Row and column of each line of an error file."""
    with report.open(encoding="utf-8", newline="") as file:
        return [(int(line["row"]), line["column"]) for line in csv.DictReader(file)]


def query(sql: str, parameters: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
    """Read as the tests do: in a context whose rows nobody writes."""
    with (
        activate(AccessContext(purpose=AccessPurpose.LOG_CONTROL)),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, list(parameters) or None)
        return list(cursor.fetchall())


def contents(tables: Iterable[str] = TABLES) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that an import writes, the log left out."""
    return {table: query(f"SELECT * FROM {table} ORDER BY id") for table in tables}


def persons() -> list[str]:
    """The names of everybody in the register, in order of arrival."""
    names = query("SELECT first_name || ' ' || last_name FROM customers_person ORDER BY id")
    return [name for (name,) in names]


def states() -> dict[str, str]:
    """The marketing state of the one person with choices, by channel."""
    return dict(
        query(
            "SELECT DISTINCT ON (channel) channel, choice FROM consents_marketingchoice"
            " ORDER BY channel, at DESC, id DESC"
        )
    )
