"""Files of requests in the vault: their names, and how they go before what leads to them."""

from collections.abc import Callable, Sequence

from django.db import models
from django.db.models import Q

from privacy.models import RequestAttachment, RequestLetter
from privacy.uploads import ENDINGS
from recordings.models import SealedFile
from recordings.services import destroy_file


def attachment_ending(attachment: RequestAttachment) -> str:
    """How an attachment's file ends; nothing of one that is destroyed."""
    return "" if attachment.destroyed_at else ENDINGS.get(attachment.media_type, ".bin")


def letter_ending(letter: RequestLetter) -> str:
    """How a letter's file ends; nothing of one that was thrown away."""
    return "" if letter.destroyed_at else ".pdf"


def destroying(model: type[models.Model], *fields: str) -> Callable[[Sequence[int]], None]:
    """The step of a model that comes before its records are erased: `fields` lead to its files."""

    def destroy(keys: Sequence[int]) -> None:
        of_them = Q()
        for name in fields:
            rows = model._default_manager.filter(pk__in=keys)
            of_them |= Q(pk__in=models.QuerySet.values(rows, name))
        for file in SealedFile.objects.with_key().filter(of_them).order_by("pk"):
            destroy_file(file)

    return destroy
