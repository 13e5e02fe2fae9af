"""A new key-encryption key: the files' keys are wrapped anew, and no file is touched."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from recordings.keys import UnknownKey, current_version
from recordings.models import SealedFile

AT_ONCE = 500


@dataclass(frozen=True)
class Rotation:
    """What a rotation did: keys wrapped anew, and keys that somebody was working on meanwhile."""

    version: int
    wrapped: int
    left: int


def rotate() -> Rotation:
    """Wrap every file's key with the current key-encryption key.

    In batches that are committed one by one, so that it can be stopped anywhere and run again; a
    row that is in use is passed over and counted. Whoever reads meanwhile opens with the key of
    before or with the new one, as she found it. Raises UnknownKey before anything is changed
    where a version that is still needed is missing.
    """
    version = current_version()
    waiting = SealedFile.objects.wrapped_with_another_than(version)
    needed = set(waiting.order_by().values_list("key_version", flat=True).distinct())
    missing = sorted(needed - set(settings.RECORDINGS_KEYS))
    if missing:
        raise UnknownKey(missing[0])
    wrapped, last = 0, 0
    while files := _rewrap_some(version, last):
        wrapped, last = wrapped + len(files), files[-1].pk
    return Rotation(version, wrapped, waiting.count())


@transaction.atomic
def _rewrap_some(version: int, after: int) -> list[SealedFile]:
    waiting = SealedFile.objects.wrapped_with_another_than(version).filter(pk__gt=after)
    locked = waiting.select_for_update(skip_locked=True, no_key=True)
    files = list(locked.order_by("pk")[:AT_ONCE])
    for file in files:
        file.wrap_anew()
    SealedFile.objects.bulk_update(files, ["key_version", "wrapped_key"])
    return files
