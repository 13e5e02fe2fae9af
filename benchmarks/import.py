# ruff: noqa: N999
"""How fast a file of customers is imported, beside plain COPY of the very same rows.

    python benchmarks/import.py [--persons 100000] [--rounds 3] [--seed 1]

The file is made of the demo generator's people. The limit is what the import has left behind in
every table it writes (lookup keys and log rows with them): copied by plain psycopg into tables
without indexes, then their indexes built. Each round has a database of its own and measures both;
the times are each one's whole, from the file to the commit.
"""

import argparse
import csv
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # `audit` is the app, not a file here

import psycopg  # noqa: E402
from psycopg import sql  # noqa: E402

from benchmarks import bench  # noqa: E402

PER_SECOND = 5_000
RATIO_LIMIT = 3.0
MEMORY_LIMIT = 1.25
TODAY = date(2026, 11, 2)
TABLES = (
    *("customers_person", "customers_customer", "customers_contactpoint"),
    *("customers_contactperson", "customers_serviceuser", "customers_address"),
    *("consents_marketingchoice", "customers_lookupkey", "audit_logentry"),
)
COLUMNS = (
    *("customer_number", "customer_kind", "company_name", "business_id", "first_name"),
    *("last_name", "person_role", "task", "position", "user_id", "email", "phone", "phone_2"),
    *("language", "street", "postal_code", "city", "country", "customer_since", "source"),
    *("marketing_email", "marketing_sms", "marketing_phone", "marketing_post"),
)
SOURCES = ("service registration", "service use", "web form", "phone call")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--persons", type=int, nargs="+", default=[100_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    for persons in asked.persons:
        with tempfile.TemporaryDirectory() as folder:
            small, file = Path(folder, "small.csv"), Path(folder, "customers.csv")
            with bench.own_database():  # Django must be there before the generator is
                write_file(small, max(persons // 10, 1), asked.seed)
                write_file(file, persons, asked.seed)
                least = measure_import(small).peak
                bench.print_machine()
            rounds = [measure_round(file) for _ in range(asked.rounds)]
            report(file, rounds, least)


# --- the file -------------------------------------------------------------------------------------


def write_file(path: Path, persons: int, seed: int) -> None:
    """Write a CSV file of the demo generator's people, as far as they have a customer number."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(_rows(persons, seed))


def _rows(persons: int, seed: int) -> Iterator[list[str]]:  # noqa: C901
    from praecom_registry.demo.people import Plan, batches

    rng = Random(seed)
    for batch in batches(Plan(persons, seed, TODAY)):
        reach: dict[Any, list[str]] = {}
        for point in batch.contact_points:
            if point.person is not None and point.ended_on is None:
                reach.setdefault((point.person, point.kind), []).append(point.as_written)
        places = {
            (a.person, a.customer): [a.street, a.postal_code, a.city, a.country]
            for a in batch.addresses
            if a.valid_until is None
        }
        choices: dict[Any, str] = {}
        for choice in batch.choices:
            said = "yes" if choice.choice == "permitted" else "no"
            choices[choice.person, choice.channel] = said

        def row(number: int, person: int, roles: list[str]) -> list[str]:
            customer, who = batch.customers[number], batch.persons[person]  # noqa: B023
            phones = reach.get((person, "phone"), [])  # noqa: B023
            is_company = customer.kind == "company"
            return [
                customer.number,
                customer.kind,
                customer.company_name,
                customer.business_id,
                who.first_name,
                who.last_name,
                *roles,
                *reach.get((person, "email"), [""])[:1],  # noqa: B023
                *[*phones, "", ""][:2],
                who.language,
                *places.get((None, number) if is_company else (person, None), [""] * 4),  # noqa: B023
                customer.since.isoformat(),
                rng.choice(SOURCES),
                *(
                    choices.get((person, channel), "")  # noqa: B023
                    for channel in ("email", "sms", "phone", "post")
                ),
            ]

        users = {(u.person, u.customer): u.user_id for u in batch.service_users}
        for number, customer in enumerate(batch.customers):
            if customer.kind == "person" and customer.owner is not None:
                user_id = users.pop((customer.owner, number), "")
                yield row(number, customer.owner, ["", "", "", user_id])
        for contact in {(c.person, c.customer): c for c in batch.contact_persons}.values():
            roles = ["contact", contact.task, contact.position, ""]
            yield row(contact.customer, contact.person, roles)
        for (person, of), user_id in users.items():
            if of is not None:
                yield row(of, person, ["user", "", "", user_id])


# --- measuring ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Import:
    """An import's seconds, its persons and the most memory it took, in MiB."""

    seconds: float
    persons: int
    peak: float


@dataclass(frozen=True)
class Round:
    """The same rows imported, imported again, and copied; rows by table."""

    first: Import
    again: Import
    copy_seconds: float
    index_seconds: float
    rows: dict[str, int]

    @property
    def ratio(self) -> float:
        return self.first.seconds / (self.copy_seconds + self.index_seconds)


def measure_round(file: Path) -> Round:
    with bench.own_database(), tempfile.TemporaryDirectory() as folder:
        first = measure_import(file)
        rows = _save_rows(Path(folder))
        copied, indexed = _measure_copy(Path(folder))
        with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
            owner.execute("VACUUM ANALYZE")
        return Round(first, measure_import(file), copied, indexed, rows)


def measure_import(file: Path) -> Import:
    from praecom_registry.importing.customers.importer import CustomerImporter
    from praecom_registry.importing.importer import Progress, import_file

    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins anew
    started = time.perf_counter()
    outcome = import_file(
        CustomerImporter(), file, dry_run=False, ignore_unknown=False, progress=Progress()
    )
    seconds = time.perf_counter() - started
    if outcome.summary is None:
        raise RuntimeError(f"{len(outcome.problems)} problems in the generated file.")
    peak = _peak()
    _wait_for_the_backend()
    done = outcome.summary
    persons = done.persons_new + done.persons_changed + done.persons_unchanged
    return Import(seconds, persons, peak)


def _wait_for_the_backend() -> None:
    """Its temporary tables gone, the server process ends; the owner may not end it for it."""
    from django.db import connections

    connections.close_all()
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        while owner.execute(
            "SELECT FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid()"
        ).fetchone():
            time.sleep(0.05)


def _peak() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    [kilobytes] = re.findall(r"VmHWM:\s+(\d+) kB", status)
    return int(kilobytes) / 1024


def _save_rows(folder: Path) -> dict[str, int]:
    """Keep what the import has written as files, outside the measured time."""
    rows = {}
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        for table in TABLES:
            statement = sql.SQL("COPY (SELECT * FROM {}) TO STDOUT").format(sql.Identifier(table))
            with (folder / table).open("wb") as file, owner.cursor() as cursor:
                with cursor.copy(statement) as copy:
                    for data in copy:
                        file.write(data)
                rows[table] = cursor.rowcount
    return rows


def _measure_copy(folder: Path) -> tuple[float, float]:
    """Copy the same rows into tables without indexes, then build the indexes."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        indexes = []
        for table in TABLES:
            owner.execute(f"CREATE TABLE limit_{table} (LIKE {table} INCLUDING GENERATED)")
            for (definition,) in owner.execute(
                "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = %s",
                [table],
            ):
                made = re.sub(r"INDEX \S+ ON (ONLY )?", "INDEX ON ", definition, count=1)
                indexes.append(made.replace(f".{table} ", f".limit_{table} ", 1))
        started = time.perf_counter()
        with owner.transaction(), owner.cursor() as cursor:
            for table in TABLES:
                with (
                    (folder / table).open("rb") as file,
                    cursor.copy(f"COPY limit_{table} FROM STDIN") as copy,
                ):
                    while block := file.read(2**16):
                        copy.write(block)
        copied = time.perf_counter()
        for definition in indexes:
            owner.execute(definition)
        indexed = time.perf_counter()
        for table in TABLES:
            owner.execute(f"DROP TABLE limit_{table}")
    return copied - started, indexed - copied


# --- the report -----------------------------------------------------------------------------------


def report(file: Path, rounds: list[Round], least: float) -> None:
    first = rounds[0].first
    rows = rounds[0].rows
    print(f"\n{first.persons:,} persons, {file.stat().st_size / 2**20:.0f} MiB of CSV,")
    print(f"{sum(rows.values()):,} rows written: ", end="")
    print(", ".join(f"{name.partition('_')[2]} {number:,}" for name, number in rows.items()))
    speed = median(r.first.persons / r.first.seconds for r in rounds)
    bench.print_goal("import ≥ 5,000 persons/s with every rule, key and log row")
    _print_times("import", [r.first.seconds for r in rounds])
    print(f"{speed:,.0f} persons/s {'ok' if speed >= PER_SECOND else 'UNDER'}")
    bench.print_goal("import ≤ 3 × COPY + index build of the same rows")
    _print_times("COPY", [r.copy_seconds for r in rounds])
    _print_times("indexes", [r.index_seconds for r in rounds])
    print(f"ratio {bench.verdict(median(r.ratio for r in rounds), RATIO_LIMIT)}")
    bench.print_goal("import: memory flat (peak of the process, beside a tenth of the file)")
    peak = max(r.first.peak for r in rounds)
    print(f"{least:.0f} MiB, {peak:.0f} MiB: {bench.verdict(peak / least, MEMORY_LIMIT)}")
    print("\nNo goal: the same file again, which changes nothing")
    _print_times("import", [r.again.seconds for r in rounds])
    print(f"{median(r.again.persons / r.again.seconds for r in rounds):,.0f} persons/s")


def _print_times(name: str, seconds: list[float]) -> None:
    each = " ".join(f"{one:.2f}" for one in seconds)
    print(f"{name:8} median {median(seconds):7.2f} s of {each}")


if __name__ == "__main__":
    main()
