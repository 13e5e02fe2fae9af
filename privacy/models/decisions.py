"""What is decided in a request: per field, per category, per purpose, and who is told of it."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.disclosures import Recipient
from datamap.vocabulary import Category, Purpose
from privacy.models.papers import OfRequest, staff_member
from privacy.querysets import (
    ErasureDecisionQuerySet,
    ObjectionQuerySet,
    RecipientNoticeQuerySet,
    RectificationQuerySet,
    StaffNamesDecisionQuerySet,
)


class Decided(OfRequest):
    """A decision in a request: by whom and when; append-only."""

    decided_by = staff_member(_("decided by"), _("Who decided."))
    decided_at = models.DateTimeField(
        _("decided"), default=timezone.now, help_text=_("When it was decided.")
    )

    class Meta(OfRequest.Meta):
        abstract = True
        default_permissions = ("add", "view")


class Rectification(Decided):
    """A value that the person says is wrong: the old one, the new one, the decision (Art. 16).

    Where she says that something is missing, it names no field: what is added is her statement.
    """

    model = models.CharField(
        _("kind of record"), max_length=60, help_text=_("The model, as in customers.person.")
    )
    record = models.UUIDField(_("record"), help_text=_("The public ID of the record."))
    field = models.CharField(
        _("field"),
        max_length=60,
        blank=True,
        help_text=_("The field's name; empty where something is missing."),
    )
    old_value = models.TextField(_("old value"), blank=True, help_text=_("As it was."))
    new_value = models.TextField(_("new value"), blank=True, help_text=_("As she says it is."))
    is_accepted = models.BooleanField(_("accepted"), help_text=_("Whether it was changed."))
    is_by_hand = models.BooleanField(
        _("put right by hand"),
        default=False,
        help_text=_("Whether the change is a task of the request."),
    )
    reason = models.TextField(
        _("reason"), max_length=1000, blank=True, help_text=_("Why; needed where it is refused.")
    )
    statement = models.TextField(
        _("supplementary statement"),
        max_length=2000,
        blank=True,
        help_text=_("What she adds in her own words, kept beside the value."),
    )

    objects = RectificationQuerySet.as_manager()

    class Meta(Decided.Meta):
        verbose_name = _("rectification")
        verbose_name_plural = _("rectifications")
        constraints = [
            models.CheckConstraint(
                name="rectification_refused_with_reason",
                condition=models.Q(is_accepted=True) | ~models.Q(reason=""),
                violation_error_message=_("A refusal needs its reasons."),
            ),
            models.CheckConstraint(
                name="rectification_completes_by_statement",
                condition=~models.Q(field="")
                | models.Q(old_value="", new_value="", is_by_hand=False) & ~models.Q(statement=""),
                violation_error_message=_("Write down what is missing."),
            ),
        ]


class ErasureDecision(Decided):
    """Whether a category of her data is erased, and if not, on which ground it stays (Art. 17)."""

    class Ground(models.TextChoices):
        NOT_NEEDED = "not_needed", _("No longer needed, Art. 17(1)(a)")
        WITHDRAWN = "withdrawn", _("Consent withdrawn, Art. 17(1)(b)")
        OBJECTED = "objected", _("Objection upheld, Art. 17(1)(c)")
        UNLAWFUL = "unlawful", _("Processed unlawfully, Art. 17(1)(d)")
        DUTY = "duty", _("Legal duty to erase, Art. 17(1)(e)")
        KEPT_BY_LAW = "kept_by_law", _("Kept by legal obligation, Art. 17(3)(b)")
        KEPT_FOR_CLAIMS = "kept_for_claims", _("Kept for legal claims, Art. 17(3)(e)")
        STILL_NEEDED = "still_needed", _("Still needed for its purpose")

    category = models.CharField(
        _("category"), max_length=20, choices=Category.choices, help_text=_("Which kind of data.")
    )
    is_erased = models.BooleanField(_("is erased"), help_text=_("Whether it is to go."))
    ground = models.CharField(
        _("ground"), max_length=15, choices=Ground.choices, help_text=_("Why it goes or stays.")
    )
    reason = models.TextField(
        _("reason"), max_length=1000, blank=True, help_text=_("In words, for the answer.")
    )

    objects = ErasureDecisionQuerySet.as_manager()

    class Meta(Decided.Meta):
        verbose_name = _("decision on erasure")
        verbose_name_plural = _("decisions on erasure")
        constraints = [
            models.CheckConstraint(
                name="erasure_ground_fits",
                condition=models.Q(
                    is_erased=True,
                    ground__in=["not_needed", "withdrawn", "objected", "unlawful", "duty"],
                )
                | models.Q(
                    is_erased=False,
                    ground__in=["kept_by_law", "kept_for_claims", "still_needed"],
                ),
                violation_error_message=_("This ground does not fit the decision."),
            ),
        ]


class Objection(Decided):
    """An objection and how it was weighed; to direct marketing there is nothing to weigh."""

    purpose = models.CharField(
        _("purpose"), max_length=30, choices=Purpose.choices, help_text=_("What she objects to.")
    )
    grounds = models.TextField(
        _("her grounds"), max_length=2000, blank=True, help_text=_("Her particular situation.")
    )
    weighing = models.TextField(
        _("weighing"),
        max_length=2000,
        blank=True,
        help_text=_("Our compelling grounds against hers (Art. 21(1))."),
    )
    is_upheld = models.BooleanField(_("upheld"), help_text=_("Whether the processing stops."))

    objects = ObjectionQuerySet.as_manager()

    class Meta(Decided.Meta):
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        constraints = [
            models.CheckConstraint(
                name="objection_to_marketing_is_absolute",
                condition=~models.Q(purpose="marketing") | models.Q(is_upheld=True),
                violation_error_message=_("An objection to direct marketing is always upheld."),
            ),
            models.CheckConstraint(
                name="objection_is_weighed",
                condition=models.Q(purpose="marketing") | ~models.Q(weighing=""),
                violation_error_message=_("Write down how it was weighed."),
            ),
        ]


class StaffNamesDecision(Decided):
    """Whether the report names staff who looked: only if essential to her (C-579/21)."""

    names_staff = models.BooleanField(_("names staff"), help_text=_("Whether names are given."))
    weighing = models.TextField(
        _("weighing"),
        max_length=2000,
        help_text=_("Why she needs the names, and what speaks for the staff."),
    )

    objects = StaffNamesDecisionQuerySet.as_manager()

    class Meta(Decided.Meta):
        verbose_name = _("decision on names of staff")
        verbose_name_plural = _("decisions on names of staff")
        constraints = [
            models.CheckConstraint(
                name="names_of_staff_are_weighed",
                condition=~models.Q(weighing=""),
                violation_error_message=_("Write down how it was weighed."),
            ),
        ]


class RecipientNotice(OfRequest):
    """A recipient who had her data, and when he was told what has become of it (Art. 19)."""

    recipient = models.ForeignKey(
        Recipient,
        models.PROTECT,
        related_name="+",
        verbose_name=_("recipient"),
        help_text=_("Who had received the data."),
    )
    told_on = models.DateField(
        _("told"), null=True, blank=True, help_text=_("When he was told; empty while he is not.")
    )
    not_told_because = models.TextField(
        _("not told because"),
        max_length=500,
        blank=True,
        help_text=_("Why telling him is impossible or out of proportion."),
    )
    noted_by = staff_member(_("noted by"), _("Who noted it."), null=True, blank=True)

    objects = RecipientNoticeQuerySet.as_manager()

    class Meta(OfRequest.Meta):
        verbose_name = _("notice to a recipient")
        verbose_name_plural = _("notices to recipients")
        default_permissions = ("add", "change", "view")
        constraints = [
            models.UniqueConstraint(
                fields=["request", "recipient"],
                condition=models.Q(told_on__isnull=True, not_told_because=""),
                name="one_waiting_notice_per_recipient",
            ),
            models.CheckConstraint(
                name="recipient_told_or_not",
                condition=models.Q(told_on__isnull=True) | models.Q(not_told_because=""),
                violation_error_message=_("He was told, or he was not."),
            ),
        ]
