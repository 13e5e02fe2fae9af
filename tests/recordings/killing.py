"""Work in a process of its own that is killed in the middle, at no moment that it knows of."""

import base64
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connections

ROOT = Path(__file__).resolve().parents[2]
_START = "import django; django.setup(); "


def work(code: str) -> "subprocess.Popen[bytes]":
    """Start Python code on the test's own database and vault."""
    keys = " ".join(
        f"{version}:{base64.b64encode(key).decode()}"
        for version, key in settings.RECORDINGS_KEYS.items()
    )
    environment = {
        **os.environ,
        "DATABASE_URL": _address(),
        "RECORDINGS_STORAGE": settings.RECORDINGS_STORAGE,
        "RECORDINGS_KEYS": keys,
    }
    return subprocess.Popen([sys.executable, "-c", _START + code], cwd=ROOT, env=environment)


def kill_when(code: str, reached: Callable[[], bool]) -> bool:
    """Start the work and kill it once that much is reached; whether it was still at it."""
    process = work(code)
    try:
        while process.poll() is None and not reached():
            pass
        was_working = process.poll() is None
        process.send_signal(signal.SIGKILL)
    finally:
        process.kill()
        process.wait()
    return was_working


def finish(code: str) -> None:
    """Let the work run to its end."""
    process = work(code)
    assert process.wait() == 0


def _address() -> str:
    """The address of the database that the tests use now, as the site's role."""
    given = connections["default"].get_connection_params()
    query = {name: given[name] for name in ("host", "port") if given.get(name)}
    user, password = quote(given["user"]), quote(given.get("password") or "")
    return f"postgres://{user}:{password}@/{given['dbname']}?{urlencode(query)}"
