"""Destroying leaves a line that names nobody, and nothing that can be opened."""

import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from datamap.declarations import registry
from recordings.models import (
    DestroyedBy,
    Reassignment,
    Recording,
    RecordingHold,
    SealedFile,
    StoredMessage,
)
from recordings.services import (
    Destroyed,
    clear_bytes,
    concerns,
    destroy,
    place_hold,
    reassign,
    release_hold,
    remove_bytes,
    remove_bytes_of_destroyed,
)
from recordings.tasks import remove_file
from tests.builders import a_person, a_user, an_interaction
from tests.database import owner_connection
from tests.log import Trail
from tests.recording_builders import a_message, a_recording
from tests.recordings.killing import finish, kill_when
from tests.recordings.stored import names_in, path_of

pytestmark = pytest.mark.django_db

Working = Callable[[], Any]
ERASURE = DestroyedBy.ERASURE


def everything_stored(owner: psycopg.Connection[Any]) -> str:
    """Every value of the tables of recordings, as text."""
    tables = owner.execute(
        "SELECT tablename FROM pg_tables WHERE tablename LIKE 'recordings_%' AND schemaname ="
        " 'public'"
    ).fetchall()
    return "\n".join(
        str(row)
        for (table,) in tables
        for row in owner.execute(f"SELECT to_jsonb(t)::text FROM {table} t").fetchall()
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("make", [a_recording, a_message])
def test_the_line_that_remains_names_nobody(
    make: Any, working: Working, owner: psycopg.Connection[Any]
) -> None:
    aino, eino, user = a_person(), a_person("Eino"), a_user()
    content = b"Aino Mallikas, 040 000 1234: " + os.urandom(50)
    record = make(aino, content=content, interaction=an_interaction(aino))
    record_id, digest = record.external_id, bytes(record.file.digest).hex()
    with working():
        reassign(record, None, eino, "Einokin oli puhelussa", user)
        release_hold(place_hold(record, "Ainon kiista laskusta", None, user), user)
    before = everything_stored(owner)

    with working():
        assert destroy(record, ERASURE)

    telling = ("Aino", "mallikas", "+358400001234", "kiista", "puhelussa", record_id, digest)
    after = everything_stored(owner)
    assert {"kiista", "puhelussa", record_id, digest} <= {w for w in telling if w in before}
    assert [word for word in telling if word in after] == []
    with working():
        left = type(record).objects.get(pk=record.pk)
        assert (left.destroyed_by, left.interaction_id) == ("erasure", None)
        assert left.destroyed_at is not None
        assert list(left.concerns.keys_only()) == []
        (correction,) = Reassignment.objects.all()
        assert (correction.taken_from, correction.given_to, correction.reason) == (None, None, "")
        assert type(record).objects.taken_in(record_id).get() == left


@pytest.mark.parametrize("make", [a_recording, a_message])
def test_everybody_it_concerned_finds_its_destruction_in_her_log(
    make: Any, working: Working, trail: Trail
) -> None:
    persons = [a_person(), a_person("Eino")]
    record = make(*persons)

    with working() as context:
        destroy(record, ERASURE)

    for person in persons:
        done = trail.actions(person.public_id, cid=context.request_id)
        assert done.count("delete") == 1
        assert done.count("update") == 1


def test_what_concerns_nobody_is_destroyed_too(working: Working, trail: Trail) -> None:
    record = a_recording()

    with working() as context:
        destroy(record, ERASURE)

    (row,) = trail.rows(cid=context.request_id, action=1)
    assert (row["subject"], row["object_id"]) == (None, record.pk)


def test_a_hold_that_is_over_keeps_only_who_placed_it(working: Working) -> None:
    record, user = a_recording(), a_user()
    with working():
        hold = place_hold(record, "Ainon kiista", timezone.localdate(), user)
        hold.until = timezone.localdate() - timedelta(days=1)
        hold.save()
        destroy(record, ERASURE)

    with working():
        hold = RecordingHold.objects.get()
        assert (hold.reason, hold.placed_by, hold.released_by) == ("", user, None)
        assert hold.released_at is not None


def test_destroying_again_changes_nothing(working: Working, trail: Trail) -> None:
    record = a_recording(a_person())
    with working():
        destroy(record, ERASURE)
        first = type(record).objects.get(pk=record.pk).destroyed_at
    with working() as again:
        assert not destroy(record, DestroyedBy.RETENTION)

    with working():
        assert type(record).objects.get(pk=record.pk).destroyed_at == first
    assert trail.actions(cid=again.request_id) == []


def test_the_key_goes_first_and_the_bytes_by_a_job_of_their_own(
    working: Working, vault: Path, owner: psycopg.Connection[Any], transactional_db: None
) -> None:
    record = a_recording(a_person())
    path = path_of(vault, record.file)

    with working():
        destroy(record, ERASURE)

    assert path.exists()
    with pytest.raises(Destroyed):
        clear_bytes(SealedFile.objects.get())
    ((name, given),) = owner.execute("SELECT task_name, args FROM procrastinate_jobs").fetchall()
    assert name == "recordings.tasks.remove_file"
    assert remove_file(**given)
    assert not path.exists()
    assert SealedFile.objects.get().removed_at is not None
    assert not remove_file(**given)


def test_work_that_fails_destroys_nothing(working: Working, vault: Path) -> None:
    record = a_recording(a_person())

    with pytest.raises(ZeroDivisionError), working():
        destroy(record, ERASURE)
        raise ZeroDivisionError

    file = SealedFile.objects.get()
    assert b"".join(clear_bytes(file))
    with pytest.raises(ValueError, match="key goes before"):
        remove_bytes(file)
    assert remove_bytes_of_destroyed() == 0
    assert names_in(vault) == {file.name}


def test_bytes_that_are_gone_already_count_as_removed(working: Working, vault: Path) -> None:
    record = a_recording()
    path_of(vault, record.file).unlink()
    with working():
        destroy(record, ERASURE)

    assert remove_bytes_of_destroyed() == 1
    assert remove_bytes_of_destroyed() == 0


def test_an_old_copy_of_the_file_does_not_bring_it_back(
    working: Working, vault: Path, tmp_path: Path
) -> None:
    record = a_recording()
    path, backup = path_of(vault, record.file), tmp_path / "backup"
    shutil.copy(path, backup)
    with working():
        destroy(record, ERASURE)
    remove_bytes_of_destroyed()
    shutil.copy(backup, path)

    with pytest.raises(Destroyed):
        clear_bytes(SealedFile.objects.get())


@pytest.mark.django_db(transaction=True)
def test_the_database_brings_no_destroyed_key_back(owner: psycopg.Connection[Any]) -> None:
    file = a_recording().file
    kept = bytes(file.wrapped_key or b"")
    file.forget_key()

    with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        owner.execute("UPDATE recordings_sealedfile SET wrapped_key = %s", [kept])


def test_nothing_more_is_done_with_what_is_destroyed(working: Working) -> None:
    record, person, user = a_recording(), a_person(), a_user()
    with working():
        destroy(record, ERASURE)

    attempts: list[Callable[[], Any]] = [
        lambda: concerns(record, [person]),
        lambda: reassign(record, None, person, "Hän soitti", user),
        lambda: place_hold(record, "Kiista", None, user),
    ]
    for attempt in attempts:
        with pytest.raises(Destroyed), working():
            attempt()


@pytest.mark.django_db(transaction=True)
def test_two_who_destroy_it_at_once_destroy_it_once(working: Working, trail: Trail) -> None:
    person = a_person()
    record = a_recording(person)
    together = Barrier(2)

    def one(_number: int) -> bool:
        try:
            with working():
                together.wait()
                return destroy(record, ERASURE)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, range(2))) == [False, True]
    assert trail.actions(person.public_id).count("delete") == 1


