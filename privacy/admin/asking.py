"""Fields that these records have in common: a country by its name, kinds of data to tick."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.register_admin import RegisterAdmin
from accounts.transfers import country_names
from datamap.vocabulary import Category

COUNTRY_HELP = _("Outside the EEA data goes only by a tool of Chapter V of the GDPR.")


def countries() -> list[tuple[str, str]]:
    """Every country by its name in the language of the page."""
    return list(country_names().items())


def country_field(**more: Any) -> forms.ChoiceField:
    """A country, chosen by name."""
    return forms.ChoiceField(
        label=_("country"), choices=countries, initial="FI", help_text=COUNTRY_HELP, **more
    )


def categories_field() -> forms.MultipleChoiceField:
    """Kinds of data, to tick."""
    return forms.MultipleChoiceField(
        label=_("categories"),
        choices=Category.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The kinds of data."),
    )


class RecordsAdmin(RegisterAdmin):
    """What the desk pages of these records have in common: how such values are shown."""

    def show_country(self, request: HttpRequest, record: Any) -> str:
        return country_names().get(record.country, str(record.country))

    def show_categories(self, request: HttpRequest, record: Any) -> str:
        return ", ".join(str(Category(value).label) for value in record.categories)
