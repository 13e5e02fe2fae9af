"""A marketing list as a CSV or XLSX file, written row by row into a private temporary file."""

import csv
import io
import re
import tempfile
from collections.abc import Callable, Iterable
from itertools import chain
from typing import IO

from django.utils.translation import gettext as _now

from consents.list_rows import ListedRow
from consents.models import MarketingChoice
from consents.preferences import preference_link
from consents.text_sheet import write_sheet

# What a spreadsheet takes for the beginning of a formula or a command, wide letters included: at
# the beginning of a cell, and after what another language's spreadsheet takes for its end.
_RUNS = re.compile(r"\s*[=+\-@＝＋－＠|%]|[\t\r\n]")
_RUNS_LATER = re.compile(r"([,;\"\t\r\n]\s*)(?=[=+\-@＝＋－＠|%])")
_NUMBER = re.compile(r"\+\d+")
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_PLAIN = re.compile(r"[^\W_][^,;\"]*\Z")


def guarded(value: str) -> str:
    """A cell that no spreadsheet runs: a quotation mark stands before what it would run.

    An international number is none of these, and stays as it is: whoever reads the file back
    finds the number.
    """
    if _PLAIN.match(value) and value.isprintable():
        return value
    clean = _RUNS_LATER.sub(r"\1'", _NOT_IN_XML.sub("", value))
    return f"'{clean}" if _RUNS.match(clean) and not _NUMBER.fullmatch(clean) else clean


def columns_of(channel: str) -> list[str]:
    """The headings, in the language of the page."""
    where = {
        MarketingChoice.Channel.EMAIL.value: [_now("E-mail address")],
        MarketingChoice.Channel.POST.value: [
            *(_now("Street address"), _now("Postal code"), _now("Town"), _now("Country")),
        ],
    }.get(channel, [_now("Phone number")])
    return [_now("Name"), _now("Company"), *where, _now("Language"), _now("Page of choices")]


def cells_of(row: ListedRow, channel: str) -> list[str]:
    """The cells of a recipient, with the link to the person's or company's page of choices."""
    where = [row.reach]
    if channel == MarketingChoice.Channel.POST:
        where = [row.street, row.postal_code, row.city, row.country]
    link = preference_link(row.chooser, channel).url
    return [guarded(cell) for cell in (row.name, row.company, *where, row.language, link)]


def write_csv(headings: list[str], rows: Iterable[list[str]]) -> IO[bytes]:
    """A CSV file that spreadsheets in Finland open as it is: UTF-8 with its mark, semicolons."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  (whoever sends it closes it)
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";")
    writer.writerow(headings)
    writer.writerows(rows)
    text.detach()
    file.seek(0)
    return file


def write_xlsx(headings: list[str], rows: Iterable[list[str]]) -> IO[bytes]:
    """An XLSX file whose cells are all text."""
    file = tempfile.TemporaryFile()  # noqa: SIM115
    write_sheet(file, chain([headings], rows))
    file.seek(0)
    return file


Writer = Callable[[list[str], Iterable[list[str]]], IO[bytes]]

KINDS: dict[str, tuple[Writer, str]] = {
    "csv": (write_csv, "text/csv; charset=utf-8"),
    "xlsx": (
        write_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}
"""The kinds of file: how each is written, and its media type."""