DESTROY = (
    "from recordings.services import *; destroy_due(job='destroy_due'); remove_bytes_of_destroyed()"
)


@pytest.mark.django_db(transaction=True)
def test_killed_at_any_moment_and_started_again_it_comes_to_the_same_end(
    working: Working, vault: Path, trail: Trail, owner: psycopg.Connection[Any]
) -> None:
    persons = [a_person(f"Aino{number}") for number in range(40)]
    due = [a_recording(person, due_on="2020-01-01") for person in persons]
    stays = a_recording(persons[0])

    def so_many(column: str, number: int) -> Callable[[], bool]:
        """Whether so many rows have that column filled, asked beside the work."""
        table = "recording" if column == "destroyed_at" else "sealedfile"
        sql = f"SELECT count({column}) FROM recordings_{table}"
        return lambda: owner.execute(sql).fetchone()[0] >= number  # type: ignore[index]

    moments = [("destroyed_at", 1), ("destroyed_at", 13), ("destroyed_at", 39), ("removed_at", 5)]
    killed = [kill_when(DESTROY, so_many(*moment)) for moment in moments]
    assert any(killed)
    for recording in due:
        _is_wholly_there_or_wholly_gone(owner, recording.pk)

    finish(DESTROY)

    assert names_in(vault) == {stays.file.name}
    assert [file.pk for file in SealedFile.objects.with_key()] == [stays.file.pk]
    assert not SealedFile.objects.to_be_removed().exists()
    for person in persons:
        assert trail.actions(person.public_id).count("delete") == 1
    with owner_connection() as anew:
        left = anew.execute("SELECT count(*) FROM recordings_recordingconcerns").fetchone()
        assert left == (1,)


def _is_wholly_there_or_wholly_gone(owner: psycopg.Connection[Any], key: int) -> None:
    row = owner.execute(
        "SELECT r.destroyed_at IS NULL, r.caller_number <> '', f.wrapped_key IS NOT NULL,"
        " EXISTS (SELECT FROM recordings_recordingconcerns c WHERE c.recording_id = r.id),"
        " NOT EXISTS (SELECT FROM procrastinate_jobs j WHERE (j.args->>'file')::bigint = f.id)"
        " FROM recordings_recording r JOIN recordings_sealedfile f ON f.id = r.file_id"
        " WHERE r.id = %s",
        [key],
    ).fetchone()
    assert row is not None
    assert len(set(row)) == 1


MADE_BY = {Recording: a_recording, StoredMessage: a_message}
IN_THE_VAULT = [one for one in registry if one.vault is not None]


@pytest.mark.parametrize("declaration", IN_THE_VAULT, ids=lambda one: one.model.__name__)
def test_erasing_what_is_declared_to_lie_in_the_vault_takes_the_key(
    declaration: Any, working: Working
) -> None:
    record = MADE_BY[declaration.model](a_person())
    file = getattr(record, declaration.vault.field)

    with working():
        declaration.vault.erase(record)

    assert SealedFile.objects.get(pk=file.pk).key is None
    with working():
        assert type(record).objects.get(pk=record.pk).destroyed_by == DestroyedBy.ERASURE
