"""Recordings of calls and video calls to the Service Desk (S9-S12, S22)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.gate import RecordedModel
from customers.models import Person
from recordings.models.kept import KeptInVault, by_due_day, kept_constraints
from recordings.querysets import RecordingConcernsQuerySet, RecordingQuerySet


class Recording(KeptInVault):
    """A recorded call: who called which line, when she was told, where its sound lies."""

    class Medium(models.TextChoices):
        CALL = "call", _("Call")
        VIDEO = "video", _("Video call")

    class Format(models.TextChoices):
        WAV = "wav", "WAV"
        MP3 = "mp3", "MP3"
        OPUS = "opus", "Opus"
        MP4 = "mp4", "MP4"
        UNKNOWN = "unknown", _("Unknown")

    medium = models.CharField(
        _("medium"), max_length=5, choices=Medium.choices, help_text=_("A call or a video call.")
    )
    format = models.CharField(
        _("format"), max_length=8, choices=Format.choices, help_text=_("Of the file.")
    )
    caller_number = models.CharField(
        _("caller's number"),
        max_length=32,
        blank=True,
        help_text=_("With its country code; empty if it was hidden."),
    )
    line_number = models.CharField(
        _("service line"), max_length=32, blank=True, help_text=_("Which number was called.")
    )
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("handled by"),
        help_text=_("The agent, where known."),
    )
    started_at = models.DateTimeField(_("started"), help_text=_("When the call began."))
    duration = models.PositiveIntegerField(
        _("duration, seconds"), default=0, help_text=_("How long the recording is.")
    )
    informed_at = models.DateTimeField(
        _("told"),
        null=True,
        blank=True,
        help_text=_("When the caller was told that the call is recorded; before it begins."),
    )

    objects = RecordingQuerySet.as_manager()

    class Meta(KeptInVault.Meta):
        verbose_name = _("recording")
        verbose_name_plural = _("recordings")
        default_permissions = ("change", "view")
        permissions = [
            ("play_recording", "Can play a recording, with a reason"),
            ("put_right_recording", "Can put right what is in quarantine"),
        ]
        indexes = [
            by_due_day("recording_due"),
            models.Index(fields=["-started_at"], name="recording_newest"),
            models.Index(fields=["caller_number", "-started_at"], name="recording_of_number"),
        ]
        constraints = [
            *kept_constraints("recording"),
            models.CheckConstraint(
                name="recording_follows_its_notice",
                condition=models.Q(quarantined_at__isnull=False)
                | models.Q(destroyed_at__isnull=False)
                | models.Q(informed_at__lte=models.F("started_at")),
                violation_error_message=_("The caller is told before the recording begins."),
            ),
            models.CheckConstraint(
                name="recording_medium_is_known",
                condition=models.Q(medium__in=["call", "video"]),
                violation_error_message=_("A recording is of a call or a video call."),
            ),
        ]


class RecordingConcerns(RecordedModel):
    """A person whom a recording concerns: the caller, or somebody else in the call."""

    recording = models.ForeignKey(
        Recording,
        models.PROTECT,
        db_index=False,
        related_name="concerns",
        verbose_name=_("recording"),
        help_text=_("Which recording."),
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="recordings",
        verbose_name=_("person"),
        help_text=_("Whom it concerns."),
    )

    objects = RecordingConcernsQuerySet.as_manager()

    class Meta(RecordedModel.Meta):
        verbose_name = _("person in a recording")
        verbose_name_plural = _("persons in recordings")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["recording", "person"], name="recording_concerns_once"),
        ]
