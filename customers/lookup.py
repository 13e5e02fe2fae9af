"""Finding a caller by whatever she says or her number shows.

What is typed can be read in several ways: a number written nationally or with its country code,
the last digits of one, the beginning of a name in either order, of an address, of an ID. Each
reading is a range of keys in the key table (ADR 5); folding happens in SQL alone. One statement
finds the keys in all ranges, a second one reads the persons and companies that will be shown.
"""

import json
import re
import unicodedata
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise

from audit.sql import keys_sql, recorded_sql
from customers.phones import NotAPhoneNumber, normalise_phone
from datamap.lookup_keys import Form, KeyKind, lookup_keys
from datamap.vocabulary import Category

MOST_PERSONS = 20
LEAST_LETTERS, LEAST_DIGITS = 3, 6
SHORTEST_IDENTIFIER = 3
LONGEST_TERM = 200

_KEYS_PER_READING = MOST_PERSONS + 1
_MOST_NEAR_WORDS, _NEAR_NAMES_PER_WORD, _NEAR_NAMES = 4, 6, 40
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
    readings, parameters = _readings(term)
    if not readings:
        return Found([], more=False, too_short=True)
    chosen, more = _choose(_keys(readings, parameters, kinds), most)
    is_near = not chosen and _may_be_a_name(term)
    if is_near:
        chosen, more = _choose(keys_sql(_SEARCH_NEAR, {"term": term}), most)
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
    readings, parameters = _readings(term)
    if not readings:
        return FoundKeys([], [], too_short=True)
    keys = _keys(readings, parameters, kinds)
    persons = list(dict.fromkeys(key["person_id"] for key in keys if key["person_id"]))
    customers = list(dict.fromkeys(key["customer_id"] for key in keys if key["customer_id"]))
    _chosen, more = _choose(keys, MOST_PERSONS)
    return FoundKeys(persons[:MOST_PERSONS], customers[:MOST_PERSONS], more=more)


# --- what was typed -------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Reading:
    """One way to read what was typed: SQL for the key that it begins with, or that it is.

    `least` is how many characters of the term folding must leave, so that no sign that it drops
    opens the whole table.
    """

    form: Form
    key: str
    folded: str = ""
    least: int = 0
    is_whole: bool = False


_IDENTIFIER = "lookup_identifier(%(term)s)"
_EMAIL = "lookup_email(%(term)s)"
_WORDS = "lookup_fold(%(term)s)"


def _readings(term: str) -> tuple[list[_Reading], dict[str, str]]:
    """How the term can be read, the surest reading first, and the parameters that they need."""
    digits = "".join(str(unicodedata.decimal(sign)) for sign in term if sign.isdecimal())
    letters = sum(map(str.isalpha, term))
    found, parameters = [], {"term": term}
    if letters + len(digits) >= SHORTEST_IDENTIFIER and not set(term) & set("@+"):
        is_whole = letters + len(digits) < LEAST_DIGITS
        least = SHORTEST_IDENTIFIER if is_whole else LEAST_DIGITS
        found.append(_folded(Form.IDENTIFIER, _IDENTIFIER, least, is_whole=is_whole))
    if _WRITTEN_AS_NUMBER.fullmatch(term) and len(digits) >= LEAST_DIGITS:
        with suppress(NotAPhoneNumber):
            parameters["phone"] = normalise_phone(term)
            if len(parameters["phone"]) > LEAST_DIGITS:
                found.append(_Reading(Form.PHONE, "%(phone)s"))
        if "+" not in term:
            parameters["last"] = f"{Form.LAST_DIGITS.value}{digits[::-1]}"
            found.append(_Reading(Form.LAST_DIGITS, "%(last)s"))
    if letters >= LEAST_LETTERS:
        if len(term.split()) == 1:
            found.append(_folded(Form.EMAIL, _EMAIL, LEAST_LETTERS))
        if "@" not in term:
            found.append(_folded(Form.WORDS, _WORDS, LEAST_LETTERS))
    return found, parameters


def _folded(form: Form, folded: str, least: int, *, is_whole: bool = False) -> _Reading:
    return _Reading(form, f"'{form.value}' || {folded}", folded, least, is_whole)


# --- the keys -------------------------------------------------------------------------------------


def _keys(
    readings: list[_Reading], parameters: dict[str, str], kinds: frozenset[int]
) -> list[dict[str, Any]]:
    hidden = lookup_keys.numbers() - kinds
    return keys_sql(_search(tuple(readings), hidden), {**parameters, "today": timezone.localdate()})


