"""The report as PDF: volumes of at most 2,000 rows, each compiled by a child of its own.

A volume is whole by itself: tagged, with its language and title. Merging them would lose the tags
(ADR "A draft, its finds, then the files"). The first volume opens with the letter and the summary.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import DisclosedPerson
from contracts.documents.letters import typeset
from datamap.vocabulary import Category
from privacy.report.about import in_words
from privacy.report.collecting import Line
from privacy.report.columns import SEARCHED, capitalised, day_in_words, words_of
from privacy.report.drafts import VALUES

MOST_ROWS = 2_000
MOST_CHARACTERS = 1_200_000
"""Of a volume: long texts make a volume of fewer rows, so that the compiler's memory is bounded."""
SECONDS = 120
TOGETHER = 2
WIDEST = 5
"""More columns than this are read as a list: they would not fit on a page."""
_TEMPLATE = Path(__file__).with_name("report.typ")


@dataclass
class Block:
    """What stands under one heading."""

    heading: str = ""
    level: int = 2
    paragraphs: list[str] = field(default_factory=list)
    points: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


@dataclass
class Part:
    """Blocks that belong together."""

    blocks: list[Block]
    new_page: bool = False


@dataclass(frozen=True)
class Volume:
    """One PDF as it is to be compiled."""

    number: int
    parts: Sequence[Part]


def volumes(
    read: Callable[[], Iterator[Line]], *, addressee: Sequence[str]
) -> Iterator[tuple[int, bytes]]:
    """The PDFs of a reviewed draft with their numbers, one after the other.

    Two are compiled at a time, since each child uses one processor; no more are held. The draft is
    read twice, once to count. `read` gives its lines as they go out; the language in force is the
    draft's.
    """
    summary = _summary(read())
    reading = read()
    head = next(reading)
    language = head["language"]
    with ThreadPoolExecutor(TOGETHER) as pool:
        begun: deque[tuple[int, Future[bytes]]] = deque()
        for volume in _cut(reading, [_letter(head), summary]):
            document = {
                "title": _title(head, volume.number),
                "language": language,
                "recipient": list(addressee) if volume.number == 1 else [],
                "parts": [asdict(part) for part in volume.parts],
            }
            begun.append(
                (volume.number, pool.submit(typeset, _TEMPLATE, document, language, SECONDS))
            )
            if len(begun) == TOGETHER:
                number, first = begun.popleft()
                yield number, first.result()
        for number, last in begun:
            yield number, last.result()


def _title(head: Line, number: int) -> str:
    title = _("Your data in Praecom's customer register")
    return title if number == 1 else f"{title}, {_('part %(number)d') % {'number': number}}"


def _cut(reading: Iterator[Line], opening: list[Part]) -> Iterator[Volume]:
    """Records gathered section by section until a volume is full.

    Each volume begins with its category: without that heading it would be no PDF/UA.
    """
    number, parts, rows, size = 1, list(opening), 0, 0
    section: Line = {}
    records: list[list[Any]] = []
    category = ""

    def gather() -> None:
        nonlocal category, records
        if records:
            part = _part(section, records, category)
            part.new_page = 0 < len(parts) == len(opening)  # the summary has its page alone
            parts.append(part)
            category, records = _category(section), []

    for line in reading:
        if line["line"] == "section":
            gather()
            section = line
            continue
        records.append(line[VALUES])
        rows, size = rows + 1, size + _size(line[VALUES])
        if rows >= MOST_ROWS or size >= MOST_CHARACTERS:
            gather()
            yield Volume(number, parts)
            number, parts, opening, rows, size, category = number + 1, [], [], 0, 0, ""
    gather()
    if parts:
        yield Volume(number, parts)


def _size(values: Sequence[Any]) -> int:
    return sum(len(value) if isinstance(value, str) else 10 for value in values)


# --- the letter and the summary -------------------------------------------------------------------


def _letter(head: Line) -> Part:
    day = {"day": day_in_words(head["collected_at"][:10])}
    return Part(
        [
            Block(
                paragraphs=[
                    _("You asked which data we hold about you. This is all of it, as on %(day)s.")
                    % day,
                    _(
                        "First you find why we use your data, who has received it and what you "
                        "can ask of us, and a summary of how much there is of each kind. Then "
                        "follows the data itself."
                    ),
                    _(
                        "Where it says “%(mark)s”, something about another person stood there. "
                        "We may not show it to you."
                    )
                    % {"mark": _("[withheld]")},
                    _(
                        "The first copy costs you nothing. If something is unclear, call us: "
                        "%(phone)s."
                    )
                    % {"phone": head["controller"]["phone"]},
                ]
            ),
            Block(
                _("Who has received your data"),
                paragraphs=[_what_they_received()] if head["recipients"] else [],
                points=_recipients(head),
            ),
            Block(_("Who processes it for us"), points=_processors(head)),
            Block(
                _("Where your data comes from"),
                paragraphs=[
                    _("Beside each piece of data stands where it came from. The possible sources:"),
                    ", ".join(head["sources"]) + ".",
                ],
            ),
            Block(_("What you can ask of us"), points=head["rights"]),
            Block(_("What else you should know"), points=head["statements"]),
        ]
    )


