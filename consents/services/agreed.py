"""Consents for other purposes than marketing, and what is kept on them or told to us (S24, S29)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from accounts.models import User
from consents.models import Consent, SupplementaryInformation, Wording
from customers.free_text import refuse_identity_codes
from customers.models import Person
from customers.services.locks import lock_person, refuse_restricted

Kind = SupplementaryInformation.Kind


@dataclass(frozen=True)
class Answer:
    """What she said to one question; without a question, what she told by herself."""

    text: str
    question: str = ""


@transaction.atomic
def give_consent(
    *,
    person: Person,
    purpose: str,
    wording: Wording,
    source: str,
    evidence: str = "",
    recorded_by: User | None = None,
) -> Consent:
    """Record that a person consented to one purpose, on the wording that she agreed to.

    A consent that is in force already stays as it is: it is given once. Raises
    ProcessingRestricted, and ValidationError where the wording is of another purpose or a value
    will not do.
    """
    person = lock_person(person.pk)
    refuse_restricted(person.pk)
    there = Consent.objects.filter(person=person, purpose=purpose).in_force().first()
    if there is not None:
        return there
    if wording.name != purpose:
        raise ValidationError({"wording": _now("This wording is of another purpose.")})
    made = Consent(
        person=person,
        purpose=purpose,
        wording=wording,
        source=source,
        evidence=evidence,
        recorded_by=recorded_by,
    )
    made.full_clean()
    made.save()
    return made


@transaction.atomic
def withdraw_consent(*, consent: Consent) -> Consent:
    """Record that a consent was withdrawn; the database then starts the erasure of what was
    collected with it.

    Withdrawing twice changes nothing, and the row stays as evidence. A restricted person
    withdraws too: it is her right (GDPR Art. 7(3)).
    """
    lock_person(consent.person_id)
    consent = Consent.objects.select_for_update(no_key=True).get(pk=consent.pk)
    if consent.withdrawn_at is None:
        consent.withdrawn_at = timezone.now()
        consent.save(update_fields=["withdrawn_at"])
    return consent


@transaction.atomic
def add_information(
    *,
    person: Person,
    kind: str,
    topic: str,
    answers: Sequence[Answer],
    source: str,
    consent: Consent | None = None,
    reference: str = "",
    collected_at: datetime | None = None,
) -> list[SupplementaryInformation]:
    """Keep what a person told us of herself, or answered with her consent.

    Raises ProcessingRestricted, and ValidationError where an answer holds a personal identity
    code, where it is there already, or where it needs a consent that she has not given.
    """
    person = lock_person(person.pk)
    refuse_restricted(person.pk)
    if consent is not None:
        consent = Consent.objects.filter(person=person, pk=consent.pk).in_force().first()
        if consent is None:
            raise ValidationError({"consent": _now("She has not given this consent.")})
    made = []
    for answer in answers:
        refuse_identity_codes(topic=topic, question=answer.question, answer=answer.text)
        one = SupplementaryInformation(
            person=person,
            kind=kind,
            topic=topic,
            question=answer.question,
            answer=answer.text,
            consent=consent,
            source=source,
            reference=reference,
            collected_at=collected_at or timezone.now(),
        )
        one.full_clean()
        one.save()
        made.append(one)
    return made
