"""A register whose rows are of long ago, written by its owner past the triggers."""

from typing import Any

import psycopg


def long_ago(owner: psycopg.Connection[Any]) -> None:
    """Let everything that was have been thirty years ago; the log stays as it is.

    What was filled as destroyed still has its key, and so is not; a prohibition is of a product
    group of ours, which outlives her. Requests were answered: an open one would keep her.
    """
    for table in ("recordings_recording", "recordings_storedmessage"):
        write_all(owner, table, "destroyed_at = NULL, destroyed_by = ''")
    write_all(owner, "consents_marketingchoice", "product_group = ''")
    write_all(owner, "privacy_breach", "risk = 'none', closed_at = aware_at")
    write_all(owner, "privacy_subjectrequest", "state = 'closed'")
    columns: dict[str, list[str]] = {}
    for table, column in owner.execute(_DAYS).fetchall():
        columns.setdefault(table, []).append(f"{column} = {column} - interval '30 years'")
    for table, values in columns.items():
        write_all(owner, table, ", ".join(values))


def write_all(owner: psycopg.Connection[Any], table: str, values: str) -> None:
    """Write into every row of a table, past its triggers."""
    with owner.transaction():
        for statement in (
            f"ALTER TABLE {table} DISABLE TRIGGER USER",
            f"UPDATE {table} SET {values}",
            "SET CONSTRAINTS ALL IMMEDIATE",
            f"ALTER TABLE {table} ENABLE TRIGGER USER",
        ):
            owner.execute(statement.encode())


_DAYS = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = 'public' AND is_generated = 'NEVER'
    AND data_type IN ('date', 'timestamp with time zone')
    AND table_name ~ '^(customers|consents|contracts|recordings|privacy|accounts)_'
    AND table_name IN (SELECT relname FROM pg_class WHERE relkind = 'r')
ORDER BY table_name, column_name
"""
