"""Money and percentages as the language of the page writes them: `1 234,50 €`, `25,5 %`."""

from decimal import Decimal

from babel.numbers import format_currency, format_percent
from django import template
from django.utils.translation import get_language

register = template.Library()

_LOCALES = {"fi": "fi_FI", "sv": "sv_FI"}


def _locale() -> str:
    return _LOCALES.get((get_language() or "")[:2], "en_GB")


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    """An amount with its currency (three letters); nothing where there is no amount."""
    if amount is None:
        return ""
    written = str(format_currency(amount, currency, locale=_locale()))
    # A line may break after a hyphen, not after a minus.
    return written.replace("-", "\N{MINUS SIGN}")


@register.filter
def percent(number: Decimal | None) -> str:
    """A percentage as in 25.50, with as many decimals as it needs; nothing where there is none."""
    if number is None:
        return ""
    return str(format_percent(number / 100, locale=_locale(), decimal_quantization=False))
