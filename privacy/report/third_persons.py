"""Other people in a draft: names, numbers and addresses that are not her own (Art. 15(4)).

What is found is only proposed. A name is a word that somebody else in the register, or on the
staff, bears; it counts with a capital letter, or beside another name.
"""

import re
from bisect import bisect
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import NamedTuple

import phonenumbers
from django.db.models import Q

from accounts.models import User
from audit.sql import keys_sql
from customers.free_text import identity_codes
from customers.lookup_keys import NEAR_NAME
from customers.models import LookupKey, Person
from customers.phones import NotAPhoneNumber, normalise_phone
from datamap.lookup_keys import Form
from privacy.models import ProposedRedaction
from privacy.report.collecting import Line
from privacy.report.columns import SEARCHED
from privacy.report.drafts import VALUES, Place, strings_in
from privacy.report.name_forms import base_forms, words_in

What = ProposedRedaction.What
Read = Callable[[], Iterator[Line]]

AT_ONCE = 5_000
# Whatever a text repeats, a place where one of these could begin costs no more than these lengths.
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_LIKE_A_NUMBER = re.compile(r"\d(?:[\s()./\u2010-\u2015\u2212-]{0,4}\d){6}")
_DAY = re.compile(
    r"(?:0?[1-9]|[12]\d|3[01])[./](?:0?[1-9]|1[0-2])[./](?:19|20)\d\d"
    r"|(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
)
_STREET = re.compile(
    r"\b[A-ZÅÄÖ][\w-]{0,40}(?:\s[A-ZÅÄÖa-zåäö][\w-]{0,40}){0,2}?"
    r"(?:katu|tie|kuja|polku|kaari|raitti|väylä|tori|ranta|rinne|penger|aukio|bulevardi"
    r"|gatan|vägen|stigen|gränden|gränd|allén|street|road|lane|avenue)"
    r"(?:n|lla|llä|lle|lta|ltä)?\s{1,20}\d{1,6}\s?[a-zA-Z]?(?:\s?\d{1,3})?\b",
    re.IGNORECASE,
)
_NOT_IN_KEYS = re.compile(r"\s+")
_NOT_IN_IDENTIFIERS = re.compile(r"\W+")
_PARTS = re.compile(r"[\n,]")


class Find(NamedTuple):
    """A place where somebody else seems to stand."""

    pointer: str
    start: int
    stop: int
    what: str


@dataclass
class Own:
    """What is her own: it is not proposed."""

    words: set[str] = field(default_factory=set)
    details: set[str] = field(default_factory=set)

    def is_hers(self, text: str) -> bool:
        return not self.details.isdisjoint(_writings(text))


def find(
    read: Read, person: Person, within: Callable[[], AbstractContextManager[object]]
) -> Iterator[Find]:
    """Everything in a draft that seems to be about somebody else; reads the draft five times.

    A word is taken apart once for all its places: in a long history most words occur many times.

    Only while words are compared with the names and the keys of the register, of which nothing
    but yes or no comes back, a unit of work is open: the access context that `within` gives.
    """
    own = _own(read(), person)
    words = {word for _, text in _texts(read()) for _, _, word in words_in(text)}
    keys = set(_keys(read()))
    with within():
        names = _names_in_register(words, own, person)
        keys_of_hers = _known(_HER_KEYS, keys, person)
    for number, line in enumerate(read()):
        file = line.get("file")
        if file is not None and file["ask"]:
            place = Place(number, (VALUES, str(file["value"])))
            yield Find(place.pointer, 0, len(file["name"]), What.MARKED)
    for place, text in _texts(read()):
        if keys_of_hers.isdisjoint((text, _as_identifier(text))):
            for start, stop, what in _found_in(text, names, own):
                yield Find(place.pointer, start, stop, what)


def _texts(lines: Iterable[Line]) -> Iterator[tuple[Place, str]]:
    """Every string in which people can be named, with its place."""
    searched: list[int] = []
    for number, line in enumerate(lines):
        if line["line"] == "section":
            searched = [n for n, one in enumerate(line["columns"]) if one["type"] in SEARCHED]
        elif line["line"] == "record":
            for place in searched:
                for way, text in strings_in(line[VALUES][place], (VALUES, str(place))):
                    yield Place(number, way), text


def _keys(lines: Iterable[Line]) -> Iterator[str]:
    """What the draft says that she is found by."""
    is_key = False
    for line in lines:
        if line["line"] == "section":
            is_key = line["model"] == LookupKey._meta.label_lower
        elif line["line"] == "record" and is_key:
            for _, text in strings_in(line[VALUES], (VALUES,)):
                yield text


def _own(lines: Iterable[Line], person: Person) -> Own:
    """Her names, and the numbers and addresses that she gave herself, as the draft shows them."""
    own = Own(words={form for _, _, word in words_in(person.display_name) for form in _forms(word)})
    given: list[int] = []
    for line in lines:
        if line["line"] == "section":
            given = [n for n, one in enumerate(line["columns"]) if one["provided"]]
        elif line["line"] == "record":
            for place in given:
                value = line[VALUES][place]
                for part in _PARTS.split(value) if isinstance(value, str) else ():
                    own.details.update(_writings(part))
    return own


def _as_identifier(text: str) -> str:
    """The key by which an identifier finds her: D7000001, which is no telephone number."""
    return Form.IDENTIFIER.value + _NOT_IN_IDENTIFIERS.sub("", text).casefold()


