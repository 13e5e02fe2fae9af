"""What the lists of recordings and messages are narrowed by; never by what was said in them."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from customers.phones import NotAPhoneNumber, normalise_phone
from recordings.periods import SOON_DAYS
from recordings.querysets import RecordingQuerySet, StoredMessageQuerySet

_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2999, 12, 31)
_DAYS = [MinValueValidator(_FIRST_DAY), MaxValueValidator(_LAST_DAY)]

IN_ADDRESS = ("show", "person", "contact", "before")
"""What an address may say; whatever could tell who somebody is comes by POST alone."""


class View(TextChoices):
    """Which of them a list shows."""

    ALL = "", pgettext_lazy("recordings", "All")
    DUE = "due", _("Due soon")
    UNKNOWN = "unknown", _("Whom it concerns is not known")
    QUARANTINE = "quarantine", _("In quarantine")


def views_for(user: User) -> list[View]:
    """What the user may choose from: what is in quarantine is put right by the registrar alone."""
    return [view for view in View if view != View.QUARANTINE or may_put_right(user)]


def may_put_right(user: User) -> bool:
    """Whether the user decides on what is in quarantine."""
    return user.has_perm("recordings.put_right_recording")


class FindForm(forms.Form):
    """By whom, when and where it was; empty fields do not narrow."""

    show = forms.CharField(required=False, widget=forms.HiddenInput)
    person = forms.UUIDField(required=False, widget=forms.HiddenInput)
    contact = forms.UUIDField(required=False, widget=forms.HiddenInput)
    since = forms.DateField(
        label=_("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=_DAYS,
    )
    until = forms.DateField(
        label=_("To"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=_DAYS,
    )
    day_field: str

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user

    @property
    def is_a_search(self) -> bool:
        """Whether somebody is looked for, not only a state of affairs."""
        names = [field.name for field in self.visible_fields()]
        return any(self.cleaned_data.get(name) for name in [*names, "person", "contact"])

    def clean_show(self) -> View:
        """An unknown word, or one beyond the user's right, narrows nothing."""
        word = self.cleaned_data["show"]
        return View(word) if word in views_for(self._user) else View.ALL

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("The end is before the beginning."))
        return data

    def narrow(self, rows: Any) -> Any:
        """The rows that the valid form asks for."""
        data = self.cleaned_data
        rows = self._in_view(rows, data["show"])
        if data["person"]:
            rows = rows.filter(concerns__person__public_id=data["person"])
        if data["contact"]:
            rows = rows.filter(interaction__public_id=data["contact"])
        if data["since"]:
            rows = rows.filter(**{f"{self.day_field}__gte": _midnight(data["since"])})
        if data["until"]:
            end = _midnight(data["until"] + timedelta(days=1))
            rows = rows.filter(**{f"{self.day_field}__lt": end})
        return rows

    @staticmethod
    def _in_view(
        rows: RecordingQuerySet | StoredMessageQuerySet, view: View
    ) -> RecordingQuerySet | StoredMessageQuerySet:
        if view == View.QUARANTINE:
            return rows.in_quarantine()
        if view == View.DUE:
            return rows.playable().due_on(timezone.localdate() + timedelta(days=SOON_DAYS))
        if view == View.UNKNOWN:
            return rows.playable().concerning_nobody()
        return rows


class FindRecordingForm(FindForm):
    """Recordings, also by the caller's number and by the agent."""

    number = forms.CharField(
        label=_("Caller's number"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    agent = forms.CharField(
        label=_("Agent"),
        required=False,
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    day_field = "started_at"
    field_order = ("number", "agent")

    def clean_number(self) -> str:
        written = self.cleaned_data["number"]
        if not written:
            return ""
        try:
            return normalise_phone(written)
        except NotAPhoneNumber:
            raise ValidationError(_("This is not a phone number.")) from None

    def narrow(self, rows: Any) -> Any:
        data = self.cleaned_data
        rows = super().narrow(rows)
        if data["number"]:
            rows = rows.filter(caller_number=data["number"])
        if data["agent"]:
            rows = rows.filter(handled_by__username=data["agent"])
        return rows


class FindMessageForm(FindForm):
    """Messages, also by the address that they came from or went to."""

    address = forms.CharField(
        label=_("E-mail address or number"),
        required=False,
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    day_field = "sent_at"
    field_order = ("address",)

    def clean_address(self) -> str:
        written: str = self.cleaned_data["address"].lower()  # as they are taken in
        if not written or "@" in written:
            return written
        try:
            return normalise_phone(written)
        except NotAPhoneNumber:
            raise ValidationError(_("This is no e-mail address and no phone number.")) from None

    def narrow(self, rows: Any) -> Any:
        rows, address = super().narrow(rows), self.cleaned_data["address"]
        if address:
            rows = rows.filter(Q(sender=address) | Q(recipients__contains=[address]))
        return rows


def _midnight(day: date) -> datetime:
    """The start of the day in Helsinki."""
    return timezone.make_aware(datetime.combine(day, time.min))
