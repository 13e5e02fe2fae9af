"""The log: one table for who looked and for which field changed."""

from datetime import datetime

from auditlog.models import AbstractLogEntry
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from audit import log
from audit.context import AccessPurpose
from audit.gate import RecordedModel, RecordedQuerySet
from datamap.vocabulary import Category


class LogEntryQuerySet(RecordedQuerySet["LogEntry"]):
    """Rows of the log; reading them is itself recorded."""

    def newest_first(self) -> "LogEntryQuerySet":
        return self.order_by("-timestamp", "-id")

    def older_than(self, at: datetime | None, number: int) -> "LogEntryQuerySet":
        """The rows before this one in the order of `newest_first`; all of them for None."""
        if at is None:
            return self
        return self.filter(timestamp__lte=at).exclude(timestamp=at, id__gte=number)

    def by_actor(self, name: str) -> "LogEntryQuerySet":
        """The rows of a staff member, by user name, or of a job, by its name."""
        return self.filter(Q(actor__username=name) | Q(actor__isnull=True, actor_label=name))


class LogEntry(RecordedModel, AbstractLogEntry):
    """One row of the log: who did what, to whose data, when and what for.

    It names nobody: the subject is a UUID that outlives her erasure. The table is partitioned by
    month and append-only for everybody (migration 0001); time is the database's.
    """

    class Action(models.IntegerChoices):
        CREATE = log.Action.CREATE, _("Created")
        UPDATE = log.Action.UPDATE, _("Changed")
        DELETE = log.Action.DELETE, _("Deleted")
        ACCESS = log.Action.ACCESS, _("Viewed")
        SEARCH = log.Action.SEARCH, _("Searched")
        EXPORT = log.Action.EXPORT, _("Exported")
        PLAY = log.Action.PLAY, _("Played")
        DENY = log.Action.DENY, _("Refused")

    object_repr = None
    serialized_data = None
    changes_text = None
    additional_data = None
    actor_email = None
    remote_port = None

    id = models.BigAutoField(primary_key=True)
    timestamp = models.DateTimeField(
        _("time"), db_default=Now(), editable=False, help_text=_("The database's clock.")
    )
    action = models.PositiveSmallIntegerField(_("action"), choices=Action.choices)
    subject = models.UUIDField(
        _("data subject"), null=True, help_text=_("The person's public ID; it names nobody.")
    )
    categories = ArrayField(
        models.CharField(max_length=32),
        verbose_name=_("data categories"),
        default=list,
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("staff member"),
    )
    actor_label = models.CharField(
        _("actor"), max_length=64, blank=True, help_text=_("A job or another actor than staff.")
    )
    unit = models.CharField(_("unit"), max_length=100, blank=True)
    purpose = models.CharField(
        _("purpose"), max_length=32, choices=AccessPurpose.choices, blank=True
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    route = models.CharField(_("page"), max_length=200, blank=True)
    cid = models.CharField(_("request"), max_length=36)
    remote_addr = models.GenericIPAddressField(_("address"), null=True)
    content_type = models.ForeignKey(
        "contenttypes.ContentType",
        models.DO_NOTHING,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
        verbose_name=_("kind of object"),
    )
    object_pk = models.CharField(_("object key"), max_length=64, null=True)  # noqa: DJ001
    object_id = models.BigIntegerField(_("object number"), null=True)
    changes = models.JSONField(_("changes"), null=True)

    objects = LogEntryQuerySet.as_manager()

    class Meta(RecordedModel.Meta):
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")
        ordering = []
        get_latest_by = "timestamp"
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["subject", "timestamp"], name="log_by_subject"),
            models.Index(fields=["actor", "timestamp"], name="log_by_actor"),
            BrinIndex(fields=["timestamp"], name="log_by_time"),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_read_names_its_subject",
                condition=~Q(action=int(log.Action.ACCESS)) | Q(subject__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"log entry {self.pk}"

    def category_names(self) -> list[str]:
        """The data categories in the reader's language."""
        return [str(Category(value).label) for value in self.categories]

    def changed_field_names(self) -> list[str]:
        """The names of the changed fields in the reader's language, where the model is known."""
        model = self.content_type.model_class() if self.content_type else None
        names = []
        besides = getattr(model, "logged_besides", {})
        fields = [*model._meta.fields, *model._meta.many_to_many] if model else []
        for name in self.changes or {}:
            field = next((f for f in fields if f.name == name), None)
            names.append(str(field.verbose_name if field else besides.get(name, name)))
        return names
