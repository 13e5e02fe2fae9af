"""The card's own panels: contact details, history and marketing permissions."""

from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from accounts.requests import StaffRequest
from caller_lookup.positions import position_of, read_position
from consents.models import MarketingChoice, Wording
from customers.covering import must_cover, shown_address, shown_point
from customers.models import (
    Address,
    ContactPoint,
    IdentityCheck,
    Interaction,
    Person,
    Restriction,
)
from datamap.panels import Panel, register_panel

CONTACTS_PER_PAGE = 10
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
    """The person's contacts, newest first; any page costs the same."""
    before = request.GET.get("before", "")
    checks = IdentityCheck.objects.visible_to(request.user).in_order()
    found = (
        Interaction.objects.visible_to(request.user)
        .filter(person=person)
        .newest_first()
        .older_than(*read_position(before))
    )
    contacts = list(
        found.select_related("handled_by", "customer").prefetch_related(
            Prefetch("identity_checks", checks)
        )[:CONTACTS_PER_PAGE]
    )
    has_more = bool(found.keys_only()[CONTACTS_PER_PAGE : CONTACTS_PER_PAGE + 1])
    return {
        "contacts": contacts,
        "older": position_of(contacts[-1]) if has_more else "",
        "is_newest": not before,
    }


def load_permissions(person: Person, request: StaffRequest) -> Any:
    """What she has chosen on each channel, and every event behind it."""
    choices = (
        MarketingChoice.objects.visible_to(request.user)
        .filter(person=person)
        .select_related("wording", "recorded_by")
    )
    now = {one.channel: one for one in choices.latest_per_channel() if not one.product_group}
    return {
        "channels": [(channel, now.get(channel.value)) for channel in MarketingChoice.Channel],
        "events": list(choices.newest_first()[:MOST_EVENTS]),
        "wording": Wording.objects.to_read_out(person.language),
    }


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
        _("Contact history"),
        "customers.view_interaction",
        load_history,
        "caller_lookup/_panel_history.html",
        place=60,
        key="h",
    )
)
