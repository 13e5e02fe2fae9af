"""Logging a contact in one step, with the identity checklist, and closing an open matter."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from customers.free_text import refuse_identity_codes
from customers.models import Customer, IdentityCheck, Interaction, Person

SALT = "caller_lookup.log_contact"

SUBJECTS = (
    _("Question about an invoice"),
    _("Due date of an invoice"),
    _("Fault in a service"),
    _("Delivery of an order"),
    _("New order"),
    _("Question about a contract"),
    _("Termination"),
    _("Change of contact details"),
    _("Marketing permissions"),
    _("Data-subject request"),
)
"""What calls are mostly about: offered while typing, and anything else may be typed."""

_CHECK = "check_"


class LogContactForm(forms.Form):
    """One contact with the person, as the agent notes it while she is on the line.

    The signed token says whose form it is and which public ID its contact gets, so that the same
    form sent again is the same contact (promise 8).
    """

    token = forms.CharField(widget=forms.HiddenInput)
    channel = forms.ChoiceField(
        label=_("Channel"),
        choices=Interaction.Channel.choices,
        initial=Interaction.Channel.PHONE,
    )
    direction = forms.ChoiceField(
        label=_("Direction"),
        choices=Interaction.Direction.choices,
        initial=Interaction.Direction.INBOUND,
    )
    customer = forms.ChoiceField(label=_("On behalf of"), required=False)
    subject = forms.CharField(
        label=_("Subject"),
        max_length=200,
        widget=forms.TextInput(attrs={"list": "log-subjects", "autocomplete": "off"}),
    )
    summary = forms.CharField(
        label=_("Summary"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        required=False,
        choices=[("", _("Choose")), *Interaction.Outcome.choices],
    )
    state = forms.ChoiceField(
        label=_("The matter is"),
        choices=[("closed", pgettext_lazy("a matter", "Closed")), ("open", _("Left open"))],
        initial="closed",
        widget=forms.RadioSelect,
    )

    def __init__(
        self, data: Any = None, *, person: Person, user: User, customers: Sequence[Customer]
    ) -> None:
        self._whose = {"person": str(person.public_id), "user": user.pk}
        self._customers = {str(customer.public_id): customer for customer in customers}
        in_force = [key for key, one in self._customers.items() if not one.has_ended]
        super().__init__(
            data,
            auto_id="log_%s",
            initial={"token": self._token(), "customer": in_force[0] if len(in_force) == 1 else ""},
        )
        choice: Any = self.fields["customer"]
        choice.choices = [
            ("", pgettext_lazy("on behalf of", "Nobody but herself")),
            *(
                (key, f"{one.company_name or one.get_kind_display()} · {one.number}")
                for key, one in self._customers.items()
            ),
        ]
        # In words of her language now: translated again for each question, they took longer.
        answers = [("", _now("Not asked")), ("yes", _now("Matched")), ("no", _now("No match"))]
        for question in IdentityCheck.Question:
            self.fields[f"{_CHECK}{question.value}"] = forms.ChoiceField(
                label=question.label,
                required=False,
                choices=answers,
                widget=forms.RadioSelect,
            )

    def _token(self) -> str:
        return signing.dumps({**self._whose, "contact": str(uuid4())}, salt=SALT)

    def checklist(self) -> Iterator[BoundField]:
        """The fields of the identity checklist."""
        return (self[name] for name in self.fields if name.startswith(_CHECK))

    def subjects(self) -> Sequence[Any]:
        """Suggestions for the subject."""
        return SUBJECTS

    def clean_token(self) -> UUID:
        """The public ID that the contact gets; only from a form of this user for this person."""
        try:
            said = signing.loads(self.cleaned_data["token"], salt=SALT)
        except signing.BadSignature:
            said = {}
        if not isinstance(said, dict) or {k: said.get(k) for k in self._whose} != self._whose:
            raise ValidationError(_("This form is not of this card. Save it once more."))
        return UUID(said["contact"])

    def clean_customer(self) -> Customer | None:
        return self._customers.get(self.cleaned_data["customer"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("state") == "closed" and not data.get("outcome"):
            self.add_error("outcome", _("Say what came of it, or leave the matter open."))
        try:
            refuse_identity_codes(
                **{name: data[name] for name in ("subject", "summary") if name in data}
            )
        except ValidationError as error:
            self.add_error(None, error)
        if "token" in self.errors:
            self._become_another()
        return data

    def refuse(self, why: str | Promise) -> None:
        """Say why what was typed is not saved; saved once more, it is another contact."""
        self.add_error(None, str(why))
        self._become_another()

    def _become_another(self) -> None:
        """What was typed stays; the form gets a token of its own."""
        typed: Any = self.data
        self.data = typed = typed.copy()
        typed["token"] = self._token()

    def answers(self) -> dict[str, bool]:
        """What was asked, by question, and whether the answer matched."""
        return {
            question.value: said == "yes"
            for question in IdentityCheck.Question
            if (said := self.cleaned_data[f"{_CHECK}{question.value}"])
        }


class CloseMatterForm(forms.Form):
    """What came of an open matter."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=Interaction.Outcome.choices,
        initial=Interaction.Outcome.RESOLVED,
    )
