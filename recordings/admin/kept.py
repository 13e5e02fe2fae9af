"""Recordings and messages on the desk: that they exist, whom they concern, until when.

Nothing is opened here: the way to that is the record's own page, with a reason each time.
"""

from typing import Any
from uuid import UUID

from django.contrib.admin import display, register
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.admin_site import site
from accounts.register_admin import Step, staff_of
from accounts.register_forms import shown as shown_value
from accounts.register_lists import Narrowing, by_choice
from accounts.register_parts import Part
from customers.admin import CustomersAdmin, person_link, said
from customers.covering import must_cover, shown_detail
from customers.lookup import FoundKeys
from recordings.admin.asking import CorrectForm, HoldForm, PutRightForm
from recordings.list_forms import may_put_right
from recordings.models import (
    MessageConcerns,
    Quarantine,
    Reassignment,
    Recording,
    RecordingConcerns,
    RecordingHold,
    StoredMessage,
)
from recordings.services import Destroyed, place_hold, put_right, reassign
from recordings.shown import badges, clock, until


def _kept_ones(name: str) -> Narrowing:
    """Narrow to what can be opened, what is in quarantine, and what was destroyed."""
    return Narrowing(
        name,
        _("State"),
        (
            (
                "kept",
                pgettext_lazy("recordings", "Kept"),
                lambda user: Q(quarantined_at__isnull=True, destroyed_at__isnull=True),
            ),
            (
                "quarantine",
                _("In quarantine"),
                lambda user: Q(quarantined_at__isnull=False, destroyed_at__isnull=True),
            ),
            (
                "destroyed",
                pgettext_lazy("recordings", "Destroyed"),
                lambda user: Q(destroyed_at__isnull=False),
            ),
        ),
    )


_RIGHTS = {"hold": "recordings.add_recordinghold", "correct": "recordings.add_reassignment"}
"""What a step makes is what one needs the right to; of putting right the step itself tells."""


def _may_take(request: HttpRequest, step: Step) -> bool:
    right = _RIGHTS.get(step.name)
    return right is None or staff_of(request).has_perm(right)


