"""The log viewer: the only page that shows the log, and itself recorded."""

from datetime import UTC, datetime

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit.context import AccessPurpose, for_purpose
from audit.forms import LogFilterForm
from audit.models import LogEntry

ROWS_PER_PAGE = 50


@require_safe
@permission_required("audit.view_logentry", raise_exception=True)
@for_purpose(AccessPurpose.LOG_CONTROL)
def log_page(request: HttpRequest) -> HttpResponse:
    """Show the log, newest first, narrowed by person, staff member, time and action.

    The page after a row is addressed by the row's time and number, so any page costs the same.
    """
    form = LogFilterForm(request.GET)
    rows: list[LogEntry] = []
    older = ""
    if form.is_valid():
        found = LogEntry.objects.newest_first().select_related("actor", "content_type")
        found = form.narrow(found).older_than(*_position(request.GET.get("before", "")))
        rows = list(found[:ROWS_PER_PAGE])
        if found.keys_only()[ROWS_PER_PAGE : ROWS_PER_PAGE + 1]:
            older = f"{rows[-1].timestamp.isoformat()}~{rows[-1].pk}"
    query = request.GET.copy()
    query.pop("before", None)
    template = "audit/_log_rows.html" if request.headers.get("HX-Request") else "audit/log.html"
    context = {"form": form, "rows": rows, "older": older, "filters": query.urlencode()}
    return render(request, template, context)


def _position(text: str) -> tuple[datetime | None, int]:
    """Where the page begins: the time and the number of the last row seen; rubbish is the top."""
    time, _, number = text.partition("~")
    try:
        at = datetime.fromisoformat(time)
        # In UTC, since PostgreSQL reads fewer offsets than Python does.
        return (at.astimezone(UTC) if at.tzinfo else None), int(number)
    except (ValueError, OverflowError):
        return None, 0
