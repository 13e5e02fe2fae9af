"""Contacts with the people in the register: logging one, and closing the matter."""

from collections.abc import Mapping
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from customers.free_text import refuse_identity_codes
from customers.models import Customer, IdentityCheck, Interaction, Person, Source
from customers.services.errors import NotHerCustomer, SavedBefore
from customers.services.locks import refuse_restricted

_SOURCES: dict[str, Source] = {
    Interaction.Channel.PHONE: Source.PHONE_CALL,
    Interaction.Channel.VIDEO: Source.PHONE_CALL,
    Interaction.Channel.EMAIL: Source.EMAIL,
    Interaction.Channel.LETTER: Source.LETTER,
    Interaction.Channel.WEB_FORM: Source.WEB_FORM,
}


@transaction.atomic
def log_contact(
    *,
    public_id: UUID,
    person: Person,
    handled_by: User,
    channel: str,
    direction: str,
    subject: str,
    summary: str = "",
    customer: Customer | None = None,
    outcome: str = "",
    is_closed: bool,
    answers: Mapping[str, bool],
) -> Interaction:
    """Log a contact with what was asked to know the caller (`answers`: question to matched).

    `public_id` was given to the form when it was shown: the same form sent again changes nothing
    and gives the contact that is there (promise 8). Restricted persons are logged too, since the
    contact itself has to be. Raises SavedBefore where that contact says something else,
    NotHerCustomer, and ValidationError where a value will not do.
    """
    refuse_identity_codes(subject=subject, summary=summary)
    if customer is not None and not Customer.objects.of(person).filter(pk=customer.pk).exists():
        raise NotHerCustomer
    now = timezone.now()
    contact = Interaction(
        public_id=public_id,
        person=person,
        customer=customer,
        channel=channel,
        direction=direction,
        subject=subject,
        summary=summary,
        outcome=outcome,
        handled_by=handled_by,
        happened_at=now,
        closed_at=now if is_closed else None,
        source=_SOURCES.get(channel, Source.STAFF),
    )
    contact.full_clean(exclude={"public_id"})
    try:
        with transaction.atomic():
            contact.save(force_insert=True)
    except IntegrityError:
        there = Interaction.objects.filter(public_id=public_id, handled_by=handled_by).first()
        if there is None:
            raise  # no form that she has sent before
        if not _says_the_same(there, contact, answers):
            raise SavedBefore from None
        return there
    IdentityCheck.objects.bulk_create(
        IdentityCheck(
            interaction=contact,
            question=question,
            matched=matched,
            checked_by=handled_by,
            checked_at=now,
        )
        for question, matched in answers.items()
    )
    return contact


def _says_the_same(there: Interaction, contact: Interaction, answers: Mapping[str, bool]) -> bool:
    fields = ("person_id", "customer_id", "channel", "direction", "subject", "summary", "outcome")
    return (
        all(getattr(there, name) == getattr(contact, name) for name in fields)
        and (there.closed_at is None) == (contact.closed_at is None)
        and {one.question: one.matched for one in there.identity_checks.all()} == dict(answers)
    )


@transaction.atomic
def close_matter(*, contact: Interaction, outcome: str) -> Interaction:
    """Close an open matter with its outcome; closing twice changes nothing.

    Raises ProcessingRestricted, and ValidationError for an unknown outcome.
    """
    contact = Interaction.objects.select_for_update(no_key=True).get(pk=contact.pk)
    if contact.person_id is not None:
        refuse_restricted(contact.person_id)
    if contact.closed_at is None:
        contact.outcome = outcome
        contact.closed_at = max(timezone.now(), contact.happened_at)
        contact.clean_fields()
        contact.save(update_fields=["outcome", "closed_at"])
    return contact
