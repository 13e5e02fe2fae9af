"""The vault's format: AES-256-GCM in chunks of one mebibyte, each bound to its file and place.

A chunk's nonce is its number and its associated data the file, the number and whether it is the
last, under a key that no other file has: swapped, repeated, dropped or appended chunks do not
open. Memory is a chunk or two, whatever the file's size, in both directions.
"""

import hashlib
import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from recordings.keys import KEY_BYTES

CHUNK = 1 << 20
TAG = 16
HEADER = b"PRAECOM VAULT 1\n"

ReadInto = Callable[[int, memoryview], int]
"""Fills a place with a stored file's bytes from `start`; how many, fewer only at its end."""


class Tampered(Exception):  # noqa: N818  (it reads as what it says)
    """A stored file is not what was sealed: changed, swapped, truncated or lengthened.

    `name` is its name in the vault, which says nothing of anybody; empty where it is not known.
    """

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self.name = name


def new_key() -> bytes:
    """A fresh key for one file."""
    return os.urandom(KEY_BYTES)


def chunks_of(size: int) -> int:
    """How many chunks a file of so many bytes has; an empty one has one."""
    return max(1, -(-size // CHUNK))


def sealed_size(size: int) -> int:
    """How many bytes a file of so many bytes takes when it is sealed."""
    return len(HEADER) + size + chunks_of(size) * TAG


@dataclass
class Measure:
    """What was found out about a file while it was being sealed or read."""

    size: int = 0
    digest: bytes = b""


class SealingReader(io.RawIOBase):
    """Reads a file in clear and gives it sealed; `measure` is complete once all is read."""

    def __init__(self, source: BinaryIO, key: bytes, file_id: UUID) -> None:
        self._source, self._cipher, self._file_id = source, AESGCM(key), file_id
        self._ready = memoryview(HEADER)
        self._next: bytes | None = _read_fully(source, CHUNK)
        self._number = 0
        self._hash = hashlib.sha256()
        self.measure = Measure()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._ready and self._next is not None:
            self._seal_next()
        length = min(len(buffer), len(self._ready))
        buffer[:length] = self._ready[:length]
        self._ready = self._ready[length:]
        return length

    def _seal_next(self) -> None:
        chunk = self._next or b""
        following = _read_fully(self._source, CHUNK) if len(chunk) == CHUNK else b""
        self._hash.update(chunk)
        self.measure.size += len(chunk)
        sealed = self._cipher.encrypt(
            _nonce(self._number), chunk, _bound_to(self._file_id, self._number, not following)
        )
        self._ready, self._number = memoryview(sealed), self._number + 1
        self._next = following or None
        if self._next is None:
            self.measure.digest = self._hash.digest()


def open_range(
    read: ReadInto, key: bytes, file_id: UUID, size: int, start: int = 0, stop: int | None = None
) -> Iterator[bytes]:
    """The bytes from `start` to before `stop` in clear, chunk by chunk; `size` is the whole file's.

    Raises Tampered before the first byte of a chunk that is not what was sealed.
    """
    stop = size if stop is None else min(stop, size)
    if start >= stop:
        return
    first = start // CHUNK * CHUNK
    for clear in _open(read, key, file_id, size, range(start // CHUNK, (stop - 1) // CHUNK + 1)):
        yield clear[max(0, start - first) : stop - first]
        first += CHUNK


def check_whole(read: ReadInto, key: bytes, file_id: UUID, size: int) -> bytes:
    """Read everything back and give its SHA-256; raises Tampered where anything is not right."""
    header, surplus = bytearray(len(HEADER)), bytearray(1)
    read(0, memoryview(header))
    if header != HEADER or read(sealed_size(size), memoryview(surplus)):
        raise Tampered
    hashed = hashlib.sha256()
    for clear in _open(read, key, file_id, size, range(chunks_of(size))):
        hashed.update(clear)
    return hashed.digest()


def _open(read: ReadInto, key: bytes, file_id: UUID, size: int, numbers: range) -> Iterator[bytes]:
    """These chunks in clear. All are read into one place: new memory costs more than decrypting."""
    cipher, last = AESGCM(key), chunks_of(size) - 1
    place = memoryview(bytearray(min(size, CHUNK) + TAG))
    for number in numbers:
        length = CHUNK if number < last else size - last * CHUNK
        there = read(len(HEADER) + number * (CHUNK + TAG), place[: length + TAG])
        bound_to = _bound_to(file_id, number, number == last)
        try:
            clear = cipher.decrypt(_nonce(number), place[:there], bound_to)
        except (InvalidTag, ValueError):
            raise Tampered from None
        yield clear


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _bound_to(file_id: UUID, number: int, is_last: bool) -> bytes:
    return file_id.bytes + number.to_bytes(8, "big") + (b"\x01" if is_last else b"\x00")


def _read_fully(source: BinaryIO, length: int) -> bytes:
    """So many bytes, fewer only at the end: a pipe gives what it has."""
    parts, missing = [], length
    while missing:
        part = source.read(missing)
        if not part:
            break
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
