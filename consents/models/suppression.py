"""Keyed hashes of whom not to reach: Robinson lists, and prohibitions that outlive a person's data.

A hash is the HMAC-SHA-256 of a normalised number, address or name with address, made with
SUPPRESSION_KEY, which the database does not hold: the tables alone tell nobody's number.
"""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consents.models.choices import MarketingChoice

HASH_BYTES = 32


class RobinsonEntry(models.Model):
    """Somebody's listing with the Data & Marketing Association: no sales calls, or no post."""

    class List(models.TextChoices):
        PHONE = "phone", _("No sales calls")
        POST = "post", _("No addressed post")

    list = models.CharField(
        _("list"), max_length=5, choices=List.choices, help_text=_("What is not wanted.")
    )
    digest = models.BinaryField(
        _("keyed hash"), max_length=HASH_BYTES, help_text=_("Of the number, or name and address.")
    )
    listed_on = models.DateField(
        _("listed"), default=timezone.localdate, help_text=_("The first day.")
    )
    expires_on = models.DateField(
        _("expires"), null=True, blank=True, help_text=_("A listing of a number lasts three years.")
    )

    class Meta:
        verbose_name = _("Robinson listing")
        verbose_name_plural = _("Robinson listings")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["list", "digest"], name="robinson_listed_once"),
            models.CheckConstraint(
                name="robinson_list_is_known", condition=models.Q(list__in=["phone", "post"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.list} {self.pk}"


class Suppression(models.Model):
    """A prohibition of somebody whose data is gone: the hash of where not to reach her."""

    channel = models.CharField(
        _("channel"),
        max_length=10,
        choices=MarketingChoice.Channel.choices,
        help_text=_("On which channel."),
    )
    product_group = models.CharField(
        _("product group"), max_length=40, blank=True, help_text=_("Empty means all products.")
    )
    digest = models.BinaryField(
        _("keyed hash"), max_length=HASH_BYTES, help_text=_("Of the number, or name and address.")
    )
    since = models.DateTimeField(_("since"), help_text=_("When she prohibited it."))

    class Meta:
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["digest", "channel", "product_group"], name="suppressed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"
