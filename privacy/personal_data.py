"""What privacy holds of persons: the files of their requests (S32-S35), by Art. 5(2)."""

from django.utils.translation import gettext_lazy as _

from customers.models.base import RegisterModel
from datamap.declarations import (
    Field,
    GivenFile,
    Keep,
    PersonalData,
    Use,
    declare_impersonal,
    register,
)
from datamap.vocabulary import Category, LawfulBasis, Purpose, WrittenBy
from privacy.files import attachment_ending, destroying, letter_ending
from privacy.models import (
    BreachAffected,
    ErasureDecision,
    Objection,
    Package,
    PackageFile,
    ProposedRedaction,
    RecipientNotice,
    Rectification,
    RequestAttachment,
    RequestLetter,
    RequestNote,
    RequestPause,
    RequestReminder,
    RequestTask,
    StaffNamesDecision,
    StateChange,
    SubjectRequest,
)

_USES = [Use(Purpose.ACCOUNTABILITY, LawfulBasis.LEGAL_OBLIGATION)]
_TIMES = ["created_at", "changed_at"]
REQUEST_YEARS, BREACH_YEARS = 3, 5
_SHOWING = _("Showing how the request was answered")
_OF_REQUEST = Keep(years=REQUEST_YEARS, after="request__closed_at", because=_SHOWING)


def _rights(*names: str, provided_by_subject: bool = False) -> dict[str, Field]:
    return {name: Field(Category.RIGHTS, provided_by_subject=provided_by_subject) for name in names}


register(
    PersonalData(
        model=SubjectRequest,
        subjects=["person"],
        fields={
            **_rights(
                *("kind", "channel", "requester_name", "answer_to", "language"),
                *("representative", "authorisation", "scope"),
                provided_by_subject=True,
            ),
            **_rights(
                *("number", "received_on", "state", "first_due_on", "due_on"),
                *("identified_by", "identified_at", "extended_on", "extension_reason"),
                *("refusal", "refusal_reason", "is_partly_refused", "answered_on"),
                *("withdrawn_on", "withdrawn_how", "closed_at"),
            ),
        },
        not_personal=[
            *("id", "public_id", "person", "identified_with", "handler", "opened_by"),
            *_TIMES,
        ],
        uses=_USES,
        retention=[Keep(years=REQUEST_YEARS, after="closed_at", because=_SHOWING)],
        lets_go=["person"],
    )
)


def _of_request(
    model: type[RegisterModel],
    personal: tuple[str, ...],
    others: tuple[str, ...] = (),
    *,
    files: tuple[str, ...] = (),
    given: GivenFile | None = None,
    written_by: WrittenBy = WrittenBy.SITE,
) -> None:
    register(
        PersonalData(
            model=model,
            subjects=["request__person"],
            fields=_rights(*personal),
            not_personal=["id", "public_id", "request", *others, *_TIMES],
            uses=_USES,
            retention=[_OF_REQUEST],
            erases_files=bool(files),
            before_erasing=destroying(model, *files) if files else None,
            given=given,
            written_by=written_by,
            goes_with=["request"],
        )
    )


