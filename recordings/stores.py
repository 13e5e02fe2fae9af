"""Where sealed files lie: a private folder of this machine, or a bucket.

Neither ever holds anything in clear, and none of it has an address of its own: a file leaves only
through the view that checks right and reason (reliability, promise 11).
"""

import io
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from django.conf import settings

from recordings.vault import SealingReader

PART = 1 << 20
_NAME = re.compile(r"[0-9a-f]{32}")
_UNFINISHED = ".part"


class StoredFile(NamedTuple):
    """A file in a store, and when it was written."""

    name: str
    written_at: datetime


class Store(Protocol):
    """A place for sealed files, by name."""

    def write(self, name: str, content: SealingReader) -> None:
        """Keep the content for good: when this returns, a crash does not lose it."""

    def read_into(self, name: str, start: int, place: memoryview) -> int:
        """Fill the place from there; how many bytes, fewer only at the end. Raises
        FileNotFoundError.
        """

    def delete(self, name: str) -> None:
        """Remove the file; one that is gone already counts as removed."""

    def files(self, prefix: str = "") -> Iterator[StoredFile]:
        """Every finished file whose name begins so; two letters or none."""

    def delete_unfinished(self, before: datetime) -> int:
        """Remove what was begun before then and never finished; returns how many."""


def store() -> Store:
    """The store of RECORDINGS_STORAGE: a folder, or a bucket as `s3://BUCKET/PREFIX`."""
    return _store_at(settings.RECORDINGS_STORAGE)


@cache
def _store_at(place: str) -> Store:
    if place.startswith("s3://"):
        bucket, _, prefix = place.removeprefix("s3://").partition("/")
        return BucketStore(bucket, prefix)
    return FolderStore(Path(place))


class FolderStore:
    """Files in a private folder, two letters of the name a subfolder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name

    def write(self, name: str, content: SealingReader) -> None:
        path = self._path(name)
        for folder in (self._folder, path.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        written = path.with_suffix(_UNFINISHED)
        handle = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(handle, "wb") as file:
            place = memoryview(bytearray(PART))
            while filled := content.readinto(place):
                file.write(place[:filled])
            file.flush()
            os.fsync(file.fileno())
        written.replace(path)
        for folder in (path.parent, self._folder):
            _keep_for_good(folder)

    def read_into(self, name: str, start: int, place: memoryview) -> int:
        filled = 0
        handle = os.open(self._path(name), os.O_RDONLY)
        try:
            while filled < len(place) and (
                more := os.preadv(handle, [place[filled:]], start + filled)
            ):
                filled += more
        finally:
            os.close(handle)
        return filled

    def delete(self, name: str) -> None:
        path = self._path(name)
        for one in (path.with_suffix(_UNFINISHED), path):
            one.unlink(missing_ok=True)
        if path.parent.is_dir():
            _keep_for_good(path.parent)

    def files(self, prefix: str = "") -> Iterator[StoredFile]:
        for path in self._folder.glob(f"{prefix or '??'}/*"):
            if _NAME.fullmatch(path.name) and (written_at := _written_at(path)):
                yield StoredFile(path.name, written_at)

    def delete_unfinished(self, before: datetime) -> int:
        found = [
            path
            for path in self._folder.glob(f"??/*{_UNFINISHED}")
            if _NAME.fullmatch(path.stem) and (_written_at(path) or before) < before
        ]
        for path in found:
            path.unlink(missing_ok=True)
        return len(found)


def _written_at(path: Path) -> datetime | None:
    """When a file was written last; None where it has gone meanwhile."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return None


def _keep_for_good(folder: Path) -> None:
    """A new or removed name is safe from a crash only once its folder is written."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class BucketStore:
    """Objects in a bucket; written in parts, read by range."""

    def __init__(self, bucket: str, prefix: str) -> None:
        from boto3.s3.transfer import TransferConfig
        from storages.backends.s3 import S3Storage

        storage: Any = S3Storage(bucket_name=bucket)
        self._bucket = storage.bucket
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        # One part at a time: more of them would cost memory, and the sealing gives them in order.
        self._config = TransferConfig(use_threads=False)

    def _object(self, name: str) -> Any:
        return self._bucket.Object(f"{self._prefix}{name}")

    def write(self, name: str, content: SealingReader) -> None:
        # Buffered, since every part but the last must be as large as was asked for.
        self._object(name).upload_fileobj(io.BufferedReader(content, PART), Config=self._config)

    def read_into(self, name: str, start: int, place: memoryview) -> int:
        from botocore.exceptions import ClientError

        try:
            answer = self._object(name).get(Range=f"bytes={start}-{start + len(place) - 1}")
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == "InvalidRange":
                return 0
            if code in {"NoSuchKey", "404"}:
                raise FileNotFoundError from None
            raise
        found: bytes = answer["Body"].read()
        place[: len(found)] = found
        return len(found)

    def delete(self, name: str) -> None:
        self._object(name).delete()

    def files(self, prefix: str = "") -> Iterator[StoredFile]:
        for found in self._bucket.objects.filter(Prefix=f"{self._prefix}{prefix}"):
            name = found.key.removeprefix(self._prefix)
            if _NAME.fullmatch(name):
                yield StoredFile(name, found.last_modified)

    def delete_unfinished(self, before: datetime) -> int:
        found = [
            upload
            for upload in self._bucket.multipart_uploads.filter(Prefix=self._prefix)
            if _NAME.fullmatch(upload.object_key.removeprefix(self._prefix))
            and upload.initiated < before
        ]
        for upload in found:
            upload.abort()
        return len(found)
