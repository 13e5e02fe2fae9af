"""The caller card."""

from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.requests import StaffRequest
from audit.context import AccessPurpose, for_purpose
from caller_lookup.cards import card_of
from customers.models import Person


@require_safe
@permission_required("customers.view_person", raise_exception=True)
@for_purpose(AccessPurpose.SERVICE_CALL)
def card(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Show who the caller is."""
    person = get_object_or_404(Person.objects.visible_to(request.user), public_id=public_id)
    context = {"card": card_of(person, request.user)}
    template = "caller_lookup/_card.html" if is_fragment(request) else "caller_lookup/card.html"
    return render(request, template, context)


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for the part of the page that it will put in place."""
    return request.headers.get("HX-Request") == "true"
