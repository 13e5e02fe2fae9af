"""Run an embedded PostgreSQL for exactly as long as somebody uses it.

For development and tests; the standard library and a folder of PostgreSQL binaries (15 or newer)
are all it needs. `in_use(cluster)` starts the server, or joins the one that runs already, and the
last user to leave stops it.

A small supervisor process holds the server, so that no user depends on another one. Everything
else is file locks, which the kernel gives back however a process ends:

- `users.lock`: shared by every user. Whoever gets it alone knows that nobody uses the server;
  the supervisor waits for just that.
- `start.lock`: one user at a time looks whether a server runs and starts one.
- `server.lock`: held by the supervisor and inherited by every process of PostgreSQL. While
  anything of a server still lives, the next one waits; once it is free, stale files are stale.

On Linux the server also gets a signal when its supervisor dies. It listens on a Unix socket in a
private folder only, and lets in two roles by password: the owner (may create databases) and the
site (neither superuser nor owner). PostgreSQL refuses to run as root; root runs it in a user
namespace, or where there is none as `nobody`.
"""

import argparse
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from dev_processes import dying_with_parent

DATABASE, OWNER, SITE = "registry", "registry_owner", "registry_site"
SITE_URL_FILE, OWNER_URL_FILE = "database-url", "database-owner-url"

_PATIENCE = 60.0  # seconds until a server that neither starts nor stops is given up

# A server log with the text of failed statements would hold personal data.
_QUIET_LOG = ("log_min_error_statement=panic", "log_error_verbosity=terse", "log_checkpoints=off")
_THROWAWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PostgresError(Exception):
    """The server could not be started; the message says why."""


@dataclass(frozen=True)
class Cluster:
    """Which server: its folder, its binaries, and where its addresses are published."""

    folder: Path
    binaries: Path
    publish_in: Path
    throwaway: bool = False  # for tests: not durable, and made anew at every start


@dataclass(frozen=True)
class Addresses:
    """The two addresses of a server, one per role."""

    site: str
    owner: str


# --- users ---------------------------------------------------------------------------------------


@contextmanager
def in_use(cluster: Cluster) -> Iterator[Addresses]:
    """Use the server: start or join it, and stop it on leaving unless others use it."""
    cluster.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _lock_file(cluster, "users") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        with _lock_file(cluster, "start") as start:
            fcntl.flock(start, fcntl.LOCK_EX)
            supervisor = _ensure_running(cluster)
        try:
            yield Addresses(
                site=(cluster.publish_in / SITE_URL_FILE).read_text().strip(),
                owner=(cluster.publish_in / OWNER_URL_FILE).read_text().strip(),
            )
        finally:
            if _try(users, fcntl.LOCK_EX):
                _stop(cluster)
                if supervisor is not None:
                    supervisor.wait()


def remove(cluster: Cluster) -> None:
    """Delete the server with all its data; refuses while somebody uses it."""
    cluster.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _lock_file(cluster, "users") as users:
        if not _try(users, fcntl.LOCK_EX):
            raise PostgresError("The database is in use: stop the site first, then start over.")
        _stop(cluster)
        _Host(cluster).discard()
        shutil.rmtree(cluster.folder)


def is_running(cluster: Cluster) -> bool:
    """Whether the server answers and takes connections."""
    try:
        sockets = _socket_file(cluster).read_text()
    except FileNotFoundError:
        return False
    asked = subprocess.run(
        [cluster.binaries / "pg_isready", "-q", "-h", sockets, "-p", "5432", "-d", DATABASE],
        check=False,
    )
    return asked.returncode == 0


def _ensure_running(cluster: Cluster) -> subprocess.Popen[str] | None:
    """Start a supervisor unless a server runs; returns it if it is ours."""
    deadline = time.monotonic() + _PATIENCE
    while not is_running(cluster):
        with _lock_file(cluster, "server") as server:
            nothing_left = _try(server, fcntl.LOCK_EX)
        if nothing_left:
            return _start_supervisor(cluster)
        if time.monotonic() > deadline:
            raise PostgresError(
                f"A PostgreSQL in {cluster.folder} neither answers nor ends; see its server.log."
            )
        time.sleep(0.05)
    return None


