"""The card's own panels: contact details, history and marketing permissions."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.requests import StaffRequest
from caller_lookup.marketing import load_permissions
from caller_lookup.timeline import timeline_of
from customers.covering import must_cover, shown_address, shown_point
from customers.models import Address, ContactPoint, Person, Restriction
from datamap.panels import Panel, register_panel
from datamap.timeline import Scope

MOST_EVENTS = 50


def load_contact(person: Person, request: StaffRequest, *, uncovered: bool = False) -> Any:
    """Every number, e-mail address and address, in force and ended."""
    user = request.user
    cover = must_cover(user) and not uncovered
    points = ContactPoint.objects.visible_to(user).filter(person=person)
    addresses = Address.objects.visible_to(user).filter(person=person)
    shown_points = [shown_point(one, cover=cover) for one in points.in_use_first()[:MOST_EVENTS]]
    shown_addresses = [
        shown_address(one, cover=cover) for one in addresses.in_force_first()[:MOST_EVENTS]
    ]
    return {
        "points": shown_points,
        "addresses": shown_addresses,
        "are_covered": cover and bool(shown_points or shown_addresses),
        "may_change": not Restriction.objects.filter(person=person).in_force().exists(),
    }


def load_history(person: Person, request: StaffRequest) -> Any:
    """Everything that happened to her, newest first; any page costs the same."""
    address = reverse("persons:panel", args=[person.public_id, "history"])
    return timeline_of(Scope.of_person(person), request, address=address)


register_panel(
    Panel(
        "contact",
        _("Contact details"),
        "customers.view_contactpoint",
        load_contact,
        "caller_lookup/_panel_contact.html",
        place=10,
        key="c",
        uncovers=True,
    )
)
register_panel(
    Panel(
        "permissions",
        _("Marketing permissions"),
        "consents.view_marketingchoice",
        load_permissions,
        "caller_lookup/_panel_permissions.html",
        place=50,
        key="m",
    )
)
register_panel(
    Panel(
        "history",
        _("History"),
        "customers.view_interaction",
        load_history,
        "caller_lookup/_panel_history.html",
        place=60,
        key="h",
    )
)
