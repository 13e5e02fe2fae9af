"""Where sealed files lie: a private folder of this machine, or a bucket.

Neither ever holds anything in clear, and none of it has an address of its own: a file leaves only
through the view that checks right and reason (reliability, promise 11).
"""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage
from django.utils.module_loading import import_string

from recordings.vault import SealingReader

PART = 1 << 20


class Store(Protocol):
    """A place for sealed files, by name."""

    def write(self, name: str, content: SealingReader) -> None:
        """Keep the content for good: when this returns, a crash does not lose it."""

    def read(self, name: str, start: int, length: int) -> bytes:
        """So many bytes from there; fewer only at the end. Raises FileNotFoundError."""

    def delete(self, name: str) -> None:
        """Remove the file; one that is gone already counts as removed."""

    def names(self) -> Iterator[str]:
        """Every file there is."""


@cache
def store() -> Store:
    """The store of RECORDINGS_STORAGE: a folder, or a bucket as `s3://BUCKET/PREFIX`."""
    place: str = settings.RECORDINGS_STORAGE
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
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        written = path.with_suffix(".part")
        handle = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(handle, "wb") as file:
            while part := content.read(PART):
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        written.replace(path)
        for folder in (path.parent, self._folder):
            _keep_for_good(folder)

    def read(self, name: str, start: int, length: int) -> bytes:
        with self._path(name).open("rb", buffering=0) as file:
            file.seek(start)
            return _read_fully(file, length)

    def delete(self, name: str) -> None:
        path = self._path(name)
        for one in (path.with_suffix(".part"), path):
            one.unlink(missing_ok=True)
        if path.parent.is_dir():
            _keep_for_good(path.parent)

    def names(self) -> Iterator[str]:
        for path in self._folder.glob("??/*"):
            yield path.name


def _keep_for_good(folder: Path) -> None:
    """A new or removed name is safe from a crash only once its folder is written."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read_fully(file: Any, length: int) -> bytes:
    parts = []
    while length and (part := file.read(length)):
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


class BucketStore:
    """Objects in a bucket; written in parts, read by range."""

    def __init__(self, bucket: str, prefix: str) -> None:
        backend = import_string("storages.backends.s3.S3Storage")
        self._storage: Storage = backend(
            bucket_name=bucket,
            location=prefix,
            file_overwrite=True,
            default_acl=None,
            querystring_auth=False,
        )
        self._prefix = f"{prefix.rstrip('/')}/" if prefix else ""

    def _object(self, name: str) -> Any:
        bucket: Any = self._storage.bucket  # type: ignore[attr-defined]
        return bucket.Object(f"{self._prefix}{name}")

    def write(self, name: str, content: SealingReader) -> None:
        readable: Any = content
        self._storage.save(name, File(readable, name=name))

    def read(self, name: str, start: int, length: int) -> bytes:
        from botocore.exceptions import ClientError

        try:
            answer = self._object(name).get(Range=f"bytes={start}-{start + length - 1}")
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == "InvalidRange":
                return b""
            if code in {"NoSuchKey", "404"}:
                raise FileNotFoundError from None
            raise
        found: bytes = answer["Body"].read()
        return found

    def delete(self, name: str) -> None:
        self._object(name).delete()

    def names(self) -> Iterator[str]:
        bucket: Any = self._storage.bucket  # type: ignore[attr-defined]
        for found in bucket.objects.filter(Prefix=self._prefix):
            yield found.key.removeprefix(self._prefix)
