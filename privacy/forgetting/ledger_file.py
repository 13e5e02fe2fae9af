"""The file of the ledger of erasures: lines that are added, each with a check of its own.

    erased MARK * CHECK              a person, with everything of hers
    erased MARK category,… CHECK     what she had in some categories
    void FROM TO CHECK               lines between these bytes were rolled back
    done TO CHECK                    everything before this byte is committed or rolled back

A line that was cut off has not the check that belongs to it, and counts for nothing.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from django.conf import settings

ALL = "*"
"""In the place of categories: a person with everything of hers."""
_CHECK_LETTERS = 8
_BLOCK = 65536


@dataclass(frozen=True)
class Entry:
    """An erasure that the ledger has: a person as a whole, or what she had in some categories."""

    mark: bytes
    categories: tuple[str, ...]
    at: int


@dataclass
class Content:
    """What a ledger says when it is read from its beginning to its end."""

    entries: list[Entry] = field(default_factory=list)
    voids: list[tuple[int, int]] = field(default_factory=list)
    done: int = 0
    size: int = 0

    def erasures(self) -> list[Entry]:
        """The entries that were not rolled back."""
        return [
            one
            for one in self.entries
            if not any(first <= one.at < last for first, last in self.voids)
        ]


def path() -> Path:
    """Where the ledger lies."""
    return Path(settings.ERASURE_LEDGER)


# --- writing --------------------------------------------------------------------------------------


def note_done(known: int) -> None:
    """Say how far everything is committed; a line says no less than the one before it."""
    with _opened_to_append() as file:
        if last_done(os.fstat(file).st_size) < known:
            _write(file, [f"done {known}"])


def append(lines: Iterable[str]) -> int:
    """Add lines; returns the ledger's size with them."""
    with _opened_to_append() as file:
        _write(file, lines)
        return os.fstat(file).st_size


def _write(file: int, lines: Iterable[str]) -> None:
    size = os.fstat(file).st_size
    # A line that was cut off must not run into the next one.
    cut_off = size > 0 and _ends_without_line_end(size)
    content = ("\n" if cut_off else "") + "".join(f"{checked(line)}\n" for line in lines)
    rest = memoryview(content.encode("ascii"))
    while rest:
        rest = rest[os.write(file, rest) :]
    os.fsync(file)


@contextmanager
def _opened_to_append() -> Iterator[int]:
    is_new = not path().exists()
    if is_new:
        path().parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        if is_new:
            _sync_folder()
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)


def _sync_folder() -> None:
    folder = os.open(path().parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _ends_without_line_end(size: int) -> bool:
    with path().open("rb") as file:
        file.seek(size - 1)
        return file.read(1) != b"\n"


def checked(line: str) -> str:
    return f"{line} {sha256(line.encode('ascii')).hexdigest()[:_CHECK_LETTERS]}"


# --- reading --------------------------------------------------------------------------------------


def read(*, since: int = 0) -> Content:
    """What the ledger has, from a byte of it on."""
    content = Content(size=since)
    if not path().exists():
        return content
    with path().open("rb") as lines:
        lines.seek(since)
        for line in lines:
            _take(content, _words(line))
            content.size += len(line)
    return content


def _take(content: Content, words: list[str]) -> None:
    match words:
        case ["erased", mark, what]:
            categories = () if what == ALL else tuple(what.split(","))
            content.entries.append(Entry(bytes.fromhex(mark), categories, content.size))
        case ["void", first, last]:
            content.voids.append((int(first), int(last)))
        case ["done", known]:
            content.done = max(content.done, int(known))


def _words(line: bytes) -> list[str]:
    """The words of a line; none of one that was cut off."""
    text = line.decode("ascii", errors="replace")
    said, _space, _check = text.rstrip("\n").rpartition(" ")
    return said.split(" ") if said.isascii() and text == f"{checked(said)}\n" else []


def last_done(size: int) -> int:
    """How far the ledger says that erasures are committed; looked for from its end."""
    if size == 0:
        return 0
    with path().open("rb") as file:
        end, tail = size, b""
        while end > 0:
            start = max(0, end - _BLOCK)
            file.seek(start)
            tail = file.read(end - start) + tail
            whole = tail if start == 0 else tail.partition(b"\n")[2]
            for line in reversed(whole.splitlines(keepends=True)):
                words = _words(line)
                if words[:1] == ["done"]:
                    return int(words[1])
            end = start
    return 0
