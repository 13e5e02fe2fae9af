"""What offers, orders, contracts and invoices have in common: money, numbers and same customers."""

from decimal import Decimal
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

EURO = "EUR"
CENT = Decimal("0.01")


class Charged(models.TextChoices):
    """How often a price is charged."""

    ONCE = "once", pgettext_lazy("charged", "Once")
    MONTHLY = "monthly", pgettext_lazy("charged", "Monthly")


class VatKind(models.TextChoices):
    """Which of the rates of value added tax applies; their percentages are data with dates."""

    STANDARD = "standard", _("Standard rate")
    REDUCED = "reduced", _("Reduced rate")
    ZERO = "zero", _("Zero rate")


class NextNumber(models.Func):
    """The next document number: a prefix and a number that a sequence gives, never twice."""

    template = "('%(prefix)s' || nextval('%(sequence)s'))"
    output_field = models.CharField()

    def __init__(self, *, prefix: str, sequence: str) -> None:
        super().__init__(prefix=prefix, sequence=sequence)

    def deconstruct(self) -> tuple[str, tuple[()], dict[str, Any]]:
        return f"{type(self).__module__}.NextNumber", (), dict(self.extra)


def money(name: Any, help_text: Any, **more: Any) -> Any:
    """A field of money: two decimals, in the currency that the record names."""
    return models.DecimalField(name, max_digits=12, decimal_places=2, help_text=help_text, **more)


def kept_money(name: Any, help_text: Any) -> Any:
    """A sum that the database keeps: nobody types it."""
    return money(name, help_text, default=Decimal(0), db_default=Decimal(0), editable=False)


def currency() -> Any:
    """The currency of a record's amounts."""
    return models.CharField(
        _("currency"),
        max_length=3,
        default=EURO,
        db_default=EURO,
        help_text=_("Three letters, as in EUR."),
    )


def currency_is_a_code(name: str) -> models.CheckConstraint:
    """The constraint that a currency is written in three capital letters."""
    return models.CheckConstraint(
        name=name,
        condition=models.Q(currency__regex=r"^[A-Z]{3}$"),
        violation_error_message=_("The currency is three capital letters."),
    )


def follows(name: str, earlier: str, later: str, sentence: Any) -> models.CheckConstraint:
    """The constraint that `later` happens only after `earlier` has, and not before it."""
    return models.CheckConstraint(
        name=name,
        condition=models.Q(**{f"{later}__isnull": True})
        | models.Q(**{f"{earlier}__isnull": False, f"{later}__gte": models.F(earlier)}),
        violation_error_message=sentence,
    )


class Line(models.Model):
    """A line of an offer or an order: so many of a product at a price, taxed as on that day.

    The sums are the database's own arithmetic; a line is what was agreed, so price, charging and
    percentage are kept here and do not follow the product.
    """

    position = models.PositiveSmallIntegerField(
        _("line"), help_text=_("The line's place, counted from one.")
    )
    quantity = models.PositiveIntegerField(
        _("quantity"), default=1, validators=[MinValueValidator(1)], help_text=_("How many.")
    )
    unit_price = money(
        _("unit price"),
        _("For one, without value added tax."),
        validators=[MinValueValidator(Decimal(0))],
    )
    charged = models.CharField(
        _("charged"), max_length=10, choices=Charged.choices, help_text=_("Once or every month.")
    )
    vat_percent = models.DecimalField(
        _("VAT %"),
        max_digits=4,
        decimal_places=2,
        help_text=_("The percentage of value added tax on the day of the document."),
    )
    net = models.GeneratedField(
        verbose_name=_("without VAT"),
        expression=models.F("quantity") * models.F("unit_price"),
        output_field=models.DecimalField(max_digits=14, decimal_places=2),
        db_persist=True,
        help_text=_("The line's sum without value added tax."),
    )
    vat = models.GeneratedField(
        verbose_name=_("VAT"),
        expression=models.functions.Round(
            models.F("quantity") * models.F("unit_price") * models.F("vat_percent") / 100,
            precision=2,
        ),
        output_field=models.DecimalField(max_digits=14, decimal_places=2),
        db_persist=True,
        help_text=_("The line's value added tax."),
    )

    class Meta:
        abstract = True

    @property
    def gross(self) -> Decimal:
        """The line's sum with value added tax."""
        return Decimal(self.net + self.vat)


def line_is_possible(prefix: str) -> list[models.CheckConstraint]:
    """The constraints that a line has a quantity, a price and a percentage that can be."""
    return [
        models.CheckConstraint(
            name=f"{prefix}_quantity_is_positive",
            condition=models.Q(quantity__gte=1),
            violation_error_message=_("There is at least one of it."),
        ),
        models.CheckConstraint(
            name=f"{prefix}_price_is_not_negative",
            condition=models.Q(unit_price__gte=0),
            violation_error_message=_("A price is not negative."),
        ),
        models.CheckConstraint(
            name=f"{prefix}_vat_is_a_percentage",
            condition=models.Q(vat_percent__gte=0, vat_percent__lt=100),
            violation_error_message=_("A percentage lies between 0 and 100."),
        ),
        models.CheckConstraint(
            name=f"{prefix}_charging_is_known",
            condition=models.Q(charged__in=["once", "monthly"]),
            violation_error_message=_("A line is charged once or every month."),
        ),
    ]


class Totals(models.Model):
    """What the lines of a document come to; the database adds them up when a line changes."""

    once_net = kept_money(_("once, without VAT"), _("What is charged once, without VAT."))
    once_gross = kept_money(_("once, with VAT"), _("What is charged once, VAT included."))
    monthly_net = kept_money(_("a month, without VAT"), _("What a month costs, without VAT."))
    monthly_gross = kept_money(_("a month, with VAT"), _("What a month costs, VAT included."))

    class Meta:
        abstract = True
