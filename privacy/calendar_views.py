"""A registrar's calendar link, and the due dates behind it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import StaffRequest
from audit.context import AccessPurpose, for_purpose
from privacy.calendar import address_of, as_ics, due_requests, reader_of, renew_link
from privacy.models import CalendarLink


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("privacy.view_subjectrequest", raise_exception=True)
@for_purpose(AccessPurpose.SUBJECT_REQUEST)
def calendar_link(request: StaffRequest) -> HttpResponse:
    """Show the user's own link, and make a new one, which ends the old one."""
    if request.method == "POST":
        renew_link(request.user)
        messages.success(request, _("This is your new link. Any older one has ended."))
        return redirect("requests:calendar")
    link = CalendarLink.objects.filter(user=request.user).first()
    shown = address_of(link) if link is not None else ""
    return render(request, "privacy/calendar.html", {"link": link, "feed_address": shown})


@require_safe
@login_not_required
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The due dates as a calendar, for whoever's link it is; any other is not there."""
    reader = reader_of(token)
    if reader is None:
        raise Http404
    response = HttpResponse(
        as_ics(due_requests(), reader.language), content_type="text/calendar; charset=utf-8"
    )
    response.headers["Cache-Control"] = "no-store"
    return response
