"""The ledger of erasures: keyed hashes of whoever was erased, in a file outside the backups.

The lines of an erasure are on the disk before it is committed, and a line that it was committed
after; so nobody who is gone is missing, and a register that was restored is told from one whose
work was cut off. `replay_erasures` erases again (reliability, promise 14). The lines are

    erased MARK * CHECK              a person, with everything of hers
    erased MARK category,… CHECK     what she had in some categories
    void FROM TO CHECK               lines between these bytes were rolled back
    done TO CHECK                    everything before this byte is committed or rolled back

and one that was cut off has not the check that belongs to it, and counts for nothing.
"""

import fcntl
import hmac
import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from privacy.models import LedgerPosition

_CONTEXT = b"ledger of erasures"
_ALL = "*"
_CHECK_LETTERS = 8
_BLOCK = 65536


class Standing(Enum):
    """How the register stands to its ledger."""

    SETTLED = "settled"
    BEHIND = "behind"
    """It was restored: the ledger has erasures that it does not know of."""
    LOST = "lost"
    """It knows of more erasures than the ledger has: that is not its ledger, or a part of it."""


class NotSettled(Exception):  # noqa: N818
    """Nothing is erased, and nobody signs in, before the ledger's erasures were repeated."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(standing.value)
        self.standing = standing


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


def mark_of(person: UUID) -> bytes:
    """The keyed hash by which a person who was erased is known again, and by nobody else."""
    return hmac.digest(settings.SUPPRESSION_KEY.encode(), _CONTEXT + person.bytes, sha256)


def path() -> Path:
    """Where the ledger lies."""
    return Path(settings.ERASURE_LEDGER)


# --- writing --------------------------------------------------------------------------------------


def write_down(persons: Iterable[UUID], *, categories: Collection[str] = ()) -> None:
    """Add the persons whom the open unit of work erases, and wait until the disk has them.

    With `categories` only what they have in these. Whoever else erases persons waits until this
    unit of work is through. Raises NotSettled where the register was restored.
    """
    what = ",".join(sorted(categories)) or _ALL
    lines = [f"erased {mark_of(person).hex()} {what}" for person in persons]
    if not lines:
        return
    position = _position_locked()
    require_settled(position.known)
    position.known = _append([*_rolled_back(position.known), *lines])
    position.save()
    transaction.on_commit(lambda: _note_done(position.known))


@contextmanager
def called_off_if_undone() -> Iterator[None]:
    """Say in the ledger that what a unit of work inside wrote down came to nothing, if it fails.

    A backup that is restored after that would otherwise have it erased.
    """
    try:
        yield
    except Exception:
        _call_off()
        raise


@transaction.atomic
def _call_off() -> None:
    position = _position_locked()
    if standing(position.known) is not Standing.SETTLED:
        return
    dead = _rolled_back(position.known)
    if dead:
        position.known = _append(dead)
        position.save()
        transaction.on_commit(lambda: _note_done(position.known))


def _position_locked() -> LedgerPosition:
    LedgerPosition.objects.bulk_create(
        [LedgerPosition(pk=LedgerPosition.ONLY)], ignore_conflicts=True
    )
    return LedgerPosition.objects.select_for_update().get(pk=LedgerPosition.ONLY)


def _rolled_back(known: int) -> list[str]:
    """The line for the stretch behind what is known: an erasure began there and came to nothing."""
    content = read(since=known)
    return [f"void {known} {content.size}"] if content.erasures() else []


def _note_done(known: int) -> None:
    """Say how far everything is committed; a line says no less than the one before it."""
    with _opened_to_append() as file:
        if _last_done(os.fstat(file).st_size) < known:
            _write(file, [f"done {known}"])


def _append(lines: Iterable[str]) -> int:
    """Add lines; returns the ledger's size with them."""
    with _opened_to_append() as file:
        _write(file, lines)
        return os.fstat(file).st_size


def _write(file: int, lines: Iterable[str]) -> None:
    size = os.fstat(file).st_size
    # A line that was cut off must not run into the next one.
    cut_off = size > 0 and _ends_without_line_end(size)
    content = ("\n" if cut_off else "") + "".join(f"{_checked(line)}\n" for line in lines)
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


def _checked(line: str) -> str:
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
            categories = () if what == _ALL else tuple(what.split(","))
            content.entries.append(Entry(bytes.fromhex(mark), categories, content.size))
        case ["void", first, last]:
            content.voids.append((int(first), int(last)))
        case ["done", known]:
            content.done = max(content.done, int(known))


def _words(line: bytes) -> list[str]:
    """The words of a line; none of one that was cut off."""
    text = line.decode("ascii", errors="replace")
    said, _space, _check = text.rstrip("\n").rpartition(" ")
    return said.split(" ") if said.isascii() and text == f"{_checked(said)}\n" else []


# --- how the register stands to it ----------------------------------------------------------------


def standing(known: int | None = None) -> Standing:
    """Whether everything that the ledger calls done is known to the register, and the other way."""
    known = known_now() if known is None else known
    size = path().stat().st_size if path().exists() else 0
    if size < known:
        return Standing.LOST
    return Standing.BEHIND if _last_done(size) > known else Standing.SETTLED


def standing_made_good() -> Standing:
    """The same, after the ledger was told what a crash kept from it: that it was committed.

    Asked as early and as often as can be: between the commit and its line a register could be lost,
    and an older backup of it would pass for one whose work was cut off.
    """
    known = known_now()
    found = standing(known)
    if found is Standing.SETTLED and known:
        _note_done(known)
    return found


def require_settled(known: int | None = None) -> None:
    """Raise NotSettled where the register and its ledger do not agree."""
    found = standing(known)
    if found is not Standing.SETTLED:
        raise NotSettled(found)


@transaction.atomic
def settle() -> None:
    """Note that the register knows of everything in the ledger: its erasures were repeated.

    Where it was not restored, what is left at the end came to nothing and is called so.
    """
    position = _position_locked()
    dead = _rolled_back(position.known) if standing(position.known) is Standing.SETTLED else []
    position.known = _append(dead)
    position.save()
    transaction.on_commit(lambda: _note_done(position.known))


def to_repeat() -> list[Entry]:
    """The erasures that a restored register must repeat; those that came to nothing are not."""
    content = read()
    known = known_now()
    if standing(known) is not Standing.SETTLED:
        return content.erasures()
    return [one for one in content.erasures() if one.at < known]


def known_now() -> int:
    """How far of the ledger the register knows."""
    position = LedgerPosition.objects.filter(pk=LedgerPosition.ONLY).first()
    return position.known if position else 0


def _last_done(size: int) -> int:
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
