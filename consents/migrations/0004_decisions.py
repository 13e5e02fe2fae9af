"""Company choices, notices, duties, consents, supplementary information, lists, hashes."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_disclosures"),
        ("consents", "0003_newest_of_person"),
        ("contracts", "0004_vat_rates"),
        ("customers", "0005_identity_checks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CollectionNotice",
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
                    "seller",
                    models.CharField(
                        default="Praecom Oy",
                        help_text="The company that sold and collected; only it may use the exception.",
                        max_length=100,
                        verbose_name="seller",
                    ),
                ),
                (
                    "opt_out_offered",
                    models.BooleanField(
                        default=False,
                        help_text="Whether she was offered, free and easily, to prohibit marketing then.",
                        verbose_name="way out offered",
                    ),
                ),
                (
                    "told_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="When she was told.",
                        verbose_name="told",
                    ),
                ),
            ],
            options={
                "verbose_name": "notice at collection",
                "verbose_name_plural": "notices at collection",
                "abstract": False,
                "default_permissions": ("add", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Consent",
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
                    "purpose",
                    models.CharField(
                        choices=[
                            ("transfer", "Transfer outside the EU and EEA"),
                            ("survey", "Customer surveys"),
                            ("training", "Recordings in training"),
                        ],
                        help_text="To what she consented.",
                        max_length=10,
                        verbose_name="purpose",
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
                        help_text="How she said so.",
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
                    "given_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="When she consented.",
                        verbose_name="given",
                    ),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When she withdrew it.",
                        null=True,
                        verbose_name="withdrawn",
                    ),
                ),
            ],
            options={
                "verbose_name": "consent",
                "verbose_name_plural": "consents",
                "abstract": False,
                "default_permissions": ("add", "change", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="MarketingList",
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
                    models.CharField(
                        help_text="What the list is for.", max_length=100, verbose_name="message"
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
                        help_text="How the message goes out.",
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                (
                    "product_group",
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
                        help_text="What is marketed.",
                        max_length=40,
                        verbose_name="product group",
                    ),
                ),
                (
                    "sender",
                    models.CharField(
                        default="Praecom Oy",
                        help_text="The company in whose name it goes out.",
                        max_length=100,
                        verbose_name="sender",
                    ),
                ),
                (
                    "criteria",
                    models.JSONField(
                        default=dict,
                        help_text="How the target group was described.",
                        verbose_name="target group",
                    ),
                ),
                (
                    "allowed",
                    models.PositiveIntegerField(
                        help_text="How many were allowed.", verbose_name="on the list"
                    ),
                ),
                (
                    "blocked",
                    models.JSONField(
                        default=dict,
                        help_text="How many were left out by which rule.",
                        verbose_name="left out",
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="When each row was decided.",
                        verbose_name="made",
                    ),
                ),
                (
                    "expires_on",
                    models.DateField(
                        help_text="The last day it can be used.", verbose_name="expires"
                    ),
                ),
            ],
            options={
                "verbose_name": "marketing list",
                "verbose_name_plural": "marketing lists",
                "default_permissions": ("add", "view"),
            },
        ),
        migrations.CreateModel(
            name="MarketingListRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "rule",
                    models.CharField(
                        help_text="Which rule allowed it.", max_length=40, verbose_name="rule"
                    ),
                ),
            ],
            options={
                "verbose_name": "row of a marketing list",
                "verbose_name_plural": "rows of marketing lists",
                "abstract": False,
                "default_permissions": (),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="RobinsonEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "list",
                    models.CharField(
                        choices=[("phone", "No sales calls"), ("post", "No addressed post")],
                        help_text="What is not wanted.",
                        max_length=5,
                        verbose_name="list",
                    ),
                ),
                (
                    "digest",
                    models.BinaryField(
                        help_text="Of the number, or name and address.",
                        max_length=32,
                        verbose_name="keyed hash",
                    ),
                ),
                (
                    "listed_on",
                    models.DateField(
                        default=django.utils.timezone.localdate,
                        help_text="The first day.",
                        verbose_name="listed",
                    ),
                ),
                (
                    "expires_on",
                    models.DateField(
                        blank=True,
                        help_text="A listing of a number lasts three years.",
                        null=True,
                        verbose_name="expires",
                    ),
                ),
            ],
            options={
                "verbose_name": "Robinson listing",
                "verbose_name_plural": "Robinson listings",
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="SupplementaryInformation",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("survey", "Answer to a survey"),
                            ("feedback", "Feedback"),
                            ("preference", "Wish or preference"),
                        ],
                        help_text="What it is.",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "topic",
                    models.CharField(
                        help_text="The survey's name, or what it is about.",
                        max_length=100,
                        verbose_name="topic",
                    ),
                ),
                (
                    "question",
                    models.CharField(
                        blank=True,
                        help_text="What was asked.",
                        max_length=300,
                        verbose_name="question",
                    ),
                ),
                ("answer", models.TextField(help_text="What she said.", verbose_name="answer")),
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
                        help_text="Where it came from.",
                        max_length=20,
                        verbose_name="data source",
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True,
                        help_text="The survey tool's own number of the answer; the same one is taken once.",
                        max_length=64,
                        verbose_name="reference",
                    ),
                ),
                (
                    "collected_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="When she said it.",
                        verbose_name="collected",
                    ),
                ),
                (
                    "erase_by",
                    models.DateField(
                        blank=True,
                        editable=False,
                        help_text="The last day it is kept, once its consent is withdrawn.",
                        null=True,
                        verbose_name="erase by",
                    ),
                ),
            ],
            options={
                "verbose_name": "supplementary information",
                "verbose_name_plural": "supplementary information",
                "abstract": False,
                "default_permissions": ("add", "change", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Suppression",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        help_text="On which channel.",
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                (
                    "product_group",
                    models.CharField(
                        blank=True,
                        help_text="Empty means all products.",
                        max_length=40,
                        verbose_name="product group",
                    ),
                ),
                (
                    "digest",
                    models.BinaryField(
                        help_text="Of the number, or name and address.",
                        max_length=32,
                        verbose_name="keyed hash",
                    ),
                ),
                (
                    "since",
                    models.DateTimeField(help_text="When she prohibited it.", verbose_name="since"),
                ),
            ],
            options={
                "verbose_name": "suppressed address",
                "verbose_name_plural": "suppressed addresses",
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="WorkDuty",
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
                    "product_group",
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
                        help_text="What her duties are about.",
                        max_length=40,
                        verbose_name="product group",
                    ),
                ),
                (
                    "evidence",
                    models.CharField(
                        help_text="How we know: what she or her company said.",
                        max_length=200,
                        verbose_name="evidence",
                    ),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="When it was recorded.",
                        verbose_name="recorded",
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
            ],
            options={
                "verbose_name": "duty",
                "verbose_name_plural": "duties",
                "abstract": False,
                "default_permissions": ("add", "change", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.AddField(
            model_name="marketingchoice",
            name="customer",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="The company that chose for its own addresses; empty for a person's choice.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="marketing_choices",
                to="customers.customer",
                verbose_name="company",
            ),
        ),
        migrations.AlterField(
            model_name="marketingchoice",
            name="person",
            field=models.ForeignKey(
                blank=True,
                help_text="Whose choice it is; empty for a company's own.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="marketing_choices",
                to="customers.person",
                verbose_name="person",
            ),
        ),
        migrations.AddIndex(
            model_name="marketingchoice",
            index=models.Index(
                condition=models.Q(("customer__isnull", False)),
                fields=["customer", "channel", "product_group", "-at", "-id"],
                name="choice_newest_of_company",
            ),
        ),
        migrations.AddConstraint(
            model_name="marketingchoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("customer__isnull", True), ("person__isnull", False)),
                    models.Q(("customer__isnull", False), ("person__isnull", True)),
                    _connector="OR",
                ),
                name="choice_has_one_holder",
                violation_error_message="A choice is a person's or a company's.",
            ),
        ),
        migrations.AddField(
            model_name="collectionnotice",
            name="contact_point",
            field=models.ForeignKey(
                blank=True,
                help_text="The number or e-mail address that she gave; empty for all of her data.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="collection_notices",
                to="customers.contactpoint",
                verbose_name="contact point",
            ),
        ),
        migrations.AddField(
            model_name="collectionnotice",
            name="order",
            field=models.ForeignKey(
                blank=True,
                help_text="The sale in which she gave it; empty if it was none.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="collection_notices",
                to="contracts.order",
                verbose_name="order",
            ),
        ),
        migrations.AddField(
            model_name="collectionnotice",
            name="person",
            field=models.ForeignKey(
                help_text="Who was told.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="collection_notices",
                to="customers.person",
                verbose_name="person",
            ),
        ),
        migrations.AddField(
            model_name="collectionnotice",
            name="recorded_by",
            field=models.ForeignKey(
                blank=True,
                help_text="The staff member; empty if it was not recorded by hand.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="recorded by",
            ),
        ),
        migrations.AddField(
            model_name="collectionnotice",
            name="wording",
            field=models.ForeignKey(
                blank=True,
                help_text="The text that was shown; empty where none is known.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="consents.wording",
                verbose_name="wording",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="person",
            field=models.ForeignKey(
                help_text="Who consented.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="consents",
                to="customers.person",
                verbose_name="person",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="recorded_by",
            field=models.ForeignKey(
                blank=True,
                help_text="The staff member; empty if she did it herself.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="recorded by",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="wording",
            field=models.ForeignKey(
                help_text="The text that she agreed to.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="consents",
                to="consents.wording",
                verbose_name="wording",
            ),
        ),
        migrations.AddField(
            model_name="marketinglist",
            name="disclosure",
            field=models.OneToOneField(
                help_text="The record of the disclosure that the list is.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="marketing_list",
                to="accounts.disclosure",
                verbose_name="disclosure",
            ),
        ),
        migrations.AddField(
            model_name="marketinglist",
            name="made_by",
            field=models.ForeignKey(
                help_text="The marketer.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="made by",
            ),
        ),
        migrations.AddField(
            model_name="marketinglistrow",
            name="address",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="Where post goes.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customers.address",
                verbose_name="address",
            ),
        ),
        migrations.AddField(
            model_name="marketinglistrow",
            name="contact_point",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="The number or e-mail address.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customers.contactpoint",
                verbose_name="contact point",
            ),
        ),
        migrations.AddField(
            model_name="marketinglistrow",
            name="customer",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="On whose behalf she is written to, if she is.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customers.customer",
                verbose_name="customer",
            ),
        ),
        migrations.AddField(
            model_name="marketinglistrow",
            name="marketing_list",
            field=models.ForeignKey(
                help_text="On which list.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rows",
                to="consents.marketinglist",
                verbose_name="marketing list",
            ),
        ),
        migrations.AddField(
            model_name="marketinglistrow",
            name="person",
            field=models.ForeignKey(
                blank=True,
                help_text="Who receives it; empty for a company's own address.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customers.person",
                verbose_name="person",
            ),
        ),
        migrations.AddConstraint(
            model_name="robinsonentry",
            constraint=models.UniqueConstraint(
                fields=("list", "digest"), name="robinson_listed_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="robinsonentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("list__in", ["phone", "post"])), name="robinson_list_is_known"
            ),
        ),
        migrations.AddField(
            model_name="supplementaryinformation",
            name="consent",
            field=models.ForeignKey(
                blank=True,
                help_text="The consent that it was collected with; empty if she told it herself.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="supplementary_information",
                to="consents.consent",
                verbose_name="consent",
            ),
        ),
        migrations.AddField(
            model_name="supplementaryinformation",
            name="person",
            field=models.ForeignKey(
                help_text="About whom.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="supplementary_information",
                to="customers.person",
                verbose_name="person",
            ),
        ),
        migrations.AddConstraint(
            model_name="suppression",
            constraint=models.UniqueConstraint(
                fields=("digest", "channel", "product_group"), name="suppressed_once"
            ),
        ),
        migrations.AddField(
            model_name="workduty",
            name="contact_person",
            field=models.ForeignKey(
                help_text="In which of her roles.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="duties",
                to="customers.contactperson",
                verbose_name="contact person",
            ),
        ),
        migrations.AddField(
            model_name="workduty",
            name="recorded_by",
            field=models.ForeignKey(
                blank=True,
                help_text="The staff member; empty if it was not recorded by hand.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="recorded by",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("person", "purpose"),
                name="one_consent_in_force_per_purpose",
                violation_error_message="She has given this consent already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(("purpose__in", ["transfer", "survey", "training"])),
                name="consent_purpose_is_known",
                violation_error_message="This is not a purpose that we ask a consent for.",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_at__isnull", True),
                    ("given_at__isnull", True),
                    ("withdrawn_at__gte", models.F("given_at")),
                    _connector="OR",
                ),
                name="consent_is_withdrawn_after_giving",
                violation_error_message="The end must not be before the start.",
            ),
        ),
        migrations.AddIndex(
            model_name="supplementaryinformation",
            index=models.Index(
                condition=models.Q(("erase_by__isnull", False)),
                fields=["erase_by"],
                name="supplementary_by_last_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplementaryinformation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("consent__isnull", False),
                    ("kind__in", ["feedback", "preference"]),
                    _connector="OR",
                ),
                name="supplementary_has_consent_or_is_told",
                violation_error_message="An answer to a survey needs the person's consent.",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplementaryinformation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reference", ""), _negated=True),
                fields=("person", "topic", "question", "reference"),
                name="supplementary_taken_once",
                violation_error_message="This answer is there already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="workduty",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_on__isnull", True)),
                fields=("contact_person", "product_group"),
                name="work_duty_once_per_group",
                violation_error_message="This duty is recorded already.",
            ),
        ),
    ]
