"""The forms of the workspace beside the steps: a new request, the list, and papers of a file."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from customers.models import Restriction
from customers.once_forms import OnceForm
from privacy.letters import Writing, fitting
from privacy.models import RequestLetter, SubjectRequest
from privacy.states import OPEN, State
from privacy.step_forms import (
    PersonField,
    WhoAsksForm,
    day_field,
    person_of,
    registrars,
    text_field,
)
from privacy.uploads import too_large


class OpenForm(WhoAsksForm, OnceForm):
    """A request as it reached us, by whatever way (S34)."""

    kind = forms.ChoiceField(label=_("What is asked for"), choices=SubjectRequest.Kind.choices)
    channel = forms.ChoiceField(
        label=_("How it came"),
        choices=SubjectRequest.Channel.choices,
        help_text=_("Every way will do, and a signature is not needed."),
    )
    received_on = day_field(
        _("Received"), help_text=_("The day on which it reached us, also on a weekend.")
    )
    person = PersonField(
        required=False, help_text=_("Empty if nobody is found by what the request says.")
    )
    field_order = ("kind", "channel", "received_on", "person", *WhoAsksForm.base_fields)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        self.initial["received_on"] = timezone.localdate()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "person" in data:
            data["person"] = person_of(data["person"], self._user)
        return data


ANYBODY, MINE, NOBODY = "", "mine", "nobody"


class FilterForm(forms.Form):
    """What the list is narrowed by; nothing of it says who somebody is."""

    kind = forms.ChoiceField(
        label=_("What is asked for"),
        required=False,
        choices=[("", pgettext_lazy("requests", "All")), *SubjectRequest.Kind.choices],
    )
    state = forms.ChoiceField(label=_("State"), required=False)
    handler = forms.ChoiceField(label=_("Handler"), required=False)

    def __init__(self, *args: Any, is_open: bool, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        states = [state for state in State if (state in OPEN) == is_open]
        choices: Any = self.fields["state"]
        choices.choices = [
            ("", pgettext_lazy("requests", "All")),
            *((state.value, state.label) for state in states),
        ]
        handlers: Any = self.fields["handler"]
        handlers.choices = [
            (ANYBODY, pgettext_lazy("requests", "All")),
            (MINE, _("Mine")),
            (NOBODY, _("Nobody yet")),
            *((str(one.pk), one.display_name or one.username) for one in registrars()),
        ]

    def narrow(self, rows: Any, user: User) -> Any:
        """The rows that the valid form asks for; what is not valid narrows nothing."""
        data = self.cleaned_data
        if data.get("kind"):
            rows = rows.filter(kind=data["kind"])
        if data.get("state"):
            rows = rows.filter(state=data["state"])
        handler = data.get("handler", ANYBODY)
        if handler == MINE:
            rows = rows.filter(handler=user)
        elif handler == NOBODY:
            rows = rows.filter(handler__isnull=True)
        elif handler:
            rows = rows.filter(handler=int(handler))
        return rows


# --- papers ---------------------------------------------------------------------------------------


class NoteForm(OnceForm):
    """A note in the file."""

    text = text_field(_("Note"), 4000)


class TaskForm(OnceForm):
    """Something to be done."""

    what = forms.CharField(label=_("What is to be done"), max_length=200)
    due_on = day_field(_("Until"), required=False)


class AttachForm(OnceForm):
    """A paper that came with the request."""

    title = forms.CharField(
        label=_("What it is"), max_length=200, help_text=_("As in: letter, authorisation.")
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, JPEG, PNG or plain text, 10 MB at most."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.txt"}),
    )
    is_identity_document = forms.BooleanField(
        label=_("Copy of an identity document"),
        required=False,
        help_text=_("Destroyed as soon as it is sure who asks."),
    )

    def __init__(self, *args: Any, length: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if length > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:  # then it was not taken in at all
            self.fields["file"].error_messages["required"] = too_large()


class LetterForm(OnceForm):
    """A letter from a template, with words of one's own."""

    template = forms.ChoiceField(label=_("Letter"))
    words = text_field(
        _("Own words"),
        2000,
        required=False,
        help_text=_("A paragraph in the letter's language; the rest comes from the template."),
    )
    restriction = forms.TypedChoiceField(
        label=_("Which restriction ends"),
        coerce=UUID,
        empty_value=None,
        required=False,
        help_text=_("For that notice alone."),
    )
    ends_on = day_field(
        _("The restriction ends on"), required=False, help_text=_("For that notice alone.")
    )

    def __init__(self, *args: Any, case: SubjectRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fits = fitting(case)
        field: Any = self.fields["template"]
        field.choices = [(one.value, one.label) for one in self.fits]
        if RequestLetter.Template.LIFTING not in self.fits:
            del self.fields["ends_on"], self.fields["restriction"]
            return
        ending: Any = self.fields["restriction"]
        in_force = Restriction.objects.filter(person=case.person_id).in_force().order_by("pk")
        ending.choices = [
            ("", "–"),
            *((str(one.public_id), one.get_ground_display()) for one in in_force),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("template") != RequestLetter.Template.LIFTING:
            data["restriction"] = data["ends_on"] = None
            return data
        if not data.get("restriction") and "restriction" not in self.errors:
            self.add_error("restriction", _("Say which restriction ends."))
        if not data.get("ends_on") and "ends_on" not in self.errors:
            self.add_error("ends_on", _("Say when the restriction ends."))
        return data

    def writing(self) -> Writing:
        """What the valid form adds to the letter."""
        data = self.cleaned_data
        return Writing(
            words=data["words"], restriction=data["restriction"], ends_on=data["ends_on"]
        )


class SentForm(forms.Form):
    """When a letter went out."""

    sent_on = day_field(_("Sent"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.initial["sent_on"] = timezone.localdate()
