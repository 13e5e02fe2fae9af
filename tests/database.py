"""The test database through its owner's eyes."""

from typing import Any

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


def empty_tables() -> None:
    """Empty every table that tests fill, append-only ones too: only the owner can."""
    connections["default"].close()
    with owner_connection() as connection, connection.transaction():
        tables = [
            name
            for (name,) in connection.execute(
                "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"
            )
            if name not in KEPT
        ]
        for table in tables:
            connection.execute(
                sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table))
            )
        connection.execute(
            sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(
                sql.SQL(", ").join(map(sql.Identifier, tables))
            )
        )
        for table in tables:
            connection.execute(
                sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(table))
            )
