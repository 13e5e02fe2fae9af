"""Which rows: query sets of requests and what belongs to them, from what a user may see."""

from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models

from accounts.models import User
from audit.gate import RecordedQuerySet
from privacy.states import OPEN, State

if TYPE_CHECKING:
    from privacy.models import (  # noqa: F401  (named in the bases below)
        BreachAffected,
        ErasureDecision,
        Objection,
        Package,
        PackageFile,
        ProposedRedaction,
        RecipientNotice,
        Rectification,
        RequestAttachment,
        RequestLetter,
        RequestNote,
        RequestPause,
        RequestReminder,
        RequestTask,
        StaffNamesDecision,
        StateChange,
        SubjectRequest,
    )

R = TypeVar("R", bound=models.Model)


class SubjectRequestQuerySet(RecordedQuerySet["SubjectRequest"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("privacy.view_subjectrequest") else self.none()

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def running(self) -> Self:
        """Open ones whose clock does not stand still."""
        return self.open().exclude(state=State.IDENTIFYING)

    def paused(self) -> Self:
        """Those whose clock stands still: their due date moves with each day."""
        return self.filter(state=State.IDENTIFYING)

    def done(self) -> Self:
        """Those that have been answered, closed or not."""
        return self.exclude(state__in=OPEN)

    def older_than(self, day: date | None, key: int) -> Self:
        """Those that come after one in the order of `newest_first`; all of them without a day."""
        if day is None:
            return self.newest_first()
        return self.newest_first().filter(
            models.Q(received_on__lt=day) | models.Q(received_on=day, id__lt=key)
        )

    def due_first(self) -> Self:
        return self.order_by("due_on", "id")

    def newest_first(self) -> Self:
        return self.order_by("-received_on", "-id")


class OfRequestQuerySet(RecordedQuerySet[R]):
    """Rows that belong to a request: whoever may see the request may see them."""

    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("privacy.view_subjectrequest") else self.none()


class StateChangeQuerySet(OfRequestQuerySet["StateChange"]):
    pass


class RequestPauseQuerySet(OfRequestQuerySet["RequestPause"]):
    def open(self) -> Self:
        return self.filter(answered_on__isnull=True)


class RequestReminderQuerySet(OfRequestQuerySet["RequestReminder"]):
    """Reminders that went out."""


class RequestTaskQuerySet(OfRequestQuerySet["RequestTask"]):
    def open(self) -> Self:
        return self.filter(done_at__isnull=True)


class RequestNoteQuerySet(OfRequestQuerySet["RequestNote"]):
    pass


class RequestAttachmentQuerySet(OfRequestQuerySet["RequestAttachment"]):
    def identity_documents(self) -> Self:
        """Copies of identity documents that are still there."""
        return self.filter(is_identity_document=True, destroyed_at__isnull=True)


class RequestLetterQuerySet(OfRequestQuerySet["RequestLetter"]):
    pass


UNFINISHED = ["collecting", "review", "making", "ready"]
"""The states of a package while which a request gets no other with the same contents."""


class PackageQuerySet(OfRequestQuerySet["Package"]):
    def unfinished(self) -> Self:
        return self.filter(status__in=UNFINISHED)

    def due_on(self, day: date) -> Self:
        """Those whose files are to be destroyed by this day."""
        return self.filter(expires_on__lte=day, destroyed_at__isnull=True)


class PackageFileQuerySet(OfRequestQuerySet["PackageFile"]):
    pass


class ProposedRedactionQuerySet(OfRequestQuerySet["ProposedRedaction"]):
    def undecided(self) -> Self:
        return self.filter(is_accepted__isnull=True)

    def decided_digest(self) -> str:
        """The SHA-256 of what is decided about them: it tells a page whether that has changed."""
        rows = self.order_by("pk").values_list("pk", "start", "stop", "is_accepted")
        return sha256(repr(list(rows)).encode()).hexdigest()


class RectificationQuerySet(OfRequestQuerySet["Rectification"]):
    pass


class ErasureDecisionQuerySet(OfRequestQuerySet["ErasureDecision"]):
    pass


class ObjectionQuerySet(OfRequestQuerySet["Objection"]):
    pass


class StaffNamesDecisionQuerySet(OfRequestQuerySet["StaffNamesDecision"]):
    pass


class RecipientNoticeQuerySet(OfRequestQuerySet["RecipientNotice"]):
    def waiting(self) -> Self:
        return self.filter(told_on__isnull=True, not_told_because="")


class BreachAffectedQuerySet(RecordedQuerySet["BreachAffected"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("privacy.view_breach") else self.none()
