"""What is sealed opens as it was, is nowhere in clear, and anything else does not open."""

import io
import os
from pathlib import Path
from typing import Any

import pytest

from recordings import keys
from recordings.models import SealedFile
from recordings.services import Destroyed, clear_bytes, seal
from recordings.vault import CHUNK, HEADER, TAG, Tampered
from tests.recordings.stored import everything_in, names_in, path_of

pytestmark = pytest.mark.django_db

SPOKEN = b"Sopimuksen numero on 123456, ja lasku maksetaan perjantaina. "


def sealed(content: bytes) -> SealedFile:
    return seal(io.BytesIO(content))


def opened(file: SealedFile, start: int = 0, stop: int | None = None) -> bytes:
    return b"".join(clear_bytes(file, start, stop))


@pytest.mark.parametrize("size", [0, 1, CHUNK, 2 * CHUNK + 5])
def test_what_was_sealed_opens_from_anywhere(size: int) -> None:
    content = os.urandom(size)

    file = SealedFile.objects.get(pk=sealed(content).pk)

    assert file.size == size
    assert opened(file) == content
    assert opened(file, size // 2, size - 1) == content[size // 2 : max(size - 1, 0)]
    assert opened(file, size, size + 10) == b""


def test_nothing_is_in_clear_on_the_disk_and_nobody_else_may_look(tmp_path: Path) -> None:
    file = sealed(SPOKEN * 40_000)

    written = everything_in(tmp_path)

    assert len(written) > file.size
    assert not any(SPOKEN[at : at + 12] in written for at in range(0, 48, 12))
    modes = {path.stat().st_mode & 0o077 for path in tmp_path.rglob("*")}
    assert modes == {0}


def test_two_files_of_the_same_content_have_nothing_in_common(vault: Path) -> None:
    one, other = sealed(SPOKEN), sealed(SPOKEN)

    stored = [path_of(vault, file).read_bytes().removeprefix(HEADER) for file in (one, other)]

    assert stored[0][:32] != stored[1][:32]
    assert bytes(one.wrapped_key or b"") != bytes(other.wrapped_key or b"")


def test_a_copy_that_does_not_read_back_as_it_was_is_no_file(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class BadDisk(io.FileIO):
        def write(self, data: Any) -> int:
            return super().write(bytes(data).replace(b"\x00", b"\x01"))

    usual = open

    def on_bad_disk(file: Any, mode: str = "r", *more: Any, **others: Any) -> Any:
        return BadDisk(file, "w") if mode == "wb" else usual(file, mode, *more, **others)

    monkeypatch.setattr("builtins.open", on_bad_disk)

    with pytest.raises(Tampered):
        sealed(os.urandom(CHUNK))

    monkeypatch.undo()
    assert not SealedFile.objects.exists()
    assert names_in(vault) == set()


def test_a_source_that_breaks_off_leaves_nothing(vault: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() >= CHUNK:
                raise OSError("the disk is gone")
            return super().read(size)

    with pytest.raises(OSError, match="gone"):
        seal(Broken(bytes(3 * CHUNK)))

    assert not SealedFile.objects.exists()
    assert names_in(vault) == set()


def test_a_flipped_bit_gives_nothing_of_its_chunk_and_the_others_still_open(vault: Path) -> None:
    content = os.urandom(3 * CHUNK)
    file = sealed(content)
    path = path_of(vault, file)
    stored = bytearray(path.read_bytes())
    stored[len(HEADER) + CHUNK + TAG + 77] ^= 4
    path.write_bytes(stored)

    assert opened(file, 0, CHUNK) == content[:CHUNK]
    assert opened(file, 2 * CHUNK) == content[2 * CHUNK :]
    with pytest.raises(Tampered) as raised:
        opened(file, CHUNK + 5, CHUNK + 6)
    assert raised.value.name == file.name
    assert str(raised.value) == ""


def test_swapped_files_do_not_open(vault: Path) -> None:
    one, other = sealed(os.urandom(500)), sealed(os.urandom(500))
    first, second = path_of(vault, one), path_of(vault, other)
    kept = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(kept)

    for file in (one, other):
        with pytest.raises(Tampered):
            opened(file)


def test_anothers_key_does_not_open_a_file() -> None:
    one, other = sealed(b"one"), sealed(b"other")
    one.wrapped_key = other.wrapped_key

    with pytest.raises(keys.UnknownKey):
        opened(one)


@pytest.mark.parametrize("left", [0, 10, CHUNK, CHUNK + 40])
def test_a_truncated_file_does_not_open(vault: Path, left: int) -> None:
    file = sealed(os.urandom(CHUNK + 30))
    os.truncate(path_of(vault, file), left)

    with pytest.raises(Tampered):
        opened(file)


def test_a_file_that_is_missing_is_told_apart_from_one_that_was_destroyed(vault: Path) -> None:
    file = sealed(SPOKEN)
    path_of(vault, file).unlink()

    with pytest.raises(Tampered) as raised:
        opened(file)
    assert raised.value.name == file.name
    SealedFile.objects.get(pk=file.pk).forget_key()
    with pytest.raises(Destroyed):
        opened(file)


def test_who_plays_while_the_file_is_destroyed_is_told_so(vault: Path) -> None:
    file = sealed(os.urandom(2 * CHUNK))
    playing = clear_bytes(SealedFile.objects.get(pk=file.pk))
    next(playing)

    file.forget_key()
    path_of(vault, file).unlink()

    with pytest.raises(Destroyed):
        next(playing)
