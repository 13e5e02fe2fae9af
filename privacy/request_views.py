"""`/requests/`: the list by days left, the month, and noting a new request."""

from calendar import Calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.limits import lookup_volume, record_stop, stop_in_lists
from accounts.requests import StaffRequest
from audit.context import AccessPurpose, for_purpose, require
from audit.volume import Pace
from contracts.dates import add_months
from customers.covering import covered, must_cover
from customers.lookup import LONGEST_TERM, Found, find
from customers.pages import newest_of, page_of
from customers.services.errors import SavedBefore
from datamap.lookup_keys import lookup_keys
from privacy.deadlines import holiday_name
from privacy.models import SubjectRequest
from privacy.reckoning import due_of_all
from privacy.request_forms import FilterForm, OpenForm
from privacy.services import open_request
from privacy.shown import Left, left_of
from privacy.step_forms import refused

ROWS_PER_PAGE = 50
_MONTHS_AWAY = 24
_MOST_IN_MONTH = 100


@dataclass(frozen=True)
class Row:
    """A request in a list, and how much time is left for it."""

    case: SubjectRequest
    left: Left
    due_on: date


@require_safe
@permission_required("privacy.view_subjectrequest", raise_exception=True)
@for_purpose(AccessPurpose.SUBJECT_REQUEST)
def requests(request: StaffRequest) -> HttpResponse:
    """Open requests, the one first that is due first; or those that are answered, newest first."""
    stop = stop_in_lists(request, request.user)
    if stop is not None:
        return stop
    is_open = request.GET.get("show") != "done"
    form = FilterForm(request.GET, is_open=is_open)
    form.is_valid()
    found = SubjectRequest.objects.visible_to(request.user).select_related("handler")
    found = form.narrow(found.open() if is_open else found.done(), request.user)
    context: dict[str, Any] = {"form": form, "is_open": is_open, "query": _query(form, is_open)}
    if is_open:
        page = page_of(found.due_first(), request.GET.get("page", ""), ROWS_PER_PAGE)
        context |= {"page": page, "rows": _with_time(page.rows)}
    else:
        newest = newest_of(found, "received_on", request.GET.get("before", ""), ROWS_PER_PAGE)
        context |= {"older": newest, "rows": _with_time(newest.rows)}
    return render(request, "privacy/requests.html", context)


def _with_time(cases: Sequence[SubjectRequest]) -> list[Row]:
    due = due_of_all(cases, timezone.localdate())
    return [Row(case, left_of(case), due[case.pk]) for case in cases]


def _query(form: FilterForm, is_open: bool) -> str:
    """What the address narrows by, for the links to other pages."""
    given = {name: value for name, value in form.cleaned_data.items() if value}
    return urlencode({**given, **({} if is_open else {"show": "done"})})


# --- a month --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Day:
    """A day of the month's sheet: what is due on it, and which holiday it is."""

    date: date
    is_of_month: bool
    is_today: bool
    holiday: str
    cases: list[SubjectRequest]

    @property
    def is_free(self) -> bool:
        """Whether no deadline ends on it."""
        return bool(self.holiday) or self.date.weekday() > 4


@require_safe
@permission_required("privacy.view_subjectrequest", raise_exception=True)
@for_purpose(AccessPurpose.SUBJECT_REQUEST)
def month(request: StaffRequest) -> HttpResponse:
    """What is due on which day of a month: numbers and kinds, no names."""
    first = _month_of(request.GET.get("month", ""))
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    today, language = timezone.localdate(), get_language() or "en"
    seen = SubjectRequest.objects.visible_to(request.user)
    of_sheet = seen.running().filter(due_on__range=(weeks[0][0], weeks[-1][-1]))
    due = [*of_sheet.due_first()[:_MOST_IN_MONTH], *seen.paused().due_first()[:_MOST_IN_MONTH]]
    days = due_of_all(due, today)
    by_day: dict[date, list[SubjectRequest]] = {}
    for case in due:
        by_day.setdefault(days[case.pk], []).append(case)
    sheet = [
        [
            Day(
                day,
                day.month == first.month,
                day == today,
                holiday_name(day, language),
                by_day.get(day, []),
            )
            for day in week
        ]
        for week in weeks
    ]
    context = {
        "sheet": sheet,
        "weekdays": [date_format(day.date, "l") for day in sheet[0]],
        "first": first,
        "previous": add_months(first, -1),
        "next": add_months(first, 1),
    }
    return render(request, "privacy/month.html", context)


def _month_of(text: str) -> date:
    """The first day of the month that an address names; rubbish is this month."""
    this = timezone.localdate().replace(day=1)
    try:
        asked = date.fromisoformat(f"{text}-01")
    except ValueError:
        return this
    return min(max(asked, add_months(this, -_MONTHS_AWAY)), add_months(this, _MONTHS_AWAY))


# --- a new request --------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("privacy.add_subjectrequest", raise_exception=True)
@for_purpose(AccessPurpose.SUBJECT_REQUEST)
def new(request: StaffRequest) -> HttpResponse:
    """Note a request; whoever is no registrar sees of it no more than its number."""
    if request.method != "POST":
        return _show_new(request, OpenForm(user=request.user))
    form = OpenForm(request.POST, user=request.user)
    if not form.is_valid():
        return _show_new(request, form, status=422)
    try:
        case = open_request(opened_by=request.user, **form.cleaned_data)
    except (SavedBefore, ValidationError) as error:
        return _show_new(request, form, status=refused(form, error))
    said = _("The request was noted as %(number)s. It must be answered by %(day)s.") % {
        "number": case.number,
        "day": date_format(case.due_on, "SHORT_DATE_FORMAT"),
    }
    messages.success(request, said)
    if request.user.has_perm("privacy.view_subjectrequest"):
        return redirect("requests:case", case.public_id)
    return redirect("requests:new")


def _show_new(request: StaffRequest, form: OpenForm, status: int = 200) -> HttpResponse:
    chosen = form.cleaned_data.get("person") if form.is_bound else None
    context = {"form": form, "chosen": chosen.display_name if chosen else ""}
    return render(request, "privacy/new.html", context, status=status)


@require_POST
@permission_required("customers.look_up_person", raise_exception=True)
@permission_required("privacy.add_subjectrequest", raise_exception=True)
@for_purpose(AccessPurpose.SUBJECT_REQUEST)
def find_person(request: StaffRequest) -> HttpResponse:
    """Answer what is typed with the persons it may mean; it counts as a lookup (promise 9)."""
    term = request.POST.get("term", "").replace("\0", "").strip()
    volume = lookup_volume(request.user)
    if volume.pace is not Pace.FREE:
        if volume.pace is Pace.STOPPED:
            record_stop(request.user, volume)
        return render(request, "privacy/_found.html", {"is_slowed": True}, status=429)
    found: Found | None = None
    if term and len(term) <= LONGEST_TERM:
        require().record_search()
        found = find(term, lookup_keys.kinds_for(request.user.has_perm))
        if must_cover(request.user):
            found = covered(found)
    return render(request, "privacy/_found.html", {"found": found})
