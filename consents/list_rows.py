"""The rows of a marketing list as they may be used now: each is decided again when it is read.

What was allowed when the list was made may have been prohibited since. Who may not be reached any
more is neither read nor recorded, only counted.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from audit.context import flush_when_full
from audit.sql import keys_sql, recorded_sql
from consents.decision import decisions
from consents.list_counts import ENDED
from consents.models import MarketingList
from consents.rules import Rule
from consents.services.lists import message_of

AT_ONCE = 1_000

_NEXT = """
SELECT r.id, r.person_id, r.customer_id, r.contact_point_id, r.address_id,
    p.ended_on IS NULL AND (a.valid_until IS NULL OR a.valid_until >= %(today)s) AS is_in_use
FROM consents_marketinglistrow r
LEFT JOIN customers_contactpoint p ON p.id = r.contact_point_id
LEFT JOIN customers_address a ON a.id = r.address_id
WHERE r.marketing_list_id = %(list)s AND r.id > %(after)s ORDER BY r.id LIMIT %(most)s
"""

# A contact person is decided about in the role that she has for the company now, if she has one.
_CANDIDATES = """
SELECT r.person_id, role.id AS role_id, r.customer_id, r.contact_point_id AS point_id, r.address_id
FROM consents_marketinglistrow r
LEFT JOIN LATERAL (
    SELECT t.id FROM customers_contactperson t
    WHERE t.person_id = r.person_id AND t.customer_id = r.customer_id
        AND (t.started_on IS NULL OR t.started_on <= %(today)s)
        AND (t.ended_on IS NULL OR t.ended_on >= %(today)s)
    ORDER BY t.id LIMIT 1
) AS role ON true
WHERE r.id = ANY (%(rows)s)
"""

_CONTENTS = """
SELECT r.id, array_remove(ARRAY[n.public_id, o.public_id], NULL) AS subjects,
    n.public_id AS person, coalesce(n.public_id, o.public_id) AS chooser,
    n.first_name, n.last_name, coalesce(n.language, m.language) AS language, m.company_name,
    CASE p.kind WHEN 'phone' THEN p.normalised ELSE p.as_written END AS reach,
    a.street, a.postal_code, a.city, a.country
FROM consents_marketinglistrow r
LEFT JOIN customers_person n ON n.id = r.person_id
LEFT JOIN customers_customer m ON m.id = r.customer_id
LEFT JOIN customers_person o ON o.id = m.owner_id
LEFT JOIN customers_contactpoint p ON p.id = r.contact_point_id
LEFT JOIN customers_address a ON a.id = r.address_id
WHERE r.id = ANY (%(rows)s) ORDER BY r.id
"""


_DECIDED = ("person_id", "customer_id", "contact_point_id", "address_id")
"""The columns of a row that its decision has too."""


@dataclass(frozen=True)
class ListedRow:
    """One recipient as the list shows and hands her out."""

    key: int
    chooser: UUID | None
    """Whose choices count: the person's public ID; none for a company as such."""
    name: str
    company: str
    language: str
    reach: str
    street: str
    postal_code: str
    city: str
    country: str

    @property
    def address(self) -> str:
        """Where she is reached, on one line."""
        place = f"{self.postal_code} {self.city}".strip()
        return self.reach or ", ".join(part for part in (self.street, place) if part)


@dataclass(frozen=True)
class Part:
    """Some rows of a list in their order, and the key after which the next ones begin."""

    rows: list[ListedRow]
    left_out: Counter[str]
    last: int
    has_more: bool


def part_of(made: MarketingList, after: int, most: int = AT_ONCE) -> Part:
    """The next rows after a key, each decided about now; who is shown is recorded."""
    today = timezone.localdate()
    found = keys_sql(_NEXT, {"list": made.pk, "after": after, "most": most + 1, "today": today})
    taken = found[:most]
    rules = _rules_now(made, [row["id"] for row in taken])
    left_out: Counter[str] = Counter()
    shown = []
    for row in taken:
        rule = rules[tuple(row[name] for name in _DECIDED)]
        if row["is_in_use"] and rule.allows:
            shown.append(row["id"])
        else:
            left_out[rule.code if not rule.allows else ENDED] += 1
    last = taken[-1]["id"] if taken else after
    return Part(_contents(made, shown), left_out, last, has_more=len(found) > most)


def all_of(made: MarketingList, left_out: Counter[str]) -> Iterator[ListedRow]:
    """Every row that may be used now; the others are counted. One part is held at a time."""
    after, has_more = 0, True
    while has_more:
        part = part_of(made, after)
        left_out.update(part.left_out)
        yield from part.rows
        after, has_more = part.last, part.has_more
        flush_when_full()


def _rules_now(made: MarketingList, rows: list[int]) -> dict[tuple[int | None, ...], Rule]:
    message = message_of(made)
    about = (message.channel, message.product_group, message.sender)
    decided = decisions(_CANDIDATES, {"rows": rows, "today": timezone.localdate()}, *about)
    return {
        (one.person_id, one.customer_id, one.contact_point_id, one.address_id): one.rule
        for one in decided
    }


def _contents(made: MarketingList, rows: list[int]) -> list[ListedRow]:
    found = recorded_sql(_CONTENTS, {"rows": rows}, categories=message_of(made).categories)
    return [
        ListedRow(
            key=row["id"],
            chooser=row["chooser"],
            name=f"{row['first_name'] or ''} {row['last_name'] or ''}".strip(),
            company=row["company_name"] or "",
            language=row["language"],
            reach=row["reach"] or "",
            street=row["street"] or "",
            postal_code=row["postal_code"] or "",
            city=row["city"] or "",
            country=row["country"] or "",
        )
        for row in found
    ]
