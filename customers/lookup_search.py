"""From what was typed to the keys that it may mean, and to names that are near it.

What is typed can be read in several ways: a number written nationally or with its country code,
the last digits of one, the beginning of a name in either order, of an address, of an ID. Each
reading is a range of keys in the key table (ADR 5); folding happens in SQL alone.
"""

import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils import timezone

from audit.sql import keys_sql
from customers.phones import NotAPhoneNumber, normalise_phone
from datamap.lookup_keys import Form, KeyKind, lookup_keys

KEYS_PER_READING = 21
"""One more than is shown, to know whether there are more."""
LEAST_LETTERS, LEAST_DIGITS = 3, 6
SHORTEST_IDENTIFIER = 3

_MOST_NEAR_WORDS, _NEAR_NAMES_PER_WORD, _NEAR_NAMES = 4, 6, 40
_WRITTEN_AS_NUMBER = re.compile(r"[\d\s()+\-./]+")
_AFTER_EVERY_KEY = "\U0010ffff"
_AFTER_THE_KEY_ITSELF = "\x01"

Key = dict[str, Any]
"""A row of the key table that a reading found: its place, kind, person, customer and source."""


def search(term: str, kinds: frozenset[int]) -> list[Key] | None:
    """The keys of these kinds that the term may mean, the surest first; None if it is too short."""
    readings, parameters = _readings(term)
    if not readings:
        return None
    hidden = lookup_keys.numbers() - kinds
    statement = _statement(tuple(readings), hidden)
    return keys_sql(statement, {**parameters, "today": timezone.localdate()})


def search_exactly(form: Form, term: str) -> list[Key]:
    """The keys that are just this number or address: of calls and mail, which nobody types."""
    reading = _EXACT[form]
    return keys_sql(
        _statement((reading,), frozenset()),
        {"term": term, "phone": term, "today": timezone.localdate()},
    )


def search_near(term: str) -> list[Key]:
    """The keys of names that differ a little from the term; none where it cannot be a name."""
    letters = sum(map(str.isalpha, term))
    if letters < LEAST_LETTERS or set(term) & set("@0123456789"):
        return []
    return keys_sql(_NEAR, {"term": term})


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


_EXACT = {
    Form.PHONE: _Reading(Form.PHONE, "%(phone)s", is_whole=True),
    Form.EMAIL: _folded(Form.EMAIL, _EMAIL, 1, is_whole=True),
}


# --- the keys -------------------------------------------------------------------------------------


@cache
def _statement(readings: tuple[_Reading, ...], hidden: frozenset[int]) -> str:
    """The statement that finds the keys of these readings, the surest one first.

    Each reading is one scan of one index that ends after a screenful, whatever the register's
    size.
    """
    return " UNION ALL ".join(
        f"(SELECT {place} AS place, k.kind, {_found_person(reading)} AS person_id, k.customer_id,"
        f" k.source_id FROM customers_lookupkey k WHERE {_range(reading)}"
        f"{_only_found_by(reading, hidden)} ORDER BY k.key LIMIT {KEYS_PER_READING})"
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


# --- near names -----------------------------------------------------------------------------------

# A name of several words may be wrong in any of them: each word is taken as it is, and as the
# names that are near it; what they give together is searched for, the nearest first.
_NEAR = f"""
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
    ORDER BY k.key LIMIT {KEYS_PER_READING}
) k
ORDER BY n.distance, k.key LIMIT {KEYS_PER_READING}
"""
