"""What the steps with a recording ask: why it is held, whose it is, what its call record says."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.register_admin import StepForm
from accounts.register_forms import WIDGETS, OneOfField
from recordings.models import Reassignment

_DATE, _TIME = WIDGETS[models.DateField], WIDGETS[models.DateTimeField]


class HoldForm(StepForm):
    """Why it is kept beyond its day, and until when."""

    reason = forms.CharField(
        label=_("reason"), max_length=200, help_text=_("The dispute or order that needs it.")
    )
    until = forms.DateField(
        label=_("until"),
        required=False,
        widget=_DATE(),
        help_text=_("The last day; empty until released."),
    )


class CorrectForm(StepForm):
    """From whom it is taken, to whom it is given, and how we know."""

    taken_from = OneOfField(
        label=_("taken from"),
        required=False,
        label_of=lambda person: person.display_name,
        help_text=_("Whom it was wrongly said to concern; empty if it was nobody."),
    )
    reason = forms.CharField(label=_("reason"), max_length=200, help_text=_("How we know."))
    field_order = ("taken_from", "given_to", "reason")

    def prepare(self, admin: Any, request: HttpRequest) -> None:
        """Those whom it concerns now, and the desk's own search for anybody else."""
        persons = [one.person for one in self.record.concerns.select_related("person")]
        taken: Any = self.fields["taken_from"]
        taken.offer(persons)
        given_to: Any = Reassignment._meta.get_field("given_to")
        self.fields["given_to"] = admin.choosing(request, given_to.related_model, given_to)
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors and not data.get("taken_from") and not data.get("given_to"):
            raise ValidationError(_("Say whom it concerns."))
        return data


class PutRightForm(StepForm):
    """The call record of a recording that came without one."""

    caller_number = forms.CharField(
        label=_("caller's number"),
        required=False,
        max_length=32,
        help_text=_("Empty if it was hidden."),
    )
    line_number = forms.CharField(label=_("service line"), required=False, max_length=32)
    started_at = forms.DateTimeField(label=_("started"), widget=_TIME())
    informed_at = forms.DateTimeField(
        label=_("told"),
        widget=_TIME(),
        help_text=_("When the caller was told that the call is recorded; before it begins."),
    )