@cache
def _search(readings: tuple[_Reading, ...], hidden: frozenset[int]) -> str:
    """The statement that finds the keys of these readings, the surest one first.

    Each reading is one scan of one index that ends after a screenful, whatever the register's
    size.
    """
    return " UNION ALL ".join(
        f"(SELECT {place} AS place, k.kind, {_found_person(reading)} AS person_id, k.customer_id,"
        f" k.source_id FROM customers_lookupkey k WHERE {_range(reading)}"
        f"{_only_found_by(reading, hidden)} ORDER BY k.key LIMIT {_KEYS_PER_READING})"
        for place, reading in enumerate(readings)
    )


def _of_form(reading: _Reading) -> list[KeyKind]:
    return [kind for kind in lookup_keys.kinds() if kind.form is reading.form]


def _found_person(reading: _Reading) -> str:
    if not any(kind.of_customer for kind in _of_form(reading)):
        return "k.person_id"
    return (
        "coalesce(k.person_id, (SELECT c.owner_id FROM customers_customer c"
        " WHERE c.id = k.customer_id AND c.kind = 'person'))"
    )


def _only_found_by(reading: _Reading, hidden: frozenset[int]) -> str:
    """Leave out kinds that must not find, and keys whose last day is over."""
    conditions = []
    out = ", ".join(str(kind.number) for kind in _of_form(reading) if kind.number in hidden)
    if out:
        conditions.append(f" AND k.kind NOT IN ({out})")
    ending = " ".join(
        f"WHEN {kind.number} THEN {kind.holds.format(source_id='k.source_id')}"
        for kind in _of_form(reading)
        if kind.holds and kind.number not in hidden
    )
    if ending:
        conditions.append(f" AND CASE k.kind {ending} ELSE true END")
    return "".join(conditions)


def _range(reading: _Reading) -> str:
    end = _AFTER_THE_KEY_ITSELF if reading.is_whole else _AFTER_EVERY_KEY
    guard = f" AND length({reading.folded}) >= {reading.least}" if reading.least else ""
    return f"k.key >= {reading.key} AND k.key < {reading.key} || '{end}'{guard}"


@dataclass(frozen=True)
class _Chosen:
    """What will be shown, a person or a company with its persons, and by which key."""

    person: int | None
    company: int | None
    kind: int
    source: int


def _choose(keys: list[dict[str, Any]], most: int) -> tuple[list[_Chosen], bool]:
    """Each person and company once, by the surest key; and whether there are too many."""
    chosen: dict[tuple[int | None, int | None], _Chosen] = {}
    for key in keys:
        person = key["person_id"]
        company = key["customer_id"] if person is None else None
        chosen.setdefault(
            (person, company), _Chosen(person, company, key["kind"], key["source_id"])
        )
    per_reading = Counter(key["place"] for key in keys)
    more = len(chosen) > most or max(per_reading.values(), default=0) == _KEYS_PER_READING
    return list(chosen.values())[:most], more


# A name of several words may be wrong in any of them: each word is taken as it is, and as the
# names that are near it; what they give together is searched for, the nearest first.
_SEARCH_NEAR = f"""
WITH RECURSIVE typed AS MATERIALIZED (
    SELECT word, number FROM string_to_table(lookup_fold(%(term)s), ' ')
        WITH ORDINALITY AS t(word, number)
    LIMIT {_MOST_NEAR_WORDS}
), taken AS MATERIALIZED (
    SELECT number, word, 0 AS distance FROM typed
    UNION
    SELECT t.number, n.word, n.distance
    FROM typed t, lookup_near_words(t.word, {_NEAR_NAMES_PER_WORD}) AS n
    WHERE length(t.word) >= {LEAST_LETTERS}
), together(number, key, distance) AS (
    SELECT number, word, distance FROM taken WHERE number = 1
    UNION ALL
    SELECT t.number, g.key || ' ' || t.word, g.distance + t.distance
    FROM together g JOIN taken t ON t.number = g.number + 1
), nearest AS MATERIALIZED (
    SELECT key, distance FROM together WHERE number = (SELECT max(number) FROM typed)
    ORDER BY distance, key LIMIT {_NEAR_NAMES}
)
SELECT 0 AS place, k.kind, k.person_id, k.customer_id, k.source_id
FROM nearest n, LATERAL (
    SELECT * FROM customers_lookupkey k
    WHERE k.key >= n.key AND k.key < n.key || '{_AFTER_EVERY_KEY}'
    ORDER BY k.key LIMIT {_KEYS_PER_READING}
) k
ORDER BY n.distance, k.key LIMIT {_KEYS_PER_READING}
"""


def _may_be_a_name(term: str) -> bool:
    letters = sum(map(str.isalpha, term))
    return letters >= LEAST_LETTERS and not set(term) & set("@0123456789")


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
