"""Amounts and percentages as each language writes them."""

from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation


def shown(expression: str, language: str, **values: object) -> str:
    template = Template("{% load money %}{{ " + expression + " }}")
    with translation.override(language):
        return template.render(Context(values)).replace("\xa0", " ")


@pytest.mark.parametrize(
    ("language", "amount", "currency", "written"),
    [
        ("fi", "1234.50", "EUR", "1 234,50 €"),
        ("sv", "1234.50", "EUR", "1 234,50 €"),
        ("en", "1234.50", "EUR", "€1,234.50"),
        ("fi", "-0.10", "EUR", "−0,10 €"),
        ("fi", "12345678.90", "SEK", "12 345 678,90 SEK"),
        ("fi", "0", "XYZ", "0,00 XYZ"),
    ],
)
def test_an_amount_is_written_as_the_language_writes_it(
    language: str, amount: str, currency: str, written: str
) -> None:
    assert shown("a|money:c", language, a=Decimal(amount), c=currency) == written


@pytest.mark.parametrize(
    ("language", "number", "written"),
    [("fi", "25.50", "25,5 %"), ("sv", "14.00", "14 %"), ("en", "25.50", "25.5%")],
)
def test_a_percentage_has_the_decimals_that_it_needs(
    language: str, number: str, written: str
) -> None:
    assert shown("n|percent", language, n=Decimal(number)) == written


def test_what_is_not_known_is_empty() -> None:
    assert shown("a|money:'EUR'", "fi", a=None) == shown("a|percent", "fi", a=None) == ""
