"""`dev.py` in a small project of its own: its commands, its exit codes and how it ends."""

import hashlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.dev.processes import PATIENCE, living, until

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("conftest.py", "dev.py", "dev_database.py", "dev_postgres.py", "dev_processes.py")

MANAGE = """
import os, signal, sys, time
from pathlib import Path
import psycopg

def ask(name):
    with psycopg.connect(os.environ[name]) as connection:
        return connection.execute("SELECT current_user").fetchone()[0]

command, *words = sys.argv[1:]
with Path("commands").open("a") as log:
    print(command, *words, "DATABASE_OWNER_URL" in os.environ, file=log)
if command == "who":
    print(ask("DATABASE_URL"), ask("DATABASE_OWNER_URL"))
elif command == "echo":
    sys.stdout.write(sys.stdin.read())
    sys.exit(int(words[0]))
elif command == "wait":
    print("waiting", flush=True)
    sys.stdin.readline()
    print(ask("DATABASE_URL"))
elif command == "procrastinate":
    if "STUBBORN" in os.environ:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        Path("stubborn").touch()
    while True:
        time.sleep(60)
"""

WSGI = """
def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"ready"]
"""

SLOW_TESTS = """
import os, pathlib, threading, pytest

@pytest.mark.parametrize("number", [1, 2])
def test_that_waits(number):
    pathlib.Path(f"test-{number}").write_text(os.environ["DATABASE_URL"])
    threading.Event().wait()
"""

Dev = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with `dev.py`, a stand-in for Django and this virtual environment."""
    for name in (*SOURCES, "requirements-dev.txt"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "manage.py").write_text(MANAGE)
    (tmp_path / "praecom_registry").mkdir()
    (tmp_path / "praecom_registry" / "__init__.py").touch()
    (tmp_path / "praecom_registry" / "wsgi.py").write_text(WSGI)
    make_virtual_environment(tmp_path)
    return tmp_path


def make_virtual_environment(project: Path) -> None:
    """An environment that borrows everything from the one the tests run in."""
    made = project / ".local" / "venv"
    made.mkdir(parents=True)
    for name in ("bin", "lib", "pyvenv.cfg"):
        (made / name).symlink_to(Path(sys.prefix) / name)
    digest = hashlib.sha256((project / "requirements-dev.txt").read_bytes()).hexdigest()
    (made / "installed").write_text(f"{digest} {sys.version}")


@pytest.fixture
def dev(project: Path) -> Iterator[Dev]:
    """Start `dev.py` with some words; what still runs after the test is killed."""
    started: list[subprocess.Popen[str]] = []
    clean = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "DATABASE_OWNER_URL")
    }

    def start(*words: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, project / "dev.py", *words],
            env={**clean, **environment},
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
    until(lambda: not living(project), "nothing is left of the test")


@pytest.fixture
def port() -> int:
    """A port that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    return number


def line(process: subprocess.Popen[str]) -> str:
    """The next line that a process prints."""
    assert process.stdout is not None
    return process.stdout.readline().rstrip("\n")


def test_manage_passes_input_output_and_exit_code_through(dev: Dev) -> None:
    process = dev("manage", "echo", "7")
    out, err = process.communicate("first\nsecond\n", timeout=PATIENCE)

    assert out == "first\nsecond\n"
    assert process.returncode == 7
    assert "PostgreSQL … " in err


def test_manage_gives_both_roles_and_leaves_nothing_running(dev: Dev, project: Path) -> None:
    process = dev("manage", "who")
    out, _ = process.communicate(timeout=PATIENCE)

    assert out == "registry_site registry_owner\n"
    assert living(project) == []
    assert not (project / ".local" / "database-url").exists()


def test_translate_needs_no_database_and_passes_its_exit_code_through(
    dev: Dev, project: Path
) -> None:
    (project / "dev_translations.py").write_text("print('fi: 1 texts')\nraise SystemExit(3)\n")
    process = dev("translate")
    out, err = process.communicate(timeout=PATIENCE)

    assert out == "fi: 1 texts\n"
    assert process.returncode == 3
    assert "PostgreSQL" not in err


def test_two_manage_at_once_do_not_stop_the_server_under_each_other(dev: Dev) -> None:
    first = dev("manage", "wait")
    assert line(first) == "waiting"
    second = dev("manage", "wait")
    assert line(second) == "waiting"

    out, _ = first.communicate("\n", timeout=PATIENCE)
    assert out == "registry_site\n"
    out, _ = second.communicate("\n", timeout=PATIENCE)
    assert out == "registry_site\n"


def test_a_database_that_was_never_migrated_is_migrated_once(dev: Dev, project: Path) -> None:
    for command in ("makemigrations", "who", "who"):
        dev("manage", command).communicate(timeout=PATIENCE)

    commands = (project / "commands").read_text().splitlines()
    assert commands == [
        "makemigrations True",  # whoever writes the migrations has none yet
        "migrate --database=owner True",
        "who True",
        "who True",
    ]


@pytest.mark.parametrize(
    ("given", "missing"),
    [("DATABASE_URL", "DATABASE_OWNER_URL"), ("DATABASE_OWNER_URL", "DATABASE_URL")],
)
@pytest.mark.parametrize("command", ["run", "test", "check", "manage"])
def test_half_a_database_is_refused_in_one_sentence(
    dev: Dev, command: str, given: str, missing: str
) -> None:
    process = dev(command, **{given: "postgres://registry_site@/registry"})
    _, err = process.communicate(timeout=PATIENCE)

    assert process.returncode == 1
    assert err == f"{given} is set but {missing} is not: set both, or none.\n"


