"""Forms of consents for other purposes than marketing, and of what a person told us."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caller_lookup.correction_forms import SourcedForm
from consents.models import Consent, MarketingChoice, SupplementaryInformation, Wording

Kind = SupplementaryInformation.Kind
Source = MarketingChoice.Source


class ConsentForm(SourcedForm):
    """A consent on one of the present wordings, each of which is of one purpose."""

    first = "wording"
    wording = forms.ChoiceField(label=_("To what she consented"), widget=forms.RadioSelect)
    source = forms.ChoiceField(
        label=_("How she said so"),
        choices=[(one.value, one.label) for one in (Source.CALL, Source.LETTER, Source.FORM)],
    )
    evidence = forms.CharField(label=_("Where the proof is kept"), max_length=200, required=False)

    def __init__(self, data: Any, wordings: list[Wording]) -> None:
        super().__init__(data)
        self._wordings = {str(one.public_id): one for one in wordings}
        labels = dict(Consent.Purpose.choices)
        field: Any = self.fields["wording"]
        field.choices = [
            (key, f"{labels[one.name]}: {one.text}") for key, one in self._wordings.items()
        ]

    def clean_wording(self) -> Wording:
        return self._wordings[self.cleaned_data["wording"]]


class InformationForm(SourcedForm):
    """What she told us herself; answers to surveys come with their consent, by other ways."""

    first = "topic"
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[(one.value, one.label) for one in (Kind.PREFERENCE, Kind.FEEDBACK)],
    )
    topic = forms.CharField(label=_("What it is about"), max_length=100)
    answer = forms.CharField(
        label=_("What she said"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
