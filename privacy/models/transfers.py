"""Countries to which data may go as within the EEA: the Commission's decisions."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

EEA = frozenset(
    {
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"),
        *("IE", "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE"),
        *("SI", "SK"),
    }
)
"""The European Economic Area, by two-letter codes (domain §6)."""


class AdequacyDecision(models.Model):
    """A country whose protection the Commission found adequate (Art. 45); a table to keep up."""

    public_id = models.UUIDField(
        _("public ID"),
        default=uuid4,
        unique=True,
        editable=False,
        help_text=_("The only identifier that addresses show."),
    )
    country = models.CharField(
        _("country"), max_length=2, help_text=_("Two letters, as in CH or JP.")
    )
    limits = models.CharField(
        _("limits"),
        max_length=200,
        blank=True,
        help_text=_("As in commercial organisations only; empty if there are none."),
    )
    valid_from = models.DateField(_("from"), help_text=_("When the decision took effect."))
    valid_until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("Its last day; empty without an end.")
    )

    class Meta:
        verbose_name = _("adequacy decision")
        verbose_name_plural = _("adequacy decisions")
        default_permissions = ("add", "change", "view")
        constraints = [
            models.CheckConstraint(
                name="adequacy_country_is_a_code",
                condition=models.Q(country__regex=r"^[A-Z]{2}$"),
                violation_error_message=_("The country is two capital letters."),
            ),
            models.UniqueConstraint(
                fields=["country", "valid_from"], name="one_adequacy_decision_per_day"
            ),
        ]

    def __str__(self) -> str:
        return self.country
