"""Files of requests in the vault: destroyed by their keys before the records that lead to them."""

from collections.abc import Callable, Sequence

from django.db import models
from django.db.models import Q

from recordings.models import SealedFile
from recordings.services import destroy_file


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
