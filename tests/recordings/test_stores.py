"""A folder and a bucket keep the same promises: what is written is there, whole, or not at all."""

import io
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import boto3
import pytest
from moto import mock_aws

from recordings.models import SealedFile
from recordings.services import clear_bytes, seal
from recordings.stores import BucketStore, Store, store
from recordings.vault import CHUNK, SealingReader, check_whole, new_key, sealed_size

BUCKET = "praecom-recordings"
KEY = new_key()
TOMORROW = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A bucket of a service that speaks S3, in this process."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "eu-north-1",
    }.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        yield boto3.resource("s3").create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-north-1"}
        )


PLACES = ["folder", f"s3://{BUCKET}", f"s3://{BUCKET}/vault/calls/"]


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, settings: Any, bucket: Any) -> Store:
    """The store of the settings: each kind of place."""
    if request.param != "folder":
        settings.RECORDINGS_STORAGE = request.param
    return store()


def put(place: Store, content: bytes, name: UUID | None = None) -> UUID:
    name = name or uuid4()
    place.write(name.hex, SealingReader(io.BytesIO(content), KEY, name))
    return name


def read(place: Store, name: UUID, start: int, length: int) -> bytes:
    found = bytearray(length)
    return bytes(found[: place.read_into(name.hex, start, memoryview(found))])


def names(place: Store, prefix: str = "") -> set[str]:
    return {file.name for file in place.files(prefix)}


@pytest.mark.parametrize("size", [0, 1, CHUNK + 3, 17 * CHUNK])
def test_what_is_written_is_there_whole(place: Store, size: int) -> None:
    content = os.urandom(size)

    name = put(place, content)

    assert len(read(place, name, 0, sealed_size(size) + 9)) == sealed_size(size)
    assert check_whole(partial(place.read_into, name.hex), KEY, name, size)
    assert names(place) == {name.hex}


def test_any_part_can_be_read(place: Store) -> None:
    name = put(place, os.urandom(2 * CHUNK))
    whole = read(place, name, 0, sealed_size(2 * CHUNK))

    for start, length in [(0, 16), (CHUNK, 5), (CHUNK - 1, CHUNK), (len(whole) - 3, 10)]:
        assert read(place, name, start, length) == whole[start : start + length]
    assert read(place, name, len(whole), 1) == b""


def test_what_is_not_there_is_said_to_be_missing_and_can_be_removed(place: Store) -> None:
    with pytest.raises(FileNotFoundError):
        read(place, uuid4(), 0, 1)

    place.delete(uuid4().hex)

    assert names(place) == set()


def test_what_is_removed_is_gone_and_the_others_stay(place: Store) -> None:
    gone, stays = put(place, b"gone"), put(place, b"stays")

    place.delete(gone.hex)

    assert names(place) == {stays.hex}
    with pytest.raises(FileNotFoundError):
        read(place, gone, 0, 1)


def test_files_are_listed_by_their_first_letters_with_their_time(place: Store) -> None:
    before = datetime.now(UTC) - timedelta(seconds=2)
    ab, cd = (put(place, b"x", UUID(letters * 16)) for letters in ("ab", "cd"))

    (found,) = place.files("ab")

    assert found.name == ab.hex
    assert before < found.written_at < TOMORROW
    assert names(place) == {ab.hex, cd.hex}


def test_what_others_keep_there_is_neither_listed_nor_removed(
    place: Store, vault: Path, bucket: Any
) -> None:
    put(place, b"ours")
    if isinstance(place, BucketStore):
        for key in ("README", f"vault/calls/notes/{uuid4().hex}", "ab/list.txt"):
            bucket.put_object(Key=key, Body=b"theirs")
    else:
        (next(vault.iterdir()) / "notes.part").write_bytes(b"theirs")
        (vault / "README").write_bytes(b"theirs")

    assert len(names(place)) == 1
    assert place.delete_unfinished(TOMORROW) == 0


def test_a_folder_forgets_what_was_begun_long_ago_and_never_finished(vault: Path) -> None:
    finished = put(store(), b"finished")
    for age in (1, 30):
        part = vault / finished.hex[:2] / f"{uuid4().hex}.part"
        part.write_bytes(b"half")
        then = datetime.now(UTC).timestamp() - age * 3600
        os.utime(part, (then, then))
    yesterday = datetime.now(UTC) - timedelta(days=1)

    assert store().delete_unfinished(yesterday) == 1

    assert names(store()) == {finished.hex}
    assert len(list(vault.rglob("*.part"))) == 1


def test_a_bucket_forgets_what_was_begun_and_never_finished(settings: Any, bucket: Any) -> None:
    settings.RECORDINGS_STORAGE = f"s3://{BUCKET}/calls"
    upload = bucket.Object(f"calls/{uuid4().hex}").initiate_multipart_upload()
    upload.Part(1).upload(Body=b"half")
    theirs = bucket.Object("elsewhere").initiate_multipart_upload()

    assert store().delete_unfinished(datetime(2006, 3, 14, tzinfo=UTC)) == 0  # before S3
    assert store().delete_unfinished(TOMORROW) == 1
    assert [left.id for left in bucket.multipart_uploads.all()] == [theirs.id]


@pytest.mark.django_db
def test_the_services_work_on_a_bucket_as_on_a_folder(place: Store) -> None:
    content = os.urandom(9 * CHUNK + 11)

    file = seal(io.BytesIO(content))

    assert b"".join(clear_bytes(file, 8 * CHUNK)) == content[8 * CHUNK :]
    assert SealedFile.objects.get().name in names(place)
