"""Breaches on the desk: what happened, what was done, whom it affected (Arts. 33-34)."""

from typing import Any

from django import forms
from django.contrib.admin import display, register
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from accounts.admin_site import site
from accounts.register_admin import Step, StepForm, staff_of
from accounts.register_forms import WIDGETS, RegisterForm
from accounts.register_lists import Narrowing, by_choice
from privacy.admin.asking import RecordsAdmin, categories_field
from privacy.breaches import (
    Looks,
    affected_by,
    close_breach,
    count_affected,
    note_affected,
    save_breach,
)
from privacy.models import Breach

_TIME = WIDGETS[models.DateTimeField]


class BreachForm(RegisterForm):
    """What is known of a breach so far; the rest may come later (Art. 33(4))."""

    categories = categories_field()


class AffectedForm(StepForm):
    """Which rows of the access log show whom it affected."""

    foretells = True

    since = forms.DateTimeField(label=pgettext_lazy("of a time", "from"), widget=_TIME())
    until = forms.DateTimeField(label=pgettext_lazy("of a time", "until"), widget=_TIME())
    actor = forms.CharField(
        label=_("user or job"),
        required=False,
        max_length=150,
        help_text=_("Whose looks and changes; empty for anybody's."),
    )
    route = forms.CharField(
        label=_("page"),
        required=False,
        max_length=200,
        help_text=_("How its address begins in the access log, as in persons/; empty for any."),
    )

    def prepare(self, admin: Any, request: HttpRequest) -> None:
        breach: Breach = self.record
        self.fields["since"].initial = breach.began_at or breach.aware_at
        self.fields["until"].initial = breach.ended_at or breach.aware_at

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        since, until = data.get("since"), data.get("until")
        if since and until and until <= since:
            raise ValidationError({"until": _("The end must be after the start.")})
        return data

    def what_comes(self, given: Any) -> str:
        persons = count_affected(Looks(**given))
        return ngettext(
            "The access log names %(persons)d person in this time.",
            "The access log names %(persons)d persons in this time.",
            persons,
        ) % {"persons": persons}


class CloseForm(StepForm):
    """Closing shows once more what will stay, and asks whether anything is left to do."""

    is_done = forms.BooleanField(
        label=_("nothing is left to do"),
        help_text=_("A closed breach stays as it is recorded."),
    )


_AFFECTED = Step("affected", _("Count whom it affected"), AffectedForm)
_CLOSE = Step("close", _("Close the breach"), CloseForm)


@register(Breach, site=site)
class BreachAdmin(RecordsAdmin):
    """Every breach, whatever its risk (Art. 33(5))."""

    form = BreachForm
    list_display = ("aware_at", "nature", "risk", "tell_by", "told_authority_at", "closed_at")
    reads = ("public_id", *list_display)
    fields = (
        *("nature", "aware_at", "began_at", "ended_at", "categories", "persons", "records"),
        *("risk", "consequences", "measures", "contact", "told_authority_at", "late_because"),
        "told_persons_at",
    )
    told = ("tell_by", "affected", "noted_by", "noted_at", "closed_at")
    loads = ("noted_by",)
    steps = (_AFFECTED, _CLOSE)
    narrow_by = (
        Narrowing(
            "state",
            _("State"),
            (
                ("open", pgettext_lazy("breach", "Open"), lambda user: Q(closed_at__isnull=True)),
                (
                    "closed",
                    pgettext_lazy("breach", "Closed"),
                    lambda user: Q(closed_at__isnull=False),
                ),
            ),
        ),
        by_choice(Breach, "risk"),
    )

    def label(self, record: Breach) -> str:
        first = record.nature.strip().partition("\n")[0]
        return first if len(first) <= 80 else f"{first[:79]}…"

    def show_nature(self, request: HttpRequest, record: Breach) -> str:
        return self.label(record) if "/change/" not in request.path else str(record.nature)

    def show_noted_by(self, request: HttpRequest, record: Breach) -> str:
        return str(record.noted_by.username)

    @display(description=_("affected, by the access log"))
    def affected(self, record: Breach) -> str:
        return str(affected_by([record]).get(record.pk, 0))

    def links(self, request: HttpRequest, record: Any) -> list[tuple[str, str]]:
        return [(_now("Clock and summary"), reverse("breaches:breach", args=[record.public_id]))]

    def closed(self, record: Breach) -> str:
        return _now("The breach is closed: it stays as it is.") if record.closed_at else ""

    def steps_for(self, request: HttpRequest, record: Breach) -> list[Step]:
        return [] if record.closed_at is not None else [_AFFECTED, _CLOSE]

    def create(self, request: HttpRequest, form: Any) -> Breach:
        return save_breach(breach=form.instance, by=staff_of(request))

    update = create

    def do_affected(self, request: HttpRequest, record: Breach, form: Any) -> Breach:
        note_affected(breach=record, looks=Looks(**form.cleaned_data))
        return record

    def do_close(self, request: HttpRequest, record: Breach, form: Any) -> Breach:
        return close_breach(breach=record)
