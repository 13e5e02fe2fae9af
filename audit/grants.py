"""What the site's database role may do: granted after every migration, from the declarations.

The role is neither owner nor superuser; it appends to the log and to the other append-only
tables, and only reads what the database keeps itself (reliability, promise 5).
"""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from psycopg import sql

from datamap.declarations import PersonalData, registry
from datamap.vocabulary import WrittenBy

MONTHS_AHEAD = 3

_RIGHTS = {
    WrittenBy.SITE: "SELECT, INSERT, UPDATE, DELETE",
    WrittenBy.SITE_APPENDS: "SELECT, INSERT",
    WrittenBy.DATABASE: "SELECT",
}


def grant_site_role(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Receiver of `post_migrate`: the owner makes log partitions and grants the site its rights."""
    site = sql.Identifier(connections["default"].settings_dict["USER"])
    owner = connections[using]
    if connections["default"].settings_dict["USER"] == owner.settings_dict["USER"]:
        raise RuntimeError("DATABASE_URL and DATABASE_OWNER_URL must name two different roles.")
    declared = {declaration.table: declaration for declaration in registry}
    # Changes of a table's definition come from migrations alone.
    read_only = {"django_migrations"}
    with owner.cursor() as cursor:
        cursor.execute("SELECT audit_make_partitions(%s)", [MONTHS_AHEAD])
        cursor.execute(
            "SELECT c.relname, c.relkind::text, c.relispartition FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v')"
            " AND pg_get_userbyid(c.relowner) = current_user"
        )
        for table, kind, is_partition in cursor.fetchall():
            name = sql.Identifier(table)
            cursor.execute(sql.SQL("REVOKE ALL ON {} FROM {}").format(name, site))
            if is_partition:
                continue
            if kind == "v" or table in read_only:
                rights: sql.Composable = sql.SQL("SELECT")
            elif table in declared:
                rights = _rights_on(declared[table])
            else:
                rights = sql.SQL(_RIGHTS[WrittenBy.SITE])
            cursor.execute(sql.SQL("GRANT {} ON {} TO {}").format(rights, name, site))
        cursor.execute(sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}").format(site))
        cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(site))
        cursor.execute(sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC, {}").format(site))


def _rights_on(declaration: PersonalData) -> sql.Composable:
    """The rights on a declared table; columns the database sets are left out of an insert."""
    rights = _RIGHTS[declaration.written_by]
    if not declaration.set_by_database:
        return sql.SQL(rights)
    columns = [
        sql.Identifier(str(field.column))
        for field in declaration.model._meta.concrete_fields
        if field.name not in declaration.set_by_database
    ]
    inserts = sql.SQL("INSERT ({})").format(sql.SQL(", ").join(columns))
    return sql.SQL(", ").join(
        inserts if right == "INSERT" else sql.SQL(right) for right in rights.split(", ")
    )
