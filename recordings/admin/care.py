"""Holds and corrections on the desk: made on the page of what they are about, and kept here."""

from typing import Any

from django.contrib.admin import register
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.admin_site import site
from accounts.register_admin import RegisterAdmin, Step, record_address, staff_of
from accounts.register_forms import shown as shown_value
from accounts.register_lists import Narrowing
from customers.admin import person_link
from recordings.models import Reassignment, RecordingHold
from recordings.services import prolong_hold, release_hold


class CareAdmin(RegisterAdmin):
    """What is done with one recording or one message; done from its page."""

    can_be_added = False
    belongs_to = {"recording": "recording", "storedmessage": "message"}

    def show_recording(self, request: HttpRequest, record: Any) -> SafeString | str:
        return _way_to(record.recording)

    def show_message(self, request: HttpRequest, record: Any) -> SafeString | str:
        return _way_to(record.message)


def _way_to(record: Any) -> SafeString | str:
    if record is None:
        return ""
    name = f"admin:{record._meta.label_lower.replace('.', '_')}_change"
    address = record_address(name, record.public_id)
    return format_html('<a href="{}">{}</a>', address, record._meta.verbose_name)


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
        return prolong_hold(form.instance, form.cleaned_data["until"])

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
