"""The tables of the register."""

import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import customers.models.relationships


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_functions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Person",
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
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                        help_text="When the record was made.",
                        verbose_name="created",
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                        help_text="When the record last changed; kept by the database.",
                        verbose_name="changed",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("registration", "Service registration"),
                            ("service_use", "Service use"),
                            ("web_form", "Web form"),
                            ("phone_call", "Phone call"),
                            ("email", "E-mail"),
                            ("letter", "Letter"),
                            ("company", "Told by the company"),
                            ("staff", "Staff member"),
                            ("import", "Import"),
                        ],
                        help_text="Where the data came from.",
                        max_length=20,
                        verbose_name="data source",
                    ),
                ),
                (
                    "source_wording",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="The source in the words of an imported file or of the person who noted it.",
                        max_length=100,
                        verbose_name="source as written",
                    ),
                ),
                (
                    "first_name",
                    models.CharField(
                        blank=True,
                        help_text="All first names in use.",
                        max_length=100,
                        verbose_name="first name",
                    ),
                ),
                (
                    "last_name",
                    models.CharField(
                        help_text="The family name, particles included.",
                        max_length=100,
                        verbose_name="last name",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("fi", "Finnish"), ("sv", "Swedish"), ("en", "English")],
                        default="fi",
                        help_text="The language she is served in.",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "persons",
                "permissions": [("look_up_person", "Can look up persons")],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_name", ""), _negated=True),
                        name="person_has_a_name",
                        violation_error_message="A person has a last name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["fi", "sv", "en"])),
                        name="person_language_is_known",
                        violation_error_message="The language is Finnish, Swedish or English.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "source__in",
                                [
                                    "registration",
                                    "service_use",
                                    "web_form",
                                    "phone_call",
                                    "email",
                                    "letter",
                                    "company",
                                    "staff",
                                    "import",
                                ],
                            )
                        ),
                        name="person_source_is_known",
                        violation_error_message="Say where the data came from.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Customer",
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
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                        help_text="When the record was made.",
                        verbose_name="created",
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                        help_text="When the record last changed; kept by the database.",
                        verbose_name="changed",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("registration", "Service registration"),
                            ("service_use", "Service use"),
                            ("web_form", "Web form"),
                            ("phone_call", "Phone call"),
                            ("email", "E-mail"),
                            ("letter", "Letter"),
                            ("company", "Told by the company"),
                            ("staff", "Staff member"),
                            ("import", "Import"),
                        ],
                        help_text="Where the data came from.",
                        max_length=20,
                        verbose_name="data source",
                    ),
                ),
                (
                    "source_wording",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="The source in the words of an imported file or of the person who noted it.",
                        max_length=100,
                        verbose_name="source as written",
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        help_text="Given once; never changed.",
                        max_length=32,
                        unique=True,
                        verbose_name="customer number",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("company", "Company customer"), ("person", "Private customer")],
                        help_text="A company or a person.",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "legal_form",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("oy", "Limited company (Oy)"),
                            ("ab", "Limited company (Ab)"),
                            ("ky", "Limited partnership (Ky)"),
                            ("ay", "General partnership (Ay)"),
                            ("tmi", "Sole trader (Tmi)"),
                            ("ry", "Association (ry)"),
                            ("other", "Other legal form"),
                        ],
                        help_text="Of a company; a sole trader counts as a natural person.",
                        max_length=10,
                        verbose_name="legal form",
                    ),
                ),
                (
                    "company_name",
                    models.CharField(
                        blank=True,
                        help_text="Empty for a private customer.",
                        max_length=200,
                        verbose_name="company name",
                    ),
                ),
                (
                    "business_id",
                    models.CharField(
                        blank=True,
                        help_text="With hyphen, as in 2108420-7.",
                        max_length=9,
                        verbose_name="business ID",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("fi", "Finnish"), ("sv", "Swedish"), ("en", "English")],
                        default="fi",
                        help_text="The language of letters and invoices.",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                (
                    "since",
                    models.DateField(
                        blank=True,
                        help_text="The first day as a customer.",
                        null=True,
                        verbose_name="customer since",
                    ),
                ),
                (
                    "ended_on",
                    models.DateField(
                        blank=True,
                        help_text="The last day as a customer.",
                        null=True,
                        verbose_name="ended",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        help_text="The private customer herself, or the sole trader where known.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="customers",
                        to="customers.person",
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "customer",
                "verbose_name_plural": "customers",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ContactPoint",
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
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                        help_text="When the record was made.",
                        verbose_name="created",
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                        help_text="When the record last changed; kept by the database.",
                        verbose_name="changed",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("registration", "Service registration"),
                            ("service_use", "Service use"),
                            ("web_form", "Web form"),
                            ("phone_call", "Phone call"),
                            ("email", "E-mail"),
                            ("letter", "Letter"),
                            ("company", "Told by the company"),
                            ("staff", "Staff member"),
                            ("import", "Import"),
                        ],
                        help_text="Where the data came from.",
                        max_length=20,
                        verbose_name="data source",
                    ),
                ),
                (
                    "source_wording",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="The source in the words of an imported file or of the person who noted it.",
                        max_length=100,
                        verbose_name="source as written",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("phone", "Phone number"), ("email", "E-mail address")],
                        help_text="Phone or e-mail.",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "as_written",
                    models.CharField(
                        help_text="The number or address as it was given.",
                        max_length=254,
                        verbose_name="as written",
                    ),
                ),
                (
                    "normalised",
                    models.CharField(
                        help_text="The number with its country code, or the address in lower case.",
                        max_length=254,
                        verbose_name="normalised",
                    ),
                ),
                (
                    "label",
                    models.CharField(
                        blank=True,
                        help_text="For example: work, home, holidays.",
                        max_length=40,
                        verbose_name="label",
                    ),
                ),
                (
                    "is_primary",
                    models.BooleanField(
                        default=False,
                        help_text="The one to use first of its kind.",
                        verbose_name="first choice",
                    ),
                ),
                (
                    "verified_on",
                    models.DateField(
                        blank=True,
                        help_text="The day it was last proved to work.",
                        null=True,
                        verbose_name="verified",
                    ),
                ),
                (
                    "ended_on",
                    models.DateField(
                        blank=True,
                        help_text="The day it ceased to be in use; nobody is found by it any more.",
                        null=True,
                        verbose_name="ended",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="The company whose own it is, such as a switchboard; empty for a person's.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contact_points",
                        to="customers.customer",
                        verbose_name="company",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whose it is; empty for a company's own.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contact_points",
                        to="customers.person",
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact point",
                "verbose_name_plural": "contact points",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ContactPerson",
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
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                        help_text="When the record was made.",
                        verbose_name="created",
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                        help_text="When the record last changed; kept by the database.",
                        verbose_name="changed",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("registration", "Service registration"),
                            ("service_use", "Service use"),
                            ("web_form", "Web form"),
                            ("phone_call", "Phone call"),
                            ("email", "E-mail"),
                            ("letter", "Letter"),
                            ("company", "Told by the company"),
                            ("staff", "Staff member"),
                            ("import", "Import"),
                        ],
                        help_text="Where the data came from.",
                        max_length=20,
                        verbose_name="data source",
                    ),
                ),
                (
                    "source_wording",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="The source in the words of an imported file or of the person who noted it.",
                        max_length=100,
                        verbose_name="source as written",
                    ),
                ),
                (
                    "task",
                    models.CharField(
                        blank=True,
                        help_text="What she is contacted about.",
                        max_length=100,
                        verbose_name="task",
                    ),
                ),
                (
                    "position",
                    models.CharField(
                        blank=True,
                        help_text="Her position in the company.",
                        max_length=100,
                        verbose_name="position",
                    ),
                ),
                (
                    "started_on",
                    models.DateField(
                        blank=True,
                        help_text="The first day; empty if not known.",
                        null=True,
                        verbose_name="started",
                    ),
                ),
                (
                    "ended_on",
                    models.DateField(
                        blank=True,
                        help_text="The last day; empty while it lasts.",
                        null=True,
                        verbose_name="ended",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        help_text="The company she speaks for.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contact_persons",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        help_text="Who it is.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contact_roles",
                        to="customers.person",
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact person",
                "verbose_name_plural": "contact persons",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Address",
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
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                        help_text="When the record was made.",
                        verbose_name="created",
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                        help_text="When the record last changed; kept by the database.",
                        verbose_name="changed",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("registration", "Service registration"),
                            ("service_use", "Service use"),
                            ("web_form", "Web form"),
                            ("phone_call", "Phone call"),
                            ("email", "E-mail"),
                            ("letter", "Letter"),
                            ("company", "Told by the company"),
                            ("staff", "Staff member"),
                            ("import", "Import"),
                        ],
                        help_text="Where the data came from.",
                        max_length=20,
                        verbose_name="data source",
                    ),
                ),
                (
                    "source_wording",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="The source in the words of an imported file or of the person who noted it.",
                        max_length=100,
                        verbose_name="source as written",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("visiting", "Visiting address"),
                            ("postal", "Postal address"),
                            ("usage", "Address of use"),
                            ("delivery", "Delivery address"),
                            ("billing", "Billing address"),
                        ],
                        help_text="What the address is for.",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "street",
                    models.CharField(
                        blank=True,
                        help_text="Street, number, flat; or box.",
                        max_length=200,
                        verbose_name="street address",
                    ),
                ),
                (
                    "postal_code",
                    models.CharField(
                        blank=True,
                        help_text="Five digits in Finland.",
                        max_length=12,
                        verbose_name="postal code",
                    ),
                ),
                (
                    "city",
                    models.CharField(
                        blank=True, help_text="The post town.", max_length=100, verbose_name="town"
                    ),
                ),
                (
                    "country",
                    models.CharField(
                        db_default="FI",
                        default="FI",
                        help_text="Two letters, as in FI or SE.",
                        max_length=2,
                        verbose_name="country",
                    ),
                ),
                (
                    "valid_from",
                    models.DateField(
                        blank=True,
                        help_text="The first day; empty if not known.",
                        null=True,
                        verbose_name="valid from",
                    ),
                ),
                (
                    "valid_until",
                    models.DateField(
                        blank=True,
                        help_text="The last day; empty while it lasts.",
                        null=True,
                        verbose_name="valid until",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="Whose it is; empty for a person's own.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="addresses",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="Whose it is; empty for a customer's.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="addresses",
                        to="customers.person",
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "address",
                "verbose_name_plural": "addresses",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Restriction",
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
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                        help_text="When the record was made.",
                        verbose_name="created",
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                        help_text="When the record last changed; kept by the database.",
                        verbose_name="changed",
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("accuracy", "Accuracy is contested"),
                            ("unlawful", "Unlawful, but the person prefers restriction"),
                            ("claims", "The person needs the data for a claim"),
                            ("objection", "An objection is being weighed"),
                        ],
                        help_text="GDPR Art. 18(1).",
                        max_length=10,
                        verbose_name="ground",
                    ),
                ),
                (
                    "since",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="When it was restricted.",
                        verbose_name="since",
                    ),
                ),
                (
                    "lifted_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When it was lifted; the person is told before (Art. 18(3)).",
                        null=True,
                        verbose_name="lifted",
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="The staff member who lifted it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="lifted by",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        help_text="Whose data is restricted.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="restrictions",
                        to="customers.person",
                        verbose_name="person",
                    ),
                ),
                (
                    "restricted_by",
                    models.ForeignKey(
                        help_text="The staff member who restricted it.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="restricted by",
                    ),
                ),
            ],
            options={
                "verbose_name": "restriction",
                "verbose_name_plural": "restrictions",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ServiceUser",
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
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                        help_text="When the record was made.",
                        verbose_name="created",
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                        help_text="When the record last changed; kept by the database.",
                        verbose_name="changed",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("registration", "Service registration"),
                            ("service_use", "Service use"),
                            ("web_form", "Web form"),
                            ("phone_call", "Phone call"),
                            ("email", "E-mail"),
                            ("letter", "Letter"),
                            ("company", "Told by the company"),
                            ("staff", "Staff member"),
                            ("import", "Import"),
                        ],
                        help_text="Where the data came from.",
                        max_length=20,
                        verbose_name="data source",
                    ),
                ),
                (
                    "source_wording",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="The source in the words of an imported file or of the person who noted it.",
                        max_length=100,
                        verbose_name="source as written",
                    ),
                ),
                (
                    "user_id",
                    models.CharField(
                        help_text="Given once; never changed.",
                        max_length=64,
                        unique=True,
                        verbose_name="user ID",
                    ),
                ),
                (
                    "started_on",
                    models.DateField(
                        blank=True,
                        help_text="The first day; empty if not known.",
                        null=True,
                        verbose_name="started",
                    ),
                ),
                (
                    "ended_on",
                    models.DateField(
                        blank=True,
                        help_text="The last day; empty while it lasts.",
                        null=True,
                        verbose_name="ended",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whose services she uses; a user need not be anybody's.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="service_users",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        help_text="Who uses the services.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="user_roles",
                        to="customers.person",
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "service user",
                "verbose_name_plural": "service users",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="LookupKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.SmallIntegerField(
                        help_text="The number of its kind of key.", verbose_name="kind"
                    ),
                ),
                (
                    "key",
                    models.TextField(
                        db_collation="C",
                        help_text="The folded words, digits, address or ID.",
                        verbose_name="key",
                    ),
                ),
                (
                    "source_id",
                    models.BigIntegerField(
                        help_text="The row it was copied from.", verbose_name="source"
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        help_text="Which customer is found by it.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        help_text="Who is found by it.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customers.person",
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "lookup key",
                "verbose_name_plural": "lookup keys",
                "abstract": False,
                "default_permissions": (),
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        fields=["key"],
                        include=("kind", "person", "customer", "source_id"),
                        name="lookup_by_key",
                    ),
                    models.Index(fields=["kind", "source_id"], name="lookup_by_source"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Interaction",
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
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                        help_text="When the record was made.",
                        verbose_name="created",
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                        help_text="When the record last changed; kept by the database.",
                        verbose_name="changed",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("registration", "Service registration"),
                            ("service_use", "Service use"),
                            ("web_form", "Web form"),
                            ("phone_call", "Phone call"),
                            ("email", "E-mail"),
                            ("letter", "Letter"),
                            ("company", "Told by the company"),
                            ("staff", "Staff member"),
                            ("import", "Import"),
                        ],
                        help_text="Where the data came from.",
                        max_length=20,
                        verbose_name="data source",
                    ),
                ),
                (
                    "source_wording",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="The source in the words of an imported file or of the person who noted it.",
                        max_length=100,
                        verbose_name="source as written",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("phone", "Phone"),
                            ("email", "E-mail"),
                            ("sms", "Text message"),
                            ("chat", "Chat"),
                            ("video", "Video call"),
                            ("letter", "Letter"),
                            ("web_form", "Web form"),
                            ("visit", "Visit"),
                        ],
                        help_text="How it happened.",
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[("in", "To us"), ("out", "From us")],
                        help_text="Who reached whom.",
                        max_length=3,
                        verbose_name="direction",
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        help_text="What it was about, in a few words.",
                        max_length=200,
                        verbose_name="subject",
                    ),
                ),
                (
                    "summary",
                    models.TextField(
                        blank=True,
                        help_text="What was said; nothing that is not needed.",
                        verbose_name="summary",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("resolved", "Resolved"),
                            ("forwarded", "Forwarded"),
                            ("call_back", "To be called back"),
                            ("not_reached", "Not reached"),
                            ("other", "Other outcome"),
                        ],
                        help_text="What came of it; empty while it is open.",
                        max_length=12,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "happened_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="When it happened.",
                        verbose_name="time",
                    ),
                ),
                (
                    "closed_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When the matter was closed.",
                        null=True,
                        verbose_name="closed",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="On whose behalf; empty if it was nobody's.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interactions",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "handled_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="The staff member; empty if it was imported.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="handled by",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="With whom; empty if only the company is known.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interactions",
                        to="customers.person",
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact event",
                "verbose_name_plural": "contact events",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        fields=["person", "-happened_at"], name="interaction_newest_of_person"
                    ),
                    models.Index(
                        fields=["customer", "-happened_at"], name="interaction_newest_of_cust"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("person__isnull", False), ("customer__isnull", False), _connector="OR"
                        ),
                        name="interaction_is_about_somebody",
                        violation_error_message="Say with whom, or on whose behalf, the contact was.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at__isnull", True),
                            ("happened_at__isnull", True),
                            ("closed_at__gte", models.F("happened_at")),
                            _connector="OR",
                        ),
                        name="interaction_closes_after_start",
                        violation_error_message="The end must not be before the start.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "source__in",
                                [
                                    "registration",
                                    "service_use",
                                    "web_form",
                                    "phone_call",
                                    "email",
                                    "letter",
                                    "company",
                                    "staff",
                                    "import",
                                ],
                            )
                        ),
                        name="interaction_source_is_known",
                        violation_error_message="Say where the data came from.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Hold",
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
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                        help_text="When the record was made.",
                        verbose_name="created",
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                        help_text="When the record last changed; kept by the database.",
                        verbose_name="changed",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        help_text="The dispute or claim that needs the data.",
                        max_length=200,
                        verbose_name="reason",
                    ),
                ),
                (
                    "placed_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="When the hold was placed.",
                        verbose_name="placed",
                    ),
                ),
                (
                    "until",
                    models.DateField(
                        blank=True,
                        help_text="The last day; empty until released.",
                        null=True,
                        verbose_name="until",
                    ),
                ),
                (
                    "released_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When the hold was released.",
                        null=True,
                        verbose_name="released",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whose data is held; empty for a person's.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "placed_by",
                    models.ForeignKey(
                        help_text="The staff member who placed the hold.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="placed by",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whose data is held; empty for a customer's.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="customers.person",
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "hold",
                "verbose_name_plural": "holds",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("customer__isnull", True), ("person__isnull", False)),
                            models.Q(("customer__isnull", False), ("person__isnull", True)),
                            _connector="OR",
                        ),
                        name="hold_has_one_holder",
                        violation_error_message="A hold is on a person or on a customer.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="hold_has_a_reason",
                        violation_error_message="A hold needs its reason.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("released_at__isnull", True),
                            ("placed_at__isnull", True),
                            ("released_at__gte", models.F("placed_at")),
                            _connector="OR",
                        ),
                        name="hold_ends_after_start",
                        violation_error_message="The end must not be before the start.",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(("number", ""), _negated=True),
                name="customer_has_a_number",
                violation_error_message="A customer has a customer number.",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "company"), models.Q(("company_name", ""), _negated=True)),
                    models.Q(
                        ("business_id", ""),
                        ("company_name", ""),
                        ("kind", "person"),
                        ("owner__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="customer_is_a_company_or_a_person",
                violation_error_message="A company has a name; a private customer has an owner and no business ID.",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "company"),
                        ("legal_form__in", ["oy", "ab", "ky", "ay", "tmi", "ry", "other"]),
                    ),
                    models.Q(("kind", "person"), ("legal_form", "")),
                    _connector="OR",
                ),
                name="customer_legal_form_fits",
                violation_error_message="A company has a legal form, a private customer none.",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("owner__isnull", True),
                    ("kind", "person"),
                    ("legal_form", "tmi"),
                    _connector="OR",
                ),
                name="customer_owner_is_natural",
                violation_error_message="Only a sole trader or a private customer has an owner.",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("business_id", ""),
                    models.Func(
                        models.F("business_id"),
                        function="business_id_is_valid",
                        output_field=models.BooleanField(),
                    ),
                    _connector="OR",
                ),
                name="customer_business_id_is_valid",
                violation_error_message="The business ID's check digit is wrong.",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__in", ["fi", "sv", "en"])),
                name="customer_language_is_known",
                violation_error_message="The language is Finnish, Swedish or English.",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_on__isnull", True),
                    ("since__isnull", True),
                    ("ended_on__gte", models.F("since")),
                    _connector="OR",
                ),
                name="customer_ends_after_start",
                violation_error_message="The end must not be before the start.",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "source__in",
                        [
                            "registration",
                            "service_use",
                            "web_form",
                            "phone_call",
                            "email",
                            "letter",
                            "company",
                            "staff",
                            "import",
                        ],
                    )
                ),
                name="customer_source_is_known",
                violation_error_message="Say where the data came from.",
            ),
        ),
        migrations.AddIndex(
            model_name="contactpoint",
            index=models.Index(
                condition=models.Q(("customer__isnull", False)),
                fields=["customer"],
                name="contact_point_of_company",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("customer__isnull", True), ("person__isnull", False)),
                    models.Q(("customer__isnull", False), ("person__isnull", True)),
                    _connector="OR",
                ),
                name="contact_point_has_one_holder",
                violation_error_message="A contact point belongs to a person or to a company.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactpoint",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_on__isnull", True)),
                fields=("person", "kind", "normalised"),
                name="contact_point_once_per_person",
                violation_error_message="The person already has this number or address.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactpoint",
            constraint=models.UniqueConstraint(
                condition=models.Q(("customer__isnull", False), ("ended_on__isnull", True)),
                fields=("customer", "kind", "normalised"),
                name="contact_point_once_per_company",
                violation_error_message="The company already has this number or address.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactpoint",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("ended_on__isnull", True), ("is_primary", True), ("person__isnull", False)
                ),
                fields=("person", "kind"),
                name="one_first_choice_per_kind",
                violation_error_message="Only one number or address can be the first choice.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "phone"), ("normalised__regex", "^\\+[0-9]{3,20}$")),
                    models.Q(
                        ("kind", "email"), ("normalised__regex", "^[^@[:space:]]+@[^@[:space:]]+$")
                    ),
                    _connector="OR",
                ),
                name="contact_point_is_normalised",
                violation_error_message="This is not a phone number or an e-mail address.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "source__in",
                        [
                            "registration",
                            "service_use",
                            "web_form",
                            "phone_call",
                            "email",
                            "letter",
                            "company",
                            "staff",
                            "import",
                        ],
                    )
                ),
                name="contact_point_source_is_known",
                violation_error_message="Say where the data came from.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactperson",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("person", "="),
                    ("customer", "="),
                    ("task", "="),
                    (
                        customers.models.relationships.DateRange(
                            "started_on",
                            "ended_on",
                            django.contrib.postgres.fields.ranges.RangeBoundary(
                                inclusive_upper=True
                            ),
                        ),
                        "&&",
                    ),
                ],
                name="contact_person_once_at_a_time",
                violation_error_message="She already has this task in the company at that time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactperson",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_on__isnull", True),
                    ("started_on__isnull", True),
                    ("ended_on__gte", models.F("started_on")),
                    _connector="OR",
                ),
                name="contact_person_ends_after_start",
                violation_error_message="The end must not be before the start.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactperson",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "source__in",
                        [
                            "registration",
                            "service_use",
                            "web_form",
                            "phone_call",
                            "email",
                            "letter",
                            "company",
                            "staff",
                            "import",
                        ],
                    )
                ),
                name="contact_person_source_is_known",
                violation_error_message="Say where the data came from.",
            ),
        ),
        migrations.AddIndex(
            model_name="address",
            index=models.Index(
                condition=models.Q(("customer__isnull", False)),
                fields=["customer"],
                name="address_of_customer",
            ),
        ),
        migrations.AddIndex(
            model_name="address",
            index=models.Index(
                condition=models.Q(("person__isnull", False)),
                fields=["person"],
                name="address_of_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="address",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("customer__isnull", True), ("person__isnull", False)),
                    models.Q(("customer__isnull", False), ("person__isnull", True)),
                    _connector="OR",
                ),
                name="address_has_one_holder",
                violation_error_message="An address belongs to a customer or to a person.",
            ),
        ),
        migrations.AddConstraint(
            model_name="address",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("country", "FI"), _negated=True),
                    ("postal_code__regex", "^[0-9]{5}$"),
                    _connector="OR",
                ),
                name="address_postal_code_fits",
                violation_error_message="A Finnish postal code has five digits.",
            ),
        ),
        migrations.AddConstraint(
            model_name="address",
            constraint=models.CheckConstraint(
                condition=models.Q(("country__regex", "^[A-Z]{2}$")),
                name="address_country_is_a_code",
                violation_error_message="The country is two capital letters.",
            ),
        ),
        migrations.AddConstraint(
            model_name="address",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True),
                    ("valid_from__isnull", True),
                    ("valid_until__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="address_ends_after_start",
                violation_error_message="The end must not be before the start.",
            ),
        ),
        migrations.AddConstraint(
            model_name="address",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "source__in",
                        [
                            "registration",
                            "service_use",
                            "web_form",
                            "phone_call",
                            "email",
                            "letter",
                            "company",
                            "staff",
                            "import",
                        ],
                    )
                ),
                name="address_source_is_known",
                violation_error_message="Say where the data came from.",
            ),
        ),
        migrations.AddConstraint(
            model_name="restriction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at__isnull", True)),
                fields=("person", "ground"),
                name="one_restriction_in_force_per_ground",
                violation_error_message="The data is already restricted on this ground.",
            ),
        ),
        migrations.AddConstraint(
            model_name="restriction",
            constraint=models.CheckConstraint(
                condition=models.Q(("ground__in", ["accuracy", "unlawful", "claims", "objection"])),
                name="restriction_ground_is_known",
                violation_error_message="The ground is one of GDPR Art. 18(1).",
            ),
        ),
        migrations.AddConstraint(
            model_name="restriction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lifted_at__isnull", True), ("lifted_by__isnull", True)),
                    models.Q(("lifted_at__isnull", False), ("lifted_by__isnull", False)),
                    _connector="OR",
                ),
                name="restriction_lifted_by_somebody",
                violation_error_message="Say who lifted the restriction, and when.",
            ),
        ),
        migrations.AddConstraint(
            model_name="restriction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("lifted_at__isnull", True),
                    ("since__isnull", True),
                    ("lifted_at__gte", models.F("since")),
                    _connector="OR",
                ),
                name="restriction_ends_after_start",
                violation_error_message="The end must not be before the start.",
            ),
        ),
        migrations.AddConstraint(
            model_name="serviceuser",
            constraint=models.CheckConstraint(
                condition=models.Q(("user_id", ""), _negated=True),
                name="service_user_has_an_id",
                violation_error_message="A service user has a user ID.",
            ),
        ),
        migrations.AddConstraint(
            model_name="serviceuser",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_on__isnull", True),
                    ("started_on__isnull", True),
                    ("ended_on__gte", models.F("started_on")),
                    _connector="OR",
                ),
                name="service_user_ends_after_start",
                violation_error_message="The end must not be before the start.",
            ),
        ),
        migrations.AddConstraint(
            model_name="serviceuser",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "source__in",
                        [
                            "registration",
                            "service_use",
                            "web_form",
                            "phone_call",
                            "email",
                            "letter",
                            "company",
                            "staff",
                            "import",
                        ],
                    )
                ),
                name="service_user_source_is_known",
                violation_error_message="Say where the data came from.",
            ),
        ),
    ]
