"""The start page: where each role's work begins."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.requests import StaffRequest
from praecom_registry.desks import desks_of, only_looks_up


@require_safe
def start(request: StaffRequest) -> HttpResponse:
    """Lead whoever only looks up callers to the lookup, and show the others their desks."""
    roles = request.user.roles
    if only_looks_up(roles):
        return redirect("lookup:lookup")
    context = {"desks": desks_of(request.user, roles), "several": len(roles) > 1}
    return render(request, "praecom_registry/start.html", context)
