"""The caller card and its panels."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import StaffRequest
from audit.context import AccessPurpose, for_purpose
from caller_lookup.cards import card_of, details_of
from caller_lookup.contact_forms import CloseMatterForm, LogContactForm
from contracts.shown.figures import figures_of
from customers.models import Person
from datamap.panels import Panel, panels

MOST_FIGURES = 3
"""Of how many customers a card shows the figures; the customer page shows those of any."""


@dataclass(frozen=True)
class Desk:
    """What lies open below the card: a panel, or a form that belongs to one."""

    template: str
    context: Mapping[str, Any]
    panel: Panel | None = None


@require_safe
@permission_required("customers.view_person", raise_exception=True)
@for_purpose(AccessPurpose.SERVICE_CALL)
def card(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Show who the caller is."""
    return show_card(request, person_of(request, public_id))


@require_safe
@permission_required("customers.view_person", raise_exception=True)
@for_purpose(AccessPurpose.SERVICE_CALL)
def panel(request: StaffRequest, public_id: UUID, panel: str) -> HttpResponse:
    """Show one more kind of the person's data, for which the role needs a right of its own."""
    person = person_of(request, public_id)
    return show_desk(request, person, opened(request, person, panel))


@require_POST
@permission_required("customers.view_contactpoint", raise_exception=True)
@for_purpose(AccessPurpose.SERVICE_CALL)
def reveal(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Uncover the person's numbers and addresses, for which the log gets a row of its own."""
    person = person_of(request, public_id)
    name = request.POST.get("panel")
    if name:
        return show_desk(request, person, opened(request, person, name, uncovered=True))
    if not is_fragment(request):
        return show_card(request, person, uncovered=True)
    context = {"person": person, "details": details_of(person, request.user, uncovered=True)}
    return render(request, "caller_lookup/_contact_details.html", context)


# --- what the views of the card share -------------------------------------------------------------


def person_of(request: StaffRequest, public_id: UUID) -> Person:
    """The person whose card it is; 404 where there is none."""
    return get_object_or_404(Person.objects.visible_to(request.user), public_id=public_id)


def opened(request: StaffRequest, person: Person, name: str, *, uncovered: bool = False) -> Desk:
    """A panel with its data; 404 for an unknown one, 403 for one outside the role."""
    panel = panels.get(name)
    if panel is None or (uncovered and not panel.uncovers):
        raise Http404
    if not request.user.has_perm(panel.permission):
        raise PermissionDenied
    asked = {"uncovered": True} if uncovered else {}
    return Desk(panel.template, panel.load(person, request, **asked), panel)


def show_card(
    request: StaffRequest,
    person: Person,
    desk: Desk | None = None,
    *,
    log_form: LogContactForm | None = None,
    keeps_log_form: bool = False,
    uncovered: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The whole card, with what lies open below it.

    `keeps_log_form` leaves the form of a contact that is being noted as it stands in the page.
    """
    card = card_of(person, request.user, uncovered=uncovered)
    may_log = request.user.has_perm("customers.add_interaction")
    if may_log and log_form is None:
        log_form = LogContactForm(person=person, user=request.user, customers=card.own_customers)
    context = {
        **_desk_context(request, person, desk),
        "card": card,
        "details": card.details,
        "figures": figures_of(card.customers_of_today[:MOST_FIGURES], request.user),
        "log_form": log_form,
        "close_form": CloseMatterForm(),
        "keeps_log_form": keeps_log_form,
    }
    template = "caller_lookup/_card.html" if is_fragment(request) else "caller_lookup/card.html"
    return render(request, template, context, status=status)


def show_desk(
    request: StaffRequest, person: Person, desk: Desk, *, status: int = 200
) -> HttpResponse:
    """What lies open below the card: alone for htmx, or on the page with the whole card."""
    if not is_fragment(request):
        return show_card(request, person, desk, status=status)
    context = _desk_context(request, person, desk)
    response = render(request, "caller_lookup/_desk.html", context, status=status)
    if request.method == "POST":
        put_into(response, "#desk")
    return response


def saved(
    request: StaffRequest,
    person: Person,
    said: str | Promise,
    *,
    panel: str = "",
    keeps_log_form: bool = True,
) -> HttpResponse:
    """The card after a change, with a word about it; without htmx the browser is led to it."""
    messages.success(request, str(said))
    if is_fragment(request):
        desk = opened(request, person, panel) if panel else None
        person = Person.objects.get(pk=person.pk)
        return show_card(request, person, desk, keeps_log_form=keeps_log_form)
    if panel:
        return redirect("persons:panel", person.public_id, panel)
    return redirect("persons:card", person.public_id)


def refused(request: StaffRequest, person: Person, why: str | Promise) -> HttpResponse:
    """The card as it was, with the sentence why nothing was changed."""
    messages.error(request, str(why))
    status = 409 if request.method == "POST" else 200
    response = show_card(request, person, keeps_log_form=True, status=status)
    if is_fragment(request):
        put_into(response, ".caller-card")
    return response


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for the part of the page that it will put in place."""
    return request.headers.get("HX-Request") == "true"


def put_into(response: HttpResponse, place: str) -> None:
    """Tell htmx to replace this place, not the one that the form named."""
    response.headers["HX-Retarget"] = place
    response.headers["HX-Reswap"] = "outerHTML focus-scroll:true"


def _desk_context(request: StaffRequest, person: Person, desk: Desk | None) -> dict[str, Any]:
    return {
        **(desk.context if desk else {}),
        "person": person,
        "panels": panels.allowed(request.user),
        "desk": desk,
    }
