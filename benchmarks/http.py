"""Pages over HTTP from a running server, beside the empty signed-in page of the same server.

    python benchmarks/http.py [--persons 100000] [--rounds 300] [--agents 32] [--seconds 300]

The server is gunicorn as `dev.py run` starts it: two workers of four threads. Requests of each
kind are sent in turn over one kept connection; each is logged before it answers. Then so many
agents look up a caller once a second each for so many seconds (`--seconds 0` leaves that out).
The clients run on the same machine and take their share of it.
"""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # `http` is the library, not this file

import argparse  # noqa: E402
import http.client  # noqa: E402
import os  # noqa: E402
import re  # noqa: E402
import socket  # noqa: E402
import subprocess  # noqa: E402
import threading  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable, Iterator  # noqa: E402
from contextlib import contextmanager  # noqa: E402
from dataclasses import dataclass, field  # noqa: E402
from urllib.parse import urlencode  # noqa: E402

from benchmarks import bench  # noqa: E402

COMMON = ("korhonen", "virtanen", "mäkinen", "nieminen")
LOOKUP_LIMIT, LOOKUP_P95_LIMIT, CARD_LIMIT = 4.0, 6.0, 5.0
LOAD_P95_LIMIT = 150.0


def main() -> None:
    parser = bench.parser(__doc__ or "", persons=100_000)
    parser.add_argument("--agents", type=int, default=32)
    parser.add_argument("--seconds", type=int, default=300)
    asked = parser.parse_args()
    for place, persons in enumerate(asked.persons):
        with bench.own_database():
            bench.fill(persons, asked.seed)
            if place == 0:
                bench.print_machine()
            with serving() as port:
                measure(port, persons, asked)


@contextmanager
def serving() -> Iterator[int]:
    """The site on a free port, until the measurements are over."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "ALLOWED_HOSTS": "127.0.0.1",
        "PYTHONPATH": str(bench.ROOT),
    }
    del environment["DATABASE_OWNER_URL"]
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--workers", "2", "--threads", "4"]
    command += ["--no-control-socket", "--log-level", "error", "praecom_registry.wsgi:application"]
    server = subprocess.Popen(command, cwd=bench.ROOT, env=environment)
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if time.monotonic() > deadline or server.poll() is not None:
                    raise
                time.sleep(0.05)
        yield port
    finally:
        server.terminate()
        server.wait()


@dataclass
class Agent:
    """A signed-in agent's browser: one kept connection, her session and her CSRF secret."""

    port: int
    session: str
    csrf: str = ""
    connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        self.ask("GET", "/lookup/")

    def ask(self, method: str, address: str, form: dict[str, str] | None = None) -> bytes:
        """One request; raises unless the answer is 200."""
        headers = {
            "Cookie": f"praecom_session={self.session}; praecom_csrf={self.csrf}",
            "HX-Request": "true",
            "X-CSRFToken": self.csrf,
        }
        body = None
        if form is not None:
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, address, body, headers)
        response = self.connection.getresponse()
        answer = response.read()
        for name, value in response.getheaders():
            if name == "Set-Cookie" and (found := re.match(r"praecom_csrf=([^;]+)", value)):
                self.csrf = found[1]
        if response.status != 200:
            raise RuntimeError(f"{method} {address} answered {response.status}.")
        return answer

    def look_up(self, term: str) -> bytes:
        return self.ask("POST", "/lookup/", {"q": term})


