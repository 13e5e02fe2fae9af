"""Answers from a survey tool: whose are taken, once, and with whose consent."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from audit.context import AccessPurpose, access_context
from audit.log import Action
from consents.links import link_token
from consents.models import Consent, Wording
from consents.services import give_consent, withdraw_consent
from consents.surveys import SURVEY
from customers.models import Person
from tests.builders import a_person, restricted
from tests.importing import files
from tests.importing.files import Run, a_file, query, reported
from tests.log import Trail

pytestmark = pytest.mark.django_db

GRADE, WISH = "Yleisarvosana", "Mitä parantaisit? (vapaa sana)"
HETU = "131052-308T"


def run(file: Path, *options: str, survey: str = "Palvelu 2026") -> Run:
    with override("en"):
        return files.run(file, "--survey", survey, *options, command="import_survey")


def imported(folder: Path, *rows: dict[str, str], **more: Any) -> Run:
    done = run(a_file(folder, *rows), **more)
    assert done.error is None, done
    return done


def problems(folder: Path, *rows: dict[str, str]) -> list[tuple[int, str]]:
    report = folder / "errors.csv"
    assert run(a_file(folder, *rows), "--errors", str(report)).error is not None
    assert kept() == []
    return reported(report)


def kept() -> list[tuple[Any, ...]]:
    return query(
        "SELECT person_id, topic, question, answer, source, reference, consent_id"
        " FROM consents_supplementaryinformation ORDER BY id"
    )


def a_row(person: Person, reference: str = "1", **more: str) -> dict[str, str]:
    return {
        "vastaaja": str(person.public_id),
        "viite": reference,
        "päivä": timezone.localdate().isoformat(),
        GRADE: "5",
        WISH: "",
        **more,
    }


def consenting(name: str = "Aino") -> tuple[Person, Consent]:
    person = a_person(name)
    wording, _made = Wording.objects.get_or_create(
        name="survey", version=1, language="fi", defaults={"text": "Suostun."}
    )
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        return person, give_consent(person=person, purpose="survey", wording=wording, source="call")


def test_answers_are_kept_under_the_survey_s_name_with_the_consent(
    tmp_path: Path, trail: Trail
) -> None:
    aino, consent = consenting()
    before = trail.last_id()

    done = imported(tmp_path, a_row(aino, **{WISH: "Nopeammin; =1+1"}))

    same = ("import", "1", consent.pk)
    assert kept() == [
        (aino.pk, "Palvelu 2026", GRADE, "5", *same),
        (aino.pk, "Palvelu 2026", WISH, "Nopeammin; =1+1", *same),
    ]
    assert "1 new, 0 taken before; answers: 2." in done.said
    rows = trail.rows(id__gt=before)
    assert {row["subject"] for row in rows} == {aino.public_id}
    assert [row["action"] for row in rows] == [int(Action.ACCESS), *[int(Action.CREATE)] * 2]
    assert "Nopeammin" not in repr(rows)


def test_a_respondent_is_named_by_her_link_too(tmp_path: Path) -> None:
    aino, _consent = consenting()

    imported(tmp_path, a_row(aino, vastaaja=link_token(SURVEY, aino.public_id, "x")))

    assert [row[0] for row in kept()] == [aino.pk]


def test_each_reference_is_taken_once(tmp_path: Path) -> None:
    aino, _consent = consenting()
    imported(tmp_path, a_row(aino))
    before = kept()

    again = imported(tmp_path, a_row(aino, **{GRADE: "1"}))
    more = imported(tmp_path, a_row(aino), a_row(aino, "2"))
    other = imported(tmp_path, a_row(aino), survey="Palvelu 2027")

    assert "0 new, 1 taken before; answers: 0." in again.said
    assert "1 new, 1 taken before; answers: 1." in more.said
    assert "1 new, 0 taken before; answers: 1." in other.said
    assert kept()[:1] == before


def test_one_respondent_without_a_consent_refuses_all_of_the_file(tmp_path: Path) -> None:
    aino, _consent = consenting()
    eero, ended = consenting("Eero")
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        withdraw_consent(consent=ended)

    found = problems(tmp_path, a_row(aino), a_row(eero, "2"), a_row(a_person("Liisa"), "3"))

    assert found == [(3, "vastaaja"), (4, "vastaaja")]


def test_answers_from_before_the_consent_are_not_hers_to_keep(tmp_path: Path) -> None:
    aino, _consent = consenting()
    yesterday = timezone.localdate() - timedelta(days=1)

    assert problems(tmp_path, a_row(aino, päivä=yesterday.isoformat())) == [(2, "päivä")]


def test_a_restricted_person_s_answers_are_refused(tmp_path: Path) -> None:
    aino, _consent = consenting()
    restricted(aino)

    assert problems(tmp_path, a_row(aino)) == [(2, "")]


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"vastaaja": "00000000-0000-4000-8000-000000000000"}, "vastaaja"),
        ({"vastaaja": "Aino Mallikas"}, "vastaaja"),
        ({"vastaaja": ""}, "vastaaja"),
        ({"viite": ""}, "viite"),
        ({"päivä": "eilen"}, "päivä"),
        ({"päivä": "2999-01-01"}, "päivä"),
        ({WISH: f"Tunnus {HETU}"}, WISH),
        ({WISH: "x" * 4001}, WISH),
    ],
)
def test_a_bad_cell_is_named_without_what_stands_there(
    tmp_path: Path, values: dict[str, str], column: str
) -> None:
    aino, _consent = consenting()

    assert problems(tmp_path, a_row(aino), {**a_row(aino, "2"), **values}) == [(3, column)]
    report = (tmp_path / "errors.csv").read_text()
    assert not [value for value in values.values() if len(value) > 5 and value in report]


def test_a_reference_twice_in_a_file_is_an_error(tmp_path: Path) -> None:
    aino, _consent = consenting()

    assert problems(tmp_path, a_row(aino), a_row(aino)) == [(3, "viite")]


@pytest.mark.parametrize(
    "head",
    [
        "respondent,reference,date",
        "respondent,reference,Arvosana",
        "respondent,reference,date,Arvosana,ARVOSANA",
        f"respondent,reference,date,{'x' * 301}",
        "respondent,reference,date," + ",".join(f"K{number}" for number in range(101)),
    ],
)
def test_a_file_whose_first_row_will_not_do_is_refused(tmp_path: Path, head: str) -> None:
    file = tmp_path / "answers.csv"
    file.write_text(f"{head}\n{',' * head.count(',')}\n", encoding="utf-8")

    assert run(file).error is not None


@pytest.mark.parametrize("survey", ["", "   ", "x" * 101, f"Kysely {HETU}"])
def test_a_survey_needs_a_name(tmp_path: Path, survey: str) -> None:
    aino, _consent = consenting()

    assert run(a_file(tmp_path, a_row(aino)), survey=survey).error is not None
    assert kept() == []
