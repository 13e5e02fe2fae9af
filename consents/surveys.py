"""A survey behind a person's own link: what it asks her, and what she consents to with it (S24)."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _now

from consents.links import link_token
from consents.models import (
    Consent,
    MarketingChoice,
    SupplementaryInformation,
    Survey,
    SurveyQuestion,
    Wording,
)
from consents.services import Answer, add_information, give_consent
from customers.models import Person, Source

SURVEY = "survey"
"""The kind of link; what it is about is the survey's public ID."""

MAX_AGE = timedelta(days=60)
LONGEST_ANSWER = 2000
SCALE = ("1", "2", "3", "4", "5")

Purpose = Consent.Purpose


def survey_link(public_id: UUID, survey: Survey) -> str:
    """Where a person answers a survey, without signing in."""
    token = link_token(SURVEY, public_id, survey.public_id.hex)
    return f"{settings.SITE_ADDRESS}{reverse('survey', args=[token])}"


def survey_of(about: str) -> Survey | None:
    """The open survey that a link is about."""
    survey = Survey.objects.filter(public_id=about).first() if about else None
    return survey if survey is not None and survey.is_open else None


def consent_of(person: Person) -> Consent | None:
    """Her consent to surveys, if one is in force."""
    return Consent.objects.filter(person=person, purpose=Purpose.SURVEY).in_force().first()


def consent_wording(purpose: str, language: str) -> Wording | None:
    """The newest text of a consent in a language; who has no text cannot consent."""
    return Wording.objects.filter(name=purpose, language=language).order_by("-version").first()


def has_answered(consent: Consent, survey: Survey) -> bool:
    """Whether she has answered the survey on this page already."""
    return SupplementaryInformation.objects.filter(
        person=consent.person_id, topic=survey.topic, reference=_reference(consent)
    ).exists()


@transaction.atomic
def save_answers(
    *,
    person: Person,
    survey: Survey,
    wording: Wording | None,
    answers: Mapping[SurveyQuestion, str],
) -> list[SupplementaryInformation]:
    """Record her consent on the wording that she read, unless one is in force, and her answers.

    Answering twice keeps the first answers. Raises ProcessingRestricted, and ValidationError where
    she has not consented or an answer holds a personal identity code.
    """
    consent = consent_of(person)
    if consent is None:
        if wording is None:
            raise ValidationError({"consent": _now("Your consent is needed.")})
        consent = give_consent(
            person=person,
            purpose=Purpose.SURVEY,
            wording=wording,
            source=MarketingChoice.Source.PAGE,
            evidence=f"survey {wording.language}",
        )
    if has_answered(consent, survey):
        return []
    return add_information(
        person=person,
        kind=SupplementaryInformation.Kind.SURVEY,
        topic=survey.topic,
        answers=[Answer(text, question.text) for question, text in answers.items()],
        source=Source.WEB_FORM,
        consent=consent,
        reference=_reference(consent),
    )


def _reference(consent: Consent) -> str:
    """One set of answers for each consent: who withdrew it and gave another may answer anew."""
    return f"page-{consent.public_id.hex}"
