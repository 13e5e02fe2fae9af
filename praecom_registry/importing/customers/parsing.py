"""The cells of a customer's row: who it is, how she is reached, and what she has chosen."""

import re
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from stdnum.exceptions import ValidationError as NotValid
from stdnum.fi import ytunnus

from customers.models import Customer, Language, Source
from praecom_registry.importing.cells import phone_number, postal_code
from praecom_registry.importing.customers.columns import (
    CHOICES,
    COLUMNS,
    COMPANY,
    KINDS,
    PERSON,
    ROLES,
    SOURCES,
    USER,
    Column,
)
from praecom_registry.importing.parsing import RowParser, read_date
from praecom_registry.importing.problems import Reason

STAGED = (
    *("number", "kind", "company_name", "legal_form", "business_id"),
    *("first_name", "last_name", "role", "task", "position", "user_id"),
    *("email_written", "email", "phone_written", "phone", "phone_2_written", "phone_2"),
    *("language", "street", "postal_code", "city", "country", "since"),
    *("source", "source_wording"),
    *("marketing_email", "marketing_sms", "marketing_phone", "marketing_post"),
)
"""The columns of a staged row; what is bad is null, what is not given is empty."""

_FINLAND = "FI"
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


class CustomerRowParser(RowParser):
    """Turns the cells of a row into a staged customer and person."""

    columns = COLUMNS
    staged = STAGED

    def judge(self, row: int, values: list[Any]) -> tuple[Any, ...]:
        kind, role = self._kind_and_role(row, values)
        email = self._email(row, values[Column.EMAIL])
        phone = self._phone(row, Column.PHONE, values[Column.PHONE])
        phone_2 = self._phone(row, Column.PHONE_2, values[Column.PHONE_2])
        if phone_2 and phone_2 == phone:
            phone_2 = ""
        language = self._word(row, Column.LANGUAGE, values, _LANGUAGES, Reason.LANGUAGE)
        country = self._country(row, values)
        since = self._judged(row, Column.CUSTOMER_SINCE, values, read_date, Reason.DATE)
        business_id = self._judged(
            row, Column.BUSINESS_ID, values, _business_id, Reason.CHECK_DIGIT
        )
        choices = [self._word(row, c, values, CHOICES, Reason.CHOICE) for c in _MARKETING]
        source = values[Column.SOURCE]
        company_name = values[Column.COMPANY_NAME]
        return (
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
        number = phone_number(written)
        if number is None:
            self._problems.add(row, column, Reason.PHONE)
        return number

    def _country(self, row: int, values: list[Any]) -> str | None:
        """The country, and with it whether the postal code is one of Finland's."""
        country = self._judged_country(row, values[Column.COUNTRY])
        code = values[Column.POSTAL_CODE]
        if country == _FINLAND and code and postal_code(code) is None:
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
