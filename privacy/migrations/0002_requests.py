"""The tables of requests, packages and records."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import contracts.models.base


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0005_processors"),
        ("customers", "0005_identity_checks"),
        ("privacy", "0001_functions"),
        ("recordings", "0002_kept_by_the_database"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Breach",
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
                    "nature",
                    models.TextField(
                        help_text="What happened; names nobody.",
                        max_length=4000,
                        verbose_name="nature",
                    ),
                ),
                (
                    "began_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When it began, as far as is known.",
                        null=True,
                        verbose_name="began",
                    ),
                ),
                (
                    "ended_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When it ended, as far as is known.",
                        null=True,
                        verbose_name="ended",
                    ),
                ),
                (
                    "aware_at",
                    models.DateTimeField(
                        help_text="When we became aware: the clock starts here.",
                        verbose_name="known to us",
                    ),
                ),
                (
                    "tell_by",
                    models.DateTimeField(
                        editable=False,
                        help_text="Until when the Ombudsman is told of a risk without giving reasons.",
                        verbose_name="to be told by",
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
                    "persons",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="About how many persons.",
                        null=True,
                        verbose_name="persons",
                    ),
                ),
                (
                    "records",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="About how many records of theirs.",
                        null=True,
                        verbose_name="records",
                    ),
                ),
                (
                    "contact",
                    models.CharField(
                        blank=True,
                        help_text="Who tells the Ombudsman and the persons more.",
                        max_length=200,
                        verbose_name="contact",
                    ),
                ),
                (
                    "risk",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "Unlikely to be a risk"),
                            ("risk", "A risk: told to the Ombudsman"),
                            ("high", "A high risk: told to the persons too"),
                        ],
                        help_text="As assessed.",
                        max_length=5,
                        verbose_name="risk",
                    ),
                ),
                (
                    "consequences",
                    models.TextField(
                        blank=True,
                        help_text="What may come of it.",
                        max_length=4000,
                        verbose_name="consequences",
                    ),
                ),
                (
                    "measures",
                    models.TextField(
                        blank=True,
                        help_text="What was done and is planned.",
                        max_length=4000,
                        verbose_name="measures",
                    ),
                ),
                (
                    "told_authority_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="The first notice.",
                        null=True,
                        verbose_name="told to the Ombudsman",
                    ),
                ),
                (
                    "late_because",
                    models.TextField(
                        blank=True,
                        help_text="Where it came too late.",
                        max_length=1000,
                        verbose_name="late because",
                    ),
                ),
                (
                    "told_persons_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Needed for a high risk.",
                        null=True,
                        verbose_name="told to the persons",
                    ),
                ),
                (
                    "reminded_at_hours",
                    models.IntegerField(
                        blank=True,
                        editable=False,
                        help_text="At how many hours left registrars were last reminded; below zero when late.",
                        null=True,
                        verbose_name="reminded at",
                    ),
                ),
                (
                    "noted_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        editable=False,
                        help_text="When it was opened.",
                        verbose_name="noted",
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        editable=False,
                        help_text="When the record last changed; kept by the database.",
                        verbose_name="changed",
                    ),
                ),
                (
                    "closed_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When nothing was left to do.",
                        null=True,
                        verbose_name="closed",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        help_text="Who opened the record.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="noted by",
                    ),
                ),
            ],
            options={
                "verbose_name": "personal data breach",
                "verbose_name_plural": "personal data breaches",
                "default_permissions": ("add", "change", "view"),
            },
        ),
        migrations.CreateModel(
            name="BreachAffected",
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
                        help_text="The public ID of the person.", verbose_name="person"
                    ),
                ),
                (
                    "breach",
                    models.ForeignKey(
                        help_text="Which breach.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="affected",
                        to="privacy.breach",
                        verbose_name="breach",
                    ),
                ),
            ],
            options={
                "verbose_name": "person affected by a breach",
                "verbose_name_plural": "persons affected by breaches",
                "abstract": False,
                "default_permissions": (),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Package",
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
                    "contents",
                    models.CharField(
                        choices=[
                            ("access", "Everything held, Art. 15"),
                            ("portable", "What she provided, Art. 20"),
                        ],
                        help_text="What is in it.",
                        max_length=10,
                        verbose_name="contents",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("collecting", "Being collected"),
                            ("review", "To be reviewed"),
                            ("making", "Being made"),
                            ("ready", "Ready"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                            ("destroyed", "Destroyed"),
                        ],
                        default="collecting",
                        editable=False,
                        help_text="How far it has come.",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "steps_done",
                    models.PositiveIntegerField(
                        default=0,
                        editable=False,
                        help_text="Of the work in the background.",
                        verbose_name="steps done",
                    ),
                ),
                (
                    "steps",
                    models.PositiveIntegerField(
                        default=0,
                        editable=False,
                        help_text="Of the work in the background.",
                        verbose_name="steps",
                    ),
                ),
                (
                    "failure",
                    models.CharField(
                        blank=True,
                        help_text="What kind of failure; no data.",
                        max_length=60,
                        verbose_name="failure",
                    ),
                ),
                (
                    "collected_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="What the register held at this time.",
                        null=True,
                        verbose_name="collected",
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
                    "sent_at",
                    models.DateTimeField(
                        blank=True, help_text="When it went.", null=True, verbose_name="sent"
                    ),
                ),
                (
                    "expires_on",
                    models.DateField(
                        help_text="The day on which its files are destroyed.",
                        verbose_name="expires",
                    ),
                ),
                (
                    "destroyed_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When its keys were destroyed.",
                        null=True,
                        verbose_name="destroyed",
                    ),
                ),
                (
                    "discarded_because",
                    models.CharField(
                        blank=True,
                        help_text="Why it was discarded.",
                        max_length=300,
                        verbose_name="discarded because",
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who looked at every find and approved it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="approved by",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        help_text="Who had it made.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
                (
                    "discarded_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who discarded it before it went out.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="discarded by",
                    ),
                ),
                (
                    "draft",
                    models.OneToOneField(
                        blank=True,
                        help_text="What was collected, in the vault.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="recordings.sealedfile",
                        verbose_name="draft",
                    ),
                ),
                (
                    "needs_second_person",
                    models.BooleanField(
                        default=True,
                        editable=False,
                        help_text="Whether somebody else than who asked for it must approve it.",
                        verbose_name="needs a second person",
                    ),
                ),
                (
                    "password",
                    models.OneToOneField(
                        blank=True,
                        help_text="Of the archive, in the vault until somebody has written it down.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="recordings.sealedfile",
                        verbose_name="password",
                    ),
                ),
            ],
            options={
                "verbose_name": "package",
                "verbose_name_plural": "packages",
                "abstract": False,
                "default_permissions": ("add", "change", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="PackageFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("report", "Report, PDF"),
                            ("data", "Data, JSON"),
                            ("recordings", "Recordings and papers, ZIP with a password"),
                            ("portable_json", "Data to take along, JSON"),
                            ("portable_csv", "Data to take along, CSV in a ZIP"),
                        ],
                        help_text="What file it is.",
                        max_length=15,
                        verbose_name="kind",
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        help_text="Its content in the vault; its SHA-256 stands there.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="recordings.sealedfile",
                        verbose_name="file",
                    ),
                ),
                (
                    "package",
                    models.ForeignKey(
                        help_text="Of which package.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="privacy.package",
                        verbose_name="package",
                    ),
                ),
                (
                    "volume",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="Of a long report there are several.",
                        verbose_name="volume",
                    ),
                ),
            ],
            options={
                "verbose_name": "file of a package",
                "verbose_name_plural": "files of packages",
                "abstract": False,
                "default_permissions": (),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ProposedRedaction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "pointer",
                    models.CharField(
                        help_text="The value in the draft, as a JSON pointer.",
                        max_length=300,
                        verbose_name="place",
                    ),
                ),
                (
                    "start",
                    models.PositiveIntegerField(
                        help_text="The first character, from 0.", verbose_name="from"
                    ),
                ),
                (
                    "stop",
                    models.PositiveIntegerField(
                        help_text="Behind the last character.", verbose_name="to"
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("name", "Name"),
                            ("phone", "Phone number"),
                            ("email", "E-mail address"),
                            ("address", "Address"),
                            ("identity_code", "Personal identity code"),
                            ("marked", "Marked by hand"),
                        ],
                        help_text="What it seems to be.",
                        max_length=15,
                        verbose_name="what",
                    ),
                ),
                (
                    "is_accepted",
                    models.BooleanField(
                        blank=True,
                        help_text="Empty until somebody has decided.",
                        null=True,
                        verbose_name="blacked out",
                    ),
                ),
                (
                    "decided_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When it was decided.",
                        null=True,
                        verbose_name="decided",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who decided.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "package",
                    models.ForeignKey(
                        help_text="In which package.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="redactions",
                        to="privacy.package",
                        verbose_name="package",
                    ),
                ),
            ],
            options={
                "verbose_name": "place to black out",
                "verbose_name_plural": "places to black out",
                "abstract": False,
                "default_permissions": ("add", "change", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="RegisterDescription",
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
                    "version",
                    models.PositiveIntegerField(
                        help_text="One more with each.", unique=True, verbose_name="version"
                    ),
                ),
                (
                    "contents",
                    models.JSONField(
                        help_text="The description by language, and the record of Art. 30.",
                        verbose_name="contents",
                    ),
                ),
                (
                    "fingerprint",
                    models.CharField(
                        help_text="SHA-256 of its contents, to tell whether they are still what is declared.",
                        max_length=64,
                        verbose_name="fingerprint",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="When it was published.",
                        verbose_name="published",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who published it; empty where a command did.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="published by",
                    ),
                ),
            ],
            options={
                "verbose_name": "register description",
                "verbose_name_plural": "register descriptions",
                "default_permissions": ("add", "view"),
            },
        ),
        migrations.CreateModel(
            name="SubjectRequest",
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
                        db_default=contracts.models.base.NextNumber(
                            prefix="TP", sequence="privacy_request_number"
                        ),
                        editable=False,
                        help_text="Given by the database once; never changed.",
                        max_length=32,
                        unique=True,
                        verbose_name="request number",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("access", "Access, Art. 15"),
                            ("rectification", "Rectification, Art. 16"),
                            ("erasure", "Erasure, Art. 17"),
                            ("restriction", "Restriction, Art. 18"),
                            ("portability", "Portability, Art. 20"),
                            ("objection", "Objection, Art. 21"),
                        ],
                        help_text="What is asked for.",
                        max_length=15,
                        verbose_name="kind",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("letter", "Letter"),
                            ("email", "E-mail"),
                            ("phone", "Phone call"),
                            ("in_person", "In person"),
                            ("other", "Another way"),
                        ],
                        help_text="How it came; no way is preferred.",
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                (
                    "received_on",
                    models.DateField(
                        help_text="The day on which it reached us in any way, also on a weekend.",
                        verbose_name="received",
                    ),
                ),
                (
                    "requester_name",
                    models.CharField(
                        help_text="As it stands in the request.",
                        max_length=200,
                        verbose_name="name of who asks",
                    ),
                ),
                (
                    "answer_to",
                    models.TextField(
                        help_text="The address or e-mail address for the answer.",
                        max_length=500,
                        verbose_name="answer to",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("fi", "Finnish"), ("sv", "Swedish"), ("en", "English")],
                        help_text="The language of our letters and of the report.",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                (
                    "representative",
                    models.CharField(
                        blank=True,
                        help_text="Who asks on her behalf; empty if she asks herself.",
                        max_length=200,
                        verbose_name="representative",
                    ),
                ),
                (
                    "authorisation",
                    models.CharField(
                        blank=True,
                        help_text="How the representative showed that he may ask.",
                        max_length=200,
                        verbose_name="authorisation",
                    ),
                ),
                (
                    "scope",
                    models.TextField(
                        blank=True,
                        help_text="What she limits it to; empty means everything (S35).",
                        max_length=2000,
                        verbose_name="scope",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("identifying", "Waiting for identification"),
                            ("in_progress", "In progress"),
                            ("extended", "Extended"),
                            ("answered", "Answered"),
                            ("partly_refused", "Answered, partly refused"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn by her"),
                            ("closed", "Closed"),
                        ],
                        default="received",
                        editable=False,
                        help_text="How far it has come.",
                        max_length=15,
                        verbose_name="state",
                    ),
                ),
                (
                    "first_due_on",
                    models.DateField(
                        editable=False,
                        help_text="One month from receipt, no pauses.",
                        verbose_name="original due date",
                    ),
                ),
                (
                    "due_on",
                    models.DateField(
                        editable=False,
                        help_text="With the extension and the days of pauses.",
                        verbose_name="due",
                    ),
                ),
                (
                    "identified_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("call_back", "Called back to the registered number"),
                            ("registered_email", "Answered from the registered e-mail address"),
                            ("registered_address", "Signed letter; answer to registered address"),
                            ("strong_login", "Strong identification"),
                            ("known_details", "Knew details that only she knows"),
                            ("id_document", "Showed an identity document"),
                            ("authorisation", "Representative with authorisation"),
                        ],
                        help_text="How it was made sure who asks; the document itself is not kept.",
                        max_length=20,
                        verbose_name="identified by",
                    ),
                ),
                (
                    "identified_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When it was made sure.",
                        null=True,
                        verbose_name="identified",
                    ),
                ),
                (
                    "extended_on",
                    models.DateField(
                        blank=True,
                        help_text="When two months were added.",
                        null=True,
                        verbose_name="extended on",
                    ),
                ),
                (
                    "extension_reason",
                    models.TextField(
                        blank=True,
                        help_text="Complexity or number of requests; it is told to her in time.",
                        max_length=1000,
                        verbose_name="reason of the extension",
                    ),
                ),
                (
                    "refusal",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unidentified", "The person cannot be identified, Art. 12(2)"),
                            ("unfounded", "Manifestly unfounded, Art. 12(5)"),
                            ("excessive", "Manifestly excessive, Art. 12(5)"),
                            ("exempt", "Exempt, Data Protection Act section 34"),
                            ("not_ours", "Not data of this register"),
                            ("company", "Asked for a company, which has no such right"),
                        ],
                        help_text="Where it was refused, in whole or in part.",
                        max_length=15,
                        verbose_name="ground of refusal",
                    ),
                ),
                (
                    "refusal_reason",
                    models.TextField(
                        blank=True,
                        help_text="The reasons in words.",
                        max_length=2000,
                        verbose_name="reasons",
                    ),
                ),
                (
                    "is_partly_refused",
                    models.BooleanField(
                        default=False,
                        help_text="Whether the rest is given; decided with the refusal.",
                        verbose_name="a part is refused",
                    ),
                ),
                (
                    "answered_on",
                    models.DateField(
                        blank=True,
                        help_text="When the answer went out.",
                        null=True,
                        verbose_name="answered",
                    ),
                ),
                (
                    "withdrawn_on",
                    models.DateField(
                        blank=True,
                        help_text="When she took the request back.",
                        null=True,
                        verbose_name="withdrawn",
                    ),
                ),
                (
                    "withdrawn_how",
                    models.CharField(
                        blank=True,
                        help_text="How she said that she takes it back.",
                        max_length=300,
                        verbose_name="how it was withdrawn",
                    ),
                ),
                (
                    "closed_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When the case was closed.",
                        null=True,
                        verbose_name="closed",
                    ),
                ),
                (
                    "handler",
                    models.ForeignKey(
                        blank=True,
                        help_text="The registrar who answers for it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="handler",
                    ),
                ),
                (
                    "identified_with",
                    models.ForeignKey(
                        blank=True,
                        help_text="The staff member who made sure.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="identified with",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        help_text="Who noted the request.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="opened by",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whose data it is about; empty while she is not found, or we hold nothing.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="customers.person",
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "data-subject request",
                "verbose_name_plural": "data-subject requests",
                "abstract": False,
                "default_permissions": ("add", "change", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="StateChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "from_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("received", "Received"),
                            ("identifying", "Waiting for identification"),
                            ("in_progress", "In progress"),
                            ("extended", "Extended"),
                            ("answered", "Answered"),
                            ("partly_refused", "Answered, partly refused"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn by her"),
                            ("closed", "Closed"),
                        ],
                        help_text="Empty at first.",
                        max_length=15,
                        verbose_name="from",
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("identifying", "Waiting for identification"),
                            ("in_progress", "In progress"),
                            ("extended", "Extended"),
                            ("answered", "Answered"),
                            ("partly_refused", "Answered, partly refused"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn by her"),
                            ("closed", "Closed"),
                        ],
                        help_text="The state that began.",
                        max_length=15,
                        verbose_name="to",
                    ),
                ),
                (
                    "reason",
                    models.TextField(
                        blank=True,
                        help_text="Why, where it needs saying.",
                        max_length=1000,
                        verbose_name="reason",
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="When it was moved.",
                        verbose_name="changed",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who moved it; empty for a job.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        help_text="Which request.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="privacy.subjectrequest",
                        verbose_name="request",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a request",
                "verbose_name_plural": "steps of requests",
                "abstract": False,
                "default_permissions": ("view",),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="StaffNamesDecision",
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
                    "decided_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="When it was decided.",
                        verbose_name="decided",
                    ),
                ),
                (
                    "names_staff",
                    models.BooleanField(
                        help_text="Whether names are given.", verbose_name="names staff"
                    ),
                ),
                (
                    "weighing",
                    models.TextField(
                        help_text="Why she needs the names, and what speaks for the staff.",
                        max_length=2000,
                        verbose_name="weighing",
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
                (
                    "request",
                    models.ForeignKey(
                        help_text="Which request.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="privacy.subjectrequest",
                        verbose_name="request",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision on names of staff",
                "verbose_name_plural": "decisions on names of staff",
                "abstract": False,
                "default_permissions": ("add", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="RequestTask",
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
                    "what",
                    models.CharField(
                        help_text="What is to be done.", max_length=200, verbose_name="what"
                    ),
                ),
                (
                    "due_on",
                    models.DateField(
                        blank=True,
                        help_text="Until when, at the latest.",
                        null=True,
                        verbose_name="due",
                    ),
                ),
                (
                    "done_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When it was done; empty while it is open.",
                        null=True,
                        verbose_name="done",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who did it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="done by",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        help_text="Which request.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="privacy.subjectrequest",
                        verbose_name="request",
                    ),
                ),
            ],
            options={
                "verbose_name": "task of a request",
                "verbose_name_plural": "tasks of requests",
                "abstract": False,
                "default_permissions": ("add", "change", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="RequestPause",
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
                ("asked_on", models.DateField(help_text="When we asked.", verbose_name="asked")),
                (
                    "answered_on",
                    models.DateField(
                        blank=True,
                        help_text="When she answered; empty while we wait.",
                        null=True,
                        verbose_name="answered",
                    ),
                ),
                (
                    "doubt",
                    models.CharField(
                        help_text="Why it is reasonable to doubt who asks.",
                        max_length=300,
                        verbose_name="doubt",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        help_text="Which request.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pauses",
                        to="privacy.subjectrequest",
                        verbose_name="request",
                    ),
                ),
            ],
            options={
                "verbose_name": "pause of a request",
                "verbose_name_plural": "pauses of requests",
                "abstract": False,
                "default_permissions": ("view",),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="RequestNote",
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
                    "text",
                    models.TextField(
                        help_text="What there is to note.", max_length=4000, verbose_name="text"
                    ),
                ),
                (
                    "written_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="When it was written.",
                        verbose_name="written",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        help_text="Who wrote it.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        help_text="Which request.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="privacy.subjectrequest",
                        verbose_name="request",
                    ),
                ),
            ],
            options={
                "verbose_name": "note of a request",
                "verbose_name_plural": "notes of requests",
                "abstract": False,
                "default_permissions": ("add", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="RequestLetter",
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
                    "template",
                    models.CharField(
                        choices=[
                            ("receipt", "Confirmation of receipt"),
                            ("identity", "Question who asks"),
                            ("extension", "Extension with its reasons"),
                            ("answer", "Answer"),
                            ("refusal", "Refusal with the right to complain"),
                            ("nothing_held", "Answer that nothing is held"),
                            ("lifting", "Notice that a restriction ends"),
                        ],
                        help_text="Which letter it is.",
                        max_length=15,
                        verbose_name="template",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("fi", "Finnish"), ("sv", "Swedish"), ("en", "English")],
                        help_text="Its language.",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                (
                    "wording_digest",
                    models.CharField(
                        editable=False,
                        help_text="Of what was written: it tells the same form from another.",
                        max_length=64,
                        verbose_name="SHA-256 of the wording",
                    ),
                ),
                (
                    "sent_on",
                    models.DateField(
                        blank=True,
                        help_text="When it went out; empty for a draft.",
                        null=True,
                        verbose_name="sent",
                    ),
                ),
                (
                    "restriction",
                    models.UUIDField(
                        blank=True,
                        help_text="The public ID of the restriction that ends; for that notice alone.",
                        null=True,
                        verbose_name="restriction",
                    ),
                ),
                (
                    "ends_on",
                    models.DateField(
                        blank=True,
                        help_text="The day that the notice says; for that notice alone.",
                        null=True,
                        verbose_name="the restriction ends",
                    ),
                ),
                (
                    "destroyed_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When its key was destroyed.",
                        null=True,
                        verbose_name="destroyed",
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        help_text="The PDF in the vault.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="recordings.sealedfile",
                        verbose_name="file",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        help_text="Who made it.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        help_text="Which request.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="privacy.subjectrequest",
                        verbose_name="request",
                    ),
                ),
            ],
            options={
                "verbose_name": "letter of a request",
                "verbose_name_plural": "letters of requests",
                "abstract": False,
                "default_permissions": ("add", "change", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="RequestAttachment",
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
                    "title",
                    models.CharField(help_text="What it is.", max_length=200, verbose_name="title"),
                ),
                (
                    "media_type",
                    models.CharField(
                        help_text="What the file's content says it is.",
                        max_length=100,
                        verbose_name="media type",
                    ),
                ),
                (
                    "is_identity_document",
                    models.BooleanField(
                        default=False,
                        help_text="Destroyed as soon as the person is identified (domain §2).",
                        verbose_name="identity document",
                    ),
                ),
                (
                    "destroyed_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When its key was destroyed.",
                        null=True,
                        verbose_name="destroyed",
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        help_text="Its content in the vault.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="recordings.sealedfile",
                        verbose_name="file",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        help_text="Which request.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="privacy.subjectrequest",
                        verbose_name="request",
                    ),
                ),
            ],
            options={
                "verbose_name": "attachment of a request",
                "verbose_name_plural": "attachments of requests",
                "abstract": False,
                "default_permissions": ("add", "change", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Rectification",
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
                    "decided_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="When it was decided.",
                        verbose_name="decided",
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
                    "record",
                    models.UUIDField(
                        help_text="The public ID of the record.", verbose_name="record"
                    ),
                ),
                (
                    "field",
                    models.CharField(
                        blank=True,
                        help_text="The field's name; empty where something is missing.",
                        max_length=60,
                        verbose_name="field",
                    ),
                ),
                (
                    "old_value",
                    models.TextField(blank=True, help_text="As it was.", verbose_name="old value"),
                ),
                (
                    "new_value",
                    models.TextField(
                        blank=True, help_text="As she says it is.", verbose_name="new value"
                    ),
                ),
                (
                    "is_accepted",
                    models.BooleanField(
                        help_text="Whether it was changed.", verbose_name="accepted"
                    ),
                ),
                (
                    "is_by_hand",
                    models.BooleanField(
                        default=False,
                        help_text="Whether the change is a task of the request.",
                        verbose_name="put right by hand",
                    ),
                ),
                (
                    "reason",
                    models.TextField(
                        blank=True,
                        help_text="Why; needed where it is refused.",
                        max_length=1000,
                        verbose_name="reason",
                    ),
                ),
                (
                    "statement",
                    models.TextField(
                        blank=True,
                        help_text="What she adds in her own words, kept beside the value.",
                        max_length=2000,
                        verbose_name="supplementary statement",
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
                (
                    "request",
                    models.ForeignKey(
                        help_text="Which request.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="privacy.subjectrequest",
                        verbose_name="request",
                    ),
                ),
            ],
            options={
                "verbose_name": "rectification",
                "verbose_name_plural": "rectifications",
                "abstract": False,
                "default_permissions": ("add", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="RecipientNotice",
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
                    "told_on",
                    models.DateField(
                        blank=True,
                        help_text="When he was told; empty while he is not.",
                        null=True,
                        verbose_name="told",
                    ),
                ),
                (
                    "not_told_because",
                    models.TextField(
                        blank=True,
                        help_text="Why telling him is impossible or out of proportion.",
                        max_length=500,
                        verbose_name="not told because",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who noted it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="noted by",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        help_text="Who had received the data.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.recipient",
                        verbose_name="recipient",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        help_text="Which request.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="privacy.subjectrequest",
                        verbose_name="request",
                    ),
                ),
            ],
            options={
                "verbose_name": "notice to a recipient",
                "verbose_name_plural": "notices to recipients",
                "abstract": False,
                "default_permissions": ("add", "change", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.AddField(
            model_name="package",
            name="request",
            field=models.ForeignKey(
                help_text="Which request.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="privacy.subjectrequest",
                verbose_name="request",
            ),
        ),
        migrations.CreateModel(
            name="Objection",
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
                    "decided_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="When it was decided.",
                        verbose_name="decided",
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("customer_relationship", "Managing the customer relationship"),
                            ("communication", "Customer communication"),
                            ("services", "Producing and developing services"),
                            ("marketing", "Direct marketing"),
                            ("research", "Market research and statistics"),
                            ("verification", "Verifying service events"),
                            ("problem_solving", "Solving problems"),
                            ("accountability", "Showing that the law is kept"),
                        ],
                        help_text="What she objects to.",
                        max_length=30,
                        verbose_name="purpose",
                    ),
                ),
                (
                    "grounds",
                    models.TextField(
                        blank=True,
                        help_text="Her particular situation.",
                        max_length=2000,
                        verbose_name="her grounds",
                    ),
                ),
                (
                    "weighing",
                    models.TextField(
                        blank=True,
                        help_text="Our compelling grounds against hers (Art. 21(1)).",
                        max_length=2000,
                        verbose_name="weighing",
                    ),
                ),
                (
                    "is_upheld",
                    models.BooleanField(
                        help_text="Whether the processing stops.", verbose_name="upheld"
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
                (
                    "request",
                    models.ForeignKey(
                        help_text="Which request.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="privacy.subjectrequest",
                        verbose_name="request",
                    ),
                ),
            ],
            options={
                "verbose_name": "objection",
                "verbose_name_plural": "objections",
                "abstract": False,
                "default_permissions": ("add", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ErasureDecision",
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
                    "decided_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="When it was decided.",
                        verbose_name="decided",
                    ),
                ),
                (
                    "category",
                    models.CharField(
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
                        help_text="Which kind of data.",
                        max_length=20,
                        verbose_name="category",
                    ),
                ),
                (
                    "is_erased",
                    models.BooleanField(help_text="Whether it is to go.", verbose_name="is erased"),
                ),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("not_needed", "No longer needed, Art. 17(1)(a)"),
                            ("withdrawn", "Consent withdrawn, Art. 17(1)(b)"),
                            ("objected", "Objection upheld, Art. 17(1)(c)"),
                            ("unlawful", "Processed unlawfully, Art. 17(1)(d)"),
                            ("duty", "Legal duty to erase, Art. 17(1)(e)"),
                            ("kept_by_law", "Kept by legal obligation, Art. 17(3)(b)"),
                            ("kept_for_claims", "Kept for legal claims, Art. 17(3)(e)"),
                            ("still_needed", "Still needed for its purpose"),
                        ],
                        help_text="Why it goes or stays.",
                        max_length=15,
                        verbose_name="ground",
                    ),
                ),
                (
                    "reason",
                    models.TextField(
                        blank=True,
                        help_text="In words, for the answer.",
                        max_length=1000,
                        verbose_name="reason",
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
                (
                    "request",
                    models.ForeignKey(
                        help_text="Which request.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="privacy.subjectrequest",
                        verbose_name="request",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision on erasure",
                "verbose_name_plural": "decisions on erasure",
                "abstract": False,
                "default_permissions": ("add", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.AddConstraint(
            model_name="breach",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_at__isnull", True),
                    models.Q(("risk", ""), _negated=True),
                    _connector="OR",
                ),
                name="breach_closed_is_assessed",
                violation_error_message="Assess the risk before closing it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="breach",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_at__isnull", True),
                    ("risk", "none"),
                    ("told_authority_at__isnull", False),
                    _connector="OR",
                ),
                name="breach_closed_is_told",
                violation_error_message="A risk is told to the Ombudsman before it is closed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="breach",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_at__isnull", True),
                    models.Q(("risk", "high"), _negated=True),
                    ("told_persons_at__isnull", False),
                    _connector="OR",
                ),
                name="breach_closed_is_told_to_persons",
                violation_error_message="The persons are told of a high risk before it is closed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="breach",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("told_authority_at__isnull", True),
                    ("told_authority_at__lte", models.F("tell_by")),
                    models.Q(("late_because", ""), _negated=True),
                    _connector="OR",
                ),
                name="breach_told_late_says_why",
                violation_error_message="Say why the Ombudsman is told so late (Art. 33(1)).",
            ),
        ),
        migrations.AddConstraint(
            model_name="breach",
            constraint=models.CheckConstraint(
                condition=models.Q(("tell_by__gt", models.F("aware_at"))),
                name="breach_clock_runs_from_awareness",
                violation_error_message="The clock runs from when it is known.",
            ),
        ),
        migrations.AddConstraint(
            model_name="breach",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True),
                    ("began_at__isnull", True),
                    ("ended_at__gte", models.F("began_at")),
                    _connector="OR",
                ),
                name="breach_ends_after_start",
                violation_error_message="The end must not be before the start.",
            ),
        ),
        migrations.AddConstraint(
            model_name="breach",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("told_authority_at__isnull", True),
                        ("told_authority_at__gte", models.F("aware_at")),
                        _connector="OR",
                    ),
                    models.Q(
                        ("told_persons_at__isnull", True),
                        ("told_persons_at__gte", models.F("aware_at")),
                        _connector="OR",
                    ),
                ),
                name="breach_is_told_after_it_is_known",
                violation_error_message="Nobody is told before it is known.",
            ),
        ),
        migrations.AddConstraint(
            model_name="breachaffected",
            constraint=models.UniqueConstraint(
                fields=("breach", "subject"), name="affected_once_per_breach"
            ),
        ),
        migrations.AddConstraint(
            model_name="packagefile",
            constraint=models.UniqueConstraint(
                fields=("package", "kind", "volume"), name="one_file_of_a_kind_and_volume"
            ),
        ),
        migrations.AddConstraint(
            model_name="proposedredaction",
            constraint=models.UniqueConstraint(
                fields=("package", "pointer", "start", "stop"), name="one_decision_per_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="proposedredaction",
            constraint=models.CheckConstraint(
                condition=models.Q(("stop__gt", models.F("start"))),
                name="redaction_is_a_place",
                violation_error_message="Mark at least one character.",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposedredaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at__isnull", True),
                        ("decided_by__isnull", True),
                        ("is_accepted__isnull", True),
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("is_accepted__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="redaction_decided_by_somebody",
                violation_error_message="Say who decided it, and when.",
            ),
        ),
        migrations.AddIndex(
            model_name="subjectrequest",
            index=models.Index(
                condition=models.Q(
                    ("state__in", ["received", "identifying", "in_progress", "extended"])
                ),
                fields=["due_on", "id"],
                name="request_open_by_due",
            ),
        ),
        migrations.AddIndex(
            model_name="subjectrequest",
            index=models.Index(fields=["-received_on", "-id"], name="request_newest"),
        ),
        migrations.AddConstraint(
            model_name="subjectrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "received",
                            "identifying",
                            "in_progress",
                            "extended",
                            "answered",
                            "partly_refused",
                            "refused",
                            "withdrawn",
                            "closed",
                        ],
                    )
                ),
                name="request_state_is_known",
                violation_error_message="This is no state of a request.",
            ),
        ),
        migrations.AddConstraint(
            model_name="subjectrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("due_on__gt", models.F("received_on")),
                    ("due_on__gte", models.F("first_due_on")),
                ),
                name="request_is_due_after_receipt",
                violation_error_message="A request is due after it was received.",
            ),
        ),
        migrations.AddConstraint(
            model_name="subjectrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("identified_at__isnull", True),
                        ("identified_by", ""),
                        ("identified_with__isnull", True),
                    ),
                    models.Q(
                        models.Q(("identified_by", ""), _negated=True),
                        ("identified_at__isnull", False),
                        ("identified_with__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="request_is_identified_by_somebody",
                violation_error_message="Say how, when and by whom the person was identified.",
            ),
        ),
        migrations.AddConstraint(
            model_name="subjectrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("extended_on__isnull", True), ("extension_reason", "")),
                    models.Q(
                        ("extended_on__isnull", False),
                        models.Q(("extension_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="request_extension_has_its_reason",
                violation_error_message="An extension needs its reason.",
            ),
        ),
        migrations.AddConstraint(
            model_name="subjectrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "extended"), _negated=True),
                    ("extended_on__isnull", False),
                    _connector="OR",
                ),
                name="request_extended_when_extended",
                violation_error_message="An extension needs its reason.",
            ),
        ),
        migrations.AddConstraint(
            model_name="subjectrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("extended_on__isnull", True),
                    ("extended_on__lte", models.F("due_on")),
                    _connector="OR",
                ),
                name="request_extension_comes_in_time",
                violation_error_message="The time to extend it is over.",
            ),
        ),
        migrations.AddConstraint(
            model_name="subjectrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["refused", "partly_refused"]), _negated=True),
                    models.Q(
                        models.Q(("refusal", ""), _negated=True),
                        models.Q(("refusal_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="request_refusal_has_its_reasons",
                violation_error_message="A refusal needs its ground and its reasons.",
            ),
        ),
        migrations.AddConstraint(
            model_name="subjectrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_partly_refused", False), ("refusal", ""), ("refusal_reason", "")),
                    models.Q(
                        models.Q(("refusal", ""), _negated=True),
                        models.Q(("refusal_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="request_refusal_is_decided_as_a_whole",
                violation_error_message="A refusal needs its ground and its reasons.",
            ),
        ),
        migrations.AddConstraint(
            model_name="subjectrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("withdrawn_how", ""),
                        ("withdrawn_on__isnull", True),
                        models.Q(("state", "withdrawn"), _negated=True),
                    ),
                    models.Q(
                        ("state__in", ["withdrawn", "closed"]),
                        ("withdrawn_on__isnull", False),
                        models.Q(("withdrawn_how", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="request_withdrawn_says_when_and_how",
                violation_error_message="Say when and how she took it back.",
            ),
        ),
        migrations.AddConstraint(
            model_name="subjectrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("authorisation", ""), ("representative", "")),
                    models.Q(
                        models.Q(("representative", ""), _negated=True),
                        models.Q(("authorisation", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="request_representative_is_authorised",
                violation_error_message="A representative needs an authorisation.",
            ),
        ),
        migrations.AddConstraint(
            model_name="subjectrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        ["received", "identifying", "in_progress", "extended", "withdrawn"],
                    ),
                    ("answered_on__isnull", False),
                    models.Q(("state", "closed"), ("withdrawn_on__isnull", False)),
                    _connector="OR",
                ),
                name="request_answer_has_its_day",
                violation_error_message="Say when it was answered.",
            ),
        ),
        migrations.AddConstraint(
            model_name="subjectrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", False), ("state", "closed")),
                    models.Q(
                        models.Q(("state", "closed"), _negated=True), ("closed_at__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="request_closed_when_closed",
                violation_error_message="A closed request has its time of closing.",
            ),
        ),
        migrations.AddConstraint(
            model_name="staffnamesdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("weighing", ""), _negated=True),
                name="names_of_staff_are_weighed",
                violation_error_message="Write down how it was weighed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="requesttask",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at__isnull", True), ("done_by__isnull", True)),
                    models.Q(("done_at__isnull", False), ("done_by__isnull", False)),
                    _connector="OR",
                ),
                name="request_task_done_by_somebody",
                violation_error_message="Say who did it, and when.",
            ),
        ),
        migrations.AddConstraint(
            model_name="requestpause",
            constraint=models.UniqueConstraint(
                condition=models.Q(("answered_on__isnull", True)),
                fields=("request",),
                name="one_open_pause_per_request",
                violation_error_message="The clock stands still already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="requestpause",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answered_on__isnull", True),
                    ("asked_on__isnull", True),
                    ("answered_on__gte", models.F("asked_on")),
                    _connector="OR",
                ),
                name="pause_ends_after_start",
                violation_error_message="The end must not be before the start.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rectification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_accepted", True), models.Q(("reason", ""), _negated=True), _connector="OR"
                ),
                name="rectification_refused_with_reason",
                violation_error_message="A refusal needs its reasons.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rectification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("field", ""), _negated=True),
                    models.Q(
                        ("is_by_hand", False),
                        ("new_value", ""),
                        ("old_value", ""),
                        models.Q(("statement", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="rectification_completes_by_statement",
                violation_error_message="Write down what is missing.",
            ),
        ),
        migrations.AddConstraint(
            model_name="requestletter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ends_on__isnull", False),
                        ("restriction__isnull", False),
                        ("template", "lifting"),
                    ),
                    models.Q(
                        models.Q(("template", "lifting"), _negated=True),
                        ("ends_on__isnull", True),
                        ("restriction__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="request_letter_says_what_ends_when",
                violation_error_message="Say which restriction ends, and when.",
            ),
        ),
        migrations.AddConstraint(
            model_name="requestletter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sent_on__isnull", True),
                    ("ends_on__isnull", True),
                    ("ends_on__gte", models.F("sent_on")),
                    _connector="OR",
                ),
                name="request_letter_goes_before_it_ends",
                violation_error_message="She is told before the restriction ends: write a notice with a later day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="recipientnotice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("not_told_because", ""), ("told_on__isnull", True)),
                fields=("request", "recipient"),
                name="one_waiting_notice_per_recipient",
            ),
        ),
        migrations.AddConstraint(
            model_name="recipientnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("told_on__isnull", True), ("not_told_because", ""), _connector="OR"
                ),
                name="recipient_told_or_not",
                violation_error_message="He was told, or he was not.",
            ),
        ),
        migrations.AddIndex(
            model_name="package",
            index=models.Index(
                condition=models.Q(("destroyed_at__isnull", True)),
                fields=["expires_on"],
                name="package_by_expiry",
            ),
        ),
        migrations.AddConstraint(
            model_name="package",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["collecting", "review", "making", "ready"])),
                fields=("request", "contents"),
                name="one_package_in_work_per_request",
                violation_error_message="Such a package is in work already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="package",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                    models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                    _connector="OR",
                ),
                name="package_approved_by_somebody",
                violation_error_message="Say who approved it, and when.",
            ),
        ),
        migrations.AddConstraint(
            model_name="package",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("needs_second_person", False),
                    ("approved_by__isnull", True),
                    models.Q(("approved_by", models.F("asked_by")), _negated=True),
                    _connector="OR",
                ),
                name="package_approved_by_another",
                violation_error_message="Somebody else than who asked for it must approve it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="package",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["making", "ready", "sent"]), _negated=True),
                    ("approved_at__isnull", False),
                    _connector="OR",
                ),
                name="package_goes_out_approved",
                violation_error_message="Nothing goes out unreviewed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="package",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "sent"), _negated=True),
                    ("sent_at__isnull", False),
                    _connector="OR",
                ),
                name="package_sent_when_sent",
                violation_error_message="Say when it was sent.",
            ),
        ),
        migrations.AddConstraint(
            model_name="package",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "destroyed"), _negated=True),
                    ("destroyed_at__isnull", False),
                    _connector="OR",
                ),
                name="package_destroyed_when_destroyed",
                violation_error_message="Say when it was destroyed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="package",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("discarded_because", ""), ("discarded_by__isnull", True)),
                    models.Q(
                        ("destroyed_at__isnull", False),
                        ("discarded_by__isnull", False),
                        ("sent_at__isnull", True),
                        models.Q(("discarded_because", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="package_discarded_with_a_reason",
                violation_error_message="Say who discarded it, and why.",
            ),
        ),
        migrations.AddConstraint(
            model_name="package",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sent_at__isnull", True),
                    ("approved_at__isnull", True),
                    ("sent_at__gte", models.F("approved_at")),
                    _connector="OR",
                ),
                name="package_sent_after_approval",
                violation_error_message="The end must not be before the start.",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("purpose", "marketing"), _negated=True),
                    ("is_upheld", True),
                    _connector="OR",
                ),
                name="objection_to_marketing_is_absolute",
                violation_error_message="An objection to direct marketing is always upheld.",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("purpose", "marketing"),
                    models.Q(("weighing", ""), _negated=True),
                    _connector="OR",
                ),
                name="objection_is_weighed",
                violation_error_message="Write down how it was weighed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="erasuredecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ground__in", ["not_needed", "withdrawn", "objected", "unlawful", "duty"]),
                        ("is_erased", True),
                    ),
                    models.Q(
                        ("ground__in", ["kept_by_law", "kept_for_claims", "still_needed"]),
                        ("is_erased", False),
                    ),
                    _connector="OR",
                ),
                name="erasure_ground_fits",
                violation_error_message="This ground does not fit the decision.",
            ),
        ),
        migrations.CreateModel(
            name="CalendarLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        help_text="What the link names.",
                        unique=True,
                        verbose_name="key",
                    ),
                ),
                (
                    "renewed_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="Since when the link holds.",
                        verbose_name="renewed",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        help_text="Whose calendar it is.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "calendar link",
                "verbose_name_plural": "calendar links",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="RequestReminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "due_on",
                    models.DateField(
                        help_text="The due date that it reminded of.", verbose_name="due"
                    ),
                ),
                (
                    "days",
                    models.SmallIntegerField(
                        help_text="How many days before it, as they are set; below zero after it.",
                        verbose_name="days",
                    ),
                ),
                (
                    "reminded_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="When it was sent.",
                        verbose_name="reminded",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        help_text="Which request.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="privacy.subjectrequest",
                        verbose_name="request",
                    ),
                ),
            ],
            options={
                "verbose_name": "reminder of a request",
                "verbose_name_plural": "reminders of requests",
                "abstract": False,
                "default_permissions": (),
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("request", "due_on", "days"), name="one_reminder_at_each_distance"
                    )
                ],
            },
        ),
    ]
