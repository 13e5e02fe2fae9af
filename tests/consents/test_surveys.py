"""The survey behind a link: what it asks, what it keeps, and whom it tells nothing."""

from datetime import timedelta
from typing import Any
from unittest import mock
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from audit.context import AccessPurpose, access_context
from consents.links import link_token
from consents.models import Consent, SupplementaryInformation, Survey, SurveyQuestion, Wording
from consents.public import DATA_SUBJECT
from consents.surveys import SURVEY, survey_link
from customers.models import Person
from tests.builders import a_person, restricted
from tests.log import Trail

pytestmark = pytest.mark.django_db

PHONE, EMAIL, HETU = "040 000 0417", "maija.mallikas@example.com", "131052-308T"


@pytest.fixture
def maija() -> Person:
    return a_person("Maija", "Mallikas", phones=[PHONE], emails=[EMAIL])


@pytest.fixture
def survey(db: None) -> Survey:
    made = Survey.objects.create(
        topic="Palvelu 2026",
        title_fi="Miten onnistuimme?",
        title_sv="Hur lyckades vi?",
        title_en="How did we do?",
        closes_on=timezone.localdate() + timedelta(days=14),
    )
    for place, kind, text in ((1, "scale", "Yleisarvosana"), (2, "text", "Mitä parantaisit?")):
        SurveyQuestion.objects.create(
            survey=made, place=place, kind=kind, text_fi=text, text_sv=f"{text} sv", text_en=text
        )
    return made


@pytest.fixture
def wording(db: None) -> Wording:
    return Wording.objects.create(
        name="survey", version=1, language="fi", text="Suostun vastausteni säilyttämiseen."
    )


def path_of(person: Person, survey: Survey) -> str:
    return urlsplit(survey_link(person.public_id, survey)).path


def answers(read: Wording, **more: str) -> dict[str, str]:
    return {"q1": "5", "q2": "", "consent": "on", "wording": str(read.public_id), **more}


def kept() -> list[tuple[str, str, str]]:
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        rows = SupplementaryInformation.objects.order_by("id")
        return list(rows.values_list("topic", "question", "answer"))


def consents() -> list[Any]:
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        return [one.withdrawn_at for one in Consent.objects.order_by("id")]


def test_answers_are_kept_with_the_consent_and_the_words_asked(
    maija: Person, survey: Survey, wording: Wording, trail: Trail
) -> None:
    path = path_of(maija, survey)

    answer = Client().post(path, answers(wording, q2="Nopeampi vastaus."), follow=True)

    assert answer.status_code == 200
    assert kept() == [
        ("Palvelu 2026", "Yleisarvosana", "5"),
        ("Palvelu 2026", "Mitä parantaisit?", "Nopeampi vastaus."),
    ]
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        consent = Consent.objects.get()
        assert (consent.person_id, consent.wording_id) == (maija.pk, wording.pk)
        assert (consent.source, consent.recorded_by_id) == ("page", None)
    rows = [row for row in trail.rows(subject=maija.public_id) if row["route"].startswith("survey")]
    assert {row["actor_label"] for row in rows} == {DATA_SUBJECT}
    assert {row["purpose"] for row in rows} == {AccessPurpose.OWN_CHOICE}
    assert {row["remote_addr"] for row in rows} == {None}


def test_the_box_is_not_ticked_and_without_it_nothing_is_kept(
    maija: Person, survey: Survey, wording: Wording
) -> None:
    path = path_of(maija, survey)

    page = Client().get(path).content.decode()
    form = answers(wording)
    del form["consent"]
    refused = Client().post(path, form)

    assert wording.text in page
    assert " checked" not in page
    assert refused.status_code == 422
    assert (kept(), consents()) == ([], [])


@pytest.mark.parametrize(
    "values",
    [
        {"wording": ""},
        {"wording": str(uuid4())},
        {"q1": "", "q2": "  "},
        {"q1": "6"},
        {"q2": f"Olen {HETU}"},
        {"q2": "x" * 2001},
    ],
)
def test_what_will_not_do_comes_back_and_nothing_is_kept(
    maija: Person, survey: Survey, wording: Wording, values: dict[str, str]
) -> None:
    refused = Client().post(path_of(maija, survey), answers(wording, **values))

    assert refused.status_code == 422
    assert (kept(), consents()) == ([], [])


