"""The test database through its owner's eyes."""

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


def owner_connection() -> psycopg.Connection[Any]:
    """A new autocommitting connection of the owner to the database the site uses."""
    parameters = connections["owner"].get_connection_params()
    return psycopg.connect(
        dbname=connections["default"].settings_dict["NAME"],
        user=parameters.get("user"),
        password=parameters.get("password"),
        host=parameters.get("host"),
        port=parameters.get("port"),
        autocommit=True,
    )


def site_connection(**more: Any) -> psycopg.Connection[Any]:
    """A second connection of the site's role, beside Django's."""
    parameters = connections["default"].get_connection_params()
    return psycopg.connect(
        dbname=connections["default"].settings_dict["NAME"],
        user=parameters.get("user"),
        password=parameters.get("password"),
        host=parameters.get("host"),
        port=parameters.get("port"),
        autocommit=True,
        **more,
    )


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
