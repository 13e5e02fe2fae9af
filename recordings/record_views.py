"""`/recordings/UUID/`: what is known of a recording or a message, and opening it with a reason."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import StaffRequest
from audit.context import AccessPurpose, for_purpose
from customers.models import Interaction
from recordings import damage
from recordings.links import MINUTES, link_to, read_link
from recordings.models import Recording, SealedFile, StoredMessage
from recordings.opening import ReasonForm, persons_in, record_opening, why_closed
from recordings.playback import answer, is_own_player, media_type
from recordings.reading import read_message
from recordings.services import Destroyed
from recordings.shown import facts, shown
from recordings.vault import Tampered

DAMAGED, GONE = 409, 410
SPEEDS = ("0.5", "0.75", "1", "1.25", "1.5", "1.75", "2")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("recordings.play_recording", raise_exception=True)
@for_purpose(AccessPurpose.PROBLEM_SOLVING)
def recording(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """A recording: without a reason what is known of it, with one its player, once."""
    rows = Recording.objects.visible_to(request.user).select_related("handled_by")
    record = get_object_or_404(rows.with_holds(), public_id=public_id)
    return _page(request, record, partial(_player, request, record))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("recordings.read_storedmessage", raise_exception=True)
@for_purpose(AccessPurpose.PROBLEM_SOLVING)
def message(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """A message: without a reason what is known of it, with one its text."""
    rows = StoredMessage.objects.visible_to(request.user)
    record = get_object_or_404(rows.with_holds(), public_id=public_id)
    return _page(request, record, lambda: {"content": read_message(record)})


@require_safe
@permission_required("recordings.play_recording", raise_exception=True)
def media(request: StaffRequest, public_id: UUID) -> HttpResponseBase:
    """The sound, or a part of it, for a link that was given out with its reason in the log.

    Only keys are read: whose recording it is stands in the log since the link was made.
    """
    visible = Recording.objects.visible_to(request.user).filter(public_id=public_id)
    if not visible.keys_only().exists():
        raise Http404
    link = read_link(request.GET.get("link", ""), request)
    if link is None or link.recording != public_id or not is_own_player(request):
        raise PermissionDenied
    if not visible.playable().filter(file=link.file).keys_only().exists():
        return HttpResponse(status=GONE)
    file = SealedFile.objects.get(pk=link.file)
    on_damage = partial(damage.tell, file)
    try:
        return answer(request, file, link.media_type, on_damage)
    except Destroyed:
        return HttpResponse(status=GONE)
    except Tampered:
        on_damage()
        return HttpResponse(status=DAMAGED)


# --- what both pages share ------------------------------------------------------------------------


def _player(request: StaffRequest, record: Recording) -> dict[str, Any]:
    address = reverse("recordings:media", args=[record.public_id])
    return {
        "media": f"{address}?link={link_to(record, media_type(record), request)}",
        "is_video": media_type(record).startswith("video/"),
        "minutes": MINUTES,
        "speeds": SPEEDS,
    }


def _page(
    request: StaffRequest,
    record: Recording | StoredMessage,
    open_it: Callable[[], dict[str, Any]],
) -> HttpResponse:
    """What is known of it; for a POST with a good reason, also what `open_it` gives out."""
    persons, closed = persons_in(record), why_closed(record)
    form = ReasonForm(request.POST or None, persons=persons)
    context: dict[str, Any] = {}
    status = 200
    if request.method == "POST" and closed:
        status = GONE
    elif request.method == "POST" and not form.is_valid():
        status = 422
    elif request.method == "POST":
        try:
            context = open_it()
        except Destroyed:
            raise Http404 from None
        except Tampered:
            damage.tell(record.file)
            context, status = {"is_damaged": True}, DAMAGED
        data = form.cleaned_data
        record_opening(record, persons, purpose=data["purpose"], reason=data["reason"])
        context["given"] = AccessPurpose(data["purpose"]).label, data["reason"]
    is_message = isinstance(record, StoredMessage)
    desk = f"admin:recordings_{record._meta.model_name}"
    context |= {
        "one": shown(record, request.user, persons=persons),
        "record": record,
        "facts": facts(record),
        "contact": _contact(request, record),
        "closed": closed,
        "form": form,
        "kind": record._meta.model_name,
        "list": reverse(f"recordings:{'messages' if is_message else 'recordings'}"),
        "desk": reverse(f"{desk}_change", args=[record.public_id]),
        "to_hold": reverse(f"{desk}_hold", args=[record.public_id]),
        "to_correct": reverse(f"{desk}_correct", args=[record.public_id]),
    }
    return render(request, "recordings/record.html", context, status=status)


def _contact(request: StaffRequest, record: Recording | StoredMessage) -> Interaction | None:
    """The contact event that it belongs to."""
    if record.interaction_id is None:
        return None
    contacts = Interaction.objects.visible_to(request.user).filter(pk=record.interaction_id)
    return contacts.only("public_id", "person", "customer").first()
