"""Where data may go: the EEA, countries with adequate protection, and what lets it go elsewhere.

Within the EEA nothing more is needed; outside it a disclosure needs a tool of GDPR Chapter V and
every person's consent (S29), which `consents.services.disclosing` asks for.
"""

from datetime import date
from functools import cache
from typing import Self
from uuid import uuid4

from babel import Locale
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext_lazy as _

EEA = frozenset(
    {
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"),
        *("IE", "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE"),
        *("SI", "SK"),
    }
)
"""The European Economic Area, by two-letter codes (domain §6)."""

_NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}


class TransferTool(models.TextChoices):
    """What lets data leave the EEA (GDPR, Chapter V); none is needed within it."""

    NONE = "", _("None needed: within the EEA")
    ADEQUACY = "adequacy", _("Adequacy decision, Art. 45")
    CLAUSES = "clauses", _("Standard contractual clauses, Art. 46(2)(c)")
    BINDING_RULES = "binding_rules", _("Binding corporate rules, Art. 47")
    CONSENT = "consent", _("Explicit consent, Art. 49(1)(a)")


def country_names(language: str | None = None) -> dict[str, str]:
    """The countries by code, named in a language, that of the page unless given."""
    return _names(to_locale(language or get_language() or "en"))


@cache
def _names(locale: str) -> dict[str, str]:
    named = Locale.parse(locale).territories.items()
    found = {code: name for code, name in named if len(code) == 2 and code not in _NO_COUNTRIES}
    return dict(sorted(found.items(), key=lambda one: one[1].casefold()))


def known_country(code: str) -> None:
    """Refuse two letters that are no country's."""
    if code not in country_names("en"):
        raise ValidationError(_("This is no country's code."), code="country")


def is_within_eea(code: str) -> bool:
    """Whether data that goes there stays within the European Economic Area."""
    return code in EEA


class AdequacyDecisionQuerySet(models.QuerySet["AdequacyDecision"]):
    """Decisions of the Commission."""

    def in_force(self, day: date) -> Self:
        """Those that hold on a day."""
        return self.filter(
            models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=day),
            valid_from__lte=day,
        )


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
        _("country"),
        max_length=2,
        validators=[known_country],
        help_text=_("Two letters, as in CH or JP."),
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

    objects = AdequacyDecisionQuerySet.as_manager()

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
            models.CheckConstraint(
                name="adequacy_ends_after_start",
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                violation_error_message=_("The end must not be before the start."),
            ),
            models.UniqueConstraint(
                fields=["country", "valid_from"], name="one_adequacy_decision_per_day"
            ),
        ]

    def __str__(self) -> str:
        return self.country
