"""A page of one's own marketing choices: its link, and what it changes (Act 917/2014 §203).

A person has hers, and a company one for its own addresses.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from consents.links import link_token
from consents.models import MarketingChoice, Wording
from consents.services import record_choice
from consents.services.choices import choices_of
from consents.standing import Standing, standing_of
from customers.models import Customer, Person

PREFERENCES = "preferences"
"""The kind of link; what it is about is the channel that its one-click unsubscribe stops."""

MAX_AGE = timedelta(days=90)

YES, NO = "yes", "no"

_ITS_PLACE = "-"

Choice = MarketingChoice.Choice

Chooser = Person | Customer
"""Whose page it is: a person, or a company for its own addresses."""


@dataclass(frozen=True)
class PreferenceLink:
    """Where somebody changes the choices, and the headers of an e-mail that offers it."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


def preference_link(public_id: UUID, channel: str = "") -> PreferenceLink:
    """Somebody's link for a message on a channel; by e-mail with one click (RFC 8058)."""
    token = link_token(PREFERENCES, public_id, channel)
    url = f"{settings.SITE_ADDRESS}{_path().replace(_ITS_PLACE, token)}"
    if channel != MarketingChoice.Channel.EMAIL:
        return PreferenceLink(url)
    headers = {
        "List-Unsubscribe": f"<{url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return PreferenceLink(url, headers)


@cache
def _path() -> str:
    """Where a token goes, found once: a list has a hundred thousand links."""
    return reverse("preferences", args=[_ITS_PLACE])


def as_holder(chooser: Chooser) -> dict[str, Any]:
    """Whose choice it is, as the services take it."""
    return {"person" if isinstance(chooser, Person) else "customer": chooser}


def own_standing(chooser: Chooser) -> Standing:
    """What somebody has chosen for herself, or a company for itself."""
    return standing_of(choices_of(**as_holder(chooser)).latest_per_channel())


def answer_of(standing: Standing, channel: str) -> str:
    """What stands on a channel, as her page says it: yes, no, or nothing chosen."""
    if standing.of(channel) is None:
        return ""
    return YES if standing.is_permitted(channel) else NO


def save_answers(
    chooser: Chooser, answers: Mapping[str, str], wording: Wording | None, language: str
) -> None:
    """Record what was answered on the page about each channel.

    What stands already makes no event. A permission is on the wording that was read; raises
    ProcessingRestricted for one of a person whose data is restricted.
    """
    standing = own_standing(chooser)
    changed = {
        channel: answer
        for channel, answer in answers.items()
        if answer != answer_of(standing, channel)
    }
    for channel, answer in changed.items():
        choice = Choice.PERMITTED
        if answer == NO:
            was_permitted = standing.is_permitted(channel)
            choice = Choice.WITHDRAWN if was_permitted else Choice.PROHIBITED
        record_choice(
            **as_holder(chooser),
            channel=channel,
            choice=choice,
            source=MarketingChoice.Source.PAGE,
            wording=wording if choice == Choice.PERMITTED else None,
            evidence=f"preferences {language}",
        )
