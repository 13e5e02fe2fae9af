"""Keeping to the deadlines: which reminders went out, and whose calendar shows the due dates."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.gate import RecordedModel
from privacy.models.requests import SubjectRequest
from privacy.querysets import RequestReminderQuerySet


class RequestReminder(RecordedModel):
    """A reminder of one due date at one distance went to the registrars; append-only."""

    request = models.ForeignKey(
        SubjectRequest,
        models.PROTECT,
        related_name="reminders",
        verbose_name=_("request"),
        help_text=_("Which request."),
    )
    due_on = models.DateField(
        pgettext_lazy("of a request", "due"), help_text=_("The due date that it reminded of.")
    )
    days = models.SmallIntegerField(
        _("days"), help_text=_("How many days before it, as they are set; below zero after it.")
    )
    reminded_at = models.DateTimeField(
        _("reminded"), default=timezone.now, help_text=_("When it was sent.")
    )

    objects = RequestReminderQuerySet.as_manager()

    class Meta(RecordedModel.Meta):
        verbose_name = _("reminder of a request")
        verbose_name_plural = _("reminders of requests")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["request", "due_on", "days"], name="one_reminder_at_each_distance"
            ),
        ]


class CalendarLink(models.Model):
    """The key of a registrar's own calendar link; with another key the old link has ended."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("user"),
        help_text=_("Whose calendar it is."),
    )
    key = models.UUIDField(
        _("key"), default=uuid4, unique=True, editable=False, help_text=_("What the link names.")
    )
    renewed_at = models.DateTimeField(
        _("renewed"), default=timezone.now, help_text=_("Since when the link holds.")
    )

    class Meta:
        verbose_name = _("calendar link")
        verbose_name_plural = _("calendar links")
        default_permissions = ()

    def __str__(self) -> str:
        return f"calendar link {self.pk}"
