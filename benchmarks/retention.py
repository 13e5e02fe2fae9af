"""How fast what has had its time is found and erased, and what agents notice of it meanwhile.

    python benchmarks/retention.py [--persons 100000 1000000] [--due 20000] [--days 400] [--seed 1]

Everybody in the demo generator's register has been known for years, so that a plan asks about each,
and what is due there of every kind goes first. Then come former contact persons who are due, each
with her task and two addresses of mail. The limit is a plain DELETE of as many of the same rows, by
the owner, in one statement for each table, with the same triggers. At last goes what falls due of
every kind in some days more. What erases is a process of its own behind the agents', as the runbook
starts the worker.
"""

import multiprocessing
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # `audit` is the app, not a file here

import psycopg  # noqa: E402

from benchmarks import bench  # noqa: E402

DRY_RUN_SECONDS = 60
PER_SECOND = 5_000
SLOWER_LOOKUPS = 1.5
LOOKUPS_PER_SECOND = 20
BEHIND_AGENTS = 10  # how nice the worker is
FORMER = "Entinen"

DUE = (
    """
    INSERT INTO customers_person (public_id, first_name, last_name, language, source,
        source_wording, created_at, changed_at)
    SELECT gen_random_uuid(), %(name)s, 'Mallikas' || n, 'fi', 'staff', '', '2015-01-01', now()
    FROM generate_series(1, %(due)s) AS n
    """,
    """
    INSERT INTO customers_contactperson (public_id, person_id, customer_id, position, task,
        started_on, ended_on, source, source_wording, created_at, changed_at)
    SELECT gen_random_uuid(), p.id, (SELECT min(id) FROM customers_customer
        WHERE kind = 'company'), '', '', '2015-01-01', '2018-01-01', 'staff', '', '2015-01-01',
        now()
    FROM customers_person p WHERE p.first_name = %(name)s
    """,
    """
    INSERT INTO customers_contactpoint (public_id, person_id, kind, as_written, normalised, label,
        is_primary, source, source_wording, created_at, changed_at)
    SELECT gen_random_uuid(), p.id, 'email', p.id || '.' || n || '@example.org',
        p.id || '.' || n || '@example.org', '', false, 'staff', '', '2015-01-01', now()
    FROM customers_person p, generate_series(1, 2) AS n WHERE p.first_name = %(name)s
    """,
)
AGED = "UPDATE customers_person SET created_at = created_at - interval '5 years'"
ERASED = ("customers_contactpoint", "customers_contactperson", "customers_person")


def main() -> None:
    parser = bench.parser((__doc__ or "").splitlines()[0], persons=100_000)
    parser.add_argument("--due", type=int, default=20_000, help="former contact persons")
    parser.add_argument("--days", type=int, default=400, help="how far on the last run looks")
    asked = parser.parse_args()
    for place, persons in enumerate(asked.persons):
        with bench.own_database():
            bench.fill(persons, asked.seed)
            if place == 0:
                bench.print_machine()
            measure(persons, asked.due, asked.days)


def measure(persons: int, due: int, days: int) -> None:
    """All figures of a register of one size."""
    from django.test import override_settings
    from django.utils import timezone

    with override_settings(ERASURE_SECOND_PERSON=1_000_000_000):
        with owner() as connection:
            connection.execute(AGED)
        bench.analyse()
        bench.print_goal(f"dry run over 1 M persons ≤ {DRY_RUN_SECONDS} s")
        seconds, planned = dry_run()
        print(f"{persons:,} persons: {seconds:.1f} s, {planned:,} records in the plan")
        records, planning, erasing = erase(timezone.localdate())
        print(
            f"of every kind: {records:,} records, planned in {planning:.1f} s, erased in"
            f" {erasing:.1f} s, {records / erasing:,.0f} per second"
        )
        add_due(due)
        bench.analyse()
        limit = plain_delete()
        add_due(due)
        bench.analyse()
        bench.print_goal(f"execution ≥ {PER_SECOND:,} records/s, whatever the register's size")
        bench.print_goal(f"lookups meanwhile: p95 ≤ {SLOWER_LOOKUPS} × usual")
        speed = beside_agents(timezone.localdate())
        print(f"a plain DELETE {limit:,.0f} per second, ratio {limit / speed:.2f}")
        beside_agents(timezone.localdate() + timedelta(days=days))


