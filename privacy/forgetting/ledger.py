"""The ledger of erasures: keyed hashes of whoever was erased, in a file outside the backups.

A line is on the disk before the erasure is committed, so that nobody who is gone is missing from
it; `replay_erasures` erases them again in a register that was restored (reliability, promise 14).
"""

import hmac
import os
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from django.conf import settings

_CONTEXT = b"ledger of erasures"
MARK_BYTES = 32


def mark_of(person: UUID) -> bytes:
    """The keyed hash by which a person who was erased is known again, and by nobody else."""
    return hmac.digest(settings.SUPPRESSION_KEY.encode(), _CONTEXT + person.bytes, sha256)


def path() -> Path:
    """Where the ledger lies."""
    return Path(settings.ERASURE_LEDGER)


def write_down(persons: Iterable[UUID]) -> None:
    """Add the persons whom the open unit of work erases, and wait until the disk has them."""
    lines = "".join(f"{mark_of(person).hex()}\n" for person in persons)
    if not lines:
        return
    path().parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, lines.encode("ascii"))
        os.fsync(file)
    finally:
        os.close(file)


def marks() -> Iterator[bytes]:
    """Every mark in the ledger; a line that was cut off by a crash counts for nothing."""
    if not path().exists():
        return
    with path().open("r", encoding="ascii") as lines:
        for line in lines:
            if line.endswith("\n") and len(line) == 2 * MARK_BYTES + 1:
                yield bytes.fromhex(line.strip())
