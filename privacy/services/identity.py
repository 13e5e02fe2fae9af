"""Making sure who asks: the clock stands still while she is asked, and no document is kept.

Only on reasonable doubt, by what is known already (GDPR Art. 12(6), domain §2). What is kept is
how, when and by whom it was made sure; copies of identity documents go at once, the key first.
"""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from customers.free_text import refuse_identity_codes
from privacy.deadlines import Pause, due_on
from privacy.models import RequestAttachment, RequestPause, SubjectRequest
from privacy.services.changing import kept, moved, refuse_days, to_change, today
from privacy.states import State
from recordings.services import destroy_file


@transaction.atomic
def ask_identity(
    *,
    request: SubjectRequest,
    doubt: str,
    by: User,
    asked_on: date | None = None,
    seen_at: datetime | None = None,
) -> SubjectRequest:
    """Ask who she is; the clock stands still from the day on which we asked (`asked_on`, today)."""
    request = to_change(request, by, seen_at)
    day = asked_on or today()
    refuse_days(request, asked_on=day)
    refuse_identity_codes(doubt=doubt)
    if request.identified_by:
        raise ValidationError(_("It is sure already who asks."))
    if any(pause.answered_on and day < pause.answered_on for pause in request.pauses.all()):
        raise ValidationError({"asked_on": _("The clock stood still at that time already.")})
    request = moved(request, State.IDENTIFYING, by, doubt)
    kept(RequestPause(request=request, asked_on=day, doubt=doubt))
    return request


@transaction.atomic
def go_on(
    *,
    request: SubjectRequest,
    by: User,
    answered_on: date | None = None,
    reason: str = "",
    seen_at: datetime | None = None,
) -> SubjectRequest:
    """Let the clock run again from the day on which she answered (today)."""
    request = to_change(request, by, seen_at)
    refuse_identity_codes(reason=reason)
    return _gone_on(request, by, answered_on or today(), reason)


@transaction.atomic
def identify(
    *,
    request: SubjectRequest,
    method: str,
    by: User,
    answered_on: date | None = None,
    seen_at: datetime | None = None,
) -> SubjectRequest:
    """Note how it was made sure who asks, by whom and when; copies of documents are destroyed.

    A request that waited for it goes on: from `answered_on`, the day on which she answered.
    """
    request = to_change(request, by, seen_at)
    if request.identified_by:
        raise ValidationError(_("It is sure already who asks."))
    request.identified_by, request.identified_at = method, timezone.now()
    request.identified_with = by
    if request.state == State.IDENTIFYING:
        request = _gone_on(request, by, answered_on or today(), "")
    elif request.state == State.RECEIVED:
        request = moved(request, State.IN_PROGRESS, by)
    else:
        request = kept(request)
    forget_identity_documents(request)
    return request


def _gone_on(request: SubjectRequest, by: User, on: date, reason: str) -> SubjectRequest:
    if request.state != State.IDENTIFYING:
        raise ValidationError(_("The clock does not stand still."))
    refuse_days(request, answered_on=on)
    end_pause(request, on)
    due_again(request)
    to = State.EXTENDED if request.extended_on is not None else State.IN_PROGRESS
    return moved(request, to, by, reason)


def end_pause(request: SubjectRequest, on: date) -> None:
    """End the pause that is open, if there is one."""
    for pause in request.pauses.open():
        if on < pause.asked_on:
            raise ValidationError({"answered_on": _("This is before we asked.")})
        pause.answered_on = on
        kept(pause)


def due_again(request: SubjectRequest) -> None:
    """Reckon anew until when the request must be answered; saving it is the caller's."""
    request.due_on = due_on(
        request.received_on,
        is_extended=request.extended_on is not None,
        pauses=pauses_of(request),
        today=today(),
    )


def pauses_of(request: SubjectRequest) -> list[Pause]:
    """The days on which the clock stood, in order."""
    pauses = request.pauses.order_by("asked_on", "id")
    return [Pause(pause.asked_on, pause.answered_on) for pause in pauses]


def forget_identity_documents(request: SubjectRequest) -> int:
    """Destroy the copies of identity documents of a request; returns how many there were."""
    copies = RequestAttachment.objects.filter(request=request).identity_documents()
    found = list(copies.select_related("file"))
    for copy in found:
        destroy_file(copy.file)
        copy.destroyed_at = timezone.now()
        copy.save(update_fields=["destroyed_at"])
    return len(found)
