"""Decisions on direct marketing: of one person, of everybody, and lists made and handed out.

    python benchmarks/consents.py [--persons 100000] [--rounds 200]

Deciding of everybody is measured beside fetching the same candidates with names and addresses by
plain psycopg, over the same socket. Of one person, it is measured with a short and a long history
of choices, and the pages that the statement reads are counted. A list is made, and written as a
file, once each: with every row of the log and its commit.
"""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks import bench  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

    from consents.decision import Recipient
    from customers.models import Person

AT_MOST = 5.0
SAME = 1.1
SHORT, LONG = 10, 1_000
OWN = "Praecom Oy"
TIMES = 5

_FETCHED = """
SELECT c.*, n.first_name, n.last_name, m.company_name, p.as_written, p.normalised
FROM ({candidates}) AS c
LEFT JOIN customers_person n ON n.id = c.person_id
LEFT JOIN customers_customer m ON m.id = c.customer_id
LEFT JOIN customers_contactpoint p ON p.id = c.point_id
"""


def main() -> None:
    asked = bench.options(__doc__ or "", persons=100_000)
    with bench.own_database():
        bench.fill(asked.persons[0], asked.seed)
        one = [a_recipient(events) for events in (SHORT, LONG)]
        bench.analyse()
        bench.print_machine()
        of_one(one, asked.rounds)
        of_everybody()
        of_lists()


# --- one person -----------------------------------------------------------------------------------


def a_recipient(events: int) -> "Recipient":
    """Somebody who has chosen so often about e-mail."""
    from consents.decision import Recipient
    from customers.models import ContactPoint
    from tests.builders import a_person

    person = a_person(emails=[f"mittaus{events}@example.com"])
    _choices(person, events)
    with in_marketing():
        return Recipient(person=person, contact_point=ContactPoint.objects.get(person=person))


def _choices(person: "Person", events: int) -> None:
    statement = """INSERT INTO consents_marketingchoice
        (public_id, person_id, channel, product_group, choice, source, evidence, at)
        SELECT gen_random_uuid(), %s, 'email', '', 'permitted', 'call', '',
            now() - make_interval(mins => n) FROM generate_series(1, %s) AS n"""
    with bench.site_connection() as connection:
        connection.execute(statement, [person.pk, events])


def of_one(recipients: "list[Recipient]", rounds: int) -> None:
    """`may_market` with a short and a long history."""
    from consents.decision import may_market

    def decide(recipient: "Recipient") -> "Callable[[int], object]":
        def run(_number: int) -> object:
            with in_marketing():
                return may_market(recipient, "email", "support")

        return run

    bench.print_goal(f"may_market with {LONG:,} events ≤ {SAME} × with {SHORT}")
    few, many = bench.alternate(rounds, *(bench.Work(decide(one)) for one in recipients))
    print(f"{'milliseconds':24} {'median':>8} {'p95':>8}")
    print(f"{f'{SHORT} events':24} {few}\n{f'{LONG:,} events':24} {many}", end="  ")
    print(bench.verdict(many.median / few.median, SAME))
    pages = [_pages_read(one) for one in recipients]
    print(f"pages of tables and indexes that the statement reads: {pages[0]} and {pages[1]}")


def _pages_read(recipient: "Recipient") -> int:
    """How many pages the statement about one recipient reads, from memory or not."""
    from consents.decision import candidate_of
    from consents.facts import facts_params, facts_sql

    candidate, given = candidate_of(recipient)
    given |= {**facts_params("support", OWN, None), "channel": "email"}
    statement = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {facts_sql(candidate)}"
    with bench.site_connection() as connection:
        row: Any = connection.execute(statement, given).fetchone()
    plan = row[0][0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


# --- everybody ------------------------------------------------------------------------------------


def of_everybody() -> None:
    """Each channel's decisions beside a fetch of the same rows."""
    from consents.candidates import candidates_of
    from consents.decision import decisions
    from consents.target_groups import Audience, TargetGroup

    bench.print_goal(f"decisions ≤ {AT_MOST} × fetching the same rows")
    print(f"{'milliseconds':24} {'rows':>8} {'ours':>8} {'p95':>8} {'limit':>8} {'p95':>8}  ratio")
    group = TargetGroup(tuple(Audience.values))
    for channel in ("email", "phone"):
        statement, params = candidates_of(group, channel)
        found = [0]

        def ours(
            _number: int, statement: str = statement, params: Any = params, on: str = channel
        ) -> None:
            with in_marketing(longest=True):
                found[0] = sum(1 for _ in decisions(statement, params, on, "support"))  # noqa: B023

        with bench.site_connection() as connection:
            connection.execute("SET statement_timeout = 0")
            fetched = _FETCHED.format(candidates=statement)

            def limit(_number: int, fetched: str = fetched, params: Any = params) -> None:
                connection.execute(fetched, params, prepare=True).fetchall()

            figures = bench.alternate(TIMES, bench.Work(ours), bench.Work(limit), warm_up=2)
        print(f"{channel:24} {found[0]:>8,} {figures[0]} {figures[1]}", end=" ")
        print(bench.verdict(figures[0].median / figures[1].median, AT_MOST))


# --- lists ----------------------------------------------------------------------------------------


def of_lists() -> None:
    """A list of everybody who may be called is made, and written as each kind of file."""
    from collections import Counter
    from datetime import timedelta
    from uuid import uuid4

    from django.utils import timezone

    from consents.decided_sets import Message
    from consents.list_files import KINDS, cells_of, columns_of
    from consents.list_rows import leaving
    from consents.services.lists import ask_for_list, make_list
    from consents.target_groups import Audience, TargetGroup
    from tests.builders import a_user

    bench.print_goal("a list of everybody is made, and written, in seconds")
    started = time.perf_counter()
    with in_marketing():
        asked, _is_new = ask_for_list(
            public_id=uuid4(),
            name="Mittaus",
            group=TargetGroup(tuple(Audience.values)),
            message=Message("phone", "support"),
            expires_on=timezone.localdate() + timedelta(days=1),
            made_by=a_user("benchmark"),
        )
        made = make_list(asked)
    print(f"{'made':24} {made.allowed:>10,} rows {time.perf_counter() - started:8.1f} s")
    for kind, (write, _media) in KINDS.items():
        started = time.perf_counter()
        with in_marketing():
            rows = (cells_of(row, "phone") for row in leaving(made, Counter()))
            size = len(write(columns_of("phone"), rows).read())
        print(f"{kind:24} {size:>10,} bytes {time.perf_counter() - started:7.1f} s")


def in_marketing(*, longest: bool = False) -> Any:
    """A unit of work as a marketer's request is one."""
    from contextlib import contextmanager

    from audit.context import AccessPurpose, access_context
    from audit.sql import run_sql

    @contextmanager
    def opened() -> Any:
        with access_context(job="benchmark", purpose=AccessPurpose.MARKETING):
            if longest:
                run_sql("SET LOCAL statement_timeout = 0")
            yield

    return opened()


if __name__ == "__main__":
    main()
