"""The data as one JSON document, written piece by piece and checked against the published schema.

The schema is `schema.json` beside this file, and everybody can read it at the address that the
document names. Its parts are checked as they are written: the whole document is never held.
"""

import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from jsonschema_rs import Draft202012Validator

from privacy.report.collecting import Line
from privacy.report.drafts import VALUES

SCHEMA = Path(__file__).with_name("schema.json")
FORMAT = "praecom-register-report"


class NotByTheSchema(Exception):  # noqa: N818  (it reads as what it says)
    """A part of a document does not agree with the schema; it says which part and no value."""


def pieces(lines: Iterable[Line]) -> Iterator[bytes]:
    """The document of a reviewed draft, in pieces; raises NotByTheSchema."""
    reading = iter(lines)
    yield from _opening(next(reading))
    columns: list[str] = []
    before_section, before_record = "", ""
    for line in reading:
        if line["line"] == "section":
            columns = [one["name"] for one in line["columns"]]
            section = {name: value for name, value in line.items() if name != "line"}
            check("section", {**section, "records": []})
            yield f'{before_section}{_text(section)[:-1]},"records":['.encode()
            before_section, before_record = "]},\n", ""
        else:
            record = record_of(line, columns)
            check("record", record)
            yield f"{before_record}\n{_text(record)}".encode()
            before_record = ","
    yield b"]}]}" if before_section else b"]}"


def _opening(head: Line) -> Iterator[bytes]:
    opening = {
        "$schema": address_of_schema(),
        "format": FORMAT,
        "version": head["format"],
        **{name: value for name, value in head.items() if name not in ("line", "format")},
    }
    check("", {**opening, "sections": []})
    yield f'{_text(opening)[:-1]},"sections":['.encode()


def address_of_schema() -> str:
    """Where the schema is published."""
    return f"{settings.SITE_ADDRESS}{reverse('register:report-schema')}"


def record_of(line: Line, columns: list[str]) -> dict[str, Any]:
    """A record by the names of its columns; what is not held is left out."""
    values = zip(columns, line[VALUES], strict=True)
    record: dict[str, Any] = {
        "id": line["id"],
        "values": {name: value for name, value in values if value is not None},
    }
    if "file" in line:
        record["file"] = line["file"]["name"]
    return record


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@cache
def _validator(part: str) -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    asked = {"$ref": f"#/$defs/{part}", "$defs": schema["$defs"]} if part else schema
    return Draft202012Validator(asked, validate_formats=True)


def check(part: str, value: Any) -> None:
    """Raise NotByTheSchema where a part (of `$defs`; the document for none) is not as published."""
    if not _validator(part).is_valid(value):
        raise NotByTheSchema(part or "document")
