#!/usr/bin/env python3
"""Run, test, check, manage and translate the register on a machine with nothing but Python.

The standard library is enough to start: this file makes a virtual environment, installs the
pinned dependencies and then runs itself again inside it. Everything it makes lies in `.local/`.
PostgreSQL comes with the dependencies (see `dev_postgres.py`), or from `DATABASE_URL` and
`DATABASE_OWNER_URL`. Children end with this process, however it ends.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python must get as far as this sentence
    sys.exit(f"The register needs Python 3.11 or newer; this is {sys.version.split()[0]}.")

import argparse
import base64
import datetime
import fcntl
import hashlib
import http.client
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from dev_database import OWNER_URL, database, embedded, given_database, notes
from dev_postgres import PostgresError, remove, write_private
from dev_processes import Environment, attempt, end, in_foreground, leave, must, start, step

ROOT = Path(__file__).resolve().parent
LOCAL = ROOT / ".local"
VENV = LOCAL / "venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = ROOT / "requirements-dev.txt"
ACCOUNTS = LOCAL / "demo-accounts.json"
ROLES = (
    *("agent", "account_manager", "billing", "marketer"),
    *("recording_reviewer", "registrar", "auditor", "admin"),
)
WHO_SIGNS_IN = {**{role: role for role in ROLES}, "second_registrar": "registrar"}
"""The demo accounts, each with its role: what one registrar asks for another one approves."""
DEMO_PERSONS = 500

SITE_CLUSTER = embedded(LOCAL / "postgres", LOCAL)
TEST_CLUSTER = embedded(LOCAL / "test-postgres", LOCAL / "test-postgres", throwaway=True)


# --- the virtual environment ---------------------------------------------------------------------


@contextmanager
def alone(work: str) -> Iterator[None]:
    """Do a piece of work while no other dev.py of this folder does the same."""
    with (LOCAL / f"{work}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def enter_environment() -> None:
    """Make or update the virtual environment, and run again inside it."""
    LOCAL.mkdir(exist_ok=True)
    stamp = VENV / "installed"
    wanted = f"{hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()} {sys.version}"
    with alone("installing"):
        installed = stamp.read_text() if stamp.exists() else ""
        if installed != wanted:
            another_python = bool(installed) and not installed.endswith(f" {sys.version}")
            stamp.unlink(missing_ok=True)
            with step("Virtual environment"):
                make_environment(clear=another_python or not PYTHON.exists())
            pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
            must("Dependencies", [*pip, "--require-hashes", "-r", REQUIREMENTS])
            stamp.write_text(wanted)
    if Path(sys.prefix).resolve() != VENV.resolve():
        os.execv(PYTHON, [str(PYTHON), __file__, *sys.argv[1:]])  # noqa: S606


def make_environment(*, clear: bool) -> None:
    """Make the virtual environment with its pip."""
    try:
        venv.create(VENV, with_pip=True, clear=clear, symlinks=True)
    except subprocess.CalledProcessError:
        sys.exit("This Python cannot make virtual environments: install its venv package first.")


# --- preparing -----------------------------------------------------------------------------------


def manage(*words: str) -> list[Any]:
    """A management command."""
    return [PYTHON, ROOT / "manage.py", *words]


def site_environment(addresses: Environment) -> Environment:
    """The environment of the site on loopback; the caller's own variables go before it."""
    defaults = {
        "DJANGO_SETTINGS_MODULE": "praecom_registry.settings",
        "SECRET_KEY": own_key("secret-key"),
        "SUPPRESSION_KEY": own_key("suppression-key"),
        "RECORDINGS_STORAGE": str(LOCAL / "recordings"),
        "ERASURE_LEDGER": str(LOCAL / "erasure-ledger"),
        "RECORDINGS_KEYS": f"1:{own_key('recordings-key', encryption_key)}",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "MFA_REQUIRED": "0",
        "LOOKUP_PERSONS_PER_10_MIN": "0",
        "PLAIN_HTTP_ON_LOOPBACK": "1",
    }
    return {**defaults, **os.environ, **addresses}


def secret() -> str:
    """A key for hashes and signatures."""
    return secrets.token_urlsafe(50)


def encryption_key() -> str:
    """A key for AES-256, in base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def own_key(name: str, make: Callable[[], str] = secret) -> str:
    """A key of this machine's own, made at random the first time."""
    key = LOCAL / name
    if not key.exists():
        write_private(key, make())
    return key.read_text()


