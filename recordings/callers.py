"""Whom a call or a message concerns: by number or address, exactly; and which contact it was.

A number that several persons have tells nobody: the recording is then taken in without a person,
for a reviewer to say whose it is.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from customers.lookup_search import search_exactly
from customers.models import ContactPoint, Interaction, Person
from customers.phones import NotAPhoneNumber, normalise_phone
from datamap.lookup_keys import Form
from recordings.periods import call_due

AROUND = timedelta(minutes=10)
"""How far from the call its contact event may lie: agents write it during the call or after it."""

_SHORTEST_OUTSIDE = 6
_LONGEST = 32
_WRITTEN_AS_NUMBER = re.compile(r"[+]?[0-9 ()\-./]+")

CALLS = (Interaction.Channel.PHONE, Interaction.Channel.VIDEO)
MAIL = (Interaction.Channel.EMAIL,)


@dataclass(frozen=True)
class Call:
    """What is known of a call, from the telephone system or from who puts it right.

    `number` is the caller's, in our form and empty if it was hidden; `agent` the key of who took
    it, where known; `informed_at` when the caller was told that it is recorded.
    """

    number: str
    line: str
    agent: int | None
    started_at: datetime
    ended_at: datetime
    informed_at: datetime | None


def details_of(call: Call) -> tuple[list[int], dict[str, Any]]:
    """Whom a call concerns, nobody or one, and what its recording says of it."""
    person = person_with_number(call.number)
    contact = contact_of(person, CALLS, call.started_at, call.ended_at)
    return person, {
        "caller_number": call.number,
        "line_number": call.line,
        "handled_by_id": call.agent or (contact.handled_by_id if contact else None),
        "interaction_id": contact.pk if contact else None,
        "started_at": call.started_at,
        "due_on": call_due(call.started_at),
        "informed_at": call.informed_at,
    }


def number_of(written: str) -> str:
    """A number as the telephone system wrote it, in our form; empty if there is none.

    One of few digits is an extension and stays as it is.
    """
    digits = len(re.findall(r"[0-9]", written))
    if not digits or not _WRITTEN_AS_NUMBER.fullmatch(written):
        return ""
    if digits < _SHORTEST_OUTSIDE:
        return written[:_LONGEST]
    try:
        return normalise_phone(written)
    except NotAPhoneNumber:
        return ""


def person_with_number(number: str) -> list[int]:
    """The key of the one person who has this number; empty where there is none, or not one."""
    if len(number) <= _SHORTEST_OUTSIDE:
        return []
    return _the_one(key["person_id"] for key in search_exactly(Form.PHONE, number))


def persons_with_addresses(addresses: Iterable[str]) -> list[int]:
    """The keys of the persons who have one of these e-mail addresses alone."""
    found = [key for address in addresses for key in _the_one(_with_address(address))]
    return list(dict.fromkeys(found))


def _with_address(address: str) -> list[int | None]:
    """Whose contact point it is to the letter: keys leave out accents and what is very long."""
    keys = {key["source_id"]: key["person_id"] for key in search_exactly(Form.EMAIL, address)}
    points = ContactPoint.objects.filter(pk__in=list(keys), normalised=address.lower())
    return [keys[point] for point in points.keys_only()]


def _the_one(persons: Iterable[int | None]) -> list[int]:
    found = {key for key in persons if key is not None}
    return list(found) if len(found) == 1 else []


def persons(keys: Iterable[int]) -> list[Person]:
    """The persons with these keys."""
    return list(Person.objects.filter(pk__in=list(keys)).only("pk"))


def contact_of(
    keys: list[int], channels: Iterable[str], begin: datetime, end: datetime
) -> Interaction | None:
    """The contact event of the one person in this time, if there is exactly one."""
    if len(keys) != 1:
        return None
    near = Interaction.objects.filter(
        person=keys[0],
        channel__in=channels,
        happened_at__range=(begin - AROUND, end + AROUND),
    )
    found = list(near.keys_only()[:2])
    if len(found) != 1:
        return None
    return Interaction.objects.only("person", "closed_at", "handled_by").get(pk=found[0])