def test_a_given_database_is_used_and_an_absent_one_is_told(dev: Dev, project: Path) -> None:
    holder = dev("manage", "wait")
    assert line(holder) == "waiting"
    urls = {
        "DATABASE_URL": (project / ".local" / "database-url").read_text().strip(),
        "DATABASE_OWNER_URL": (project / ".local" / "database-owner-url").read_text().strip(),
    }
    user = dev("manage", "who", **urls)
    out, err = user.communicate(timeout=PATIENCE)
    assert out == "registry_site registry_owner\n"
    assert "PostgreSQL … " not in err

    holder.communicate("\n", timeout=PATIENCE)
    late = dev("manage", "who", **urls)
    _, err = late.communicate(timeout=PATIENCE)
    assert late.returncode == 1
    assert err.startswith("The PostgreSQL of DATABASE_URL does not answer: ")


def test_a_port_in_use_is_told_before_anything_is_made(dev: Dev, project: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        process = dev("run", "--port", str(number))
        _, err = process.communicate(timeout=PATIENCE)

    assert process.returncode == 1
    assert err.startswith(f"Port {number} cannot be used")
    assert not (project / ".local" / "postgres").exists()


def test_run_serves_a_filled_site_without_the_owner_s_rights(
    dev: Dev, project: Path, port: int
) -> None:
    process = dev("run", "--port", str(port), "--persons", "3")
    assert line(process) == ""
    assert line(process).startswith(f"http://127.0.0.1:{port}/")

    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"ready"
    accounts = json.loads((project / ".local" / "demo-accounts.json").read_text())
    assert (project / ".local" / "demo-accounts.json").stat().st_mode & 0o077 == 0
    assert len({account["password"] for account in accounts}) == 9
    commands = (project / "commands").read_text().splitlines()
    assert commands[10] == "seed_demo --persons 3 --seed 1 True"
    until(
        lambda: "procrastinate worker False" in (project / "commands").read_text(),
        "the worker starts, without the owner's address",
    )

    # a second start, and a command beside the running site, do only what is new
    process.terminate()
    process.communicate(timeout=PATIENCE)
    before = len((project / "commands").read_text().splitlines())
    again = dev("run", "--port", str(port))
    line(again)
    assert line(again).startswith("http://")
    beside = dev("manage", "who")
    assert beside.communicate(timeout=PATIENCE)[0] == "registry_site registry_owner\n"
    until(
        lambda: (
            (project / "commands").read_text().splitlines()[before:]
            == ["procrastinate worker False", "who True"]
        ),
        "nothing but the worker and the command was started",
    )


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_nothing_is_left_however_run_ends(
    dev: Dev, project: Path, port: int, how: signal.Signals
) -> None:
    process = dev("run", "--port", str(port))
    line(process)
    assert line(process).startswith("http://")
    assert len(living(project)) >= 5

    process.send_signal(how)
    process.communicate(timeout=PATIENCE)

    if how != signal.SIGKILL:
        assert living(project) == []
        assert process.returncode == 128 + how
    until(lambda: not living(project), "everything ends with dev.py")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_a_worker_that_does_not_want_to_end_is_ended(dev: Dev, project: Path, port: int) -> None:
    process = dev("run", "--port", str(port), STUBBORN="1")
    until((project / "stubborn").exists, "the worker runs")

    process.terminate()
    process.communicate(timeout=PATIENCE)

    assert living(project) == []


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_however_manage_ends(dev: Dev, project: Path, how: signal.Signals) -> None:
    process = dev("manage", "wait")
    assert line(process) == "waiting"

    process.send_signal(how)
    process.communicate(timeout=PATIENCE)

    assert process.returncode != 0
    until(lambda: not living(project), "everything ends with dev.py")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_however_test_ends(dev: Dev, project: Path, how: signal.Signals) -> None:
    (project / "test_slow.py").write_text(SLOW_TESTS)
    process = dev("test", "-p", "no:django", "-p", "no:cacheprovider", "test_slow.py")
    for number in (1, 2):
        until((project / f"test-{number}").exists, "both parallel tests run")

    process.send_signal(how)
    process.communicate(timeout=PATIENCE)

    assert process.returncode != 0
    until(lambda: not living(project), "everything ends with dev.py")


def test_killed_while_it_prepares_it_leaves_nothing(dev: Dev, project: Path) -> None:
    (project / "manage.py").write_text("import time\nprint(flush=True)\ntime.sleep(600)\n")
    process = dev("manage", "who")
    until(lambda: any("migrate" in command for command in living(project)), "it migrates")

    process.kill()
    process.communicate()

    until(lambda: not living(project), "everything ends with dev.py")


def test_starting_over_makes_everything_anew(dev: Dev, project: Path, port: int) -> None:
    first = dev("run", "--port", str(port))
    line(first)
    assert line(first).startswith("http://")
    accounts = (project / ".local" / "demo-accounts.json").read_text()

    in_use = dev("run", "--fresh", "--port", "0")
    _, err = in_use.communicate(timeout=PATIENCE)
    assert in_use.returncode == 1
    assert "in use" in err

    first.terminate()
    first.communicate(timeout=PATIENCE)
    (project / "commands").unlink()
    second = dev("run", "--fresh", "--port", str(port))
    line(second)
    assert line(second).startswith("http://")
    assert (project / ".local" / "demo-accounts.json").read_text() != accounts
    commands = (project / "commands").read_text()
    assert commands.startswith("migrate --database=owner True\ncreate_staff agent")
    assert "\nseed_demo" in commands
