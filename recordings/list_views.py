"""`/recordings/`: finding recordings and messages by whom, when and where, never by content."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.limits import stop_in_lists
from accounts.requests import StaffRequest
from audit.context import AccessPurpose, for_purpose, require
from datamap.timeline import Position
from recordings.list_forms import (
    IN_ADDRESS,
    FindForm,
    FindMessageForm,
    FindRecordingForm,
    View,
    views_for,
)
from recordings.models import MessageConcerns, Recording, RecordingConcerns, StoredMessage
from recordings.shown import Shown, shown

ROWS_PER_PAGE = 50


@dataclass(frozen=True)
class Kind:
    """One of the two lists: what it shows, how it is narrowed, and whom its records concern."""

    name: str
    model: type[Recording | StoredMessage]
    concerns: type[RecordingConcerns | MessageConcerns]
    form: type[FindForm]
    happened: str


RECORDINGS = Kind("recordings", Recording, RecordingConcerns, FindRecordingForm, "started_at")
MESSAGES = Kind("messages", StoredMessage, MessageConcerns, FindMessageForm, "sent_at")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("recordings.play_recording", raise_exception=True)
@for_purpose(AccessPurpose.PROBLEM_SOLVING)
def recordings(request: StaffRequest) -> HttpResponse:
    """Recordings, newest first; those that are due, the one first that goes first."""
    return _list(request, RECORDINGS)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("recordings.read_storedmessage", raise_exception=True)
@for_purpose(AccessPurpose.PROBLEM_SOLVING)
def messages(request: StaffRequest) -> HttpResponse:
    """Stored messages, in the same way."""
    return _list(request, MESSAGES)


def _list(request: StaffRequest, kind: Kind) -> HttpResponse:
    stop = stop_in_lists(request, request.user)
    if stop is not None:
        return stop
    given = request.POST if request.method == "POST" else _of_address(request)
    form = kind.form(given, user=request.user)
    rows: list[Shown] = []
    older, view, status = "", View.ALL, 200
    if form.is_valid():
        view = form.cleaned_data["show"]
        if form.is_a_search:
            require().record_search()
        rows, older = _page(request, kind, form, given.get("before", ""))
    else:
        status = 422
    context = {
        "kind": kind.name,
        "form": form,
        "given": form.data,
        "rows": rows,
        "older": older,
        "view": view,
        "views": views_for(request.user),
        "is_first": not given.get("before"),
        "here": reverse(f"recordings:{kind.name}"),
    }
    return render(request, "recordings/list.html", context, status=status)


def _of_address(request: StaffRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in IN_ADDRESS if name in request.GET}


def _page(
    request: StaffRequest, kind: Kind, form: FindForm, before: str
) -> tuple[list[Shown], str]:
    """A page of rows, and where the next one begins, if there is one."""
    is_due = form.cleaned_data["show"] == View.DUE
    by = "due_on" if is_due else kind.happened
    found = form.narrow(kind.model.objects.visible_to(request.user))
    found = found.first_due_first() if is_due else found.newest_first()
    if before:
        at, _place, key = Position.read(before)
        day = timezone.localdate(at)
        found = found.due_after(day, key) if is_due else found.older_than(at, key)
    concerned: Any = kind.concerns.objects.select_related("person")
    wanted = found.with_holds().prefetch_related(Prefetch("concerns", concerned))
    if kind is RECORDINGS:
        wanted = wanted.select_related("handled_by")
    records: Sequence[Any] = list(wanted[:ROWS_PER_PAGE])
    has_more = bool(found.keys_only()[ROWS_PER_PAGE : ROWS_PER_PAGE + 1])
    older = _position(getattr(records[-1], by), records[-1].pk) if has_more else ""
    return [_shown(one, request) for one in records], older


def _shown(record: Any, request: StaffRequest) -> Shown:
    persons = [one.person for one in record.concerns.all()]
    return shown(record, request.user, persons=persons)


def _position(moment: datetime | date, key: int) -> str:
    if not isinstance(moment, datetime):
        moment = timezone.make_aware(datetime.combine(moment, time.min))
    return str(Position(moment, 0, key))
