"""Opening what a recording or a message holds: never without right, state and reason (S10, S12).

Opening is `play` in the log, of a recording and of a message alike: a row for each person whom it
concerns, with the purpose and the reason, in the transaction that gives the content out.
"""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from audit.context import AccessPurpose, require
from audit.log import Action, Event
from customers.free_text import holds_identity_code
from customers.models import Person, Restriction
from datamap.vocabulary import Category
from recordings.models import Recording, StoredMessage

SHORTEST_REASON, LONGEST_REASON = 5, 200

PURPOSES = (
    AccessPurpose.VERIFICATION,
    AccessPurpose.PROBLEM_SOLVING,
    AccessPurpose.SUBJECT_REQUEST,
)
"""What a recording may be opened for (domain S10)."""


class ReasonForm(forms.Form):
    """What for and why: asked each time, and kept in the log for good, so it names nobody."""

    purpose = forms.ChoiceField(
        label=_("What for?"),
        choices=[(purpose.value, purpose.label) for purpose in PURPOSES],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Why?"),
        min_length=SHORTEST_REASON,
        max_length=LONGEST_REASON,
        strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("It stands in the access log: a number of a case or a few words, no names."),
        error_messages={"min_length": _("Say it in a few words.")},
    )

    def __init__(self, *args: Any, persons: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._persons = persons

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if holds_identity_code(reason):
            raise ValidationError(_("The log holds no personal identity code: leave it out."))
        words = {word.strip(".,:;()\"'").casefold() for word in reason.split()}
        names = {
            part.casefold()
            for person in self._persons
            for part in f"{person.first_name} {person.last_name}".split()
        }
        if "@" in reason or words & names:
            raise ValidationError(_("The log names nobody: leave names and addresses out."))
        return reason

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        purpose = data.get("purpose")
        if purpose and purpose != AccessPurpose.SUBJECT_REQUEST and are_restricted(self._persons):
            self.add_error(
                "purpose",
                _("The data is only stored (GDPR Art. 18): it is opened for her request alone."),
            )
        return data


def persons_in(record: Recording | StoredMessage) -> list[Person]:
    """Whom it concerns."""
    concerns = record.concerns.select_related("person").order_by("person_id")
    return [one.person for one in concerns]


def are_restricted(persons: Sequence[Person]) -> bool:
    """Whether the processing of any of them is restricted."""
    return Restriction.objects.filter(person__in=persons).in_force().exists()


def why_closed(record: Recording | StoredMessage) -> str:
    """Why nobody can open it, in a sentence; empty if it can be opened."""
    if record.destroyed_at is not None:
        return _now("It has been destroyed: only this line is left of it.")
    if record.quarantined_at is not None:
        return _now("It is in quarantine and cannot be opened: %(why)s.") % {
            "why": record.get_quarantine_display()
        }
    if isinstance(record, Recording) and record.format == Recording.Format.UNKNOWN:
        return _now("Its format is not known, so it cannot be played.")
    return ""


def record_opening(
    record: Recording | StoredMessage, persons: Sequence[Person], *, purpose: str, reason: str
) -> None:
    """Put into the log that it is opened, what for and why; the answer leaves after the commit."""
    context = require()
    context.purpose, context.reason = AccessPurpose(purpose), reason
    kind = ContentType.objects.get_for_model(record).pk
    keys: list[int | None] = [person.pk for person in persons]
    for person in keys or [None]:
        context.record(
            Event(
                Action.PLAY,
                person=person,
                categories=(Category.RECORDINGS.value,),
                content_type=kind,
                object_id=record.pk,
            )
        )
