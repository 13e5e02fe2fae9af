"""Contact details as a role may see them: as they are, or covered until she asks to see them.

What is covered is replaced here, before any template: the page never holds what it hides.
"""

from dataclasses import dataclass, replace

from accounts.models import User
from customers.lookup import Found, FoundCompany, FoundPerson
from customers.models import Address, ContactPoint
from datamap.vocabulary import Category

COVER = "•••"
DIGITS_LEFT = 2


@dataclass(frozen=True)
class ShownPoint:
    """A phone number or an e-mail address, and the text to show of it."""

    record: ContactPoint
    text: str
    is_covered: bool


@dataclass(frozen=True)
class ShownAddress:
    """An address, and its lines to show; covered, only the town is left."""

    record: Address
    lines: tuple[str, ...]
    is_covered: bool


def must_cover(user: User) -> bool:
    """Whether the user sees contact details covered until she uncovers them."""
    return not user.has_perm("customers.see_contact_details_uncovered")


def shown_point(point: ContactPoint, *, cover: bool) -> ShownPoint:
    """A number covered but for its last two digits, an address but for its first letter."""
    if not cover:
        return ShownPoint(point, point.as_written, is_covered=False)
    covers = _cover_email if point.kind == ContactPoint.Kind.EMAIL else _cover_phone
    return ShownPoint(point, covers(point.as_written), is_covered=True)


def shown_detail(written: str, *, cover: bool) -> str:
    """A number or an e-mail address that stands in a record of another kind."""
    if not cover or not written:
        return written
    return _cover_email(written) if "@" in written else _cover_phone(written)


def _cover_email(address: str) -> str:
    return f"{address[:1]}{COVER}@{COVER}"


def _cover_phone(number: str) -> str:
    return f"{COVER} {''.join(filter(str.isdecimal, number))[-DIGITS_LEFT:]}"


def covered(found: Found) -> Found:
    """What a search found, with the numbers and addresses that it was found by covered."""
    return replace(found, entries=[_covered_entry(entry) for entry in found.entries])


def _covered_entry(entry: FoundPerson | FoundCompany) -> FoundPerson | FoundCompany:
    detail = entry.detail
    if entry.category is Category.PHONE:
        detail = _cover_phone(detail)
    elif entry.category is Category.EMAIL:
        detail = _cover_email(detail)
    if isinstance(entry, FoundCompany):
        persons = [replace(person, detail="") for person in entry.persons]
        return replace(entry, detail=detail, persons=persons)
    return replace(entry, detail=detail)


def shown_address(address: Address, *, cover: bool) -> ShownAddress:
    """The lines of an address as a letter has them; covered, the town alone."""
    lines = address_lines(
        address.street, address.postal_code, address.city, address.country, cover=cover
    )
    return ShownAddress(address, lines, is_covered=cover)


def address_lines(
    street: str, postal_code: str, city: str, country: str, *, cover: bool
) -> tuple[str, ...]:
    """The lines of an address that a record keeps as it was; covered, the town alone."""
    lines = (
        COVER if cover else street,
        city if cover else f"{postal_code} {city}".strip(),
        "" if country == "FI" else country,
    )
    return tuple(filter(None, lines))
