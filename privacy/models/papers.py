"""What lies in the file of a request: tasks, notes, attachments and letters."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.models.base import Language, RegisterModel
from privacy.models.requests import SubjectRequest
from privacy.querysets import (
    RequestAttachmentQuerySet,
    RequestLetterQuerySet,
    RequestNoteQuerySet,
    RequestTaskQuerySet,
)
from recordings.models import SealedFile


class OfRequest(RegisterModel):
    """Something that belongs to one request."""

    request = models.ForeignKey(
        SubjectRequest,
        models.PROTECT,
        related_name="%(class)ss",
        verbose_name=_("request"),
        help_text=_("Which request."),
    )

    class Meta(RegisterModel.Meta):
        abstract = True


def staff_member(verbose_name: Any, help_text: Any, **more: Any) -> Any:
    """A reference to the staff member who did something."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=verbose_name,
        help_text=help_text,
        **more,
    )


class RequestTask(OfRequest):
    """Something to be done for a request, by somebody, until a day."""

    what = models.CharField(_("what"), max_length=200, help_text=_("What is to be done."))
    due_on = models.DateField(
        pgettext_lazy("of a request", "due"),
        null=True,
        blank=True,
        help_text=_("Until when, at the latest."),
    )
    done_at = models.DateTimeField(
        _("done"), null=True, blank=True, help_text=_("When it was done; empty while it is open.")
    )
    done_by = staff_member(_("done by"), _("Who did it."), null=True, blank=True)

    objects = RequestTaskQuerySet.as_manager()

    class Meta(OfRequest.Meta):
        verbose_name = _("task of a request")
        verbose_name_plural = _("tasks of requests")
        default_permissions = ("add", "change", "view")
        constraints = [
            models.CheckConstraint(
                name="request_task_done_by_somebody",
                condition=models.Q(done_at__isnull=True, done_by__isnull=True)
                | models.Q(done_at__isnull=False, done_by__isnull=False),
                violation_error_message=_("Say who did it, and when."),
            ),
        ]


class RequestNote(OfRequest):
    """A note in the file of a request; append-only."""

    text = models.TextField(_("text"), max_length=4000, help_text=_("What there is to note."))
    written_by = staff_member(_("written by"), _("Who wrote it."))
    written_at = models.DateTimeField(
        _("written"), default=timezone.now, help_text=_("When it was written.")
    )

    objects = RequestNoteQuerySet.as_manager()

    class Meta(OfRequest.Meta):
        verbose_name = _("note of a request")
        verbose_name_plural = _("notes of requests")
        default_permissions = ("add", "view")


class RequestAttachment(OfRequest):
    """A paper that came with a request; copies of identity documents go at once."""

    title = models.CharField(_("title"), max_length=200, help_text=_("What it is."))
    media_type = models.CharField(
        _("media type"), max_length=100, help_text=_("What the file's content says it is.")
    )
    is_identity_document = models.BooleanField(
        _("identity document"),
        default=False,
        help_text=_("Destroyed as soon as the person is identified (domain §2)."),
    )
    file = models.OneToOneField(
        SealedFile,
        models.PROTECT,
        related_name="+",
        verbose_name=_("file"),
        help_text=_("Its content in the vault."),
    )
    destroyed_at = models.DateTimeField(
        _("destroyed"), null=True, blank=True, help_text=_("When its key was destroyed.")
    )

    objects = RequestAttachmentQuerySet.as_manager()

    class Meta(OfRequest.Meta):
        verbose_name = _("attachment of a request")
        verbose_name_plural = _("attachments of requests")
        default_permissions = ("add", "change", "view")


class RequestLetter(OfRequest):
    """A letter that was made from a template; what went out stays as it went (Art. 5(2))."""

    class Template(models.TextChoices):
        RECEIPT = "receipt", _("Confirmation of receipt")
        IDENTITY = "identity", _("Question who asks")
        EXTENSION = "extension", _("Extension with its reasons")
        ANSWER = "answer", _("Answer")
        REFUSAL = "refusal", _("Refusal with the right to complain")
        NOTHING_HELD = "nothing_held", _("Answer that nothing is held")
        LIFTING = "lifting", _("Notice that a restriction ends")

    template = models.CharField(
        _("template"), max_length=15, choices=Template.choices, help_text=_("Which letter it is.")
    )
    language = models.CharField(
        _("language"), max_length=2, choices=Language.choices, help_text=_("Its language.")
    )
    file = models.OneToOneField(
        SealedFile,
        models.PROTECT,
        related_name="+",
        verbose_name=_("file"),
        help_text=_("The PDF in the vault."),
    )
    made_by = staff_member(_("made by"), _("Who made it."))
    wording_digest = models.CharField(
        _("SHA-256 of the wording"),
        max_length=64,
        editable=False,
        help_text=_("Of what was written: it tells the same form from another."),
    )
    sent_on = models.DateField(
        _("sent"), null=True, blank=True, help_text=_("When it went out; empty for a draft.")
    )
    restriction = models.UUIDField(
        _("restriction"),
        null=True,
        blank=True,
        help_text=_("The public ID of the restriction that ends; for that notice alone."),
    )
    ends_on = models.DateField(
        _("the restriction ends"),
        null=True,
        blank=True,
        help_text=_("The day that the notice says; for that notice alone."),
    )
    destroyed_at = models.DateTimeField(
        _("destroyed"), null=True, blank=True, help_text=_("When its key was destroyed.")
    )

    objects = RequestLetterQuerySet.as_manager()

    class Meta(OfRequest.Meta):
        verbose_name = _("letter of a request")
        verbose_name_plural = _("letters of requests")
        default_permissions = ("add", "change", "view")
        constraints = [
            models.CheckConstraint(
                name="request_letter_says_what_ends_when",
                condition=models.Q(
                    template="lifting", restriction__isnull=False, ends_on__isnull=False
                )
                | ~models.Q(template="lifting")
                & models.Q(restriction__isnull=True, ends_on__isnull=True),
                violation_error_message=_("Say which restriction ends, and when."),
            ),
            models.CheckConstraint(
                name="request_letter_goes_before_it_ends",
                condition=models.Q(sent_on__isnull=True)
                | models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("sent_on")),
                violation_error_message=_(
                    "She is told before the restriction ends: write a notice with a later day."
                ),
            ),
        ]
