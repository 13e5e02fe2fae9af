"""The register's own records: its published description, and every breach (Arts. 13, 30, 33)."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.gate import RecordedModel
from datamap.vocabulary import Category
from privacy.models.papers import staff_member
from privacy.querysets import BreachAffectedQuerySet


class RegisterDescription(models.Model):
    """A published version of the register description and of the Art. 30 record; append-only."""

    public_id = models.UUIDField(
        _("public ID"),
        default=uuid4,
        unique=True,
        editable=False,
        help_text=_("The only identifier that addresses show."),
    )
    version = models.PositiveIntegerField(
        _("version"), unique=True, help_text=_("One more with each.")
    )
    contents = models.JSONField(
        _("contents"), help_text=_("The description by language, and the record of Art. 30.")
    )
    fingerprint = models.CharField(
        _("fingerprint"),
        max_length=64,
        help_text=_("SHA-256 of its contents, to tell whether they are still what is declared."),
    )
    published_at = models.DateTimeField(
        _("published"), default=timezone.now, help_text=_("When it was published.")
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
        help_text=_("Who published it; empty where a command did."),
    )

    class Meta:
        verbose_name = _("register description")
        verbose_name_plural = _("register descriptions")
        default_permissions = ("add", "view")

    def __str__(self) -> str:
        return f"{self.version}"


class Breach(models.Model):
    """A personal data breach: all are documented, whatever the risk (Art. 33(5))."""

    class Risk(models.TextChoices):
        NONE = "none", _("Unlikely to be a risk")
        RISK = "risk", _("A risk: told to the Ombudsman")
        HIGH = "high", _("A high risk: told to the persons too")

    public_id = models.UUIDField(
        _("public ID"),
        default=uuid4,
        unique=True,
        editable=False,
        help_text=_("The only identifier that addresses show."),
    )
    nature = models.TextField(
        _("nature"), max_length=4000, help_text=_("What happened; names nobody.")
    )
    began_at = models.DateTimeField(
        _("began"), null=True, blank=True, help_text=_("When it began, as far as is known.")
    )
    ended_at = models.DateTimeField(
        _("ended"), null=True, blank=True, help_text=_("When it ended, as far as is known.")
    )
    aware_at = models.DateTimeField(
        _("known to us"), help_text=_("When we became aware: the clock starts here.")
    )
    tell_by = models.DateTimeField(
        _("to be told by"),
        editable=False,
        help_text=_("Until when the Ombudsman is told of a risk without giving reasons."),
    )
    categories = ArrayField(
        models.CharField(max_length=20, choices=Category.choices),
        verbose_name=_("categories"),
        help_text=_("The kinds of data."),
    )
    persons = models.PositiveIntegerField(
        _("persons"), null=True, blank=True, help_text=_("About how many persons.")
    )
    records = models.PositiveIntegerField(
        _("records"), null=True, blank=True, help_text=_("About how many records of theirs.")
    )
    contact = models.CharField(
        _("contact"),
        max_length=200,
        blank=True,
        help_text=_("Who tells the Ombudsman and the persons more."),
    )
    risk = models.CharField(
        _("risk"), max_length=5, choices=Risk.choices, blank=True, help_text=_("As assessed.")
    )
    consequences = models.TextField(
        _("consequences"), max_length=4000, blank=True, help_text=_("What may come of it.")
    )
    measures = models.TextField(
        _("measures"), max_length=4000, blank=True, help_text=_("What was done and is planned.")
    )
    told_authority_at = models.DateTimeField(
        _("told to the Ombudsman"), null=True, blank=True, help_text=_("The first notice.")
    )
    late_because = models.TextField(
        _("late because"),
        max_length=1000,
        blank=True,
        help_text=_("Where it came too late."),
    )
    told_persons_at = models.DateTimeField(
        _("told to the persons"), null=True, blank=True, help_text=_("Needed for a high risk.")
    )
    reminded_at_hours = models.IntegerField(
        _("reminded at"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("At how many hours left registrars were last reminded; below zero when late."),
    )
    noted_by = staff_member(_("noted by"), _("Who opened the record."))
    noted_at = models.DateTimeField(
        _("noted"), default=timezone.now, editable=False, help_text=_("When it was opened.")
    )
    changed_at = models.DateTimeField(
        _("changed"),
        default=timezone.now,
        editable=False,
        help_text=_("When the record last changed; kept by the database."),
    )
    closed_at = models.DateTimeField(
        _("closed"), null=True, blank=True, help_text=_("When nothing was left to do.")
    )

    class Meta:
        verbose_name = _("personal data breach")
        verbose_name_plural = _("personal data breaches")
        default_permissions = ("add", "change", "view")
        constraints = [
            models.CheckConstraint(
                name="breach_closed_is_assessed",
                condition=models.Q(closed_at__isnull=True) | ~models.Q(risk=""),
                violation_error_message=_("Assess the risk before closing it."),
            ),
            models.CheckConstraint(
                name="breach_closed_is_told",
                condition=models.Q(closed_at__isnull=True)
                | models.Q(risk="none")
                | models.Q(told_authority_at__isnull=False),
                violation_error_message=_("A risk is told to the Ombudsman before it is closed."),
            ),
            models.CheckConstraint(
                name="breach_closed_is_told_to_persons",
                condition=models.Q(closed_at__isnull=True)
                | ~models.Q(risk="high")
                | models.Q(told_persons_at__isnull=False),
                violation_error_message=_(
                    "The persons are told of a high risk before it is closed."
                ),
            ),
            models.CheckConstraint(
                name="breach_told_late_says_why",
                condition=models.Q(told_authority_at__isnull=True)
                | models.Q(told_authority_at__lte=models.F("tell_by"))
                | ~models.Q(late_because=""),
                violation_error_message=_("Say why the Ombudsman is told so late (Art. 33(1))."),
            ),
            models.CheckConstraint(
                name="breach_clock_runs_from_awareness",
                condition=models.Q(tell_by__gt=models.F("aware_at")),
                violation_error_message=_("The clock runs from when it is known."),
            ),
            models.CheckConstraint(
                name="breach_ends_after_start",
                condition=models.Q(ended_at__isnull=True)
                | models.Q(began_at__isnull=True)
                | models.Q(ended_at__gte=models.F("began_at")),
                violation_error_message=_("The end must not be before the start."),
            ),
            models.CheckConstraint(
                name="breach_is_told_after_it_is_known",
                condition=(
                    models.Q(told_authority_at__isnull=True)
                    | models.Q(told_authority_at__gte=models.F("aware_at"))
                )
                & (
                    models.Q(told_persons_at__isnull=True)
                    | models.Q(told_persons_at__gte=models.F("aware_at"))
                ),
                violation_error_message=_("Nobody is told before it is known."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class BreachAffected(RecordedModel):
    """A person whom a breach affected, by her public ID."""

    breach = models.ForeignKey(
        Breach,
        models.PROTECT,
        related_name="affected",
        verbose_name=_("breach"),
        help_text=_("Which breach."),
    )
    subject = models.UUIDField(_("person"), help_text=_("The public ID of the person."))

    objects = BreachAffectedQuerySet.as_manager()

    class Meta(RecordedModel.Meta):
        verbose_name = _("person affected by a breach")
        verbose_name_plural = _("persons affected by breaches")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["breach", "subject"], name="affected_once_per_breach"),
        ]
        indexes = [models.Index(fields=["subject"], name="affected_by_subject")]
