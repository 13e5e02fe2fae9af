"""Phone numbers and e-mail addresses that nobody has, in the ways people write them."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from random import Random

from praecom_registry.demo.draw import Weighted

DOMAINS = Weighted([("demo.example.fi", 60), ("demo.example.com", 25), ("demo.example.org", 15)])

_PREFIXES = ["040", "041", "042", "043", "044", "045", "046", "047", "048", "050"]
_NARROW, _WIDE = 10_000, 1_000_000
"""Numbers per prefix: `04x 000 xxxx`, and `04x 00 xxxxxx` where those do not suffice."""
PER_PERSON = 2
"""So many numbers are kept for each person; not everybody needs hers."""


class PhoneBook:
    """Numbers without end, none twice before all have been given out."""

    def __init__(self, place: int, persons: int) -> None:
        """Begin at this place; the register will hold so many persons in all."""
        self._place = place
        self._per_prefix = _NARROW if persons * PER_PERSON <= _NARROW * len(_PREFIXES) else _WIDE

    def next_number(self) -> str:
        """The next number in its national writing without spaces."""
        # The factor has no divisor in common with ten: each place gives another number.
        scattered = self._place * 6_180_339 % (self._per_prefix * len(_PREFIXES))
        self._place += 1
        prefix, rest = divmod(scattered, self._per_prefix)
        digits = 7 if self._per_prefix == _NARROW else 8
        return f"{_PREFIXES[prefix]}{rest:0{digits}d}"

    def numbers_before(self, place: int) -> Iterator[str]:
        """The numbers that are left before another place."""
        while self._place < place:
            yield self.next_number()


def normalised(number: str) -> str:
    """The number with its country code."""
    return f"+358{number[1:]}"


_WRITINGS = Weighted(
    [
        ("{0} {1} {2}", 30), ("{0}{1}{2}", 17), ("+358 {3} {1} {2}", 20), ("+358{3}{1}{2}", 12),
        ("{0}-{1}{2}", 8), ("{0}-{1} {2}", 6), ("({0}) {1} {2}", 2), ("00358 {3} {1}{2}", 1),
        ("+358 (0){3} {1} {2}", 2), ("{0}.{1}.{2}", 1), ("{0} {1}{2}", 1),
    ]
)  # fmt: skip


def as_written(rng: Random, number: str) -> str:
    """The number as somebody might have written it on a form."""
    return _WRITINGS.draw(rng).format(number[:3], number[3:6], number[6:], number[1:3])


@cache
def _plain(name: str) -> str:
    """A name as it stands in addresses: small, without accents."""
    bare = unicodedata.normalize("NFKD", name.lower().replace("ø", "o"))
    return re.sub(r"[^a-z0-9-]", "", bare)


def draw_local_part(rng: Random, first_name: str, last_name: str) -> str:
    """What stands before the @ in a person's address."""
    first, last = _plain(first_name.split()[0]), _plain(last_name)
    kind = rng.random()
    if kind < 0.5:
        return f"{first}.{last}"
    if kind < 0.8:
        return f"{first}.{last}{1 + int(98 * rng.random())}"
    if kind < 0.9:
        return f"{first[0]}.{last}"
    return f"{last}.{first}"


def company_local_part(company_name: str) -> str:
    """What stands before the @ in a company's own address."""
    return f"info.{_plain(company_name)}"[:60]


def draw_billing_address(rng: Random, name: str) -> str:
    """Where invoices go by mail."""
    return f"laskut.{_plain(name)}"[:60] + f"@{DOMAINS.draw(rng)}"


def draw_address(rng: Random, local_part: str) -> tuple[str, str]:
    """An address as written and in lower case; some people write it with capitals."""
    address = f"{local_part}@{DOMAINS.draw(rng)}"
    if rng.random() < 0.07:
        return "@".join(part.title() for part in address.split("@")), address
    return address, address
