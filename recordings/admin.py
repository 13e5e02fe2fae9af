"""Recordings and messages on the staff's desk: that they exist, their holds and corrections.

Nothing is opened here: the way to that is the record's own page, with a reason each time.
"""

from typing import Any

from django import forms
from django.contrib.admin import display, register
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.admin_site import site
from accounts.register_admin import Step, StepForm, record_address, staff_of
from accounts.register_forms import WIDGETS, OneOfField
from accounts.register_forms import shown as shown_value
from accounts.register_lists import Narrowing, by_choice
from accounts.register_parts import Part
from customers.admin import CustomersAdmin, person_link, said
from customers.covering import must_cover, shown_detail
from customers.lookup import FoundKeys
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
from recordings.services import Destroyed, place_hold, put_right, reassign, release_hold
from recordings.shown import badges, clock, until

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


class KeptAdmin(CustomersAdmin):
    """What recordings and messages have in common: steps, whom they concern, until when."""

    can_be_added = False
    concerns: type[RecordingConcerns | MessageConcerns]
    belongs_to = {"person": "concerns__person", "interaction": "interaction"}
    steps = (
        Step("hold", _("Hold"), HoldForm),
        Step("correct", _("Correct whom it concerns"), CorrectForm),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).with_holds()

    def matching(self, keys: FoundKeys) -> Q:
        """What concerns the persons that were found."""
        name = self.model._meta.model_name
        field = "recording" if name == "recording" else "message"
        hers = self.concerns.objects.filter(
            **{field: OuterRef("pk")}, person__in=keys.persons or [0]
        )
        return Q(Exists(hers))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No field is changed by a form; who corrects and holds has the steps."""
        return request.user.has_perm("recordings.add_reassignment")

    def why_not(self, request: HttpRequest, record: Any) -> str:
        """A hold keeps, and a correction is what a restricted person may have asked for."""
        return ""

    def steps_for(self, request: HttpRequest, record: Any) -> list[Step]:
        if record.destroyed_at is not None:
            return []
        steps = list(KeptAdmin.steps)
        return steps[1:] if record.quarantined_at is not None else steps

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
        persons = [one.person for one in record.concerns.select_related("person")]
        return format_html_join(", ", "{}", [(person_link(request, one),) for one in persons])

    @display(description=_("State"))
    def state(self, record: Any) -> SafeString:
        return format_html_join(
            " ",
            '<span class="badge badge-{}">{}</span>',
            [(badge.tone or "plain", badge.text) for badge in badges(record)],
        )

    @display(description=_("Kept until"))
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


_STATE = ("due_on", "quarantined_at", "quarantine", "destroyed_at", "destroyed_by")


@register(Recording, site=site)
class RecordingAdmin(KeptAdmin):
    """Recordings of calls; put right here where their call record is missing."""

    concerns = RecordingConcerns
    list_display = ("started_at", "medium", "caller_number", "line_number", "length", "kept_until")
    list_display = (*list_display, "state")
    reads = ("public_id", "started_at", "medium", "caller_number", "line_number", "duration")
    reads = (*reads, *_STATE)
    loads = ("handled_by",)
    fields = ("started_at", "medium", "caller_number", "line_number", "handled_by", "informed_at")
    fixed = fields
    told = ("persons", "length", "format", "state", "kept_until", "quarantine", "destroyed_by")
    narrow_by = (_kept_ones("state"), by_choice(Recording, "medium"))
    steps = (*KeptAdmin.steps, Step("put-right", _("Put right"), PutRightForm))
    parts = (
        Part(
            RecordingHold,
            "recording",
            ("reason", "until", "released_at"),
            ("reason", "until", "released_at"),
        ),
        Part(Reassignment, "recording", ("made_at", "reason"), ("made_at", "reason")),
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
    list_display = ("sent_at", "kind", "sender", "attachments", "kept_until", "state")
    reads = ("public_id", "sent_at", "kind", "sender", "attachments", "interaction", *_STATE)
    fields = ("sent_at", "kind", "sender", "recipients", "attachments")
    fixed = fields
    told = ("persons", "state", "kept_until", "quarantine", "destroyed_by")
    narrow_by = (_kept_ones("state"), by_choice(StoredMessage, "kind"))
    parts = (
        Part(
            RecordingHold,
            "message",
            ("reason", "until", "released_at"),
            ("reason", "until", "released_at"),
        ),
        Part(Reassignment, "message", ("made_at", "reason"), ("made_at", "reason")),
    )

    def label(self, record: StoredMessage) -> str:
        return f"{record.get_kind_display()} {shown_value(record.sent_at)}"

    def show_sender(self, request: HttpRequest, record: StoredMessage) -> str:
        return shown_detail(record.sender, cover=must_cover(staff_of(request)))

    def show_recipients(self, request: HttpRequest, record: StoredMessage) -> str:
        cover = must_cover(staff_of(request))
        return ", ".join(shown_detail(one, cover=cover) for one in record.recipients)


class CareAdmin(CustomersAdmin):
    """What is done with one recording or one message; done from its page."""

    search_label = ""
    can_be_added = False
    belongs_to = {"recording": "recording", "storedmessage": "message"}

    def why_not(self, request: HttpRequest, record: Any) -> str:
        return ""

    def show_recording(self, request: HttpRequest, record: Any) -> SafeString | str:
        return _way_to(record.recording)

    def show_message(self, request: HttpRequest, record: Any) -> SafeString | str:
        return _way_to(record.message)


def _way_to(record: Any) -> SafeString | str:
    if record is None:
        return ""
    name = f"admin:{record._meta.label_lower.replace('.', '_')}_change"
    address = record_address(name, record.public_id)
    return format_html_join("", '<a href="{}">{}</a>', [(address, record._meta.verbose_name)])


@register(RecordingHold, site=site)
class RecordingHoldAdmin(CareAdmin):
    """Holds of recordings and messages: given another last day, and released."""

    list_display = ("placed_at", "reason", "recording", "message", "until", "released_at")
    list_select_related = ("recording", "message")
    reads = (
        *("public_id", "placed_at", "reason", "until", "released_at"),
        *("recording", "recording__public_id", "message", "message__public_id"),
    )
    loads = ("recording", "message", "placed_by", "released_by")
    fields = ("recording", "message", "reason", "until")
    fixed = ("recording", "message", "reason")
    told = ("placed_at", "placed_by", "released_at", "released_by")
    narrow_by = (
        Narrowing(
            "state",
            _("State"),
            (
                (
                    "open",
                    pgettext_lazy("records", "In force"),
                    lambda user: (
                        Q(released_at__isnull=True)
                        & (Q(until__isnull=True) | Q(until__gte=timezone.localdate()))
                    ),
                ),
            ),
        ),
    )
    steps = (Step("release", _("Release the hold")),)

    def label(self, record: RecordingHold) -> str:
        return record.reason or str(self.opts.verbose_name)

    def closed(self, record: RecordingHold) -> str:
        if record.released_at is None:
            return ""
        day = shown_value(record.released_at)
        return _now("The hold was released on %(day)s: nothing is changed any more.") % {"day": day}

    def steps_for(self, request: HttpRequest, record: RecordingHold) -> list[Step]:
        return [] if record.released_at else list(self.steps)

    def update(self, request: HttpRequest, form: Any) -> RecordingHold:
        hold: RecordingHold = form.instance
        hold.full_clean()
        hold.save(update_fields=["until"])
        return hold

    def do_release(self, request: HttpRequest, record: RecordingHold) -> None:
        release_hold(record, by=staff_of(request))


@register(Reassignment, site=site)
class ReassignmentAdmin(CareAdmin):
    """Corrections of whom a recording or a message concerns: read here, never changed."""

    list_display = ("made_at", "taken_from", "given_to", "reason", "recording", "message")
    list_select_related = ("recording", "message", "taken_from", "given_to")
    reads = (
        *("public_id", "made_at", "reason", "recording", "recording__public_id"),
        *("message", "message__public_id"),
        *(
            f"{path}{column}"
            for path in ("taken_from", "given_to")
            for column in ("", "__public_id", "__first_name", "__last_name")
        ),
    )
    loads = ("recording", "message", "taken_from", "given_to", "made_by")
    fields = ("recording", "message", "taken_from", "given_to", "reason")
    told = ("made_at", "made_by")

    def label(self, record: Reassignment) -> str:
        return shown_value(record.made_at)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def show_taken_from(self, request: HttpRequest, record: Reassignment) -> SafeString | str:
        return person_link(request, record.taken_from)

    def show_given_to(self, request: HttpRequest, record: Reassignment) -> SafeString | str:
        return person_link(request, record.given_to)
