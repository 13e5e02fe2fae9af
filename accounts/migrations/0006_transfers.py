"""Countries with adequate protection, where data went, and look-ups by group companies."""

import uuid

from django.db import migrations, models

import accounts.transfers

EEA = [
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"),
    *("IE", "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE"),
    *("SI", "SK"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_processors"),
    ]

    operations = [
        migrations.CreateModel(
            name="AdequacyDecision",
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
                    "country",
                    models.CharField(
                        help_text="Two letters, as in CH or JP.",
                        max_length=2,
                        validators=[accounts.transfers.known_country],
                        verbose_name="country",
                    ),
                ),
                (
                    "limits",
                    models.CharField(
                        blank=True,
                        help_text="As in commercial organisations only; empty if there are none.",
                        max_length=200,
                        verbose_name="limits",
                    ),
                ),
                (
                    "valid_from",
                    models.DateField(
                        help_text="When the decision took effect.", verbose_name="from"
                    ),
                ),
                (
                    "valid_until",
                    models.DateField(
                        blank=True,
                        help_text="Its last day; empty without an end.",
                        null=True,
                        verbose_name="until",
                    ),
                ),
            ],
            options={
                "verbose_name": "adequacy decision",
                "verbose_name_plural": "adequacy decisions",
                "default_permissions": ("add", "change", "view"),
            },
        ),
        migrations.AddField(
            model_name="disclosure",
            name="country",
            field=models.CharField(
                default="FI",
                help_text="Where the data went, in two letters.",
                max_length=2,
                validators=[accounts.transfers.known_country],
                verbose_name="country",
            ),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="looked_up_on",
            field=models.DateField(
                blank=True,
                editable=False,
                help_text="The day on which a group company's own staff looked them up here (S7).",
                null=True,
                verbose_name="looked up",
            ),
        ),
        migrations.AlterField(
            model_name="processor",
            name="country",
            field=models.CharField(
                default="FI",
                help_text="Two letters, as in FI or SE.",
                max_length=2,
                validators=[accounts.transfers.known_country],
                verbose_name="country",
            ),
        ),
        migrations.AlterField(
            model_name="recipient",
            name="country",
            field=models.CharField(
                default="FI",
                help_text="Two letters, as in FI or SE.",
                max_length=2,
                validators=[accounts.transfers.known_country],
                verbose_name="country",
            ),
        ),
        migrations.AlterField(
            model_name="subprocessor",
            name="country",
            field=models.CharField(
                default="FI",
                help_text="Two letters, as in FI or SE.",
                max_length=2,
                validators=[accounts.transfers.known_country],
                verbose_name="country",
            ),
        ),
        migrations.AddConstraint(
            model_name="disclosure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("looked_up_on__isnull", False),
                    models.Q(("country__in", EEA), ("transfer_tool", "")),
                    models.Q(
                        models.Q(("country__in", EEA), _negated=True),
                        models.Q(("transfer_tool", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="disclosure_outside_eea_has_its_tool",
                violation_error_message="Outside the EEA say what lets the data go there; within it, nothing.",
            ),
        ),
        migrations.AddConstraint(
            model_name="disclosure",
            constraint=models.UniqueConstraint(
                fields=("recipient", "looked_up_on"), name="one_disclosure_of_look_ups_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="processor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("country__in", EEA), ("transfer_tool", "")),
                    models.Q(
                        models.Q(("country__in", EEA), _negated=True),
                        models.Q(("transfer_tool", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="processor_outside_eea_has_its_tool",
                violation_error_message="Outside the EEA say what lets the data go there; within it, nothing.",
            ),
        ),
        migrations.AddField(
            model_name="subprocessor",
            name="transfer_tool",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "None needed: within the EEA"),
                    ("adequacy", "Adequacy decision, Art. 45"),
                    ("clauses", "Standard contractual clauses, Art. 46(2)(c)"),
                    ("binding_rules", "Binding corporate rules, Art. 47"),
                    ("consent", "Explicit consent, Art. 49(1)(a)"),
                ],
                default="",
                help_text="What lets the data leave the EEA; empty within it.",
                max_length=15,
                verbose_name="transfer tool",
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="subprocessor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("country__in", EEA), ("transfer_tool", "")),
                    models.Q(
                        models.Q(("country__in", EEA), _negated=True),
                        models.Q(("transfer_tool", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="sub_processor_outside_eea_has_its_tool",
                violation_error_message="Outside the EEA say what lets the data go there; within it, nothing.",
            ),
        ),
        migrations.AddConstraint(
            model_name="adequacydecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("country__regex", "^[A-Z]{2}$")),
                name="adequacy_country_is_a_code",
                violation_error_message="The country is two capital letters.",
            ),
        ),
        migrations.AddConstraint(
            model_name="adequacydecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True),
                    ("valid_until__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="adequacy_ends_after_start",
                violation_error_message="The end must not be before the start.",
            ),
        ),
        migrations.AddConstraint(
            model_name="adequacydecision",
            constraint=models.UniqueConstraint(
                fields=("country", "valid_from"), name="one_adequacy_decision_per_day"
            ),
        ),
    ]
