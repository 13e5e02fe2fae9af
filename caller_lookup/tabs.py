"""The customer page's own tabs: the overview with everybody who belongs to it, marketing, the
history."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.requests import StaffRequest
from caller_lookup.marketing import load_company_permissions
from caller_lookup.timeline import timeline_of
from contracts.shown.figures import figures_of
from customers.covering import must_cover, shown_address, shown_point
from customers.models import (
    Address,
    ContactPerson,
    ContactPoint,
    Customer,
    ServiceUser,
)
from customers.pages import page_of
from datamap.panels import Panel, register_tab
from datamap.timeline import Scope

OVERVIEW = "overview"
PERSONS_PER_PAGE = 20
"""Of contact persons and of users each."""
MOST_OF_A_KIND = 50


def load_overview(customer: Customer, request: StaffRequest) -> Any:
    """Numbers, addresses, contact persons and users of the customer."""
    user = request.user
    cover = customer.is_natural and must_cover(user)
    points = ContactPoint.objects.visible_to(user).filter(customer=customer).in_force()
    addresses = Address.objects.visible_to(user).filter(customer=customer).in_force()
    return {
        "figures": figures_of([customer], user),
        "points": [
            shown_point(one, cover=cover) for one in points.first_choice_first()[:MOST_OF_A_KIND]
        ],
        "addresses": [
            shown_address(one, cover=cover)
            for one in addresses.order_by("kind", "id")[:MOST_OF_A_KIND]
        ],
        "contact_persons": page_of(
            _by_name(ContactPerson.objects.visible_to(user).filter(customer=customer)),
            request.GET.get("persons", ""),
            PERSONS_PER_PAGE,
        ),
        "users": page_of(
            _by_name(ServiceUser.objects.visible_to(user).filter(customer=customer)),
            request.GET.get("users", ""),
            PERSONS_PER_PAGE,
        ),
    }


def _by_name(roles: Any) -> Any:
    roles = roles.select_related("person")
    return roles.in_force_first("person__last_name", "person__first_name")


def load_history(customer: Customer, request: StaffRequest) -> Any:
    """Everything that happened to the customer, newest first; any page costs the same."""
    return timeline_of(Scope.of_customer(customer), request)


register_tab(
    Panel(
        OVERVIEW,
        _("Overview"),
        "customers.view_customer",
        load_overview,
        "caller_lookup/_tab_overview.html",
        place=10,
        key="v",
    )
)
register_tab(
    Panel(
        "permissions",
        _("Marketing permissions"),
        "consents.view_marketingchoice",
        load_company_permissions,
        "caller_lookup/_tab_permissions.html",
        place=50,
        key="m",
    )
)
register_tab(
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
