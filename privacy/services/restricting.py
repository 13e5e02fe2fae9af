"""Restricting her data in her request, and lifting that once she has been told (GDPR Art. 18)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from customers.models import Restriction
from customers.services import lift_restriction, restrict_processing
from customers.services.locks import lock_person
from privacy.models import RecipientNotice, RequestLetter, SubjectRequest
from privacy.services.changing import to_change
from privacy.services.deciding import to_decide
from privacy.services.telling import let_recipients_wait


@transaction.atomic
def restrict(*, request: SubjectRequest, ground: str, by: User) -> Restriction:
    """Restrict her data from now on; on a ground on which it is so already, nothing is added."""
    request, person = to_decide(request, by)
    lock_person(person.pk)
    there = Restriction.objects.filter(person=person, ground=ground).in_force().first()
    if there is None:
        there = restrict_processing(restriction=Restriction(person=person, ground=ground), by=by)
        let_recipients_wait(request, person)
    elif not RecipientNotice.objects.filter(request=request).keys_only().exists():
        let_recipients_wait(request, person)
    return there


@transaction.atomic
def lift(*, request: SubjectRequest, restriction: Restriction, by: User) -> Restriction:
    """Lift a restriction, once the notice that it ends has gone out to her (Art. 18(3))."""
    request = to_change(request, by)
    if restriction.person_id != request.person_id:
        raise ValidationError(_("This restriction is somebody else's."))
    if not is_told(request, restriction):
        raise ValidationError(
            _(
                "She is told before a restriction ends: write the notice that it ends, send it,"
                " and note that it went out (Art. 18(3))."
            )
        )
    return lift_restriction(restriction=restriction, by=by)


def is_told(request: SubjectRequest, restriction: Restriction) -> bool:
    """Whether the notice that it ends went out in this request since the restriction began."""
    began = timezone.localdate(restriction.since)
    letters = RequestLetter.objects.filter(
        request=request, template=RequestLetter.Template.LIFTING, sent_on__gte=began
    )
    return bool(letters.keys_only().exists())
