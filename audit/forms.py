"""What the reader of the log asks for."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.context import AccessPurpose
from audit.models import LogEntry, LogEntryQuerySet

_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2999, 12, 31)


class LogFilterForm(forms.Form):
    """By person, by staff member, by time, by action; empty fields do not narrow."""

    subject = forms.UUIDField(
        label=_("Person's ID"),
        required=False,
        help_text=_("The person's public ID, from her card or from a log row."),
        error_messages={"invalid": _("This is not a person's ID.")},
    )
    actor = forms.CharField(label=_("Staff member or job"), required=False, max_length=150)
    action = forms.TypedChoiceField(
        label=_("Action"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("All")), *LogEntry.Action.choices],
    )
    since = forms.DateField(
        label=_("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        validators=[MinValueValidator(_FIRST_DAY), MaxValueValidator(_LAST_DAY)],
    )
    until = forms.DateField(
        label=_("To"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        validators=[MinValueValidator(_FIRST_DAY), MaxValueValidator(_LAST_DAY)],
    )

    with_control = forms.BooleanField(
        label=_("Looks at this log too"),
        required=False,
        help_text=_("Each look at this page makes rows of its own; they are left out otherwise."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("The end is before the beginning."))
        return data

    def narrow(self, rows: LogEntryQuerySet) -> LogEntryQuerySet:
        """The rows that match the valid form."""
        data = self.cleaned_data
        if not data.get("with_control"):
            rows = rows.exclude(purpose=AccessPurpose.LOG_CONTROL)
        if data.get("subject"):
            rows = rows.filter(subject=data["subject"])
        if data.get("actor"):
            rows = rows.by_actor(data["actor"])
        if data.get("action") is not None:
            rows = rows.filter(action=data["action"])
        if data.get("since"):
            rows = rows.filter(timestamp__gte=_midnight(data["since"]))
        if data.get("until"):
            rows = rows.filter(timestamp__lt=_midnight(data["until"] + timedelta(days=1)))
        return rows


def _midnight(day: Any) -> datetime:
    """The start of the day in Helsinki."""
    return timezone.make_aware(datetime.combine(day, time.min))
