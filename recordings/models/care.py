"""What is done with recordings and messages: held for a dispute, given to the right person."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models import Person
from customers.models.base import RegisterModel, ends_after_start
from recordings.models.messages import StoredMessage
from recordings.models.recordings import Recording
from recordings.querysets import ReassignmentQuerySet, RecordingHoldQuerySet


class OfOne(RegisterModel):
    """About one recording or one message."""

    recording = models.ForeignKey(
        Recording,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        verbose_name=_("recording"),
        help_text=_("Which recording; empty for a message's."),
    )
    message = models.ForeignKey(
        StoredMessage,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        verbose_name=_("message"),
        help_text=_("Which message; empty for a recording's."),
    )

    class Meta(RegisterModel.Meta):
        abstract = True


def is_about_one(name: str) -> models.CheckConstraint:
    """The constraint that something is about a recording or about a message."""
    return models.CheckConstraint(
        name=name,
        condition=models.Q(recording__isnull=False, message__isnull=True)
        | models.Q(recording__isnull=True, message__isnull=False),
        violation_error_message=_("It is about one recording or one message."),
    )


class RecordingHold(OfOne):
    """A reason not to destroy a recording or a message for now (domain §4)."""

    reason = models.CharField(
        _("reason"),
        max_length=200,
        help_text=_("The dispute or order that needs it; empty once that was destroyed."),
    )
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("placed by"),
        help_text=_("Who placed the hold."),
    )
    placed_at = models.DateTimeField(
        _("placed"), default=timezone.now, help_text=_("When the hold was placed.")
    )
    until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The last day; empty until released.")
    )
    released_at = models.DateTimeField(
        _("released"), null=True, blank=True, help_text=_("When the hold was released.")
    )
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("released by"),
        help_text=_("Who released the hold; empty if it ended with what it held."),
    )

    objects = RecordingHoldQuerySet.as_manager()

    class Meta(OfOne.Meta):
        verbose_name = _("hold of a recording")
        verbose_name_plural = _("holds of recordings")
        default_permissions = ("add", "change", "view")
        constraints = [
            is_about_one("recording_hold_is_about_one"),
            models.CheckConstraint(
                name="recording_hold_has_a_reason",
                condition=~models.Q(reason="") | models.Q(released_at__isnull=False),
                violation_error_message=_("A hold needs its reason."),
            ),
            ends_after_start("recording_hold_ends_after_start", "placed_at", "released_at"),
        ]


class Reassignment(OfOne):
    """A recording or message was taken from one person and given to another: who, why, when."""

    taken_from = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken from"),
        help_text=_("Whom it was wrongly said to concern; empty if it was nobody."),
    )
    given_to = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("given to"),
        help_text=_("Whom it concerns; empty if that is not known."),
    )
    reason = models.CharField(
        _("reason"),
        max_length=200,
        help_text=_("How we know; empty once what it is about was destroyed."),
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("made by"),
        help_text=_("Who corrected it."),
    )
    made_at = models.DateTimeField(
        _("made"), default=timezone.now, help_text=_("When it was corrected.")
    )

    objects = ReassignmentQuerySet.as_manager()

    class Meta(OfOne.Meta):
        verbose_name = _("correction of the person")
        verbose_name_plural = _("corrections of persons")
        default_permissions = ("add", "view")
        constraints = [
            is_about_one("reassignment_is_about_one"),
            models.CheckConstraint(
                name="reassignment_changes_something",
                condition=models.Q(taken_from__isnull=False)
                | models.Q(given_to__isnull=False)
                | models.Q(reason=""),
                violation_error_message=_("Say whom it concerns."),
            ),
        ]
