"""The tables of contracts."""

import uuid
from decimal import Decimal

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.math
import django.utils.timezone
from django.db import migrations, models

import contracts.models.base
import customers.models.relationships


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contracts", "0001_functions"),
        ("customers", "0005_identity_checks"),
    ]

    operations = [
        migrations.CreateModel(
            name="Device",
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
                    "serial_number",
                    models.CharField(
                        help_text="Given once; never changed.",
                        max_length=64,
                        unique=True,
                        verbose_name="serial number",
                    ),
                ),
            ],
            options={
                "verbose_name": "device",
                "verbose_name_plural": "devices",
                "abstract": False,
                "default_permissions": ("add", "change", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="SummaryQueue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "customer_key",
                    models.BigIntegerField(
                        help_text="The key of whose figures are no longer true.",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "figures to be computed",
                "verbose_name_plural": "figures to be computed",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="BillingAccount",
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
                        db_default=contracts.models.base.NextNumber(
                            prefix="LA", sequence="contracts_billing_number"
                        ),
                        editable=False,
                        help_text="Given by the database once; never changed.",
                        max_length=32,
                        unique=True,
                        verbose_name="billing account number",
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("e_invoice", "E-invoice"),
                            ("email", "E-mail"),
                            ("paper", "On paper"),
                            ("direct_payment", "Direct payment"),
                        ],
                        help_text="How invoices are sent.",
                        max_length=14,
                        verbose_name="billing method",
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True,
                        help_text="Where invoices by e-mail go.",
                        max_length=254,
                        verbose_name="invoicing e-mail",
                    ),
                ),
                (
                    "e_invoice_address",
                    models.CharField(
                        blank=True,
                        help_text="The OVT number, as in 003721084207, or an address like an IBAN.",
                        max_length=35,
                        verbose_name="e-invoice address",
                    ),
                ),
                (
                    "operator_id",
                    models.CharField(
                        blank=True,
                        help_text="The operator who takes the e-invoices, as in E204503 or NDEAFIHH.",
                        max_length=35,
                        verbose_name="operator ID",
                    ),
                ),
                (
                    "payment_term_days",
                    models.PositiveSmallIntegerField(
                        default=14,
                        help_text="From the invoice to its due date.",
                        verbose_name="payment term, days",
                    ),
                ),
                (
                    "customer_reference",
                    models.CharField(
                        blank=True,
                        help_text="What the customer wants to read on each invoice.",
                        max_length=100,
                        verbose_name="customer's reference",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("fi", "Finnish"), ("sv", "Swedish"), ("en", "English")],
                        default="fi",
                        help_text="The language of the invoices.",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                (
                    "opened_on",
                    models.DateField(
                        default=django.utils.timezone.localdate,
                        help_text="The first day.",
                        verbose_name="opened",
                    ),
                ),
                (
                    "closed_on",
                    models.DateField(
                        blank=True,
                        help_text="The last day; empty while it lasts.",
                        null=True,
                        verbose_name="closed",
                    ),
                ),
                (
                    "address",
                    models.ForeignKey(
                        blank=True,
                        help_text="Where invoices on paper go.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="billing_accounts",
                        to="customers.address",
                        verbose_name="billing address",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        help_text="Who is billed.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="billing_accounts",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "billing account",
                "verbose_name_plural": "billing accounts",
                "abstract": False,
                "default_permissions": ("add", "change", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="BillingContact",
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
                    "started_on",
                    models.DateField(
                        default=django.utils.timezone.localdate,
                        help_text="The first day.",
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
                    "billing_account",
                    models.ForeignKey(
                        help_text="About whose invoices.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="contracts.billingaccount",
                        verbose_name="billing account",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        help_text="Whom to write to.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="billing_contacts",
                        to="customers.person",
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "billing contact",
                "verbose_name_plural": "billing contacts",
                "abstract": False,
                "default_permissions": ("add", "change", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Contract",
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
                        db_default=contracts.models.base.NextNumber(
                            prefix="SO", sequence="contracts_contract_number"
                        ),
                        editable=False,
                        help_text="Given by the database once; never changed.",
                        max_length=32,
                        unique=True,
                        verbose_name="contract number",
                    ),
                ),
                (
                    "signed_on",
                    models.DateField(help_text="The day it was signed.", verbose_name="signed"),
                ),
                ("starts_on", models.DateField(help_text="The first day.", verbose_name="starts")),
                (
                    "ends_on",
                    models.DateField(
                        blank=True,
                        help_text="The last day; empty until further notice.",
                        null=True,
                        verbose_name="ends",
                    ),
                ),
                (
                    "renewal",
                    models.CharField(
                        choices=[
                            ("open_ended", "In force until further notice"),
                            ("ends", "Ends on its last day"),
                            ("renews", "Renews for another term"),
                        ],
                        default="open_ended",
                        help_text="What happens on the last day.",
                        max_length=10,
                        verbose_name="renewal",
                    ),
                ),
                (
                    "renewal_months",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="For how long it renews; empty if it does not.",
                        null=True,
                        verbose_name="renewal, months",
                    ),
                ),
                (
                    "notice_months",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="From the notice to the last day.",
                        verbose_name="notice period, months",
                    ),
                ),
                (
                    "notice_given_on",
                    models.DateField(
                        blank=True,
                        help_text="The day notice was given.",
                        null=True,
                        verbose_name="notice given",
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        db_default="EUR",
                        default="EUR",
                        help_text="Three letters, as in EUR.",
                        max_length=3,
                        verbose_name="currency",
                    ),
                ),
                (
                    "billing_account",
                    models.ForeignKey(
                        blank=True,
                        help_text="How it is billed.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts",
                        to="contracts.billingaccount",
                        verbose_name="billing account",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        help_text="With whom.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="The person who signed for the customer, where known.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts",
                        to="customers.person",
                        verbose_name="signed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "contract",
                "verbose_name_plural": "contracts",
                "abstract": False,
                "default_permissions": ("add", "change", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="CustomerSummary",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "services_in_use",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="How many services are open today.",
                        verbose_name="services in use",
                    ),
                ),
                (
                    "yearly_value",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        help_text="Twelve times the monthly prices, without VAT.",
                        max_digits=18,
                        verbose_name="yearly value",
                    ),
                ),
                (
                    "open_balance",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        help_text="What is unpaid of all invoices.",
                        max_digits=18,
                        verbose_name="open balance",
                    ),
                ),
                (
                    "days_overdue",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="Since the oldest unpaid invoice fell due.",
                        verbose_name="days overdue",
                    ),
                ),
                (
                    "contacts_in_90_days",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="How often there was contact.",
                        verbose_name="contacts in 90 days",
                    ),
                ),
                (
                    "last_contact_at",
                    models.DateTimeField(
                        help_text="When there was contact last.",
                        null=True,
                        verbose_name="last contact",
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        db_default="EUR",
                        default="EUR",
                        help_text="Three letters, as in EUR.",
                        max_length=3,
                        verbose_name="currency",
                    ),
                ),
                (
                    "computed_at",
                    models.DateTimeField(
                        help_text="When the figures were true.", verbose_name="computed"
                    ),
                ),
                (
                    "customer",
                    models.OneToOneField(
                        help_text="Of whom.",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="summary",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "derived information",
                "verbose_name_plural": "derived information",
                "abstract": False,
                "default_permissions": ("view",),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Invoice",
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
                    "number",
                    models.CharField(
                        help_text="As the billing system has it.",
                        max_length=32,
                        unique=True,
                        verbose_name="invoice number",
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True,
                        help_text="The Finnish reference number, digits only, check digit included.",
                        max_length=20,
                        verbose_name="reference number",
                    ),
                ),
                (
                    "issued_on",
                    models.DateField(
                        help_text="The day of the invoice.", verbose_name="invoice date"
                    ),
                ),
                (
                    "due_on",
                    models.DateField(help_text="The day it falls due.", verbose_name="due date"),
                ),
                (
                    "net",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="The sum without value added tax.",
                        max_digits=12,
                        verbose_name="without VAT",
                    ),
                ),
                (
                    "vat",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="The value added tax.",
                        max_digits=12,
                        verbose_name="VAT",
                    ),
                ),
                (
                    "gross",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.expressions.CombinedExpression(
                            models.F("net"), "+", models.F("vat")
                        ),
                        help_text="The sum with value added tax.",
                        output_field=models.DecimalField(decimal_places=2, max_digits=13),
                        verbose_name="with VAT",
                    ),
                ),
                (
                    "paid",
                    models.DecimalField(
                        db_default=Decimal("0"),
                        decimal_places=2,
                        default=Decimal("0"),
                        help_text="What has been paid.",
                        max_digits=12,
                        verbose_name="paid so far",
                    ),
                ),
                (
                    "paid_on",
                    models.DateField(
                        blank=True,
                        help_text="The day of the last payment.",
                        null=True,
                        verbose_name="last paid",
                    ),
                ),
                (
                    "open_amount",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("net"), "+", models.F("vat")
                            ),
                            "-",
                            models.F("paid"),
                        ),
                        help_text="What is still to be paid.",
                        output_field=models.DecimalField(decimal_places=2, max_digits=13),
                        verbose_name="open",
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        db_default="EUR",
                        default="EUR",
                        help_text="Three letters, as in EUR.",
                        max_length=3,
                        verbose_name="currency",
                    ),
                ),
                (
                    "billing_account",
                    models.ForeignKey(
                        blank=True,
                        help_text="How it was billed, where known.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invoices",
                        to="contracts.billingaccount",
                        verbose_name="billing account",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        help_text="Who was billed.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invoices",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "invoice",
                "verbose_name_plural": "invoices",
                "abstract": False,
                "default_permissions": ("add", "change", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="CollectionCase",
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
                    "stage",
                    models.CharField(
                        choices=[
                            ("reminder", "Reminder"),
                            ("demand", "Demand for payment"),
                            ("agency", "With the collection agency"),
                            ("court", "In court"),
                            ("paid", "Paid"),
                            ("withdrawn", "Withdrawn"),
                            ("time_barred", "Time-barred"),
                        ],
                        help_text="How far it has come.",
                        max_length=12,
                        verbose_name="stage",
                    ),
                ),
                (
                    "agency",
                    models.CharField(
                        blank=True,
                        help_text="Who collects for us.",
                        max_length=100,
                        verbose_name="collection agency",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="What is collected, costs included.",
                        max_digits=12,
                        verbose_name="amount",
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        db_default="EUR",
                        default="EUR",
                        help_text="Three letters, as in EUR.",
                        max_length=3,
                        verbose_name="currency",
                    ),
                ),
                ("opened_on", models.DateField(help_text="The first day.", verbose_name="opened")),
                (
                    "closed_on",
                    models.DateField(
                        blank=True,
                        help_text="The last day; empty while it lasts.",
                        null=True,
                        verbose_name="closed",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        help_text="Who owes.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collection_cases",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        help_text="What is owed for.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collection_cases",
                        to="contracts.invoice",
                        verbose_name="invoice",
                    ),
                ),
            ],
            options={
                "verbose_name": "collection case",
                "verbose_name_plural": "collection cases",
                "abstract": False,
                "default_permissions": ("add", "change", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Offer",
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
                    "once_net",
                    models.DecimalField(
                        db_default=Decimal("0"),
                        decimal_places=2,
                        default=Decimal("0"),
                        editable=False,
                        help_text="What is charged once, without VAT.",
                        max_digits=12,
                        verbose_name="once, without VAT",
                    ),
                ),
                (
                    "once_gross",
                    models.DecimalField(
                        db_default=Decimal("0"),
                        decimal_places=2,
                        default=Decimal("0"),
                        editable=False,
                        help_text="What is charged once, VAT included.",
                        max_digits=12,
                        verbose_name="once, with VAT",
                    ),
                ),
                (
                    "monthly_net",
                    models.DecimalField(
                        db_default=Decimal("0"),
                        decimal_places=2,
                        default=Decimal("0"),
                        editable=False,
                        help_text="What a month costs, without VAT.",
                        max_digits=12,
                        verbose_name="a month, without VAT",
                    ),
                ),
                (
                    "monthly_gross",
                    models.DecimalField(
                        db_default=Decimal("0"),
                        decimal_places=2,
                        default=Decimal("0"),
                        editable=False,
                        help_text="What a month costs, VAT included.",
                        max_digits=12,
                        verbose_name="a month, with VAT",
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        db_default=contracts.models.base.NextNumber(
                            prefix="TA", sequence="contracts_offer_number"
                        ),
                        editable=False,
                        help_text="Given by the database once; never changed.",
                        max_length=32,
                        unique=True,
                        verbose_name="offer number",
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        db_default="EUR",
                        default="EUR",
                        help_text="Three letters, as in EUR.",
                        max_length=3,
                        verbose_name="currency",
                    ),
                ),
                (
                    "valid_until",
                    models.DateField(
                        help_text="The last day on which it can be accepted.",
                        verbose_name="valid until",
                    ),
                ),
                (
                    "sent_on",
                    models.DateField(
                        blank=True,
                        help_text="The day it was sent; empty for a draft.",
                        null=True,
                        verbose_name="sent",
                    ),
                ),
                (
                    "accepted_on",
                    models.DateField(
                        blank=True,
                        help_text="The day the customer accepted it.",
                        null=True,
                        verbose_name="accepted",
                    ),
                ),
                (
                    "declined_on",
                    models.DateField(
                        blank=True,
                        help_text="The day the customer declined it.",
                        null=True,
                        verbose_name="declined",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        help_text="To which customer.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "made_to",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="The person who asked for it, where known.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="customers.person",
                        verbose_name="made to",
                    ),
                ),
            ],
            options={
                "verbose_name": "offer",
                "verbose_name_plural": "offers",
                "abstract": False,
                "default_permissions": ("add", "change", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Order",
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
                    "once_net",
                    models.DecimalField(
                        db_default=Decimal("0"),
                        decimal_places=2,
                        default=Decimal("0"),
                        editable=False,
                        help_text="What is charged once, without VAT.",
                        max_digits=12,
                        verbose_name="once, without VAT",
                    ),
                ),
                (
                    "once_gross",
                    models.DecimalField(
                        db_default=Decimal("0"),
                        decimal_places=2,
                        default=Decimal("0"),
                        editable=False,
                        help_text="What is charged once, VAT included.",
                        max_digits=12,
                        verbose_name="once, with VAT",
                    ),
                ),
                (
                    "monthly_net",
                    models.DecimalField(
                        db_default=Decimal("0"),
                        decimal_places=2,
                        default=Decimal("0"),
                        editable=False,
                        help_text="What a month costs, without VAT.",
                        max_digits=12,
                        verbose_name="a month, without VAT",
                    ),
                ),
                (
                    "monthly_gross",
                    models.DecimalField(
                        db_default=Decimal("0"),
                        decimal_places=2,
                        default=Decimal("0"),
                        editable=False,
                        help_text="What a month costs, VAT included.",
                        max_digits=12,
                        verbose_name="a month, with VAT",
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        db_default=contracts.models.base.NextNumber(
                            prefix="TI", sequence="contracts_order_number"
                        ),
                        editable=False,
                        help_text="Given by the database once; never changed.",
                        max_length=32,
                        unique=True,
                        verbose_name="order number",
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        db_default="EUR",
                        default="EUR",
                        help_text="Three letters, as in EUR.",
                        max_length=3,
                        verbose_name="currency",
                    ),
                ),
                (
                    "ordered_on",
                    models.DateField(help_text="The day of the order.", verbose_name="ordered"),
                ),
                (
                    "delivered_on",
                    models.DateField(
                        blank=True,
                        help_text="The day everything was delivered.",
                        null=True,
                        verbose_name="delivered",
                    ),
                ),
                (
                    "cancelled_on",
                    models.DateField(
                        blank=True,
                        help_text="The day the whole order was cancelled.",
                        null=True,
                        verbose_name="cancelled",
                    ),
                ),
                (
                    "delivery_name",
                    models.CharField(
                        blank=True,
                        help_text="Whom the delivery was addressed to.",
                        max_length=200,
                        verbose_name="recipient",
                    ),
                ),
                (
                    "delivery_street",
                    models.CharField(
                        blank=True,
                        help_text="As it was on the day of the order.",
                        max_length=200,
                        verbose_name="delivery address",
                    ),
                ),
                (
                    "delivery_postal_code",
                    models.CharField(
                        blank=True,
                        help_text="Five digits in Finland.",
                        max_length=12,
                        verbose_name="postal code",
                    ),
                ),
                (
                    "delivery_city",
                    models.CharField(
                        blank=True, help_text="The post town.", max_length=100, verbose_name="town"
                    ),
                ),
                (
                    "delivery_country",
                    models.CharField(
                        db_default="FI",
                        default="FI",
                        help_text="Two letters, as in FI or SE.",
                        max_length=2,
                        verbose_name="country",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        blank=True,
                        help_text="The contract that it belongs to, if any.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="contracts.contract",
                        verbose_name="contract",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        help_text="Whose order it is.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "offer",
                    models.OneToOneField(
                        blank=True,
                        help_text="The accepted offer that it comes from, if any.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="order",
                        to="contracts.offer",
                        verbose_name="offer",
                    ),
                ),
                (
                    "ordered_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="The person who ordered, where known.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="customers.person",
                        verbose_name="ordered by",
                    ),
                ),
            ],
            options={
                "verbose_name": "order",
                "verbose_name_plural": "orders",
                "abstract": False,
                "default_permissions": ("add", "change", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="OrderLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        help_text="The line's place, counted from one.", verbose_name="line"
                    ),
                ),
                (
                    "quantity",
                    models.PositiveIntegerField(
                        default=1,
                        help_text="How many.",
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="quantity",
                    ),
                ),
                (
                    "unit_price",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="For one, without value added tax.",
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="unit price",
                    ),
                ),
                (
                    "charged",
                    models.CharField(
                        choices=[("once", "Once"), ("monthly", "Monthly")],
                        help_text="Once or every month.",
                        max_length=10,
                        verbose_name="charged",
                    ),
                ),
                (
                    "vat_percent",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="The percentage of value added tax on the day of the document.",
                        max_digits=4,
                        verbose_name="VAT %",
                    ),
                ),
                (
                    "net",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.expressions.CombinedExpression(
                            models.F("quantity"), "*", models.F("unit_price")
                        ),
                        help_text="The line's sum without value added tax.",
                        output_field=models.DecimalField(decimal_places=2, max_digits=14),
                        verbose_name="without VAT",
                    ),
                ),
                (
                    "vat",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.math.Round(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("quantity"), "*", models.F("unit_price")
                                    ),
                                    "*",
                                    models.F("vat_percent"),
                                ),
                                "/",
                                models.Value(100),
                            ),
                            precision=2,
                        ),
                        help_text="The line's value added tax.",
                        output_field=models.DecimalField(decimal_places=2, max_digits=14),
                        verbose_name="VAT",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        help_text="The order that it is a line of.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="contracts.order",
                        verbose_name="order",
                    ),
                ),
            ],
            options={
                "verbose_name": "order line",
                "verbose_name_plural": "order lines",
                "abstract": False,
                "default_permissions": ("add", "change", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="DeviceHandover",
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
                    "went_out_on",
                    models.DateField(help_text="The first day.", verbose_name="went out"),
                ),
                (
                    "came_back_on",
                    models.DateField(
                        blank=True,
                        help_text="The last day; empty while it is out.",
                        null=True,
                        verbose_name="came back",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        help_text="Which customer has it.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="devices",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        db_index=False,
                        help_text="Which device.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers",
                        to="contracts.device",
                        verbose_name="device",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="Who has it, where it is one person's.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="devices",
                        to="customers.person",
                        verbose_name="person",
                    ),
                ),
                (
                    "order_line",
                    models.ForeignKey(
                        blank=True,
                        help_text="The order line that it fulfilled, if any.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="devices",
                        to="contracts.orderline",
                        verbose_name="order line",
                    ),
                ),
            ],
            options={
                "verbose_name": "handover of a device",
                "verbose_name_plural": "handovers of devices",
                "abstract": False,
                "default_permissions": ("add", "change", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Product",
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
                    "code",
                    models.SlugField(
                        help_text="Given once; never changed.",
                        max_length=40,
                        unique=True,
                        verbose_name="product code",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("service", "Service"), ("device", "Device")],
                        help_text="A service or a device.",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("mobile", "Mobile subscriptions"),
                            ("internet", "Internet connections"),
                            ("voice", "Company telephony"),
                            ("cloud", "Cloud and e-mail services"),
                            ("security", "Data security"),
                            ("support", "IT support"),
                            ("devices", "Devices and accessories"),
                        ],
                        help_text="Products of one group count as similar in direct marketing.",
                        max_length=10,
                        verbose_name="product group",
                    ),
                ),
                (
                    "name_fi",
                    models.CharField(
                        help_text="As customers read it.",
                        max_length=100,
                        verbose_name="name in Finnish",
                    ),
                ),
                (
                    "name_sv",
                    models.CharField(
                        help_text="As customers read it.",
                        max_length=100,
                        verbose_name="name in Swedish",
                    ),
                ),
                (
                    "name_en",
                    models.CharField(
                        help_text="As customers read it.",
                        max_length=100,
                        verbose_name="name in English",
                    ),
                ),
                (
                    "unit_price",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="For one, without value added tax.",
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="unit price",
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        db_default="EUR",
                        default="EUR",
                        help_text="Three letters, as in EUR.",
                        max_length=3,
                        verbose_name="currency",
                    ),
                ),
                (
                    "charged",
                    models.CharField(
                        choices=[("once", "Once"), ("monthly", "Monthly")],
                        help_text="Once or every month.",
                        max_length=10,
                        verbose_name="charged",
                    ),
                ),
                (
                    "vat_kind",
                    models.CharField(
                        choices=[
                            ("standard", "Standard rate"),
                            ("reduced", "Reduced rate"),
                            ("zero", "Zero rate"),
                        ],
                        default="standard",
                        help_text="Which rate applies; its percentage depends on the day.",
                        max_length=10,
                        verbose_name="VAT rate",
                    ),
                ),
                (
                    "sold_from",
                    models.DateField(
                        blank=True,
                        help_text="The first day; empty if not known.",
                        null=True,
                        verbose_name="sold from",
                    ),
                ),
                (
                    "sold_until",
                    models.DateField(
                        blank=True,
                        help_text="The last day; empty while it lasts.",
                        null=True,
                        verbose_name="sold until",
                    ),
                ),
            ],
            options={
                "verbose_name": "product",
                "verbose_name_plural": "products",
                "default_permissions": ("add", "change", "view"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name_fi", ""), _negated=True),
                            models.Q(("name_sv", ""), _negated=True),
                            models.Q(("name_en", ""), _negated=True),
                        ),
                        name="product_has_names",
                        violation_error_message="A product has a name in each language.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unit_price__gte", 0)),
                        name="product_price_is_not_negative",
                        violation_error_message="A price is not negative.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["service", "device"])),
                        name="product_kind_is_known",
                        violation_error_message="A product is a service or a device.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("charged__in", ["once", "monthly"])),
                        name="product_charging_is_known",
                        violation_error_message="A product is charged once or every month.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("vat_kind__in", ["standard", "reduced", "zero"])),
                        name="product_vat_kind_is_known",
                        violation_error_message="The rate is the standard, a reduced or the zero rate.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="product_currency_is_a_code",
                        violation_error_message="The currency is three capital letters.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sold_until__isnull", True),
                            ("sold_from__isnull", True),
                            ("sold_until__gte", models.F("sold_from")),
                            _connector="OR",
                        ),
                        name="product_sold_until_after_from",
                        violation_error_message="The end must not be before the start.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="orderline",
            name="product",
            field=models.ForeignKey(
                db_index=False,
                help_text="What was ordered.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="contracts.product",
                verbose_name="product",
            ),
        ),
        migrations.CreateModel(
            name="OfferLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        help_text="The line's place, counted from one.", verbose_name="line"
                    ),
                ),
                (
                    "quantity",
                    models.PositiveIntegerField(
                        default=1,
                        help_text="How many.",
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="quantity",
                    ),
                ),
                (
                    "unit_price",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="For one, without value added tax.",
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="unit price",
                    ),
                ),
                (
                    "charged",
                    models.CharField(
                        choices=[("once", "Once"), ("monthly", "Monthly")],
                        help_text="Once or every month.",
                        max_length=10,
                        verbose_name="charged",
                    ),
                ),
                (
                    "vat_percent",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="The percentage of value added tax on the day of the document.",
                        max_digits=4,
                        verbose_name="VAT %",
                    ),
                ),
                (
                    "net",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.expressions.CombinedExpression(
                            models.F("quantity"), "*", models.F("unit_price")
                        ),
                        help_text="The line's sum without value added tax.",
                        output_field=models.DecimalField(decimal_places=2, max_digits=14),
                        verbose_name="without VAT",
                    ),
                ),
                (
                    "vat",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.math.Round(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("quantity"), "*", models.F("unit_price")
                                    ),
                                    "*",
                                    models.F("vat_percent"),
                                ),
                                "/",
                                models.Value(100),
                            ),
                            precision=2,
                        ),
                        help_text="The line's value added tax.",
                        output_field=models.DecimalField(decimal_places=2, max_digits=14),
                        verbose_name="VAT",
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        db_index=False,
                        help_text="The offer that it is a line of.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="contracts.offer",
                        verbose_name="offer",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_index=False,
                        help_text="What is offered.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contracts.product",
                        verbose_name="product",
                    ),
                ),
            ],
            options={
                "verbose_name": "offer line",
                "verbose_name_plural": "offer lines",
                "abstract": False,
                "default_permissions": ("add", "change", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.AddField(
            model_name="device",
            name="product",
            field=models.ForeignKey(
                help_text="Which device it is one of.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="contracts.product",
                verbose_name="device model",
            ),
        ),
        migrations.CreateModel(
            name="Return",
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
                    "kind",
                    models.CharField(
                        choices=[("cancellation", "Cancellation"), ("return", "Return")],
                        help_text="Cancelled before delivery, or returned after it.",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "quantity",
                    models.PositiveIntegerField(
                        default=1,
                        help_text="How many.",
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="quantity",
                    ),
                ),
                (
                    "happened_on",
                    models.DateField(
                        help_text="The day it was cancelled or came back.", verbose_name="day"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("changed_mind", "The customer changed her mind"),
                            ("faulty", "Faulty or wrong"),
                            ("late", "Late"),
                            ("withdrawal", "Withdrawal by a consumer"),
                            ("other", "Other reason"),
                        ],
                        help_text="Why.",
                        max_length=12,
                        verbose_name="reason",
                    ),
                ),
                (
                    "refund",
                    models.DecimalField(
                        db_default=Decimal("0"),
                        decimal_places=2,
                        default=Decimal("0"),
                        help_text="What is paid back, with VAT.",
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="refund",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        help_text="Whose order it was.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returns",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "order_line",
                    models.ForeignKey(
                        help_text="Of what.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returns",
                        to="contracts.orderline",
                        verbose_name="order line",
                    ),
                ),
            ],
            options={
                "verbose_name": "cancellation or return",
                "verbose_name_plural": "cancellations and returns",
                "abstract": False,
                "default_permissions": ("add", "change", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Subscription",
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
                    "identifier",
                    models.CharField(
                        blank=True,
                        help_text="The subscriber number with its country code, or the name of the line.",
                        max_length=64,
                        verbose_name="service identifier",
                    ),
                ),
                (
                    "unit_price",
                    models.DecimalField(
                        db_default=0,
                        decimal_places=2,
                        default=0,
                        help_text="What a month costs, without VAT.",
                        max_digits=12,
                        verbose_name="price a month",
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        db_default="EUR",
                        default="EUR",
                        help_text="Three letters, as in EUR.",
                        max_length=3,
                        verbose_name="currency",
                    ),
                ),
                ("opened_on", models.DateField(help_text="The first day.", verbose_name="opened")),
                (
                    "terminated_on",
                    models.DateField(
                        blank=True,
                        help_text="The last day; empty while it lasts.",
                        null=True,
                        verbose_name="terminated",
                    ),
                ),
                (
                    "address",
                    models.ForeignKey(
                        blank=True,
                        help_text="Where it is used, where it has a place.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscriptions",
                        to="customers.address",
                        verbose_name="address of use",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        help_text="The contract that it is under.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscriptions",
                        to="contracts.contract",
                        verbose_name="contract",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        help_text="Whose contract it is under.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscriptions",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_index=False,
                        help_text="Which service.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contracts.product",
                        verbose_name="service",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="Who uses it, where it is one person's.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscriptions",
                        to="customers.person",
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "service in use",
                "verbose_name_plural": "services in use",
                "abstract": False,
                "default_permissions": ("add", "change", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ServiceChange",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("product", "Service"),
                            ("user", "User"),
                            ("address", "Address of use"),
                        ],
                        help_text="What about it was changed.",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "changed_on",
                    models.DateField(
                        help_text="The first day as changed.", verbose_name="day of the change"
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        help_text="Whose service it is.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="service_changes",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "new_address",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="Where it is used from then on.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.address",
                        verbose_name="address after",
                    ),
                ),
                (
                    "new_product",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="Which service it became.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contracts.product",
                        verbose_name="service after",
                    ),
                ),
                (
                    "new_user",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="Who uses it from then on.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.person",
                        verbose_name="user after",
                    ),
                ),
                (
                    "old_address",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="Where it was used.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.address",
                        verbose_name="address before",
                    ),
                ),
                (
                    "old_product",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="Which service it was.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contracts.product",
                        verbose_name="service before",
                    ),
                ),
                (
                    "old_user",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="Who used it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.person",
                        verbose_name="user before",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        db_index=False,
                        help_text="What was changed.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="contracts.subscription",
                        verbose_name="service in use",
                    ),
                ),
            ],
            options={
                "verbose_name": "service change",
                "verbose_name_plural": "service changes",
                "abstract": False,
                "default_permissions": ("add", "change", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="VatRate",
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
                            ("standard", "Standard rate"),
                            ("reduced", "Reduced rate"),
                            ("zero", "Zero rate"),
                        ],
                        help_text="Which rate it is.",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "percent",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="As in 25.50.",
                        max_digits=4,
                        verbose_name="percentage",
                    ),
                ),
                (
                    "valid_from",
                    models.DateField(help_text="The first day.", verbose_name="valid from"),
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
            ],
            options={
                "verbose_name": "VAT rate",
                "verbose_name_plural": "VAT rates",
                "default_permissions": ("add", "change", "view"),
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("kind", "="),
                            (
                                customers.models.relationships.DateRange(
                                    "valid_from",
                                    "valid_until",
                                    django.contrib.postgres.fields.ranges.RangeBoundary(
                                        inclusive_upper=True
                                    ),
                                ),
                                "&&",
                            ),
                        ],
                        name="one_vat_rate_at_a_time",
                        violation_error_message="Another percentage of this rate is valid then.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["standard", "reduced", "zero"])),
                        name="vat_rate_kind_is_known",
                        violation_error_message="The rate is the standard, a reduced or the zero rate.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("percent__gte", 0), ("percent__lt", 100)),
                        name="vat_rate_is_a_percentage",
                        violation_error_message="A percentage lies between 0 and 100.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True),
                            ("valid_from__isnull", True),
                            ("valid_until__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="vat_rate_ends_after_start",
                        violation_error_message="The end must not be before the start.",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="billingaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("method", "e_invoice"),
                        models.Q(("e_invoice_address", ""), _negated=True),
                        models.Q(("operator_id", ""), _negated=True),
                    ),
                    models.Q(("method", "email"), models.Q(("email", ""), _negated=True)),
                    models.Q(("address__isnull", False), ("method", "paper")),
                    ("method", "direct_payment"),
                    _connector="OR",
                ),
                name="billing_account_knows_where_to",
                violation_error_message="An e-invoice needs its address and operator, an invoice by e-mail its e-mail address, an invoice on paper its billing address.",
            ),
        ),
        migrations.AddConstraint(
            model_name="billingaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("e_invoice_address", ""),
                    ("e_invoice_address__regex", "^[0-9A-Z]{8,35}$"),
                    _connector="OR",
                ),
                name="billing_account_e_invoice_address_fits",
                violation_error_message="An e-invoice address is capital letters and digits.",
            ),
        ),
        migrations.AddConstraint(
            model_name="billingaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("operator_id", ""),
                    ("operator_id__regex", "^[0-9A-Za-z]{6,35}$"),
                    _connector="OR",
                ),
                name="billing_account_operator_fits",
                violation_error_message="An operator ID is letters and digits.",
            ),
        ),
        migrations.AddConstraint(
            model_name="billingaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(("payment_term_days__gte", 1), ("payment_term_days__lte", 180)),
                name="billing_account_term_is_possible",
                violation_error_message="A payment term is from 1 to 180 days.",
            ),
        ),
        migrations.AddConstraint(
            model_name="billingaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__in", ["fi", "sv", "en"])),
                name="billing_account_language_is_known",
                violation_error_message="The language is Finnish, Swedish or English.",
            ),
        ),
        migrations.AddConstraint(
            model_name="billingaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_on__isnull", True),
                    ("opened_on__isnull", True),
                    ("closed_on__gte", models.F("opened_on")),
                    _connector="OR",
                ),
                name="billing_account_ends_after_start",
                violation_error_message="The end must not be before the start.",
            ),
        ),
        migrations.AddConstraint(
            model_name="billingaccount",
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
                name="billing_account_source_is_known",
                violation_error_message="Say where the data came from.",
            ),
        ),
        migrations.AddConstraint(
            model_name="billingcontact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_on__isnull", True)),
                fields=("billing_account", "person"),
                name="billing_contact_once_per_account",
                violation_error_message="She is a contact of this billing account already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="billingcontact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_on__isnull", True),
                    ("started_on__isnull", True),
                    ("ended_on__gte", models.F("started_on")),
                    _connector="OR",
                ),
                name="billing_contact_ends_after_start",
                violation_error_message="The end must not be before the start.",
            ),
        ),
        migrations.AddIndex(
            model_name="contract",
            index=models.Index(
                condition=models.Q(("ends_on__isnull", False)),
                fields=["ends_on"],
                name="contract_by_last_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on__isnull", True),
                    ("starts_on__isnull", True),
                    ("ends_on__gte", models.F("starts_on")),
                    _connector="OR",
                ),
                name="contract_ends_after_start",
                violation_error_message="The end must not be before the start.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("renewal", "open_ended"), ("renewal_months__isnull", True)),
                    models.Q(
                        ("ends_on__isnull", False),
                        ("renewal", "ends"),
                        ("renewal_months__isnull", True),
                    ),
                    models.Q(
                        ("ends_on__isnull", False),
                        ("renewal", "renews"),
                        ("renewal_months__gte", 1),
                    ),
                    _connector="OR",
                ),
                name="contract_renewal_fits",
                violation_error_message="A contract for a term has a last day, and one that renews says for how many months.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("notice_given_on__isnull", True),
                    models.Q(
                        ("ends_on__gte", models.F("notice_given_on")),
                        ("ends_on__isnull", False),
                        ("notice_given_on__gte", models.F("signed_on")),
                    ),
                    _connector="OR",
                ),
                name="contract_ends_after_notice",
                violation_error_message="Notice is given after the signing, and the last day is not before the notice.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("renewal", "open_ended"), _negated=True),
                    ("ends_on__isnull", True),
                    ("notice_given_on__isnull", False),
                    _connector="OR",
                ),
                name="contract_open_end_comes_by_notice",
                violation_error_message="A contract until further notice gets its last day when notice is given.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.CheckConstraint(
                condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                name="contract_currency_is_a_code",
                violation_error_message="The currency is three capital letters.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contract",
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
                name="contract_source_is_known",
                violation_error_message="Say where the data came from.",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("open_amount__gt", 0)),
                fields=["customer", "due_on"],
                name="invoice_open_of_customer",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(("number", ""), _negated=True),
                name="invoice_has_a_number",
                violation_error_message="An invoice has a number.",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_on__gte", models.F("issued_on"))),
                name="invoice_falls_due_after_its_day",
                violation_error_message="An invoice does not fall due before its own day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("paid", 0), ("paid_on__isnull", True)),
                    models.Q(models.Q(("paid", 0), _negated=True), ("paid_on__isnull", False)),
                    _connector="OR",
                ),
                name="invoice_payment_has_its_day",
                violation_error_message="A payment has its day, and a day its payment.",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reference", ""),
                    models.Func(
                        models.F("reference"),
                        function="reference_is_valid",
                        output_field=models.BooleanField(),
                    ),
                    _connector="OR",
                ),
                name="invoice_reference_is_valid",
                violation_error_message="The check digit of the reference number is wrong.",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                name="invoice_currency_is_a_code",
                violation_error_message="The currency is three capital letters.",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectioncase",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_on__isnull", True)),
                fields=("invoice",),
                name="one_open_collection_per_invoice",
                violation_error_message="This invoice is in collection already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectioncase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_on__isnull", True),
                        ("stage__in", ["reminder", "demand", "agency", "court"]),
                    ),
                    models.Q(
                        ("closed_on__isnull", False),
                        ("stage__in", ["paid", "withdrawn", "time_barred"]),
                    ),
                    _connector="OR",
                ),
                name="collection_closes_with_its_outcome",
                violation_error_message="A closed case says how it ended, an open one how far.",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectioncase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stage", "agency"), _negated=True),
                    models.Q(("agency", ""), _negated=True),
                    _connector="OR",
                ),
                name="collection_names_its_agency",
                violation_error_message="Say which agency collects.",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectioncase",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)),
                name="collection_amount_is_positive",
                violation_error_message="There is something to collect.",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectioncase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_on__isnull", True),
                    ("opened_on__isnull", True),
                    ("closed_on__gte", models.F("opened_on")),
                    _connector="OR",
                ),
                name="collection_ends_after_start",
                violation_error_message="The end must not be before the start.",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectioncase",
            constraint=models.CheckConstraint(
                condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                name="collection_currency_is_a_code",
                violation_error_message="The currency is three capital letters.",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("accepted_on__isnull", True),
                    models.Q(("accepted_on__gte", models.F("sent_on")), ("sent_on__isnull", False)),
                    _connector="OR",
                ),
                name="offer_is_accepted_after_sending",
                violation_error_message="An offer is accepted only after it was sent.",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("declined_on__isnull", True),
                    models.Q(("declined_on__gte", models.F("sent_on")), ("sent_on__isnull", False)),
                    _connector="OR",
                ),
                name="offer_is_declined_after_sending",
                violation_error_message="An offer is declined only after it was sent.",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("accepted_on__isnull", True), ("declined_on__isnull", True), _connector="OR"
                ),
                name="offer_has_one_answer",
                violation_error_message="An offer is either accepted or declined.",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("accepted_on__isnull", True),
                    ("accepted_on__lte", models.F("valid_until")),
                    _connector="OR",
                ),
                name="offer_is_accepted_in_time",
                violation_error_message="The offer had expired by then: make a new one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sent_on__isnull", True),
                    ("valid_until__gte", models.F("sent_on")),
                    _connector="OR",
                ),
                name="offer_is_valid_when_sent",
                violation_error_message="An offer is valid at least on the day it is sent.",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                name="offer_currency_is_a_code",
                violation_error_message="The currency is three capital letters.",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
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
                name="offer_source_is_known",
                violation_error_message="Say where the data came from.",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("delivered_on__isnull", True),
                    models.Q(
                        ("delivered_on__gte", models.F("ordered_on")), ("ordered_on__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="order_is_delivered_after_ordering",
                violation_error_message="Nothing is delivered before it was ordered.",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("cancelled_on__isnull", True),
                    models.Q(
                        ("cancelled_on__gte", models.F("ordered_on")), ("ordered_on__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="order_is_cancelled_after_ordering",
                violation_error_message="Nothing is cancelled before it was ordered.",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("delivered_on__isnull", True), ("cancelled_on__isnull", True), _connector="OR"
                ),
                name="order_is_delivered_or_cancelled",
                violation_error_message="What was delivered is returned, not cancelled; what was cancelled is not delivered.",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("delivery_country__regex", "^[A-Z]{2}$")),
                name="order_delivery_country_is_a_code",
                violation_error_message="The country is two capital letters.",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                name="order_currency_is_a_code",
                violation_error_message="The currency is three capital letters.",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
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
                name="order_source_is_known",
                violation_error_message="Say where the data came from.",
            ),
        ),
        migrations.AddConstraint(
            model_name="devicehandover",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("device", "="),
                    (
                        customers.models.relationships.DateRange(
                            "went_out_on",
                            "came_back_on",
                            django.contrib.postgres.fields.ranges.RangeBoundary(),
                        ),
                        "&&",
                    ),
                ],
                name="device_is_in_one_place",
                violation_error_message="Somebody else has this device at that time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="devicehandover",
            constraint=models.UniqueConstraint(
                condition=models.Q(("came_back_on__isnull", True)),
                fields=("device",),
                name="device_is_out_once",
                violation_error_message="This device is out already: take it back first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="devicehandover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("came_back_on__isnull", True),
                    ("went_out_on__isnull", True),
                    ("came_back_on__gte", models.F("went_out_on")),
                    _connector="OR",
                ),
                name="handover_ends_after_start",
                violation_error_message="The end must not be before the start.",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.UniqueConstraint(
                fields=("order", "position"),
                name="order_line_has_its_place",
                violation_error_message="There is another line at this place.",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gte", 1)),
                name="order_line_quantity_is_positive",
                violation_error_message="There is at least one of it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=models.Q(("unit_price__gte", 0)),
                name="order_line_price_is_not_negative",
                violation_error_message="A price is not negative.",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=models.Q(("vat_percent__gte", 0), ("vat_percent__lt", 100)),
                name="order_line_vat_is_a_percentage",
                violation_error_message="A percentage lies between 0 and 100.",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=models.Q(("charged__in", ["once", "monthly"])),
                name="order_line_charging_is_known",
                violation_error_message="A line is charged once or every month.",
            ),
        ),
        migrations.AddConstraint(
            model_name="offerline",
            constraint=models.UniqueConstraint(
                fields=("offer", "position"),
                name="offer_line_has_its_place",
                violation_error_message="There is another line at this place.",
            ),
        ),
        migrations.AddConstraint(
            model_name="offerline",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gte", 1)),
                name="offer_line_quantity_is_positive",
                violation_error_message="There is at least one of it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="offerline",
            constraint=models.CheckConstraint(
                condition=models.Q(("unit_price__gte", 0)),
                name="offer_line_price_is_not_negative",
                violation_error_message="A price is not negative.",
            ),
        ),
        migrations.AddConstraint(
            model_name="offerline",
            constraint=models.CheckConstraint(
                condition=models.Q(("vat_percent__gte", 0), ("vat_percent__lt", 100)),
                name="offer_line_vat_is_a_percentage",
                violation_error_message="A percentage lies between 0 and 100.",
            ),
        ),
        migrations.AddConstraint(
            model_name="offerline",
            constraint=models.CheckConstraint(
                condition=models.Q(("charged__in", ["once", "monthly"])),
                name="offer_line_charging_is_known",
                violation_error_message="A line is charged once or every month.",
            ),
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.CheckConstraint(
                condition=models.Q(("serial_number", ""), _negated=True),
                name="device_has_a_serial_number",
                violation_error_message="A device has a serial number.",
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gte", 1)),
                name="return_quantity_is_positive",
                violation_error_message="There is at least one of it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(("refund__gte", 0)),
                name="return_refund_is_not_negative",
                violation_error_message="A refund is not negative.",
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["cancellation", "return"])),
                name="return_kind_is_known",
                violation_error_message="It is a cancellation or a return.",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("identifier", ""), _negated=True),
                expressions=[
                    ("identifier", "="),
                    (
                        customers.models.relationships.DateRange(
                            "opened_on",
                            "terminated_on",
                            django.contrib.postgres.fields.ranges.RangeBoundary(
                                inclusive_upper=True
                            ),
                        ),
                        "&&",
                    ),
                ],
                name="subscription_identifier_once_at_a_time",
                violation_error_message="This service identifier is in use at that time: terminate the other one first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("terminated_on__isnull", True),
                    ("opened_on__isnull", True),
                    ("terminated_on__gte", models.F("opened_on")),
                    _connector="OR",
                ),
                name="subscription_ends_after_start",
                violation_error_message="The end must not be before the start.",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(("unit_price__gte", 0)),
                name="subscription_price_is_not_negative",
                violation_error_message="A price is not negative.",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                name="subscription_currency_is_a_code",
                violation_error_message="The currency is three capital letters.",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
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
                name="subscription_source_is_known",
                violation_error_message="Say where the data came from.",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "product"),
                        ("new_address__isnull", True),
                        ("new_user__isnull", True),
                        ("old_address__isnull", True),
                        ("old_user__isnull", True),
                        models.Q(
                            models.Q(("new_product__isnull", False), ("old_product__isnull", True)),
                            models.Q(("new_product__isnull", True), ("old_product__isnull", False)),
                            models.Q(
                                ("new_product__isnull", False),
                                ("old_product__isnull", False),
                                models.Q(("old_product", models.F("new_product")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        ("new_product__isnull", False),
                        ("old_product__isnull", False),
                    ),
                    models.Q(
                        ("kind", "user"),
                        ("new_address__isnull", True),
                        ("new_product__isnull", True),
                        ("old_address__isnull", True),
                        ("old_product__isnull", True),
                        models.Q(
                            models.Q(("new_user__isnull", False), ("old_user__isnull", True)),
                            models.Q(("new_user__isnull", True), ("old_user__isnull", False)),
                            models.Q(
                                ("new_user__isnull", False),
                                ("old_user__isnull", False),
                                models.Q(("old_user", models.F("new_user")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                    ),
                    models.Q(
                        ("kind", "address"),
                        ("new_product__isnull", True),
                        ("new_user__isnull", True),
                        ("old_product__isnull", True),
                        ("old_user__isnull", True),
                        models.Q(
                            models.Q(("new_address__isnull", False), ("old_address__isnull", True)),
                            models.Q(("new_address__isnull", True), ("old_address__isnull", False)),
                            models.Q(
                                ("new_address__isnull", False),
                                ("old_address__isnull", False),
                                models.Q(("old_address", models.F("new_address")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="service_change_changes_something",
                violation_error_message="Nothing changes by this.",
            ),
        ),
        migrations.AddIndex(
            model_name="collectioncase",
            index=models.Index(
                fields=["customer", "-opened_on", "-id"], name="collection_newest_of_customer"
            ),
        ),
        migrations.AddIndex(
            model_name="collectioncase",
            index=models.Index(
                condition=models.Q(("closed_on__isnull", False)),
                fields=["customer", "-closed_on", "-id"],
                name="collection_closed_of_customer",
            ),
        ),
        migrations.AddIndex(
            model_name="contract",
            index=models.Index(
                fields=["customer", "-signed_on", "-id"], name="contract_newest_of_customer"
            ),
        ),
        migrations.AddIndex(
            model_name="contract",
            index=models.Index(
                condition=models.Q(("notice_given_on__isnull", False)),
                fields=["customer", "-notice_given_on", "-id"],
                name="contract_notice_of_customer",
            ),
        ),
        migrations.AddIndex(
            model_name="contract",
            index=models.Index(
                condition=models.Q(
                    ("ends_on__isnull", False),
                    models.Q(
                        models.Q(("renewal", "renews"), _negated=True),
                        ("notice_given_on__isnull", False),
                        _connector="OR",
                    ),
                ),
                fields=["customer", "-ends_on", "-id"],
                name="contract_ended_of_customer",
            ),
        ),
        migrations.AddIndex(
            model_name="contract",
            index=models.Index(
                condition=models.Q(("signed_by__isnull", False)),
                fields=["signed_by", "-signed_on", "-id"],
                name="contract_newest_of_person",
            ),
        ),
        migrations.AddIndex(
            model_name="contract",
            index=models.Index(
                condition=models.Q(
                    ("notice_given_on__isnull", False), ("signed_by__isnull", False)
                ),
                fields=["signed_by", "-notice_given_on", "-id"],
                name="contract_notice_of_person",
            ),
        ),
        migrations.AddIndex(
            model_name="contract",
            index=models.Index(
                condition=models.Q(
                    ("signed_by__isnull", False),
                    ("ends_on__isnull", False),
                    models.Q(
                        models.Q(("renewal", "renews"), _negated=True),
                        ("notice_given_on__isnull", False),
                        _connector="OR",
                    ),
                ),
                fields=["signed_by", "-ends_on", "-id"],
                name="contract_ended_of_person",
            ),
        ),
        migrations.AddIndex(
            model_name="devicehandover",
            index=models.Index(
                fields=["customer", "-went_out_on", "-id"], name="handover_newest_of_customer"
            ),
        ),
        migrations.AddIndex(
            model_name="devicehandover",
            index=models.Index(
                condition=models.Q(("came_back_on__isnull", False)),
                fields=["customer", "-came_back_on", "-id"],
                name="handover_ended_of_customer",
            ),
        ),
        migrations.AddIndex(
            model_name="devicehandover",
            index=models.Index(
                condition=models.Q(("person__isnull", False)),
                fields=["person", "-went_out_on", "-id"],
                name="handover_newest_of_person",
            ),
        ),
        migrations.AddIndex(
            model_name="devicehandover",
            index=models.Index(
                condition=models.Q(("came_back_on__isnull", False), ("person__isnull", False)),
                fields=["person", "-came_back_on", "-id"],
                name="handover_ended_of_person",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                fields=["customer", "-issued_on", "-id"], name="invoice_newest_of_customer"
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("paid_on__isnull", False)),
                fields=["customer", "-paid_on", "-id"],
                name="invoice_paid_of_customer",
            ),
        ),
        migrations.AddIndex(
            model_name="offer",
            index=models.Index(
                fields=["customer", "-sent_on", "-id"], name="offer_newest_of_customer"
            ),
        ),
        migrations.AddIndex(
            model_name="offer",
            index=models.Index(
                models.F("customer"),
                models.OrderBy(
                    django.db.models.functions.comparison.Coalesce("accepted_on", "declined_on"),
                    descending=True,
                ),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(
                    ("accepted_on__isnull", False), ("declined_on__isnull", False), _connector="OR"
                ),
                name="offer_answered_by_customer",
            ),
        ),
        migrations.AddIndex(
            model_name="offer",
            index=models.Index(
                condition=models.Q(("made_to__isnull", False)),
                fields=["made_to", "-sent_on", "-id"],
                name="offer_newest_of_person",
            ),
        ),
        migrations.AddIndex(
            model_name="offer",
            index=models.Index(
                models.F("made_to"),
                models.OrderBy(
                    django.db.models.functions.comparison.Coalesce("accepted_on", "declined_on"),
                    descending=True,
                ),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(
                    ("made_to__isnull", False),
                    models.Q(
                        ("accepted_on__isnull", False),
                        ("declined_on__isnull", False),
                        _connector="OR",
                    ),
                ),
                name="offer_answered_by_person",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                fields=["customer", "-ordered_on", "-id"], name="order_newest_of_customer"
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                models.F("customer"),
                models.OrderBy(
                    django.db.models.functions.comparison.Coalesce("delivered_on", "cancelled_on"),
                    descending=True,
                ),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(
                    ("delivered_on__isnull", False),
                    ("cancelled_on__isnull", False),
                    _connector="OR",
                ),
                name="order_closed_of_customer",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("ordered_by__isnull", False)),
                fields=["ordered_by", "-ordered_on", "-id"],
                name="order_newest_of_person",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                models.F("ordered_by"),
                models.OrderBy(
                    django.db.models.functions.comparison.Coalesce("delivered_on", "cancelled_on"),
                    descending=True,
                ),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(
                    ("ordered_by__isnull", False),
                    models.Q(
                        ("delivered_on__isnull", False),
                        ("cancelled_on__isnull", False),
                        _connector="OR",
                    ),
                ),
                name="order_closed_of_person",
            ),
        ),
        migrations.AddIndex(
            model_name="return",
            index=models.Index(
                fields=["customer", "-happened_on", "-id"], name="return_newest_of_customer"
            ),
        ),
        migrations.AddIndex(
            model_name="servicechange",
            index=models.Index(
                fields=["customer", "-changed_on", "-id"], name="service_change_newest_of_cust"
            ),
        ),
        migrations.AddIndex(
            model_name="servicechange",
            index=models.Index(
                fields=["subscription", "-changed_on", "-id"], name="service_change_newest_of_subs"
            ),
        ),
        migrations.AddIndex(
            model_name="servicechange",
            index=models.Index(
                condition=models.Q(("old_user__isnull", False)),
                fields=["old_user", "-changed_on", "-id"],
                name="service_change_newest_of_old",
            ),
        ),
        migrations.AddIndex(
            model_name="servicechange",
            index=models.Index(
                condition=models.Q(("new_user__isnull", False)),
                fields=["new_user", "-changed_on", "-id"],
                name="service_change_newest_of_new",
            ),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(
                fields=["customer", "-opened_on", "-id"], name="subscription_newest_of_cust"
            ),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(
                condition=models.Q(("terminated_on__isnull", False)),
                fields=["customer", "-terminated_on", "-id"],
                name="subscription_ended_of_cust",
            ),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(
                condition=models.Q(("user__isnull", False)),
                fields=["user", "-opened_on", "-id"],
                name="subscription_newest_of_person",
            ),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(
                condition=models.Q(("terminated_on__isnull", False), ("user__isnull", False)),
                fields=["user", "-terminated_on", "-id"],
                name="subscription_ended_of_person",
            ),
        ),
        # Of the lists, narrowed to a state: each of a few among many.
        migrations.AddIndex(
            model_name="billingaccount",
            index=models.Index(
                condition=models.Q(("closed_on__isnull", False)),
                fields=["id"],
                name="billing_account_closed",
            ),
        ),
        migrations.AddIndex(
            model_name="billingcontact",
            index=models.Index(
                condition=models.Q(("ended_on__isnull", False)),
                fields=["id"],
                name="billing_contact_ended",
            ),
        ),
        migrations.AddIndex(
            model_name="contract",
            index=models.Index(fields=["starts_on"], name="contract_by_first_day"),
        ),
        migrations.AddIndex(
            model_name="contract",
            index=models.Index(
                condition=models.Q(("notice_given_on__isnull", False)),
                fields=["ends_on"],
                name="contract_under_notice",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("open_amount__gt", 0)),
                fields=["id"],
                include=("due_on",),
                name="invoice_unpaid",
            ),
        ),
        migrations.AddIndex(
            model_name="offer",
            index=models.Index(
                condition=models.Q(
                    ("accepted_on__isnull", True),
                    ("declined_on__isnull", True),
                    ("sent_on__isnull", False),
                ),
                fields=["valid_until"],
                name="offer_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="offer",
            index=models.Index(
                condition=models.Q(("sent_on__isnull", True)), fields=["id"], name="offer_draft"
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("cancelled_on__isnull", True), ("delivered_on__isnull", True)),
                fields=["id"],
                name="order_open",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("cancelled_on__isnull", False)),
                fields=["id"],
                name="order_cancelled",
            ),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(
                condition=models.Q(("terminated_on__isnull", False)),
                fields=["id"],
                name="subscription_terminated",
            ),
        ),
    ]
