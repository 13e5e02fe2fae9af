"""A letter as data, and how it becomes a PDF.

The data goes to the compiler as JSON, never as source, so nobody's name is markup. The compiler is
a child without environment, files or time to spare: what goes wrong in it stays in it.
"""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _
from django.utils.translation import override

from datamap.controller import CONTROLLER

SECONDS = 15
_CHILD = Path(__file__).with_name("child.py")
_TEMPLATE = Path(__file__).with_name("letter.typ")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class DocumentNotMade(Exception):  # noqa: N818
    """The compiler has failed or taken too long; it says no more, since its words quote data."""


@dataclass(frozen=True)
class Column:
    """A column of a table; numbers stand at its end."""

    label: str
    at_end: bool = False


@dataclass(frozen=True)
class Section:
    """A table under a heading, with what it adds up to, or the sentence that it is empty."""

    heading: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    totals: Sequence[tuple[str, str]] = ()
    empty: str = ""


@dataclass(frozen=True)
class Letter:
    """Everything that a document says, written in its language; `facts` are labels with values."""

    language: str
    title: str
    recipient: Sequence[str]
    facts: Sequence[tuple[str, str]]
    opening: Sequence[str] = ()
    sections: Sequence[Section] = ()
    closing: Sequence[str] = ()


def compiled(letter: Letter) -> bytes:
    """The letter as a tagged PDF with its title and its language.

    It is PDF/UA-1, unless it holds characters that no font at hand has.
    """
    return typeset(_TEMPLATE, asdict(letter), letter.language)


def typeset(
    template: Path, document: dict[str, Any], language: str, seconds: int = SECONDS
) -> bytes:
    """A document by a template of ours, under our letterhead, as a tagged PDF (see `compiled`)."""
    with override(language):
        data = {**document, "page": _("Page"), "sender": _sender(), "logo": _logo()}
    try:
        done = subprocess.run(  # noqa: S603  (the program is our own, and its words are data)
            [sys.executable, "-I", "-B", _CHILD, template, str(seconds)],
            input=json.dumps(_plain(data)).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={},
            timeout=seconds,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise DocumentNotMade(type(error).__name__) from None
    return done.stdout


def _sender() -> dict[str, Any]:
    ours = CONTROLLER
    place = f"{ours.postal_code} {ours.city}"
    number = _("Business ID %(number)s") % {"number": ours.business_id}
    return {"name": ours.name, "lines": [ours.street, place, number, ours.phone]}


@cache
def _logo() -> str:
    found = finders.find("logo.svg")
    if found is None:
        raise FileNotFoundError("logo.svg")
    return Path(found).read_text(encoding="utf-8")


def _plain(value: Any) -> Any:
    """The data with control characters, which no font has, as spaces."""
    if isinstance(value, str):
        return _CONTROL.sub(" ", value)
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