def _bare(text: str) -> str:
    return _NOT_IN_KEYS.sub("", text).casefold()


def _writings(text: str) -> Iterator[str]:
    """How a detail may be kept: as it stands, as an international number, as a street alone."""
    yield _bare(text)
    try:
        yield normalise_phone(text)
    except NotAPhoneNumber:
        return


def _forms(word: str) -> set[str]:
    return {word.casefold(), *word.casefold().split("-")}


# --- names ----------------------------------------------------------------------------------------


_KNOWN = f"""
SELECT t.place FROM unnest(%(words)s::text[]) WITH ORDINALITY AS t(word, place)
WHERE EXISTS (
    SELECT FROM customers_lookupkey k
    WHERE k.kind = {NEAR_NAME.kinds[0].number} AND k.person_id <> %(person)s
        AND k.key = ('~' || lookup_skeleton(lookup_fold(t.word)) || ' ' || lookup_fold(t.word))
            COLLATE "C"
)
"""


_HER_KEYS = """
SELECT t.place FROM unnest(%(words)s::text[]) WITH ORDINALITY AS t(word, place)
WHERE EXISTS (
    SELECT FROM customers_lookupkey k LEFT JOIN customers_customer c ON c.id = k.customer_id
    WHERE k.key = t.word COLLATE "C" AND coalesce(k.person_id, c.owner_id) = %(person)s
)
"""


@dataclass(frozen=True)
class Names:
    """Which of the words, as they are written in the draft, are forms of whose name."""

    others: set[str]
    hers: set[str]


def _names_in_register(words: set[str], own: Own, person: Person) -> Names:
    """Those of the words that are names of other people in the register, or of staff, and hers."""
    forms = {form for word in words for form in base_forms(word)}
    known = _names_of_staff() & forms | _known(_KNOWN, forms, person)
    return Names(
        others={word for word in words if not known.isdisjoint(base_forms(word))},
        hers={word for word in words if not own.words.isdisjoint(base_forms(word))},
    )


def _known(sql: str, words: set[str], person: Person) -> set[str]:
    """Those of the words of which a statement says yes."""
    ordered = sorted(words)
    found: set[str] = set()
    for first in range(0, len(ordered), AT_ONCE):
        part = ordered[first : first + AT_ONCE]
        rows = keys_sql(sql, {"words": part, "person": person.pk})
        found |= {part[row["place"] - 1] for row in rows}
    return found


def _names_of_staff() -> set[str]:
    named = User.objects.exclude(Q(given_name="") & Q(family_name=""))
    return {
        word.casefold()
        for names in named.values_list("given_name", "family_name")
        for name in names
        for _, _, word in words_in(name)
    }


# --- in one text ----------------------------------------------------------------------------------


def _found_in(text: str, names: Names, own: Own) -> Iterator[tuple[int, int, str]]:
    taken: list[tuple[int, int]] = []
    for finder in (_codes, _emails, _phones, _streets):
        for start, stop, what in finder(text):
            if not own.is_hers(text[start:stop]) and not _overlaps(start, stop, taken):
                taken.insert(bisect(taken, (start, stop)), (start, stop))
                yield start, stop, what
    for start, stop in _names_in(text, names):
        if not _overlaps(start, stop, taken):
            yield start, stop, What.NAME


def _overlaps(start: int, stop: int, taken: list[tuple[int, int]]) -> bool:
    """Whether a place overlaps one of those that are taken, which are in order and apart."""
    at = bisect(taken, (start, stop))
    return any(start < end and begin < stop for begin, end in taken[max(0, at - 1) : at + 1])


def _codes(text: str) -> Iterator[tuple[int, int, str]]:
    for start, stop in identity_codes(text):
        yield start, stop, What.IDENTITY_CODE


def _emails(text: str) -> Iterator[tuple[int, int, str]]:
    if "@" in text:
        for match in _EMAIL.finditer(text):
            yield match.start(), match.end(), What.EMAIL


def _phones(text: str) -> Iterator[tuple[int, int, str]]:
    if _LIKE_A_NUMBER.search(text):
        matcher = phonenumbers.PhoneNumberMatcher(text, "FI", phonenumbers.Leniency.POSSIBLE)
        for match in matcher:
            if not _DAY.fullmatch(match.raw_string):
                yield match.start, match.end, What.PHONE


def _streets(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _STREET.finditer(text):
        yield match.start(), match.end(), What.ADDRESS


def _names_in(text: str, names: Names) -> Iterator[tuple[int, int]]:
    """Words that are somebody else's name; one that she bears too counts beside such a word."""
    words = list(words_in(text))
    of_others = [word in names.others for _, _, word in words]
    hers = [word in names.hers for _, _, word in words]
    for n, (start, stop, word) in enumerate(words):
        if not (of_others[n] or hers[n]):
            continue
        beside = [
            of_others[m] and not hers[m]
            for m in (n - 1, n + 1)
            if 0 <= m < len(words) and _touch(words[min(m, n)], words[max(m, n)])
        ]
        is_anothers = of_others[n] and not hers[n] and word[:1].isupper()
        if is_anothers or any(beside):
            yield start, stop


def _touch(first: tuple[int, int, str], second: tuple[int, int, str]) -> bool:
    """Whether one word follows the other with a space between them."""
    return second[0] - first[1] == 1
