"""Contacts between us and the people in the register: its history (S20)."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.gate import RecordedModel
from customers.models.base import SourcedModel, ends_after_start, source_is_known
from customers.models.persons import Person
from customers.models.relationships import Customer
from customers.querysets import IdentityCheckQuerySet, InteractionQuerySet


class Interaction(SourcedModel):
    """One contact: who reached whom, about what, and what came of it."""

    class Channel(models.TextChoices):
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("E-mail")
        SMS = "sms", _("Text message")
        CHAT = "chat", _("Chat")
        VIDEO = "video", _("Video call")
        LETTER = "letter", _("Letter")
        WEB_FORM = "web_form", _("Web form")
        VISIT = "visit", _("Visit")

    class Direction(models.TextChoices):
        INBOUND = "in", _("To us")
        OUTBOUND = "out", _("From us")

    class Outcome(models.TextChoices):
        RESOLVED = "resolved", _("Resolved")
        FORWARDED = "forwarded", _("Forwarded")
        CALL_BACK = "call_back", _("To be called back")
        NOT_REACHED = "not_reached", _("Not reached")
        OTHER = "other", _("Other outcome")

    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="interactions",
        verbose_name=_("person"),
        help_text=_("With whom; empty if only the company is known."),
    )
    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="interactions",
        verbose_name=_("customer"),
        help_text=_("On whose behalf; empty if it was nobody's."),
    )
    channel = models.CharField(
        _("channel"), max_length=10, choices=Channel.choices, help_text=_("How it happened.")
    )
    direction = models.CharField(
        _("direction"), max_length=3, choices=Direction.choices, help_text=_("Who reached whom.")
    )
    subject = models.CharField(
        _("subject"), max_length=200, help_text=_("What it was about, in a few words.")
    )
    summary = models.TextField(
        _("summary"), blank=True, help_text=_("What was said; nothing that is not needed.")
    )
    outcome = models.CharField(
        _("outcome"),
        max_length=12,
        choices=Outcome.choices,
        blank=True,
        help_text=_("What came of it; empty while it is open."),
    )
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("handled by"),
        help_text=_("The staff member; empty if it was imported."),
    )
    happened_at = models.DateTimeField(
        _("time"), default=timezone.now, help_text=_("When it happened.")
    )
    closed_at = models.DateTimeField(
        _("closed"), null=True, blank=True, help_text=_("When the matter was closed.")
    )

    objects = InteractionQuerySet.as_manager()

    class Meta(SourcedModel.Meta):
        verbose_name = _("contact event")
        verbose_name_plural = _("contact events")
        indexes = [
            models.Index(fields=["person", "-happened_at"], name="interaction_newest_of_person"),
            models.Index(fields=["customer", "-happened_at"], name="interaction_newest_of_cust"),
            models.Index(
                fields=["person", "-happened_at"],
                condition=models.Q(closed_at__isnull=True),
                name="interaction_open_of_person",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="interaction_is_about_somebody",
                condition=models.Q(person__isnull=False) | models.Q(customer__isnull=False),
                violation_error_message=_("Say with whom, or on whose behalf, the contact was."),
            ),
            ends_after_start("interaction_closes_after_start", "happened_at", "closed_at"),
            source_is_known("interaction_source_is_known"),
        ]

    def clean(self) -> None:
        """Refuse a closing that is still to come: beyond the year 9999 no page could read it."""
        if self.closed_at is not None and self.closed_at > timezone.now():
            raise ValidationError({"closed_at": _("A matter is not closed in the future.")})


class IdentityCheck(RecordedModel):
    """One question by which a caller's identity was checked, and whether her answer matched.

    The answer itself is not stored: only that it was asked, by whom and when (domain §2).
    """

    class Question(models.TextChoices):
        NAME = "name", _("Name")
        IDENTIFIER = "identifier", _("Customer number or user ID")
        EMAIL = "email", _("E-mail address on record")
        ADDRESS = "address", _("Address on record")
        CALL_BACK = "call_back", _("Call back to a registered number")
        STRONG_LOGIN = "strong_login", _("Strong identification")

    interaction = models.ForeignKey(
        Interaction,
        models.PROTECT,
        related_name="identity_checks",
        verbose_name=_("contact event"),
        help_text=_("The contact at which it was asked."),
    )
    question = models.CharField(
        _("question"), max_length=15, choices=Question.choices, help_text=_("What was asked.")
    )
    matched = models.BooleanField(
        _("matched"), help_text=_("Whether the answer was what the register says.")
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("checked by"),
        help_text=_("The staff member who asked."),
    )
    checked_at = models.DateTimeField(
        _("checked"), default=timezone.now, help_text=_("When it was asked.")
    )

    objects = IdentityCheckQuerySet.as_manager()

    class Meta(RecordedModel.Meta):
        verbose_name = _("identity check")
        verbose_name_plural = _("identity checks")
        constraints = [
            models.UniqueConstraint(
                fields=["interaction", "question"],
                name="one_answer_per_question_and_contact",
                violation_error_message=_("This question has its answer in this contact already."),
            ),
            models.CheckConstraint(
                name="identity_check_question_is_known",
                condition=models.Q(
                    question__in=[
                        "name",
                        "identifier",
                        "email",
                        "address",
                        "call_back",
                        "strong_login",
                    ],
                ),
                violation_error_message=_("This question is not one of the checklist."),
            ),
        ]
