"""The customer page: a company, or a private customer, with everybody who belongs to it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.db.models import Count, Window
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.limits import stop_in_lists
from accounts.requests import StaffRequest
from audit.context import AccessPurpose, for_purpose
from caller_lookup.positions import position_of, read_position
from caller_lookup.views import is_fragment
from customers.covering import must_cover, shown_address, shown_point
from customers.models import (
    Address,
    ContactPerson,
    ContactPoint,
    Customer,
    Interaction,
    ServiceUser,
)

PERSONS_PER_PAGE = 20
"""Of contact persons and of users each; with the contacts never more than fifty persons."""
CONTACTS_PER_PAGE = 10
MOST_OF_A_KIND = 50


@dataclass(frozen=True)
class Page:
    """Some of a customer's roles, and where they stand among all of them."""

    rows: list[Any]
    number: int
    total: int

    @property
    def previous(self) -> int:
        """The number of the page before, or none."""
        return self.number - 1

    @property
    def next(self) -> int:
        """The number of the page after, or none."""
        return self.number + 1 if self.number * PERSONS_PER_PAGE < self.total else 0


@require_safe
@permission_required("customers.view_customer", raise_exception=True)
@for_purpose(AccessPurpose.SERVICE_CALL)
def customer(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Show a customer: numbers, addresses, contact persons, users and contacts."""
    stop = stop_in_lists(request, request.user)
    if stop is not None:
        return stop
    user = request.user
    customers = Customer.objects.visible_to(user).select_related("owner")
    customer = get_object_or_404(customers, public_id=public_id)
    cover = customer.is_natural and must_cover(user)
    points = ContactPoint.objects.visible_to(user).filter(customer=customer).in_force()
    addresses = Address.objects.visible_to(user).filter(customer=customer).in_force()
    contacts = (
        Interaction.objects.visible_to(user)
        .filter(customer=customer)
        .newest_first()
        .older_than(*read_position(request.GET.get("before", "")))
    )
    shown = list(contacts.select_related("handled_by", "person")[:CONTACTS_PER_PAGE])
    has_more = bool(contacts.keys_only()[CONTACTS_PER_PAGE : CONTACTS_PER_PAGE + 1])
    context = {
        "customer": customer,
        "points": [
            shown_point(one, cover=cover) for one in points.first_choice_first()[:MOST_OF_A_KIND]
        ],
        "addresses": [
            shown_address(one, cover=cover)
            for one in addresses.order_by("kind", "id")[:MOST_OF_A_KIND]
        ],
        "contact_persons": _page(
            ContactPerson.objects.visible_to(user).filter(customer=customer),
            request.GET.get("persons", ""),
        ),
        "users": _page(
            ServiceUser.objects.visible_to(user).filter(customer=customer),
            request.GET.get("users", ""),
        ),
        "contacts": shown,
        "older": position_of(shown[-1]) if has_more else "",
        "is_newest": not request.GET.get("before"),
    }
    template = "_customer.html" if is_fragment(request) else "customer.html"
    return render(request, f"caller_lookup/{template}", context)


def _page(roles: Any, number: str) -> Page:
    """A page of roles by the persons' names, those in force first; rubbish is the first page."""
    page = max(int(number), 1) if number.isdecimal() and len(number) < 7 else 1
    start = (page - 1) * PERSONS_PER_PAGE
    rows = list(
        roles.select_related("person")
        .annotate(total=Window(Count("*")))
        .in_force_first("person__last_name", "person__first_name")[start : start + PERSONS_PER_PAGE]
    )
    return Page(rows, page, rows[0].total if rows else 0)