class KeptAdmin(CustomersAdmin):
    """What recordings and messages have in common: steps, whom they concern, until when."""

    can_be_added = False
    concerns: type[RecordingConcerns | MessageConcerns]
    belongs_to = {"person": "concerns__person", "interaction": "interaction"}
    steps: tuple[Step, ...] = (
        Step("hold", _("Hold"), HoldForm),
        Step("correct", _("Correct whom it concerns"), CorrectForm),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        concerned: Any = self.concerns.objects.select_related("person")
        rows = super().get_queryset(request).with_holds()
        return rows.prefetch_related(Prefetch("concerns", concerned))

    def matching(self, keys: FoundKeys) -> Q:
        """What concerns the persons that were found."""
        name = self.model._meta.model_name
        field = "recording" if name == "recording" else "message"
        hers = self.concerns.objects.filter(
            **{field: OuterRef("pk")}, person__in=keys.persons or [0]
        )
        return Q(Exists(hers))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No field is changed by a form; who corrects or holds has the steps."""
        return any(map(staff_of(request).has_perm, _RIGHTS.values()))

    def step_view(self, step: Step, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Take a step, with the right to what it makes."""
        if not _may_take(request, step):
            raise PermissionDenied
        return super().step_view(step, request, public_id)

    def why_not(self, request: HttpRequest, record: Any) -> str:
        """A hold keeps, and a correction is what a restricted person may have asked for."""
        return ""

    def steps_for(self, request: HttpRequest, record: Any) -> list[Step]:
        if record.destroyed_at is not None:
            return []
        is_in_quarantine = record.quarantined_at is not None
        return [
            step
            for step in KeptAdmin.steps
            if _may_take(request, step) and not (step.name == "hold" and is_in_quarantine)
        ]

    def links(self, request: HttpRequest, record: Any) -> list[tuple[str, str]]:
        is_message = isinstance(record, StoredMessage)
        page = "recordings:message" if is_message else "recordings:recording"
        right = "recordings.read_storedmessage" if is_message else "recordings.play_recording"
        own = (
            [(_now("Open it, with a reason"), reverse(page, args=[record.public_id]))]
            if request.user.has_perm(right)
            else []
        )
        return [*own, *super().links(request, record)]

    @display(description=_("persons"))
    def persons(self, record: Any) -> str:
        """Shown by `show_persons`, which knows who asks."""
        return str(record.public_id)

    def show_persons(self, request: HttpRequest, record: Any) -> SafeString:
        """Whom it concerns, leading to their records."""
        persons = [one.person for one in record.concerns.all()]
        return format_html_join(", ", "{}", [(person_link(request, one),) for one in persons])

    @display(description=_("State"))
    def state(self, record: Any) -> SafeString:
        return format_html_join(
            " ",
            '<span class="badge badge-{}">{}</span>',
            [(badge.tone or "plain", badge.text) for badge in badges(record)],
        )

    @display(description=_("Kept at most until"))
    def kept_until(self, record: Any) -> str:
        return until(record)

    def do_hold(self, request: HttpRequest, record: Any, form: Any) -> RecordingHold:
        by = staff_of(request)
        hold: RecordingHold = _said(lambda: place_hold(record, by=by, **form.cleaned_data))
        return hold

    def do_correct(self, request: HttpRequest, record: Any, form: Any) -> Reassignment:
        by = staff_of(request)
        made: Reassignment = _said(lambda: reassign(record, by=by, **form.cleaned_data))
        return made


def _said(save: Any) -> Any:
    try:
        return said(save)
    except Destroyed:
        raise ValidationError(_now("It has been destroyed meanwhile.")) from None


_HOLD, _CORRECTION = ("placed_at", "reason", "until", "released_at"), ("made_at", "reason")
_STATE = ("due_on", "quarantined_at", "quarantine", "destroyed_at", "destroyed_by")


@register(Recording, site=site)
class RecordingAdmin(KeptAdmin):
    """Recordings of calls; put right here where their call record is missing."""

    concerns = RecordingConcerns
    list_display = (
        *("started_at", "medium", "persons", "caller_number", "line_number", "length"),
        *("kept_until", "state"),
    )
    reads = (
        *("public_id", "started_at", "medium", "caller_number", "line_number", "duration"),
        *_STATE,
    )
    loads = ("handled_by",)
    fields = ("started_at", "medium", "caller_number", "line_number", "handled_by", "informed_at")
    fixed = fields
    told = ("persons", "length", "format", "state", "kept_until", "quarantine", "destroyed_by")
    narrow_by = (_kept_ones("state"), by_choice(Recording, "medium"))
    steps = (*KeptAdmin.steps, Step("put-right", _("Put right"), PutRightForm))
    parts = (
        Part(RecordingHold, "recording", _HOLD, _HOLD),
        Part(Reassignment, "recording", _CORRECTION, _CORRECTION),
    )

    def label(self, record: Recording) -> str:
        return f"{record.get_medium_display()} {shown_value(record.started_at)}"

    def steps_for(self, request: HttpRequest, record: Recording) -> list[Step]:
        found = super().steps_for(request, record)
        is_open = record.quarantine == Quarantine.NO_RECORD and record.destroyed_at is None
        return [*found, self.steps[-1]] if is_open and may_put_right(staff_of(request)) else found

    def show_caller_number(self, request: HttpRequest, record: Recording) -> str:
        return shown_detail(record.caller_number, cover=must_cover(staff_of(request)))

    @display(description=_("length"))
    def length(self, record: Recording) -> str:
        return clock(record.duration)

    def do_put_right(self, request: HttpRequest, record: Recording, form: Any) -> Recording:
        if not may_put_right(staff_of(request)):
            raise ValidationError(_now("Only a registrar puts right what is in quarantine."))
        recording: Recording = _said(lambda: put_right(record, **form.cleaned_data))
        return recording


@register(StoredMessage, site=site)
class StoredMessageAdmin(KeptAdmin):
    """Stored messages: between whom, never what they say."""

    concerns = MessageConcerns
    list_display = ("sent_at", "kind", "persons", "sender", "attachments", "kept_until", "state")
    reads = ("public_id", "sent_at", "kind", "sender", "attachments", "interaction", *_STATE)
    fields = ("sent_at", "kind", "sender", "recipients", "attachments")
    fixed = fields
    told = ("persons", "state", "kept_until", "quarantine", "destroyed_by")
    narrow_by = (_kept_ones("state"), by_choice(StoredMessage, "kind"))
    parts = (
        Part(RecordingHold, "message", _HOLD, _HOLD),
        Part(Reassignment, "message", _CORRECTION, _CORRECTION),
    )

    def label(self, record: StoredMessage) -> str:
        return f"{record.get_kind_display()} {shown_value(record.sent_at)}"

    def show_sender(self, request: HttpRequest, record: StoredMessage) -> str:
        return shown_detail(record.sender, cover=must_cover(staff_of(request)))

    def show_recipients(self, request: HttpRequest, record: StoredMessage) -> str:
        cover = must_cover(staff_of(request))
        return ", ".join(shown_detail(one, cover=cover) for one in record.recipients)
