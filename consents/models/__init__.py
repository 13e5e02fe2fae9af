"""The models of consents: marketing choices, notices, consents, lists, suppressed addresses."""

from consents.models.agreed import Consent, SupplementaryInformation
from consents.models.choices import (
    CALL_REQUEST,
    DIRECT_MARKETING,
    Language,
    MarketingChoice,
    MarketingChoiceQuerySet,
    Wording,
)
from consents.models.lists import MarketingList, MarketingListRow
from consents.models.notices import OWN_COMPANY, CollectionNotice, WorkDuty
from consents.models.suppression import RobinsonEntry, Suppression
from consents.models.surveys import MOST_QUESTIONS, Survey, SurveyQuestion

__all__ = [
    "CALL_REQUEST",
    "DIRECT_MARKETING",
    "MOST_QUESTIONS",
    "OWN_COMPANY",
    "CollectionNotice",
    "Consent",
    "Language",
    "MarketingChoice",
    "MarketingChoiceQuerySet",
    "MarketingList",
    "MarketingListRow",
    "RobinsonEntry",
    "SupplementaryInformation",
    "Suppression",
    "Survey",
    "SurveyQuestion",
    "Wording",
    "WorkDuty",
]
