"""The cells of a Robinson list: a number, or a name with its address, and since when."""

from enum import IntEnum
from typing import Any

from django.utils import timezone

from praecom_registry.importing.cells import phone_number, postal_code
from praecom_registry.importing.parsing import Header, RowParser, read_date
from praecom_registry.importing.problems import Problems, Reason
from praecom_registry.importing.robinson.columns import (
    PHONE_COLUMNS,
    POST_COLUMNS,
    PhoneColumn,
    PostColumn,
)


class _ListedParser(RowParser):
    """What both lists share: the day of the listing, which has come already."""

    def __init__(self, header: Header, problems: Problems) -> None:
        super().__init__(header, problems)
        self._today = timezone.localdate().isoformat()

    def _listed_on(self, row: int, column: IntEnum, values: list[Any]) -> str | None:
        day = self._judged(row, column, values, read_date, Reason.DATE) or None
        if day is not None and day > self._today:
            self._problems.add(row, column, Reason.FUTURE)
        return day


class PhoneParser(_ListedParser):
    """A number in its normalised form."""

    columns = PHONE_COLUMNS
    staged = ("phone", "listed_on")

    def judge(self, row: int, values: list[Any]) -> tuple[Any, ...]:
        return (
            self._judged(row, PhoneColumn.PHONE, values, phone_number, Reason.PHONE),
            self._listed_on(row, PhoneColumn.LISTED, values),
        )


class PostParser(_ListedParser):
    """A name with its address; the database folds them as it folds the register's own."""

    columns = POST_COLUMNS
    staged = ("first_name", "last_name", "street", "postal_code", "listed_on")

    def judge(self, row: int, values: list[Any]) -> tuple[Any, ...]:
        return (
            values[PostColumn.FIRST_NAME],
            values[PostColumn.LAST_NAME],
            values[PostColumn.STREET],
            self._judged(row, PostColumn.POSTAL_CODE, values, postal_code, Reason.POSTAL_CODE),
            self._listed_on(row, PostColumn.LISTED, values),
        )
