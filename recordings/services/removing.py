"""The bytes of what is destroyed: removed once the key is gone, as often as it takes."""

from django.db import transaction
from django.utils import timezone

from recordings.models import SealedFile
from recordings.stores import store

AT_ONCE = 500


@transaction.atomic
def destroy_file(file: SealedFile) -> None:
    """Destroy a file of the vault: its key now, its bytes by a job; twice changes nothing.

    What the file was part of says that it is gone, and by which rule.
    """
    from recordings.tasks import remove_file  # which imports these services

    file = SealedFile.objects.select_for_update(no_key=True).get(pk=file.pk)
    if file.wrapped_key is not None:
        file.forget_key()
        remove_file.defer(file=file.pk)


def remove_bytes(file: SealedFile) -> bool:
    """Remove the bytes of a file whose key is gone; returns whether there was something to do.

    A file that is missing counts as done. Killed in between, it is done again: the store is
    emptied before the row says so. Raises ValueError while there is a key.
    """
    file = SealedFile.objects.get(pk=file.pk)
    if file.wrapped_key is not None:
        raise ValueError("The key goes before the file.")
    if file.removed_at is not None:
        return False
    store().delete(file.name)
    file.removed_at = timezone.now()
    file.save(update_fields=["removed_at"])
    return True


def remove_bytes_of_destroyed() -> int:
    """Remove all bytes whose key is gone; returns of how many files."""
    removed = 0
    while files := list(SealedFile.objects.to_be_removed().order_by("pk")[:AT_ONCE]):
        removed += sum(remove_bytes(file) for file in files)
    return removed
