"""The parsed rows of a file in a temporary table, where SQL can see them all at once."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from audit.sql import copy_rows, keys_sql, run_sql
from praecom_registry.importing.parsing import STAGED, RowParser
from praecom_registry.importing.problems import Refused
from praecom_registry.importing.reading import Rows

_TYPES = {
    "row": "integer NOT NULL",
    "is_bad": "boolean NOT NULL",
    "since": "date",
    "marketing_email": "boolean",
    "marketing_sms": "boolean",
    "marketing_phone": "boolean",
    "marketing_post": "boolean",
}
_TABLES = (
    *("import_row", "import_customer", "import_match", "import_key", "import_group", "import_of"),
    *("import_person", "import_given", "import_there", "import_address", "import_problem"),
    *("import_change", "import_task", "import_role", "import_user", "import_shown", "import_kind"),
)


def stage(rows: Rows, parser: RowParser, progress: Callable[[int], None]) -> int:
    """Stream the rows into `import_row`; returns how many, bad ones with them.

    The tables of an import are the connection's own and go with the transaction, or with the next
    import inside the same one.
    """
    [lock] = keys_sql("SELECT pg_try_advisory_xact_lock(hashtext('import_customers')) AS ours")
    if not lock["ours"]:
        raise Refused(_("Another import is running; wait until it has ended."))
    columns = ", ".join(f"{name} {_TYPES.get(name, 'text')}" for name in STAGED)
    run_sql("SET LOCAL statement_timeout = 0")
    run_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
    run_sql("SET LOCAL jit = off")  # it takes longer than any of the statements gains
    run_sql(f"DROP TABLE IF EXISTS {', '.join(_TABLES)}")
    run_sql(f"CREATE TEMPORARY TABLE import_row ({columns}) ON COMMIT DROP")
    staged = copy_rows("import_row", STAGED, _parsed(rows, parser, progress))
    run_sql("ANALYZE import_row (row, number, kind, role, user_id)")
    return staged


def _parsed(
    rows: Rows, parser: RowParser, progress: Callable[[int], None]
) -> Iterator[Sequence[Any]]:
    for done, (number, cells) in enumerate(rows, start=1):
        staged = parser.parse(number, cells)
        if staged is not None:
            yield staged
        if not done % 1000:
            progress(done)
