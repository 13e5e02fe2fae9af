"""What each step of a request asks; every form knows the request as it was when it was opened."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from customers.models import Language, Person
from customers.once_forms import OnceForm
from customers.services.errors import SavedBefore
from privacy.models import SubjectRequest
from privacy.needed import told_on

UNPROCESSABLE, CONFLICT = 422, 409
_DAYS = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2999, 12, 31))]


def day_field(label: Any, **more: Any) -> forms.DateField:
    """A day, written by hand or chosen."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=_DAYS,
        **more,
    )


def text_field(label: Any, longest: int, rows: int = 3, **more: Any) -> forms.CharField:
    """A few lines of text."""
    return forms.CharField(
        label=label, max_length=longest, widget=forms.Textarea(attrs={"rows": rows}), **more
    )


class PersonField(forms.UUIDField):
    """A person, chosen by searching for her; the address bar never sees what was typed."""

    widget = forms.TextInput

    def __init__(self, **more: Any) -> None:
        super().__init__(label=_("Person"), **more)


def person_of(public_id: Any, user: User) -> Person | None:
    """The person with this ID, as far as the user may see persons."""
    if public_id is None:
        return None
    found: Person | None = Person.objects.visible_to(user).filter(public_id=public_id).first()
    if found is None:
        raise ValidationError({"person": _("There is no such person.")})
    return found


class WhoAsksForm(forms.Form):
    """Who asks, for whom, about how much, and how she is answered (S34)."""

    requester_name = forms.CharField(
        label=_("Name in the request"),
        max_length=200,
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )
    answer_to = text_field(_("Where the answer goes"), 500, help_text=_("An address or e-mail."))
    language = forms.ChoiceField(label=_("Language of the answer"), choices=Language.choices)
    representative = forms.CharField(
        label=_("Representative"),
        max_length=200,
        required=False,
        help_text=_("Who asks on her behalf, if she does not ask herself."),
    )
    authorisation = forms.CharField(
        label=_("Authorisation"),
        max_length=200,
        required=False,
        help_text=_("How the representative showed that he may ask."),
    )
    scope = text_field(
        _("Limited to"),
        2000,
        rows=2,
        required=False,
        help_text=_("Only if she limits it herself: otherwise it is about everything."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("representative")) != bool(data.get("authorisation")):
            name = "authorisation" if data.get("representative") else "representative"
            self.add_error(name, _("A representative needs an authorisation."))
        return data


class TakingForm(forms.Form):
    """The base: the request's `changed_at` as it was shown, and how errors come back."""

    seen_at = forms.DateTimeField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, case: SubjectRequest, user: User, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.case, self.user = case, user
        self.initial.setdefault("seen_at", case.changed_at.isoformat())
        self.prepare()

    def prepare(self) -> None:
        """Fill in what the request itself says."""

    def see_again(self, case: SubjectRequest) -> None:
        """Go on from the request as it is now, keeping what was typed."""
        data: Any = self.data
        self.data = data = data.copy()
        data["seen_at"] = case.changed_at.isoformat()

    def take(self, error: ValidationError) -> None:
        """Show what a service refused at the field, or above the form."""
        take(self, error)


def refused(
    form: Any,
    error: ValidationError | SavedBefore,
    show: Callable[[Any, ValidationError], None] | None = None,
) -> int:
    """Show on a form why a service refused it (by `show`; else `take`); returns the status.

    What was typed stays, for a record of its own where another was made with this form's key.
    """
    if isinstance(error, SavedBefore):
        if isinstance(form, OnceForm):
            form.begin_anew()
        form.add_error(None, _("This form was sent before, with something else in it."))
        return CONFLICT
    (show or take)(form, error)
    return UNPROCESSABLE


def take(form: forms.Form, error: ValidationError) -> None:
    """Show what a service refused at its field, or above the form where it has none."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


class NothingForm(TakingForm):
    """A step that needs nothing but to be taken."""


class WhoseForm(TakingForm):
    """Whose data it is about."""

    person = PersonField(
        required=False,
        help_text=_("Empty: we know nobody by what the request says."),
    )

    def prepare(self) -> None:
        if self.case.person is not None:
            self.initial["person"] = self.case.person.public_id


class HandlerForm(TakingForm):
    """Which registrar answers for it."""

    handler = forms.ModelChoiceField(queryset=User.objects.none(), label=_("Handler"))

    def prepare(self) -> None:
        field: Any = self.fields["handler"]
        field.queryset = registrars()
        field.label_from_instance = lambda one: one.display_name or one.username
        self.initial["handler"] = self.case.handler_id or self.user.pk


def registrars() -> Any:
    """The registrars in use, by name."""
    return (
        User.objects.with_role(Role.REGISTRAR)
        .filter(is_active=True)
        .order_by("family_name", "given_name", "username")
    )


class AskIdentityForm(TakingForm):
    """Why it is reasonable to doubt who asks, and when she was asked."""

    doubt = forms.CharField(
        label=_("Why is it not sure who asks?"),
        max_length=300,
        help_text=_("Only a reasonable doubt stops the clock (GDPR Art. 12(6))."),
    )
    asked_on = day_field(_("Asked on"))

    def prepare(self) -> None:
        self.initial["asked_on"] = timezone.localdate()


class IdentifyForm(TakingForm):
    """How it was made sure who asks."""

    method = forms.ChoiceField(
        label=_("How was it made sure?"),
        choices=SubjectRequest.Identified.choices,
        widget=forms.RadioSelect,
    )
    answered_on = day_field(
        _("She answered on"), help_text=_("From this day on the clock runs again.")
    )

    def prepare(self) -> None:
        self.initial["answered_on"] = timezone.localdate()
        if self.case.state != "identifying":
            del self.fields["answered_on"]


class GoOnForm(TakingForm):
    """The clock runs again, though it is not sure yet who asks."""

    answered_on = day_field(_("She answered on"))
    reason = text_field(_("Why does it go on?"), 1000)

    def prepare(self) -> None:
        self.initial["answered_on"] = timezone.localdate()


class ExtendForm(TakingForm):
    """Why two months more are needed."""

    reason = text_field(
        _("The reasons"),
        1000,
        help_text=_(
            "Complexity or number of requests, in her language: it stands in the letter to her."
        ),
    )


class CorrectForm(WhoAsksForm, TakingForm):
    """What was noted of who asks and of how to answer."""

    def prepare(self) -> None:
        for name in WhoAsksForm.base_fields:
            self.initial[name] = getattr(self.case, name)


class AnswerForm(TakingForm):
    """When the answer went out."""

    answered_on = day_field(_("The answer went out on"))

    def prepare(self) -> None:
        self.initial["answered_on"] = told_on(self.case) or timezone.localdate()


class WithdrawForm(TakingForm):
    """When she took it back, and how she said so."""

    withdrawn_on = day_field(_("She took it back on"))
    how = forms.CharField(
        label=_("How she said so"),
        max_length=300,
        help_text=_("As in: by telephone, from the number that we know."),
    )

    def prepare(self) -> None:
        self.initial["withdrawn_on"] = timezone.localdate()


class RefuseForm(TakingForm):
    """On which ground, and why."""

    ground = forms.ChoiceField(
        label=_("The ground"), choices=[("", "–"), *SubjectRequest.Refusal.choices]
    )
    reasons = text_field(
        _("The reasons"), 2000, help_text=_("In her language: they stand in the letter to her.")
    )

    def prepare(self) -> None:
        self.initial["ground"] = self.case.refusal
        self.initial["reasons"] = self.case.refusal_reason