def production_environment(addresses: Environment) -> Environment:
    """An environment as in production, for the checks of its settings."""
    unset = site_environment({}).keys() - os.environ.keys() | {"DEBUG", "PLAIN_HTTP_ON_LOOPBACK"}
    kept = {name: value for name, value in os.environ.items() if name not in unset}
    production = {
        "SECRET_KEY": secret(),
        "SUPPRESSION_KEY": secret(),
        "RECORDINGS_STORAGE": str(LOCAL / "recordings"),
        "ERASURE_LEDGER": str(LOCAL / "erasure-ledger"),
        "RECORDINGS_KEYS": f"1:{encryption_key()}",
        "ALLOWED_HOSTS": "register.example.com",
    }
    return {**kept, **production, **addresses}


def prepare(environment: Environment) -> None:
    """Compile the translations and migrate, each only when something it depends on changed."""
    with alone("preparing"):
        compile_translations()
        code = code_of_the_applications()
        if notes(environment[OWNER_URL]).get("code") != code:
            must("Migrations", manage("migrate", "--database=owner"), environment)
            notes(environment[OWNER_URL], code=code)


def compile_translations() -> None:
    """Compile each catalogue of translations that changed."""
    for po in sorted(ROOT.glob("locale/*/LC_MESSAGES/django.po")):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
            compile_messages = [PYTHON, "-m", "babel.messages.frontend", "compile"]
            must(f"Translations {po.parts[-3]}", [*compile_messages, "-i", po, "-o", mo])


def code_of_the_applications() -> str:
    """A digest of all that migrations, roles, grants and this month's log partitions follow."""
    digest = hashlib.sha256(f"{datetime.date.today():%Y-%m}".encode())  # noqa: DTZ011
    for package in sorted(ROOT.glob("*/__init__.py")):
        if package.parent.name not in {"tests", "benchmarks"}:
            for file in sorted(package.parent.rglob("*.py")):
                digest.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return digest.hexdigest()


def fill(environment: Environment, persons: int | None) -> None:
    """Make the demo accounts and the demo data, some of it their work, once per database."""
    with alone("preparing"):
        owner_url = environment[OWNER_URL]
        done = notes(owner_url)
        missing = [name for name in WHO_SIGNS_IN if name not in done.get("accounts", [])]
        if len(missing) < len(WHO_SIGNS_IN) and not ACCOUNTS.exists():
            sys.exit(f"The passwords of the demo accounts ({ACCOUNTS}) are lost: use --fresh.")
        passwords = {account["username"]: account["password"] for account in demo_accounts()}
        for name in missing:
            create = manage("create_staff", name, "--role", WHO_SIGNS_IN[name], "--acknowledged")
            must(f"Account {name}", create, {**environment, "STAFF_PASSWORD": passwords[name]})
            done = notes(owner_url, accounts=[*done.get("accounts", []), name])
        if "persons" not in done:
            wanted = DEMO_PERSONS if persons is None else persons
            seed = manage("seed_demo", "--persons", str(wanted), "--seed", "1")
            must(f"Demo data, {wanted} persons", seed, environment)
            notes(owner_url, persons=wanted)
        elif persons not in (None, done["persons"]):
            print(f"The demo data have {done['persons']} persons; --fresh makes them anew.")


def demo_accounts() -> list[dict[str, str]]:
    """The demo accounts, with passwords made at random when first asked for."""
    accounts: list[dict[str, str]] = json.loads(ACCOUNTS.read_text()) if ACCOUNTS.exists() else []
    known = {account["username"] for account in accounts}
    missing = [name for name in WHO_SIGNS_IN if name not in known]
    for name in missing:
        password = secrets.token_urlsafe(15)
        accounts.append({"username": name, "role": WHO_SIGNS_IN[name], "password": password})
    if missing:
        write_private(ACCOUNTS, json.dumps(accounts, indent=1) + "\n")
    return accounts


# --- the commands --------------------------------------------------------------------------------


def run(words: argparse.Namespace) -> int:
    """Serve the site and its background worker until told to stop."""
    is_given = bool(given_database())
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", words.port))
        except OSError as error:
            sys.exit(f"Port {words.port} cannot be used ({error.strerror}): choose another --port.")
    if words.fresh:
        if is_given:
            sys.exit("--fresh starts the embedded database over; empty a given one by yourself.")
        with step("Starting over"):
            remove(SITE_CLUSTER)
            shutil.rmtree(LOCAL / "recordings", ignore_errors=True)  # which it alone can open
            ACCOUNTS.unlink(missing_ok=True)
            (LOCAL / "erasure-ledger").unlink(missing_ok=True)  # of the old database
    with database(SITE_CLUSTER) as addresses:
        environment = site_environment(addresses)
        environment.setdefault("SITE_ADDRESS", f"http://127.0.0.1:{words.port}")
        prepare(environment)
        fill(environment, words.persons)
        del environment[OWNER_URL]  # the site and its worker never need the owner
        gunicorn = [PYTHON, "-m", "gunicorn", "--bind", f"127.0.0.1:{words.port}"]
        gunicorn += ["--worker-class", "gthread", "--workers", "2", "--threads", "4"]
        gunicorn += ["--graceful-timeout", "3", "--no-control-socket", "--log-level", "warning"]
        web = start([*gunicorn, "praecom_registry.wsgi:application"], environment, signal.SIGTERM)
        worker = start(manage("procrastinate", "worker"), environment, signal.SIGKILL)
        try:
            with step("Site"):
                wait_until_ready(words.port, web)
            print(f"\nhttp://127.0.0.1:{words.port}/  (Ctrl-C stops it)\n")
            for account in demo_accounts():
                print(f"  {account['username']:20}{account['password']}")
            print(flush=True)
            while web.poll() is None and worker.poll() is None:
                time.sleep(0.2)
            sys.exit(f"The {'worker' if web.poll() is None else 'site'} has ended.")
        finally:
            end(web, worker)


