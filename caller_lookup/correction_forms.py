"""A form for each fact that can be corrected; each asks where the new value comes from."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from customers.models import Address, ContactPoint, Language, Source
from customers.models.base import RegisterModel

_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)


class SourcedForm(forms.Form):
    """A change with its source; mostly she says it on the phone."""

    source = forms.ChoiceField(
        label=_("Data source"),
        choices=[choice for choice in Source.choices if choice[0] != Source.IMPORT],
        initial=Source.PHONE_CALL,
    )
    first = ""
    """The field that takes the focus."""

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id="fix_%s", label_suffix="")
        self.order_fields([name for name in self.fields if name != "source"])

    def take(self, error: ValidationError) -> None:
        """Show what a service refused at the field, or above the form."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)


class CorrectionForm(SourcedForm):
    """A change of a record as it was when the form was opened."""

    seen_at = forms.DateTimeField(widget=forms.HiddenInput)

    def see(self, record: RegisterModel) -> None:
        """Go on from the record as it is now, keeping what was typed."""
        if self.is_bound:
            data: Any = self.data
            self.data = data = data.copy()
            data["seen_at"] = record.changed_at.isoformat()
        else:
            self.initial["seen_at"] = record.changed_at.isoformat()


class NameForm(CorrectionForm):
    """The person's name."""

    first = "first_name"
    first_name = forms.CharField(label=_("First name"), max_length=100, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=100)


class LanguageForm(CorrectionForm):
    """The language she is served in."""

    first = "language"
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)


class NewContactPointForm(SourcedForm):
    """A number or an e-mail address that she did not have."""

    first = "as_written"
    kind = forms.ChoiceField(label=_("Kind"), choices=ContactPoint.Kind.choices)
    as_written = forms.CharField(label=_("Number or e-mail address"), max_length=254)
    label = forms.CharField(
        label=_("Label"),
        max_length=40,
        required=False,
        help_text=_("For example: work, home, holidays."),
    )


class ContactPointForm(CorrectionForm):
    """Another number or e-mail address in the place of one."""

    first = "as_written"
    as_written = forms.CharField(label=_("Number or e-mail address"), max_length=254)
    label = forms.CharField(label=_("Label"), max_length=40, required=False)


class _AddressFields(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=Address.Kind.choices, initial="postal")
    street = forms.CharField(label=_("Street address"), max_length=200)
    postal_code = forms.CharField(label=_("Postal code"), max_length=12)
    city = forms.CharField(label=_("Town"), max_length=100)
    country = forms.RegexField(
        label=_("Country"),
        regex=r"^[A-Za-z]{2}$",
        initial="FI",
        error_messages={"invalid": _("The country is two capital letters.")},
    )

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()


class NewAddressForm(_AddressFields, SourcedForm):
    """An address that she did not have."""

    first = "street"


class AddressForm(_AddressFields, CorrectionForm):
    """Another address in the place of one."""

    first = "street"


class ContactRoleForm(CorrectionForm):
    """Another task or position in the company."""

    first = "task"
    task = forms.CharField(label=_("Task"), max_length=100, required=False)
    position = forms.CharField(label=_("Position"), max_length=100, required=False)


class EndForm(forms.Form):
    """That something is no longer so, as it was when the page was shown."""

    seen_at = forms.DateTimeField(widget=forms.HiddenInput)


class EndRoleForm(CorrectionForm):
    """The last day of what she does for a company."""

    first = "ended_on"
    ended_on = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[MinValueValidator(_FIRST_DAY), MaxValueValidator(_LAST_DAY)],
    )