def measure(port: int, persons: int, asked: argparse.Namespace) -> None:
    sessions = sign_in(asked.agents + 1)
    cards, phones = some_persons(200)
    agent = Agent(port, sessions[0])
    print(f"\n{persons:,} persons, {asked.rounds} rounds over one connection; milliseconds")
    pages: dict[str, Callable[[int], object]] = {
        "empty page": lambda _: agent.ask("GET", "/empty/"),
        "lookup, one number": lambda n: agent.look_up(phones[n % len(phones)]),
        "lookup, twenty persons": lambda n: agent.look_up(COMMON[n % len(COMMON)]),
        "lookup, near names": lambda n: agent.look_up(f"{COMMON[n % len(COMMON)][:-1]}mn"),
        "caller card": lambda n: agent.ask("GET", f"/persons/{cards[n % len(cards)]}/"),
    }
    figures = bench.alternate(asked.rounds, *(bench.Work(page) for page in pages.values()))
    by_name = dict(zip(pages, figures, strict=True))
    empty = by_name["empty page"]
    bench.print_goal("lookup over HTTP: p50 ≤ 4 × the empty page, p95 ≤ 6 ×; card p50 ≤ 5 ×")
    print(f"{'page':24} {'p50':>8} {'p95':>8}  p50 ratio   p95 ratio")
    for name, found in by_name.items():
        limit = CARD_LIMIT if name == "caller card" else LOOKUP_LIMIT
        print(
            f"{name:24} {found}  {bench.verdict(found.median / empty.median, limit):10}"
            f"  {bench.verdict(found.p95 / empty.p95, LOOKUP_P95_LIMIT)}"
        )
    if asked.seconds:
        load(port, sessions[1:], phones, asked.seconds)


def sign_in(number: int, role: str = "agent") -> list[str]:
    """Sessions of so many staff members of a role."""
    from django.contrib.auth.models import Group
    from django.test import Client

    from tests.builders import a_user

    sessions = []
    for place in range(number):
        user = a_user(username=f"benchmark{place}")
        user.groups.add(Group.objects.get(name=role))
        client = Client()
        client.force_login(user, backend="accounts.backends.StaffBackend")
        sessions.append(str(client.session.session_key))
    return sessions


def some_persons(number: int) -> tuple[list[str], list[str]]:
    """Persons all over the register, and a phone number of each."""
    with bench.site_connection() as connection:
        rows = connection.execute(
            "SELECT p.public_id, min(c.as_written) FROM customers_person p"
            " JOIN customers_contactpoint c ON c.person_id = p.id"
            " WHERE c.kind = 'phone' AND c.ended_on IS NULL"
            " GROUP BY p.id ORDER BY md5(p.id::text) LIMIT %s",
            [number],
        ).fetchall()
    return [str(row[0]) for row in rows], [row[1] for row in rows]


def load(port: int, sessions: list[str], phones: list[str], seconds: int) -> None:
    """Each agent looks up once a second, a number and a name in turn."""
    bench.print_goal(
        f"{len(sessions)} agents at 1 lookup/s: p95 ≤ {LOAD_P95_LIMIT:.0f} ms, 0 errors"
    )
    times: list[float] = []
    errors: list[str] = []
    lock = threading.Lock()
    start = time.monotonic() + 1

    def work(place: int, session: str) -> None:
        agent = Agent(port, session)
        for number in range(seconds):
            due = start + number + place / len(sessions)
            time.sleep(max(due - time.monotonic(), 0))
            term = phones[(place + number) % len(phones)] if number % 2 else COMMON[number % 4]
            began = time.perf_counter()
            try:
                agent.look_up(term)
            except (RuntimeError, OSError, http.client.HTTPException) as error:
                with lock:
                    errors.append(type(error).__name__)
                agent = Agent(port, session)
                continue
            with lock:
                times.append((time.perf_counter() - began) * 1000)

    threads = [
        threading.Thread(target=work, args=(place, session))
        for place, session in enumerate(sessions)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = bench.Figures(times)
    verdict = "ok" if found.p95 <= LOAD_P95_LIMIT and not errors else "OVER"
    print(
        f"{len(times):,} lookups in {seconds} s: p50 {found.median:.1f} ms, p95 {found.p95:.1f} ms,"
        f" {len(errors)} errors  {verdict}"
    )


if __name__ == "__main__":
    main()
