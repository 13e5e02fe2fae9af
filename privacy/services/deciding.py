"""What each decision in a request needs: a person, known and identified, and no answer yet."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from customers.models import Person
from customers.services.errors import ChangedMeanwhile
from privacy.models import SubjectRequest
from privacy.services.changing import M, to_change


def to_decide(
    request: SubjectRequest, by: User, *, from_anybody: bool = False, is_answered: bool = False
) -> tuple[SubjectRequest, Person]:
    """The request, locked, and whose it is.

    `from_anybody` also before she is identified; `is_answered` also after the answer, as long as
    the request is not closed.
    """
    request = to_change(request, by)
    if request.closed_at is not None or not (request.is_open or is_answered):
        raise ValidationError(_("The request was answered: what was decided stays."))
    if request.person is None:
        raise ValidationError(_("Say first whose data it is about."))
    if not request.identified_by and not from_anybody:
        raise ValidationError(
            _("Nothing is decided before it is sure who asks: note how she was identified.")
        )
    return request, request.person


def last_of(model: type[M], request: SubjectRequest) -> M | None:
    """The newest decision of a kind in a request."""
    manager: Any = model._default_manager
    found: M | None = manager.filter(request=request).order_by("-pk").first()
    return found


def refuse_unseen(last: M | None, seen_last: UUID | None) -> None:
    """Raise ChangedMeanwhile if somebody else has decided since the form was opened."""
    if last is not None and last.public_id != seen_last:
        raise ChangedMeanwhile(last)


def made_before(model: type[M], public_id: UUID) -> bool:
    """Whether this form was sent before: then its decision is there, and nothing is done twice."""
    manager: Any = model._default_manager
    return bool(manager.filter(public_id=public_id).exists())
