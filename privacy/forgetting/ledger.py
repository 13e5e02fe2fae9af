"""The ledger of erasures: keyed hashes of whoever was erased, in a file outside the backups.

The lines of an erasure are on the disk before it is committed, and a line that it was committed
after; so nobody who is gone is missing, and a register that was restored is told from one whose
work was cut off. `replay_erasures` erases again (reliability, promise 14).
"""

import hmac
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from enum import Enum
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db import transaction

from privacy.forgetting.ledger_file import ALL, Entry, append, last_done, note_done, path, read
from privacy.models import LedgerPosition

_CONTEXT = b"ledger of erasures"


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


def mark_of(person: UUID) -> bytes:
    """The keyed hash by which a person who was erased is known again, and by nobody else."""
    return hmac.digest(settings.SUPPRESSION_KEY.encode(), _CONTEXT + person.bytes, sha256)


# --- writing --------------------------------------------------------------------------------------


def write_down(persons: Iterable[UUID], *, categories: Collection[str] = ()) -> None:
    """Add the persons whom the open unit of work erases, and wait until the disk has them.

    With `categories` only what they have in these. Whoever else erases persons waits until this
    unit of work is through. Raises NotSettled where the register was restored.
    """
    what = ",".join(sorted(categories)) or ALL
    lines = [f"erased {mark_of(person).hex()} {what}" for person in persons]
    if not lines:
        return
    position = _position_locked()
    require_settled(position.known)
    position.known = append([*_rolled_back(position.known), *lines])
    position.save()
    transaction.on_commit(lambda: note_done(position.known))


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
        position.known = append(dead)
        position.save()
        transaction.on_commit(lambda: note_done(position.known))


def _position_locked() -> LedgerPosition:
    LedgerPosition.objects.bulk_create(
        [LedgerPosition(pk=LedgerPosition.ONLY)], ignore_conflicts=True
    )
    return LedgerPosition.objects.select_for_update().get(pk=LedgerPosition.ONLY)


def _rolled_back(known: int) -> list[str]:
    """The line for the stretch behind what is known: an erasure began there and came to nothing."""
    content = read(since=known)
    return [f"void {known} {content.size}"] if content.erasures() else []


# --- how the register stands to it ----------------------------------------------------------------


def standing(known: int | None = None) -> Standing:
    """Whether everything that the ledger calls done is known to the register, and the other way."""
    known = known_now() if known is None else known
    size = path().stat().st_size if path().exists() else 0
    if size < known:
        return Standing.LOST
    return Standing.BEHIND if last_done(size) > known else Standing.SETTLED


def standing_made_good() -> Standing:
    """The same, after the ledger was told what a crash kept from it: that it was committed.

    Asked as early and as often as can be: between the commit and its line a register could be lost,
    and an older backup of it would pass for one whose work was cut off.
    """
    known = known_now()
    found = standing(known)
    if found is Standing.SETTLED and known:
        note_done(known)
    return found


def require_settled(known: int | None = None) -> None:
    """Raise NotSettled where the register and its ledger do not agree."""
    found = standing(known)
    if found is not Standing.SETTLED:
        raise NotSettled(found)


@transaction.atomic
def settle() -> None:
    """Note that the register knows of everything in the ledger: its erasures were repeated."""
    position = _position_locked()
    position.known = append([])
    position.save()
    transaction.on_commit(lambda: note_done(position.known))


def to_repeat(*, with_undecided: bool = False) -> list[Entry]:
    """The erasures that a restored register must repeat; those that came to nothing are not.

    Nobody can tell what stands undecided at the end of a ledger: it was cut off and came to
    nothing, unless the register was restored.
    """
    content = read()
    known = known_now()
    if with_undecided or standing(known) is not Standing.SETTLED:
        return content.erasures()
    return [one for one in content.erasures() if one.at < known]


def known_now() -> int:
    """How far of the ledger the register knows."""
    position = LedgerPosition.objects.filter(pk=LedgerPosition.ONLY).first()
    return position.known if position else 0
