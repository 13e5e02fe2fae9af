"""A package of a person with a long history: its time, its memory, its statements.

    python benchmarks/report.py [--persons 10000 100000] [--records 10000] [--looks 5000]

The work in the background is what counts: collecting the draft, finding other people in it, and
making the files; what is made is sealed as for a real package. The peak memory of this process and
of the compiler's child are the kernel's figures. The register is filled anew for each size.
"""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

import os  # noqa: E402
import resource  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from typing import TYPE_CHECKING, Any  # noqa: E402

import psycopg  # noqa: E402

from benchmarks import bench  # noqa: E402

if TYPE_CHECKING:
    from customers.models import Person

AT_MOST, SAME, CHILD = 15, 1.2, 300
"""Seconds of work, of the time in the smallest register, and MiB of the compiler."""
WARM = 100
"""Records of the person whose package is made first, so that what is loaded once is loaded."""

_CONTACTS = """
INSERT INTO customers_interaction (public_id, person_id, channel, direction, subject, summary,
    outcome, happened_at, closed_at, source, source_wording)
SELECT gen_random_uuid(), %(person)s, 'phone', 'in', 'Liittymän vika ' || n,
    'Yhteys katkeili illalla. Laite käynnistettiin uudelleen, ja vika poistui. Sovittu '
        || 'soitto asiakkaalle viikon päästä, tapaus ' || n,
    'resolved', now() - make_interval(hours => n), now() - make_interval(hours => n - 1),
    'phone_call', ''
FROM generate_series(1, %(half)s) AS n
"""
_INVOICES = """
INSERT INTO contracts_invoice (public_id, customer_id, number, reference, issued_on, due_on, net,
    vat, paid, paid_on, currency)
SELECT gen_random_uuid(), %(customer)s, 'M' || %(person)s || '-' || n, '', current_date - n % 900,
    current_date - n % 900 + 14, 40, 10.2, 50.2, current_date - n % 900 + 10, 'EUR'
FROM generate_series(1, %(half)s) AS n
""".replace("n % 900", "n %% 900")
_LOOKS = """
INSERT INTO audit_logentry (timestamp, action, subject, categories, actor_label, unit, purpose,
    reason, route, cid)
SELECT now() + make_interval(secs => n), 3, %(subject)s, '{name,phone}', '', 'Service Desk',
    'service_call', '', 'persons:card', n::text
FROM generate_series(1, %(looks)s) AS n
"""


def main() -> None:
    words = bench.parser(__doc__ or "", persons=10_000)
    words.add_argument("--records", type=int, default=10_000, help="records of the person")
    words.add_argument("--looks", type=int, default=5_000, help="rows of the log about her")
    asked = words.parse_args()
    first = 0.0
    for number, persons in enumerate(asked.persons):
        with bench.own_database():
            bench.fill(persons, asked.seed)
            warm = a_person("Lyhyt", WARM, WARM)
            long = a_person("Pitkä", asked.records, asked.looks)
            bench.analyse()
            if number == 0:
                bench.print_machine()
                bench.print_goal(f"≤ {AT_MOST} s of work, child ≤ {CHILD} MiB, same ± 20 %")
                print(
                    f"{'persons':>9} {'records':>8} {'collect':>8} {'make':>8} {'total':>8}"
                    f" {'statements':>10} {'MiB':>6} {'grew':>6} {'child':>6} {'to first':>8}"
                )
            measure(persons, warm)
            total = measure(persons, long)
            first = first or total
            print(
                f"{'':76}{bench.verdict(total / first, SAME)}"
                f"   total {bench.verdict(total / AT_MOST, 1)}"
            )


def a_person(name: str, records: int, looks: int) -> "Person":
    """A private customer with so many contacts and invoices, and so many looks at her data."""
    from tests.builders import a_person, a_private_customer

    person = a_person(name, "Mittaaja", phones=["040 000 0777"])
    customer = a_private_customer(person)
    values = {
        "person": person.pk,
        "customer": customer.pk,
        "subject": person.public_id,
        "half": records // 2,
        "looks": looks,
    }
    with bench.site_connection() as connection:
        connection.execute("SET statement_timeout = 0")
        for statement in (_CONTACTS, _INVOICES):
            connection.execute(statement, values)
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        owner.execute(_LOOKS, values)  # the site cannot say when a row of the log is of
    return person


def measure(persons: int, person: "Person") -> float:
    """Make her package once, and print what it took; returns the seconds."""
    from django.test.utils import override_settings

    from audit.context import AccessPurpose, access_context
    from privacy.models import Package
    from privacy.package_tasks import collect_package, make_package
    from tests.package_builders import approved, asked_for

    with tempfile.TemporaryDirectory() as vault, override_settings(RECORDINGS_STORAGE=vault):
        package = asked_for(person)
        before = memory()
        started = time.perf_counter()
        with Counter() as counter:
            collect_package(package.pk)
        collected = time.perf_counter()
        approved(package)
        reviewed = time.perf_counter()
        make_package(package.pk)
        ended = time.perf_counter()
        with access_context(job="benchmark", purpose=AccessPurpose.SUBJECT_REQUEST):
            assert Package.objects.get(pk=package.pk).status == Package.Status.READY
    records = WARM if person.first_name == "Lyhyt" else "all"
    total = collected - started + ended - reviewed
    print(
        f"{persons:>9,} {records!s:>8} {collected - started:>8.2f} {ended - reviewed:>8.2f}"
        f" {total:>8.2f} {counter.number:>10} {memory():>6.0f} {memory() - before:>6.1f}"
        f" {memory(resource.RUSAGE_CHILDREN):>6.0f}"
    )
    return total


def memory(whose: int = resource.RUSAGE_SELF) -> float:
    """The peak memory in MiB, of this process or of the largest child."""
    return resource.getrusage(whose).ru_maxrss / 1024


class Counter:
    """Counts the statements of the site."""

    number = 0

    def __enter__(self) -> "Counter":
        from django.db import connection

        self._wrapper = connection.execute_wrapper(self._count)
        self._wrapper.__enter__()
        return self

    def __exit__(self, *exception: Any) -> None:
        self._wrapper.__exit__(*exception)

    def _count(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        self.number += 1
        return execute(sql, params, many, context)


if __name__ == "__main__":
    main()
