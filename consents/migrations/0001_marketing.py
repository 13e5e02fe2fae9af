"""Marketing choices and the wordings that were shown."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0003_kept_by_the_database"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Wording",
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
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="public ID"
                    ),
                ),
                (
                    "name",
                    models.SlugField(
                        help_text="What the text is used for.", max_length=60, verbose_name="name"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(
                        help_text="Counted from one.", verbose_name="version"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("fi", "Finnish"), ("sv", "Swedish"), ("en", "English")],
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        help_text="As it was shown, word for word.", verbose_name="text"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="created",
                    ),
                ),
            ],
            options={
                "verbose_name": "wording",
                "verbose_name_plural": "wordings",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("name", "version", "language"),
                        name="one_wording_per_version_and_language",
                        violation_error_message="This version of the wording exists already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MarketingChoice",
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
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="public ID"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "E-mail"),
                            ("sms", "Text message"),
                            ("phone", "Phone"),
                            ("post", "Post"),
                            ("robocall", "Automated call"),
                            ("message", "Instant message"),
                        ],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                (
                    "product_group",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("mobile", "Mobile subscriptions"),
                            ("internet", "Internet connections"),
                            ("voice", "Company telephony"),
                            ("cloud", "Cloud and e-mail services"),
                            ("security", "Data security"),
                            ("support", "IT support"),
                            ("devices", "Devices and accessories"),
                        ],
                        help_text="Empty means all products.",
                        max_length=40,
                        verbose_name="product group",
                    ),
                ),
                (
                    "choice",
                    models.CharField(
                        choices=[
                            ("permitted", "Permitted"),
                            ("prohibited", "Prohibited"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=10,
                        verbose_name="choice",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("page", "Web page"),
                            ("call", "Phone call"),
                            ("letter", "Letter"),
                            ("form", "Form"),
                            ("import", "Import"),
                        ],
                        max_length=10,
                        verbose_name="source",
                    ),
                ),
                (
                    "evidence",
                    models.CharField(
                        blank=True,
                        help_text="Where the proof is kept.",
                        max_length=200,
                        verbose_name="evidence",
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="time",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="marketing_choices",
                        to="customers.person",
                        verbose_name="person",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
                (
                    "wording",
                    models.ForeignKey(
                        blank=True,
                        help_text="The text that was shown; empty where none is known, as in an import.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="choices",
                        to="consents.wording",
                        verbose_name="wording",
                    ),
                ),
            ],
            options={
                "verbose_name": "marketing choice",
                "verbose_name_plural": "marketing choices",
                "abstract": False,
                "default_permissions": ("add", "view"),
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        fields=["person", "channel", "product_group", "-at", "-id"],
                        name="choice_newest_per_channel",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("choice__in", ["permitted", "prohibited", "withdrawn"])
                        ),
                        name="choice_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "channel__in",
                                ["email", "sms", "phone", "post", "robocall", "message"],
                            )
                        ),
                        name="choice_channel_is_known",
                    ),
                ],
            },
        ),
    ]
