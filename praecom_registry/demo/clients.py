"""The customers of a batch as sellers see them: whom to speak to, where, and for whom."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from praecom_registry.demo.reach import normalised
from praecom_registry.demo.rows import Batch


@dataclass(frozen=True)
class Client:
    """A customer of the batch; persons and addresses are places in the batch.

    `contacts` speak for it, `users` use its services: of a private customer she herself.
    """

    place: int
    number: str
    business_id: str
    name: str
    is_company: bool
    language: str
    since: date
    ended_on: date | None
    contacts: tuple[int, ...]
    users: tuple[int, ...]
    address: int | None
    billing_address: int | None
    email: str
    switchboard: str


def clients_of(batch: Batch) -> Iterator[Client]:
    """Every customer of the batch, in order."""
    contacts, users = _people(batch)
    of_persons, of_customers = _addresses(batch)
    emails, switchboards = _reached(batch)
    for place, row in enumerate(batch.customers):
        is_company = row.kind == "company"
        own: tuple[int, ...] = () if row.owner is None else (row.owner,)
        addresses = of_customers[place] if is_company else of_persons[own[0]]
        billing = [n for n in addresses if batch.addresses[n].kind == "billing"]
        speaking = tuple(dict.fromkeys((*own, *contacts[place]))) if is_company else own
        yield Client(
            place,
            row.number,
            row.business_id,
            row.company_name if is_company else batch.persons[own[0]].last_name,
            is_company,
            row.language,
            row.since,
            row.ended_on,
            speaking,
            tuple(dict.fromkeys((*own, *users[place], *contacts[place]))) if is_company else own,
            addresses[0] if addresses else None,
            billing[0] if billing else None,
            "" if is_company else emails.get(own[0], ""),
            switchboards.get(place, ""),
        )


class Numbers:
    """Subscriber numbers: a person's own phone number once, and others that nobody has."""

    def __init__(self, batch: Batch, spare: Iterator[str]) -> None:
        self._spare = spare
        self._given: set[str] = set()
        self._own = {
            point.person: point.normalised
            for point in reversed(batch.contact_points)
            if point.kind == "phone" and point.person is not None and point.ended_on is None
        }

    def of(self, person: int | None) -> str:
        """The number that she has written down as hers, or another one."""
        own = None if person is None else self._own.get(person)
        return own if own is not None and self.give(own) else self.next()

    def give(self, number: str) -> bool:
        """Take this number, unless it is taken."""
        if number in self._given:
            return False
        self._given.add(number)
        return True

    def next(self) -> str:
        """A number that nobody has; none when they have run out."""
        number = next(self._spare, "")
        return normalised(number) if number else ""


def _people(batch: Batch) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    contacts: dict[int, list[int]] = defaultdict(list)
    users: dict[int, list[int]] = defaultdict(list)
    for role in batch.contact_persons:
        if role.ended_on is None:
            contacts[role.customer].append(role.person)
    for user in batch.service_users:
        if user.customer is not None and user.ended_on is None:
            users[user.customer].append(user.person)
    return contacts, users


def _addresses(batch: Batch) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    of_persons: dict[int, list[int]] = defaultdict(list)
    of_customers: dict[int, list[int]] = defaultdict(list)
    for place, address in enumerate(batch.addresses):
        if address.valid_until is None:
            _put(of_persons, address.person, place)
            _put(of_customers, address.customer, place)
    return of_persons, of_customers


def _put(found: dict[int, list[int]], whose: int | None, place: int) -> None:
    if whose is not None:
        found[whose].append(place)


def _reached(batch: Batch) -> tuple[dict[int, str], dict[int, str]]:
    """The e-mail address of each person, and the switchboard of each company."""
    emails, switchboards = {}, {}
    for point in batch.contact_points:
        if point.ended_on is not None:
            continue
        if point.kind == "email" and point.person is not None:
            emails[point.person] = point.normalised
        elif point.kind == "phone" and point.customer is not None:
            switchboards[point.customer] = point.normalised
    return emails, switchboards
