"""The vault opens what was sealed, from anywhere in it, and nothing else."""

import base64
import io
import os
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recordings import keys
from recordings.stores import FolderStore
from recordings.vault import (
    CHUNK,
    HEADER,
    TAG,
    SealingReader,
    Tampered,
    check_whole,
    new_key,
    open_range,
    sealed_size,
)

FILE, OTHER = uuid4(), uuid4()
KEY = new_key()


def sealed(clear: bytes, key: bytes = KEY, file_id: object = FILE) -> bytes:
    reader = SealingReader(io.BytesIO(clear), key, file_id)  # type: ignore[arg-type]
    return b"".join(iter(lambda: reader.read(1 << 16), b""))


def reading(stored: bytes):  # type: ignore[no-untyped-def]
    def read_into(start: int, place: memoryview) -> int:
        found = stored[start : start + len(place)]
        place[: len(found)] = found
        return len(found)

    return read_into


def opened(stored: bytes, size: int, start: int = 0, stop: int | None = None) -> bytes:
    return b"".join(open_range(reading(stored), KEY, FILE, size, start, stop))


SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7]


@pytest.mark.parametrize("size", SIZES)
def test_what_is_sealed_is_opened(size: int) -> None:
    clear = os.urandom(size)

    stored = sealed(clear)

    assert len(stored) == sealed_size(size)
    assert opened(stored, size) == clear
    assert size < 16 or clear[:64] not in stored  # a single byte may be there by chance


@settings(max_examples=50)
@given(st.integers(0, 2 * CHUNK + 99), st.integers(0, 2 * CHUNK + 99))
def test_any_range_is_opened(start: int, stop: int) -> None:
    assert opened(STORED, len(CLEAR), start, stop) == CLEAR[start:stop]


CLEAR = os.urandom(2 * CHUNK + 50)
STORED = sealed(CLEAR)
SEALED_CHUNK = CHUNK + TAG


@given(st.integers(len(HEADER), len(STORED) - 1), st.integers(0, 7))
@settings(max_examples=30)
def test_a_bit_that_flipped_is_noticed(place: int, bit: int) -> None:
    changed = bytearray(STORED)
    changed[place] ^= 1 << bit

    with pytest.raises(Tampered):
        opened(bytes(changed), len(CLEAR))
    with pytest.raises(Tampered):
        check_whole(reading(bytes(changed)), KEY, FILE, len(CLEAR))


def test_swapped_chunks_are_noticed() -> None:
    head, first, second, rest = (
        STORED[: len(HEADER)],
        STORED[len(HEADER) : len(HEADER) + SEALED_CHUNK],
        STORED[len(HEADER) + SEALED_CHUNK : len(HEADER) + 2 * SEALED_CHUNK],
        STORED[len(HEADER) + 2 * SEALED_CHUNK :],
    )

    with pytest.raises(Tampered):
        opened(head + second + first + rest, len(CLEAR))


@pytest.mark.parametrize("cut", [1, 50, TAG + 50, SEALED_CHUNK])
def test_a_truncated_file_is_noticed(cut: int) -> None:
    stored = STORED[:-cut]

    with pytest.raises(Tampered):
        opened(stored, len(CLEAR))


@pytest.mark.parametrize("size", [CHUNK, 2 * CHUNK])
def test_a_file_that_is_said_to_be_shorter_is_noticed(size: int) -> None:
    with pytest.raises(Tampered):
        opened(STORED, size)


def test_a_lengthened_file_is_noticed() -> None:
    with pytest.raises(Tampered):
        check_whole(reading(STORED + b"x"), KEY, FILE, len(CLEAR))


def test_another_files_bytes_are_noticed_even_under_the_same_key() -> None:
    stored = sealed(CLEAR, file_id=OTHER)

    with pytest.raises(Tampered):
        opened(stored, len(CLEAR))


def test_the_digest_is_that_of_the_clear_file() -> None:
    reader = SealingReader(io.BytesIO(CLEAR), KEY, FILE)
    stored = reader.read()

    assert reader.measure.size == len(CLEAR)
    assert check_whole(reading(stored), KEY, FILE, len(CLEAR)) == reader.measure.digest


def test_a_folder_keeps_reads_lists_and_deletes(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)

    store.write(FILE.hex, SealingReader(io.BytesIO(CLEAR), KEY, FILE))

    assert [file.name for file in store.files()] == [FILE.hex]
    assert b"".join(open_range(partial(store.read_into, FILE.hex), KEY, FILE, len(CLEAR))) == CLEAR
    store.delete(FILE.hex)
    store.delete(FILE.hex)
    assert list(store.files()) == []
    with pytest.raises(FileNotFoundError):
        store.read_into(FILE.hex, 0, memoryview(bytearray(1)))


def two_keys() -> dict[int, bytes]:
    return {1: os.urandom(32), 2: os.urandom(32)}


def test_a_key_is_wrapped_by_the_newest_and_bound_to_its_file(settings: object) -> None:
    settings.RECORDINGS_KEYS = two_keys()  # type: ignore[attr-defined]

    wrapped = keys.wrap(KEY, FILE)

    assert wrapped.version == 2
    assert keys.unwrap(wrapped, FILE) == KEY
    assert KEY not in wrapped.wrapped
    with pytest.raises(keys.UnknownKey):
        keys.unwrap(wrapped, OTHER)


def test_without_its_version_nothing_opens(settings: object) -> None:
    settings.RECORDINGS_KEYS = two_keys()  # type: ignore[attr-defined]
    wrapped = keys.wrap(KEY, FILE)

    settings.RECORDINGS_KEYS = {1: os.urandom(32)}  # type: ignore[attr-defined]

    with pytest.raises(keys.UnknownKey):
        keys.unwrap(wrapped, FILE)


@pytest.mark.parametrize(
    "written",
    ["", "1", "1:short", "x:" + base64.b64encode(b"k" * 32).decode(), "1:" + "A" * 44],
)
def test_a_malformed_list_of_keys_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="key"):
        keys.parse_keys(written)
