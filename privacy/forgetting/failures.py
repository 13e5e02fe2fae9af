"""What stops the engine, by kind: a page and a mail say no more, the worker's log has the rest."""

from django.db import DatabaseError

from privacy.models import Failure

_KINDS: tuple[tuple[type[Exception], Failure], ...] = (
    (DatabaseError, Failure.DATABASE),
    (OSError, Failure.STORAGE),
)


def kind_of_failure(error: Exception) -> Failure:
    """Of which kind it is."""
    return next((kind for cause, kind in _KINDS if isinstance(error, cause)), Failure.OTHER)
