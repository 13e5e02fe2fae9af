"""What the caller card shows: one statement, whatever the person's history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from accounts.models import User
from audit.together import DAY, PERSON, QuerySets, Together
from caller_lookup.marketing import MarketingMark, choices_of
from consents.standing import standing_of
from customers.covering import (
    ShownAddress,
    ShownPoint,
    must_cover,
    shown_address,
    shown_point,
)
from customers.models import (
    Address,
    ContactPerson,
    ContactPoint,
    Customer,
    Hold,
    Interaction,
    Person,
    Restriction,
    ServiceUser,
)
from customers.querysets import InteractionQuerySet

MOST_OPEN_MATTERS = 10
RECENT_INTERACTIONS = 3
MOST_OF_A_KIND = 50
"""How many roles or numbers a card shows; hardly anybody has more, and the panels show the rest."""

_SHOWN_OF_A_CONTACT = (
    *("public_id", "person", "channel", "direction", "subject", "summary", "outcome"),
    *("happened_at", "closed_at", "handled_by__username"),
    *("customer__number", "customer__company_name", "customer__owner"),
)


@dataclass(frozen=True)
class ContactDetails:
    """Where a person is reached today; `are_covered` if something waits to be uncovered."""

    points: list[ShownPoint]
    addresses: list[ShownAddress]

    @property
    def are_covered(self) -> bool:
        return any(one.is_covered for one in self.points) or any(
            one.is_covered for one in self.addresses
        )


@dataclass(frozen=True)
class CallerCard:
    """A person as an agent needs her while she is on the line."""

    person: Person
    details: ContactDetails
    contact_roles: list[ContactPerson]
    user_roles: list[ServiceUser]
    customers: list[Customer]
    open_matters: list[Interaction]
    recent: list[Interaction]
    restrictions: list[Restriction]
    holds: list[Hold]
    marketing: MarketingMark

    @property
    def latest_closed(self) -> list[Interaction]:
        """The last contacts that left nothing open."""
        return [contact for contact in self.recent if contact.closed_at is not None]

    @property
    def own_customers(self) -> list[Customer]:
        """On whose behalf she may call: each customer once, those of today first."""
        belonging = sorted(self._belonging(), key=lambda one: one[1])
        return list({customer.pk: customer for customer, _ended in belonging}.values())

    @property
    def customers_of_today(self) -> list[Customer]:
        """For whom she can speak today: each customer once."""
        belonging = self._belonging()
        return list({one.pk: one for one, has_ended in belonging if not has_ended}.values())

    def _belonging(self) -> list[tuple[Customer, bool]]:
        """Her customers, and whether what she is to them has ended."""
        roles: list[ContactPerson | ServiceUser] = [*self.contact_roles, *self.user_roles]
        return [
            *((customer, customer.has_ended) for customer in self.customers),
            *((role.customer, role.has_ended) for role in roles if role.customer is not None),
        ]


_CARD = Together()


def card_of(person: Person, user: User, *, uncovered: bool = False) -> CallerCard:
    """Everything on the person's card that the user may see; what she may not stays empty."""
    found = _CARD.read(
        user.roles,
        lambda: _of_the_card(user, PERSON.stand_in, DAY.stand_in),
        person=person.pk,
        day=timezone.localdate(),
    )
    contacts = found["contacts"]
    return CallerCard(
        person=person,
        details=_shown(found["points"], found["addresses"], user, uncovered=uncovered),
        contact_roles=found["contact_roles"],
        user_roles=found["user_roles"],
        customers=found["customers"],
        open_matters=[contact for contact in contacts if contact.closed_at is None],
        recent=contacts[:RECENT_INTERACTIONS],
        restrictions=found["restrictions"],
        holds=found["holds"],
        marketing=MarketingMark(standing_of(found["choices"]), user),
    )


def details_of(person: Person, user: User, *, uncovered: bool = False) -> ContactDetails:
    """Where the person is reached today, covered where the user's role says so."""
    reached = _reached(user, person.pk, timezone.localdate())
    return _shown(list(reached["points"]), list(reached["addresses"]), user, uncovered=uncovered)


def _shown(
    points: Sequence[ContactPoint], addresses: Sequence[Address], user: User, *, uncovered: bool
) -> ContactDetails:
    cover = must_cover(user) and not uncovered
    return ContactDetails(
        [shown_point(one, cover=cover) for one in points],
        [shown_address(one, cover=cover) for one in addresses],
    )


# --- what is read together: one statement for a whole card --------------------------------------


def _of_the_card(user: User, person: int, day: date) -> QuerySets:
    """What a card shows to who has the roles of this user."""
    return {
        "contacts": _contacts(user, person),
        **_reached(user, person, day),
        "contact_roles": ContactPerson.objects.visible_to(user)
        .filter(person=person)
        .select_related("customer")
        .in_force_first("customer__company_name")[:MOST_OF_A_KIND],
        "user_roles": ServiceUser.objects.visible_to(user)
        .filter(person=person)
        .select_related("customer")
        .in_force_first("user_id")[:MOST_OF_A_KIND],
        "customers": Customer.objects.visible_to(user)
        .filter(owner=person)
        .in_force_first("number")[:MOST_OF_A_KIND],
        "restrictions": Restriction.objects.visible_to(user).filter(person=person).in_force(),
        "holds": Hold.objects.visible_to(user).over([person]).in_force(day),
        "choices": choices_of(person, user),
    }


def _reached(user: User, person: int, day: date) -> QuerySets:
    """Where a person is reached."""
    points = ContactPoint.objects.visible_to(user).filter(person=person).in_force()
    addresses = Address.objects.visible_to(user).filter(person=person).in_force(day)
    return {
        "points": points.first_choice_first()[:MOST_OF_A_KIND],
        "addresses": addresses.order_by("kind", "id")[:MOST_OF_A_KIND],
    }


def _contacts(user: User, person: int) -> InteractionQuerySet:
    """The newest open matters and the latest contacts, newest first, as far as a card shows them.

    Each kind is found by an index of its own, so that a long history costs nothing.
    """
    visible = Interaction.objects.visible_to(user)
    newest = visible.filter(person=person).newest_first().keys_only()
    wanted = newest.open()[:MOST_OPEN_MATTERS].union(newest[:RECENT_INTERACTIONS])
    found = visible.filter(pk__in=wanted).newest_first().select_related("handled_by", "customer")
    return found.only(*_SHOWN_OF_A_CONTACT)
