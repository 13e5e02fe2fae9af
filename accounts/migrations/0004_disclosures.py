"""Recipients of data, and what has been disclosed to them (S27)."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_key_shortcuts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Recipient",
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
                        help_text="Its name.",
                        max_length=200,
                        unique=True,
                        verbose_name="name",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("own", "Praecom Oy itself"),
                            ("group", "Group company"),
                            ("processor", "Processor"),
                            ("authority", "Authority"),
                            ("other", "Other recipient"),
                        ],
                        help_text="What kind of recipient it is.",
                        max_length=10,
                        verbose_name="kind",
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
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        editable=False,
                        help_text="When the record was made.",
                        verbose_name="created",
                    ),
                ),
            ],
            options={
                "verbose_name": "recipient",
                "verbose_name_plural": "recipients",
                "default_permissions": ("add", "change", "view"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("country__regex", "^[A-Z]{2}$")),
                        name="recipient_country_is_a_code",
                        violation_error_message="The country is two capital letters.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Disclosure",
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
                    "what",
                    models.CharField(
                        help_text="What was disclosed, and why.",
                        max_length=200,
                        verbose_name="what",
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
                    "basis",
                    models.CharField(
                        choices=[
                            ("a", "Consent, Art. 6(1)(a)"),
                            ("b", "Contract, Art. 6(1)(b)"),
                            ("c", "Legal obligation, Art. 6(1)(c)"),
                            ("f", "Legitimate interest, Art. 6(1)(f)"),
                        ],
                        help_text="The ground of GDPR Art. 6(1).",
                        max_length=1,
                        verbose_name="lawful basis",
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="When it was disclosed.",
                        verbose_name="made",
                    ),
                ),
                (
                    "expires_on",
                    models.DateField(
                        blank=True,
                        help_text="The last day on which the recipient may use it.",
                        null=True,
                        verbose_name="expires",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="The staff member; empty for a job.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        help_text="To whom.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disclosures",
                        to="accounts.recipient",
                        verbose_name="recipient",
                    ),
                ),
            ],
            options={
                "verbose_name": "disclosure",
                "verbose_name_plural": "disclosures",
                "default_permissions": ("add", "change", "view"),
            },
        ),
        migrations.CreateModel(
            name="DisclosedPerson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "subject",
                    models.UUIDField(
                        db_index=True,
                        help_text="The public ID of the person.",
                        verbose_name="person",
                    ),
                ),
                (
                    "disclosure",
                    models.ForeignKey(
                        help_text="In which disclosure.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="persons",
                        to="accounts.disclosure",
                        verbose_name="disclosure",
                    ),
                ),
            ],
            options={
                "verbose_name": "disclosed person",
                "verbose_name_plural": "disclosed persons",
                "abstract": False,
                "default_permissions": (),
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("disclosure", "subject"), name="disclosed_once_per_disclosure"
                    )
                ],
            },
        ),
    ]
