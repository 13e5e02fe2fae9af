"""The sweep: store and database compared both ways, and what nothing needs any more removed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils import timezone

from audit.context import AccessPurpose, access_context
from recordings.models import SealedFile
from recordings.services.removing import remove_bytes_of_destroyed
from recordings.stores import StoredFile, store

MOST_ORPHANS = 100
"""More files without a row than this are not what failed sealings leave: the database is another
one than the store's, and nothing is removed."""

_PREFIXES = [f"{number:02x}" for number in range(256)]


@dataclass(frozen=True)
class Swept:
    """What a sweep found: counts, and the numbers of files that should be there and are not."""

    removed: int
    unfinished: int
    orphans: int
    orphans_left: int
    missing: tuple[UUID, ...]


def sweep(*, job: str) -> Swept:
    """Remove the bytes of what is destroyed and what failed sealings left; say what is missing.

    What is younger than a day may be work in progress and is left alone.
    """
    yesterday = timezone.now() - timedelta(days=1)
    removed = remove_bytes_of_destroyed()
    with access_context(job=job, purpose=AccessPurpose.RETENTION):
        _forget_unused(yesterday)
    orphans: list[str] = []
    missing: list[UUID] = []
    for prefix in _PREFIXES:
        named = _named(prefix)  # before the files are listed: each of these has one
        found = {file.name: file for file in store().files(prefix)}
        missing += [file for file in named if file.hex not in found and _is_kept(file)]
        orphans += [file.name for file in _without_row(found, yesterday)]
    spared = orphans if len(orphans) > MOST_ORPHANS else []
    for name in orphans[len(spared) :]:
        store().delete(name)
    return Swept(
        removed=removed,
        unfinished=store().delete_unfinished(yesterday),
        orphans=len(orphans) - len(spared),
        orphans_left=len(spared),
        missing=tuple(missing),
    )


def _forget_unused(before: datetime) -> None:
    """Delete the rows of files that nothing came to refer to; their bytes are orphans then."""
    unused = SealedFile.objects.filter(sealed_at__lt=before)
    for relation in _relations():
        rows: Any = relation.related_model
        unused = unused.exclude(
            Exists(rows.objects.filter(**{relation.field.name: OuterRef("pk")}))
        )
    unused.delete()


def _relations() -> list[Any]:
    """Whatever model of any app has files in the vault, also those that know no way back."""
    found: Any = SealedFile._meta.get_fields(include_hidden=True)
    return [one for one in found if one.auto_created and not one.concrete]


def _named(prefix: str) -> list[UUID]:
    """The files that have a key and whose names begin so."""
    first, last = UUID(prefix + "0" * 30), UUID(prefix + "f" * 30)
    files = SealedFile.objects.with_key().filter(file_id__range=(first, last))
    return list(files.values_list("file_id", flat=True))


def _is_kept(file: UUID) -> bool:
    return SealedFile.objects.with_key().filter(file_id=file).exists()


def _without_row(found: dict[str, StoredFile], before: datetime) -> list[StoredFile]:
    old = {UUID(name): file for name, file in found.items() if file.written_at < before}
    known = SealedFile.objects.filter(file_id__in=old).values_list("file_id", flat=True)
    for file in known:
        del old[file]
    return list(old.values())
