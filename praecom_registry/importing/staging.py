"""The parsed rows of a file in a temporary table, where SQL can see them all at once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from audit.sql import copy_rows, keys_sql, run_sql
from praecom_registry.importing.parsing import RowParser
from praecom_registry.importing.problems import Problems, Refused
from praecom_registry.importing.reading import Rows

CHANGES = """
CREATE TEMPORARY TABLE import_change (
    model text NOT NULL, is_new boolean NOT NULL, id bigint NOT NULL, person_id bigint,
    customer_id bigint, fields text[] NOT NULL
) ON COMMIT DROP
"""
"""What a merge has written: which fields of which object, and about whom."""

_ALWAYS = {"row": "integer NOT NULL", "is_bad": "boolean NOT NULL"}
_PROBLEMS = """
CREATE TEMPORARY TABLE import_problem ("row" bigint, "column" bigint, reason bigint)
ON COMMIT DROP
"""
_SHARED = ("import_row", "import_change", "import_problem", "import_kind")
_PROBLEMS_AT_ONCE = 10_000


def one_at_a_time(job: str) -> None:
    """Hold the job's lock to the end of the transaction; raises Refused while another has it."""
    [lock] = keys_sql("SELECT pg_try_advisory_xact_lock(hashtext(%s)) AS ours", [job])
    if not lock["ours"]:
        raise Refused(_("Another import is running; wait until it has ended."))


def stage(
    rows: Rows,
    parser: RowParser,
    progress: Callable[[int], None],
    *,
    types: Mapping[str, str],
    tables: Sequence[str],
) -> int:
    """Stream the rows into `import_row`; returns how many, bad ones with them.

    `types` are of the columns that are no text. The tables of an import, its own `tables` among
    them, are the connection's own and go with the transaction, or with the next import inside the
    same one.
    """
    run_sql("SET LOCAL statement_timeout = 0")
    run_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
    run_sql("SET LOCAL jit = off")  # it takes longer than any of the statements gains
    run_sql(f"DROP TABLE IF EXISTS {', '.join((*_SHARED, *tables))}")
    names = (*_ALWAYS, *parser.staged)
    columns = ", ".join(f"{name} {({**_ALWAYS, **types}).get(name, 'text')}" for name in names)
    run_sql(f"CREATE TEMPORARY TABLE import_row ({columns}) ON COMMIT DROP")
    run_sql(CHANGES)
    run_sql(_PROBLEMS)
    return copy_rows("import_row", names, _parsed(rows, parser, progress))


def _parsed(
    rows: Rows, parser: RowParser, progress: Callable[[int], None]
) -> Iterator[Sequence[Any]]:
    for done, (number, cells) in enumerate(rows, start=1):
        staged = parser.parse(number, cells)
        if staged is not None:
            yield staged
        if not done % 1000:
            progress(done)


def check(checks: Sequence[tuple[int, int, str]], problems: Problems) -> None:
    """Add the rows that each check finds bad: its column, the reason, and SQL that selects them."""
    for column, reason, rows in checks:
        run_sql(
            f"INSERT INTO import_problem SELECT DISTINCT row, {int(column)}, {int(reason)}"
            f" FROM ({rows}) AS bad"
        )
    take_problems(problems)


def take_problems(problems: Problems) -> None:
    """Move what SQL has found wrong to the other problems, some thousands at a time."""
    while found := keys_sql(
        "DELETE FROM import_problem WHERE ctid = ANY (ARRAY(SELECT ctid FROM import_problem"
        f' LIMIT {_PROBLEMS_AT_ONCE})) RETURNING "row", "column", reason'
    ):
        for one in found:
            problems.add(one["row"], one["column"], one["reason"])
