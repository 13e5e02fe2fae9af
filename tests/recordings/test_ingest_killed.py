"""An ingest that is killed anywhere and run again ends where one that was not would have ended."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from recordings.models import Quarantine
from recordings.services import sweep
from tests.builders import a_person
from tests.recordings.ingesting import concerned, content_of, kept, messages
from tests.recordings.killing import finish, kill_when
from tests.recordings.samples import NUMBER, drop, records, row, wav
from tests.recordings.stored import everything_in, names_in
from tests.recordings.test_messages import mail, mbox

pytestmark = pytest.mark.django_db(transaction=True)

CALLS = 24
COMMAND = "from django.core.management import call_command; call_command({!r}, {!r})"


def a_night(folder: Path) -> dict[str, tuple[bytes, str]]:
    """Fill the folder; what there must be in the end, by its number: content and quarantine."""
    expected = {}
    rows = []
    for number in range(CALLS):
        content = wav(number + 1, rate=4000, pitch=300 + number)
        informed = None if number % 6 == 0 else 2
        drop(folder, f"{number:02}.wav", content)
        rows.append(row(f"1.{number:02}", f"{number:02}.wav", seconds=90, informed=informed))
        expected[f"1.{number:02}"] = (content, Quarantine.NOT_INFORMED if informed is None else "")
    drop(folder, "first.csv", records(*rows[::2]))
    drop(folder, "second.csv", records(*rows[1::2]))
    return expected


def sealed(vault: Path) -> int:
    return len(names_in(vault))


def has_sealed(vault: Path, files: int) -> bool:
    return sealed(vault) >= files


def left(folder: Path) -> int:
    return len(os.listdir(folder))


def test_recordings(folder: Path, vault: Path, tmp_path: Path) -> None:
    caller = a_person(phones=[NUMBER])
    expected = a_night(folder)
    code = f"""
from django.utils.translation import activate
activate("en")
try:
    {COMMAND.format("ingest_recordings", str(folder))}
except Exception as error:
    assert "Problems" in str(error), error
"""
    everything = left(folder)
    moments: list[Callable[[], bool]] = [
        lambda: sealed(vault) >= 1,
        lambda: any(name.endswith(".part") for name in names_in(vault)),
        lambda: left(folder) <= everything - 4,
        lambda: left(folder) <= everything - CALLS,
        lambda: left(folder) <= 1,
    ]

    killed = 0
    for reached in moments:
        killed += kill_when(code, reached)
        there = {one.external_id: content_of(one) for one in kept()}
        for number, (content, _why) in expected.items():
            original = folder / f"{number[2:]}.wav"
            assert original.exists() or there[number] == content
    finish(code)

    assert killed >= 3
    assert {one.external_id: (content_of(one), one.quarantine) for one in kept()} == expected
    assert all(concerned(one) == [caller.pk] for one in kept())
    assert left(folder) == 0
    assert b"RIFF" not in everything_in(tmp_path)
    sweep(job="test")
    assert {one.file.name for one in kept()} <= names_in(vault)


def test_messages(folder: Path, vault: Path, owner: psycopg.Connection[Any]) -> None:
    mails = [mail(number=f"<{n}@example.com>", text=f"Viesti {n}") for n in range(30)]
    drop(folder, "inbox", mbox(*mails))
    code = COMMAND.format("ingest_messages", str(folder))

    killed = sum(kill_when(code, partial(has_sealed, vault, n)) for n in (1, 8, 20))
    assert (folder / "inbox").exists()
    finish(code)

    assert killed >= 2
    assert [one.external_id for one in messages()] == [f"<{n}@example.com>" for n in range(30)]
    assert left(folder) == 0
    for word in ("Salainen", "Viesti", "Mallikas"):
        assert tables_with(owner, word) == []


def tables_with(owner: psycopg.Connection[Any], word: str) -> list[str]:
    """The tables in which the word stands anywhere, as in a dump of the database."""
    tables = owner.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p')"
    ).fetchall()
    found = sql.SQL("SELECT count(*) FROM {} AS t WHERE t::text LIKE {}")
    return [
        name
        for (name,) in tables
        if owner.execute(found.format(sql.Identifier(name), sql.Literal(f"%{word}%"))).fetchall()
        != [(0,)]
    ]
