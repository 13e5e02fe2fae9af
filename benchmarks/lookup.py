"""How long the database takes to find a caller, beside the least that it could take.

    python benchmarks/lookup.py [--persons 100000 1000000] [--rounds 300]

The limit is a prepared statement that fetches up to twenty keys from the key table, run by plain
psycopg over the same socket. Ours are the statements that `customers.lookup.find` sends, as it
sends them, run in turn with the limit: the one that finds the keys, folding included (the goal's
lookup query), and for comparison both, the second of which reads names, numbers as written and
companies of everybody shown.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from math import log10
from pathlib import Path
from typing import Any
from unittest.mock import patch

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # `audit` is the app, not this file

import psycopg  # noqa: E402
from psycopg.rows import dict_row  # noqa: E402

from benchmarks import bench  # noqa: E402

LIMIT = """
SELECT kind, key, person_id, customer_id, source_id FROM customers_lookupkey
WHERE key >= %s AND key < %s ORDER BY key LIMIT 20
"""
AT_MOST = 2.0
NEAR_AT_MOST = 25.0
GROWTH_PER_TENFOLD = 1.3
TERMS = 100


@dataclass(frozen=True)
class Kind:
    """A kind of query: SQL for what is typed (`term`), and for the keys that it stands for."""

    name: str
    terms: str
    key: str = "lookup_fold(term)"


_SAMPLE = f"ORDER BY md5(id::text) LIMIT {TERMS}"
_BEARERS = (
    "(SELECT last_name AS term, count(*) AS bearers, min(id) AS id"
    " FROM customers_person GROUP BY last_name) AS n"
)
_REACHED = "FROM customers_contactpoint WHERE ended_on IS NULL AND kind ="
_NUMBERED = (
    "FROM contracts_subscription WHERE identifier LIKE '+%' AND terminated_on IS NULL " + _SAMPLE
)
_IDENTIFIER = "'#' || lookup_identifier(term)"

KINDS = (
    Kind("rare surname", f"SELECT term FROM {_BEARERS} WHERE bearers <= 3 {_SAMPLE}"),
    Kind("frequent surname", f"SELECT term FROM {_BEARERS} ORDER BY bearers DESC LIMIT 20"),
    Kind(
        "two words (matti virt)",
        "SELECT 'matti ' || term AS term"
        " FROM unnest(ARRAY['virt', 'korh', 'mäki', 'niem', 'lain']) AS term",
    ),
    Kind(
        "three letters",
        "SELECT left(last_name, 3) AS term FROM customers_person"
        rf" WHERE last_name !~ '^..?\W' {_SAMPLE}",
    ),
    Kind(
        "phone, exact",
        f"SELECT as_written AS term, normalised {_REACHED} 'phone' {_SAMPLE}",
        "normalised",
    ),
    Kind(
        "phone, last 7",
        f"SELECT right(normalised, 7) AS term {_REACHED} 'phone' {_SAMPLE}",
        "'<' || reverse(term)",
    ),
    Kind(
        "e-mail prefix",
        f"SELECT split_part(normalised, '@', 1) || '@' AS term {_REACHED} 'email' {_SAMPLE}",
        "'@' || lookup_email(term)",
    ),
    Kind(
        "company name",
        f"SELECT company_name AS term FROM customers_customer WHERE kind = 'company' {_SAMPLE}",
    ),
    Kind(
        "customer number", f"SELECT number AS term FROM customers_customer {_SAMPLE}", _IDENTIFIER
    ),
    Kind("user ID", f"SELECT user_id AS term FROM customers_serviceuser {_SAMPLE}", _IDENTIFIER),
    Kind(
        "Y-tunnus",
        f"SELECT business_id AS term FROM customers_customer WHERE business_id <> '' {_SAMPLE}",
        _IDENTIFIER,
    ),
    Kind(
        "subscriber number",
        f"SELECT '0' || substr(identifier, 5) AS term, identifier {_NUMBERED}",
        "identifier",
    ),
    Kind(
        "subscriber number, last 7",
        f"SELECT right(identifier, 7) AS term {_NUMBERED}",
        "'<' || reverse(term)",
    ),
    Kind(
        "service identifier",
        "SELECT identifier AS term FROM contracts_subscription WHERE identifier LIKE 'KL%'"
        f" AND terminated_on IS NULL {_SAMPLE}",
        _IDENTIFIER,
    ),
    *(
        Kind(
            f"{name} number", f"SELECT number AS term FROM contracts_{name} {_SAMPLE}", _IDENTIFIER
        )
        for name in ("order", "contract", "offer", "invoice")
    ),
    Kind(
        "serial number",
        "SELECT serial_number AS term FROM contracts_device WHERE id IN (SELECT device_id"
        f" FROM contracts_devicehandover WHERE came_back_on IS NULL) {_SAMPLE}",
        _IDENTIFIER,
    ),
)


@dataclass(frozen=True)
class Query:
    """One thing typed: our statements for it, and the range of keys that the limit fetches."""

    statements: Sequence[tuple[str, Any]]
    first: str
    last: str


@dataclass(frozen=True)
class Measured:
    """A kind of query in a register of one size."""

    persons: int
    keys: bench.Figures
    whole: bench.Figures
    limit: bench.Figures


def main() -> None:
    asked = bench.options(__doc__ or "", persons=100_000)
    measured: dict[str, list[Measured]] = {}
    for place, persons in enumerate(sorted(set(asked.persons))):
        with bench.own_database():
            seconds = bench.fill(persons, asked.seed)
            if place == 0:
                bench.print_machine()
            bench.print_goal("demo data: 1 M persons in 10 min at most")
            print(f"{persons:,} persons in {seconds:.0f} s, {persons / seconds:,.0f} per second")
            bench.print_goal("lookup query in the database ≤ 2 × limit for every kind of query")
            print(f"{persons:,} persons, {asked.rounds} rounds; milliseconds")
            print(
                f"{'kind':24} {'keys':>8} {'p95':>8} {'limit':>8} {'p95':>8}  ratio"
                f"  {'with persons':>14} {'p95':>8}  ratio"
            )
            for kind in KINDS:
                found = measure(persons, queries_of(kind), asked.rounds)
                measured.setdefault(kind.name, []).append(found)
                ratio = found.keys.median / found.limit.median
                print(
                    f"{kind.name:24} {found.keys} {found.limit}  {bench.verdict(ratio, AT_MOST):10}"
                    f" {found.whole}  {found.whole.median / found.limit.median:5.2f}"
                )
            print_near(asked.rounds)
    if len(set(asked.persons)) > 1:
        print_growth(measured)


_TYPO = r"regexp_replace(last_name, '(.)$', '\1\1')"


def print_near(rounds: int) -> None:
    """How long names with a typo take, in the statement that runs only when nothing matched."""
    bench.print_goal(f"near matches ≤ {NEAR_AT_MOST:.0f} ms at 1 M persons, measured apart")
    with bench.site_connection() as connection:
        rows = connection.execute(
            f"SELECT {_TYPO} FROM customers_person WHERE length(last_name) > 5 {_SAMPLE}"
        ).fetchall()
    for name, first_name in (("one word", ""), ("two words", "matti ")):
        sent = [statements_of(f"{first_name}{term}") for (term,) in rows]
        near = [statements[1] for statements in sent if len(statements) > 1]
        found = measure_near(near, rounds)
        verdict = "ok" if found.median <= NEAR_AT_MOST else "OVER"
        print(f"{name:24} {found}  {verdict}")


def measure_near(statements: list[tuple[str, Any]], rounds: int) -> bench.Figures:
    """The near search over one connection, prepared."""
    with (
        bench.site_connection() as connection,
        psycopg.Cursor(connection, row_factory=dict_row) as cursor,
    ):

        def near(number: int) -> None:
            statement, parameters = statements[number % len(statements)]
            cursor.execute(statement, parameters, prepare=True)
            cursor.fetchall()

        [found] = bench.alternate(rounds, bench.Work(near))
        return found


def queries_of(kind: Kind) -> list[Query]:
    """What to type for this kind, and how it becomes statements and a range of keys."""
    with bench.site_connection() as connection:
        rows = connection.execute(
            f"SELECT term, {kind.key} FROM ({kind.terms}) AS terms"
        ).fetchall()
    if not rows:
        raise RuntimeError(f"The register is too small for a {kind.name}.")
    return [Query(statements_of(term), key, f"{key}\U0010ffff") for term, key in rows]


def statements_of(term: str) -> list[tuple[str, Any]]:
    """The statements that find() sends for a term, with their parameters."""
    from audit import sql
    from audit.context import AccessPurpose, access_context
    from customers import lookup
    from datamap.lookup_keys import lookup_keys

    sent: list[tuple[str, Any]] = []
    fetch = sql.prepared_rows

    def remember(statement: str, params: Any) -> list[dict[str, Any]]:
        sent.append((statement, params))
        return fetch(statement, params)

    with (
        patch.object(sql, "prepared_rows", remember),
        access_context(job="benchmark", purpose=AccessPurpose.UPKEEP),
    ):
        lookup.find(term, lookup_keys.numbers())
    if not sent:
        raise RuntimeError("find() sent no statement.")
    return sent


def measure(persons: int, queries: list[Query], rounds: int) -> Measured:
    """Our statements and the limit in turn, over one connection, all prepared."""
    with (
        bench.site_connection() as connection,
        psycopg.Cursor(connection, row_factory=dict_row) as cursor,
    ):

        def fetch(statement: str, parameters: Any) -> None:
            cursor.execute(statement, parameters, prepare=True)
            cursor.fetchall()

        def keys(number: int) -> None:
            fetch(*queries[number % len(queries)].statements[0])

        def whole(number: int) -> None:
            for statement, parameters in queries[number % len(queries)].statements:
                fetch(statement, parameters)

        def limit(number: int) -> None:
            query = queries[number % len(queries)]
            fetch(LIMIT, [query.first, query.last])

        return Measured(
            persons,
            *bench.alternate(rounds, bench.Work(keys), bench.Work(whole), bench.Work(limit)),
        )


def print_growth(measured: dict[str, list[Measured]]) -> None:
    """How much slower a kind of query gets when the register grows tenfold, and the limit too."""
    bench.print_goal("lookup query in the database: growth ≤ 1.3 × per tenfold")
    print(f"{'kind':24} keys        with persons  the limit's own")
    for name, sizes in measured.items():
        first, last = sizes[0], sizes[-1]
        tenfolds = log10(last.persons / first.persons)
        keys, whole, limit = (
            (after.median / before.median) ** (1 / tenfolds)
            for before, after in (
                (first.keys, last.keys),
                (first.whole, last.whole),
                (first.limit, last.limit),
            )
        )
        verdict = bench.verdict(keys, GROWTH_PER_TENFOLD)
        print(f"{name:24} {verdict:10}  {whole:12.2f}  {limit:15.2f}")


if __name__ == "__main__":
    main()
