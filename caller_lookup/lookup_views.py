"""The caller lookup: find who is calling, and whom one has had on the line today."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import resolve, reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.limits import lookup_volume, record_stop
from accounts.requests import StaffRequest
from audit.context import AccessPurpose, for_purpose, require
from audit.volume import SECONDS_BETWEEN_SEARCHES, Pace, Volume
from caller_lookup.forms import LookupForm
from caller_lookup.recent import recent_callers
from caller_lookup.views import is_fragment
from customers.covering import covered, must_cover
from customers.lookup import MOST_PERSONS, Found, find
from datamap.lookup_keys import lookup_keys


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("customers.look_up_person", raise_exception=True)
@for_purpose(AccessPurpose.SERVICE_CALL)
def lookup(request: StaffRequest) -> HttpResponse:
    """Find callers by what was heard or seen; the term comes by POST and is kept nowhere.

    A search makes a log row, hit or miss, and each person shown makes one. Who finds unusually
    many is slowed, then stopped.
    """
    form = LookupForm(request.POST if request.method == "POST" else None)
    found: Found | None = None
    if form.is_bound and form.is_valid() and form.cleaned_data["q"]:
        volume = lookup_volume(request.user)
        if volume.pace is not Pace.FREE:
            return _refuse(request, form, volume)
        require().record_search()
        found = find(
            form.cleaned_data["q"],
            lookup_keys.kinds_for(request.user.has_perm),
            most=min(MOST_PERSONS, volume.left or MOST_PERSONS),
        )
        if must_cover(request.user):
            found = covered(found)
    return _show(request, {"form": form, "found": found})


def _refuse(request: StaffRequest, form: LookupForm, volume: Volume) -> HttpResponse:
    """Say why nobody is shown; a stop is recorded, and the registrar told of the first one."""
    context: dict[str, object] = {"form": form, "found": None, "wait": SECONDS_BETWEEN_SEARCHES}
    if volume.pace is Pace.STOPPED:
        context |= {"is_stopped": True, "volume": volume}
        record_stop(request.user, volume)
    else:
        context["is_slowed"] = True
    return _show(request, context, status=429)


def _show(request: StaffRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    template = "_results.html" if is_fragment(request) else "lookup.html"
    return render(request, f"caller_lookup/{template}", context, status=status)


@require_safe
@permission_required("customers.look_up_person", raise_exception=True)
@for_purpose(AccessPurpose.SERVICE_CALL)
def recent(request: StaffRequest) -> HttpResponse:
    """Show the callers of this user today; each is recorded like any other."""
    card = resolve(reverse("persons:card", args=["00000000-0000-4000-8000-000000000000"]))
    callers = recent_callers(request.user, card.route)
    template = "_recent.html" if is_fragment(request) else "recent.html"
    return render(request, f"caller_lookup/{template}", {"callers": callers})
