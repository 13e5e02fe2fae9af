"""What recordings and stored messages have in common: where they lie and until when."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import Interaction
from customers.models.base import RegisterModel
from recordings.models.files import SealedFile


class Quarantine(models.TextChoices):
    """Why something is in quarantine: playable by nobody, destroyed within seven days."""

    NOT_INFORMED = "not_informed", _("The caller was not told before it began")
    NO_RECORD = "no_record", _("There is no call record for it")
    BAD_FILE = "bad_file", _("The file cannot be read")


class DestroyedBy(models.TextChoices):
    """By which rule something was destroyed."""

    RETENTION = "retention", _("Its time was over")
    QUARANTINE = "quarantine", _("It was in quarantine")
    ERASURE = "erasure", _("Erasure on request")


class KeptInVault(RegisterModel):
    """Something whose content lies in the vault until its day."""

    file = models.OneToOneField(
        SealedFile,
        models.PROTECT,
        related_name="+",
        verbose_name=_("file"),
        help_text=_("Its content in the vault."),
    )
    interaction = models.ForeignKey(
        Interaction,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("contact event"),
        help_text=_("The contact that it belongs to, where known."),
    )
    external_id = models.CharField(
        _("number in its source"),
        max_length=150,
        unique=True,
        help_text=_(
            "What the telephone or mail system calls it; taken in once. A hash of it once it is "
            "destroyed."
        ),
    )
    due_on = models.DateField(
        _("due"), help_text=_("The day on which it is destroyed unless held.")
    )
    quarantined_at = models.DateTimeField(
        _("in quarantine"), null=True, blank=True, help_text=_("Since when nobody may play it.")
    )
    quarantine = models.CharField(
        _("why in quarantine"),
        max_length=15,
        blank=True,
        choices=Quarantine.choices,
        help_text=_("What is wrong with it."),
    )
    destroyed_at = models.DateTimeField(
        _("destroyed"), null=True, blank=True, help_text=_("When its key was destroyed.")
    )
    destroyed_by = models.CharField(
        _("destroyed by"),
        max_length=12,
        blank=True,
        choices=DestroyedBy.choices,
        help_text=_("The rule that asked for it."),
    )

    is_held: bool
    """Whether something keeps it beyond its day; known of what was read `with_holds`."""
    is_soon: bool
    """Whether it goes soon unless something keeps it; known as `is_held` is."""
    goes_by_case: bool
    """Whether its day is not `due_on` but that of its case; known as `is_held` is."""

    class Meta(RegisterModel.Meta):
        abstract = True


def by_due_day(name: str) -> models.Index:
    """The index that finds what is due among what is still there, however many lines remain."""
    return models.Index(
        fields=["due_on", "id"], condition=models.Q(destroyed_at__isnull=True), name=name
    )


def kept_constraints(prefix: str) -> list[models.CheckConstraint]:
    """The constraints that quarantine has its reason and destruction its rule."""
    return [
        models.CheckConstraint(
            name=f"{prefix}_quarantine_has_its_reason",
            condition=models.Q(quarantined_at__isnull=True, quarantine="")
            | models.Q(quarantined_at__isnull=False) & ~models.Q(quarantine=""),
            violation_error_message=_("Say why it is in quarantine."),
        ),
        models.CheckConstraint(
            name=f"{prefix}_destruction_has_its_rule",
            condition=models.Q(destroyed_at__isnull=True, destroyed_by="")
            | models.Q(destroyed_at__isnull=False) & ~models.Q(destroyed_by=""),
            violation_error_message=_("Say by which rule it was destroyed."),
        ),
    ]
