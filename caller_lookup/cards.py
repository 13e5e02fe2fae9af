"""What the caller card shows: one query per kind of data, whatever the person's history."""

from dataclasses import dataclass

from accounts.models import User
from consents.models import MarketingChoice
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

RECENT_INTERACTIONS = 5


@dataclass(frozen=True)
class CallerCard:
    """A person as an agent needs her while she is on the line."""

    person: Person
    contact_points: list[ContactPoint]
    contact_roles: list[ContactPerson]
    user_roles: list[ServiceUser]
    customers: list[Customer]
    addresses: list[Address]
    interactions: list[Interaction]
    restrictions: list[Restriction]
    holds: list[Hold]
    prohibitions: list[MarketingChoice]


def card_of(person: Person, user: User) -> CallerCard:
    """Everything on the person's card that the user may see; what she may not stays empty."""
    choices = MarketingChoice.objects.visible_to(user).filter(person=person)
    return CallerCard(
        person=person,
        contact_points=list(
            ContactPoint.objects.visible_to(user)
            .filter(person=person)
            .in_force()
            .first_choice_first()
        ),
        contact_roles=list(
            ContactPerson.objects.visible_to(user)
            .filter(person=person)
            .select_related("customer")
            .order_by("ended_on", "customer__company_name")
        ),
        user_roles=list(
            ServiceUser.objects.visible_to(user)
            .filter(person=person)
            .select_related("customer")
            .order_by("ended_on", "user_id")
        ),
        customers=list(Customer.objects.visible_to(user).filter(owner=person).order_by("number")),
        addresses=list(Address.objects.visible_to(user).filter(person=person).in_force()),
        interactions=list(
            Interaction.objects.visible_to(user)
            .filter(person=person)
            .select_related("handled_by")
            .newest_first()[:RECENT_INTERACTIONS]
        ),
        restrictions=list(Restriction.objects.visible_to(user).filter(person=person).in_force()),
        holds=list(Hold.objects.visible_to(user).filter(person=person).in_force()),
        prohibitions=[
            choice
            for choice in choices.latest_per_channel()
            if choice.choice != MarketingChoice.Choice.PERMITTED
        ],
    )
