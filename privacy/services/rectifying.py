"""What she says is wrong or missing, and whether it is put right (GDPR Art. 16).

A decision is never changed. Each raises PermissionDenied, SavedBefore, ChangedMeanwhile where the
record has changed since the form was opened, and ValidationError with a sentence.
"""

from datetime import datetime
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from customers.free_text import refuse_identity_codes
from customers.models import Person, Source
from customers.services.errors import ChangedMeanwhile, ProcessingRestricted
from customers.services.locks import lock_person, locked, refuse_restricted
from datamap.declarations import registry
from privacy import correctable
from privacy.models import Rectification, RequestTask, SubjectRequest
from privacy.services.changing import kept, made_once
from privacy.services.deciding import made_before, to_decide
from privacy.services.telling import let_recipients_wait

Channel = SubjectRequest.Channel

_SOURCES = {
    Channel.LETTER: Source.LETTER,
    Channel.EMAIL: Source.EMAIL,
    Channel.PHONE: Source.PHONE_CALL,
}


@transaction.atomic
def rectify(
    *,
    request: SubjectRequest,
    public_id: UUID,
    value: correctable.Value,
    new_value: str,
    is_accepted: bool,
    reason: str,
    statement: str,
    seen_at: datetime | None,
    by: User,
) -> Rectification:
    """Decide about a value that she says is wrong.

    Accepted, it is put right at once where a service writes it; else that becomes a task of the
    request, and the decision says so. What was and what she says stay in the decision. While her
    data is restricted nothing is put right: the restriction is lifted before.
    """
    request, person = to_decide(request, by)
    refuse_identity_codes(new_value=new_value, reason=reason, statement=statement)
    lock_person(person.pk)
    now = correctable.Value(locked(value.record), value.field)
    there = made_before(Rectification, public_id)
    decision = Rectification(
        request=request,
        public_id=public_id,
        model=now.record._meta.label_lower,
        record=now.record.public_id,
        field=now.field,
        old_value=now.raw,
        new_value=new_value,
        is_accepted=is_accepted,
        is_by_hand=is_accepted and not now.is_written,
        reason=reason,
        statement=statement,
        decided_by=by,
    )
    if not there:
        if now.changed_at != seen_at:
            raise ChangedMeanwhile(now.record)
        if is_accepted:
            _put_right(request, person, now, new_value, seen_at)
            declared = registry[type(now.record)].fields[now.field]
            let_recipients_wait(request, person, declared.categories)
    return made_once(decision, "request_id", "record", "field", "new_value", "is_accepted")[0]


def _put_right(
    request: SubjectRequest,
    person: Person,
    value: correctable.Value,
    new: str,
    seen_at: datetime | None,
) -> None:
    if new == value.raw:
        raise ValidationError({"new_value": _("This is the value already.")})
    try:
        if not value.is_written or seen_at is None:
            refuse_restricted(person.pk)
            _let_it_be_done(request, value)
            return
        source = _SOURCES.get(Channel(request.channel), Source.STAFF)
        correctable.write(value, new, source=source, seen_at=seen_at)
    except ProcessingRestricted:
        raise ValidationError(
            _("Her data is restricted: lift the restriction before it is put right.")
        ) from None
    except ValidationError as error:
        raise _at_new_value(error, value.field) from None


def _let_it_be_done(request: SubjectRequest, value: correctable.Value) -> None:
    """Make a task of what no service writes by itself; the new value stands in the decision."""
    what = _("Put right by hand: %(kind)s, %(field)s") % {
        "kind": value.kind,
        "field": value.label,
    }
    kept(RequestTask(request=request, public_id=uuid4(), what=what[:200], due_on=request.due_on))


def _at_new_value(error: ValidationError, field: str) -> ValidationError:
    """What is wrong with the value itself stands at the field where it was typed."""
    if not hasattr(error, "error_dict"):
        return error
    of_value = {field, "normalised"}
    return ValidationError(
        {
            "new_value" if name in of_value else "__all__": errors
            for name, errors in error.error_dict.items()
        }
    )


@transaction.atomic
def complete(
    *,
    request: SubjectRequest,
    public_id: UUID,
    statement: str,
    is_accepted: bool,
    reason: str,
    by: User,
) -> Rectification:
    """Decide about something that she says is missing: accepted, her statement is kept beside."""
    request, person = to_decide(request, by)
    refuse_identity_codes(statement=statement, reason=reason)
    lock_person(person.pk)
    there = made_before(Rectification, public_id)
    decision, _is_new = made_once(
        Rectification(
            request=request,
            public_id=public_id,
            model=person._meta.label_lower,
            record=person.public_id,
            field="",
            is_accepted=is_accepted,
            reason=reason,
            statement=statement,
            decided_by=by,
        ),
        *("request_id", "record", "field", "statement", "is_accepted"),
    )
    if is_accepted and not there:
        let_recipients_wait(request, person)
    return decision
