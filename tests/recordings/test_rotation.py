"""Rotation wraps every key anew, touches no file, and can be stopped anywhere."""

import os
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from audit.context import AccessPurpose, access_context
from recordings import keys
from recordings.models import DestroyedBy, SealedFile
from recordings.services import clear_bytes, destroy
from recordings.services.rotating import AT_ONCE
from recordings.vault import new_key
from tests.database import site_connection
from tests.recording_builders import SOUND, a_recording
from tests.recordings.killing import finish, kill_when

pytestmark = pytest.mark.django_db


def rotate() -> str:
    out = StringIO()
    with translation.override("en"):
        call_command("rotate_recordings_keys", stdout=out)
    return out.getvalue().strip()


def opened(file: SealedFile) -> bytes:
    return b"".join(clear_bytes(SealedFile.objects.get(pk=file.pk)))


def many_keys(number: int) -> None:
    """Rows of files with their keys; their content is of no matter here."""
    files = [SealedFile(size=0, digest=b"") for _ in range(number)]
    for file in files:
        wrapped = keys.wrap(new_key(), file.file_id)
        file.key_version, file.wrapped_key = wrapped.version, wrapped.wrapped
    SealedFile.objects.bulk_create(files)


@pytest.fixture
def new_version(settings: Any) -> Any:
    """Adds the next key-encryption key when it is called."""

    def add() -> None:
        known = settings.RECORDINGS_KEYS
        settings.RECORDINGS_KEYS = {**known, max(known) + 1: os.urandom(32)}

    return add


def test_afterwards_the_old_key_is_not_needed_any_more(
    settings: Any, new_version: Any, vault: Path
) -> None:
    files = [a_recording().file for _ in range(3)]
    stored = files_of(vault)
    new_version()

    assert rotate() == "Keys wrapped anew with version 2: 3."

    settings.RECORDINGS_KEYS = {2: settings.RECORDINGS_KEYS[2]}
    assert [opened(file) for file in files] == [SOUND] * 3
    assert files_of(vault) == stored
    assert rotate() == "Keys wrapped anew with version 2: 0."


def files_of(vault: Path) -> dict[Path, tuple[int, int, int]]:
    """Each file with what would show that it was written: its number, size and time of change."""
    found = {path: path.stat() for path in vault.rglob("*")}
    return {path: (one.st_ino, one.st_size, one.st_mtime_ns) for path, one in found.items()}


def test_what_was_destroyed_stays_destroyed(new_version: Any) -> None:
    recording = a_recording()
    with access_context(job="test", purpose=AccessPurpose.RETENTION):
        destroy(recording, DestroyedBy.ERASURE)
    new_version()

    assert rotate() == "Keys wrapped anew with version 2: 0."

    assert SealedFile.objects.get().wrapped_key is None


def test_who_took_up_a_file_before_still_plays_it(new_version: Any) -> None:
    recording = a_recording()
    before = SealedFile.objects.get()
    playing = clear_bytes(before)
    new_version()

    rotate()

    assert b"".join(playing) == SOUND
    assert b"".join(clear_bytes(before)) == SOUND
    assert opened(recording.file) == SOUND


def test_a_version_that_is_missing_stops_it_before_anything_is_changed(
    settings: Any, new_version: Any
) -> None:
    many_keys(2)
    new_version()
    many_keys(1)
    old, between = settings.RECORDINGS_KEYS[1], settings.RECORDINGS_KEYS[2]
    settings.RECORDINGS_KEYS = {2: between, 3: os.urandom(32)}

    with pytest.raises(CommandError, match="lacks a key of version 1 that files still need"):
        rotate()

    assert set(SealedFile.objects.values_list("key_version", flat=True)) == {1, 2}
    settings.RECORDINGS_KEYS = {1: old, **settings.RECORDINGS_KEYS}
    assert rotate() == "Keys wrapped anew with version 3: 3."


def test_another_key_under_an_old_number_stops_it(settings: Any) -> None:
    many_keys(1)
    settings.RECORDINGS_KEYS = {1: os.urandom(32), 2: os.urandom(32)}

    with pytest.raises(CommandError, match="version 1"):
        rotate()

    assert SealedFile.objects.get().key_version == 1


@pytest.mark.django_db(transaction=True)
def test_a_key_in_use_is_passed_over_and_said(new_version: Any) -> None:
    many_keys(3)
    key = SealedFile.objects.order_by("pk")[1].pk
    new_version()

    with site_connection() as other, other.transaction():
        other.execute("SELECT FROM recordings_sealedfile WHERE id = %s FOR UPDATE", [key])
        with pytest.raises(CommandError, match="Keys in use that still have an older version: 1"):
            rotate()

    assert rotate() == "Keys wrapped anew with version 2: 1."


ROTATE = "from recordings.services import rotate; rotate()"


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_it_is_run_again(
    settings: Any, new_version: Any, owner: psycopg.Connection[Any]
) -> None:
    recording = a_recording()
    many_keys(6 * AT_ONCE)
    for batches in (1, 3):
        new_version()
        version = max(settings.RECORDINGS_KEYS)

        def reached(version: int = version, number: int = batches * AT_ONCE) -> bool:
            row = owner.execute(
                "SELECT count(*) FROM recordings_sealedfile WHERE key_version = %s", [version]
            ).fetchone()
            return row is not None and row[0] >= number

        assert kill_when(ROTATE, reached)
        assert set(SealedFile.objects.values_list("key_version", flat=True)) == {
            version - 1,
            version,
        }
        assert opened(recording.file) == SOUND
        finish(ROTATE)
        assert set(SealedFile.objects.values_list("key_version", flat=True)) == {version}
        assert opened(recording.file) == SOUND
