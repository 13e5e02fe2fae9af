"""The test database through its owner's eyes."""

import time
from typing import Any, LiteralString

import psycopg
from django.db import connections
from psycopg import sql

KEPT = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "auth_group",
    "auth_group_permissions",
    "contracts_vatrate",
}


def owner_connection(**more: Any) -> psycopg.Connection[Any]:
    """A new autocommitting connection of the owner to the database the site uses."""
    return _connection("owner", more)


def site_connection(**more: Any) -> psycopg.Connection[Any]:
    """A second connection of the site's role, beside Django's."""
    return _connection("default", more)


def _connection(alias: str, more: dict[str, Any]) -> psycopg.Connection[Any]:
    given: Any = connections[alias].get_connection_params()
    where = {name: given.get(name) for name in ("user", "password", "host", "port")}
    where["dbname"] = connections["default"].settings_dict["NAME"]
    return psycopg.connect(autocommit=True, **{**where, **more})


_CONNECTED = "SELECT FROM pg_stat_activity WHERE datname = %s"
_END_THE_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
"""


def end_connections() -> None:
    """End every connection to the site's database, and wait until the last one is gone.

    A thread or a child of a test may have left one behind; a database in use can neither be copied
    nor dropped. Each role ends its own.
    """
    connections.close_all()
    for connect in (site_connection, owner_connection):
        with connect() as connection:
            connection.execute(_END_THE_OTHERS)
    name = connections["default"].settings_dict["NAME"]
    deadline = time.monotonic() + 60
    with owner_connection(dbname="postgres") as server:
        while server.execute(_CONNECTED, [name]).fetchone():
            assert time.monotonic() < deadline, "somebody is still connected"


_inherited: list[Any] = []


def begin_as_a_child() -> None:
    """In a process that was forked: begin with connections of its own, and leave the parent's be.

    Beside a browser the parent works inside an event loop, and Django keeps other connections
    there. The child is in none, and would go on with what was open before the loop began.
    """
    for alias in connections:
        _inherited.append(connections[alias])  # closing it would close the parent's
        del connections[alias]


_LET_BE = """
SELECT format('ALTER TABLE %I SET (autovacuum_enabled = false)', c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind = 'r'
"""


def let_statistics_be() -> None:
    """Let the planner know nothing of any table, as where a register begins.

    A table that is looked at while a test fills it seems empty for all that come after: their
    joins would go through every row of every table for every row.
    """
    with owner_connection() as owner:
        for (statement,) in owner.execute(_LET_BE).fetchall():
            owner.execute(statement)


_GROWN = 1024 * 1024
"""The size, in bytes, from which what was rolled back is cleared away."""

_TABLES = """
SELECT c.relname,
    EXISTS (
        SELECT FROM pg_trigger g
        WHERE g.tgrelid = c.oid AND NOT g.tgisinternal AND g.tgtype & 32 <> 0),
    pg_relation_size(c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
"""
"""Every table, whether a trigger of ours speaks when it is emptied, and its size in bytes."""


def empty_tables(*, number_anew: bool = False) -> None:
    """Empty every table that a test has filled, append-only ones too: only the owner can.

    With `number_anew` every other table begins with the number 1 again as well.

    A table that holds nothing but what was rolled back is emptied too once it has grown: the next
    tests would look through all of it, page by page.
    """
    connections["default"].close()
    with owner_connection() as connection, connection.transaction():
        tables = [row for row in connection.execute(_TABLES).fetchall() if row[0] not in KEPT]
        filled = {
            name
            for name, _speaks, size in tables
            if number_anew or size > _GROWN or _has_rows(connection, name)
        }
        if not filled:
            return
        # Emptying a table empties those that refer to it, and asks their triggers.
        speaking = {name for name, speaks, _size in tables if speaks} | filled
        _on_each(connection, speaking, "ALTER TABLE {} DISABLE TRIGGER USER")
        connection.execute(
            sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(
                sql.SQL(", ").join(map(sql.Identifier, sorted(filled)))
            )
        )
        _on_each(connection, speaking, "ALTER TABLE {} ENABLE TRIGGER USER")


def _has_rows(connection: psycopg.Connection[Any], table: str) -> bool:
    found = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(table))
    [[has_rows]] = connection.execute(found).fetchall()
    return bool(has_rows)


def _on_each(
    connection: psycopg.Connection[Any], tables: set[str], statement: LiteralString
) -> None:
    for table in sorted(tables):
        connection.execute(sql.SQL(statement).format(sql.Identifier(table)))
