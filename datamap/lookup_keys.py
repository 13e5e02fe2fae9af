"""Lookup keys: what a caller can be found by, declared once per source and kept by the database.

Each app registers its sources in its own `lookup_keys.py`; from one SQL expression per source the
triggers, the rebuild and the check are all made. The key table belongs to `customers`; apps above
it create the triggers of their own sources in their own migrations, with `create_sql`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from datamap.vocabulary import Category

KEY_TABLE = "customers_lookupkey"
KEY_COLUMNS = "kind, key, person_id, customer_id, source_id"


class Form(Enum):
    """How a key is written and what kind of typing finds it; the value starts every such key."""

    WORDS = ""
    PHONE = "+"
    LAST_DIGITS = "<"
    EMAIL = "@"
    IDENTIFIER = "#"
    NEAR = "~"


@dataclass(frozen=True)
class KeyKind:
    """One kind of key: why somebody was found.

    `number` is stored and never changes. `detail` is an SQL expression that gives the value shown
    beside the match, from `{source_id}`, or empty where there is none; it is of the category
    `category`. Who lacks the `permission` finds nobody by such a key. `holds` is an SQL condition
    on `{source_id}` and `%(today)s`, for keys that a day ends and no write.

    `of_customer`: the key may name a customer alone; a private customer's finds her owner, who is
    looked up when it is read, since she may change.
    """

    number: int
    form: Form
    label: str | Promise
    category: Category
    detail: str = ""
    permission: str = ""
    holds: str = ""
    of_customer: bool = False


@dataclass(frozen=True)
class KeySource:
    """The keys that the rows of one table give.

    `select` is a query over `{rows}`, which has `id` and `columns` and nothing else; it returns
    kind, key, person_id, customer_id (either may be null; a row with a person finds the person)
    and source_id, which is the row's id.
    """

    name: str
    table: str
    columns: tuple[str, ...]
    kinds: tuple[KeyKind, ...]
    select: str

    def keys_of(self, relation: str) -> str:
        """The query that makes the keys of the rows in a relation with this table's columns."""
        rows = f"(SELECT id, {', '.join(self.columns)} FROM {relation})"
        return self.keys_of_rows(rows)

    def keys_of_rows(self, rows: str) -> str:
        """The query that makes the keys of rows given as a subquery of id and columns."""
        return (
            'SELECT kind::smallint, key COLLATE "C" AS key, person_id::bigint,'
            " customer_id::bigint, source_id::bigint"
            f" FROM ({self.select.format(rows=rows)}) AS made({KEY_COLUMNS})"
        )

    @property
    def own_keys(self) -> str:
        """The condition that a row `k` of the key table comes from this source."""
        numbers = ", ".join(str(kind.number) for kind in self.kinds)
        return f"k.kind IN ({numbers})"


class LookupKeys:
    """All sources, by name; filled by each app's `lookup_keys.py`."""

    def __init__(self) -> None:
        self._sources: dict[str, KeySource] = {}
        self._kinds: dict[int, KeyKind] = {}

    def register(self, source: KeySource) -> None:
        if source.name in self._sources:
            raise ImproperlyConfigured(f"The key source {source.name} is registered twice.")
        for kind in source.kinds:
            if kind.number in self._kinds:
                raise ImproperlyConfigured(f"{source.name}: kind {kind.number} is in use.")
            self._kinds[kind.number] = kind
        self._sources[source.name] = source

    def __iter__(self) -> Iterator[KeySource]:
        return iter(self._sources.values())

    def kind(self, number: int) -> KeyKind:
        """The kind with this number."""
        return self._kinds[number]

    def kinds(self) -> tuple[KeyKind, ...]:
        """Every registered kind."""
        return tuple(kind for source in self for kind in source.kinds)

    def numbers(self) -> frozenset[int]:
        """The numbers of every registered kind."""
        return frozenset(self._kinds)

    def kinds_for(self, has_perm: Callable[[str], bool]) -> frozenset[int]:
        """The numbers of the kinds by which somebody with these rights may find."""
        return frozenset(
            kind.number for kind in self.kinds() if not kind.permission or has_perm(kind.permission)
        )


def collect() -> None:
    """Import every app's `lookup_keys.py`; repeated calls change nothing."""
    autodiscover_modules("lookup_keys")


lookup_keys = LookupKeys()
register_key_source = lookup_keys.register


# --- the SQL made from a source -------------------------------------------------------------------


