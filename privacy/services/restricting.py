"""Restricting her data in her request, and lifting that once she has been told (GDPR Art. 18)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from customers.models import Restriction
from customers.services import lift_restriction, restrict_processing
from customers.services.locks import lock_person
from privacy.models import RecipientNotice, RequestLetter, SubjectRequest
from privacy.services.changing import today
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
    """Lift a restriction on the day that the notice to her said, or later (Art. 18(3)).

    Also in a request that was answered and is not closed: a restriction outlasts its answer.
    """
    request, person = to_decide(request, by, is_answered=True)
    if restriction.person_id != person.pk:
        raise ValidationError(_("This restriction is somebody else's."))
    day = ends_on(request, restriction)
    if day is None:
        raise ValidationError(
            _(
                "She is told before a restriction ends: write the notice that it ends, send it,"
                " and note that it went out (Art. 18(3))."
            )
        )
    if today() < day:
        raise ValidationError(
            _("She was told that it ends on %(day)s: it is not lifted before.")
            % {"day": date_format(day, "SHORT_DATE_FORMAT")}
        )
    return lift_restriction(restriction=restriction, by=by)


def ends_on(request: SubjectRequest, restriction: Restriction) -> date | None:
    """The day that the newest notice that went out says it ends on; None where none has."""
    told = RequestLetter.objects.filter(
        request=request, restriction=restriction.public_id, sent_on__isnull=False
    )
    newest = told.order_by("pk").last()
    return None if newest is None else newest.ends_on
