"""Finding a caller by whatever she says or her number shows: one statement, one range per reading.

What is typed can be read in several ways: a number written nationally or with its country code,
the last digits of one, the beginning of a name in either order, of an address, of an ID. Each
reading is a range of keys in the key table (ADR 5); folding happens in SQL alone.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise

from audit.sql import recorded_sql
from customers.phones import NotAPhoneNumber, normalise_phone
from datamap.lookup_keys import Form, lookup_keys
from datamap.vocabulary import Category

MOST_PERSONS = 20
LEAST_LETTERS, LEAST_DIGITS = 3, 6
SHORTEST_IDENTIFIER = 3
LONGEST_TERM = 200

_KEYS_PER_RANGE = MOST_PERSONS + 5  # a person can have several keys in one range
_WRITTEN_AS_NUMBER = re.compile(r"[\d\s()+\-./]+")
_AFTER_EVERY_KEY = "\U0010ffff"
_AFTER_THE_KEY_ITSELF = "\x01"


@dataclass(frozen=True)
class Affiliation:
    """A company that a person belongs to, and what she is there; an ended one is marked."""

    company: str
    task: str
    has_ended: bool


@dataclass(frozen=True)
class FoundPerson:
    """A person as the list of candidates shows her, and why she is in it."""

    public_id: UUID
    first_name: str
    last_name: str
    language: str
    affiliations: list[Affiliation]
    why: str | Promise
    detail: str

    @property
    def display_name(self) -> str:
        """The name as screens show it."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True)
class FoundCompany:
    """A company that was found as such, with the persons to speak to there."""

    public_id: UUID
    name: str
    number: str
    why: str | Promise
    detail: str
    persons: list[FoundPerson]


@dataclass(frozen=True)
class Found:
    """The candidates, best first; `more` if the search must be narrowed to see them all."""

    entries: list[FoundPerson | FoundCompany]
    more: bool
    too_short: bool = False

    @property
    def persons(self) -> list[FoundPerson]:
        """Everybody shown, in order."""
        return [
            person
            for entry in self.entries
            for person in (entry.persons if isinstance(entry, FoundCompany) else [entry])
        ]


def find(term: str) -> Found:
    """Find at most twenty persons by what was typed; everybody found is recorded.

    Fewer than three letters or six digits find nobody, except a complete ID (promise 9). Needs
    an access context; the caller records the search itself.
    """
    ranges = _ranges(term)
    if not ranges:
        return Found([], more=False, too_short=True)
    parameters: dict[str, Any] = {"term": term, "today": timezone.localdate()}
    for reading in ranges:
        parameters.update(reading.parameters)
    rows = recorded_sql(_statement(tuple(r.sql for r in ranges)), parameters, categories=())
    return _found(rows)


# --- what was typed -------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Range:
    """One reading of what was typed: SQL for the first key of the range and for its end."""

    sql: tuple[str, str]
    parameters: dict[str, Any]


def _starting_with(key: str, **parameters: Any) -> _Range:
    return _Range((key, f"{key} || '{_AFTER_EVERY_KEY}'"), parameters)


def _exactly(key: str, **parameters: Any) -> _Range:
    return _Range((key, f"{key} || '{_AFTER_THE_KEY_ITSELF}'"), parameters)


_IDENTIFIER = f"'{Form.IDENTIFIER.value}' || lookup_identifier(%(term)s)"
_EMAIL = f"'{Form.EMAIL.value}' || lookup_email(%(term)s)"
_WORDS = f"'{Form.WORDS.value}' || lookup_fold(%(term)s)"


def _ranges(term: str) -> list[_Range]:
    """How the term can be read, the surest reading first; none where it is too short."""
    digits = "".join(filter(str.isdecimal, term))
    letters = sum(map(str.isalpha, term))
    found = []
    if letters + len(digits) >= SHORTEST_IDENTIFIER and not set(term) & set("@+"):
        enough = letters + len(digits) >= LEAST_DIGITS
        found.append(_starting_with(_IDENTIFIER) if enough else _exactly(_IDENTIFIER))
    if _WRITTEN_AS_NUMBER.fullmatch(term) and len(digits) >= LEAST_DIGITS:
        found.extend(_numbers(term, digits))
    if letters >= LEAST_LETTERS:
        if " " not in term.strip():
            found.append(_starting_with(_EMAIL))
        if "@" not in term:
            found.append(_starting_with(_WORDS))
    return found


def _numbers(term: str, digits: str) -> Iterable[_Range]:
    try:
        yield _starting_with("%(phone)s", phone=normalise_phone(term))
    except NotAPhoneNumber:
        return
    if "+" not in term:
        yield _starting_with("%(last)s", last=f"{Form.LAST_DIGITS.value}{digits[::-1]}")


# --- the statement --------------------------------------------------------------------------------


