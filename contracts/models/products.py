"""What is sold, and the rates of value added tax; nothing here is about anybody."""

from decimal import Decimal
from uuid import uuid4

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contracts.models.base import Charged, VatKind, currency, currency_is_a_code, money
from contracts.querysets import ProductQuerySet, VatRateQuerySet
from customers.models.base import ends_after_start, refuse_reversed
from customers.models.relationships import DateRange


class Product(models.Model):
    """A service that is subscribed to, or a device that is sold or lent."""

    class Kind(models.TextChoices):
        SERVICE = "service", _("Service")
        DEVICE = "device", _("Device")

    class Group(models.TextChoices):
        MOBILE = "mobile", _("Mobile subscriptions")
        INTERNET = "internet", _("Internet connections")
        VOICE = "voice", _("Company telephony")
        CLOUD = "cloud", _("Cloud and e-mail services")
        SECURITY = "security", _("Data security")
        SUPPORT = "support", _("IT support")
        DEVICES = "devices", _("Devices and accessories")

    public_id = models.UUIDField(
        _("public ID"),
        default=uuid4,
        unique=True,
        editable=False,
        help_text=_("The only identifier that addresses show."),
    )
    code = models.SlugField(
        _("product code"), max_length=40, unique=True, help_text=_("Given once; never changed.")
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=Kind.choices, help_text=_("A service or a device.")
    )
    group = models.CharField(
        _("product group"),
        max_length=10,
        choices=Group.choices,
        help_text=_("Products of one group count as similar in direct marketing."),
    )
    name_fi = models.CharField(
        _("name in Finnish"), max_length=100, help_text=_("As customers read it.")
    )
    name_sv = models.CharField(
        _("name in Swedish"), max_length=100, help_text=_("As customers read it.")
    )
    name_en = models.CharField(
        _("name in English"), max_length=100, help_text=_("As customers read it.")
    )
    unit_price = money(
        _("unit price"),
        _("For one, without value added tax."),
        validators=[MinValueValidator(Decimal(0))],
    )
    currency = currency()
    charged = models.CharField(
        _("charged"), max_length=10, choices=Charged.choices, help_text=_("Once or every month.")
    )
    vat_kind = models.CharField(
        _("VAT rate"),
        max_length=10,
        choices=VatKind.choices,
        default=VatKind.STANDARD,
        help_text=_("Which rate applies; its percentage depends on the day."),
    )
    sold_from = models.DateField(
        _("sold from"), null=True, blank=True, help_text=_("The first day; empty if not known.")
    )
    sold_until = models.DateField(
        _("sold until"), null=True, blank=True, help_text=_("The last day; empty while it lasts.")
    )

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        default_permissions = ("add", "change", "view")
        constraints = [
            models.CheckConstraint(
                name="product_has_names",
                condition=~models.Q(name_fi="") & ~models.Q(name_sv="") & ~models.Q(name_en=""),
                violation_error_message=_("A product has a name in each language."),
            ),
            models.CheckConstraint(
                name="product_price_is_not_negative",
                condition=models.Q(unit_price__gte=0),
                violation_error_message=_("A price is not negative."),
            ),
            models.CheckConstraint(
                name="product_kind_is_known",
                condition=models.Q(kind__in=["service", "device"]),
                violation_error_message=_("A product is a service or a device."),
            ),
            models.CheckConstraint(
                name="product_charging_is_known",
                condition=models.Q(charged__in=Charged.values),
                violation_error_message=_("A product is charged once or every month."),
            ),
            models.CheckConstraint(
                name="product_vat_kind_is_known",
                condition=models.Q(vat_kind__in=VatKind.values),
                violation_error_message=_("The rate is the standard, a reduced or the zero rate."),
            ),
            currency_is_a_code("product_currency_is_a_code"),
            ends_after_start("product_sold_until_after_from", "sold_from", "sold_until"),
        ]

    def __str__(self) -> str:
        return self.code

    def name_in(self, language: str) -> str:
        """The product's name in Finnish, Swedish or English; English for any other language."""
        return {"fi": self.name_fi, "sv": self.name_sv}.get(language, self.name_en)

    @property
    def display_name(self) -> str:
        """The product's name in the language of the page."""
        return self.name_in((get_language() or "en")[:2])


class VatRate(models.Model):
    """The percentage of one kind of value added tax from one day to another."""

    public_id = models.UUIDField(
        _("public ID"),
        default=uuid4,
        unique=True,
        editable=False,
        help_text=_("The only identifier that addresses show."),
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=VatKind.choices, help_text=_("Which rate it is.")
    )
    percent = models.DecimalField(
        _("percentage"), max_digits=4, decimal_places=2, help_text=_("As in 25.50.")
    )
    valid_from = models.DateField(_("valid from"), help_text=_("The first day."))
    valid_until = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("The last day; empty while it lasts.")
    )

    objects = VatRateQuerySet.as_manager()

    class Meta:
        verbose_name = _("VAT rate")
        verbose_name_plural = _("VAT rates")
        default_permissions = ("add", "change", "view")
        constraints = [
            ExclusionConstraint(
                name="one_vat_rate_at_a_time",
                expressions=[
                    ("kind", RangeOperators.EQUAL),
                    (
                        DateRange("valid_from", "valid_until", RangeBoundary(inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("Another percentage of this rate is valid then."),
            ),
            models.CheckConstraint(
                name="vat_rate_kind_is_known",
                condition=models.Q(kind__in=VatKind.values),
                violation_error_message=_("The rate is the standard, a reduced or the zero rate."),
            ),
            models.CheckConstraint(
                name="vat_rate_is_a_percentage",
                condition=models.Q(percent__gte=0, percent__lt=100),
                violation_error_message=_("A percentage lies between 0 and 100."),
            ),
            ends_after_start("vat_rate_ends_after_start", "valid_from", "valid_until"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.valid_from}"

    def clean(self) -> None:
        """Refuse a reversed period before it is compared with others."""
        refuse_reversed(self, "valid_from", "valid_until")
