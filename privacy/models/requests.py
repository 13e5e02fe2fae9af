"""Data-subject requests: who asks for what, until when, how far it is (Arts. 12, 15-22)."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.gate import RecordedModel
from contracts.models.base import NextNumber
from customers.models import Person
from customers.models.base import Language, RegisterModel, ends_after_start
from privacy.querysets import RequestPauseQuerySet, StateChangeQuerySet, SubjectRequestQuerySet
from privacy.states import OPEN, State


class SubjectRequest(RegisterModel):
    """What a person asks of the register; it is about all of her roles (domain §2, S33-S35)."""

    class Kind(models.TextChoices):
        ACCESS = "access", _("Access, Art. 15")
        RECTIFICATION = "rectification", _("Rectification, Art. 16")
        ERASURE = "erasure", _("Erasure, Art. 17")
        RESTRICTION = "restriction", _("Restriction, Art. 18")
        PORTABILITY = "portability", _("Portability, Art. 20")
        OBJECTION = "objection", _("Objection, Art. 21")

    class Channel(models.TextChoices):
        LETTER = "letter", _("Letter")
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Phone call")
        IN_PERSON = "in_person", _("In person")
        OTHER = "other", pgettext_lazy("channel of a request", "Another way")

    class Identified(models.TextChoices):
        CALL_BACK = "call_back", _("Called back to the registered number")
        REGISTERED_EMAIL = "registered_email", _("Answered from the registered e-mail address")
        REGISTERED_ADDRESS = "registered_address", _("Signed letter; answer to registered address")
        STRONG_LOGIN = "strong_login", _("Strong identification")
        KNOWN_DETAILS = "known_details", _("Knew details that only she knows")
        ID_DOCUMENT = "id_document", _("Showed an identity document")
        AUTHORISATION = "authorisation", _("Representative with authorisation")

    class Refusal(models.TextChoices):
        UNIDENTIFIED = "unidentified", _("The person cannot be identified, Art. 12(2)")
        UNFOUNDED = "unfounded", _("Manifestly unfounded, Art. 12(5)")
        EXCESSIVE = "excessive", _("Manifestly excessive, Art. 12(5)")
        EXEMPT = "exempt", _("Exempt, Data Protection Act section 34")
        NOT_OURS = "not_ours", _("Not data of this register")
        COMPANY = "company", _("Asked for a company, which has no such right")

    number = models.CharField(
        _("request number"),
        max_length=32,
        unique=True,
        editable=False,
        db_default=NextNumber(prefix="TP", sequence="privacy_request_number"),
        help_text=_("Given by the database once; never changed."),
    )
    kind = models.CharField(
        _("kind"), max_length=15, choices=Kind.choices, help_text=_("What is asked for.")
    )
    channel = models.CharField(
        _("channel"),
        max_length=10,
        choices=Channel.choices,
        help_text=_("How it came; no way is preferred."),
    )
    received_on = models.DateField(
        _("received"), help_text=_("The day on which it reached us in any way, also on a weekend.")
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name=_("person"),
        help_text=_("Whose data it is about; empty while she is not found, or we hold nothing."),
    )
    requester_name = models.CharField(
        _("name of who asks"), max_length=200, help_text=_("As it stands in the request.")
    )
    answer_to = models.TextField(
        _("answer to"), max_length=500, help_text=_("The address or e-mail address for the answer.")
    )
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=Language.choices,
        help_text=_("The language of our letters and of the report."),
    )
    representative = models.CharField(
        _("representative"),
        max_length=200,
        blank=True,
        help_text=_("Who asks on her behalf; empty if she asks herself."),
    )
    authorisation = models.CharField(
        _("authorisation"),
        max_length=200,
        blank=True,
        help_text=_("How the representative showed that he may ask."),
    )
    scope = models.TextField(
        _("scope"),
        max_length=2000,
        blank=True,
        help_text=_("What she limits it to; empty means everything (S35)."),
    )
    state = models.CharField(
        _("state"),
        max_length=15,
        choices=State.choices,
        default=State.RECEIVED,
        editable=False,
        help_text=_("How far it has come."),
    )
    first_due_on = models.DateField(
        _("original due date"), editable=False, help_text=_("One month from receipt, no pauses.")
    )
    due_on = models.DateField(
        pgettext_lazy("of a request", "due"),
        editable=False,
        help_text=_("With the extension and the days of pauses."),
    )
    identified_by = models.CharField(
        _("identified by"),
        max_length=20,
        choices=Identified.choices,
        blank=True,
        help_text=_("How it was made sure who asks; the document itself is not kept."),
    )
    identified_at = models.DateTimeField(
        _("identified"), null=True, blank=True, help_text=_("When it was made sure.")
    )
    identified_with = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("identified with"),
        help_text=_("The staff member who made sure."),
    )
    extended_on = models.DateField(
        _("extended on"), null=True, blank=True, help_text=_("When two months were added.")
    )
    extension_reason = models.TextField(
        _("reason of the extension"),
        max_length=1000,
        blank=True,
        help_text=_("Complexity or number of requests; it is told to her in time."),
    )
    refusal = models.CharField(
        _("ground of refusal"),
        max_length=15,
        choices=Refusal.choices,
        blank=True,
        help_text=_("Where it was refused, in whole or in part."),
    )
    refusal_reason = models.TextField(
        _("reasons"), max_length=2000, blank=True, help_text=_("The reasons in words.")
    )
    is_partly_refused = models.BooleanField(
        _("a part is refused"),
        default=False,
        help_text=_("Whether the rest is given; decided with the refusal."),
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("handler"),
        help_text=_("The registrar who answers for it."),
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("opened by"),
        help_text=_("Who noted the request."),
    )
    answered_on = models.DateField(
        _("answered"), null=True, blank=True, help_text=_("When the answer went out.")
    )
    withdrawn_on = models.DateField(
        _("withdrawn"), null=True, blank=True, help_text=_("When she took the request back.")
    )
    withdrawn_how = models.CharField(
        _("how it was withdrawn"),
        max_length=300,
        blank=True,
        help_text=_("How she said that she takes it back."),
    )
    closed_at = models.DateTimeField(
        _("closed"), null=True, blank=True, help_text=_("When the case was closed.")
    )

    objects = SubjectRequestQuerySet.as_manager()

    class Meta(RegisterModel.Meta):
        verbose_name = _("data-subject request")
        verbose_name_plural = _("data-subject requests")
        default_permissions = ("add", "change", "view")
        indexes = [
            models.Index(
                fields=["due_on", "id"],
                condition=models.Q(state__in=[state.value for state in OPEN]),
                name="request_open_by_due",
            ),
            models.Index(fields=["-received_on", "-id"], name="request_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                name="request_state_is_known",
                condition=models.Q(state__in=State.values),
                violation_error_message=_("This is no state of a request."),
            ),
            models.CheckConstraint(
                name="request_is_due_after_receipt",
                condition=models.Q(due_on__gt=models.F("received_on"))
                & models.Q(due_on__gte=models.F("first_due_on")),
                violation_error_message=_("A request is due after it was received."),
            ),
            models.CheckConstraint(
                name="request_is_identified_by_somebody",
                condition=models.Q(
                    identified_by="", identified_at__isnull=True, identified_with__isnull=True
                )
                | (
                    ~models.Q(identified_by="")
                    & models.Q(identified_at__isnull=False, identified_with__isnull=False)
                ),
                violation_error_message=_("Say how, when and by whom the person was identified."),
            ),
            models.CheckConstraint(
                name="request_extension_has_its_reason",
                condition=models.Q(extended_on__isnull=True, extension_reason="")
                | (models.Q(extended_on__isnull=False) & ~models.Q(extension_reason="")),
                violation_error_message=_("An extension needs its reason."),
            ),
            models.CheckConstraint(
                name="request_extended_when_extended",
                condition=~models.Q(state="extended") | models.Q(extended_on__isnull=False),
                violation_error_message=_("An extension needs its reason."),
            ),
            models.CheckConstraint(
                name="request_extension_comes_in_time",
                condition=models.Q(extended_on__isnull=True)
                | models.Q(extended_on__lte=models.F("due_on")),
                violation_error_message=_("The time to extend it is over."),
            ),
            models.CheckConstraint(
                name="request_refusal_has_its_reasons",
                condition=~models.Q(state__in=["refused", "partly_refused"])
                | (~models.Q(refusal="") & ~models.Q(refusal_reason="")),
                violation_error_message=_("A refusal needs its ground and its reasons."),
            ),
            models.CheckConstraint(
                name="request_refusal_is_decided_as_a_whole",
                condition=models.Q(refusal="", refusal_reason="", is_partly_refused=False)
                | (~models.Q(refusal="") & ~models.Q(refusal_reason="")),
                violation_error_message=_("A refusal needs its ground and its reasons."),
            ),
            models.CheckConstraint(
                name="request_withdrawn_says_when_and_how",
                condition=models.Q(withdrawn_on__isnull=True, withdrawn_how="")
                & ~models.Q(state="withdrawn")
                | models.Q(withdrawn_on__isnull=False, state__in=["withdrawn", "closed"])
                & ~models.Q(withdrawn_how=""),
                violation_error_message=_("Say when and how she took it back."),
            ),
            models.CheckConstraint(
                name="request_representative_is_authorised",
                condition=models.Q(representative="", authorisation="")
                | (~models.Q(representative="") & ~models.Q(authorisation="")),
                violation_error_message=_("A representative needs an authorisation."),
            ),
            models.CheckConstraint(
                name="request_answer_has_its_day",
                condition=models.Q(state__in=[*[state.value for state in OPEN], "withdrawn"])
                | models.Q(answered_on__isnull=False)
                | models.Q(state="closed", withdrawn_on__isnull=False),
                violation_error_message=_("Say when it was answered."),
            ),
            models.CheckConstraint(
                name="request_closed_when_closed",
                condition=models.Q(state="closed", closed_at__isnull=False)
                | (~models.Q(state="closed") & models.Q(closed_at__isnull=True)),
                violation_error_message=_("A closed request has its time of closing."),
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Whether an answer is still to come."""
        return self.state in OPEN


