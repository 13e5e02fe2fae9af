"""Finding a caller by whatever she says or her number shows.

One statement finds the keys that what was typed may mean (`customers.lookup_search`), a second one
reads the persons and companies that will be shown.
"""

import json
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise

from audit.sql import recorded_sql
from customers.lookup_search import KEYS_PER_READING, Key, search, search_near
from datamap.lookup_keys import lookup_keys
from datamap.vocabulary import Category

MOST_PERSONS = KEYS_PER_READING - 1
LONGEST_TERM = 200


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
    category: Category

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
    category: Category
    persons: list[FoundPerson]


@dataclass(frozen=True)
class Found:
    """The candidates, best first; `more` if the search must be narrowed to see them all.

    `is_near`: nothing matched, and these have names that differ a little from what was typed.
    """

    entries: list[FoundPerson | FoundCompany]
    more: bool
    too_short: bool = False
    is_near: bool = False

    @property
    def persons(self) -> list[FoundPerson]:
        """Everybody shown, in order."""
        return [
            person
            for entry in self.entries
            for person in (entry.persons if isinstance(entry, FoundCompany) else [entry])
        ]


def find(term: str, kinds: frozenset[int], *, most: int = MOST_PERSONS) -> Found:
    """Find persons by what was typed, twenty at most; everybody found is recorded.

    Only keys of these kinds find: those that whoever asks may see (`lookup_keys.kinds_for`).
    Fewer than three letters or six digits find nobody, except a complete ID (promise 9). Where
    nothing matches, names that are near are looked for. Needs an access context; the caller
    records the search itself.
    """
    keys = search(term, kinds)
    if keys is None:
        return Found([], more=False, too_short=True)
    is_near = not keys
    chosen, more = _choose(keys or search_near(term), most)
    if not chosen:
        return Found([], more=False)
    rows = recorded_sql(_describe(), _as_parameters(chosen, most), categories=())
    return _found(rows, more=more, is_near=is_near)


@dataclass(frozen=True)
class FoundKeys:
    """The keys of whom a term finds, best first: for a page that reads them in its own way."""

    persons: list[int]
    customers: list[int]
    more: bool = False
    too_short: bool = False


def find_keys(term: str, kinds: frozenset[int]) -> FoundKeys:
    """Find at most twenty persons and as many customers, by key alone: nothing of them is read."""
    keys = search(term, kinds)
    if keys is None:
        return FoundKeys([], [], too_short=True)
    persons = list(dict.fromkeys(key["person_id"] for key in keys if key["person_id"]))
    customers = list(dict.fromkeys(key["customer_id"] for key in keys if key["customer_id"]))
    _chosen, more = _choose(keys, MOST_PERSONS)
    return FoundKeys(persons[:MOST_PERSONS], customers[:MOST_PERSONS], more=more)


# --- who is shown ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Chosen:
    """What will be shown, a person or a company with its persons, and by which key."""

    person: int | None
    company: int | None
    kind: int
    source: int


def _choose(keys: list[Key], most: int) -> tuple[list[_Chosen], bool]:
    """Each person and company once, by the surest key; and whether there are too many."""
    chosen: dict[tuple[int | None, int | None], _Chosen] = {}
    for key in keys:
        person = key["person_id"]
        company = key["customer_id"] if person is None else None
        chosen.setdefault(
            (person, company), _Chosen(person, company, key["kind"], key["source_id"])
        )
    per_reading = Counter(key["place"] for key in keys)
    more = len(chosen) > most or max(per_reading.values(), default=0) == KEYS_PER_READING
    return list(chosen.values())[:most], more


# --- whom they belong to --------------------------------------------------------------------------


def _as_parameters(chosen: list[_Chosen], most: int) -> dict[str, Any]:
    return {
        "persons": [one.person for one in chosen],
        "companies": [one.company for one in chosen],
        "kinds": [one.kind for one in chosen],
        "sources": [one.source for one in chosen],
        "today": timezone.localdate(),
        "most": most,
    }


