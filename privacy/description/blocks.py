"""What a description is made of: sections of texts, facts, lists and tables, kept as JSON."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]


@dataclass(frozen=True)
class Section:
    """A part under a heading; `key` is its name in every language and every version."""

    key: str
    heading: str
    blocks: Sequence[Block]

    def as_json(self) -> dict[str, Any]:
        return {"key": self.key, "heading": self.heading, "blocks": list(self.blocks)}


def text(*sentences: str) -> Block:
    """A paragraph."""
    return {"kind": "text", "text": " ".join(sentences)}


def facts(*rows: tuple[str, str]) -> Block:
    """Labels with their values; what has none is left out."""
    return {"kind": "facts", "rows": [list(row) for row in rows if row[1]]}


def bullets(items: Iterable[str]) -> Block:
    """A list."""
    return {"kind": "list", "items": list(items)}


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Block:
    """A table with a heading for each column."""
    return {"kind": "table", "columns": list(columns), "rows": [list(row) for row in rows]}


def lines_of(section: dict[str, Any]) -> list[str]:
    """What a section says, line by line, to be compared with another version of it."""
    found: list[str] = []
    for block in section["blocks"]:
        match block["kind"]:
            case "text":
                found.append(block["text"])
            case "facts":
                found += [f"{label}: {value}" for label, value in block["rows"]]
            case "list":
                found += block["items"]
            case _:
                found += [" · ".join(filter(None, row)) for row in block["rows"]]
    return found
