"""Staff accounts."""

import uuid

import django.contrib.auth.validators
import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
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
                    "username",
                    models.CharField(
                        error_messages={"unique": "This user name is taken."},
                        help_text="What the holder signs in with; nobody else uses the account.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="user name",
                    ),
                ),
                (
                    "given_name",
                    models.CharField(
                        blank=True,
                        help_text="Of the holder.",
                        max_length=100,
                        verbose_name="given name",
                    ),
                ),
                (
                    "family_name",
                    models.CharField(
                        help_text="Of the holder.", max_length=100, verbose_name="family name"
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True,
                        help_text="The work address; for a forgotten password.",
                        max_length=254,
                        verbose_name="e-mail address",
                    ),
                ),
                (
                    "employer",
                    models.CharField(
                        choices=[
                            ("praecom", "Praecom Oy"),
                            ("group", "Group company"),
                            ("subcontractor", "Subcontractor"),
                        ],
                        default="praecom",
                        help_text="For whom the holder works; sharing outside Praecom Oy is a disclosure.",
                        max_length=15,
                        verbose_name="employer",
                    ),
                ),
                (
                    "employer_name",
                    models.CharField(
                        blank=True,
                        help_text="Of a group company or a subcontractor.",
                        max_length=100,
                        verbose_name="name of the employer",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        blank=True,
                        help_text="Shown to a person in place of a name.",
                        max_length=100,
                        verbose_name="unit",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("fi", "Finnish"), ("sv", "Swedish"), ("en", "English")],
                        default="fi",
                        help_text="The language of the pages.",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                (
                    "confidentiality_acknowledged_on",
                    models.DateField(
                        blank=True,
                        help_text="The day the holder acknowledged confidentiality; inactive until then.",
                        null=True,
                        verbose_name="confidentiality acknowledged",
                    ),
                ),
                (
                    "disabled_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When the account was closed.",
                        null=True,
                        verbose_name="disabled",
                    ),
                ),
                (
                    "is_active",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.ExpressionWrapper(
                            models.Q(
                                ("confidentiality_acknowledged_on__isnull", False),
                                ("disabled_at__isnull", True),
                            ),
                            output_field=models.BooleanField(),
                        ),
                        output_field=models.BooleanField(),
                        verbose_name="active",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        editable=False,
                        help_text="When the account was made.",
                        verbose_name="created",
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
            ],
            options={
                "verbose_name": "staff account",
                "verbose_name_plural": "staff accounts",
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("username"),
                        name="user_name_in_any_case_once",
                        violation_error_message="This user name is taken.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("username", ""), _negated=True),
                            models.Q(("family_name", ""), _negated=True),
                        ),
                        name="user_has_a_name",
                        violation_error_message="An account has a user name and its holder a name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("employer", "praecom"), ("employer_name", "")),
                            models.Q(
                                ("employer__in", ["group", "subcontractor"]),
                                models.Q(("employer_name", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="user_employer_is_known",
                        violation_error_message="Name the group company or the subcontractor, and nothing for Praecom Oy.",
                    ),
                ],
            },
        ),
    ]
