"""What the benchmarks share: a database of their own, the clock, and how figures are printed.

Absolute times drift from run to run, so a claim is a ratio of two things measured alternately in
one run. A benchmark needs `DATABASE_URL` and `DATABASE_OWNER_URL`, or the embedded server running.
"""

import argparse
import os
import platform
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from dev import site_environment

ROOT = Path(__file__).resolve().parent.parent
_SERVER_SETTINGS = (
    "server_version",
    "fsync",
    "synchronous_commit",
    "shared_buffers",
    "wal_compression",
    "jit",
)


def options(description: str, *, persons: int) -> argparse.Namespace:
    """The command line as most benchmarks take it."""
    return parser(description, persons=persons).parse_args()


def parser(description: str, *, persons: int) -> argparse.ArgumentParser:
    """The words that every benchmark takes: one or several sizes of register, and the seed."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--persons", type=int, nargs="+", default=[persons], help="one size of register, or several"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=300, help="measurements of each kind")
    return parser


# --- a database of its own ------------------------------------------------------------------------


@cache
def _address(variable: str, file: str) -> str:
    path = ROOT / ".local" / file
    if variable in os.environ:
        return os.environ[variable]
    if path.exists():
        return path.read_text(encoding="utf-8").strip()
    sys.exit(f"Set {variable}, or let `python3 dev.py run` run meanwhile.")


def _in_database(address: str, name: str) -> str:
    parts = urlsplit(address)
    moved = urlunsplit(parts._replace(path=f"/{name}"))
    # A socket's address has no host, and urlunsplit then drops the slashes.
    return moved if "://" in moved else moved.replace(f"{parts.scheme}:", f"{parts.scheme}://", 1)


@contextmanager
def own_database() -> Iterator[None]:
    """A new database, made by the owner, migrated and ready for Django; dropped at the end."""
    site = _address("DATABASE_URL", "database-url")
    owner = _address("DATABASE_OWNER_URL", "database-owner-url")
    name = f"bench_{os.getpid()}_{secrets.token_hex(3)}"
    with psycopg.connect(owner, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            os.environ["DATABASE_URL"] = _in_database(site, name)
            os.environ["DATABASE_OWNER_URL"] = _in_database(owner, name)
            _use_database(name)
            yield
        finally:
            _close_connections()
            _ledger_of(name).unlink(missing_ok=True)
            server.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


def _use_database(name: str) -> None:
    """Start Django on the database, or move it there, and migrate."""
    os.environ.update(
        {
            **site_environment({}),
            "ALLOWED_HOSTS": "testserver",
            "ERASURE_LEDGER": str(_ledger_of(name)),
            "LOOKUP_PERSONS_PER_10_MIN": "0",
            "MFA_REQUIRED": "0",
            "PLAIN_HTTP_ON_LOOPBACK": "1",
        }
    )
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.contenttypes.models import ContentType
    from django.core.management import call_command
    from django.db import connections

    settings.ERASURE_LEDGER = str(_ledger_of(name))

    for alias in ("default", "owner"):
        connections[alias].settings_dict["NAME"] = name
    ContentType.objects.clear_cache()
    call_command("migrate", database="owner", verbosity=0)


def _ledger_of(name: str) -> Path:
    """Each database has a ledger of erasures of its own."""
    return Path(tempfile.gettempdir(), f"{name}-erased")


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()


def fill(persons: int, seed: int) -> float:
    """Seed that many persons and let the owner analyse the tables; returns the seconds it took."""
    from django.core.management import call_command

    started = time.perf_counter()
    call_command("seed_demo", persons=persons, seed=seed, recordings=0)
    seconds = time.perf_counter() - started
    analyse()
    return seconds


def analyse() -> None:
    """Let the owner tidy and analyse the tables, as autovacuum does in time."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE")


def site_connection() -> psycopg.Connection[Any]:
    """A plain psycopg connection of the site's role, over Django's socket and with its settings."""
    from django.conf import settings

    return psycopg.connect(
        os.environ["DATABASE_URL"],
        autocommit=True,
        options=settings.DATABASES["default"]["OPTIONS"]["options"],
    )


# --- measuring ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figures:
    """Times in milliseconds."""

    times: Sequence[float]

    @property
    def median(self) -> float:
        return median(self.times)

    @property
    def p95(self) -> float:
        return quantiles(self.times, n=20)[-1]

    def __str__(self) -> str:
        return f"{self.median:8.3f} {self.p95:8.3f}"


@dataclass(frozen=True)
class Work:
    """Something to time, given the number of the round; `around` it is outside the time."""

    run: Callable[[int], object]
    around: Callable[[], AbstractContextManager[object]] = nullcontext


def alternate(rounds: int, *works: Work, warm_up: int = 10) -> tuple[Figures, ...]:
    """Time the works in turn, first one first and last one first: drift hits all of them alike."""
    times: list[list[float]] = [[] for _ in works]
    for number in range(-warm_up, rounds):
        order = list(enumerate(works))
        for place, work in order if number % 2 else reversed(order):
            with work.around():
                started = time.perf_counter()
                work.run(abs(number))
                seconds = time.perf_counter() - started
            if number >= 0:
                times[place].append(seconds * 1000)
    return tuple(Figures(found) for found in times)


# --- printing -------------------------------------------------------------------------------------


def print_machine() -> None:
    """What the figures were measured on."""
    import django

    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as server:
        settings = [
            f"{name} {server.execute(f'SHOW {name}').fetchone()[0]}"  # type: ignore[index]
            for name in _SERVER_SETTINGS
        ]
    print(f"machine: {_processor()}, {os.cpu_count()} cores, {_memory()} GiB")
    print(f"PostgreSQL: {', '.join(settings)}")
    print(
        f"Python {platform.python_version()}, Django {django.__version__},"
        f" psycopg {psycopg.__version__} ({psycopg.pq.__impl__})"
    )


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory() -> str:
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f}"


def print_goal(goal: str) -> None:
    """Say which goal the figures below belong to."""
    print(f"\nGoal: {goal}")


def verdict(ratio: float, limit: float) -> str:
    """The ratio and whether it keeps to its limit."""
    return f"{ratio:5.2f} {'ok' if ratio <= limit else 'OVER'}"
