"""What recordings holds of persons (S9-S12, S22); its files are exported and erased by their own
steps, since their content lies in the vault.
"""

from datetime import date
from functools import partial
from typing import Any

from django.db.models import Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from datamap.days import day_of
from datamap.declarations import (
    Field,
    GivenFile,
    Keep,
    PersonalData,
    Use,
    VaultData,
    declare_impersonal,
    register,
)
from datamap.vocabulary import Category, LawfulBasis, Purpose
from recordings.exports import message_ending, message_words, recording_ending
from recordings.models import (
    DestroyedBy,
    MessageConcerns,
    Reassignment,
    Recording,
    RecordingConcerns,
    RecordingHold,
    StoredMessage,
)
from recordings.periods import CALL_MONTHS, MESSAGE_MONTHS
from recordings.querysets import OF_NO_CUSTOMER, KeptQuerySet
from recordings.services import destroy

_BALANCING = _(
    "A recording shows what was agreed in a call when it is disputed. The caller is told before it "
    "begins, few may play it, each time with a reason, and it goes after half a year."
)
_USES = [
    Use(Purpose.VERIFICATION, LawfulBasis.LEGITIMATE_INTEREST, balancing=_BALANCING),
    Use(Purpose.PROBLEM_SOLVING, LawfulBasis.LEGITIMATE_INTEREST, balancing=_BALANCING),
]
_ACCOUNTABILITY = Use(Purpose.ACCOUNTABILITY, LawfulBasis.LEGAL_OBLIGATION)
_SHOWING = _("Showing why data was kept, Art. 5(2)")
_TIMES = ["created_at", "changed_at"]


def _kept(rows: KeptQuerySet[Any], day: date, with_restrictions: bool) -> KeptQuerySet[Any]:
    return rows.held_or_restricted(day) if with_restrictions else rows.held(day)


def _ended_or_sent() -> Any:
    """When the relationship ended; of a message sent since, when it was sent."""
    return Greatest("interaction__customer__ended_on", day_of("sent_at"))


_VAULT = VaultData(
    "file",
    erase=partial(destroy, by=DestroyedBy.ERASURE),
    expire=partial(destroy, by=DestroyedBy.RETENTION, is_over=True),
    kept=_kept,
)

_KEPT = {
    name: Field(Category.RECORDINGS)
    for name in (
        *("file", "interaction", "external_id", "due_on", "quarantined_at", "quarantine"),
        *("destroyed_at", "destroyed_by"),
    )
}

register(
    PersonalData(
        model=Recording,
        subjects=["concerns__person"],
        fields={
            **_KEPT,
            "medium": Field(Category.RECORDINGS),
            "format": Field(Category.RECORDINGS),
            "caller_number": Field((Category.RECORDINGS, Category.PHONE), is_searched=True),
            "line_number": Field(Category.RECORDINGS),
            "started_at": Field(Category.RECORDINGS),
            "duration": Field(Category.RECORDINGS),
            "informed_at": Field(Category.RECORDINGS),
        },
        not_personal=["id", "public_id", "handled_by", *_TIMES],
        uses=_USES,
        retention=[
            Keep(
                months=CALL_MONTHS,
                after="started_at",
                because=_("Disputes about a call come within months"),
                most=CALL_MONTHS,
            )
        ],
        erases_files=True,
        vault=_VAULT,
        given=GivenFile("file", recording_ending, concerns="concerns__person"),
    )
)
register(
    PersonalData(
        model=StoredMessage,
        subjects=["concerns__person"],
        fields={
            **_KEPT,
            "kind": Field(Category.RECORDINGS),
            "sender": Field((Category.RECORDINGS, Category.EMAIL, Category.PHONE)),
            "recipients": Field((Category.RECORDINGS, Category.EMAIL, Category.PHONE)),
            "sent_at": Field(Category.RECORDINGS),
            "attachments": Field(Category.RECORDINGS),
        },
        not_personal=["id", "public_id", *_TIMES],
        uses=_USES,
        retention=[
            Keep(
                months=MESSAGE_MONTHS,
                after="interaction__closed_at",
                because=_("Questions about a case that was closed"),
                most=MESSAGE_MONTHS,
            ),
            Keep(
                months=MESSAGE_MONTHS,
                after="interaction__customer__ended_on",
                because=_("Questions about a case that nobody closed"),
                when=Q(interaction__closed_at__isnull=True),
                begins=_ended_or_sent,
                since=_("end of the customer relationship, or sent after it"),
                most=MESSAGE_MONTHS,
            ),
            Keep(
                months=MESSAGE_MONTHS,
                after="sent_at",
                because=_("Where no case is known, or an open one of no customer"),
                when=Q(interaction__isnull=True) | OF_NO_CUSTOMER,
                most=MESSAGE_MONTHS,
            ),
        ],
        erases_files=True,
        vault=_VAULT,
        given=GivenFile(
            "file",
            message_ending,
            words=message_words,
            concerns="concerns__person",
            asks=lambda message: True,  # nobody here reads its attachments
        ),
    )
)
register(
    PersonalData(
        model=RecordingConcerns,
        subjects=["person"],
        fields={"recording": Field(Category.RECORDINGS)},
        not_personal=["id", "person"],
        uses=_USES,
        goes_with=["recording"],
        needs_little=["person"],
    )
)
register(
    PersonalData(
        model=MessageConcerns,
        subjects=["person"],
        fields={"message": Field(Category.RECORDINGS)},
        not_personal=["id", "person"],
        uses=_USES,
        goes_with=["message"],
        needs_little=["person"],
    )
)
register(
    PersonalData(
        model=RecordingHold,
        subjects=["recording__concerns__person", "message__concerns__person"],
        fields={
            "recording": Field(Category.RECORDINGS),
            "message": Field(Category.RECORDINGS),
            "reason": Field(Category.RECORDINGS),
            "placed_at": Field(Category.RECORDINGS),
            "until": Field(Category.RECORDINGS),
            "released_at": Field(Category.RECORDINGS),
        },
        not_personal=["id", "public_id", "placed_by", "released_by", *_TIMES],
        uses=[_ACCOUNTABILITY],
        retention=[
            Keep(years=3, after="released_at", because=_SHOWING),
            Keep(years=3, after="until", because=_SHOWING),
        ],
    )
)
register(
    PersonalData(
        model=Reassignment,
        subjects=["taken_from", "given_to"],
        fields={
            "recording": Field(Category.RECORDINGS),
            "message": Field(Category.RECORDINGS),
            "reason": Field(Category.RECORDINGS),
            "made_at": Field(Category.RECORDINGS),
        },
        not_personal=["id", "public_id", "taken_from", "given_to", "made_by", *_TIMES],
        uses=[_ACCOUNTABILITY],
        retention=[
            Keep(years=3, after="made_at", because=_("Showing that it was corrected, Art. 5(2)"))
        ],
        lets_go=["taken_from", "given_to"],
    )
)
declare_impersonal(
    "recordings.SealedFile", because="Sizes, hashes and wrapped keys of files; about nobody."
)
