"""What somebody has chosen about marketing by now: one answer for each channel, out of events."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from consents.models import MarketingChoice

Channel = MarketingChoice.Channel
PERMITTED = MarketingChoice.Choice.PERMITTED


@dataclass(frozen=True)
class Standing:
    """The newest choice of each channel: about everything, and about single product groups."""

    of_everything: Mapping[str, MarketingChoice]
    of_groups: tuple[MarketingChoice, ...] = ()

    def of(self, channel: str) -> MarketingChoice | None:
        """What was chosen about everything on a channel."""
        return self.of_everything.get(channel)

    def is_refused(self, channel: str) -> bool:
        """Whether marketing on the channel was prohibited, or its permission withdrawn."""
        choice = self.of(channel)
        return choice is not None and choice.choice != PERMITTED

    def is_permitted(self, channel: str) -> bool:
        choice = self.of(channel)
        return choice is not None and choice.choice == PERMITTED

    @property
    def refused(self) -> list[MarketingChoice]:
        """The choices about everything that refuse, in the order of the channels."""
        return [self.of_everything[one] for one in Channel if self.is_refused(one)]

    @property
    def refused_groups(self) -> list[MarketingChoice]:
        """What is refused about single product groups, where not everything is."""
        return [
            one
            for one in self.of_groups
            if one.choice != PERMITTED and not self.is_refused(one.channel)
        ]

    @property
    def permitted_groups(self) -> list[MarketingChoice]:
        """What is permitted about single product groups, where not everything is or is refused."""
        return [
            one
            for one in self.of_groups
            if one.choice == PERMITTED and self.of(one.channel) is None
        ]

    @property
    def is_all_refused(self) -> bool:
        """Whether nothing may reach her on any channel."""
        return all(self.is_refused(channel) for channel in Channel)

    @property
    def only(self) -> list[Channel]:
        """The channels that are permitted, where every other one is refused."""
        permitted = [channel for channel in Channel if self.is_permitted(channel)]
        rest = [channel for channel in Channel if channel not in permitted]
        return permitted if rest and all(map(self.is_refused, rest)) else []


def standing_of(latest: Iterable[MarketingChoice]) -> Standing:
    """The standing of one person or company, from the newest event of each channel and group."""
    found = list(latest)
    return Standing(
        {one.channel: one for one in found if not one.product_group},
        tuple(one for one in found if one.product_group),
    )
