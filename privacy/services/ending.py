"""How a request ends: answered, refused, withdrawn by her, and closed (Arts. 12(3) and 12(4)).

Nothing counts as answered before something has gone out to her, and nothing as refused before the
refusal with its reasons has.
"""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from customers.free_text import refuse_identity_codes
from privacy.models import RecipientNotice, RequestLetter, RequestTask, SubjectRequest
from privacy.needed import is_told, lacking, told_on
from privacy.services.changing import kept, moved, refuse_days, to_change
from privacy.services.identity import due_again, end_pause, forget_identity_documents
from privacy.services.papers import throw_letter_away
from privacy.states import ANSWERS, GIVING, State

Template = RequestLetter.Template


@transaction.atomic
def answer(
    *, request: SubjectRequest, answered_on: date, by: User, seen_at: datetime | None = None
) -> SubjectRequest:
    """Note that the whole answer went out that day; what it needs was decided and sent before."""
    request = to_change(request, by, seen_at)
    refuse_days(request, answered_on=answered_on)
    if request.refusal:
        raise ValidationError(_("It was decided to refuse it: note that, or take it back."))
    return _answered(request, State.ANSWERED, answered_on, by)


@transaction.atomic
def decide_refusal(
    *,
    request: SubjectRequest,
    ground: str,
    reasons: str,
    by: User,
    is_partly: bool = False,
    seen_at: datetime | None = None,
) -> SubjectRequest:
    """Decide to refuse a request, or a part of it, on one of the law's grounds with its reasons.

    Only the grounds of Art. 12(2), 12(5) and the Data Protection Act section 34, and what is no
    right of who asks (domain §2). The letter says them; drafts that say something else go. Until
    it went out the request stays open, and its clock runs.
    """
    request = _to_decide_about(request, by, seen_at)
    refuse_identity_codes(reasons=reasons)
    if not (ground and reasons):
        raise ValidationError(_("A refusal needs its ground and its reasons."))
    request.refusal, request.refusal_reason = ground, reasons
    request.is_partly_refused = is_partly
    return _with_new_letters(request, by)


@transaction.atomic
def take_back_refusal(
    *, request: SubjectRequest, by: User, seen_at: datetime | None = None
) -> SubjectRequest:
    """Decide not to refuse it after all, as long as she has not been told."""
    request = _to_decide_about(request, by, seen_at)
    request.refusal = request.refusal_reason = ""
    request.is_partly_refused = False
    return _with_new_letters(request, by)


def _to_decide_about(request: SubjectRequest, by: User, seen_at: datetime | None) -> SubjectRequest:
    request = to_change(request, by, seen_at)
    if not request.is_open:
        raise ValidationError(_("The request was answered: what was decided stays."))
    if told_on(request, Template.REFUSAL) is not None:
        raise ValidationError(_("The refusal went out to her: it stays as it went."))
    return request


def _with_new_letters(request: SubjectRequest, by: User) -> SubjectRequest:
    """Save what was decided; the drafts that tell her of it are to be written anew."""
    request = kept(request)
    drafts = RequestLetter.objects.filter(
        request=request,
        template__in=[Template.ANSWER, Template.REFUSAL],
        sent_on__isnull=True,
        destroyed_at__isnull=True,
    )
    for draft in drafts.select_related("request", "file"):
        throw_letter_away(letter=draft, by=by)
    return request


@transaction.atomic
def refuse(*, request: SubjectRequest, by: User, seen_at: datetime | None = None) -> SubjectRequest:
    """Note that a request was refused as it was decided, on the day on which the letter went out.

    Where only a part was refused, the rest was given before, and it is answered on the later day.
    """
    request = to_change(request, by, seen_at)
    if not request.refusal:
        raise ValidationError(_("Decide first on which ground it is refused."))
    day = told_on(request)
    if day is None:
        raise ValidationError(lacking(request), code="request_refused_when_told")
    state = State.PARTLY_REFUSED if request.is_partly_refused else State.REFUSED
    return _answered(request, state, day, by)


def _answered(request: SubjectRequest, state: State, on: date, by: User) -> SubjectRequest:
    is_known = request.person_id is None or bool(request.identified_by)
    if is_known or state not in GIVING:  # else the database says that she is not identified
        if open_questions := lacking(request):
            raise ValidationError(open_questions, code="request_answers_what_is_decided")
        first = told_on(request)
        if first is not None and on < first:
            raise ValidationError({"answered_on": _("Nothing had gone out to her by that day.")})
    request.answered_on = on
    return _ended(request, state, on, by)


def _ended(
    request: SubjectRequest, state: State, on: date, by: User, reason: str = ""
) -> SubjectRequest:
    end_pause(request, on)
    due_again(request)
    request = moved(request, state, by, reason)
    forget_identity_documents(request)
    return request


@transaction.atomic
def withdraw(
    *,
    request: SubjectRequest,
    withdrawn_on: date,
    how: str,
    by: User,
    seen_at: datetime | None = None,
) -> SubjectRequest:
    """Note that she has taken her request back, on which day and how she said so."""
    request = to_change(request, by, seen_at)
    refuse_days(request, withdrawn_on=withdrawn_on)
    refuse_identity_codes(how=how)
    if not how:
        raise ValidationError({"how": _("Say how she took it back.")})
    request.withdrawn_on, request.withdrawn_how = withdrawn_on, how
    return _ended(request, State.WITHDRAWN, withdrawn_on, by, how)


@transaction.atomic
def close(*, request: SubjectRequest, by: User, seen_at: datetime | None = None) -> SubjectRequest:
    """Close a request that has ended, once nothing is left to do; it stays as it is from then on.

    What counts as answered is not closed while nothing has gone out to her.
    """
    request = to_change(request, by, seen_at)
    if request.state in ANSWERS and not is_told(request):
        raise ValidationError(_("Nothing has gone out to her: send the answer, and note its day."))
    if RequestTask.objects.filter(request=request).open().exists():
        raise ValidationError(_("There are open tasks: do them first."))
    if RecipientNotice.objects.filter(request=request).waiting().exists():
        raise ValidationError(_("Recipients have not been told yet (Art. 19)."))
    request.closed_at = timezone.now()
    return moved(request, State.CLOSED, by)
