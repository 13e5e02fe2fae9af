"""Pages of a customer's timeline, whatever the length of her history.

    python benchmarks/timeline.py [--persons 2000] [--entries 100 10000 100000] [--rounds 300]

Ours is the page as the card and the customer page get it before their template: the statement of
each app, the entries that are shown, and whose they are. The limit is the same statements,
prepared, by plain psycopg over the same socket.
"""

import sys
from dataclasses import dataclass
from datetime import timedelta
from math import log10
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

sys.path[0] = str(Path(__file__).resolve().parent.parent)

import psycopg  # noqa: E402
from psycopg.rows import dict_row  # noqa: E402

from benchmarks import bench  # noqa: E402

if TYPE_CHECKING:
    from accounts.models import User
    from datamap.timeline import Entry, Position, Scope

AT_MOST = 2.0
GROWTH_PER_TENFOLD = 1.3
LENGTH = 20


@dataclass(frozen=True)
class Page:
    """A page to measure: of whose history, and where it begins."""

    name: str
    scope: "Scope"
    before: "Position"


def main() -> None:
    words = bench.parser(__doc__ or "", persons=2000)
    words.add_argument("--entries", type=int, nargs="+", default=[100, 10_000, 100_000])
    asked = words.parse_args()
    persons = asked.persons[0]
    with bench.own_database():
        bench.fill(persons, asked.seed)
        sizes = {entries: pages_of_a_history(entries) for entries in sorted(set(asked.entries))}
        bench.analyse()
        bench.print_machine()
        bench.print_goal(
            f"a page of the timeline ≤ {AT_MOST} × its bare statements, growth ≤"
            f" {GROWTH_PER_TENFOLD} × per tenfold"
        )
        print(f"{persons:,} persons beside, {asked.rounds} rounds; milliseconds")
        print(f"{'page':24} {'entries':>8} {'ours':>8} {'p95':>8} {'limit':>8} {'p95':>8}  ratio")
        viewer = registrar()
        measured: dict[str, list[tuple[int, bench.Figures]]] = {}
        for entries, pages in sizes.items():
            for page in pages:
                ours = compare(entries, page, viewer, asked.rounds)
                measured.setdefault(page.name, []).append((entries, ours))
        print(f"\n{'page':24}  growth per tenfold")
        for name, found in measured.items():
            (few, first), (many, last) = found[0], found[-1]
            if many > few:
                growth = (last.median / first.median) ** (1 / log10(many / few))
                print(f"{name:24} {bench.verdict(growth, GROWTH_PER_TENFOLD)}")


def pages_of_a_history(entries: int) -> list[Page]:
    """A company with so many entries, all of one person: its first page, a page in the middle,
    and the first page of what names her."""
    from django.utils import timezone

    from datamap.timeline import TOP, Position, Scope
    from tests.builders import a_company, a_person
    from tests.histories import YEARS, a_long_history

    company, person = a_company(f"Mittaus {entries} Oy"), a_person("Maija", f"Mittaaja {entries}")
    with bench.site_connection() as connection:
        a_long_history(connection, company, person, entries)
    middle = Position(timezone.now() - timedelta(days=YEARS * 365 // 2), 0, 0)
    return [
        Page("customer, first", Scope.of_customer(company), TOP),
        Page("customer, in the middle", Scope.of_customer(company), middle),
        Page("person, first", Scope.of_person(person), TOP),
    ]


def registrar() -> "User":
    """Somebody who may see every kind of entry."""
    from django.contrib.auth.models import Group

    from tests.builders import a_user

    user = a_user(username="benchmark")
    user.groups.add(Group.objects.get(name="registrar"))
    return user


def compare(entries: int, page: Page, viewer: "User", rounds: int) -> bench.Figures:
    """The page and its bare statements in turn."""
    statements = statements_of(page, viewer)
    with (
        bench.site_connection() as connection,
        psycopg.Cursor(connection, row_factory=dict_row) as cursor,
    ):

        def limit(_: int) -> None:
            for statement, parameters in statements:
                cursor.execute(statement, parameters, prepare=True)
                cursor.fetchall()

        ours, least = bench.alternate(
            rounds, bench.Work(lambda _: read(page, viewer)), bench.Work(limit)
        )
    ratio = bench.verdict(ours.median / least.median, AT_MOST)
    print(f"{page.name:24} {entries:>8,} {ours} {least}  {ratio}")
    return ours


def statements_of(page: Page, viewer: "User") -> list[tuple[str, Any]]:
    """The statements that the page sends, with their parameters."""
    from audit import sql

    sent: list[tuple[str, Any]] = []
    fetch = sql.prepared_rows

    def remember(statement: str, params: Any) -> list[dict[str, Any]]:
        sent.append((statement, params))
        return fetch(statement, params)

    with patch.object(sql, "prepared_rows", remember):
        if len(read(page, viewer)) != LENGTH:
            raise RuntimeError("The page is not full.")
    return sent


def read(page: Page, viewer: "User") -> list["Entry"]:
    """The page, in a context whose rows are not written."""
    from audit.context import AccessContext, AccessPurpose, activate
    from datamap.timeline import timeline

    with activate(AccessContext(purpose=AccessPurpose.UPKEEP, actor_label="benchmark")):
        kinds = timeline.allowed(viewer)
        entries, _more = timeline.page(page.scope, viewer, kinds, page.before, LENGTH)
        return entries


if __name__ == "__main__":
    main()
