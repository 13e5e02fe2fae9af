"""How the services take a request to change it, move it on, and keep what is made once.

The request is locked first, so that what two registrars do to it comes one after the other; who
has not seen what the other one did is told, and nothing of hers is saved (promise 8).
"""

from datetime import date, datetime
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from contracts.services.errors import refuse_future
from customers.models.base import RegisterModel
from customers.services.errors import SavedBefore
from customers.services.locks import locked, refuse_changed
from privacy.models import StateChange, SubjectRequest
from privacy.rules import said
from privacy.states import FOLLOWING, State

M = TypeVar("M", bound=RegisterModel)


def to_change(request: SubjectRequest, by: User, seen_at: datetime | None = None) -> SubjectRequest:
    """The request as it is now, locked, for a registrar.

    `seen_at` is its `changed_at` as she saw it. Raises PermissionDenied and ChangedMeanwhile.
    """
    if not by.has_perm("privacy.change_subjectrequest"):
        raise PermissionDenied
    stored = locked(request)
    if seen_at is not None:
        refuse_changed(stored, seen_at)
    return stored


def kept(record: M) -> M:
    """Save a record; it comes back as the database keeps it, or with the sentence why not."""

    def save() -> None:
        record.full_clean()
        record.save()

    said(save)
    record.refresh_from_db()
    return record


def moved(request: SubjectRequest, to: State, by: User | None, reason: str = "") -> SubjectRequest:
    """Move a locked request on, and keep the step; its other values are saved with it."""
    before = State(request.state)
    if to not in FOLLOWING[before]:
        raise ValidationError(
            _("A request that is “%(before)s” does not become “%(after)s”.")
            % {"before": before.label, "after": to.label},
            code="request_state_follows",
        )
    request.state = to
    request = kept(request)
    step = StateChange(
        request=request, from_state=before, to_state=to, reason=reason, changed_by=by
    )
    step.full_clean()
    step.save()
    return request


def made_once(record: M, *same: str) -> tuple[M, bool]:
    """Save a new record; the same form sent again gives the one that is there.

    Its public ID came with the form. Returns whether it is new; raises SavedBefore where the one
    that is there says something else in one of these fields.
    """

    def save() -> None:
        record.full_clean(exclude={"public_id"}, validate_unique=False)
        record.save(force_insert=True)

    try:
        with transaction.atomic():
            said(save)
    except IntegrityError:
        manager: Any = type(record)._default_manager
        there: M | None = manager.filter(public_id=record.public_id).first()
        if there is None:
            raise
        if any(getattr(there, name) != getattr(record, name) for name in same):
            raise SavedBefore from None
        return there, False
    record.refresh_from_db()
    return record, True


def refuse_days(request: SubjectRequest, **days: date | None) -> None:
    """Refuse the day of something that happened: ahead, or before the request came."""
    refuse_future(**days)
    wrong = [name for name, day in days.items() if day is not None and day < request.received_on]
    if wrong:
        sentence = _("This is before the request came.")
        raise ValidationError(dict.fromkeys(wrong, sentence))


def today() -> date:
    """The day in Helsinki."""
    return timezone.localdate()
