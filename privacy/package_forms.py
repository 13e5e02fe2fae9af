"""The forms of packages."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.once_forms import OnceForm
from privacy.models import Package, SubjectRequest
from privacy.step_forms import text_field


class AskForm(OnceForm):
    """What goes into a package: the form sent again makes no second one."""

    contents = forms.ChoiceField(
        label=_("What goes into it"), choices=Package.Contents.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: object, case: SubjectRequest, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        is_portable = case.kind == SubjectRequest.Kind.PORTABILITY
        contents = Package.Contents.PORTABLE if is_portable else Package.Contents.ACCESS
        self.initial["contents"] = contents.value

    def offer_only(self, contents: Sequence[str]) -> None:
        """Show only some of the contents: of the others one is in work already."""
        field: Any = self.fields["contents"]
        field.choices = [choice for choice in Package.Contents.choices if choice[0] in contents]
        if contents and self.initial["contents"] not in contents:
            self.initial["contents"] = contents[0]


class DecideForm(forms.Form):
    """The decision about a find, and how it stood when the page was shown."""

    find = forms.IntegerField(min_value=1)
    seen = forms.NullBooleanField(required=False)
    accepted = forms.TypedChoiceField(
        choices=[("yes", ""), ("no", "")], coerce=lambda value: value == "yes"
    )
    everywhere = forms.BooleanField(required=False)


class ApproveForm(forms.Form):
    """The decisions as the page showed them, by their digest."""

    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)


class DiscardForm(forms.Form):
    """Why a package is not to go out."""

    because = text_field(_("Why it does not go out"), 300, rows=2)


class MarkForm(forms.Form):
    """Words to be blacked out that were not found."""

    words = forms.CharField(
        label=_("Words to black out"),
        max_length=200,
        strip=True,
        help_text=_("Wherever they stand in the draft, in small or capital letters."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
