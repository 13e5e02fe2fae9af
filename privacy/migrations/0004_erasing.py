"""The engine that forgets: its periods, its runs, and the one way by which records go."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from privacy.erasing_functions import CREATE_ERASING, DROP_ERASING


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("privacy", "0003_kept_by_the_database"),
        ("audit", "0002_erasing"),
        ("consents", "0009_forgetting_many"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ErasureRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        help_text="The only identifier that addresses show.",
                        unique=True,
                        verbose_name="public ID",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("retention", "Retention"),
                            ("log", "Months of the access log"),
                            ("request", "Erasure request"),
                            ("replay", "Repeated after a restore"),
                        ],
                        help_text="What asked for it.",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Waiting for approval"),
                            ("approved", "Approved"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("stopped", "Stopped"),
                        ],
                        help_text="How far it is.",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "as_of",
                    models.DateField(
                        help_text="The day whose due records it erases.", verbose_name="as of"
                    ),
                ),
                (
                    "request_number",
                    models.CharField(
                        blank=True,
                        help_text="The request that it carries out.",
                        max_length=20,
                        verbose_name="request",
                    ),
                ),
                (
                    "planned_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="When the plan was made.",
                        verbose_name="planned",
                    ),
                ),
                (
                    "digest",
                    models.CharField(
                        help_text="SHA-256 of the plan, as it is approved.",
                        max_length=64,
                        verbose_name="digest",
                    ),
                ),
                (
                    "plan",
                    models.JSONField(
                        default=dict,
                        help_text="How many records of each kind go, stay or are held.",
                        verbose_name="plan",
                    ),
                ),
                (
                    "approved_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When it was approved.",
                        null=True,
                        verbose_name="approved",
                    ),
                ),
                (
                    "started_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When it began to erase.",
                        null=True,
                        verbose_name="started",
                    ),
                ),
                (
                    "ended_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When it was through.",
                        null=True,
                        verbose_name="ended",
                    ),
                ),
                (
                    "erased",
                    models.JSONField(
                        default=dict,
                        help_text="How many records of each kind have gone.",
                        verbose_name="erased",
                    ),
                ),
                (
                    "failure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("database", "The database refused or did not answer"),
                            ("storage", "A file or the ledger of erasures could not be written"),
                            ("other", "Something that nobody had thought of"),
                        ],
                        help_text="What stopped it, by kind.",
                        max_length=30,
                        verbose_name="failure",
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="The second person; empty where none is needed.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="approved by",
                    ),
                ),
                (
                    "planned_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who asked for it, or was the first to approve what a job planned.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="planned by",
                    ),
                ),
            ],
            options={
                "verbose_name": "erasure run",
                "verbose_name_plural": "erasure runs",
                "default_permissions": ("add", "change", "view"),
            },
        ),
        migrations.CreateModel(
            name="PlannedErasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "record",
                    models.BigIntegerField(
                        help_text="The key of the record; of the log a month, as in 202612.",
                        verbose_name="record",
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("erase", "Erased"),
                            ("reduce", "Reduced to what is still needed"),
                            ("held", "Held"),
                        ],
                        help_text="What is done with it.",
                        max_length=6,
                        verbose_name="action",
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        db_index=False,
                        help_text="The model of the record.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contenttypes.contenttype",
                        verbose_name="kind of record",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        help_text="The run whose plan it is in.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="planned",
                        to="privacy.erasurerun",
                        verbose_name="run",
                    ),
                ),
            ],
            options={
                "verbose_name": "planned erasure",
                "verbose_name_plural": "planned erasures",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="RetentionPeriod",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "model",
                    models.CharField(
                        help_text="The model, as in customers.person.",
                        max_length=60,
                        verbose_name="kind of record",
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        help_text="The date field of the rule.",
                        max_length=100,
                        verbose_name="counted from",
                    ),
                ),
                (
                    "months",
                    models.PositiveSmallIntegerField(
                        help_text="How long it is kept.", verbose_name="months"
                    ),
                ),
                (
                    "reason",
                    models.TextField(
                        help_text="Why it is longer or shorter than declared.",
                        max_length=1000,
                        verbose_name="reason",
                    ),
                ),
                (
                    "brings_forward",
                    models.PositiveBigIntegerField(
                        help_text="How many records it made due when it was set.",
                        verbose_name="records touched",
                    ),
                ),
                (
                    "decided_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="When it was decided.",
                        verbose_name="decided",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        help_text="Who decided.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
            ],
            options={
                "verbose_name": "retention period",
                "verbose_name_plural": "retention periods",
                "default_permissions": ("add", "view"),
            },
        ),
        migrations.CreateModel(
            name="LedgerPosition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "known",
                    models.PositiveBigIntegerField(
                        default=0, help_text="Up to which byte of the ledger.", verbose_name="known"
                    ),
                ),
            ],
            options={
                "verbose_name": "position in the ledger of erasures",
                "verbose_name_plural": "positions in the ledger of erasures",
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="ledgerposition",
            constraint=models.CheckConstraint(
                condition=models.Q(("pk", 1)), name="one_ledger_position"
            ),
        ),
        migrations.CreateModel(
            name="RetentionOutlook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        help_text="The only identifier that addresses show.",
                        unique=True,
                        verbose_name="public ID",
                    ),
                ),
                (
                    "day",
                    models.DateField(
                        help_text="The day on which the run would be.", verbose_name="day"
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="When it was asked for.",
                        verbose_name="asked",
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When it was made; empty until then.",
                        null=True,
                        verbose_name="made",
                    ),
                ),
                (
                    "goes",
                    models.JSONField(
                        default=dict,
                        help_text="How many records of each kind go, or are held.",
                        verbose_name="goes",
                    ),
                ),
                (
                    "stays",
                    models.JSONField(
                        default=list,
                        help_text="How many stay, until when, and by which rule.",
                        verbose_name="stays",
                    ),
                ),
                (
                    "failure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("database", "The database refused or did not answer"),
                            ("storage", "A file or the ledger of erasures could not be written"),
                            ("other", "Something that nobody had thought of"),
                        ],
                        help_text="What stopped it, by kind.",
                        max_length=30,
                        verbose_name="failure",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who asked for it; empty for the nightly job.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
            ],
            options={
                "verbose_name": "retention outlook",
                "verbose_name_plural": "retention outlooks",
                "default_permissions": ("add", "view"),
            },
        ),
        migrations.AddIndex(
            model_name="retentionoutlook",
            index=models.Index(fields=["day", "-made_at"], name="retention_outlook_newest"),
        ),
        migrations.AddConstraint(
            model_name="erasurerun",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("kind__in", ["retention", "log"]),
                    ("status__in", ["planned", "approved", "running"]),
                ),
                fields=("kind",),
                name="one_retention_run_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="erasurerun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind__in", ["request", "log"]),
                        ("status__in", ["running", "done"]),
                        _negated=True,
                    ),
                    models.Q(("approved_by__isnull", False), ("planned_by__isnull", False)),
                    _connector="OR",
                ),
                name="erasure_two_persons",
                violation_error_message="Somebody else must approve it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="erasurerun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by__isnull", True),
                    ("planned_by__isnull", True),
                    models.Q(("approved_by", models.F("planned_by")), _negated=True),
                    _connector="OR",
                ),
                name="erasure_run_second_person",
                violation_error_message="Somebody else must approve it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="plannederasure",
            constraint=models.UniqueConstraint(
                fields=("run", "kind", "record"), name="planned_erasure_once"
            ),
        ),
        migrations.AddIndex(
            model_name="retentionperiod",
            index=models.Index(fields=["model", "after", "-id"], name="retention_period_newest"),
        ),
        migrations.AddConstraint(
            model_name="retentionperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="retention_period_has_reason",
                violation_error_message="A period needs its reason.",
            ),
        ),
        migrations.RunSQL(CREATE_ERASING, DROP_ERASING),
    ]
