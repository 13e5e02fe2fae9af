"""Names as they stand in Finnish and Swedish text: with endings, and with what endings change."""

import re
from collections.abc import Iterator

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ENDINGS = (
    *("n", "t", "a", "ä", "ta", "tä", "na", "nä", "ksi", "s", "s'"),
    *("lle", "lla", "llä", "lta", "ltä", "ssa", "ssä", "sta", "stä"),
    *("en", "in", "an", "än", "on", "ön", "un", "yn", "ia", "iä", "ja", "jä"),
    *("aan", "ään", "een", "iin", "oon", "öön", "uun", "yyn", "seen"),
    *("kin", "kaan", "kään", "nsa", "nsä"),
)
_VOWELS = "aeiouyåäö"
_DOUBLED = "kpt"
_WEAKENED = {"d": "t", "v": "p", "nn": "nt", "ll": "lt", "rr": "rt", "mm": "mp", "ng": "nk"}
SHORTEST = 2


def words_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Every word of a text, with where it begins and ends; parts of double names count too."""
    for match in _WORD.finditer(text):
        yield match.start(), match.end(), match.group()


def base_forms(word: str) -> set[str]:
    """What names a word may be a form of: Virtaselle is of Virtanen, Matin of Matti."""
    small = word.casefold().replace("’", "'")
    found = set(_parts(small))
    for ending in _ENDINGS:
        if small.endswith(ending) and len(small) - len(ending) >= SHORTEST:
            stem = small[: -len(ending)].rstrip(":'-")
            found.update(_stems(stem))
    return {form for form in found if len(form) >= SHORTEST}


def _parts(word: str) -> list[str]:
    return [word, *word.split("-")] if "-" in word else [word]


def _stems(stem: str) -> Iterator[str]:
    """The names that a stem can come from: -nen, doubled stops, consonants made weak, -i, -s."""
    yield from _parts(stem)
    for changed, plain in (("se", "nen"), ("s", "nen"), ("kse", "s"), ("kse", "x"), ("e", "i")):
        if stem.endswith(changed):
            yield stem[: -len(changed)] + plain
    if stem.endswith("i"):
        yield stem[:-1]  # Johanssonin, Annikin: the i that joins an ending to a consonant
    if len(stem) > SHORTEST and stem[-1] in _VOWELS:
        yield from _strong(stem)


def _strong(stem: str) -> Iterator[str]:
    """Before the last vowel: Mati to Matti, Leho to Lehto, Lahde to Lahti."""
    head, last = stem[:-1], stem[-1]
    ends = (last, "i") if last == "e" else (last,)
    for end in ends:
        if head[-1] in _DOUBLED:
            yield f"{head}{head[-1]}{end}"
        for weak, strong in _WEAKENED.items():
            if head.endswith(weak):
                yield f"{head[: -len(weak)]}{strong}{end}"
        yield f"{head}k{end}"  # Jaakola, Mäen: a k that went