def test_a_second_answer_keeps_the_first(maija: Person, survey: Survey, wording: Wording) -> None:
    path = path_of(maija, survey)
    Client().post(path, answers(wording))

    again = Client().post(path, answers(wording, q1="1"))

    assert again.status_code == 200
    assert [answer for *_asked, answer in kept()] == ["5"]
    assert consents() == [None]


def test_withdrawing_is_as_easy_and_starts_the_erasure(
    maija: Person, survey: Survey, wording: Wording
) -> None:
    path = path_of(maija, survey)
    Client().post(path, answers(wording))

    for _time in range(2):
        assert Client().post(path, {"do": "withdraw"}, follow=True).status_code == 200

    [at] = consents()
    assert at is not None
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        assert SupplementaryInformation.objects.get().erase_by is not None


def test_who_withdrew_may_consent_and_answer_anew(
    maija: Person, survey: Survey, wording: Wording
) -> None:
    path = path_of(maija, survey)
    Client().post(path, answers(wording))
    Client().post(path, {"do": "withdraw"})

    Client().post(path, answers(wording, q1="2"))

    assert [answer for *_asked, answer in kept()] == ["5", "2"]
    assert [at is None for at in consents()] == [False, True]


def test_a_look_changes_nothing(maija: Person, survey: Survey, wording: Wording) -> None:
    for query in ("", "?language=fi", "?do=withdraw", "?done=answered"):
        assert Client().get(path_of(maija, survey) + query).status_code == 200

    assert (kept(), consents()) == ([], [])


def test_the_page_shows_nothing_of_hers(maija: Person, survey: Survey, wording: Wording) -> None:
    path = path_of(maija, survey)
    pages = [Client().get(path), Client().post(path, answers(wording, q2="Oma sana"), follow=True)]
    pages.append(Client().get(path))

    for page in pages:
        text = page.content.decode()
        assert page.headers["Cache-Control"] == "no-store"
        for value in ("Maija", "Mallikas", "0417", EMAIL, str(maija.public_id), "Oma sana"):
            assert value not in text


def test_nothing_is_kept_of_a_restricted_person(
    maija: Person, survey: Survey, wording: Wording
) -> None:
    restricted(maija)

    page = Client().post(path_of(maija, survey), answers(wording))

    assert page.status_code == 200
    assert (kept(), consents()) == ([], [])


def test_a_page_is_in_the_language_asked_for_and_its_wording_too(
    maija: Person, survey: Survey, wording: Wording
) -> None:
    swedish = Wording.objects.create(name="survey", version=1, language="sv", text="Jag samtycker.")
    path = f"{path_of(maija, survey)}?language=sv"

    page = Client().get(path).content.decode()
    wrong = Client().post(path, answers(wording))
    Client().post(path, answers(swedish))

    assert "Hur lyckades vi?" in page
    assert swedish.text in page
    assert wrong.status_code == 422
    assert kept() == [("Palvelu 2026", "Yleisarvosana sv", "5")]


def bad_links(person: Person, survey: Survey) -> list[str]:
    closed = Survey.objects.create(
        topic="Vanha", title_fi="V", title_sv="V", title_en="V", closes_on="2020-01-01"
    )
    with mock.patch("time.time", return_value=(timezone.now() - timedelta(days=61)).timestamp()):
        expired = link_token(SURVEY, person.public_id, survey.public_id.hex)
    good = link_token(SURVEY, person.public_id, survey.public_id.hex)
    return [
        expired,
        link_token("preferences", person.public_id, survey.public_id.hex),
        link_token(SURVEY, uuid4(), survey.public_id.hex),
        link_token(SURVEY, person.public_id, uuid4().hex),
        link_token(SURVEY, person.public_id),
        link_token(SURVEY, person.public_id, closed.public_id.hex),
        f"{good[:-1]}{'a' if good[-1] != 'a' else 'b'}",
        "rubbish",
    ]


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_bad_link_gets_the_same_answer(
    maija: Person, survey: Survey, wording: Wording, method: str
) -> None:
    found = set()
    for token in bad_links(maija, survey):
        answer = getattr(Client(headers={"Accept-Language": "en"}), method)(
            f"/survey/{token}/", answers(wording) if method == "post" else {}
        )
        found.add((answer.status_code, len(answer.content)))

    assert {status for status, _length in found} == {404}
    assert (kept(), consents()) == ([], [])
