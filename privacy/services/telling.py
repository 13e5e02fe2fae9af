"""Telling those who received her data what has become of it (GDPR Art. 19)."""

from collections.abc import Collection
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import DisclosedPerson, Disclosure, Recipient, User
from customers.free_text import refuse_identity_codes
from customers.models import Person
from customers.services.locks import locked, refuse_changed
from privacy.models import RecipientNotice, SubjectRequest
from privacy.services.changing import kept, refuse_days, to_change


def let_recipients_wait(
    request: SubjectRequest, person: Person, categories: Collection[str] = ()
) -> int:
    """Note each recipient who got such data of hers as waiting to be told; returns how many.

    Of every category where none is named. Who waits already is not noted twice; who was told of
    an earlier decision waits again.
    """
    hers = DisclosedPerson.objects.filter(subject=person.public_id)
    found = Disclosure.objects.filter(pk__in=hers.values("disclosure"))
    if categories:
        found = found.filter(categories__overlap=sorted(categories))
    waiting = RecipientNotice.objects.filter(request=request).waiting()
    recipients = (
        Recipient.objects.filter(pk__in=found.values("recipient"))
        .exclude(kind=Recipient.Kind.OWN)
        .exclude(pk__in=waiting.values("recipient"))
    )
    made = [kept(RecipientNotice(request=request, recipient=one)) for one in recipients]
    return len(made)


@transaction.atomic
def note_told(
    *,
    notice: RecipientNotice,
    told_on: date | None,
    not_told_because: str,
    seen_at: datetime,
    by: User,
) -> RecipientNotice:
    """Note when a recipient was told, or why he is not; a closed request stays as it is."""
    request = to_change(notice.request, by)
    refuse_days(request, told_on=told_on)
    refuse_identity_codes(not_told_because=not_told_because)
    if request.closed_at is not None:
        raise ValidationError(_("The request is closed: it stays as it is."))
    if (told_on is None) == (not_told_because == ""):
        raise ValidationError(_("Say either when he was told, or why he is not told."))
    notice = locked(notice)
    refuse_changed(notice, seen_at)
    notice.told_on, notice.not_told_because, notice.noted_by = told_on, not_told_because, by
    return kept(notice)