@cache
def _describe() -> str:
    """The statement that reads what is shown of the chosen persons and companies.

    A company comes with its contact persons and a sole trader's owner. A role that has ended is
    shown as such, since it may be just that person who calls.
    """
    kinds = lookup_keys.kinds()
    details = " ".join(
        f"WHEN {kind.number} THEN {kind.detail.format(source_id='s.source')}"
        for kind in kinds
        if kind.detail
    )
    categories = " ".join(f"WHEN {kind.number} THEN '{kind.category.value}'" for kind in kinds)
    return f"""
WITH chosen AS MATERIALIZED (
    SELECT * FROM unnest(%(persons)s::bigint[], %(companies)s::bigint[], %(kinds)s::smallint[],
                         %(sources)s::bigint[]) WITH ORDINALITY
        AS c(person, company, kind, source, number)
), shown AS MATERIALIZED (
    SELECT *, count(*) OVER () > %(most)s AS more FROM (
        SELECT c.*, c.person AS shown, 0::bigint AS role FROM chosen c WHERE c.company IS NULL
        UNION ALL
        SELECT c.*, w.person, w.role FROM chosen c LEFT JOIN LATERAL (
            SELECT o.owner_id AS person, 0::bigint AS role FROM customers_customer o
            WHERE o.id = c.company AND o.owner_id IS NOT NULL
            UNION ALL
            SELECT r.person_id, min(r.id) FROM customers_contactperson r
            WHERE r.customer_id = c.company AND (r.ended_on IS NULL OR r.ended_on >= %(today)s)
            GROUP BY r.person_id
        ) w ON true
        WHERE c.company IS NOT NULL
    ) a ORDER BY number, role LIMIT %(most)s
)
SELECT s.kind, s.more, CASE s.kind {details} ELSE '' END AS detail,
       p.public_id AS subject, p.first_name, p.last_name, p.language, a.companies,
       c.public_id AS company, c.company_name, c.number AS customer_number,
       ARRAY['{Category.NAME.value}', CASE s.kind {categories} END]
           || CASE WHEN a.companies IS NULL THEN '{{}}'::text[]
                   ELSE ARRAY['{Category.COMPANY_CONTACT.value}'] END AS categories
FROM shown s
LEFT JOIN customers_person p ON p.id = s.shown
LEFT JOIN customers_customer c ON c.id = s.company
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_array(k.company_name, r.task, r.has_ended)
                     ORDER BY r.has_ended, r.place, r.id) AS companies
    FROM (SELECT 1 AS place, id, customer_id, task,
                 coalesce(ended_on < %(today)s, false) AS has_ended
          FROM customers_contactperson WHERE person_id = s.shown
          UNION ALL
          SELECT 2, id, customer_id, '', coalesce(ended_on < %(today)s, false)
          FROM customers_serviceuser WHERE person_id = s.shown) r
    JOIN customers_customer k ON k.id = r.customer_id AND k.kind = 'company'
) a ON true
ORDER BY s.number, s.role
"""


def _found(rows: list[dict[str, Any]], *, more: bool, is_near: bool) -> Found:
    entries: list[FoundPerson | FoundCompany] = []
    for row in rows:
        if row["company"] is None:
            entries.append(_person(row))
            continue
        last = entries[-1] if entries else None
        if not isinstance(last, FoundCompany) or last.public_id != row["company"]:
            kind = lookup_keys.kind(row["kind"])
            last = FoundCompany(
                row["company"],
                row["company_name"],
                row["customer_number"],
                kind.label,
                row["detail"],
                kind.category,
                [],
            )
            entries.append(last)
        if row["subject"] is not None:
            last.persons.append(_person(row))
    return Found(entries, more=more or any(row["more"] for row in rows), is_near=is_near)


def _person(row: dict[str, Any]) -> FoundPerson:
    kind = lookup_keys.kind(row["kind"])
    return FoundPerson(
        row["subject"],
        row["first_name"],
        row["last_name"],
        row["language"],
        [Affiliation(*one) for one in json.loads(row["companies"] or "[]")],
        kind.label,
        row["detail"],
        kind.category,
    )
