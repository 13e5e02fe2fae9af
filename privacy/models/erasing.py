"""Forgetting: the periods that the registrar set, the runs, and what each of them is to erase."""

from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from privacy.models.papers import staff_member


class Failure(models.TextChoices):
    """What stopped a run; its details stand in the log of the worker, which names nobody."""

    DATABASE = "database", _("The database refused or did not answer")
    STORAGE = "storage", _("A file or the ledger of erasures could not be written")
    OTHER = "other", _("Something that nobody had thought of")


class RetentionPeriod(models.Model):
    """A period that the registrar set in the place of the declared one; append-only.

    The newest one of a rule counts (domain §5). It names nobody.
    """

    model = models.CharField(
        _("kind of record"), max_length=60, help_text=_("The model, as in customers.person.")
    )
    after = models.CharField(
        _("counted from"), max_length=100, help_text=_("The date field of the rule.")
    )
    months = models.PositiveSmallIntegerField(_("months"), help_text=_("How long it is kept."))
    reason = models.TextField(
        _("reason"), max_length=1000, help_text=_("Why it is longer or shorter than declared.")
    )
    brings_forward = models.PositiveBigIntegerField(
        _("records touched"), help_text=_("How many records it made due when it was set.")
    )
    decided_by = staff_member(_("decided by"), _("Who decided."))
    decided_at = models.DateTimeField(
        _("decided"), default=timezone.now, help_text=_("When it was decided.")
    )

    class Meta:
        verbose_name = _("retention period")
        verbose_name_plural = _("retention periods")
        default_permissions = ("add", "view")
        indexes = [models.Index(fields=["model", "after", "-id"], name="retention_period_newest")]
        constraints = [
            models.CheckConstraint(
                name="retention_period_has_reason",
                condition=~models.Q(reason=""),
                violation_error_message=_("A period needs its reason."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.after}"


class RetentionOutlook(models.Model):
    """What a run on a day would do, counted by the engine without erasing: for the registrar.

    The nightly job makes those of the months to come; others are asked for. It names nobody.
    """

    public_id = models.UUIDField(
        _("public ID"),
        default=uuid4,
        unique=True,
        editable=False,
        help_text=_("The only identifier that addresses show."),
    )
    day = models.DateField(_("day"), help_text=_("The day on which the run would be."))
    asked_by = staff_member(
        _("asked by"), _("Who asked for it; empty for the nightly job."), null=True, blank=True
    )
    asked_at = models.DateTimeField(
        _("asked"), default=timezone.now, help_text=_("When it was asked for.")
    )
    made_at = models.DateTimeField(
        _("made"), null=True, blank=True, help_text=_("When it was made; empty until then.")
    )
    goes = models.JSONField(
        _("goes"), default=dict, help_text=_("How many records of each kind go, or are held.")
    )
    stays = models.JSONField(
        _("stays"), default=list, help_text=_("How many stay, until when, and by which rule.")
    )
    failure = models.CharField(
        _("failure"),
        max_length=30,
        blank=True,
        choices=Failure.choices,
        help_text=_("What stopped it, by kind."),
    )

    class Meta:
        verbose_name = _("retention outlook")
        verbose_name_plural = _("retention outlooks")
        default_permissions = ("add", "view")
        indexes = [models.Index(fields=["day", "-made_at"], name="retention_outlook_newest")]

    def __str__(self) -> str:
        return str(self.day)


class ErasureRun(models.Model):
    """A run of the engine that forgets: its plan, who approved it, and what came of it.

    It names nobody: a request stands here by its number, and its certificate counts records.
    """

    class Kind(models.TextChoices):
        RETENTION = "retention", _("Retention")
        LOG = "log", _("Months of the access log")
        REQUEST = "request", _("Erasure request")
        REPLAY = "replay", _("Repeated after a restore")

    class Status(models.TextChoices):
        PLANNED = "planned", _("Waiting for approval")
        APPROVED = "approved", _("Approved")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")

    public_id = models.UUIDField(
        _("public ID"),
        default=uuid4,
        unique=True,
        editable=False,
        help_text=_("The only identifier that addresses show."),
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=Kind.choices, help_text=_("What asked for it.")
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, help_text=_("How far it is.")
    )
    as_of = models.DateField(_("as of"), help_text=_("The day whose due records it erases."))
    request_number = models.CharField(
        _("request"), max_length=20, blank=True, help_text=_("The request that it carries out.")
    )
    planned_at = models.DateTimeField(
        _("planned"), default=timezone.now, help_text=_("When the plan was made.")
    )
    planned_by = staff_member(
        _("planned by"),
        _("Who asked for it, or was the first to approve what a job planned."),
        null=True,
        blank=True,
    )
    digest = models.CharField(
        _("digest"), max_length=64, help_text=_("SHA-256 of the plan, as it is approved.")
    )
    plan = models.JSONField(
        _("plan"), default=dict, help_text=_("How many records of each kind go, stay or are held.")
    )
    stays = models.JSONField(
        _("stays"),
        default=list,
        help_text=_("Of a request: how many records stay, until when and why."),
    )
    approved_by = staff_member(
        _("approved by"), _("The second person; empty where none is needed."), null=True, blank=True
    )
    approved_at = models.DateTimeField(
        _("approved"), null=True, blank=True, help_text=_("When it was approved.")
    )
    started_at = models.DateTimeField(
        _("started"), null=True, blank=True, help_text=_("When it began to erase.")
    )
    ended_at = models.DateTimeField(
        _("ended"), null=True, blank=True, help_text=_("When it was through.")
    )
    erased = models.JSONField(
        _("erased"), default=dict, help_text=_("How many records of each kind have gone.")
    )
    failure = models.CharField(
        _("failure"),
        max_length=30,
        blank=True,
        choices=Failure.choices,
        help_text=_("What stopped it, by kind."),
    )

    class Meta:
        verbose_name = _("erasure run")
        verbose_name_plural = _("erasure runs")
        default_permissions = ("add", "change", "view")
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=models.Q(
                    kind__in=["retention", "log"], status__in=["planned", "approved", "running"]
                ),
                name="one_retention_run_at_a_time",
            ),
            models.CheckConstraint(
                name="erasure_two_persons",
                condition=~models.Q(kind__in=["request", "log"], status__in=["running", "done"])
                | models.Q(planned_by__isnull=False, approved_by__isnull=False),
                violation_error_message=_("Somebody else must approve it."),
            ),
            models.CheckConstraint(
                name="erasure_run_second_person",
                condition=models.Q(approved_by__isnull=True)
                | models.Q(planned_by__isnull=True)
                | ~models.Q(approved_by=models.F("planned_by")),
                violation_error_message=_("Somebody else must approve it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.as_of}"


class PlannedErasure(models.Model):
    """One record in the plan of a run: what is to be done with it, until it is done.

    Keys only: it names nobody, and goes as its record goes.
    """

    class Action(models.TextChoices):
        ERASE = "erase", _("Erased")
        REDUCE = "reduce", _("Reduced to what is still needed")
        HELD = "held", _("Held")

    run = models.ForeignKey(
        ErasureRun,
        models.CASCADE,
        related_name="planned",
        db_index=False,  # the constraint's index is the only one, so that no other is ever taken
        verbose_name=_("run"),
        help_text=_("The run whose plan it is in."),
    )
    kind = models.ForeignKey(
        ContentType,
        models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("kind of record"),
        help_text=_("The model of the record."),
    )
    record = models.BigIntegerField(
        _("record"), help_text=_("The key of the record; of the log a month, as in 202612.")
    )
    action = models.CharField(
        _("action"), max_length=6, choices=Action.choices, help_text=_("What is done with it.")
    )

    class Meta:
        verbose_name = _("planned erasure")
        verbose_name_plural = _("planned erasures")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["run", "kind", "record"], name="planned_erasure_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind_id} {self.record}"


class LedgerPosition(models.Model):
    """How far of the ledger of erasures the register knows; one row.

    It goes on in the transaction of each erasure. In a register that was restored it is behind the
    ledger, and nobody signs in before `replay_erasures` has run.
    """

    ONLY = 1

    known = models.PositiveBigIntegerField(
        _("known"), default=0, help_text=_("Up to which byte of the ledger.")
    )

    class Meta:
        verbose_name = _("position in the ledger of erasures")
        verbose_name_plural = _("positions in the ledger of erasures")
        default_permissions = ()
        constraints = [models.CheckConstraint(name="one_ledger_position", condition=models.Q(pk=1))]

    def __str__(self) -> str:
        return str(self.known)
