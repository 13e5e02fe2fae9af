"""Files into the vault and out of it, a chunk at a time whatever their size."""

from collections.abc import Iterator
from functools import partial
from typing import BinaryIO
from uuid import uuid4

from recordings.keys import unwrap, wrap
from recordings.models import SealedFile
from recordings.services.errors import Destroyed
from recordings.stores import store
from recordings.vault import SealingReader, Tampered, check_whole, new_key, open_range


def seal(source: BinaryIO) -> SealedFile:
    """Put a file into the vault; its row exists only once the stored copy was read back and agreed.

    Raises Tampered where it did not. A large file takes longer than the database leaves a
    transaction idle, so it is sealed before the unit of work that says what it is. What is left of
    a sealing that was killed, or of a unit of work that failed after it, the sweep removes.
    """
    file_id, key, place = uuid4(), new_key(), store()
    reader = SealingReader(source, key, file_id)
    try:
        place.write(file_id.hex, reader)
        size, digest = reader.measure.size, reader.measure.digest
        if check_whole(partial(place.read_into, file_id.hex), key, file_id, size) != digest:
            raise Tampered
    except BaseException:
        place.delete(file_id.hex)
        raise
    wrapped = wrap(key, file_id)
    return SealedFile.objects.create(
        file_id=file_id,
        size=size,
        digest=digest,
        key_version=wrapped.version,
        wrapped_key=wrapped.wrapped,
    )


def clear_bytes(file: SealedFile, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
    """The bytes from `start` to before `stop` (the end) in clear, chunk by chunk.

    Raises Destroyed at once where the key is gone, and Tampered, with the file's name, before the
    first byte of a chunk that is not what was sealed, also where the file is missing. Whether
    somebody may have them is for the caller to ask.
    """
    key = file.key
    if key is None:
        raise Destroyed
    return _opened(file, unwrap(key, file.file_id), start, stop)


def _opened(file: SealedFile, key: bytes, start: int, stop: int | None) -> Iterator[bytes]:
    read = partial(store().read_into, file.name)
    try:
        yield from open_range(read, key, file.file_id, file.size, start, stop)
    except Tampered:
        raise Tampered(file.name) from None
    except FileNotFoundError:
        if SealedFile.objects.with_key().filter(pk=file.pk).exists():
            raise Tampered(file.name) from None
        raise Destroyed from None
