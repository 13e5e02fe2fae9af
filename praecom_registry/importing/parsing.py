"""One row of a file becomes one staged row, or problems by cell.

A million rows pass here: each cell is looked at by the cheapest means that judges it, and words
that come again and again are judged once.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from functools import lru_cache
from operator import gt, itemgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from stdnum.exceptions import ValidationError as NotValid
from stdnum.fi import ytunnus

from customers.models import Customer, Language, Source
from customers.phones import NotAPhoneNumber, normalise_phone
from praecom_registry.importing.columns import (
    CHOICES,
    COMPANY,
    KINDS,
    LONGEST,
    MUST_HAVE,
    PERSON,
    ROLES,
    SOURCES,
    USER,
    Column,
    column_named,
)
from praecom_registry.importing.problems import WHOLE_ROW, Problems, Reason, UnreadableFile
from praecom_registry.importing.reading import ERROR_VALUE, FORMULA

STAGED = (
    *("row", "is_bad", "number", "kind", "company_name", "legal_form", "business_id"),
    *("first_name", "last_name", "role", "task", "position", "user_id"),
    *("email_written", "email", "phone_written", "phone", "phone_2_written", "phone_2"),
    *("language", "street", "postal_code", "city", "country", "since"),
    *("source", "source_wording"),
    *("marketing_email", "marketing_sms", "marketing_phone", "marketing_post"),
)
"""The columns of a staged row; what is bad is null, what is not given is empty."""

_FINLAND = "FI"
_LEAST_PHONE_DIGITS = 3
_ISO_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_FINNISH_DATE = re.compile(r"(\d\d?)\.(\d\d?)\.(\d{4})", re.ASCII)
_COUNTRY = re.compile(r"[A-Za-z]{2}")
_WORDS = re.compile(r"t:mi|\w+")
_LEGAL_FORMS = {
    **dict.fromkeys(("tmi", "t:mi", "toiminimi"), Customer.LegalForm.TMI),
    **dict.fromkeys(("oy", "oyj"), Customer.LegalForm.OY),
    **dict.fromkeys(("ab", "abp"), Customer.LegalForm.AB),
    **dict.fromkeys(("ky", "kb"), Customer.LegalForm.KY),
    **dict.fromkeys(("ay", "öb"), Customer.LegalForm.AY),
    **dict.fromkeys(("ry", "rf"), Customer.LegalForm.RY),
}
_COUNTRY_OF_WORD = {"": _FINLAND, "suomi": _FINLAND, "finland": _FINLAND}
_LANGUAGES = {"": "", **{code: code for code in Language.values}}
_MARKETING = (
    *(Column.MARKETING_EMAIL, Column.MARKETING_SMS),
    *(Column.MARKETING_PHONE, Column.MARKETING_POST),
)
_ADDRESS = (Column.STREET, Column.POSTAL_CODE, Column.CITY)


class Header:
    """Which cell of a row holds which column; raises UnreadableFile for a header that will not do.

    A name that the file gives to a column is shown only where the first row is surely one of
    names: it might be a person's row.
    """

    def __init__(self, names: list[str], *, ignore_unknown: bool) -> None:
        self.names = names
        columns = [column_named(name) for name in names]
        missing = [column for column in MUST_HAVE if column not in columns]
        if len(missing) == len(MUST_HAVE):
            raise UnreadableFile(
                _("The first row does not name the columns: none of %(columns)s is there.")
                % {"columns": ", ".join(column.name.lower() for column in MUST_HAVE)}
            )
        if missing:
            raise UnreadableFile(
                _("These columns are missing: %(columns)s.")
                % {"columns": ", ".join(column.name.lower() for column in missing)}
            )
        self._refuse_twice(columns)
        # A name that is empty stands for no column: its cells must be empty.
        self.nameless = [place for place, name in enumerate(names) if not name.strip()]
        unknown = [
            " ".join(name.split())[:40]
            for name, column in zip(names, columns, strict=True)
            if column is None and name.strip()
        ]
        if unknown and not ignore_unknown:
            raise UnreadableFile(
                _("Unknown columns: %(columns)s. Leave them out with --ignore-unknown.")
                % {"columns": ", ".join(filter(str.isprintable, unknown[:10]))}
            )
        # One cell more than the row has, an empty one, stands for every column not in the file.
        absent = len(names)
        self.places = [columns.index(c) if c in columns else absent for c in Column]

    def _refuse_twice(self, columns: list[Column | None]) -> None:
        twice = [column for column in Column if columns.count(column) > 1]
        if twice:
            raise UnreadableFile(
                _("These columns are there twice: %(columns)s.")
                % {"columns": ", ".join(column.name.lower() for column in twice)}
            )


class RowParser:
    """Turns the cells of a row into a staged row, and notes what is wrong with them."""

    def __init__(self, header: Header, problems: Problems) -> None:
        self._width = len(header.names)
        self._nameless = header.nameless
        self._in_order = itemgetter(*header.places)
        self._problems = problems

    def parse(self, row: int, cells: list[str]) -> Sequence[Any] | None:
        """The staged row; None where the cells cannot be told apart."""
        if len(cells) != self._width or any(cells[place].strip() for place in self._nameless):
            self._problems.add(row, WHOLE_ROW, Reason.RAGGED)
            return None
        found = len(self._problems)
        cells.append("")
        values: list[Any] = list(map(str.strip, self._in_order(cells)))
        is_plain = "".join(values).isprintable()
        if any(map(gt, map(len, values), LONGEST)):
            self._refuse_long(row, values)
        if not is_plain:
            self._clean(row, values)
        kind, role = self._kind_and_role(row, values)
        email = self._email(row, values[Column.EMAIL])
        phone = self._phone(row, Column.PHONE, values[Column.PHONE])
        phone_2 = self._phone(row, Column.PHONE_2, values[Column.PHONE_2])
        if phone_2 and phone_2 == phone:
            phone_2 = ""
        language = self._word(row, Column.LANGUAGE, values, _LANGUAGES, Reason.LANGUAGE)
        country = self._country(row, values)
        since = self._judged(row, Column.CUSTOMER_SINCE, values, _date, Reason.DATE)
        business_id = self._judged(
            row, Column.BUSINESS_ID, values, _business_id, Reason.CHECK_DIGIT
        )
        choices = [self._word(row, c, values, CHOICES, Reason.CHOICE) for c in _MARKETING]
        source = values[Column.SOURCE]
        for column in MUST_HAVE:
            if not values[column] and values[column] is not None:
                self._problems.add(row, column, Reason.REQUIRED)
        company_name = values[Column.COMPANY_NAME]
        return (
            row,
            len(self._problems) > found,
            values[Column.CUSTOMER_NUMBER] or None,
            kind,
            company_name,
            company_name and _legal_form(company_name),
            business_id,
            values[Column.FIRST_NAME],
            values[Column.LAST_NAME] or None,
            role,
            values[Column.TASK],
            values[Column.POSITION],
            values[Column.USER_ID],
            values[Column.EMAIL],
            email,
            values[Column.PHONE],
            phone,
            values[Column.PHONE_2],
            phone_2,
            language,
            values[Column.STREET],
            values[Column.POSTAL_CODE],
            values[Column.CITY],
            country,
            since or None,
            source and _source(source),
            source,
            *choices,
        )

    # --- any cell

    def _clean(self, row: int, values: list[Any]) -> None:
        """Spaces of every kind become plain ones; what no text holds is refused."""
        for column, value in enumerate(values):
            if value is None or value.isprintable():
                continue
            if value in (FORMULA, ERROR_VALUE):
                formula = value == FORMULA
                self._problems.add(row, column, Reason.FORMULA if formula else Reason.ERROR_VALUE)
                values[column] = None
                continue
            values[column] = value = " ".join(value.split())
            if any(character < " " or "\x7f" <= character < "\xa0" for character in value):
                self._problems.add(row, column, Reason.CONTROL_CHARACTER)
                values[column] = None

    def _refuse_long(self, row: int, values: list[Any]) -> None:
        for column, value in enumerate(values):
            if len(value) > LONGEST[column]:
                self._problems.add(row, column, Reason.TOO_LONG)
                values[column] = None

    def _word(
        self, row: int, column: Column, values: list[Any], known: dict[str, Any], reason: Reason
    ) -> Any:
        value = values[column]
        if value is None:
            return None
        try:
            return known[value]
        except KeyError:
            try:
                return known[value.casefold()]
            except KeyError:
                self._problems.add(row, column, reason)
                return None

    def _judged(
        self, row: int, column: Column, values: list[Any], judge: Any, reason: Reason
    ) -> str | None:
        value: str | None = values[column]
        if value:
            value = judge(value)
            if value is None:
                self._problems.add(row, column, reason)
        return value

    # --- cells that belong together

    def _kind_and_role(self, row: int, values: list[Any]) -> tuple[str | None, str | None]:
        """Where the kind is not given, a role or a company's name or ID tells it."""
        role = self._word(row, Column.PERSON_ROLE, values, ROLES, Reason.ROLE)
        if values[Column.CUSTOMER_KIND] == "":
            of_company = role != "" or values[Column.COMPANY_NAME] or values[Column.BUSINESS_ID]
            kind: str | None = COMPANY if of_company else PERSON
        else:
            kind = self._word(row, Column.CUSTOMER_KIND, values, KINDS, Reason.KIND)
        problems = self._problems
        if kind == COMPANY and role == "":
            problems.add(row, Column.PERSON_ROLE, Reason.NO_ROLE)
        elif kind == PERSON:
            if role:
                problems.add(row, Column.PERSON_ROLE, Reason.PRIVATE_ROLE)
            for column in (Column.COMPANY_NAME, Column.BUSINESS_ID):
                if values[column]:
                    problems.add(row, column, Reason.PRIVATE_COMPANY)
                    values[column] = None
        if role == USER and values[Column.USER_ID] == "":
            problems.add(row, Column.USER_ID, Reason.REQUIRED)
        return kind, role

    def _email(self, row: int, written: str | None) -> str | None:
        if not written:
            return written
        try:
            validate_email(written)
        except ValidationError:
            self._problems.add(row, Column.EMAIL, Reason.EMAIL)
            return None
        return written.lower()

    def _phone(self, row: int, column: Column, written: str | None) -> str | None:
        if not written:
            return written
        if sum(map(str.isdecimal, written)) >= _LEAST_PHONE_DIGITS:
            with suppress(NotAPhoneNumber):
                return normalise_phone(written)
        self._problems.add(row, column, Reason.PHONE)
        return None

    def _country(self, row: int, values: list[Any]) -> str | None:
        """The country, and with it whether the postal code is one of Finland's."""
        country = self._judged_country(row, values[Column.COUNTRY])
        code = values[Column.POSTAL_CODE]
        if (
            country == _FINLAND
            and code
            and not (len(code) == 5 and code.isdecimal() and code.isascii())
        ):
            self._problems.add(row, Column.POSTAL_CODE, Reason.POSTAL_CODE)
            values[Column.POSTAL_CODE] = None
        return country

    def _judged_country(self, row: int, written: str | None) -> str | None:
        if written in (None, _FINLAND):
            return written
        known = _COUNTRY_OF_WORD.get(written.casefold())
        if known is not None:
            return known
        if _COUNTRY.fullmatch(written):
            return written.upper()
        self._problems.add(row, Column.COUNTRY, Reason.COUNTRY)
        return None


@lru_cache(maxsize=10_000)
def _date(written: str) -> str | None:
    for pattern, order in ((_ISO_DATE, (1, 2, 3)), (_FINNISH_DATE, (3, 2, 1))):
        match = pattern.fullmatch(written)
        if match:
            with suppress(ValueError):
                return date(*(int(match[part]) for part in order)).isoformat()
    return None


@lru_cache(maxsize=10_000)
def _business_id(written: str) -> str | None:
    try:
        return str(ytunnus.format(ytunnus.validate(written)))
    except NotValid:
        return None


@lru_cache(maxsize=10_000)
def _legal_form(company_name: str) -> str:
    """The legal form that the name tells, a sole trader's before all; empty if it tells none."""
    forms = [_LEGAL_FORMS[w] for w in _WORDS.findall(company_name.lower()) if w in _LEGAL_FORMS]
    if Customer.LegalForm.TMI in forms:
        return Customer.LegalForm.TMI
    return forms[0] if forms else ""


@lru_cache(maxsize=10_000)
def _source(written: str) -> str:
    return SOURCES.get(" ".join(written.casefold().split()), Source.IMPORT.value)
