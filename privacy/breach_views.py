"""`/breaches/`: the breaches with their clocks, for the registrar and the auditor."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.requests import StaffRequest
from datamap.vocabulary import Category
from privacy.breaches import affected_by, left_of
from privacy.models import Breach

MOST_CLOSED = 100
"""Closed ones on the page, the newest first; the desk's list has all of them."""

_READERS = "privacy.view_breach"


@require_safe
@permission_required(_READERS, raise_exception=True)
def breaches(request: StaffRequest) -> HttpResponse:
    """The open ones by what is left of the clock, then those that are closed."""
    open_ones = list(Breach.objects.filter(closed_at__isnull=True).order_by("tell_by"))
    closed = Breach.objects.filter(closed_at__isnull=False).order_by("-closed_at", "-id")
    closed_ones = list(closed[:MOST_CLOSED])
    affected = affected_by([*open_ones, *closed_ones])
    context = {
        "open": [(one, left_of(one), affected.get(one.pk, 0)) for one in open_ones],
        "closed": [(one, affected.get(one.pk, 0)) for one in closed_ones],
        "hours": settings.BREACH_HOURS,
    }
    return render(request, "privacy/breaches.html", context)


@require_safe
@permission_required(_READERS, raise_exception=True)
def breach(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """A breach to read: its clock, what is missing before it can be closed, and the record."""
    found = get_object_or_404(Breach.objects.select_related("noted_by"), public_id=public_id)
    context = {
        "breach": found,
        "left": left_of(found),
        "affected": affected_by([found]).get(found.pk, 0),
        "categories": [Category(value).label for value in found.categories],
        "hours": settings.BREACH_HOURS,
    }
    return render(request, "privacy/breach.html", context)