def _start_supervisor(cluster: Cluster) -> subprocess.Popen[str]:
    command = [sys.executable, __file__, "supervise", *_as_arguments(cluster)]
    supervisor = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        text=True,
    )
    assert supervisor.stdout is not None  # noqa: S101
    with supervisor.stdout as answers:
        answer = answers.read()
    if not answer.endswith("ready"):
        supervisor.wait()
        raise PostgresError(answer or f"PostgreSQL did not start; see {cluster.folder}/server.log.")
    return supervisor


def _stop(cluster: Cluster) -> None:
    """Ask the supervisor to stop the server and wait; the caller holds `users.lock` alone."""
    # If it has ended or been killed, the lock below still tells when its server has.
    with suppress(FileNotFoundError, ProcessLookupError):
        os.kill(int(_pid_file(cluster).read_text()), signal.SIGTERM)
    with _lock_file(cluster, "server") as server:
        fcntl.flock(server, fcntl.LOCK_SH)


# --- the supervisor ------------------------------------------------------------------------------


def supervise(cluster: Cluster, tell: Callable[[str], None]) -> None:
    """Start the server, tell "ready", and stop it when asked to or when nobody uses it."""
    # A bare descriptor, never closed here: whoever waits for the lock waits for our very end.
    lock = os.open(cluster.folder / "server.lock", os.O_RDWR | os.O_CREAT, 0o600)
    if not _try(lock, fcntl.LOCK_EX):
        raise PostgresError(f"Another PostgreSQL runs in {cluster.folder}.")
    kept = cluster.folder / "kept"
    if not cluster.throwaway:
        kept.touch()
    elif kept.exists():
        raise PostgresError(f"What lies in {cluster.folder} is kept: choose another folder.")
    os.set_inheritable(lock, True)
    signal.signal(signal.SIGTERM, _leave)
    _pid_file(cluster).write_text(str(os.getpid()))
    host = _Host(cluster)
    server: subprocess.Popen[bytes] | None = None
    try:
        _forget_sockets(cluster)
        passwords = host.prepare()
        sockets = host.make_socket_folder()
        _socket_file(cluster).write_text(str(sockets))
        server = host.serve(sockets, lock)
        _wait_until_ready(cluster, server)
        _publish(cluster, sockets, passwords)
        tell("ready")
        threading.Thread(target=_leave_when_unused, args=[cluster], daemon=True).start()
        server.wait()
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if server is not None:
            _end(server, cluster)
        for name in (SITE_URL_FILE, OWNER_URL_FILE):
            (cluster.publish_in / name).unlink(missing_ok=True)
        _forget_sockets(cluster)
        if cluster.throwaway:
            host.discard()
        _pid_file(cluster).unlink(missing_ok=True)


def _leave(*_: object) -> None:
    raise SystemExit(0)


def _leave_when_unused(cluster: Cluster) -> None:
    with _lock_file(cluster, "users") as users:
        fcntl.flock(users, fcntl.LOCK_EX)
        os.kill(os.getpid(), signal.SIGTERM)
        threading.Event().wait()  # keep new users out until the server has stopped


