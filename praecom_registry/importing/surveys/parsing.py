"""The cells of a respondent's row: who she is, when she answered, and what."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from consents.links import read_token
from consents.surveys import SURVEY
from customers.free_text import holds_identity_code
from praecom_registry.importing.parsing import Header, RowParser, read_date
from praecom_registry.importing.problems import Problems, Reason
from praecom_registry.importing.surveys.columns import COLUMNS, Column

TOKENS_READ_FOR = timedelta(days=365)
"""A tool's export may come long after the link that led to the survey has ended."""


class SurveyRowParser(RowParser):
    """Turns the cells of a row into a respondent and her answers, by the questions' places."""

    columns = COLUMNS
    staged = ("respondent", "reference", "answered_on", "answers")

    def __init__(self, header: Header, problems: Problems) -> None:
        super().__init__(header, problems)
        self.columns = header.columns
        self._today = timezone.localdate().isoformat()

    def judge(self, row: int, values: list[Any]) -> tuple[Any, ...]:
        day = self._judged(row, Column.DATE, values, read_date, Reason.DATE) or None
        if day is not None and day > self._today:
            self._problems.add(row, Column.DATE, Reason.FUTURE)
        respondent = self._judged(row, Column.RESPONDENT, values, _respondent, Reason.NO_RESPONDENT)
        answers = {}
        for place, text in enumerate(values[len(Column) :]):
            if text and holds_identity_code(text):
                self._problems.add(row, len(Column) + place, Reason.IDENTITY_CODE)
            elif text:
                answers[str(place)] = text
        return respondent or None, values[Column.REFERENCE] or None, day, json.dumps(answers)


def _respondent(written: str) -> str | None:
    """The public ID of a person, as it is or out of her signed link."""
    try:
        return str(UUID(written))
    except ValueError:
        link = read_token(SURVEY, written, TOKENS_READ_FOR)
        return None if link is None else str(link.public_id)