def beside_agents(as_of: date) -> float:
    """Erase what is due by a day while agents look up callers; returns records per second."""
    usual = looked_up(10)
    with lookups_beside() as times:
        records, planning, erasing = erase_behind(as_of)
    meanwhile, speed = bench.Figures(times), records / erasing
    print(
        f"due by {as_of}: {records:,} records, planned in {planning:.1f} s, erased in"
        f" {erasing:.1f} s, {speed:,.0f} per second {'ok' if speed >= PER_SECOND else 'UNDER'}"
    )
    print(
        f"  lookups: usual p50 {usual.median:.1f} ms, p95 {usual.p95:.1f} ms; meanwhile p50"
        f" {meanwhile.median:.1f} ms, p95 {meanwhile.p95:.1f} ms, {len(times):,} lookups,"
        f" ratio {bench.verdict(meanwhile.p95 / usual.p95, SLOWER_LOOKUPS)}"
    )
    return speed


@contextmanager
def owner() -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as connection:
        yield connection


def add_due(due: int) -> None:
    with owner() as connection:
        for statement in DUE:
            connection.execute(statement, {"name": FORMER, "due": due})


def plain_delete() -> float:
    """Rows per second of the least that it could take."""
    rows = 0
    started = time.perf_counter()
    with owner() as connection, connection.transaction():
        for table in ERASED:
            key = "id" if table == "customers_person" else "person_id"
            found = connection.execute(
                f"DELETE FROM {table} WHERE {key} IN"
                " (SELECT id FROM customers_person WHERE first_name = %s)",
                [FORMER],
            )
            rows += found.rowcount
    return rows / (time.perf_counter() - started)


def dry_run() -> tuple[float, int]:
    """Seconds, and how many records the plan has."""
    from django.utils import timezone

    from privacy.forgetting.runs import dry_run, going_of

    started = time.perf_counter()
    with dry_run(as_of=timezone.localdate(), job="benchmark") as run:
        return time.perf_counter() - started, going_of(run)


def erase(as_of: date) -> tuple[int, float, float]:
    """Carry a nightly run out: records, seconds of planning, seconds of erasing."""
    from privacy.forgetting.runs import execute, plan_retention, scope_of

    started = time.perf_counter()
    run = plan_retention(as_of=as_of, job="benchmark")
    planned = time.perf_counter()
    run = execute(run, scope_of(run), job="benchmark")
    return sum(run.erased.values()), planned - started, time.perf_counter() - planned


def erase_behind(as_of: date) -> tuple[int, float, float]:
    """The same by a process of its own, that lets agents go first."""
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    process = context.Process(target=_erase_behind, args=(as_of, answers))
    process.start()
    found: tuple[int, float, float] = answers.get(timeout=3600)
    process.join()
    return found


def _erase_behind(as_of: date, answers: Any) -> None:
    """The child's work."""
    import django

    os.nice(BEHIND_AGENTS)
    django.setup()
    from django.test import override_settings

    with override_settings(ERASURE_SECOND_PERSON=1_000_000_000):
        answers.put(erase(as_of))


# --- agents ---------------------------------------------------------------------------------------


def looked_up(seconds: float) -> bench.Figures:
    """Lookups for some seconds, by a process of their own."""
    with lookups_beside() as times:
        time.sleep(seconds)
    return bench.Figures(times)


@contextmanager
def lookups_beside() -> Iterator[list[float]]:
    """Agents look up callers while the block runs; their times are in the list after it."""
    context = multiprocessing.get_context("spawn")
    stop, ready, answers = context.Event(), context.Event(), context.Queue()
    process = context.Process(target=look_up, args=(ready, stop, answers))
    process.start()
    ready.wait()
    times: list[float] = []
    try:
        yield times
    finally:
        stop.set()
        times += answers.get()
        process.join()


def look_up(ready: Any, stop: Any, answers: Any) -> None:
    """The child's work: a lookup every so often, by numbers that are in the register."""
    import django

    django.setup()
    from audit.context import AccessPurpose, access_context
    from customers.lookup import find
    from datamap.lookup_keys import lookup_keys

    with owner() as connection:
        numbers = [
            row[0]
            for row in connection.execute(
                "SELECT as_written FROM customers_contactpoint WHERE kind = 'phone' LIMIT 500"
            )
        ]
    times: list[float] = []
    kinds = lookup_keys.kinds_for(lambda permission: True)
    while not stop.is_set():
        started = time.perf_counter()
        with access_context(job="benchmark", purpose=AccessPurpose.PROBLEM_SOLVING):
            find(numbers[len(times) % len(numbers)], kinds)
        times.append((time.perf_counter() - started) * 1000)
        ready.set()
        stop.wait(1 / LOOKUPS_PER_SECOND)
    answers.put(times[1:])


if __name__ == "__main__":
    main()
