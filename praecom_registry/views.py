"""The start page: where each role's work begins."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Lead whoever looks up callers to the lookup, and show the others what is theirs."""
    if request.user.has_perm("customers.look_up_person"):
        return redirect("lookup:lookup")
    return render(request, "praecom_registry/start.html")
