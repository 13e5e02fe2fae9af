"""The log table: partitioned by month, append-only, with the view for other systems."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from audit.log_table import CREATE, DROP


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(CREATE, DROP)],
            state_operations=[
                migrations.CreateModel(
                    name="LogEntry",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "timestamp",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                editable=False,
                                help_text="The database's clock.",
                                verbose_name="time",
                            ),
                        ),
                        (
                            "action",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (0, "Created"),
                                    (1, "Changed"),
                                    (2, "Deleted"),
                                    (3, "Viewed"),
                                    (4, "Searched"),
                                    (5, "Exported"),
                                    (6, "Played"),
                                    (7, "Refused"),
                                ],
                                verbose_name="action",
                            ),
                        ),
                        (
                            "subject",
                            models.UUIDField(
                                help_text="The person's public ID; it names nobody.",
                                null=True,
                                verbose_name="data subject",
                            ),
                        ),
                        (
                            "categories",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=32),
                                default=list,
                                size=None,
                                verbose_name="data categories",
                            ),
                        ),
                        (
                            "actor_label",
                            models.CharField(
                                blank=True,
                                help_text="A job or another actor than staff.",
                                max_length=64,
                                verbose_name="actor",
                            ),
                        ),
                        ("unit", models.CharField(blank=True, max_length=100, verbose_name="unit")),
                        (
                            "purpose",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("service_call", "Service call"),
                                    ("customer_care", "Care of the customer relationship"),
                                    ("billing", "Billing"),
                                    ("marketing", "Direct marketing"),
                                    ("subject_request", "Data-subject request"),
                                    ("verification", "Verifying a service event"),
                                    ("problem_solving", "Solving a problem"),
                                    ("log_control", "Control of the access log"),
                                    ("upkeep", "Upkeep of the register"),
                                    ("retention", "Retention and erasure"),
                                    ("own_choice", "The person's own choice"),
                                ],
                                max_length=32,
                                verbose_name="purpose",
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(blank=True, max_length=500, verbose_name="reason"),
                        ),
                        (
                            "route",
                            models.CharField(blank=True, max_length=200, verbose_name="page"),
                        ),
                        ("cid", models.CharField(max_length=36, verbose_name="request")),
                        (
                            "remote_addr",
                            models.GenericIPAddressField(null=True, verbose_name="address"),
                        ),
                        (
                            "object_pk",
                            models.CharField(max_length=64, null=True, verbose_name="object key"),
                        ),
                        (
                            "object_id",
                            models.BigIntegerField(null=True, verbose_name="object number"),
                        ),
                        ("changes", models.JSONField(null=True, verbose_name="changes")),
                        (
                            "actor",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="staff member",
                            ),
                        ),
                        (
                            "content_type",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="contenttypes.contenttype",
                                verbose_name="kind of object",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "log entry",
                        "verbose_name_plural": "log entries",
                        "ordering": [],
                        "get_latest_by": "timestamp",
                        "abstract": False,
                        "default_permissions": ("view",),
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(fields=["subject", "timestamp"], name="log_by_subject"),
                            models.Index(fields=["actor", "timestamp"], name="log_by_actor"),
                            django.contrib.postgres.indexes.BrinIndex(
                                fields=["timestamp"], name="log_by_time"
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("action", 3), _negated=True),
                                    ("subject__isnull", False),
                                    _connector="OR",
                                ),
                                name="a_read_names_its_subject",
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