def wait_until_ready(port: int, web: subprocess.Popen[bytes]) -> None:
    """Wait until the site says that it can answer people."""
    deadline = time.monotonic() + 30
    while web.poll() is None and time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/health/ready")
            if connection.getresponse().status == 200:
                return
        connection.close()
        time.sleep(0.05)
    sys.exit("The site does not get ready.")


def test(words: argparse.Namespace) -> int:
    """Run the test suite, in a database of its own."""
    with alone("preparing"):
        compile_translations()
    with database(TEST_CLUSTER) as addresses:
        if not given_database():  # two runs at once must not meet in one test database
            addresses = {
                name: address.replace("/registry?", f"/registry_{os.getpid()}?")
                for name, address in addresses.items()
            }
        environment = site_environment(addresses)
        apart = (
            []
            if any(word.startswith(("-n", "--numprocesses")) for word in words.rest)
            else ["-n", "2"]
        )
        return in_foreground([PYTHON, "-m", "pytest", *apart, *words.rest], environment)


def check(words: argparse.Namespace) -> int:
    """Run linters, types, layers and Django's checks; all of them, even when one fails."""
    tools = VENV / "bin"
    with database(TEST_CLUSTER) as addresses:
        site, production = site_environment(addresses), production_environment(addresses)
        checks: list[tuple[str, list[Any], Environment]] = [
            ("Style", [tools / "ruff", "check"], site),
            ("Format", [tools / "ruff", "format", "--check"], site),
            ("Types", [tools / "mypy"], site),
            ("Layers", [tools / "lint-imports"], site),
            ("Declarations", manage("check"), site),
            ("Migrations", manage("makemigrations", "--check", "--dry-run"), site),
            ("Production", manage("check", "--deploy", "--fail-level", "WARNING"), production),
        ]
        failed = 0
        for label, command, environment in checks:
            complaint = attempt(label, command, environment)
            if complaint is not None:
                failed += 1
                print(complaint, flush=True)
    return 1 if failed else 0


def translate(words: argparse.Namespace) -> int:
    """Bring the catalogues of translations up to date with the code; say what has none yet."""
    return in_foreground([PYTHON, ROOT / "dev_translations.py"], dict(os.environ))


def run_management_command(words: argparse.Namespace) -> int:
    """Run a management command; a database that was never migrated is migrated first."""
    with database(SITE_CLUSTER) as addresses:
        environment = site_environment(addresses)
        before_migrating = {"check", "help", "makemigrations", "migrate", "showmigrations"}
        if not before_migrating & set(words.rest[:1]) and "code" not in notes(addresses[OWNER_URL]):
            prepare(environment)
        return in_foreground(manage(*words.rest), environment)


def main() -> int:
    """Read the command line, enter the virtual environment and do what was asked."""
    parser = argparse.ArgumentParser(
        description="Run, test, check, manage and translate the register."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    serve = commands.add_parser("run", help="the site with demo data, and the background worker")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--persons", type=int, help=f"size of the demo data ({DEMO_PERSONS})")
    serve.add_argument("--fresh", action="store_true", help="start over with a new database")
    commands.add_parser("test", help="the test suite; further words go to pytest", add_help=False)
    commands.add_parser("manage", help="a management command", add_help=False)
    commands.add_parser("check", help="linters, types, layers, migrations")
    commands.add_parser("translate", help="collect the texts; list those without a translation")
    words, rest = parser.parse_known_args()
    if rest and words.command not in ("test", "manage"):
        parser.error(f"unknown: {' '.join(rest)}")
    words.rest = sys.argv[2:]
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, leave)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a script's shell may ignore it
    chosen: dict[str, Callable[[argparse.Namespace], int]] = {
        "run": run,
        "test": test,
        "check": check,
        "translate": translate,
        "manage": run_management_command,
    }
    try:
        enter_environment()
        return chosen[words.command](words)
    except PostgresError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


if __name__ == "__main__":
    sys.exit(main())
