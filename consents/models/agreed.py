"""Consents for other purposes than marketing, and what is held on them (S24, S29)."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from audit.gate import RecordedModel, RecordedQuerySet
from consents.models.choices import MarketingChoice, Wording
from customers.models import Person, Source
from customers.models.base import ends_after_start


class ConsentQuerySet(RecordedQuerySet["Consent"]):
    """Consents."""

    def visible_to(self, user: User) -> "ConsentQuerySet":
        return self if user.has_perm("consents.view_consent") else self.none()

    def in_force(self) -> "ConsentQuerySet":
        return self.filter(withdrawn_at__isnull=True)

    def newest_first(self) -> "ConsentQuerySet":
        return self.order_by("-given_at", "-id")


class Consent(RecordedModel):
    """A person's consent to one purpose, from when it was given until it is withdrawn."""

    class Purpose(models.TextChoices):
        TRANSFER = "transfer", _("Transfer outside the EU and EEA")
        SURVEY = "survey", _("Customer surveys")
        TRAINING = "training", _("Recordings in training")

    public_id = models.UUIDField(_("public ID"), default=uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="consents",
        verbose_name=_("person"),
        help_text=_("Who consented."),
    )
    purpose = models.CharField(
        _("purpose"), max_length=10, choices=Purpose.choices, help_text=_("To what she consented.")
    )
    wording = models.ForeignKey(
        Wording,
        models.PROTECT,
        related_name="consents",
        verbose_name=_("wording"),
        help_text=_("The text that she agreed to."),
    )
    source = models.CharField(
        _("source"),
        max_length=10,
        choices=MarketingChoice.Source.choices,
        help_text=_("How she said so."),
    )
    evidence = models.CharField(
        _("evidence"), max_length=200, blank=True, help_text=_("Where the proof is kept.")
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
        help_text=_("The staff member; empty if she did it herself."),
    )
    given_at = models.DateTimeField(
        _("given"), default=timezone.now, help_text=_("When she consented.")
    )
    withdrawn_at = models.DateTimeField(
        _("withdrawn"), null=True, blank=True, help_text=_("When she withdrew it.")
    )

    objects = ConsentQuerySet.as_manager()

    class Meta(RecordedModel.Meta):
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        default_permissions = ("add", "change", "view")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="one_consent_in_force_per_purpose",
                violation_error_message=_("She has given this consent already."),
            ),
            models.CheckConstraint(
                name="consent_purpose_is_known",
                condition=models.Q(purpose__in=["transfer", "survey", "training"]),
                violation_error_message=_("This is not a purpose that we ask a consent for."),
            ),
            ends_after_start("consent_is_withdrawn_after_giving", "given_at", "withdrawn_at"),
        ]


class SupplementaryInformationQuerySet(RecordedQuerySet["SupplementaryInformation"]):
    """Supplementary information."""

    def visible_to(self, user: User) -> "SupplementaryInformationQuerySet":
        allowed = user.has_perm("consents.view_supplementaryinformation")
        return self if allowed else self.none()

    def newest_first(self) -> "SupplementaryInformationQuerySet":
        return self.order_by("-collected_at", "-id")

    def due_on(self, day: object) -> "SupplementaryInformationQuerySet":
        """What has to be erased by then: its consent was withdrawn (domain §5)."""
        return self.filter(erase_by__lte=day)


class SupplementaryInformation(RecordedModel):
    """What a person told us of herself, or what was collected with her consent (S24)."""

    class Kind(models.TextChoices):
        SURVEY = "survey", _("Answer to a survey")
        FEEDBACK = "feedback", _("Feedback")
        PREFERENCE = "preference", pgettext_lazy("supplementary", "Wish or preference")

    public_id = models.UUIDField(_("public ID"), default=uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="supplementary_information",
        verbose_name=_("person"),
        help_text=_("About whom."),
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=Kind.choices, help_text=_("What it is.")
    )
    topic = models.CharField(
        _("topic"), max_length=100, help_text=_("The survey's name, or what it is about.")
    )
    question = models.CharField(
        _("question"), max_length=300, blank=True, help_text=_("What was asked.")
    )
    answer = models.TextField(_("answer"), help_text=_("What she said."))
    consent = models.ForeignKey(
        Consent,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="supplementary_information",
        verbose_name=_("consent"),
        help_text=_("The consent that it was collected with; empty if she told it herself."),
    )
    source = models.CharField(
        _("data source"), max_length=20, choices=Source.choices, help_text=_("Where it came from.")
    )
    reference = models.CharField(
        _("reference"),
        max_length=64,
        blank=True,
        help_text=_("The survey tool's own number of the answer; the same one is taken once."),
    )
    collected_at = models.DateTimeField(
        _("collected"), default=timezone.now, help_text=_("When she said it.")
    )
    erase_by = models.DateField(
        _("erase by"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("The last day it is kept, once its consent is withdrawn."),
    )

    objects = SupplementaryInformationQuerySet.as_manager()

    class Meta(RecordedModel.Meta):
        verbose_name = _("supplementary information")
        verbose_name_plural = _("supplementary information")
        default_permissions = ("add", "change", "view")
        indexes = [
            models.Index(
                fields=["erase_by"],
                condition=models.Q(erase_by__isnull=False),
                name="supplementary_by_last_day",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="supplementary_has_consent_or_is_told",
                condition=models.Q(consent__isnull=False)
                | models.Q(kind__in=["feedback", "preference"]),
                violation_error_message=_("An answer to a survey needs the person's consent."),
            ),
            models.UniqueConstraint(
                fields=["person", "topic", "question", "reference"],
                condition=~models.Q(reference=""),
                name="supplementary_taken_once",
                violation_error_message=_("This answer is there already."),
            ),
        ]
