"""What the log costs: pages with and without their rows, saves with and without the change log.

    python benchmarks/audit.py [--persons 20000] [--rounds 300]

Both halves of each pair run in turn in one process over the same persons, each with its commit.
"Without" exists in this file only: the site has no switch for it.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch
from uuid import UUID

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # `audit` is the app, not this file

from benchmarks import bench  # noqa: E402

if TYPE_CHECKING:
    from django.test import Client

COMMON = ("korhonen", "virtanen", "mäkinen", "nieminen")
PAGE_LIMIT = 1.25
SAVE_LIMIT = 0.5


def main() -> None:
    asked = bench.options(__doc__ or "", persons=20_000)
    for persons in asked.persons:
        with bench.own_database():
            bench.fill(persons, asked.seed)
            bench.print_machine()
            print(f"\n{persons:,} persons, {asked.rounds} rounds; milliseconds")
            measure_pages(asked.rounds)
            measure_saves(asked.rounds)


@contextmanager
def without_log() -> Iterator[None]:
    """Reads and changes are gathered as ever, but nothing is written."""
    from audit.context import AccessContext

    with patch.object(AccessContext, "flush", lambda self: None):
        yield


@contextmanager
def without_changes() -> Iterator[None]:
    """Saves that nobody listens to, as if there were no change log."""
    from audit.changes import changes_registry
    from customers.models import Person

    changes_registry.unregister(Person)
    try:
        with without_log():
            yield
    finally:
        changes_registry.register(Person)


# --- pages ----------------------------------------------------------------------------------------


def measure_pages(rounds: int) -> None:
    bench.print_goal("cost of the log: a page with its rows ≤ 1.25 × the same page without")
    print(f"{'page':28} {'with':>8} {'p95':>8} {'without':>8} {'p95':>8}  ratio")
    client = _agent()
    persons, phones = _some_persons(200)
    pages: dict[str, Callable[[int], object]] = {
        "caller card": lambda n: _shown(
            client.get(f"/persons/{persons[n % len(persons)]}/").status_code
        ),
        "lookup, one number": lambda n: _shown(
            client.post("/lookup/", {"q": phones[n % 200]}).status_code
        ),
        "lookup, twenty persons": lambda n: _shown(
            client.post("/lookup/", {"q": COMMON[n % 4]}).status_code
        ),
    }
    for name, page in pages.items():
        logged, bare = bench.alternate(
            rounds, bench.Work(page), bench.Work(page, around=without_log)
        )
        ratio = logged.median / bare.median
        print(f"{name:28} {logged} {bare}  {bench.verdict(ratio, PAGE_LIMIT)}")


def _shown(status: int) -> None:
    if status != 200:
        raise RuntimeError(f"The page answered {status}.")


def _agent() -> "Client":
    """A browser in which an agent is signed in."""
    from django.contrib.auth.models import Group
    from django.test import Client

    from tests.builders import a_user

    user = a_user(username="benchmark")
    user.groups.add(Group.objects.get(name="agent"))
    client = Client()
    client.force_login(user, backend="accounts.backends.StaffBackend")
    return client


def _some_persons(number: int) -> tuple[list[UUID], list[str]]:
    """Persons all over the register, and a phone number of each."""
    with bench.site_connection() as connection:
        rows = connection.execute(
            "SELECT p.public_id, min(c.as_written) FROM customers_person p"
            " JOIN customers_contactpoint c ON c.person_id = p.id"
            " WHERE c.kind = 'phone' AND c.ended_on IS NULL"
            " GROUP BY p.id ORDER BY md5(p.id::text) LIMIT %s",
            [number],
        ).fetchall()
    return [row[0] for row in rows], [row[1] for row in rows]


# --- saves ----------------------------------------------------------------------------------------


def measure_saves(rounds: int) -> None:
    bench.print_goal("change log: saving ≥ 50 % of the same saves with no log at all")
    print(f"{'saves per second':28} {'with':>8} {'without':>8}  share")
    keys = _some_keys(200)
    saves: dict[str, Callable[[int], object]] = {
        "changed after a locked read": lambda n: _change(keys[n % len(keys)], n, locked=True),
        "changed after a plain read": lambda n: _change(keys[n % len(keys)], n, locked=False),
        "created": _create,
    }
    for name, save in saves.items():
        logged, bare = bench.alternate(
            rounds, bench.Work(save), bench.Work(save, around=without_changes)
        )
        share = bare.median / logged.median
        print(
            f"{name:28} {1000 / logged.median:8.0f} {1000 / bare.median:8.0f}"
            f"  {share:5.2f} {'ok' if share >= SAVE_LIMIT else 'UNDER'}"
        )


def _some_keys(number: int) -> list[int]:
    with bench.site_connection() as connection:
        rows = connection.execute(
            "SELECT id FROM customers_person ORDER BY md5(id::text) LIMIT %s", [number]
        ).fetchall()
    return [row[0] for row in rows]


def _change(key: int, number: int, *, locked: bool) -> None:
    """One unit of work with its commit: read a person, change her language, save."""
    from audit.context import AccessPurpose, access_context
    from customers.models import Person

    with access_context(job="benchmark", purpose=AccessPurpose.UPKEEP):
        persons = Person.objects.select_for_update() if locked else Person.objects
        person = persons.get(pk=key)
        # Another value each time, with the log and without: a save that changes nothing costs less.
        person.language = "sv" if person.language == "fi" else "fi"
        person.save()


def _create(number: int) -> None:
    from audit.context import AccessPurpose, access_context
    from customers.models import Person

    with access_context(job="benchmark", purpose=AccessPurpose.UPKEEP):
        Person.objects.create(first_name="Mitta", last_name=f"Koe{number}", source="staff")


if __name__ == "__main__":
    main()
