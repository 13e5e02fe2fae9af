"""Processors, their sub-processors, and what lets data leave the EEA."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_disclosures"),
    ]

    operations = [
        migrations.CreateModel(
            name="Processor",
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
                    "name",
                    models.CharField(
                        help_text="Its name.", max_length=200, unique=True, verbose_name="name"
                    ),
                ),
                (
                    "service",
                    models.CharField(
                        help_text="What it does with the data.",
                        max_length=200,
                        verbose_name="service",
                    ),
                ),
                (
                    "country",
                    models.CharField(
                        default="FI",
                        help_text="Two letters, as in FI or SE.",
                        max_length=2,
                        verbose_name="country",
                    ),
                ),
                (
                    "transfer_tool",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "None needed: within the EEA"),
                            ("adequacy", "Adequacy decision, Art. 45"),
                            ("clauses", "Standard contractual clauses, Art. 46(2)(c)"),
                            ("binding_rules", "Binding corporate rules, Art. 47"),
                            ("consent", "Explicit consent, Art. 49(1)(a)"),
                        ],
                        help_text="What lets the data leave the EEA; empty within it.",
                        max_length=15,
                        verbose_name="transfer tool",
                    ),
                ),
                (
                    "categories",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("name", "Name"),
                                ("email", "E-mail address"),
                                ("phone", "Phone number"),
                                ("identifier", "Customer or user ID"),
                                ("company_contact", "Company's contact person"),
                                ("services", "Services, contracts and orders"),
                                ("history", "Customer history"),
                                ("marketing", "Marketing permissions and prohibitions"),
                                ("recordings", "Recordings and messages"),
                                ("billing", "Billing and collection"),
                                ("supplementary", "Supplementary information"),
                                ("derived", "Derived information"),
                                ("rights", "Data-subject rights and safeguards"),
                                ("access_log", "Access log"),
                            ],
                            max_length=20,
                        ),
                        help_text="The kinds of data.",
                        size=None,
                        verbose_name="categories",
                    ),
                ),
                (
                    "contract_on",
                    models.DateField(
                        help_text="The day of the contract that Art. 28(3) asks for.",
                        verbose_name="contract of",
                    ),
                ),
                (
                    "ended_on",
                    models.DateField(
                        blank=True,
                        help_text="The last day; empty while it goes on.",
                        null=True,
                        verbose_name="ended",
                    ),
                ),
                (
                    "returned_on",
                    models.DateField(
                        blank=True,
                        help_text="When it had returned or erased the data after the end.",
                        null=True,
                        verbose_name="returned or erased",
                    ),
                ),
                (
                    "audited_on",
                    models.DateField(
                        blank=True,
                        help_text="When we last checked it.",
                        null=True,
                        verbose_name="audited",
                    ),
                ),
            ],
            options={
                "verbose_name": "processor",
                "verbose_name_plural": "processors",
                "default_permissions": ("add", "change", "view"),
            },
        ),
        migrations.CreateModel(
            name="SubProcessor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(help_text="Its name.", max_length=200, verbose_name="name"),
                ),
                (
                    "service",
                    models.CharField(
                        help_text="What it does with the data.",
                        max_length=200,
                        verbose_name="service",
                    ),
                ),
                (
                    "country",
                    models.CharField(
                        default="FI",
                        help_text="Two letters, as in FI or SE.",
                        max_length=2,
                        verbose_name="country",
                    ),
                ),
                (
                    "approved_on",
                    models.DateField(
                        blank=True,
                        help_text="When we approved it; empty if not yet.",
                        null=True,
                        verbose_name="approved",
                    ),
                ),
                (
                    "ended_on",
                    models.DateField(
                        blank=True,
                        help_text="The last day; empty while it goes on.",
                        null=True,
                        verbose_name="ended",
                    ),
                ),
            ],
            options={
                "verbose_name": "sub-processor",
                "verbose_name_plural": "sub-processors",
                "default_permissions": ("add", "change", "view"),
            },
        ),
        migrations.AddField(
            model_name="disclosure",
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
                help_text="What lets the data leave the EEA; empty within it.",
                max_length=15,
                verbose_name="transfer tool",
            ),
        ),
        migrations.AddField(
            model_name="recipient",
            name="arrangement",
            field=models.CharField(
                blank=True,
                help_text="A group company's own ground, or the arrangement of Art. 26 with it (S7).",
                max_length=300,
                verbose_name="arrangement",
            ),
        ),
        migrations.AddConstraint(
            model_name="recipient",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "group"), _negated=True),
                    models.Q(("arrangement", ""), _negated=True),
                    _connector="OR",
                ),
                name="group_company_has_its_arrangement",
                violation_error_message="A group company needs its own ground or Art. 26.",
            ),
        ),
        migrations.AddConstraint(
            model_name="processor",
            constraint=models.CheckConstraint(
                condition=models.Q(("country__regex", "^[A-Z]{2}$")),
                name="processor_country_is_a_code",
                violation_error_message="The country is two capital letters.",
            ),
        ),
        migrations.AddConstraint(
            model_name="processor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_on__isnull", True),
                    ("ended_on__gte", models.F("contract_on")),
                    _connector="OR",
                ),
                name="processor_ends_after_start",
                violation_error_message="The end must not be before the start.",
            ),
        ),
        migrations.AddField(
            model_name="subprocessor",
            name="processor",
            field=models.ForeignKey(
                help_text="Whose sub-processor it is.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sub_processors",
                to="accounts.processor",
                verbose_name="processor",
            ),
        ),
        migrations.AddConstraint(
            model_name="subprocessor",
            constraint=models.UniqueConstraint(
                fields=("processor", "name"), name="sub_processor_once_per_processor"
            ),
        ),
        migrations.AddConstraint(
            model_name="subprocessor",
            constraint=models.CheckConstraint(
                condition=models.Q(("country__regex", "^[A-Z]{2}$")),
                name="sub_processor_country_is_a_code",
                violation_error_message="The country is two capital letters.",
            ),
        ),
    ]
