"""What is sold, and the rates of value added tax; nothing here is about anybody."""

from datetime import date, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from contracts.models import Product, VatRate
from contracts.rules import said


@transaction.atomic
def save_product(*, product: Product) -> Product:
    """Save a product; documents keep the price and the percentage that were agreed."""
    product.full_clean()
    said(product.save)
    return product


@transaction.atomic
def save_vat_rate(*, rate: VatRate) -> VatRate:
    """Save a rate; a new one ends the one of its kind that has no end, the day before."""
    if rate._state.adding and rate.valid_from is not None:
        before = (
            VatRate.objects.select_for_update(no_key=True)
            .filter(kind=rate.kind, valid_until__isnull=True, valid_from__lt=rate.valid_from)
            .first()
        )
        if before is not None:
            before.valid_until = rate.valid_from - timedelta(days=1)
            before.save(update_fields=["valid_until"])
    rate.full_clean()
    said(rate.save)
    return rate


def percent_on(*, kind: str, day: date) -> Decimal:
    """The percentage of a kind of value added tax on a day."""
    rate = VatRate.objects.filter(kind=kind).valid_on(day).first()
    if rate is None:
        raise ValidationError(_("No percentage of value added tax is known for that day."))
    return rate.percent
