"""The rows of a marketing list as they may be used now: each is decided again when it is read.

What was allowed when the list was made may have been prohibited since. Who may not be reached any
more is neither read nor recorded, only counted.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from audit.context import require, resume
from audit.log import Action
from audit.sets import record_set
from audit.sql import keys_sql, recorded_sql, run_sql
from consents.decided_sets import DecidedSet, check_now, decided_set
from consents.facts import facts_params, facts_sql, rule_of
from consents.list_counts import ENDED
from consents.models import MarketingList, MarketingListRow
from consents.services.lists import categories_of, message_of

AT_ONCE = 5_000
"""How many rows of an export are in memory at a time."""

# A contact person is decided about in the role that she has for the company now, if she has one.
_LISTED = """
SELECT r.id AS row_id, r.person_id, role.id AS role_id, r.customer_id,
    r.contact_point_id AS point_id, r.address_id,
    p.ended_on IS NULL AND (a.valid_until IS NULL OR a.valid_until >= %(today)s) AS is_in_use
FROM consents_marketinglistrow r
LEFT JOIN customers_contactpoint p ON p.id = r.contact_point_id
LEFT JOIN customers_address a ON a.id = r.address_id
LEFT JOIN LATERAL (
    SELECT t.id FROM customers_contactperson t
    WHERE t.person_id = r.person_id AND t.customer_id = r.customer_id
        AND (t.started_on IS NULL OR t.started_on <= %(today)s)
        AND (t.ended_on IS NULL OR t.ended_on >= %(today)s)
    ORDER BY t.id LIMIT 1
) AS role ON true
WHERE r.marketing_list_id = %(list)s
"""
_NEXT = f"{_LISTED} AND r.id > %(after)s ORDER BY r.id LIMIT %(most)s"
_KEPT = ("row_id", "is_in_use")

_CONTENTS = """
SELECT r.id, array_remove(ARRAY[n.public_id, o.public_id], NULL) AS subjects,
    n.public_id AS person, coalesce(n.public_id, o.public_id, m.public_id) AS chooser,
    n.first_name, n.last_name, coalesce(n.language, m.language) AS language, m.company_name,
    CASE p.kind WHEN 'phone' THEN p.normalised ELSE p.as_written END AS reach,
    a.street, a.postal_code, a.city, a.country
FROM ({rows}) AS k
JOIN consents_marketinglistrow r ON r.id = k.row_id
LEFT JOIN customers_person n ON n.id = r.person_id
LEFT JOIN customers_customer m ON m.id = r.customer_id
LEFT JOIN customers_person o ON o.id = m.owner_id
LEFT JOIN customers_contactpoint p ON p.id = r.contact_point_id
LEFT JOIN customers_address a ON a.id = r.address_id
ORDER BY r.id
"""
_SHOWN = _CONTENTS.format(rows="SELECT unnest(%(rows)s::bigint[]) AS row_id")

# --- an export: of those decided about, those who stay are kept in the table, and leave by parts --

_STAYS = "d.is_in_use AND d.facts = ANY (%(allowed)s)"
_ENDED = "NOT d.is_in_use AND d.facts = ANY (%(allowed)s)"
_SUBJECTS = """
SELECT s.subject, min(d.row_id) AS object_id
FROM consents_decided d
LEFT JOIN customers_person n ON n.id = d.person_id
LEFT JOIN customers_customer m ON m.id = d.customer_id
LEFT JOIN customers_person o ON o.id = m.owner_id
CROSS JOIN LATERAL (VALUES (n.public_id), (o.public_id)) AS s(subject)
WHERE s.subject IS NOT NULL GROUP BY 1
"""
_NEXT_LEAVING = _CONTENTS.format(
    rows="SELECT d.row_id FROM consents_decided d WHERE d.row_id > %(after)s"
    " ORDER BY d.row_id LIMIT %(most)s"
)


@dataclass(frozen=True)
class ListedRow:
    """One recipient as the list shows and hands her out."""

    key: int
    chooser: UUID
    """Whose choices count: the public ID of the person, or of a company as such."""
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


def part_of(made: MarketingList, after: int, most: int) -> Part:
    """The next rows after a key, each decided about now; who is shown is recorded."""
    message = message_of(made)
    given = {
        **_of(made),
        **facts_params(message.product_group, message.sender, None),
        "channel": message.channel,
        "after": after,
        "most": most + 1,
    }
    found = keys_sql(f"{facts_sql(_NEXT, keep=_KEPT)} ORDER BY row_id", given)
    left_out: Counter[str] = Counter()
    shown = []
    for row in found[:most]:
        rule = rule_of(row["facts"], message.channel, message.product_group)
        if row["is_in_use"] and rule.allows:
            shown.append(row["row_id"])
        else:
            left_out[rule.code if not rule.allows else ENDED] += 1
    rows = recorded_sql(_SHOWN, {"rows": shown}, categories=categories_of(message))
    last = found[:most][-1]["row_id"] if found else after
    return Part([_listed(row) for row in rows], left_out, last, has_more=len(found) > most)


def leaving(made: MarketingList, left_out: Counter[str]) -> Iterator[ListedRow]:
    """Every row that may be used now, for an export; the others are counted.

    All are decided about at one moment, and everybody's row is in the log before the first one is
    read. One part is in memory at a time.
    """
    message = message_of(made)
    context = require()
    with decided_set(_LISTED, _of(made), message, keep=_KEPT) as decided:
        left_out.update(_sorted_out(decided))
        categories = categories_of(message)
        record_set(Action.EXPORT, _SUBJECTS, {}, categories=categories, of=MarketingListRow)
        check_now()
        found = keys_sql(f"SELECT w.subject FROM ({_SUBJECTS}) AS w")
        subjects = frozenset(row["subject"] for row in found)
        after = 0
        while True:
            with resume(context, subjects):
                given = {"after": after, "most": AT_ONCE}
                rows = recorded_sql(_NEXT_LEAVING, given, categories=categories)
            if not rows:
                break
            yield from map(_listed, rows)
            after = rows[-1]["id"]


def _sorted_out(decided: DecidedSet) -> Counter[str]:
    """Take out of the table whoever does not stay; how many go by which rule."""
    gone = Counter({rule.code: n for rule, n in decided.by_rule.items() if not rule.allows})
    given = {"allowed": decided.allowed["allowed"]}
    [ended] = keys_sql(f"SELECT count(*) AS n FROM consents_decided d WHERE {_ENDED}", given)
    run_sql(f"DELETE FROM consents_decided AS d WHERE NOT ({_STAYS})", given)
    run_sql("CREATE INDEX ON consents_decided (row_id)")
    run_sql("ANALYZE consents_decided")
    return gone + Counter({ENDED: ended["n"]})


def _of(made: MarketingList) -> dict[str, Any]:
    return {"list": made.pk, "today": timezone.localdate()}


def _listed(row: Mapping[str, Any]) -> ListedRow:
    return ListedRow(
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
