"""What is done with a request on its way: noted, corrected, given to somebody, moved, extended."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from contracts.services.errors import refuse_future
from customers.free_text import refuse_identity_codes
from customers.models import Person
from privacy.deadlines import due_on
from privacy.models import StateChange, SubjectRequest
from privacy.services.changing import (
    kept,
    made_once,
    moved,
    to_change,
    today,
)
from privacy.services.identity import due_again, end_pause
from privacy.states import State

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
def correct(
    *,
    request: SubjectRequest,
    requester_name: str,
    answer_to: str,
    language: str,
    representative: str,
    authorisation: str,
    scope: str,
    by: User,
    seen_at: datetime | None = None,
) -> SubjectRequest:
    """Put right what was noted of who asks and how to answer; the history says what was changed.

    What was asked for and when it came stay: those the deadline is reckoned from.
    """
    request = to_change(request, by, seen_at)
    noted = {
        "requester_name": requester_name,
        "answer_to": answer_to,
        "language": language,
        "representative": representative,
        "authorisation": authorisation,
        "scope": scope,
    }
    refuse_identity_codes(**noted)
    changed = [name for name, value in noted.items() if getattr(request, name) != value]
    if not changed:
        return request
    for name in changed:
        setattr(request, name, noted[name])
    request = kept(request)
    fields: Any = request._meta
    labels = [str(fields.get_field(name).verbose_name) for name in changed]
    StateChange.objects.create(
        request=request,
        from_state=request.state,
        to_state=request.state,
        reason=_("Corrected: %(fields)s.") % {"fields": ", ".join(labels)},
        changed_by=by,
    )
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