def create_sql(source: KeySource) -> str:
    """The trigger function and its triggers, for a migration; then the keys of what is there.

    The triggers are per statement, so that one `COPY` of a million rows makes one set of keys.
    The function runs as its owner: the site's role may not write the key table.
    """
    function, table = f"lookup_keys_of_{source.name}", source.table
    insert = f"INSERT INTO {KEY_TABLE} ({KEY_COLUMNS})"
    columns = ", ".join(("id", *source.columns))
    before = f"(SELECT {columns} FROM old_rows EXCEPT ALL SELECT {columns} FROM new_rows)"
    after = f"(SELECT {columns} FROM new_rows EXCEPT ALL SELECT {columns} FROM old_rows)"
    return f"""
CREATE FUNCTION {function}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        {insert} {source.keys_of("new_rows")};
    ELSIF TG_OP = 'DELETE' THEN
        DELETE FROM {KEY_TABLE} k USING old_rows o
            WHERE {source.own_keys} AND k.source_id = o.id;
    ELSIF TG_OP = 'UPDATE' THEN
        DELETE FROM {KEY_TABLE} k USING {before} o
            WHERE {source.own_keys} AND k.source_id = o.id;
        {insert} {source.keys_of_rows(after)};
    ELSE
        DELETE FROM {KEY_TABLE} k WHERE {source.own_keys};
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER {function}_insert AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE TRIGGER {function}_update AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE TRIGGER {function}_delete AFTER DELETE ON {table}
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE TRIGGER {function}_truncate AFTER TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {function}();
{rebuild_sql(source)};
"""


def drop_sql(source: KeySource) -> str:
    """Undo `create_sql`: the triggers, their function and the source's keys."""
    function, table = f"lookup_keys_of_{source.name}", source.table
    drops = "".join(
        f"DROP TRIGGER {function}_{event} ON {table};\n"
        for event in ("insert", "update", "delete", "truncate")
    )
    return f"{drops}DROP FUNCTION {function}();\nDELETE FROM {KEY_TABLE} k WHERE {source.own_keys};"


def rebuild_sql(source: KeySource) -> str:
    """Make the keys anew of those rows whose keys are not what the source says.

    One statement, hence one snapshot: rows that others are writing meanwhile keep their own keys.
    """
    return f"""WITH expected AS MATERIALIZED ({source.keys_of(source.table)}),
actual AS MATERIALIZED (SELECT {KEY_COLUMNS} FROM {KEY_TABLE} k WHERE {source.own_keys}),
wrong AS MATERIALIZED (
    SELECT source_id FROM (TABLE expected EXCEPT ALL TABLE actual) AS missing
    UNION SELECT source_id FROM (TABLE actual EXCEPT ALL TABLE expected) AS surplus
), gone AS (
    DELETE FROM {KEY_TABLE} k USING wrong w WHERE {source.own_keys} AND k.source_id = w.source_id
)
INSERT INTO {KEY_TABLE} ({KEY_COLUMNS})
SELECT e.kind, e.key, e.person_id, e.customer_id, e.source_id
FROM expected e JOIN wrong w ON w.source_id = e.source_id"""


def difference_sql(source: KeySource) -> str:
    """Count the keys that the source has and the table lacks, and the other way round."""
    return f"""WITH expected AS MATERIALIZED ({source.keys_of(source.table)}),
actual AS MATERIALIZED (SELECT {KEY_COLUMNS} FROM {KEY_TABLE} k WHERE {source.own_keys})
SELECT (SELECT count(*) FROM expected) AS expected,
       (SELECT count(*) FROM (TABLE expected EXCEPT ALL TABLE actual) AS a) AS missing,
       (SELECT count(*) FROM (TABLE actual EXCEPT ALL TABLE expected) AS b) AS surplus"""


def unknown_kinds_sql() -> str:
    """Count the keys of kinds that nobody registers."""
    numbers = ", ".join(str(kind.number) for kind in lookup_keys.kinds())
    return f"SELECT count(*) AS surplus FROM {KEY_TABLE} WHERE kind NOT IN ({numbers})"


def forget_unknown_kinds_sql() -> str:
    """Remove the keys of kinds that nobody registers."""
    numbers = ", ".join(str(kind.number) for kind in lookup_keys.kinds())
    return f"DELETE FROM {KEY_TABLE} WHERE kind NOT IN ({numbers})"
