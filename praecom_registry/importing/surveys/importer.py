"""The import of a survey's answers: of persons with a consent in force, each reference once."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from audit.context import AccessPurpose
from audit.log import Action
from audit.sql import keys_sql, run_sql
from consents.models import SupplementaryInformation
from customers.free_text import holds_identity_code
from datamap.vocabulary import Category
from praecom_registry.importing.columns import Columns
from praecom_registry.importing.importer import Importer
from praecom_registry.importing.parsing import RowParser
from praecom_registry.importing.problems import WHOLE_ROW, Problems, Reason, Refused
from praecom_registry.importing.reading import Rows
from praecom_registry.importing.recording import FROM_CONTEXT, INSERT, from_context, record_changes
from praecom_registry.importing.staging import check, stage
from praecom_registry.importing.surveys.columns import COLUMNS, Column, SurveyColumns
from praecom_registry.importing.surveys.parsing import SurveyRowParser

_LONGEST_TOPIC = 100

_MATCH = """
CREATE TEMPORARY TABLE import_respondent ON COMMIT DROP AS
SELECT r.row, r.respondent, r.reference, r.answered_on, r.answers, p.id AS person_id,
       c.id AS consent_id, (c.given_at AT TIME ZONE 'Europe/Helsinki')::date AS given_on,
       row_number() OVER (PARTITION BY r.reference ORDER BY r.row) AS place,
       EXISTS (SELECT FROM consents_supplementaryinformation s
               WHERE s.person_id = p.id AND s.topic = %(topic)s AND s.reference = r.reference)
           AS is_there
FROM import_row r
LEFT JOIN customers_person p ON p.public_id = r.respondent
LEFT JOIN consents_consent c ON c.person_id = p.id AND c.purpose = 'survey'
    AND c.withdrawn_at IS NULL
"""
# Whoever withdraws in the same moment waits until the answers are there, or comes first.
_LOCK = """
SELECT FROM consents_consent WHERE id IN (SELECT consent_id FROM import_respondent)
ORDER BY id FOR SHARE
"""
_READS = f"""{INSERT}
SELECT {int(Action.ACCESS)}, m.respondent,
       %(shown)s::text[] || CASE WHEN EXISTS (
           SELECT FROM customers_restriction r
           WHERE r.person_id = m.person_id AND r.lifted_at IS NULL
       ) THEN ARRAY['{Category.RIGHTS.value}'] ELSE '{{}}' END, {FROM_CONTEXT},
       NULL::integer, NULL::text, NULL::bigint, NULL::jsonb
FROM (SELECT DISTINCT respondent, person_id FROM import_respondent WHERE person_id IS NOT NULL) m
ORDER BY m.person_id
"""
_CHECKS = (
    (
        Column.RESPONDENT,
        Reason.NO_RESPONDENT,
        "SELECT row FROM import_respondent WHERE respondent IS NOT NULL AND person_id IS NULL",
    ),
    (
        Column.RESPONDENT,
        Reason.NO_CONSENT,
        "SELECT row FROM import_respondent WHERE person_id IS NOT NULL AND consent_id IS NULL",
    ),
    (
        Column.DATE,
        Reason.BEFORE_CONSENT,
        "SELECT row FROM import_respondent WHERE answered_on < given_on",
    ),
    (
        Column.REFERENCE,
        Reason.REFERENCE_TWICE,
        "SELECT row FROM import_respondent WHERE reference IS NOT NULL AND place > 1",
    ),
    (
        WHOLE_ROW,
        Reason.RESTRICTED,
        "SELECT m.row FROM import_respondent m JOIN customers_restriction r"
        " ON r.person_id = m.person_id AND r.lifted_at IS NULL WHERE NOT m.is_there",
    ),
)
_WRITE = """
WITH made AS (
    INSERT INTO consents_supplementaryinformation (public_id, person_id, kind, topic, question,
        answer, consent_id, source, reference, collected_at)
    SELECT gen_random_uuid(), m.person_id, 'survey', %(topic)s,
           (%(questions)s::text[])[a.key::int + 1], a.value, m.consent_id, 'import', m.reference,
           m.answered_on::timestamp AT TIME ZONE 'Europe/Helsinki'
    FROM import_respondent m, jsonb_each_text(m.answers) AS a
    WHERE NOT m.is_there ORDER BY m.row, a.key::int
    RETURNING id, person_id
)
INSERT INTO import_change
SELECT 'supplementaryinformation', true, id, person_id, NULL,
    ARRAY['kind', 'topic', 'question', 'answer', 'consent', 'source', 'reference', 'collected_at']
FROM made
"""
_COUNT = """
SELECT count(*) FILTER (WHERE NOT is_there) AS new, count(*) FILTER (WHERE is_there) AS unchanged,
       (SELECT count(*) FROM import_change) AS answers
FROM import_respondent
"""


@dataclass(frozen=True)
class Summary:
    """How many respondents were new or taken before, and how many answers came."""

    new: int
    unchanged: int
    answers: int


class SurveyImporter(Importer[Summary]):
    """The answers to one survey, kept under its name."""

    job = "import_survey"
    purpose = AccessPurpose.UPKEEP
    columns = COLUMNS
    parser = SurveyRowParser

    def __init__(self, survey: str) -> None:
        self._topic = " ".join(survey.split())
        self._questions: tuple[str, ...] = ()
        if not self._topic or len(self._topic) > _LONGEST_TOPIC:
            raise Refused(_("The name of the survey has one to a hundred characters."))
        if not self._topic.isprintable() or holds_identity_code(self._topic):
            raise Refused(_("This is no name of a survey."))

    def columns_of(self, names: list[str]) -> Columns:
        columns = SurveyColumns(names)
        self._questions = columns.questions
        return columns

    def stage(self, rows: Rows, parser: RowParser, progress: Callable[[int], None]) -> int:
        types = {"respondent": "uuid", "answered_on": "date", "answers": "jsonb"}
        return stage(rows, parser, progress, types=types, tables=("import_respondent",))

    def compare(self, problems: Problems) -> None:
        run_sql(_MATCH, {"topic": self._topic})
        run_sql(_LOCK)
        run_sql(_READS, {**from_context(), "shown": [Category.SUPPLEMENTARY.value]})
        check(_CHECKS, problems)

    def merge(self, problems: Problems, progress: Callable[[str], None]) -> Summary:
        progress(str(SupplementaryInformation._meta.verbose_name_plural))
        run_sql(_WRITE, {"topic": self._topic, "questions": list(self._questions)})
        record_changes([SupplementaryInformation])
        [counts] = keys_sql(_COUNT)
        return Summary(**counts)