def _wait_until_ready(cluster: Cluster, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not is_running(cluster):
        if server.poll() is not None or time.monotonic() > deadline:
            last_words = (cluster.folder / "server.log").read_text(errors="replace")[-2000:]
            raise PostgresError(f"PostgreSQL did not start:\n{last_words}")
        time.sleep(0.02)


def _end(server: subprocess.Popen[bytes], cluster: Cluster) -> None:
    server.send_signal(_ending(cluster))
    try:
        server.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait()


def _ending(cluster: Cluster) -> signal.Signals:
    """A fast shutdown; an immediate one where the data are thrown away."""
    return signal.SIGQUIT if cluster.throwaway else signal.SIGINT


def _publish(cluster: Cluster, sockets: Path, passwords: dict[str, str]) -> None:
    cluster.publish_in.mkdir(parents=True, exist_ok=True)
    for name, role in ((SITE_URL_FILE, SITE), (OWNER_URL_FILE, OWNER)):
        address = f"postgres://{role}:{passwords[role]}@/{DATABASE}?host={sockets}\n"
        write_private(cluster.publish_in / name, address)


def write_private(path: Path, text: str) -> None:
    """Write a file that only this user can read, whole or not at all."""
    new = path.with_name(f"{path.name}.{os.getpid()}")
    new.touch(mode=0o600)
    new.write_text(text)
    new.replace(path)


# --- the server itself ---------------------------------------------------------------------------


class _Host:
    """As whom PostgreSQL runs here, and where its binaries and data lie for that account."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster, self.binaries, self.data = cluster, cluster.binaries, cluster.folder / "data"
        self.home: Path | None = None
        self.prefix: list[str] = []
        self.account: dict[str, Any] = {}
        if os.geteuid() != 0:
            return
        prefix = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
        if _has_user_namespaces(prefix):
            self.prefix = prefix
            return
        self.account = {"user": "nobody", "group": _group_of_nobody(), "extra_groups": []}
        self._move_within_reach()

    def _move_within_reach(self) -> None:
        """Keep data, and binaries if need be, where `nobody` can reach them."""
        tag = hashlib.sha256(str(self.cluster.folder.resolve()).encode()).hexdigest()[:16]
        home = Path("/var/tmp") / f"praecom-registry-{tag}"  # noqa: S108 - checked just below
        home.mkdir(exist_ok=True)
        if home.is_symlink() or home.stat().st_uid != 0:
            raise PostgresError(f"{home} must be root's own folder; remove it.")
        home.chmod(0o711)
        self.home, self.data = home, home / "data"
        program = self.binaries.resolve() / "postgres"
        if all(path.stat().st_mode & 0o001 for path in (program, *program.parents)):
            return
        installation = self.binaries.parent
        if installation.name == "pginstall":  # a wheel: some libraries lie beside its package
            package = installation.parent
            _copy_for_all(package.with_name(f"{package.name}.libs"), home)
            _copy_for_all(package, home)
            self.binaries = home / package.name / installation.name / self.binaries.name
        else:
            _copy_for_all(installation, home)
            self.binaries = home / installation.name / self.binaries.name

    def prepare(self) -> dict[str, str]:
        """Make the data folder with both roles unless it is there; returns their passwords."""
        passwords_file = self.cluster.folder / "passwords.json"
        if self.cluster.throwaway:
            shutil.rmtree(self.data, ignore_errors=True)
        if self.data.is_dir():
            # Nothing of an earlier server lives (server.lock), whatever its pid is used for now.
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            passwords: dict[str, str] = json.loads(passwords_file.read_text())
            return passwords
        new = self.data.with_name("data.new")
        shutil.rmtree(new, ignore_errors=True)
        self._own(new)
        passwords = {role: secrets.token_urlsafe(24) for role in (OWNER, SITE)}
        write_private(passwords_file, json.dumps(passwords))
        # The superuser that initdb makes cannot connect at all; these statements are its last.
        self._run(
            *("initdb", "-D", new, "--username=postgres", "--auth=reject"),
            *("--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
        )
        (new / "pg_hba.conf").write_text(f"local all {OWNER},{SITE} scram-sha-256\n")
        self._run(
            *("postgres", "--single", "-D", new),
            *(*_options(("exit_on_error=true", *_QUIET_LOG)), "postgres"),
            text=f"CREATE ROLE {OWNER} LOGIN CREATEDB PASSWORD '{passwords[OWNER]}'\n"
            f"CREATE ROLE {SITE} LOGIN PASSWORD '{passwords[SITE]}'\n"
            f"CREATE DATABASE {DATABASE} OWNER {OWNER}\n",
        )
        new.rename(self.data)
        return passwords

    def discard(self) -> None:
        """Delete everything that lies here for the server."""
        shutil.rmtree(self.home or self.data, ignore_errors=True)

    def make_socket_folder(self) -> Path:
        """A private folder with a short name: a socket's path may have 107 bytes."""
        shortest = min(tempfile.gettempdir(), "/tmp", key=len)  # noqa: S108 - a base for mkdtemp
        sockets = Path(tempfile.mkdtemp(prefix="praecom-", dir=shortest))
        self._own(sockets)
        return sockets

    def serve(self, sockets: Path, lock: int) -> subprocess.Popen[bytes]:
        """Start the server; every process of it inherits the lock."""
        settings = [f"unix_socket_directories={sockets}", "unix_socket_permissions=0700"]
        settings += ["listen_addresses=", "port=5432", "logging_collector=off", *_QUIET_LOG]
        settings += _THROWAWAY if self.cluster.throwaway else ()
        program = self.binaries / "postgres"
        with (self.cluster.folder / "server.log").open("wb") as log:
            return subprocess.Popen(
                [*self.prefix, program, "-D", self.data, *_options(settings)],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[lock],
                start_new_session=True,
                preexec_fn=dying_with_parent(_ending(self.cluster)),
                **self.account,
            )

    def _run(self, program: str, *arguments: str | Path, text: str = "") -> None:
        done = subprocess.run(
            [*self.prefix, self.binaries / program, *arguments],
            cwd="/",
            input=text,
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=dying_with_parent(signal.SIGKILL),
            **self.account,
        )
        if done.returncode != 0:
            raise PostgresError(f"{program} failed:\n{done.stderr[-2000:]}")

    def _own(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.account:
            shutil.chown(folder, self.account["user"], self.account["group"])


def _has_user_namespaces(prefix: list[str]) -> bool:
    if os.environ.get("PG_NO_USERNS") == "1" or shutil.which(prefix[0]) is None:
        return False
    return subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0


def _copy_for_all(source: Path, into: Path) -> None:
    """Copy a folder, once, so that every account can read and run what its owner can."""
    copy = into / source.name
    if copy.exists() or not source.is_dir():
        return
    unfinished = into / f"{source.name}.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(source, unfinished, symlinks=True)
    for path in (unfinished, *unfinished.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (mode & 0o500) >> 6)
    unfinished.rename(copy)


def _group_of_nobody() -> int:
    import pwd

    return pwd.getpwnam("nobody").pw_gid


def _options(settings: Sequence[str]) -> list[str]:
    return [word for setting in settings for word in ("-c", setting)]


# --- files ---------------------------------------------------------------------------------------


def _lock_file(cluster: Cluster, name: str) -> IO[str]:
    return (cluster.folder / f"{name}.lock").open("a")


def _try(lock: IO[str] | int, kind: int) -> bool:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _pid_file(cluster: Cluster) -> Path:
    return cluster.folder / "supervisor.pid"


def _socket_file(cluster: Cluster) -> Path:
    return cluster.folder / "socket-folder"


def _forget_sockets(cluster: Cluster) -> None:
    if _socket_file(cluster).exists():
        shutil.rmtree(_socket_file(cluster).read_text(), ignore_errors=True)
        _socket_file(cluster).unlink()


# --- the command line ----------------------------------------------------------------------------


def _as_arguments(cluster: Cluster) -> list[str]:
    words = [str(cluster.folder), str(cluster.binaries), str(cluster.publish_in)]
    return [*words, "--throwaway"] if cluster.throwaway else words


def main() -> None:
    """`use FOLDER BINARIES COMMAND …` runs a command against a throwaway server of its own."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    commands = parser.add_subparsers(dest="action", required=True)
    use = commands.add_parser("use", help="run a command against a throwaway server")
    use.add_argument("folder", type=Path)
    use.add_argument("binaries", type=Path)
    use.add_argument("command", nargs=argparse.REMAINDER)
    inner = commands.add_parser("supervise", help="what this module starts by itself")
    for name in ("folder", "binaries", "publish_in"):
        inner.add_argument(name, type=Path)
    inner.add_argument("--throwaway", action="store_true")
    words = parser.parse_args()
    folder, binaries = words.folder.resolve(), words.binaries.resolve()
    if words.action == "use":
        signal.signal(signal.SIGTERM, _leave)
        sys.exit(_use(Cluster(folder, binaries, folder, throwaway=True), words.command))

    def tell(answer: str) -> None:
        os.write(1, answer.encode())
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)  # whoever started us reads to the end
        os.dup2(nowhere, 2)
        os.close(nowhere)

    try:
        supervise(Cluster(folder, binaries, words.publish_in, words.throwaway), tell)
    except PostgresError as error:
        tell(str(error))
        sys.exit(1)


def _use(cluster: Cluster, command: list[str]) -> int:
    with in_use(cluster) as addresses:
        urls = {"DATABASE_URL": addresses.site, "DATABASE_OWNER_URL": addresses.owner}
        return subprocess.run(
            command,
            env={**os.environ, **urls},
            check=False,
            preexec_fn=dying_with_parent(signal.SIGTERM),
        ).returncode


if __name__ == "__main__":
    main()
