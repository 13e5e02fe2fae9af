"""Statistics that stay when records go: counts and sums of a month, of nobody (S6)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

FEWEST = 5
"""A group has this many customers at least, or it is not kept."""
OTHER = "other"
"""The group into which small ones are put together."""


class Statistic(models.Model):
    """How much there was of something in a month, for one group of customers.

    It leads to no record. The database keeps no group of fewer than FEWEST customers.
    """

    class Measure(models.TextChoices):
        SERVICES_OPENED = "services_opened", _("Services opened")
        SERVICES_ENDED = "services_ended", _("Services ended")
        CONTRACTS = "contracts", _("Contracts signed")
        INVOICES = "invoices", _("Invoices")

    month = models.DateField(_("month"), help_text=_("Its first day."))
    measure = models.CharField(
        _("measure"), max_length=20, choices=Measure.choices, help_text=_("What was counted.")
    )
    product_group = models.CharField(
        _("product group"),
        max_length=20,
        blank=True,
        help_text=_("Empty where it is of no product; “other” for small groups together."),
    )
    region = models.CharField(
        _("region"),
        max_length=5,
        help_text=_("The first two digits of the postal code; “other” for the rest together."),
    )
    customers = models.PositiveIntegerField(
        _("customers"), help_text=_("How many customers it is about.")
    )
    records = models.PositiveIntegerField(_("number"), help_text=_("How many there were."))
    amount = models.DecimalField(
        _("sum without VAT"),
        max_digits=15,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("In euros; empty where nothing is added up."),
    )
    counted_at = models.DateTimeField(
        _("counted"), default=timezone.now, help_text=_("When it was counted.")
    )

    class Meta:
        verbose_name = _("statistic")
        verbose_name_plural = _("statistics")
        default_permissions = ("view",)
        ordering = ("-month", "measure", "product_group", "region")
        constraints = [
            models.UniqueConstraint(
                fields=["month", "measure", "product_group", "region"], name="statistic_once"
            ),
            models.CheckConstraint(
                name="statistic_names_no_few",
                condition=models.Q(customers__gte=FEWEST, records__gte=models.F("customers")),
                violation_error_message=_("A group has at least five customers."),
            ),
            models.CheckConstraint(name="statistic_of_a_month", condition=models.Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.measure} {self.product_group} {self.region}"
