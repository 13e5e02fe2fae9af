"""How fast a file of invoices is imported: new, all of them paid later, and again as it is.

    python benchmarks/invoices.py [--persons 10000] [--invoices 100000] [--rounds 3] [--seed 1]

The register is the demo generator's. Memory is the peak of the process, beside that of a tenth of
the file.
"""

import csv
import re
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import NamedTuple

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # `audit` is the app, not a file here

from benchmarks import bench  # noqa: E402

PER_SECOND = 5_000
MEMORY_LIMIT = 1.25
FIRST_DAY = date(2024, 1, 2)
COLUMNS = (
    *("customer_number", "invoice_number", "invoice_date", "due_date", "net", "vat", "reference"),
    *("paid", "paid_date"),
)


class Import(NamedTuple):
    """An import's seconds and the most memory it took, in MiB."""

    seconds: float
    peak: float


def main() -> None:
    parser = bench.parser((__doc__ or "").splitlines()[0], persons=10_000)
    parser.set_defaults(rounds=3)
    parser.add_argument("--invoices", type=int, default=100_000)
    asked = parser.parse_args()
    for persons in asked.persons:
        with bench.own_database(), tempfile.TemporaryDirectory() as folder:
            bench.fill(persons, asked.seed)
            bench.print_machine()
            customers = customer_numbers()
            path = Path(folder, "invoices.csv")
            write_file(path, customers, asked.invoices // 10, "S", paid=False)
            least = measure(path).peak
            new, paid, again = [], [], []
            for number in range(asked.rounds):
                write_file(path, customers, asked.invoices, f"R{number}", paid=False)
                new.append(measure(path))
                write_file(path, customers, asked.invoices, f"R{number}", paid=True)
                paid.append(measure(path))
                again.append(measure(path))
            report(asked.invoices, least, new, paid, again)


def customer_numbers() -> list[str]:
    """Who may be billed."""
    with bench.site_connection() as site:
        rows = site.execute("SELECT number FROM customers_customer ORDER BY id")
        return [number for (number,) in rows]


def write_file(path: Path, customers: list[str], invoices: int, prefix: str, *, paid: bool) -> None:
    """Write a CSV file of invoices; the same prefix gives the same ones."""
    from contracts.identifiers import reference_of

    rng = Random(prefix)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number in range(invoices):
            issued = FIRST_DAY + timedelta(days=rng.randrange(300))
            net = rng.randrange(1_000, 100_000)
            vat = round(net * 0.255)
            payment = [f"{(net + vat) / 100:.2f}", issued + timedelta(days=10)]
            writer.writerow(
                [
                    *(rng.choice(customers), f"{prefix}-{number}"),
                    *(issued, issued + timedelta(days=14), f"{net / 100:.2f}", f"{vat / 100:.2f}"),
                    reference_of(f"{1000 + number}"),
                    *(payment if paid else ["", ""]),
                ]
            )


def measure(path: Path) -> Import:
    from praecom_registry.importing.importer import Progress, import_file
    from praecom_registry.importing.invoices.importer import InvoiceImporter

    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins anew
    started = time.perf_counter()
    outcome = import_file(
        InvoiceImporter(), path, dry_run=False, ignore_unknown=False, progress=Progress()
    )
    seconds = time.perf_counter() - started
    if outcome.summary is None:
        raise RuntimeError(f"{len(outcome.problems)} problems in the generated file.")
    status = Path("/proc/self/status").read_text(encoding="ascii")
    [kilobytes] = re.findall(r"VmHWM:\s+(\d+) kB", status)
    return Import(seconds, int(kilobytes) / 1024)


def report(
    invoices: int, least: float, new: list[Import], paid: list[Import], again: list[Import]
) -> None:
    print(f"\n{invoices:,} invoices in a file")
    bench.print_goal("import ≥ 5,000 invoices/s with every rule, figure and log row")
    for name, rounds in (("new", new), ("all paid", paid), ("as before", again)):
        seconds = median(one.seconds for one in rounds)
        speed = invoices / seconds
        verdict = "ok" if speed >= PER_SECOND else "UNDER"
        print(f"{name:10} median {seconds:6.2f} s, {speed:8,.0f} invoices/s {verdict}")
    bench.print_goal("import: memory flat (peak of the process, beside a tenth of the file)")
    peak = max(one.peak for one in (*new, *paid, *again))
    print(f"{least:.0f} MiB, {peak:.0f} MiB: {bench.verdict(peak / least, MEMORY_LIMIT)}")


if __name__ == "__main__":
    main()
