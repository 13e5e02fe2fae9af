"""Which rows: query sets of recordings and stored messages, from what a user may see."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from audit.gate import RecordedQuerySet

if TYPE_CHECKING:
    from recordings.models import (  # noqa: F401  (named in the bases below)
        MessageConcerns,
        Reassignment,
        Recording,
        RecordingConcerns,
        RecordingHold,
        SealedFile,
        StoredMessage,
    )


class SealedFileQuerySet(models.QuerySet["SealedFile"]):
    """Files in the vault; about nobody by themselves."""

    def with_key(self) -> Self:
        return self.filter(wrapped_key__isnull=False)

    def wrapped_with_another_than(self, version: int) -> Self:
        return self.with_key().exclude(key_version=version)

    def to_be_removed(self) -> Self:
        """Those whose key is gone and whose file is not yet."""
        return self.filter(wrapped_key__isnull=True, removed_at__isnull=True)


class _Kept:
    """What recordings and messages have in common: due dates, holds, quarantine."""

    def in_quarantine(self) -> Self:
        rows: models.QuerySet[models.Model] = self  # type: ignore[assignment]
        return rows.filter(  # type: ignore[return-value]
            quarantined_at__isnull=False, destroyed_at__isnull=True
        )

    def playable(self) -> Self:
        rows: models.QuerySet[models.Model] = self  # type: ignore[assignment]
        return rows.filter(  # type: ignore[return-value]
            quarantined_at__isnull=True, destroyed_at__isnull=True
        )


class RecordingQuerySet(_Kept, RecordedQuerySet["Recording"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("recordings.view_recording") else self.none()

    def due_on(self, day: date | None = None) -> Self:
        """Those to be destroyed by that day (today): due, and held by nobody."""
        from recordings.models import RecordingHold

        day = day or timezone.localdate()
        held = RecordingHold.objects.filter(recording=OuterRef("pk")).in_force(day)
        return self.filter(destroyed_at__isnull=True, due_on__lte=day).filter(~Exists(held))

    def newest_first(self) -> Self:
        return self.order_by("-started_at", "-id")


class StoredMessageQuerySet(_Kept, RecordedQuerySet["StoredMessage"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("recordings.view_storedmessage") else self.none()

    def due_on(self, day: date | None = None) -> Self:
        """Those to be destroyed by that day (today): due, and held by nobody."""
        from recordings.models import RecordingHold

        day = day or timezone.localdate()
        held = RecordingHold.objects.filter(message=OuterRef("pk")).in_force(day)
        return self.filter(destroyed_at__isnull=True, due_on__lte=day).filter(~Exists(held))

    def newest_first(self) -> Self:
        return self.order_by("-sent_at", "-id")


class RecordingConcernsQuerySet(RecordedQuerySet["RecordingConcerns"]):
    """Whom recordings concern."""


class MessageConcernsQuerySet(RecordedQuerySet["MessageConcerns"]):
    """Whom messages concern."""


class ReassignmentQuerySet(RecordedQuerySet["Reassignment"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("recordings.view_reassignment") else self.none()


class RecordingHoldQuerySet(RecordedQuerySet["RecordingHold"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("recordings.view_recordinghold") else self.none()

    def in_force(self, day: date | None = None) -> Self:
        day = day or timezone.localdate()
        return self.filter(released_at__isnull=True).filter(
            Q(until__isnull=True) | Q(until__gte=day)
        )
