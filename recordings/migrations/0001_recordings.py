"""Sealed files, recordings and messages, whom they concern, holds and corrections."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0005_identity_checks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SealedFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "file_id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        help_text="Its name in the vault.",
                        unique=True,
                        verbose_name="file",
                    ),
                ),
                (
                    "size",
                    models.PositiveBigIntegerField(
                        help_text="In clear.", verbose_name="size, bytes"
                    ),
                ),
                (
                    "digest",
                    models.BinaryField(
                        help_text="Of the file in clear; empty once it is destroyed.",
                        max_length=32,
                        verbose_name="SHA-256",
                    ),
                ),
                (
                    "key_version",
                    models.PositiveIntegerField(
                        help_text="Which key-encryption key wraps the file's key.",
                        verbose_name="key version",
                    ),
                ),
                (
                    "wrapped_key",
                    models.BinaryField(
                        help_text="Empty once it is destroyed.",
                        null=True,
                        verbose_name="wrapped key",
                    ),
                ),
                (
                    "sealed_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="When it was put into the vault.",
                        verbose_name="sealed",
                    ),
                ),
                (
                    "removed_at",
                    models.DateTimeField(
                        help_text="When the bytes were removed.", null=True, verbose_name="removed"
                    ),
                ),
            ],
            options={
                "verbose_name": "sealed file",
                "verbose_name_plural": "sealed files",
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("removed_at__isnull", True), ("wrapped_key__isnull", True)
                        ),
                        fields=["id"],
                        name="sealed_file_to_be_removed",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Recording",
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
                    "external_id",
                    models.CharField(
                        help_text="What the telephone or mail system calls it; taken in once. A hash of it once it is destroyed.",
                        max_length=150,
                        unique=True,
                        verbose_name="number in its source",
                    ),
                ),
                (
                    "due_on",
                    models.DateField(
                        help_text="The day on which it is destroyed unless held.",
                        verbose_name="due",
                    ),
                ),
                (
                    "quarantined_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Since when nobody may play it.",
                        null=True,
                        verbose_name="in quarantine",
                    ),
                ),
                (
                    "quarantine",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_informed", "The caller was not told before it began"),
                            ("no_record", "There is no call record for it"),
                            ("bad_file", "The file cannot be read"),
                        ],
                        help_text="What is wrong with it.",
                        max_length=15,
                        verbose_name="why in quarantine",
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
                    "destroyed_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("retention", "Its time was over"),
                            ("quarantine", "It was in quarantine"),
                            ("erasure", "Erasure on request"),
                        ],
                        help_text="The rule that asked for it.",
                        max_length=12,
                        verbose_name="destroyed by",
                    ),
                ),
                (
                    "medium",
                    models.CharField(
                        choices=[("call", "Call"), ("video", "Video call")],
                        help_text="A call or a video call.",
                        max_length=5,
                        verbose_name="medium",
                    ),
                ),
                (
                    "format",
                    models.CharField(
                        choices=[
                            ("wav", "WAV"),
                            ("mp3", "MP3"),
                            ("opus", "Opus"),
                            ("mp4", "MP4"),
                            ("unknown", "Unknown"),
                        ],
                        help_text="Of the file.",
                        max_length=8,
                        verbose_name="format",
                    ),
                ),
                (
                    "caller_number",
                    models.CharField(
                        blank=True,
                        help_text="With its country code; empty if it was hidden.",
                        max_length=32,
                        verbose_name="caller's number",
                    ),
                ),
                (
                    "line_number",
                    models.CharField(
                        blank=True,
                        help_text="Which number was called.",
                        max_length=32,
                        verbose_name="service line",
                    ),
                ),
                (
                    "started_at",
                    models.DateTimeField(help_text="When the call began.", verbose_name="started"),
                ),
                (
                    "duration",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="How long the recording is.",
                        verbose_name="duration, seconds",
                    ),
                ),
                (
                    "informed_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When the caller was told that the call is recorded; before it begins.",
                        null=True,
                        verbose_name="told",
                    ),
                ),
                (
                    "handled_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="The agent, where known.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="handled by",
                    ),
                ),
                (
                    "interaction",
                    models.ForeignKey(
                        blank=True,
                        help_text="The contact that it belongs to, where known.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.interaction",
                        verbose_name="contact event",
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
            ],
            options={
                "verbose_name": "recording",
                "verbose_name_plural": "recordings",
                "permissions": [
                    ("play_recording", "Can play a recording, with a reason"),
                    ("put_right_recording", "Can put right what is in quarantine"),
                ],
                "abstract": False,
                "default_permissions": ("change", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="StoredMessage",
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
                    "external_id",
                    models.CharField(
                        help_text="What the telephone or mail system calls it; taken in once. A hash of it once it is destroyed.",
                        max_length=150,
                        unique=True,
                        verbose_name="number in its source",
                    ),
                ),
                (
                    "due_on",
                    models.DateField(
                        help_text="The day on which it is destroyed unless held.",
                        verbose_name="due",
                    ),
                ),
                (
                    "quarantined_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Since when nobody may play it.",
                        null=True,
                        verbose_name="in quarantine",
                    ),
                ),
                (
                    "quarantine",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_informed", "The caller was not told before it began"),
                            ("no_record", "There is no call record for it"),
                            ("bad_file", "The file cannot be read"),
                        ],
                        help_text="What is wrong with it.",
                        max_length=15,
                        verbose_name="why in quarantine",
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
                    "destroyed_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("retention", "Its time was over"),
                            ("quarantine", "It was in quarantine"),
                            ("erasure", "Erasure on request"),
                        ],
                        help_text="The rule that asked for it.",
                        max_length=12,
                        verbose_name="destroyed by",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("email", "E-mail"), ("chat", "Chat"), ("sms", "Text message")],
                        help_text="What kind of message it is.",
                        max_length=5,
                        verbose_name="kind",
                    ),
                ),
                (
                    "sender",
                    models.CharField(
                        blank=True,
                        help_text="The address or number it came from.",
                        max_length=254,
                        verbose_name="sender",
                    ),
                ),
                (
                    "recipients",
                    models.JSONField(
                        default=list,
                        help_text="The addresses or numbers it went to.",
                        verbose_name="recipients",
                    ),
                ),
                (
                    "sent_at",
                    models.DateTimeField(help_text="When it was sent.", verbose_name="sent"),
                ),
                (
                    "attachments",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="How many files came with it.",
                        verbose_name="attachments",
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
                    "interaction",
                    models.ForeignKey(
                        blank=True,
                        help_text="The contact that it belongs to, where known.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.interaction",
                        verbose_name="contact event",
                    ),
                ),
            ],
            options={
                "verbose_name": "stored message",
                "verbose_name_plural": "stored messages",
                "permissions": [("read_storedmessage", "Can read a stored message, with a reason")],
                "abstract": False,
                "default_permissions": ("change", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="RecordingHold",
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
                        help_text="The dispute or order that needs it; empty once that was destroyed.",
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
                    "released_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who released the hold; empty if it ended with what it held.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="released by",
                    ),
                ),
                (
                    "placed_by",
                    models.ForeignKey(
                        help_text="Who placed the hold.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="placed by",
                    ),
                ),
                (
                    "recording",
                    models.ForeignKey(
                        blank=True,
                        help_text="Which recording; empty for a message's.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="recordings.recording",
                        verbose_name="recording",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        help_text="Which message; empty for a recording's.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="recordings.storedmessage",
                        verbose_name="message",
                    ),
                ),
            ],
            options={
                "verbose_name": "hold of a recording",
                "verbose_name_plural": "holds of recordings",
                "abstract": False,
                "default_permissions": ("add", "change", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Reassignment",
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
                        help_text="How we know; empty once what it is about was destroyed.",
                        max_length=200,
                        verbose_name="reason",
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="When it was corrected.",
                        verbose_name="made",
                    ),
                ),
                (
                    "given_to",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whom it concerns; empty if that is not known.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.person",
                        verbose_name="given to",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        help_text="Who corrected it.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "taken_from",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whom it was wrongly said to concern; empty if it was nobody.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.person",
                        verbose_name="taken from",
                    ),
                ),
                (
                    "recording",
                    models.ForeignKey(
                        blank=True,
                        help_text="Which recording; empty for a message's.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="recordings.recording",
                        verbose_name="recording",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        help_text="Which message; empty for a recording's.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="recordings.storedmessage",
                        verbose_name="message",
                    ),
                ),
            ],
            options={
                "verbose_name": "correction of the person",
                "verbose_name_plural": "corrections of persons",
                "abstract": False,
                "default_permissions": ("add", "view"),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="MessageConcerns",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        help_text="Whom it concerns.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="customers.person",
                        verbose_name="person",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        db_index=False,
                        help_text="Which message.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="concerns",
                        to="recordings.storedmessage",
                        verbose_name="message",
                    ),
                ),
            ],
            options={
                "verbose_name": "person in a message",
                "verbose_name_plural": "persons in messages",
                "abstract": False,
                "default_permissions": (),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="RecordingConcerns",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        help_text="Whom it concerns.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recordings",
                        to="customers.person",
                        verbose_name="person",
                    ),
                ),
                (
                    "recording",
                    models.ForeignKey(
                        db_index=False,
                        help_text="Which recording.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="concerns",
                        to="recordings.recording",
                        verbose_name="recording",
                    ),
                ),
            ],
            options={
                "verbose_name": "person in a recording",
                "verbose_name_plural": "persons in recordings",
                "abstract": False,
                "default_permissions": (),
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("recording", "person"), name="recording_concerns_once"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="recording",
            index=models.Index(
                condition=models.Q(("destroyed_at__isnull", True)),
                fields=["due_on", "id"],
                name="recording_due",
            ),
        ),
        migrations.AddIndex(
            model_name="recording",
            index=models.Index(fields=["-started_at"], name="recording_newest"),
        ),
        migrations.AddIndex(
            model_name="recording",
            index=models.Index(fields=["caller_number", "-started_at"], name="recording_of_number"),
        ),
        migrations.AddConstraint(
            model_name="recording",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("quarantine", ""), ("quarantined_at__isnull", True)),
                    models.Q(
                        ("quarantined_at__isnull", False),
                        models.Q(("quarantine", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="recording_quarantine_has_its_reason",
                violation_error_message="Say why it is in quarantine.",
            ),
        ),
        migrations.AddConstraint(
            model_name="recording",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("destroyed_at__isnull", True), ("destroyed_by", "")),
                    models.Q(
                        ("destroyed_at__isnull", False),
                        models.Q(("destroyed_by", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="recording_destruction_has_its_rule",
                violation_error_message="Say by which rule it was destroyed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="recording",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("quarantined_at__isnull", False),
                    ("destroyed_at__isnull", False),
                    ("informed_at__lte", models.F("started_at")),
                    _connector="OR",
                ),
                name="recording_follows_its_notice",
                violation_error_message="The caller is told before the recording begins.",
            ),
        ),
        migrations.AddConstraint(
            model_name="recording",
            constraint=models.CheckConstraint(
                condition=models.Q(("medium__in", ["call", "video"])),
                name="recording_medium_is_known",
                violation_error_message="A recording is of a call or a video call.",
            ),
        ),
        migrations.AddIndex(
            model_name="storedmessage",
            index=models.Index(
                condition=models.Q(("destroyed_at__isnull", True)),
                fields=["due_on", "id"],
                name="message_due",
            ),
        ),
        migrations.AddIndex(
            model_name="storedmessage",
            index=models.Index(fields=["-sent_at"], name="message_newest"),
        ),
        migrations.AddConstraint(
            model_name="storedmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("quarantine", ""), ("quarantined_at__isnull", True)),
                    models.Q(
                        ("quarantined_at__isnull", False),
                        models.Q(("quarantine", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="message_quarantine_has_its_reason",
                violation_error_message="Say why it is in quarantine.",
            ),
        ),
        migrations.AddConstraint(
            model_name="storedmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("destroyed_at__isnull", True), ("destroyed_by", "")),
                    models.Q(
                        ("destroyed_at__isnull", False),
                        models.Q(("destroyed_by", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="message_destruction_has_its_rule",
                violation_error_message="Say by which rule it was destroyed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="storedmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["email", "chat", "sms"])),
                name="message_kind_is_known",
                violation_error_message="A message is an e-mail, a chat or a text message.",
            ),
        ),
        migrations.AddConstraint(
            model_name="recordinghold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("message__isnull", True), ("recording__isnull", False)),
                    models.Q(("message__isnull", False), ("recording__isnull", True)),
                    _connector="OR",
                ),
                name="recording_hold_is_about_one",
                violation_error_message="It is about one recording or one message.",
            ),
        ),
        migrations.AddConstraint(
            model_name="recordinghold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", ""), _negated=True),
                    ("released_at__isnull", False),
                    _connector="OR",
                ),
                name="recording_hold_has_a_reason",
                violation_error_message="A hold needs its reason.",
            ),
        ),
        migrations.AddConstraint(
            model_name="recordinghold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("released_at__isnull", True),
                    ("placed_at__isnull", True),
                    ("released_at__gte", models.F("placed_at")),
                    _connector="OR",
                ),
                name="recording_hold_ends_after_start",
                violation_error_message="The end must not be before the start.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reassignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("message__isnull", True), ("recording__isnull", False)),
                    models.Q(("message__isnull", False), ("recording__isnull", True)),
                    _connector="OR",
                ),
                name="reassignment_is_about_one",
                violation_error_message="It is about one recording or one message.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reassignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("taken_from__isnull", False),
                    ("given_to__isnull", False),
                    ("reason", ""),
                    _connector="OR",
                ),
                name="reassignment_changes_something",
                violation_error_message="Say whom it concerns.",
            ),
        ),
        migrations.AddConstraint(
            model_name="messageconcerns",
            constraint=models.UniqueConstraint(
                fields=("message", "person"), name="message_concerns_once"
            ),
        ),
    ]
