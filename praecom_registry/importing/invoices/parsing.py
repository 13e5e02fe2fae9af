"""The cells of an invoice's row: its days and sums, what was paid, and its collection."""

import re
from contextlib import suppress
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from contracts.identifiers import read_reference
from contracts.models import CollectionCase
from praecom_registry.importing.invoices.columns import CLOSING, COLUMNS, EUROS, STAGES, Column
from praecom_registry.importing.parsing import Header, RowParser, read_date
from praecom_registry.importing.problems import Problems, Reason

STAGED = (
    *("customer_number", "number", "account", "issued_on", "due_on", "net", "vat"),
    *("currency", "reference", "paid", "paid_on"),
    *("stage", "agency", "amount", "opened_on", "closed_on"),
)
"""The columns of a staged row; what is bad or not said is null, except a text not given: empty."""

_MOST_DIGITS = 10
_AMOUNT = re.compile(r"([-−]?)([0-9]{1,3}(?: [0-9]{3})+|[0-9]+)(?:[.,]([0-9]{1,2}))?")
_CURRENCY = re.compile(r"[A-Za-z]{3}")


class InvoiceRowParser(RowParser):
    """Turns the cells of a row into a staged invoice and the collection of it, if there is one."""

    columns = COLUMNS
    staged = STAGED

    def __init__(self, header: Header, problems: Problems) -> None:
        super().__init__(header, problems)
        self._today = timezone.localdate().isoformat()

    def judge(self, row: int, values: list[Any]) -> tuple[Any, ...]:
        issued_on = self._date(row, Column.INVOICE_DATE, values)
        due_on = self._date(row, Column.DUE_DATE, values)
        if issued_on and due_on and due_on < issued_on:
            self._problems.add(row, Column.DUE_DATE, Reason.DUE_TOO_EARLY)
        net, vat = self._net_and_vat(row, values)
        return (
            values[Column.CUSTOMER_NUMBER] or None,
            values[Column.INVOICE_NUMBER] or None,
            values[Column.BILLING_ACCOUNT],
            issued_on,
            due_on,
            net,
            vat,
            self._judged(row, Column.CURRENCY, values, _currency, Reason.CURRENCY),
            self._judged(row, Column.REFERENCE, values, _reference, Reason.REFERENCE),
            *self._payment(row, values),
            *self._collection(row, values),
        )

    def _date(self, row: int, column: Column, values: list[Any]) -> str | None:
        return self._judged(row, column, values, read_date, Reason.DATE) or None

    def _past(self, row: int, column: Column, values: list[Any]) -> str | None:
        """A day on which something has happened already."""
        day = self._date(row, column, values)
        if day is not None and day > self._today:
            self._problems.add(row, column, Reason.FUTURE)
        return day

    def _amount(self, row: int, column: Column, values: list[Any]) -> str | None:
        return self._judged(row, column, values, _amount, Reason.AMOUNT) or None

    def _net_and_vat(self, row: int, values: list[Any]) -> tuple[str | None, str | None]:
        net, vat, gross = (
            self._amount(row, column, values) for column in (Column.NET, Column.VAT, Column.GROSS)
        )
        if net and vat and gross and Decimal(net) + Decimal(vat) != Decimal(gross):
            self._problems.add(row, Column.GROSS, Reason.SUM)
        return net, vat

    def _payment(self, row: int, values: list[Any]) -> tuple[str | None, str | None]:
        """What has been paid, and the day of the last payment; nothing said leaves both."""
        paid = self._amount(row, Column.PAID, values)
        paid_on = self._past(row, Column.PAID_DATE, values)
        if paid is None and values[Column.PAID] != "":
            return paid, paid_on
        is_payment = paid is not None and Decimal(paid) != 0
        if is_payment and values[Column.PAID_DATE] == "":
            self._problems.add(row, Column.PAID_DATE, Reason.REQUIRED)
        elif paid_on and not is_payment:
            self._problems.add(row, Column.PAID_DATE, Reason.NO_PAYMENT)
        return paid, paid_on

    def _collection(self, row: int, values: list[Any]) -> tuple[Any, ...]:
        stage = self._word(row, Column.COLLECTION_STAGE, values, STAGES, Reason.STAGE)
        agency = values[Column.COLLECTION_AGENCY]
        amount = self._amount(row, Column.COLLECTION_AMOUNT, values)
        opened_on = self._past(row, Column.COLLECTION_OPENED, values)
        closed_on = self._past(row, Column.COLLECTION_CLOSED, values)
        problems = self._problems
        if amount and Decimal(amount) <= 0:
            problems.add(row, Column.COLLECTION_AMOUNT, Reason.NOT_POSITIVE)
        if opened_on and closed_on and closed_on < opened_on:
            problems.add(row, Column.COLLECTION_CLOSED, Reason.CLOSED_TOO_EARLY)
        if stage == "" and (agency or amount or opened_on or closed_on):
            problems.add(row, Column.COLLECTION_STAGE, Reason.REQUIRED)
        elif stage in CLOSING and values[Column.COLLECTION_CLOSED] == "":
            problems.add(row, Column.COLLECTION_CLOSED, Reason.REQUIRED)
        elif stage and stage not in CLOSING and closed_on:
            problems.add(row, Column.COLLECTION_CLOSED, Reason.NOT_CLOSED)
        if stage == CollectionCase.Stage.AGENCY and agency == "":
            problems.add(row, Column.COLLECTION_AGENCY, Reason.REQUIRED)
        return stage, agency, amount, opened_on, closed_on


@lru_cache(maxsize=10_000)
def _amount(written: str) -> str | None:
    """An amount as PostgreSQL reads it; its sign may be a true minus, its thousands have spaces."""
    match = _AMOUNT.fullmatch(written)
    if match is None:
        return None
    whole = match[2].replace(" ", "").lstrip("0") or "0"
    if len(whole) > _MOST_DIGITS:
        return None
    return f"{'-' if match[1] else ''}{whole}.{(match[3] or '').ljust(2, '0')}"


@lru_cache(maxsize=100)
def _currency(written: str) -> str | None:
    if written in EUROS:
        return EUROS[written]
    return written.upper() if _CURRENCY.fullmatch(written) else None


def _reference(written: str) -> str | None:
    with suppress(ValidationError):
        return read_reference(written)
    return None
