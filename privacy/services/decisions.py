"""What is decided in a request: a value, an objection, an erasure, the names of staff.

A decision is never changed: a newer one takes its place. Each raises PermissionDenied, SavedBefore,
ChangedMeanwhile where another registrar has decided since the form was opened, and
ValidationError with a sentence.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from consents.models import MarketingChoice
from consents.services import prohibit_everything
from customers.free_text import refuse_identity_codes
from customers.models import Source
from customers.services.errors import ProcessingRestricted
from customers.services.locks import lock_person, locked, refuse_changed
from datamap.declarations import registry
from datamap.vocabulary import Category, Purpose
from privacy import correctable
from privacy.held import categories_held
from privacy.models import (
    ErasureDecision,
    Objection,
    Rectification,
    StaffNamesDecision,
    SubjectRequest,
)
from privacy.needed import decisions_of
from privacy.services.changing import M, kept, made_once
from privacy.services.deciding import last_of, refuse_unseen, to_decide
from privacy.services.telling import let_recipients_wait

Channel = SubjectRequest.Channel
Ground = ErasureDecision.Ground

ERASING = (
    Ground.NOT_NEEDED,
    Ground.WITHDRAWN,
    Ground.OBJECTED,
    Ground.UNLAWFUL,
    Ground.DUTY,
)
"""The grounds on which data is erased; the others are those on which it stays."""

_SOURCES = {
    Channel.LETTER: Source.LETTER,
    Channel.EMAIL: Source.EMAIL,
    Channel.PHONE: Source.PHONE_CALL,
}
_CHOICE_SOURCES = {
    Channel.LETTER: MarketingChoice.Source.LETTER,
    Channel.EMAIL: MarketingChoice.Source.LETTER,
    Channel.PHONE: MarketingChoice.Source.CALL,
}

# --- rectification --------------------------------------------------------------------------------


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
    seen_at: datetime,
    by: User,
) -> Rectification:
    """Decide about a value that she says is wrong; accepted, it is put right at once (Art. 16).

    What was and what she says stay in the decision. While her data is restricted nothing is put
    right: the restriction is lifted before.
    """
    request, person = to_decide(request, by)
    refuse_identity_codes(new_value=new_value, reason=reason, statement=statement)
    lock_person(person.pk)
    now = correctable.Value(locked(value.record), value.field)
    there = _made_before(Rectification, public_id)
    decision = Rectification(
        request=request,
        public_id=public_id,
        model=now.record._meta.label_lower,
        record=now.record.public_id,
        field=now.field,
        old_value=now.raw,
        new_value=new_value,
        is_accepted=is_accepted,
        reason=reason,
        statement=statement,
        decided_by=by,
    )
    if not there:
        refuse_changed(now.record, seen_at)
        if is_accepted:
            _put_right(request, now, new_value, seen_at)
            declared = registry[type(now.record)].fields[now.field]
            let_recipients_wait(request, person, declared.categories)
    return made_once(decision, "request_id", "record", "field", "new_value", "is_accepted")[0]


def _put_right(
    request: SubjectRequest, value: correctable.Value, new: str, seen_at: datetime
) -> None:
    if new == value.raw:
        raise ValidationError({"new_value": _("This is the value already.")})
    try:
        source = _SOURCES.get(Channel(request.channel), Source.STAFF)
        correctable.write(value, new, source=source, seen_at=seen_at)
    except ProcessingRestricted:
        raise ValidationError(
            _("Her data is restricted: lift the restriction before it is put right.")
        ) from None
    except ValidationError as error:
        raise _at_new_value(error, value.field) from None


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


# --- objection ------------------------------------------------------------------------------------


@transaction.atomic
def decide_objection(
    *,
    request: SubjectRequest,
    public_id: UUID,
    purpose: str,
    grounds: str,
    weighing: str,
    is_upheld: bool,
    seen_last: UUID | None,
    by: User,
) -> Objection:
    """Decide about an objection (Art. 21).

    To direct marketing it is absolute: nothing is weighed, nobody need be identified, and all
    channels are prohibited at once. Any other is weighed.
    """
    is_absolute = purpose == Purpose.MARKETING
    request, person = to_decide(request, by, from_anybody=is_absolute)
    refuse_identity_codes(grounds=grounds, weighing=weighing)
    if not _made_before(Objection, public_id):
        refuse_unseen(last_of(Objection, request), seen_last)
    if is_absolute:
        source = _CHOICE_SOURCES.get(Channel(request.channel), MarketingChoice.Source.FORM)
        prohibit_everything(person=person, source=source, recorded_by=by)
    decision = Objection(
        request=request,
        public_id=public_id,
        purpose=purpose,
        grounds=grounds,
        weighing="" if is_absolute else weighing,
        is_upheld=is_absolute or is_upheld,
        decided_by=by,
    )
    return made_once(decision, "request_id", "purpose", "grounds", "weighing", "is_upheld")[0]


# --- erasure --------------------------------------------------------------------------------------


@transaction.atomic
def decide_erasure(
    *,
    request: SubjectRequest,
    decided: Mapping[Category, tuple[str, str]],
    seen_last: UUID | None,
    by: User,
) -> list[ErasureDecision]:
    """Decide by category, with ground and reason, what is erased and what stays (Art. 17).

    Only what differs from the newest decision is written. Nothing is erased here: the decisions
    are what an erasure goes by.
    """
    request, person = to_decide(request, by)
    refuse_identity_codes(**{category: reason for category, (_g, reason) in decided.items()})
    before = decisions_of(request)
    different = {
        category: one
        for category, one in decided.items()
        if category not in before or (before[category].ground, before[category].reason) != one
    }
    if not different:
        return []
    refuse_unseen(last_of(ErasureDecision, request), seen_last)
    if not set(different) <= set(categories_held(person)):
        raise ValidationError(_("Nothing of such a category is held of her."))
    made = [
        kept(
            ErasureDecision(
                request=request,
                category=category,
                is_erased=ground in ERASING,
                ground=ground,
                reason=reason,
                decided_by=by,
            )
        )
        for category, (ground, reason) in different.items()
    ]
    erased = [one.category for one in made if one.is_erased]
    if erased:
        let_recipients_wait(request, person, erased)
    return made


# --- names of staff -------------------------------------------------------------------------------


@transaction.atomic
def decide_staff_names(
    *,
    request: SubjectRequest,
    public_id: UUID,
    names_staff: bool,
    weighing: str,
    seen_last: UUID | None,
    by: User,
) -> StaffNamesDecision:
    """Decide whether her report names the staff who looked: only if essential to her rights."""
    request, _person = to_decide(request, by)
    refuse_identity_codes(weighing=weighing)
    if not _made_before(StaffNamesDecision, public_id):
        refuse_unseen(last_of(StaffNamesDecision, request), seen_last)
    decision = StaffNamesDecision(
        request=request,
        public_id=public_id,
        names_staff=names_staff,
        weighing=weighing,
        decided_by=by,
    )
    return made_once(decision, "request_id", "names_staff", "weighing")[0]


def _made_before(model: type[M], public_id: UUID) -> bool:
    """Whether this form was sent before: then its decision is there, and nothing is done twice."""
    found = model._default_manager.filter(public_id=public_id)
    return found.exists()
