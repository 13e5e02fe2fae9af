"""What a person is given: the package of a request, its files, and what is blacked out in it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.gate import RecordedModel
from customers.models.base import ends_after_start
from privacy.models.papers import OfRequest, staff_member
from privacy.querysets import (
    UNFINISHED,
    PackageFileQuerySet,
    PackageQuerySet,
    ProposedRedactionQuerySet,
)
from recordings.models import SealedFile


class Package(OfRequest):
    """Everything a request gets, made in the background; nothing goes out unreviewed (Art. 15(4)).

    First the data is collected and sealed as a draft, in which other people are found; when every
    find is decided and somebody has approved it, the files are made from the draft.
    """

    class Contents(models.TextChoices):
        ACCESS = "access", _("Everything held, Art. 15")
        PORTABLE = "portable", _("What she provided, Art. 20")

    class Status(models.TextChoices):
        COLLECTING = "collecting", _("Being collected")
        REVIEW = "review", _("To be reviewed")
        MAKING = "making", _("Being made")
        READY = "ready", pgettext_lazy("package", "Ready")
        SENT = "sent", pgettext_lazy("package", "Sent")
        FAILED = "failed", pgettext_lazy("package", "Failed")
        DESTROYED = "destroyed", pgettext_lazy("package", "Destroyed")

    contents = models.CharField(
        _("contents"), max_length=10, choices=Contents.choices, help_text=_("What is in it.")
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status.choices,
        default=Status.COLLECTING,
        editable=False,
        help_text=_("How far it has come."),
    )
    steps_done = models.PositiveIntegerField(
        _("steps done"), default=0, editable=False, help_text=_("Of the work in the background.")
    )
    steps = models.PositiveIntegerField(
        _("steps"), default=0, editable=False, help_text=_("Of the work in the background.")
    )
    failure = models.CharField(
        _("failure"), max_length=60, blank=True, help_text=_("What kind of failure; no data.")
    )
    draft = models.OneToOneField(
        SealedFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("draft"),
        help_text=_("What was collected, in the vault."),
    )
    collected_at = models.DateTimeField(
        _("collected"), null=True, blank=True, help_text=_("What the register held at this time.")
    )
    asked_by = staff_member(_("asked by"), _("Who had it made."))
    needs_second_person = models.BooleanField(
        _("needs a second person"),
        default=True,
        editable=False,
        help_text=_("Whether somebody else than who asked for it must approve it."),
    )
    approved_by = staff_member(
        _("approved by"), _("Who looked at every find and approved it."), null=True, blank=True
    )
    approved_at = models.DateTimeField(
        _("approved"), null=True, blank=True, help_text=_("When it was approved.")
    )
    password = models.OneToOneField(
        SealedFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("password"),
        help_text=_("Of the archive, in the vault until somebody has written it down."),
    )
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True, help_text=_("When it went."))
    expires_on = models.DateField(
        _("expires"), help_text=_("The day on which its files are destroyed.")
    )
    destroyed_at = models.DateTimeField(
        _("destroyed"), null=True, blank=True, help_text=_("When its keys were destroyed.")
    )
    discarded_by = staff_member(
        _("discarded by"), _("Who discarded it before it went out."), null=True, blank=True
    )
    discarded_because = models.CharField(
        _("discarded because"), max_length=300, blank=True, help_text=_("Why it was discarded.")
    )

    objects = PackageQuerySet.as_manager()

    class Meta(OfRequest.Meta):
        verbose_name = _("package")
        verbose_name_plural = _("packages")
        default_permissions = ("add", "change", "view")
        indexes = [
            models.Index(
                fields=["expires_on"],
                condition=models.Q(destroyed_at__isnull=True),
                name="package_by_expiry",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "contents"],
                condition=models.Q(status__in=UNFINISHED),
                name="one_package_in_work_per_request",
                violation_error_message=_("Such a package is in work already."),
            ),
            models.CheckConstraint(
                name="package_approved_by_somebody",
                condition=models.Q(approved_by__isnull=True, approved_at__isnull=True)
                | models.Q(approved_by__isnull=False, approved_at__isnull=False),
                violation_error_message=_("Say who approved it, and when."),
            ),
            models.CheckConstraint(
                name="package_approved_by_another",
                condition=models.Q(needs_second_person=False)
                | models.Q(approved_by__isnull=True)
                | ~models.Q(approved_by=models.F("asked_by")),
                violation_error_message=_("Somebody else than who asked for it must approve it."),
            ),
            models.CheckConstraint(
                name="package_goes_out_approved",
                condition=~models.Q(status__in=["making", "ready", "sent"])
                | models.Q(approved_at__isnull=False),
                violation_error_message=_("Nothing goes out unreviewed."),
            ),
            models.CheckConstraint(
                name="package_sent_when_sent",
                condition=~models.Q(status="sent") | models.Q(sent_at__isnull=False),
                violation_error_message=_("Say when it was sent."),
            ),
            models.CheckConstraint(
                name="package_destroyed_when_destroyed",
                condition=~models.Q(status="destroyed") | models.Q(destroyed_at__isnull=False),
                violation_error_message=_("Say when it was destroyed."),
            ),
            models.CheckConstraint(
                name="package_discarded_with_a_reason",
                condition=models.Q(discarded_by__isnull=True, discarded_because="")
                | models.Q(
                    discarded_by__isnull=False, destroyed_at__isnull=False, sent_at__isnull=True
                )
                & ~models.Q(discarded_because=""),
                violation_error_message=_("Say who discarded it, and why."),
            ),
            ends_after_start("package_sent_after_approval", "approved_at", "sent_at"),
        ]


class PackageFile(RecordedModel):
    """One file of a package, in the vault."""

    class Kind(models.TextChoices):
        REPORT = "report", _("Report, PDF")
        DATA = "data", _("Data, JSON")
        RECORDINGS = "recordings", _("Recordings and papers, ZIP with a password")
        PORTABLE_JSON = "portable_json", _("Data to take along, JSON")
        PORTABLE_CSV = "portable_csv", _("Data to take along, CSV in a ZIP")

    package = models.ForeignKey(
        Package,
        models.PROTECT,
        related_name="files",
        verbose_name=_("package"),
        help_text=_("Of which package."),
    )
    kind = models.CharField(
        _("kind"), max_length=15, choices=Kind.choices, help_text=_("What file it is.")
    )
    volume = models.PositiveSmallIntegerField(
        _("volume"), default=1, help_text=_("Of a long report there are several.")
    )
    file = models.OneToOneField(
        SealedFile,
        models.PROTECT,
        related_name="+",
        verbose_name=_("file"),
        help_text=_("Its content in the vault; its SHA-256 stands there."),
    )

    objects = PackageFileQuerySet.as_manager()

    class Meta(RecordedModel.Meta):
        verbose_name = _("file of a package")
        verbose_name_plural = _("files of packages")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["package", "kind", "volume"], name="one_file_of_a_kind_and_volume"
            ),
        ]


class ProposedRedaction(RecordedModel):
    """A place in the draft where another person seems to stand; decided by hand (Art. 15(4)).

    It points at the place and holds nothing of what stands there.
    """

    class What(models.TextChoices):
        NAME = "name", _("Name")
        PHONE = "phone", _("Phone number")
        EMAIL = "email", _("E-mail address")
        ADDRESS = "address", _("Address")
        IDENTITY_CODE = "identity_code", _("Personal identity code")
        MARKED = "marked", _("Marked by hand")

    package = models.ForeignKey(
        Package,
        models.PROTECT,
        related_name="redactions",
        verbose_name=_("package"),
        help_text=_("In which package."),
    )
    pointer = models.CharField(
        _("place"), max_length=300, help_text=_("The value in the draft, as a JSON pointer.")
    )
    start = models.PositiveIntegerField(_("from"), help_text=_("The first character, from 0."))
    stop = models.PositiveIntegerField(_("to"), help_text=_("Behind the last character."))
    what = models.CharField(
        _("what"), max_length=15, choices=What.choices, help_text=_("What it seems to be.")
    )
    is_accepted = models.BooleanField(
        _("blacked out"), null=True, blank=True, help_text=_("Empty until somebody has decided.")
    )
    decided_by = staff_member(_("decided by"), _("Who decided."), null=True, blank=True)
    decided_at = models.DateTimeField(
        _("decided"), null=True, blank=True, help_text=_("When it was decided.")
    )

    objects = ProposedRedactionQuerySet.as_manager()

    class Meta(RecordedModel.Meta):
        verbose_name = _("place to black out")
        verbose_name_plural = _("places to black out")
        default_permissions = ("add", "change", "view")
        constraints = [
            models.UniqueConstraint(
                fields=["package", "pointer", "start", "stop"], name="one_decision_per_place"
            ),
            models.CheckConstraint(
                name="redaction_is_a_place",
                condition=models.Q(stop__gt=models.F("start")),
                violation_error_message=_("Mark at least one character."),
            ),
            models.CheckConstraint(
                name="redaction_decided_by_somebody",
                condition=models.Q(
                    is_accepted__isnull=True, decided_by__isnull=True, decided_at__isnull=True
                )
                | models.Q(
                    is_accepted__isnull=False, decided_by__isnull=False, decided_at__isnull=False
                ),
                violation_error_message=_("Say who decided it, and when."),
            ),
        ]
