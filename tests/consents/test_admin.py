"""Consents and surveys on the staff's desk: who sees, adds and changes what, what is recorded."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.context import AccessContext, AccessPurpose, activate
from audit.log import Action
from consents.models import (
    CollectionNotice,
    Consent,
    MarketingChoice,
    Survey,
    SurveyQuestion,
    Wording,
    WorkDuty,
)
from customers.models import ContactPoint, Person
from tests.builders import a_company, a_contact_person, a_person, restricted
from tests.desk import form_in, form_on, text_of
from tests.log import Trail
from tests.records import a_record

pytestmark = pytest.mark.django_db

Browser = Callable[[str], Client]

CALL_TAKERS = {"agent", "account_manager", "registrar"}
CHOOSERS = CALL_TAKERS | {"marketer"}
SURVEYORS = {"marketer", "registrar"}
ROLES = (
    *("agent", "account_manager", "billing", "recording_reviewer", "marketer", "registrar"),
    *("auditor", "admin"),
)
NOBODY: set[str] = set()

KINDS: dict[str, tuple[set[str], set[str], set[str]]] = {
    "marketingchoice": (CHOOSERS, CALL_TAKERS, NOBODY),
    "collectionnotice": (CHOOSERS, CALL_TAKERS, NOBODY),
    "workduty": (CHOOSERS, CALL_TAKERS, NOBODY),
    "consent": (CALL_TAKERS, NOBODY, NOBODY),
    "supplementaryinformation": (CALL_TAKERS, NOBODY, NOBODY),
    "wording": (CHOOSERS, SURVEYORS, NOBODY),
    "survey": (CHOOSERS, SURVEYORS, SURVEYORS),
    "surveyquestion": (CHOOSERS, SURVEYORS, SURVEYORS),
}
"""Of each kind: who sees it, who adds to it, and whose page of a record has fields to change."""

OF_PERSONS = {
    *("marketingchoice", "collectionnotice", "workduty", "consent", "supplementaryinformation"),
}


@pytest.fixture(autouse=True)
def _in_english(staff: Callable[[str], User]) -> None:
    """The sentences here are English ones."""
    for role in ROLES:
        user = staff(role)
        user.language = "en"
        user.save()


def desk(kind: str) -> str:
    return f"/admin/consents/{kind}/"


def page_of(kind: str, public_id: Any) -> str:
    return f"{desk(kind)}{public_id}/change/"


def stored(model: Any, **which: Any) -> list[Any]:
    """Records as they are stored."""
    with activate(AccessContext(purpose=AccessPurpose.UPKEEP)):
        return list(model._default_manager.filter(**which).order_by("pk"))


@pytest.fixture
def maija() -> Person:
    return a_person("Maija", "Mallikas", phones=["040 000 0417"], emails=["maija@example.com"])


# --- who sees, adds and changes -------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("kind", KINDS)
def test_each_role_sees_and_adds_what_it_may(
    client_as: Browser, maija: Person, trail: Trail, kind: str, role: str
) -> None:
    sees, adds, changes = KINDS[kind]
    public_id = a_record(f"consents.{kind}", maija)
    client, before = client_as(role), trail.last_id()

    page = client.get(page_of(kind, public_id))

    assert page.status_code == (200 if role in sees else 403)
    assert client.get(desk(kind)).status_code == (200 if role in sees else 403)
    assert (client.get(f"{desk(kind)}add/").status_code == 200) == (role in adds)
    if role in sees:
        assert bool(form_in(page)) == (role in changes)
    read = trail.subjects(id__gt=before, action=Action.ACCESS)
    assert read == ({maija.public_id} if role in sees and kind in OF_PERSONS else set())


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if not KINDS[kind][2]])
def test_what_is_only_read_is_changed_by_nobody(
    client_as: Browser, maija: Person, trail: Trail, kind: str, role: str
) -> None:
    model = apps.get_model("consents", kind)
    public_id = a_record(f"consents.{kind}", maija)
    before = [one.__dict__ for one in stored(model, public_id=public_id)]
    client, last = client_as(role), trail.last_id()

    for sent in (
        {},
        {"choice": "permitted", "channel": "email", "source": "call"},
        {"text": "Muuta."},
        {"answer": "Muuta.", "evidence": "Muuta."},
    ):
        client.post(page_of(kind, public_id), sent)
    client.post(f"{desk(kind)}{public_id}/delete/")

    after = [one.__dict__ for one in stored(model, public_id=public_id)]
    for old, new in zip(before, after, strict=True):
        assert {name: old[name] for name in old if name[0] != "_"} == {
            name: new[name] for name in new if name[0] != "_"
        }
    assert not {"update", "delete", "create"} & set(trail.actions(id__gt=last))


# --- added ----------------------------------------------------------------------------------------


def test_a_choice_is_added_and_a_mistake_is_put_right_by_another(
    client_as: Browser, staff: Callable[[str], User], maija: Person, trail: Trail
) -> None:
    agent = client_as("agent")
    add = f"{desk('marketingchoice')}add/?person={maija.public_id}"
    before = trail.last_id()

    for choice in ("prohibited", "withdrawn"):
        sent = {**form_on(agent, add), "channel": "email", "choice": choice, "source": "call"}
        answer = agent.post(add, sent)
        assert answer.status_code == 302, text_of(answer)

    first, second = stored(MarketingChoice, person=maija)
    assert (first.choice, second.choice) == ("prohibited", "withdrawn")
    assert (first.recorded_by, first.channel) == (staff("agent"), "email")
    made = trail.rows(id__gt=before, action=Action.CREATE)
    assert [(row["subject"], row["object_id"]) for row in made] == [
        (maija.public_id, first.pk),
        (maija.public_id, second.pk),
    ]
    assert {row["actor_id"] for row in made} == {staff("agent").pk}


def test_a_permission_needs_the_wording_that_was_read_out(
    client_as: Browser, maija: Person
) -> None:
    agent = client_as("agent")
    add = f"{desk('marketingchoice')}add/?person={maija.public_id}"

    sent = {**form_on(agent, add), "channel": "email", "choice": "permitted", "source": "call"}
    answer = agent.post(add, sent)

    assert answer.status_code == 200
    assert "A permission is given on a wording" in text_of(answer)
    assert stored(MarketingChoice, person=maija) == []
    wording = Wording.objects.create(name="direct-marketing", version=1, language="fi", text="Saa.")
    Wording.objects.create(name="survey", version=1, language="fi", text="Suostun.")
    page = text_of(agent.get(add))
    offered = [
        text for text in ("direct-marketing 1 fi", "IT support", "survey 1 fi") if text in page
    ]
    assert offered == ["direct-marketing 1 fi", "IT support"]
    assert agent.post(add, {**sent, "wording": str(wording.pk)}).status_code == 302
    assert [one.wording_id for one in stored(MarketingChoice, person=maija)] == [wording.pk]


def test_a_notice_is_of_her_own_detail(
    client_as: Browser, staff: Callable[[str], User], maija: Person, trail: Trail
) -> None:
    agent = client_as("agent")
    stranger = a_person(emails=["vieras@example.com"])
    [_phone, hers] = stored(ContactPoint, person=maija)
    [theirs] = stored(ContactPoint, person=stranger)
    add = f"{desk('collectionnotice')}add/?person={maija.public_id}"
    form = {**form_on(agent, add), "opt_out_offered": "on"}
    before = trail.last_id()

    refused = agent.post(add, {**form, "contact_point": str(theirs.public_id)})
    answer = agent.post(add, {**form, "contact_point": str(hers.public_id)})

    assert (refused.status_code, answer.status_code) == (200, 302)
    [notice] = stored(CollectionNotice)
    assert (notice.person_id, notice.contact_point_id) == (maija.pk, hers.pk)
    assert (notice.opt_out_offered, notice.recorded_by) == (True, staff("agent"))
    assert trail.subjects(id__gt=before, action=Action.CREATE) == {maija.public_id}


@pytest.mark.parametrize(("role", "may_end"), [("agent", False), ("registrar", True)])
def test_a_duty_is_added_and_ended_by_who_may(
    client_as: Browser, maija: Person, trail: Trail, role: str, may_end: bool
) -> None:
    held = a_contact_person(maija, a_company())
    client = client_as(role)
    add = f"{desk('workduty')}add/?contactperson={held.public_id}"

    sent = {**form_on(client, add), "product_group": "support", "evidence": "Kertoi itse."}
    added = client.post(add, sent)
    [duty] = stored(WorkDuty)
    ended = client.post(f"{desk('workduty')}{duty.public_id}/end/")

    assert added.status_code == 302
    assert ended.status_code == (302 if may_end else 403)
    [duty] = stored(WorkDuty)
    assert (duty.ended_on is not None) == may_end
    actions = trail.actions(subject=maija.public_id, content_type__model="workduty")
    assert [one for one in actions if one != "access"] == ["create", *["update"] * may_end]


def test_nobody_adds_a_duty_or_permission_of_a_restricted_person(
    client_as: Browser, maija: Person
) -> None:
    held = a_contact_person(maija, a_company())
    restricted(maija)
    registrar = client_as("registrar")
    add = f"{desk('workduty')}add/?contactperson={held.public_id}"

    answer = registrar.post(
        add, {**form_on(registrar, add), "product_group": "support", "evidence": "Kertoi."}
    )

    assert answer.status_code != 302
    assert stored(WorkDuty) == []


def test_a_consent_is_withdrawn_by_the_registrar_alone_and_its_answers_go(
    client_as: Browser, maija: Person, trail: Trail
) -> None:
    public_id = a_record("consents.consent", maija)
    step = f"{desk('consent')}{public_id}/withdraw/"

    assert client_as("agent").post(step).status_code == 403
    assert stored(Consent)[0].withdrawn_at is None
    for _twice in range(2):
        assert client_as("registrar").post(step).status_code == 302

    assert stored(Consent)[0].withdrawn_at is not None
    changed = trail.rows(subject=maija.public_id, action=Action.UPDATE)
    assert [row["object_id"] for row in changed] == [stored(Consent)[0].pk]


def test_a_wording_is_added_in_versions(client_as: Browser) -> None:
    marketer, add = client_as("marketer"), f"{desk('wording')}add/"
    sent = {"name": "direct-marketing", "version": "1", "language": "fi", "text": "Saatte."}

    first = marketer.post(add, {**form_on(marketer, add), **sent})
    same = marketer.post(add, {**form_on(marketer, add), **sent, "text": "Muuta."})
    next_one = marketer.post(add, {**form_on(marketer, add), **sent, "version": "2"})

    assert (first.status_code, same.status_code, next_one.status_code) == (302, 200, 302)
    assert [(one.version, one.text) for one in stored(Wording)] == [(1, "Saatte."), (2, "Saatte.")]


# --- surveys --------------------------------------------------------------------------------------

TITLES = {"title_fi": "Kysely", "title_sv": "Enkät", "title_en": "Survey"}


def a_survey() -> Survey:
    closes_on = timezone.localdate() + timedelta(days=9)
    return Survey.objects.create(topic="Palvelu", closes_on=closes_on, **TITLES)


def test_a_survey_and_its_questions_are_made_on_the_desk(client_as: Browser) -> None:
    marketer, add = client_as("marketer"), f"{desk('survey')}add/"
    closes_on = timezone.localdate() + timedelta(days=9)

    sent = {"topic": "Palvelu", "closes_on": str(closes_on), **TITLES}
    made = marketer.post(add, {**form_on(marketer, add), **sent})
    assert made.status_code == 302, text_of(made)
    [survey] = stored(Survey)
    assert (survey.topic, survey.closes_on, survey.title_sv) == ("Palvelu", closes_on, "Enkät")

    texts = {"text_fi": "Miten meni?", "text_sv": "Hur gick det?", "text_en": "How was it?"}
    add = f"{desk('surveyquestion')}add/?survey={survey.public_id}"
    for place, status in (("1", 302), ("1", 200), ("6", 200), ("2", 302)):
        question = {**form_on(marketer, add), "place": place, "kind": "scale", **texts}
        question["survey"] = str(survey.pk)
        assert marketer.post(add, question).status_code == status, place
    assert [one.place for one in stored(SurveyQuestion, survey=survey)] == [1, 2]


def test_who_saves_a_survey_second_sees_both_and_loses_nothing(client_as: Browser) -> None:
    survey = a_survey()
    url = page_of("survey", survey.public_id)
    marketer, registrar = client_as("marketer"), client_as("registrar")
    hers, theirs = form_on(marketer, url), form_on(registrar, url)
    assert registrar.post(url, {**theirs, "title_fi": "Heidän"}).status_code == 302

    conflict = marketer.post(url, {**hers, "title_fi": "Hänen", "title_en": "Hers"})

    assert conflict.status_code == 409
    assert "Heidän" in text_of(conflict)
    [kept] = stored(Survey)
    assert (kept.title_fi, kept.title_en) == ("Heidän", "Survey")
    assert marketer.post(url, form_in(conflict)).status_code == 302
    [kept] = stored(Survey)
    assert (kept.title_fi, kept.title_sv, kept.title_en) == ("Hänen", "Enkät", "Hers")


def test_who_saves_a_question_second_sees_both(client_as: Browser) -> None:
    texts = {"text_fi": "Miten meni?", "text_sv": "Hur gick det?", "text_en": "How was it?"}
    question = SurveyQuestion.objects.create(survey=a_survey(), place=1, kind="text", **texts)
    url = page_of("surveyquestion", question.public_id)
    marketer, registrar = client_as("marketer"), client_as("registrar")
    hers, theirs = form_on(marketer, url), form_on(registrar, url)
    registrar.post(url, {**theirs, "text_fi": "Miten onnistuimme?"})

    conflict = marketer.post(url, {**hers, "text_fi": "Kuinka kävi?"})

    assert conflict.status_code == 409
    assert "Miten onnistuimme?" in text_of(conflict)
    assert stored(SurveyQuestion)[0].text_fi == "Miten onnistuimme?"


@pytest.mark.parametrize("role", ["agent", "account_manager"])
def test_who_only_reads_surveys_changes_none(client_as: Browser, role: str) -> None:
    survey = a_survey()
    url = page_of("survey", survey.public_id)
    form = form_on(client_as("marketer"), url)

    answer = client_as(role).post(url, {**form, "title_fi": "Muu"})

    assert answer.status_code in (200, 403)
    assert stored(Survey)[0].title_fi == "Kysely"


def test_surveys_and_wordings_are_about_nobody_in_the_log(client_as: Browser, trail: Trail) -> None:
    survey = a_survey()
    before = trail.last_id()

    client_as("marketer").get(page_of("survey", survey.public_id))
    client_as("marketer").get(desk("surveyquestion"))

    assert trail.subjects(id__gt=before) == set()
