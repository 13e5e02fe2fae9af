"""Publishing the description: each version stays as it was, and the newest is what holds."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit.sql import run_sql
from privacy.description.contents import Contents, contents_now, fingerprint_of
from privacy.models import RegisterDescription


@dataclass(frozen=True)
class Shown:
    """What a page shows: a published version, or what would be published where there is none."""

    contents: Contents
    fingerprint: str
    version: int | None = None
    published_at: datetime | None = None


def newest() -> RegisterDescription | None:
    """The version that holds."""
    return RegisterDescription.objects.order_by("-version").first()


def shown(version: RegisterDescription | None) -> Shown:
    """A version as pages show it; without one, what the declarations say now."""
    if version is None:
        return draft()
    return Shown(version.contents, version.fingerprint, version.version, version.published_at)


def draft() -> Shown:
    """What would be published now."""
    contents = contents_now()
    return Shown(contents, fingerprint_of(contents))


@transaction.atomic
def publish(*, by: User | None) -> RegisterDescription:
    """Publish what the declarations, settings, recipients and processors say now.

    Where that is what the newest version says, nothing is published and that one is returned; of
    two who publish at once the second finds the first one's.
    """
    _one_after_another()
    before, now = newest(), draft()
    if before is not None and before.fingerprint == now.fingerprint:
        return before
    return RegisterDescription.objects.create(
        version=1 if before is None else before.version + 1,
        contents=now.contents,
        fingerprint=now.fingerprint,
        published_by=by,
    )


def _one_after_another() -> None:
    run_sql("LOCK TABLE privacy_registerdescription IN SHARE ROW EXCLUSIVE MODE")