@cache
def _statement(ranges: tuple[tuple[str, str], ...]) -> str:
    """The search over these ranges: keys, then the persons and companies behind them.

    A company is shown with its contact persons and a sole trader's owner. Who left is shown as
    such, since she may be the one who calls.
    """
    hits = " UNION ALL ".join(
        f"(SELECT {place} AS place, kind, key, person_id, customer_id, source_id"
        f" FROM customers_lookupkey WHERE key >= {first} AND key < {end}"
        f" ORDER BY key LIMIT {_KEYS_PER_RANGE})"
        for place, (first, end) in enumerate(ranges)
    )
    kinds = lookup_keys.kinds()
    details = " ".join(
        f"WHEN {kind.number} THEN {kind.detail.format(source_id='f.source_id')}"
        for kind in kinds
        if kind.detail != "NULL::text"
    )
    categories = " ".join(f"WHEN {kind.number} THEN '{kind.category.value}'" for kind in kinds)
    return f"""
WITH hit AS MATERIALIZED ({hits}),
best AS MATERIALIZED (
    SELECT DISTINCT ON (person_id, company_id) * FROM (
        SELECT *, CASE WHEN person_id IS NULL THEN customer_id END AS company_id FROM hit) h
    ORDER BY person_id, company_id, place, key
),
entry AS MATERIALIZED (
    SELECT *, row_number() OVER (ORDER BY place, key, person_id) AS number FROM best
    ORDER BY number LIMIT {MOST_PERSONS}
),
shown AS MATERIALIZED (
    SELECT *, count(*) OVER () AS persons FROM (
        SELECT e.*, e.person_id AS shown_id, 0::bigint AS role_id FROM entry e
        WHERE e.company_id IS NULL
        UNION ALL
        SELECT e.*, w.person_id, w.role_id FROM entry e LEFT JOIN LATERAL (
            SELECT c.owner_id AS person_id, 0::bigint AS role_id FROM customers_customer c
            WHERE c.id = e.company_id AND c.owner_id IS NOT NULL
            UNION ALL
            SELECT r.person_id, min(r.id) FROM customers_contactperson r
            WHERE r.customer_id = e.company_id
              AND (r.ended_on IS NULL OR r.ended_on >= %(today)s)
            GROUP BY r.person_id
        ) w ON true
        WHERE e.company_id IS NOT NULL
    ) f ORDER BY number, role_id LIMIT {MOST_PERSONS}
)
SELECT s.kind, p.public_id AS subject, p.first_name, p.last_name, p.language,
       CASE s.kind {details} ELSE '' END AS detail, a.companies,
       c.public_id AS company, c.company_name, c.number AS customer_number,
       s.persons > {MOST_PERSONS} OR (SELECT count(*) FROM best) > {MOST_PERSONS}
           OR (SELECT max(n) FROM (SELECT count(*) AS n FROM hit GROUP BY place) AS full)
              = {_KEYS_PER_RANGE} AS more,
       ARRAY['name', CASE s.kind {categories} END]
           || CASE WHEN a.companies IS NULL THEN '{{}}'::text[]
                   ELSE ARRAY['{Category.COMPANY_CONTACT.value}'] END AS categories
FROM shown s
LEFT JOIN customers_person p ON p.id = s.shown_id
LEFT JOIN customers_customer c ON c.id = s.company_id
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_array(k.company_name, r.task, r.has_ended)
                     ORDER BY r.has_ended, r.id) AS companies
    FROM (SELECT id, customer_id, task, coalesce(ended_on < %(today)s, false) AS has_ended
          FROM customers_contactperson WHERE person_id = s.shown_id
          UNION ALL
          SELECT id, customer_id, '', coalesce(ended_on < %(today)s, false)
          FROM customers_serviceuser WHERE person_id = s.shown_id) r
    JOIN customers_customer k ON k.id = r.customer_id AND k.kind = 'company'
) a ON true
ORDER BY s.number, s.role_id
"""


def _found(rows: list[dict[str, Any]]) -> Found:
    entries: list[FoundPerson | FoundCompany] = []
    for row in rows:
        if row["company"] is None:
            entries.append(_person(row))
            continue
        last = entries[-1] if entries else None
        if not isinstance(last, FoundCompany) or last.public_id != row["company"]:
            last = FoundCompany(
                row["company"],
                row["company_name"],
                row["customer_number"],
                lookup_keys.kind(row["kind"]).label,
                row["detail"],
                [],
            )
            entries.append(last)
        if row["subject"] is not None:
            last.persons.append(_person(row))
    return Found(entries, more=bool(rows) and rows[0]["more"])


def _person(row: dict[str, Any]) -> FoundPerson:
    return FoundPerson(
        row["subject"],
        row["first_name"],
        row["last_name"],
        row["language"],
        [Affiliation(*companies) for companies in row["companies"] or ()],
        lookup_keys.kind(row["kind"]).label,
        row["detail"],
    )
