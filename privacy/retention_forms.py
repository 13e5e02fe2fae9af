"""The forms of retention: another period, the day of an outlook, which statistics are shown."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from privacy.forgetting.setting_periods import Rule
from privacy.models import Statistic
from privacy.step_forms import day_field, text_field

FARTHEST = timedelta(days=20 * 366)
"""How far ahead an outlook may look: the longest period and its year."""


class PeriodForm(forms.Form):
    """How long a kind of record is kept from now on, and why; it is looked at before it is set."""

    months = forms.IntegerField(label=_("Kept for, in months"))
    reason = text_field(_("Why it is longer or shorter"), 1000)
    seen = forms.IntegerField(widget=forms.HiddenInput)
    looked_at = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, rule: Rule, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        least, most = rule.keep.least, rule.keep.most
        months = self.fields["months"]
        months.validators += [MinValueValidator(least), MaxValueValidator(most)]
        months.widget.attrs |= {"min": least, "max": most, "inputmode": "numeric"}
        months.help_text = _("At least %(least)d and at most %(most)d.") % {
            "least": least,
            "most": most,
        }
        self.initial.setdefault("months", rule.period.months)
        self.initial.setdefault("seen", rule.seen)

    @property
    def is_looked_at(self) -> bool:
        """Whether what it would touch has been shown for just this period."""
        found: bool = self.cleaned_data["looked_at"] == self.cleaned_data["months"]
        return found

    def show(self, **values: int) -> None:
        """Go on from what is shown now, keeping what was typed."""
        data: Any = self.data
        self.data = data = data.copy()
        for name, value in values.items():
            data[name] = str(value)


class StatisticsForm(forms.Form):
    """Which measure of which month is shown; what is not chosen is the first one, of the newest."""

    measure = forms.ChoiceField(label=_("What was counted"), choices=Statistic.Measure.choices)
    month = forms.TypedChoiceField(label=_("Month"), coerce=date.fromisoformat)

    def __init__(self, data: Mapping[str, str], *, months: Sequence[date]) -> None:
        first = {"measure": Statistic.Measure.values[0], "month": months[0].isoformat()}
        super().__init__({**first, **data}, label_suffix="")
        month: Any = self.fields["month"]
        month.choices = [(one.isoformat(), date_format(one, "F Y")) for one in months]


class OutlookForm(forms.Form):
    """The day for which somebody wants to know what would go."""

    day = day_field(_("Show what would go on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["day"].widget.attrs |= {
            "min": today.isoformat(),
            "max": (today + FARTHEST).isoformat(),
        }

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        today = timezone.localdate()
        if not today <= day <= today + FARTHEST:
            raise forms.ValidationError(_("Give a day from today on, within twenty years."))
        return day
