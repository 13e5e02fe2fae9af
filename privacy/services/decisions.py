"""What is decided in a request: an objection, an erasure, the names of staff.

A decision is never changed: a newer one takes its place. Each raises PermissionDenied, SavedBefore,
ChangedMeanwhile where another registrar has decided since the form was opened, and
ValidationError with a sentence.
"""

from collections.abc import Mapping
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from consents.models import MarketingChoice
from consents.services import prohibit_everything
from customers.free_text import refuse_identity_codes
from datamap.vocabulary import Category, Purpose
from privacy.held import categories_held
from privacy.models import ErasureDecision, Objection, StaffNamesDecision, SubjectRequest
from privacy.needed import decisions_of
from privacy.services.changing import kept, made_once
from privacy.services.deciding import last_of, made_before, refuse_unseen, to_decide
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

_CHOICE_SOURCES = {
    Channel.LETTER: MarketingChoice.Source.LETTER,
    Channel.EMAIL: MarketingChoice.Source.LETTER,
    Channel.PHONE: MarketingChoice.Source.CALL,
}

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
    if not made_before(Objection, public_id):
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
    if not made_before(StaffNamesDecision, public_id):
        refuse_unseen(last_of(StaffNamesDecision, request), seen_last)
    decision = StaffNamesDecision(
        request=request,
        public_id=public_id,
        names_staff=names_staff,
        weighing=weighing,
        decided_by=by,
    )
    return made_once(decision, "request_id", "names_staff", "weighing")[0]
