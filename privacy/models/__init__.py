"""The models of privacy: requests, what is done in them, packages, records."""

from privacy.models.decisions import (
    ErasureDecision,
    Objection,
    RecipientNotice,
    Rectification,
    StaffNamesDecision,
)
from privacy.models.erasing import (
    ErasureRun,
    Failure,
    LedgerPosition,
    PlannedErasure,
    RetentionOutlook,
    RetentionPeriod,
)
from privacy.models.packages import Package, PackageFile, ProposedRedaction
from privacy.models.papers import RequestAttachment, RequestLetter, RequestNote, RequestTask
from privacy.models.records import Breach, BreachAffected, RegisterDescription
from privacy.models.reminding import CalendarLink, RequestReminder
from privacy.models.requests import RequestPause, StateChange, SubjectRequest
from privacy.models.statistics import Statistic

__all__ = [
    "Breach",
    "BreachAffected",
    "CalendarLink",
    "ErasureDecision",
    "ErasureRun",
    "Failure",
    "LedgerPosition",
    "Objection",
    "Package",
    "PackageFile",
    "PlannedErasure",
    "ProposedRedaction",
    "RecipientNotice",
    "Rectification",
    "RegisterDescription",
    "RequestAttachment",
    "RequestLetter",
    "RequestNote",
    "RequestPause",
    "RequestReminder",
    "RequestTask",
    "RetentionOutlook",
    "RetentionPeriod",
    "StaffNamesDecision",
    "StateChange",
    "Statistic",
    "SubjectRequest",
]
