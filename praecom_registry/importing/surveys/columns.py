"""The columns of a survey tool's export: who answered, when, and one column for each question."""

from enum import IntEnum
from typing import Any

from django.utils.translation import gettext as _

from praecom_registry.importing.columns import Columns, Rule
from praecom_registry.importing.problems import UnreadableFile

MOST_QUESTIONS = 100
LONGEST_QUESTION = 300
LONGEST_ANSWER = 4_000


class Column(IntEnum):
    """The columns that every export has; each further one is a question."""

    RESPONDENT = 0
    REFERENCE = 1
    DATE = 2


_RULES: dict[IntEnum, Rule] = {
    Column.RESPONDENT: Rule("vastaaja", ("respondent", "svarande"), 400),
    Column.REFERENCE: Rule("viite", ("referens",), 64),
    Column.DATE: Rule("päivä", ("dag", "datum"), 40),
}

COLUMNS = Columns(_RULES, must_have=tuple(Column))


class SurveyColumns(Columns):
    """The columns of one file: those of every export, and the questions in the file's order."""

    def __init__(self, names: list[str]) -> None:
        asked = [
            " ".join(name.split()) for name in names if name.strip() and COLUMNS.named(name) is None
        ]
        _refuse(asked)
        places = range(len(Column), len(Column) + len(asked))
        # The members' own names can be those of no column in a file.
        enumeration: Any = IntEnum
        members = enumeration("Question", {f"\x00{place}": place for place in places})
        questions = {
            member: Rule(name, (), LONGEST_ANSWER)
            for member, name in zip(members, asked, strict=True)
        }
        super().__init__({**_RULES, **questions}, must_have=tuple(Column))
        self.questions: tuple[str, ...] = tuple(asked)


def _refuse(asked: list[str]) -> None:
    if not asked:
        raise UnreadableFile(_("The first row names no question."))
    if len(asked) > MOST_QUESTIONS:
        raise UnreadableFile(
            _("There are more than %(most)d questions.") % {"most": MOST_QUESTIONS}
        )
    if any(len(name) > LONGEST_QUESTION or not name.isprintable() for name in asked):
        raise UnreadableFile(_("The first row holds a question that is too long, or no text."))
