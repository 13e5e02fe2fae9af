"""The forms of decisions in a request; each knows the last decision that its page showed."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.models import Restriction
from customers.once_forms import OnceForm
from datamap.declarations import registry
from datamap.vocabulary import Category, LawfulBasis, Purpose
from datamap.words import uses_of
from privacy.correctable import Value
from privacy.held import Held
from privacy.models import ErasureDecision, RecipientNotice
from privacy.services.decisions import ERASING
from privacy.step_forms import day_field, take, text_field

Ground = ErasureDecision.Ground
YES, NO = "yes", "no"


def yes_or_no(label: Any, yes: Any, no: Any, **more: Any) -> forms.TypedChoiceField:
    """A question with two answers, neither of them chosen before."""
    return forms.TypedChoiceField(
        label=label,
        choices=[(YES, yes), (NO, no)],
        coerce=lambda value: value == YES,
        empty_value=None,
        widget=forms.RadioSelect,
        **more,
    )


class DecisionForm(OnceForm):
    """The base: a decision that is made once, and the last one before it as it was seen."""

    seen_last = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, last: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.see(last)

    def see(self, last: Any) -> None:
        """Go on from the decision that is the last one now, keeping what was typed."""
        seen = "" if last is None else str(last.public_id)
        if self.is_bound and last is None:
            return
        _put(self, "seen_last", seen)

    def take(self, error: ValidationError) -> None:
        """Show what a service refused at its field, or above the form."""
        take(self, error)


def _put(form: forms.Form, name: str, value: str) -> None:
    """Put a hidden value into a form, filled in or not."""
    if form.is_bound:
        data: Any = form.data
        form.data = data = data.copy()
        data[name] = value
    else:
        form.initial[name] = value


class _AcceptingForm(OnceForm):
    """The base: whether we agree, and why not."""

    reason = text_field(_("Reason"), 1000, 2, required=False, help_text=_("Needed to refuse."))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("is_accepted") is False and not data.get("reason"):
            self.add_error("reason", _("A refusal needs its reasons."))
        return data

    def take(self, error: ValidationError) -> None:
        """Show what a service refused at its field, or above the form."""
        take(self, error)


class CompleteForm(_AcceptingForm):
    """What she says is missing, and whether it is kept beside her data."""

    statement = text_field(
        _("What is missing"), 2000, help_text=_("In her own words, as it is to be kept (Art. 16).")
    )
    is_accepted = yes_or_no(
        _("Decision"),
        _("Accepted: keep it beside her data"),
        _("Refused: it is not added"),
    )
    field_order = ("statement", "is_accepted", "reason")


class RectifyForm(_AcceptingForm):
    """What she says is right instead, and whether we agree."""

    seen_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)
    statement = text_field(
        _("Supplementary statement"),
        2000,
        2,
        required=False,
        help_text=_("What she adds in her own words; it is kept beside the value (Art. 16)."),
    )

    def __init__(self, *args: Any, value: Value, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_value"] = _field_of(value)
        self.fields["is_accepted"] = yes_or_no(
            _("Decision"),
            _("Accepted: put it right now")
            if value.is_written
            else _("Accepted: somebody puts it right by hand"),
            _("Refused: it stays as it is"),
        )
        self.order_fields(["new_value", "is_accepted", "reason", "statement"])
        if value.changed_at is not None:
            self.initial["seen_at"] = value.changed_at.isoformat()

    def see(self, value: Value) -> None:
        """Go on from the record as it is now, keeping what was typed."""
        if value.changed_at is not None:
            _put(self, "seen_at", value.changed_at.isoformat())


def _field_of(value: Value) -> Any:
    """The field of the value itself where a service writes it; else what is to be written there."""
    if not value.is_written:
        return text_field(_("What she says is right"), 2000, 2)
    model_field: Any = value.record._meta.get_field(value.field)
    field = model_field.formfield()
    field.label, field.help_text, field.initial = _("What she says is right"), "", None
    return field


class RestrictForm(forms.Form):
    """On which ground her data is restricted."""

    ground = forms.ChoiceField(
        label=_("The ground"), choices=Restriction.Ground.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


def objectionable() -> list[tuple[str, str]]:
    """The purposes that one can object to: marketing, and what rests on a legitimate interest."""
    weighed = {
        use.purpose
        for declared in registry
        for use in uses_of(declared)
        if use.basis is LawfulBasis.LEGITIMATE_INTEREST
    }
    return [(one.value, str(one.label)) for one in Purpose if one in weighed | {Purpose.MARKETING}]


class ObjectionForm(DecisionForm):
    """What she objects to, why, and how it was weighed."""

    purpose = forms.ChoiceField(label=_("What she objects to"))
    grounds = text_field(
        _("Her grounds"), 2000, required=False, help_text=_("Her particular situation, if she says")
    )
    is_upheld = yes_or_no(
        _("Decision"),
        _("Upheld: this use stops"),
        _("Not upheld: our grounds are compelling"),
        required=False,
    )
    weighing = text_field(
        _("How it was weighed"),
        2000,
        required=False,
        help_text=_("Our compelling grounds against hers. Nothing is weighed for marketing."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        purposes: Any = self.fields["purpose"]
        purposes.choices = [("", "–"), *objectionable()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("purpose") and data["purpose"] != Purpose.MARKETING:
            if data.get("is_upheld") is None:
                self.add_error("is_upheld", _("Decide whether it is upheld."))
            if not data.get("weighing"):
                self.add_error("weighing", _("Write down how it was weighed."))
        data["is_upheld"] = bool(data.get("is_upheld"))
        return data


_GOES = [(ground.value, ground.label) for ground in Ground if ground in ERASING]
_STAYS = [(ground.value, ground.label) for ground in Ground if ground not in ERASING]
_GROUNDS: list[Any] = [
    ("", "–"),
    (pgettext_lazy("data", "It is erased"), _GOES),
    (pgettext_lazy("data", "It stays"), _STAYS),
]


class ErasureForm(forms.Form):
    """A ground for each category that is held, and a reason in words."""

    seen_last = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        held: list[Held],
        decided: Mapping[Category, ErasureDecision],
        last: ErasureDecision | None,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.held, self.decided = held, decided
        for one in held:
            self._add(one)
        if last is not None:
            self.initial["seen_last"] = last.public_id

    def _add(self, one: Held) -> None:
        name, before = one.category.value, self.decided.get(one.category)
        proposed = Ground.KEPT_BY_LAW.value if one.is_duty else ""
        self.fields[f"{name}_ground"] = forms.ChoiceField(
            label=_("Decision"),
            choices=_GROUNDS,
            required=False,
            initial=before.ground if before else proposed,
        )
        self.fields[f"{name}_reason"] = forms.CharField(
            label=_("Reason, in words"),
            max_length=1000,
            required=False,
            initial=before.reason if before else "",
        )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each category with its fields and the newest decision."""
        return [
            {
                "held": one,
                "ground": self[f"{one.category.value}_ground"],
                "reason": self[f"{one.category.value}_reason"],
                "before": self.decided.get(one.category),
            }
            for one in self.held
        ]

    def see(self, last: ErasureDecision) -> None:
        """Go on from the decisions as they are now, keeping what was chosen."""
        _put(self, "seen_last", str(last.public_id))

    def chosen(self) -> dict[Category, tuple[str, str]]:
        """What the valid form decides; a category without a ground is left open."""
        data = self.cleaned_data
        return {
            one.category: (ground, data[f"{one.category.value}_reason"])
            for one in self.held
            if (ground := data[f"{one.category.value}_ground"])
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for one in self.held:
            name = one.category.value
            ground = f"{name}_ground"
            if data.get(f"{name}_reason") and not data.get(ground):
                self.add_error(ground, _("Choose the decision that the reason is for."))
        return data

    def take(self, error: ValidationError) -> None:
        """Show what the service refused above the form."""
        self.add_error(None, error.messages)


class StaffNamesForm(DecisionForm):
    """Whether the report names the staff who looked."""

    names_staff = yes_or_no(
        _("Decision"),
        _("The report names them"),
        _("The report does not name them"),
    )
    weighing = text_field(
        _("How it was weighed"),
        2000,
        help_text=_("Why she needs the names, and what speaks for the staff."),
    )


class ToldForm(forms.Form):
    """When a recipient was told, or why he is not."""

    seen_at = forms.DateTimeField(widget=forms.HiddenInput)
    told_on = day_field(_("Told on"), required=False)
    not_told_because = text_field(
        _("Not told because"),
        500,
        2,
        required=False,
        help_text=_("Only where telling him is impossible or out of proportion (Art. 19)."),
    )

    def __init__(self, *args: Any, notice: RecipientNotice, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.initial["told_on"] = notice.told_on or timezone.localdate()
        self.initial["not_told_because"] = notice.not_told_because
        if notice.not_told_because:
            self.initial["told_on"] = None
        self.initial["seen_at"] = notice.changed_at.isoformat()

    def see(self, notice: RecipientNotice) -> None:
        """Go on from the notice as it is now, keeping what was typed."""
        _put(self, "seen_at", notice.changed_at.isoformat())

    def take(self, error: ValidationError) -> None:
        """Show what a service refused at its field, or above the form."""
        take(self, error)
