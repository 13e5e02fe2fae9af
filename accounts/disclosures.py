"""Who receives data from the register, and what has been disclosed to them (S27, Art. 30)."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.transfers import EEA, TransferTool, known_country
from audit.gate import RecordedModel
from datamap.vocabulary import Category, LawfulBasis


class Recipient(models.Model):
    """Who receives data: an authority, a partner, a company of the group, ourselves for a list."""

    class Kind(models.TextChoices):
        OWN = "own", _("Praecom Oy itself")
        GROUP = "group", _("Group company")
        PROCESSOR = "processor", pgettext_lazy("recipient", "Processor")
        AUTHORITY = "authority", _("Authority")
        OTHER = "other", pgettext_lazy("recipient", "Other recipient")

    public_id = models.UUIDField(
        _("public ID"),
        default=uuid4,
        unique=True,
        editable=False,
        help_text=_("The only identifier that addresses show."),
    )
    name = models.CharField(_("name"), max_length=200, unique=True, help_text=_("Its name."))
    kind = models.CharField(
        _("kind"), max_length=10, choices=Kind.choices, help_text=_("What kind of recipient it is.")
    )
    country = models.CharField(
        _("country"),
        max_length=2,
        default="FI",
        validators=[known_country],
        help_text=_("Two letters, as in FI or SE."),
    )
    arrangement = models.CharField(
        _("arrangement"),
        max_length=300,
        blank=True,
        help_text=_("A group company's own ground, or the arrangement of Art. 26 with it (S7)."),
    )
    created_at = models.DateTimeField(
        _("created"),
        default=timezone.now,
        editable=False,
        help_text=_("When the record was made."),
    )

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        default_permissions = ("add", "change", "view")
        constraints = [
            models.CheckConstraint(
                name="recipient_country_is_a_code",
                condition=models.Q(country__regex=r"^[A-Z]{2}$"),
                violation_error_message=_("The country is two capital letters."),
            ),
            models.CheckConstraint(
                name="group_company_has_its_arrangement",
                condition=~models.Q(kind="group") | ~models.Q(arrangement=""),
                violation_error_message=_("A group company needs its own ground or Art. 26."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class Disclosure(models.Model):
    """Data of some persons was disclosed to a recipient: what, on which ground, until when."""

    public_id = models.UUIDField(
        _("public ID"),
        default=uuid4,
        unique=True,
        editable=False,
        help_text=_("The only identifier that addresses show."),
    )
    recipient = models.ForeignKey(
        Recipient,
        models.PROTECT,
        related_name="disclosures",
        verbose_name=_("recipient"),
        help_text=_("To whom."),
    )
    what = models.CharField(_("what"), max_length=200, help_text=_("What was disclosed, and why."))
    categories = ArrayField(
        models.CharField(max_length=20, choices=Category.choices),
        verbose_name=_("categories"),
        help_text=_("The kinds of data."),
    )
    basis = models.CharField(
        _("lawful basis"),
        max_length=1,
        choices=LawfulBasis.choices,
        help_text=_("The ground of GDPR Art. 6(1)."),
    )
    country = models.CharField(
        _("country"),
        max_length=2,
        default="FI",
        validators=[known_country],
        help_text=_("Where the data went, in two letters."),
    )
    transfer_tool = models.CharField(
        _("transfer tool"),
        max_length=15,
        blank=True,
        choices=TransferTool.choices,
        help_text=_("What lets the data leave the EEA; empty within it."),
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
        help_text=_("The staff member; empty for a job."),
    )
    made_at = models.DateTimeField(
        _("made"), default=timezone.now, help_text=_("When it was disclosed.")
    )
    expires_on = models.DateField(
        _("expires"),
        null=True,
        blank=True,
        help_text=_("The last day on which the recipient may use it."),
    )
    looked_up_on = models.DateField(
        _("looked up"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("The day on which a group company's own staff looked them up here (S7)."),
    )

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        default_permissions = ("add", "change", "view")
        constraints = [
            models.CheckConstraint(
                name="disclosure_outside_eea_has_its_tool",
                condition=models.Q(looked_up_on__isnull=False)
                | models.Q(country__in=sorted(EEA), transfer_tool="")
                | ~models.Q(country__in=sorted(EEA)) & ~models.Q(transfer_tool=""),
                violation_error_message=_(
                    "Outside the EEA say what lets the data go there; within it, nothing."
                ),
            ),
            models.UniqueConstraint(
                fields=["recipient", "looked_up_on"], name="one_disclosure_of_look_ups_a_day"
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    named_with = ("recipient",)

    @property
    def display_name(self) -> str:
        """To whom, when, and what."""
        day = date_format(timezone.localdate(self.made_at), "SHORT_DATE_FORMAT")
        return f"{self.recipient.name}, {day}: {self.what}"


class DisclosedPerson(RecordedModel):
    """One person whose data was part of a disclosure, by her public ID; append-only."""

    disclosure = models.ForeignKey(
        Disclosure,
        models.PROTECT,
        related_name="persons",
        verbose_name=_("disclosure"),
        help_text=_("In which disclosure."),
    )
    subject = models.UUIDField(
        _("person"), db_index=True, help_text=_("The public ID of the person.")
    )

    class Meta(RecordedModel.Meta):
        verbose_name = _("disclosed person")
        verbose_name_plural = _("disclosed persons")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["disclosure", "subject"], name="disclosed_once_per_disclosure"
            ),
        ]