class StateChange(RecordedModel):
    """A step of a request: from where to where, by whom, when; append-only."""

    request = models.ForeignKey(
        SubjectRequest,
        models.PROTECT,
        related_name="steps",
        verbose_name=_("request"),
        help_text=_("Which request."),
    )
    from_state = models.CharField(
        _("from"), max_length=15, choices=State.choices, blank=True, help_text=_("Empty at first.")
    )
    to_state = models.CharField(
        _("to"), max_length=15, choices=State.choices, help_text=_("The state that began.")
    )
    reason = models.TextField(
        _("reason"), max_length=1000, blank=True, help_text=_("Why, where it needs saying.")
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("changed by"),
        help_text=_("Who moved it; empty for a job."),
    )
    changed_at = models.DateTimeField(
        _("changed"), default=timezone.now, help_text=_("When it was moved.")
    )

    objects = StateChangeQuerySet.as_manager()

    class Meta(RecordedModel.Meta):
        verbose_name = _("step of a request")
        verbose_name_plural = _("steps of requests")
        default_permissions = ("view",)


class RequestPause(RegisterModel):
    """The clock stands still, since the person was asked to show who she is (Art. 12(6))."""

    request = models.ForeignKey(
        SubjectRequest,
        models.PROTECT,
        related_name="pauses",
        verbose_name=_("request"),
        help_text=_("Which request."),
    )
    asked_on = models.DateField(_("asked"), help_text=_("When we asked."))
    answered_on = models.DateField(
        _("answered"), null=True, blank=True, help_text=_("When she answered; empty while we wait.")
    )
    doubt = models.CharField(
        _("doubt"), max_length=300, help_text=_("Why it is reasonable to doubt who asks.")
    )

    objects = RequestPauseQuerySet.as_manager()

    class Meta(RegisterModel.Meta):
        verbose_name = _("pause of a request")
        verbose_name_plural = _("pauses of requests")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=models.Q(answered_on__isnull=True),
                name="one_open_pause_per_request",
                violation_error_message=_("The clock stands still already."),
            ),
            ends_after_start("pause_ends_after_start", "asked_on", "answered_on"),
        ]