def _recipients(head: Line) -> list[str]:
    return [in_words(one) for one in head["recipients"]] or [
        _("Your data has not been disclosed to anybody outside Praecom Oy.")
    ]


def _what_they_received() -> str:
    section = capitalised(str(DisclosedPerson._meta.verbose_name_plural))
    return _("What each of them received stands with the data, under “%(section)s”.") % {
        "section": section
    }


def _processors(head: Line) -> list[str]:
    shown = []
    for one in head["processors"]:
        text = f"{one['name']} ({one['country']}): {one['service']}"
        if one["safeguard"]:
            text += f"; {one['safeguard']}"
        if one["sub_processors"]:
            text += "; " + _("with the help of: %(names)s") % {
                "names": ", ".join(one["sub_processors"])
            }
        shown.append(text)
    return shown or [_("Nobody does: we process your data ourselves.")]


def _summary(lines: Iterable[Line]) -> Part:
    """How much there is of each category, and what it is used for: one page."""
    counts: Counter[str] = Counter()
    purposes: dict[str, dict[str, None]] = {}
    category = ""
    for line in lines:
        if line["line"] == "section":
            category = _category(line)
            uses = purposes.setdefault(category, {})
            uses.update(dict.fromkeys(use["purpose"] for use in line["uses"]))
        elif line["line"] == "record":
            counts[category] += 1
    rows = [
        [str(Category(one).label), str(number), ", ".join(purposes[one])]
        for one, number in counts.items()
    ]
    block = Block(
        _("Summary"),
        paragraphs=[] if rows else [_("We hold no data about you.")],
        columns=[_("Kind of data"), _("Records"), _("Used for")],
        rows=rows,
    )
    return Part([block], new_page=True)


# --- a section ------------------------------------------------------------------------------------


def _category(section: Line) -> str:
    return str(section["categories"][0]) if section["categories"] else ""


def _part(section: Line, records: list[list[Any]], before: str) -> Part:
    """A section: what it is for and how long it is kept, then its records."""
    category = _category(section)
    blocks = []
    if category and category != before:
        blocks.append(Block(str(Category(category).label)))
    about = Block(section["label"], 3, [*_uses(section), *_retention(section)])
    blocks.append(about)
    _fill(about, section["columns"], records)
    return Part(blocks)


def _uses(section: Line) -> list[str]:
    shown = []
    for use in section["uses"]:
        text = _("Used for: %(purpose)s. Ground: %(basis)s.") % use
        if use["balancing"]:
            text += f" {use['balancing']}"
        if use["recipients"]:
            text += " " + _("Received by: %(names)s.") % {"names": ", ".join(use["recipients"])}
        shown.append(text)
    return shown


def _retention(section: Line) -> list[str]:
    return [_("Kept for: %(rules)s") % {"rules": " ".join(section["retention"])}]


def _fill(block: Block, columns: Sequence[dict[str, Any]], records: list[list[Any]]) -> None:
    """The records: what is the same in all once, then a table, or a list where it is too wide."""
    used = [n for n in range(len(columns)) if any(record[n] is not None for record in records)]
    same = [n for n in used if len(records) > 1 and _is_same(n, records)]
    varying = [n for n in used if n not in same]
    currency = _currency_place(columns)
    texts = [[_words(record, n, columns, currency) for n in varying] for record in records]
    labels = [str(columns[n]["label"]) for n in varying]
    if same:
        first = records[0]
        shared = "; ".join(
            f"{columns[n]['label']}: {_words(first, n, columns, currency)}" for n in same
        )
        block.paragraphs.append(_("The same in all of them: %(values)s") % {"values": shared})
    block.paragraphs.append(
        ngettext("%(n)d record:", "%(n)d records:", len(records)) % {"n": len(records)}
    )
    is_narrow = len(varying) <= WIDEST and not any(
        columns[n]["type"] in SEARCHED and _longest(texts, at) > 60 for at, n in enumerate(varying)
    )
    if is_narrow and varying and len(records) > 1:
        block.columns, block.rows = labels, texts
    else:
        block.points = [
            "; ".join(f"{label}: {text}" for label, text in zip(labels, row, strict=True) if text)
            or "–"
            for row in texts
        ]


def _is_same(place: int, records: list[list[Any]]) -> bool:
    first = records[0][place]
    return all(record[place] == first for record in records)


def _currency_place(columns: Sequence[dict[str, Any]]) -> int | None:
    names = [column["name"] for column in columns]
    return names.index("currency") if "currency" in names else None


def _words(
    record: list[Any], place: int, columns: Sequence[dict[str, Any]], currency: int | None
) -> str:
    return words_of(
        record[place], columns[place], "" if currency is None else record[currency] or ""
    )


def _longest(texts: list[list[str]], place: int) -> int:
    return max((len(row[place]) for row in texts), default=0)
