"""From a drop folder into the vault: what is there already, and what is sealed and written down.

An original is removed only after its copy was read back and agreed and its row is committed; so a
run can be killed anywhere and run again, and what it left is found to be there.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import BinaryIO

from audit.context import AccessPurpose, access_context
from recordings.models import Recording, StoredMessage
from recordings.services import clear_bytes
from recordings.vault import CHUNK, Tampered


class Here(Enum):
    """Whether something with this number in its source was taken in before."""

    NO = "no"
    THE_SAME = "the same"
    DESTROYED = "destroyed"
    ANOTHER = "another"


def digest_of_file(source: BinaryIO) -> bytes:
    """The SHA-256 of all of a file; it is left at its start."""
    source.seek(0)
    hashed = hashlib.sha256()
    while part := source.read(CHUNK):
        hashed.update(part)
    source.seek(0)
    return hashed.digest()


def is_here(
    model: type[Recording] | type[StoredMessage], external_id: str, source: BinaryIO, *, job: str
) -> Here:
    """Whether this was taken in before; raises Tampered where its stored copy is not whole."""
    with access_context(job=job, purpose=AccessPurpose.UPKEEP):
        record = model.objects.taken_in(external_id).select_related("file").first()
        if record is None:
            return Here.NO
        if record.destroyed_at is not None:
            return Here.DESTROYED
        file = record.file
    if bytes(file.digest) != digest_of_file(source):
        return Here.ANOTHER
    stored = hashlib.sha256()
    for part in clear_bytes(file):
        stored.update(part)
    if stored.digest() != bytes(file.digest):
        raise Tampered(file.name)
    return Here.THE_SAME


@contextmanager
def unit_of_work(job: str) -> Iterator[None]:
    """The unit of work of one recording or message.

    Sealing comes first in it: until the first statement no transaction stands idle in the
    database, and if the rest fails nothing remains there, only bytes that no key opens.
    """
    with access_context(job=job, purpose=AccessPurpose.UPKEEP):
        yield