_APPENDS = WrittenBy.SITE_APPENDS
_of_request(RequestPause, ("asked_on", "answered_on", "doubt"))
_of_request(RequestTask, ("what", "due_on", "done_at"), ("done_by",))
_of_request(RequestNote, ("text", "written_at"), ("written_by",), written_by=_APPENDS)
_of_request(
    RequestAttachment,
    ("title", "media_type", "is_identity_document", "file", "destroyed_at"),
    files=("file",),
    given=GivenFile("file", attachment_ending, asks=lambda paper: True),  # others' papers too
)
_of_request(
    RequestLetter,
    ("template", "language", "file", "sent_on", "ends_on", "destroyed_at"),
    ("made_by", "wording_digest", "restriction"),
    files=("file",),
    given=GivenFile("file", letter_ending, asks=lambda letter: letter.sent_on is None),
)
_of_request(
    Package,
    (
        *("contents", "status", "draft", "collected_at", "approved_at", "sent_at"),
        *("expires_on", "destroyed_at", "discarded_because"),
    ),
    (
        *("steps_done", "steps", "failure", "asked_by", "needs_second_person", "approved_by"),
        *("password", "discarded_by"),
    ),
    files=("draft", "password"),
)
_of_request(
    Rectification,
    (
        *("model", "record", "field", "old_value", "new_value", "is_accepted", "is_by_hand"),
        *("reason", "statement", "decided_at"),
    ),
    ("decided_by",),
    written_by=_APPENDS,
)
_of_request(
    ErasureDecision,
    ("category", "is_erased", "ground", "reason", "decided_at"),
    ("decided_by",),
    written_by=_APPENDS,
)
_of_request(
    Objection,
    ("purpose", "grounds", "weighing", "is_upheld", "decided_at"),
    ("decided_by",),
    written_by=_APPENDS,
)
_of_request(
    StaffNamesDecision,
    ("names_staff", "weighing", "decided_at"),
    ("decided_by",),
    written_by=_APPENDS,
)
_of_request(RecipientNotice, ("recipient", "told_on", "not_told_because"), ("noted_by",))

register(
    PersonalData(
        model=StateChange,
        subjects=["request__person"],
        fields=_rights("from_state", "to_state", "reason", "changed_at"),
        not_personal=["id", "request", "changed_by"],
        uses=_USES,
        retention=[_OF_REQUEST],
        written_by=_APPENDS,
        goes_with=["request"],
    )
)
register(
    PersonalData(
        model=RequestReminder,
        subjects=["request__person"],
        fields=_rights("due_on", "days", "reminded_at"),
        not_personal=["id", "request"],
        uses=_USES,
        retention=[_OF_REQUEST],
        written_by=_APPENDS,
        goes_with=["request"],
    )
)
register(
    PersonalData(
        model=PackageFile,
        subjects=["package__request__person"],
        fields=_rights("kind", "file"),
        not_personal=["id", "package", "volume"],
        uses=_USES,
        retention=[
            Keep(
                after="package__expires_on",
                because=_("Time for the person to fetch or to receive it"),
            )
        ],
        erases_files=True,
        before_erasing=destroying(PackageFile, "file"),
        goes_with=["package"],
    )
)
register(
    PersonalData(
        model=ProposedRedaction,
        subjects=["package__request__person"],
        fields=_rights("pointer", "start", "stop", "what", "is_accepted", "decided_at"),
        not_personal=["id", "package", "decided_by"],
        uses=_USES,
        retention=[
            Keep(
                years=REQUEST_YEARS,
                after="package__request__closed_at",
                because=_("Showing what was withheld, and that somebody decided it"),
            )
        ],
        goes_with=["package"],
    )
)
register(
    PersonalData(
        model=BreachAffected,
        subjects=["subject"],
        fields=_rights("breach"),
        not_personal=["id", "subject"],
        uses=_USES,
        retention=[
            Keep(
                years=BREACH_YEARS,
                after="breach__closed_at",
                because=_("Documenting breaches, GDPR Art. 33(5)"),
            )
        ],
        written_by=_APPENDS,
    )
)

declare_impersonal("privacy.Breach", because="What happened, in words that name nobody.")
declare_impersonal("privacy.RegisterDescription", because="What is published about the register.")
declare_impersonal("privacy.CalendarLink", because="Whose calendar shows due dates: of staff.")
declare_impersonal("privacy.RetentionPeriod", because="How long kinds of records are kept.")
declare_impersonal("privacy.RetentionOutlook", because="Counts of records alone.")
declare_impersonal("privacy.ErasureRun", because="Counts of records; a request by its number.")
declare_impersonal("privacy.PlannedErasure", because="Keys of records that are about to go.")
declare_impersonal("privacy.LedgerPosition", because="A number of bytes.")
declare_impersonal("privacy.Statistic", because="Counts and sums of groups; never of a few.")
