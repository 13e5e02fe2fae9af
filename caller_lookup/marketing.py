"""What the card and the customer page show of marketing: choices, what is allowed now, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.utils.functional import cached_property

from accounts.models import User
from accounts.requests import StaffRequest
from consents.decision import Decision
from consents.models import MarketingChoice, MarketingChoiceQuerySet, Wording
from consents.reach import reach_of_customer, reach_of_person, usual_group
from consents.services import is_recent
from consents.standing import PERMITTED, Standing, standing_of
from contracts.models import Product
from customers.models import Customer, Person

MOST_EVENTS = 50

Channel = MarketingChoice.Channel
OFFERED = (Channel.EMAIL, Channel.SMS, Channel.PHONE, Channel.POST)
"""The channels that a caller stops with one click of the agent's on the card."""


@dataclass(frozen=True)
class MarketingMark:
    """What the head of the card says of marketing, and what can be done about it there."""

    standing: Standing
    user: User

    @property
    def to_stop(self) -> list[Channel]:
        """The channels that she has not refused yet."""
        return [channel for channel in OFFERED if not self.standing.is_refused(channel)]

    @cached_property
    def to_undo(self) -> list[MarketingChoice]:
        """What this user recorded a moment ago in place of a permission."""
        own = [
            choice
            for choice in self.standing.refused
            if choice.recorded_by_id == self.user.pk and is_recent(choice)
        ]
        replacing = _replacing_a_permission(own) if own else frozenset()
        return [choice for choice in own if choice.pk in replacing]


def choices_of(person: int, user: User) -> MarketingChoiceQuerySet:
    """What counts now of all that a person, by her key, has chosen, whatever her history."""
    choices: MarketingChoiceQuerySet = MarketingChoice.objects.visible_to(user)
    return choices.filter(person=person).latest_per_channel()


def _replacing_a_permission(newest: Iterable[MarketingChoice]) -> frozenset[int]:
    """The keys of those newest choices before which the same was permitted."""
    events = MarketingChoice.objects.filter(
        **{name: OuterRef(OuterRef(name)) for name in ("person", "channel", "product_group")}
    )
    one_before = Subquery(events.newest_first().values("pk")[1:2])
    permitted = MarketingChoice.objects.filter(choice=PERMITTED, pk=one_before)
    found = MarketingChoice.objects.filter(Exists(permitted), pk__in=[one.pk for one in newest])
    return frozenset(found.keys_only())


@dataclass(frozen=True)
class ChannelRow:
    """One channel in a panel: what was chosen, and what is decided now."""

    channel: Channel
    now: MarketingChoice | None
    of_groups: Sequence[MarketingChoice]
    decision: Decision | None


def load_permissions(person: Person, request: StaffRequest) -> Any:
    """What may reach her now and why, what she has chosen, and every event behind it."""
    choices = MarketingChoice.objects.visible_to(request.user).filter(person=person)
    group = _group(request) or usual_group(person=person)
    return {
        **_shown(choices, group, reach_of_person(person, group)),
        "wording": Wording.objects.to_read_out(person.language),
    }


def load_company_permissions(customer: Customer, request: StaffRequest) -> Any:
    """The same of a company's own addresses; a natural customer's choices are her owner's."""
    if customer.owner_id is not None:
        return {"owner": customer.owner}
    choices = MarketingChoice.objects.visible_to(request.user).filter(customer=customer)
    group = _group(request) or usual_group(customer=customer)
    return {
        **_shown(choices, group, reach_of_customer(customer, group)),
        "wording": Wording.objects.to_read_out(customer.language),
    }


def _group(request: StaffRequest) -> str:
    asked = request.GET.get("group", "")
    return asked if asked in Product.Group.values else ""


def _shown(choices: MarketingChoiceQuerySet, group: str, reach: Any) -> dict[str, Any]:
    standing = standing_of(choices.latest_per_channel())
    events: Iterable[MarketingChoice] = choices.select_related(
        "wording", "recorded_by"
    ).newest_first()[:MOST_EVENTS]
    return {
        "channels": [
            ChannelRow(
                channel,
                standing.of(channel),
                [one for one in standing.of_groups if one.channel == channel],
                reach.get(channel.value),
            )
            for channel in Channel
        ],
        "events": list(events),
        "group": group,
        "groups": Product.Group.choices,
    }
