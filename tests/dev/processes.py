"""Processes that the tests start, find again and wait for."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from dev_postgres import Cluster

PATIENCE = 30.0

_USE = """
import sys
from pathlib import Path
from dev_postgres import Cluster, in_use
with in_use(Cluster(*map(Path, sys.argv[1:4]))) as addresses:
    print(addresses.owner, flush=True)
    sys.stdin.readline()
"""


def until(is_so: Callable[[], bool], what: str) -> None:
    """Poll until something is so; fails after half a minute."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.01)


def user_of(cluster: Cluster) -> subprocess.Popen[str]:
    """A process that uses the server until a line is sent to it, or it is killed."""
    places = (cluster.folder, cluster.binaries, cluster.publish_in)
    return subprocess.Popen(
        [sys.executable, "-c", _USE, *places],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def address_told_by(user: subprocess.Popen[str]) -> str:
    """The owner's address, as soon as the server of that user is ready."""
    assert user.stdout is not None
    return user.stdout.readline().strip()


def leave(user: subprocess.Popen[str]) -> None:
    """Let a user go the ordinary way."""
    user.communicate("\n", timeout=PATIENCE)
    assert user.returncode == 0


def living(folder: Path) -> list[str]:
    """The command lines of all living processes that were started for a folder.

    A zombie is dead: where nobody reaps it, it stays in the table for good.
    """
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        if int(process.name) == os.getpid():
            continue
        try:
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            working_in = os.readlink(process / "cwd")
            state = (process / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue  # it has ended meanwhile, or is another user's
        if state != "Z" and (str(folder) in command or working_in.startswith(str(folder))):
            found.append(command)
    return found
