"""What is wrong with an import file: the file itself, or cells of it; never what stands there."""

from array import array
from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from praecom_registry.importing.columns import Columns


class Refused(Exception):  # noqa: N818  (it reads as what it says)
    """There is no import; the message says why, in one sentence without any value."""


class UnreadableFile(Refused):
    """The file as a whole cannot be imported."""


class Reason(IntEnum):
    """Why a cell or a row is refused."""

    REQUIRED = 1
    TOO_LONG = 2
    CONTROL_CHARACTER = 3
    FORMULA = 4
    ERROR_VALUE = 5
    KIND = 6
    ROLE = 7
    NO_ROLE = 8
    PRIVATE_ROLE = 9
    PRIVATE_COMPANY = 10
    CHECK_DIGIT = 11
    EMAIL = 12
    PHONE = 13
    LANGUAGE = 14
    POSTAL_CODE = 15
    NO_POSTAL_CODE = 16
    COUNTRY = 17
    DATE = 18
    CHOICE = 19
    DISAGREES = 20
    OTHER_KIND = 21
    SOMEBODY_ELSE = 22
    RAGGED = 23
    RESTRICTED = 24
    AMOUNT = 25
    SUM = 26
    CURRENCY = 27
    REFERENCE = 28
    DUE_TOO_EARLY = 29
    FUTURE = 30
    NO_PAYMENT = 31
    LESS_PAID = 32
    STAGE = 33
    NOT_POSITIVE = 34
    CLOSED_TOO_EARLY = 35
    NOT_CLOSED = 36
    NO_CUSTOMER = 37
    TWICE = 38
    NO_ACCOUNT = 39
    ACCOUNT_OF_ANOTHER = 40
    INVOICE_OF_ANOTHER = 41
    INVOICED = 42
    NOT_DUE = 43
    IN_COLLECTION = 44
    COLLECTION_ENDED = 45
    NO_RESPONDENT = 46
    NO_CONSENT = 47
    BEFORE_CONSENT = 48
    REFERENCE_TWICE = 49
    IDENTITY_CODE = 50


WHY: dict[Reason, str | Promise] = {
    Reason.REQUIRED: _("required"),
    Reason.TOO_LONG: _("too long"),
    Reason.CONTROL_CHARACTER: _("contains control characters"),
    Reason.FORMULA: _("a formula; write its value instead"),
    Reason.ERROR_VALUE: _("an error value of the spreadsheet"),
    Reason.KIND: _("not one of company, person"),
    Reason.ROLE: _("not one of contact, user"),
    Reason.NO_ROLE: _("required for a company's person"),
    Reason.PRIVATE_ROLE: _("must be empty for a private customer"),
    Reason.PRIVATE_COMPANY: _("must be empty for a private customer"),
    Reason.CHECK_DIGIT: _("not a business ID: its form or check digit is wrong"),
    Reason.EMAIL: _("not an e-mail address"),
    Reason.PHONE: _("not a phone number"),
    Reason.LANGUAGE: _("not one of fi, sv, en"),
    Reason.POSTAL_CODE: _("not five digits, as in Finland"),
    Reason.NO_POSTAL_CODE: _("required with an address in Finland"),
    Reason.COUNTRY: _("not a country code of two letters"),
    Reason.DATE: _("no such date; write 2024-05-31 or 31.5.2024"),
    Reason.CHOICE: _("not yes, no or empty"),
    Reason.DISAGREES: _("differs from an earlier row of the same customer"),
    Reason.OTHER_KIND: _("the register knows this customer as one of the other kind"),
    Reason.SOMEBODY_ELSE: _("this customer number belongs to another person"),
    Reason.RAGGED: _("the row has more or fewer cells than the first row"),
    Reason.RESTRICTED: _(
        "the handling of this person's data is restricted (GDPR Art. 18), so an import must not"
        " change it"
    ),
    Reason.AMOUNT: _("not an amount; write 1234.50 or 1 234,50"),
    Reason.SUM: _("not the sum without VAT and the VAT together"),
    Reason.CURRENCY: _("not a currency code of three letters"),
    Reason.REFERENCE: _("not a reference number: its form or check digit is wrong"),
    Reason.DUE_TOO_EARLY: _("before the day of the invoice"),
    Reason.FUTURE: _("lies in the future"),
    Reason.NO_PAYMENT: _("there is no payment on that day"),
    Reason.LESS_PAID: _("less than was paid before; --allow-less-paid accepts it"),
    Reason.STAGE: _(
        "not one of reminder, demand, agency, court, paid, withdrawn, time-barred or empty"
    ),
    Reason.NOT_POSITIVE: _("not more than nothing"),
    Reason.CLOSED_TOO_EARLY: _("before its first day"),
    Reason.NOT_CLOSED: _("must be empty while the collection lasts"),
    Reason.NO_CUSTOMER: _("the register has no such customer"),
    Reason.TWICE: _("an earlier row has this invoice number"),
    Reason.NO_ACCOUNT: _("the register has no such billing account"),
    Reason.ACCOUNT_OF_ANOTHER: _("this billing account belongs to another customer"),
    Reason.INVOICE_OF_ANOTHER: _("the register has this invoice for another customer"),
    Reason.INVOICED: _("the register has another value, and an issued invoice does not change"),
    Reason.NOT_DUE: _("the invoice had not fallen due by then"),
    Reason.IN_COLLECTION: _("the register has another open collection of this invoice"),
    Reason.COLLECTION_ENDED: _("this collection has ended in the register, in another way"),
    Reason.NO_RESPONDENT: _("not the public ID of a person in the register, nor her signed link"),
    Reason.NO_CONSENT: _("this person has no consent to surveys in force"),
    Reason.BEFORE_CONSENT: _("before the day on which she consented"),
    Reason.REFERENCE_TWICE: _("an earlier row has this reference"),
    Reason.IDENTITY_CODE: _("holds a personal identity code, which is not kept: remove it"),
}

WHOLE_ROW = 255
"""Stands for a column where the row as such is wrong."""
_FIRST, _LAST = 0, 254


class Problem(NamedTuple):
    """One bad cell, or a bad row, whose column is then empty."""

    row: int
    column: str
    why: str


class Problems:
    """Everything that is wrong, eight bytes each: a file of bad rows fits as well as a good one."""

    def __init__(self, columns: Columns, header: list[str]) -> None:
        self._names = {column.value: column.name.lower() for column in columns.all}
        self._places = dict.fromkeys(self._names, _LAST)
        self._names[WHOLE_ROW], self._places[WHOLE_ROW] = "", _FIRST
        for place, name in enumerate(header, start=1):
            column = columns.named(name)
            if column is not None:
                self._names[column], self._places[column] = " ".join(name.split()), place
        self._found = array("Q")

    def add(self, row: int, column: int, reason: int) -> None:
        """Note a bad cell, or a bad row: `WHOLE_ROW` in place of a column."""
        place = min(self._places[column], _LAST)
        self._found.append(row << 24 | place << 16 | column << 8 | reason)

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[Problem]:
        """Row by row, within a row in the file's order of columns; names as the file has them."""
        for code in sorted(self._found):
            reason = Reason(code & 255)
            yield Problem(code >> 24, self._names[code >> 8 & 255], str(WHY[reason]))

    def rows(self) -> int:
        """How many rows are bad."""
        return len({code >> 24 for code in self._found})
