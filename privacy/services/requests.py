"""What is done with a request as a whole: opened, given to somebody, moved, answered, closed."""

from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from contracts.services.errors import refuse_future
from customers.free_text import refuse_identity_codes
from customers.models import Person
from privacy.deadlines import due_on
from privacy.models import RecipientNotice, RequestTask, StateChange, SubjectRequest
from privacy.needed import lacking
from privacy.services.changing import (
    kept,
    made_once,
    moved,
    refuse_days,
    to_change,
    today,
)
from privacy.services.identity import due_again, end_pause, forget_identity_documents
from privacy.states import GIVING, State

_WHAT_WAS_ASKED = (
    *("kind", "channel", "received_on", "person_id", "requester_name", "answer_to", "language"),
    *("representative", "authorisation", "scope", "opened_by_id"),
)


@transaction.atomic
def open_request(
    *,
    public_id: UUID,
    kind: str,
    channel: str,
    received_on: date,
    requester_name: str,
    answer_to: str,
    language: str,
    opened_by: User,
    person: Person | None = None,
    representative: str = "",
    authorisation: str = "",
    scope: str = "",
) -> SubjectRequest:
    """Note a request that reached us in any way; its clock runs from that day (Art. 12(3)).

    `public_id` came with the form: the same form sent again gives the request that is there.
    Restricted persons may ask as anybody. Raises PermissionDenied, SavedBefore, and
    ValidationError where a value will not do.
    """
    if not opened_by.has_perm("privacy.add_subjectrequest"):
        raise PermissionDenied
    refuse_future(received_on=received_on)
    refuse_identity_codes(
        requester_name=requester_name,
        answer_to=answer_to,
        representative=representative,
        authorisation=authorisation,
        scope=scope,
    )
    due = due_on(received_on, today=today())
    request, is_new = made_once(
        SubjectRequest(
            public_id=public_id,
            kind=kind,
            channel=channel,
            received_on=received_on,
            person=person,
            requester_name=requester_name,
            answer_to=answer_to,
            language=language,
            representative=representative,
            authorisation=authorisation,
            scope=scope,
            first_due_on=due,
            due_on=due,
            opened_by=opened_by,
        ),
        *_WHAT_WAS_ASKED,
    )
    if is_new:
        StateChange.objects.create(request=request, to_state=State.RECEIVED, changed_by=opened_by)
    return request


@transaction.atomic
def assign(
    *, request: SubjectRequest, handler: User, by: User, seen_at: datetime | None = None
) -> SubjectRequest:
    """Let a registrar answer for a request."""
    request = to_change(request, by, seen_at)
    if not handler.is_active or Role.REGISTRAR.value not in handler.roles:
        raise ValidationError({"handler": _("Only a registrar answers for a request.")})
    request.handler = handler
    return kept(request)


@transaction.atomic
def say_whose(
    *, request: SubjectRequest, person: Person | None, by: User, seen_at: datetime | None = None
) -> SubjectRequest:
    """Say whose data a request is about, or that we know nobody by what it says."""
    request = to_change(request, by, seen_at)
    request.person = person
    return kept(request)


@transaction.atomic
def move(
    *,
    request: SubjectRequest,
    to: State,
    by: User,
    reason: str = "",
    seen_at: datetime | None = None,
) -> SubjectRequest:
    """Move a request on where the step needs nothing but its reason, and keep the step.

    A clock that stood still runs again from today.
    """
    request = to_change(request, by, seen_at)
    refuse_identity_codes(reason=reason)
    if request.state == State.IDENTIFYING:
        end_pause(request, today())
        due_again(request)
    return moved(request, to, by, reason)


@transaction.atomic
def extend(
    *, request: SubjectRequest, reason: str, by: User, seen_at: datetime | None = None
) -> SubjectRequest:
    """Add two months, for complexity or number of requests; only while the month lasts.

    She is told the reasons within the first month (Art. 12(3)).
    """
    request = to_change(request, by, seen_at)
    refuse_identity_codes(reason=reason)
    if request.extended_on is not None:
        raise ValidationError(_("The time has been extended already."))
    if today() > request.due_on:
        raise ValidationError(_("The time to extend it is over."))
    request.extended_on, request.extension_reason = today(), reason
    due_again(request)
    return moved(request, State.EXTENDED, by, reason)


@transaction.atomic
def answer(
    *, request: SubjectRequest, answered_on: date, by: User, seen_at: datetime | None = None
) -> SubjectRequest:
    """Note that the whole answer went out that day; what it needs was decided before."""
    return _answered(to_change(request, by, seen_at), State.ANSWERED, answered_on, by)


@transaction.atomic
def refuse(
    *,
    request: SubjectRequest,
    ground: str,
    reasons: str,
    answered_on: date,
    by: User,
    is_partly: bool = False,
    seen_at: datetime | None = None,
) -> SubjectRequest:
    """Refuse a request, or a part of it, on one of the law's grounds with its reasons.

    Only the grounds of Art. 12(2), 12(5) and the Data Protection Act section 34, and what is no
    right of who asks (domain §2).
    """
    request = to_change(request, by, seen_at)
    refuse_identity_codes(reasons=reasons)
    request.refusal, request.refusal_reason = ground, reasons
    state = State.PARTLY_REFUSED if is_partly else State.REFUSED
    return _answered(request, state, answered_on, by)


def _answered(request: SubjectRequest, state: State, on: date, by: User) -> SubjectRequest:
    refuse_days(request, answered_on=on)
    if state in GIVING and request.identified_by and (open_questions := lacking(request)):
        raise ValidationError(open_questions, code="request_answers_what_is_decided")
    end_pause(request, on)
    request.answered_on = on
    due_again(request)
    request = moved(request, state, by)
    forget_identity_documents(request)
    return request


@transaction.atomic
def close(*, request: SubjectRequest, by: User, seen_at: datetime | None = None) -> SubjectRequest:
    """Close an answered request, once nothing is left to do; from then on it stays as it is."""
    request = to_change(request, by, seen_at)
    if RequestTask.objects.filter(request=request).open().exists():
        raise ValidationError(_("There are open tasks: do them first."))
    if RecipientNotice.objects.filter(request=request).waiting().exists():
        raise ValidationError(_("Recipients have not been told yet (Art. 19)."))
    request.closed_at = timezone.now()
    return moved(request, State.CLOSED, by)
