"""The pages of requests: lists, the case, its steps, and who sees what."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.context import AccessPurpose, access_context
from customers.models import Person
from privacy.letters import Template
from privacy.models import RequestNote, StateChange, SubjectRequest
from privacy.services import ask_identity, assign, identify
from privacy.states import State
from privacy.steps import STEPS
from tests.builders import a_person, restricted
from tests.log import Trail
from tests.request_builders import a_request, a_sent_letter, all_decided, the_registrar

pytestmark = pytest.mark.django_db

Browser = Callable[[str], Client]


@pytest.fixture
def aino() -> Person:
    return a_person("Aino", "Mallikas", phones=["040 000 1234"])


def working() -> Any:
    return access_context(job="test", purpose=AccessPurpose.SUBJECT_REQUEST)


def now(request: SubjectRequest) -> SubjectRequest:
    with working():
        return SubjectRequest.objects.select_related("person").get(pk=request.pk)


def form_of(client: Client, address: str) -> dict[str, Any]:
    """What the page's form would send as it is."""
    form = client.get(address).context["form"]
    return {
        name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()
    }


def numbers(response: Any) -> list[str]:
    return [row.case.number for row in response.context["rows"]]


# --- the lists ------------------------------------------------------------------------------------


def test_open_requests_come_by_their_due_date(client_as: Browser, aino: Person) -> None:
    today = timezone.localdate()
    late = a_request(aino, received_on=today - timedelta(days=60))
    fresh, soon = a_request(aino), a_request(aino, received_on=today - timedelta(days=27))
    done = a_request(aino, State.ANSWERED)

    response = client_as("registrar").get("/requests/")

    assert numbers(response) == [late.number, soon.number, fresh.number]
    left = [row.left.tone for row in response.context["rows"]]
    assert left == ["danger", "danger", "good"]
    assert numbers(client_as("registrar").get("/requests/?show=done")) == [done.number]


def test_a_list_is_narrowed_by_kind_state_and_handler(client_as: Browser, aino: Person) -> None:
    client = client_as("registrar")
    by = User.objects.get(username="registrar")
    access = a_request(aino, State.IN_PROGRESS)
    objection = a_request(aino, kind=SubjectRequest.Kind.OBJECTION)
    with working():
        assign(request=access, handler=by, by=by)

    def found(query: str) -> list[str]:
        return numbers(client.get(f"/requests/?{query}"))

    assert found("kind=objection") == [objection.number]
    assert found("state=in_progress") == [access.number]
    assert found("handler=mine") == [access.number]
    assert found("handler=nobody") == [objection.number]
    assert found(f"handler={by.pk}&kind=access") == [access.number]


@pytest.mark.parametrize(
    "query",
    ["kind=x", "state=%00", "handler=-1", "handler=x", "page=0", "page=99999999999", "show=%00"],
)
def test_rubbish_narrows_nothing(client_as: Browser, aino: Person, query: str) -> None:
    a_request(aino)
    assert client_as("registrar").get(f"/requests/?{query}").status_code == 200


@pytest.mark.parametrize("before", ["\0", "x~y", "9999-12-31~-1", "2026-01-01~99999999999999999"])
def test_any_position_is_answered(client_as: Browser, aino: Person, before: str) -> None:
    a_request(aino, State.ANSWERED)
    asked = {"show": "done", "before": before}
    assert client_as("registrar").get("/requests/", asked).status_code == 200


def test_answered_requests_have_pages_and_each_comes_once(
    client_as: Browser, aino: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("privacy.request_views.ROWS_PER_PAGE", 2)
    made = {a_request(aino, State.ANSWERED).number for _number in range(5)}
    client, seen, before = client_as("registrar"), list[str](), ""
    for _page in range(3):
        response = client.get("/requests/", {"show": "done", "before": before})
        seen += numbers(response)
        before = response.context["older"].older

    assert len(seen) == 5
    assert set(seen) == made
    assert before == ""


@pytest.mark.parametrize("month", ["", "2026-04", "x", "0000-00", "9999-12", "%00"])
def test_a_month_is_shown_whatever_is_asked(client_as: Browser, aino: Person, month: str) -> None:
    assert client_as("registrar").get(f"/requests/month/?month={month}").status_code == 200


def test_the_month_shows_what_is_due_on_its_day(client_as: Browser, aino: Person) -> None:
    request = a_request(aino)
    response = client_as("registrar").get(f"/requests/month/?month={request.due_on:%Y-%m}")
    cases = {
        case.number: day.date
        for week in response.context["sheet"]
        for day in week
        for case in day.cases
    }
    assert cases == {request.number: request.due_on}
    assert "Mallikas" not in response.content.decode()


def test_what_is_paused_has_the_same_due_date_everywhere(client_as: Browser, aino: Person) -> None:
    client, by = client_as("registrar"), the_registrar()
    received = timezone.localdate() - timedelta(days=20)
    request = a_request(aino, received_on=received)
    with working():
        ask_identity(request=request, doubt="epäselvä", by=by, asked_on=received)
    due = client.get(f"/requests/{request.public_id}/").context["due"]
    assert due > request.due_on

    [row] = client.get("/requests/").context["rows"]
    assert row.due_on == due
    month = client.get(f"/requests/month/?month={due:%Y-%m}")
    days = [day.date for week in month.context["sheet"] for day in week if day.cases]
    assert days == [due]
    assert "Määräaika on pysäytetty" in month.content.decode()


# --- the case -------------------------------------------------------------------------------------


def test_the_reckoning_leads_past_easter(client_as: Browser, aino: Person) -> None:
    request = a_request(aino, received_on=date(2026, 3, 5))
    page = client_as("registrar").get(f"/requests/{request.public_id}/").content.decode()

    for said in (
        "5.4.2026 (sunnuntai, pääsiäispäivä)",
        "6.4.2026 (maanantai, toinen pääsiäispäivä)",
        "7.4.2026 (tiistai)",
    ):
        assert said in page


def test_the_reckoning_tells_of_pauses_and_the_extension(client_as: Browser, aino: Person) -> None:
    from privacy.services import go_on

    by, received = the_registrar(), timezone.localdate() - timedelta(days=20)
    request = a_request(aino, received_on=received)
    with working():
        request = ask_identity(request=request, doubt="x", by=by, asked_on=received)
    client = client_as("registrar")
    response = client.get(f"/requests/{request.public_id}/")
    assert len(response.context["reckoned"]) >= 2
    assert response.context["due"] > request.first_due_on

    with working():
        go_on(request=request, by=by, answered_on=received + timedelta(days=4))
    reckoned = client.get(f"/requests/{request.public_id}/").context["reckoned"]
    assert any(" 4 " in sentence for sentence in reckoned)


def test_a_look_at_a_case_is_recorded_with_its_purpose(
    client_as: Browser, trail: Trail, aino: Person
) -> None:
    request = a_request(aino)
    client_as("registrar").get(f"/requests/{request.public_id}/")

    rows = [row for row in trail.last_request() if row["subject"] == aino.public_id]
    assert {row["purpose"] for row in rows} == {"subject_request"}
    assert "rights" in {category for row in rows for category in row["categories"]}


def test_a_case_is_shown_in_a_constant_number_of_queries(
    client_as: Browser, aino: Person, django_assert_max_num_queries: Any
) -> None:
    from privacy.services import add_note, add_task

    by, request = the_registrar(), a_request(aino)
    client, address = client_as("registrar"), f"/requests/{request.public_id}/"
    client.get(address)
    with working():
        for number in range(12):
            add_note(request=request, public_id=uuid4(), text=f"{number}", by=by)
            add_task(request=request, public_id=uuid4(), what=f"{number}", due_on=None, by=by)
    with django_assert_max_num_queries(45):
        client.get(address)


def test_a_restriction_is_said(client_as: Browser, aino: Person) -> None:
    request = a_request(aino)
    client = client_as("registrar")
    assert not client.get(f"/requests/{request.public_id}/").context["is_restricted"]
    restricted(aino)
    assert client.get(f"/requests/{request.public_id}/").context["is_restricted"]


# --- steps ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", State)
def test_only_steps_that_can_be_taken_are_offered(
    client_as: Browser, aino: Person, state: State
) -> None:
    request = a_request(aino, state)
    client, address = client_as("registrar"), f"/requests/{request.public_id}/"
    offered = {step.name for step, _is_next in client.get(address).context["steps"]}

    for step in STEPS:
        form = client.get(f"{address}{step.name}/").context["form"]
        assert (form is not None) == (step.name in offered), step.name
    assert offered == OFFERED[state]


def test_an_answer_is_the_next_step_once_nothing_is_lacking(
    client_as: Browser, aino: Person
) -> None:
    client = client_as("registrar")
    unknown = a_request(None, State.IN_PROGRESS)
    asks = a_request(aino, State.IN_PROGRESS)  # her package is not made yet
    told = a_request(None, State.IN_PROGRESS)
    a_sent_letter(told, Template.NOTHING_HELD)
    for request, expected in ((unknown, []), (told, ["answer"]), (asks, [])):
        steps = client.get(f"/requests/{request.public_id}/").context["steps"]
        assert [step.name for step, is_next in steps if is_next] == expected


def test_a_refusal_is_decided_told_and_noted(client_as: Browser, aino: Person) -> None:
    client, request = client_as("registrar"), a_request(aino, State.IN_PROGRESS)
    address = f"/requests/{request.public_id}/"

    def take(step: str, **values: str) -> int:
        page = f"{address}{step}/"
        return client.post(page, {**form_of(client, page), **values}).status_code

    assert take("refuse", ground="unfounded", reasons="Kolmas kerta.") == 302
    offered = {step.name: is_next for step, is_next in client.get(address).context["steps"]}
    assert "answer" not in offered
    assert offered["refused"] is False
    assert take("refused") == 422
    assert take("take-back-refusal") == 302
    assert take("refuse-partly", ground="exempt", reasons="Toisen tietoja.") == 302
    assert take("refuse", ground="unfounded", reasons="Kolmas kerta.") == 302
    a_sent_letter(now(request), Template.REFUSAL)
    offered = {step.name: is_next for step, is_next in client.get(address).context["steps"]}
    assert offered["refused"] is True
    assert take("refused") == 302
    assert now(request).state == State.REFUSED


def test_what_was_noted_is_corrected_and_withdrawn_through_the_pages(
    client_as: Browser, aino: Person
) -> None:
    client, request = client_as("registrar"), a_request(aino)
    address = f"/requests/{request.public_id}/"
    values = form_of(client, f"{address}correct/")
    assert values["answer_to"] == request.answer_to
    wrong = client.post(f"{address}correct/", {**values, "representative": "Asianajaja Oy"})
    assert wrong.status_code == 422
    right = client.post(f"{address}correct/", {**values, "answer_to": "aino@example.org"})
    assert right.status_code == 302
    assert client.post(f"{address}correct/", values).status_code == 409
    page = client.get(address).content.decode()
    assert "aino@example.org" in page
    assert "Mallitie 1" not in page

    values = form_of(client, f"{address}withdraw/")
    assert client.post(f"{address}withdraw/", values).status_code == 422
    assert client.post(f"{address}withdraw/", {**values, "how": "Soitti"}).status_code == 302
    assert now(request).state == State.WITHDRAWN
    assert "Soitti" in client.get(address).content.decode()


OPEN_STEPS = ("refuse", "withdraw", "correct", "assign")
OFFERED = {
    State.RECEIVED: {"whose", "identify", "ask-identity", "start", *OPEN_STEPS},
    State.IDENTIFYING: {"whose", "identify", "go-on", *OPEN_STEPS},
    State.IN_PROGRESS: {"extend", "answer", "refuse-partly", *OPEN_STEPS},
    State.EXTENDED: {"answer", "refuse-partly", *OPEN_STEPS},
    State.ANSWERED: {"close", "correct", "assign"},
    State.PARTLY_REFUSED: {"close", "correct", "assign"},
    State.REFUSED: {"close", "correct", "assign"},
    State.WITHDRAWN: {"close", "correct", "assign"},
    State.CLOSED: set(),
}


def test_a_request_goes_its_way_through_the_pages(client_as: Browser, aino: Person) -> None:
    client = client_as("registrar")
    request = a_request(None)
    address = f"/requests/{request.public_id}/"
    ways: list[tuple[str, dict[str, Any]]] = [
        ("whose", {"person": str(aino.public_id)}),
        ("ask-identity", {"doubt": "Outo osoite"}),
        ("go-on", {"reason": "Vastasi"}),
        ("identify", {"method": "call_back"}),
        ("extend", {"reason": "Paljon tallenteita"}),
        ("answer", {}),
        ("close", {}),
    ]
    for step, values in ways:
        if step == "answer":
            all_decided(now(request))
            a_sent_letter(now(request), Template.EXTENSION)
        response = client.post(
            f"{address}{step}/", {**form_of(client, f"{address}{step}/"), **values}
        )
        assert response.status_code == 302, (
            step,
            response.context and response.context["form"].errors,
        )

    with working():
        request = SubjectRequest.objects.get(pk=request.pk)
        steps = StateChange.objects.filter(request=request).order_by("id")
        assert [step.to_state for step in steps] == [
            *("received", "identifying", "in_progress", "extended", "answered", "closed")
        ]
    assert request.person_id == aino.pk


def test_the_second_registrar_sees_a_conflict_and_loses_nothing(
    client_as: Browser, aino: Person
) -> None:
    client, request = client_as("registrar"), a_request(aino)
    address = f"/requests/{request.public_id}/refuse/"
    form = form_of(client, address)
    with working():
        identify(request=request, method="call_back", by=the_registrar("other"))

    values = {**form, "ground": "unfounded", "reasons": "Kolmas kerta"}
    response = client.post(address, values)

    assert response.status_code == 409
    assert response.context["form"]["reasons"].value() == "Kolmas kerta"
    assert response.context["is_conflict"]
    again = {**values, "seen_at": response.context["form"]["seen_at"].value()}
    assert client.post(address, again).status_code == 302


def test_a_step_that_somebody_else_took_is_not_taken_again(
    client_as: Browser, aino: Person
) -> None:
    client, request = client_as("registrar"), a_request(aino)
    address = f"/requests/{request.public_id}/identify/"
    form = form_of(client, address)
    with working():
        identify(request=request, method="call_back", by=the_registrar("other"))

    response = client.post(address, {**form, "method": "id_document"})

    assert response.status_code == 409
    assert response.context["form"] is None
    with working():
        assert SubjectRequest.objects.get(pk=request.pk).identified_by == "call_back"


def test_what_is_wrong_comes_back_at_its_field(client_as: Browser, aino: Person) -> None:
    client, request = client_as("registrar"), a_request(aino)
    address = f"/requests/{request.public_id}/"
    for step, values, field in [
        ("whose", {"person": str(uuid4())}, "person"),
        ("ask-identity", {"doubt": "x", "asked_on": "2999-01-01"}, "asked_on"),
        ("refuse", {"ground": "", "reasons": "x"}, "ground"),
        ("refuse", {"ground": "unfounded", "reasons": "131052-308T"}, "reasons"),
    ]:
        response = client.post(
            f"{address}{step}/", {**form_of(client, f"{address}{step}/"), **values}
        )
        assert response.status_code == 422
        assert field in response.context["form"].errors


# --- noting a new one -----------------------------------------------------------------------------


def asked(client: Client, **more: Any) -> dict[str, Any]:
    return {
        **form_of(client, "/requests/new/"),
        "kind": "access",
        "channel": "phone",
        "requester_name": "Aino Mallikas",
        "answer_to": "aino@example.org",
        "language": "sv",
        **more,
    }


@pytest.mark.parametrize("role", ["agent", "account_manager"])
def test_who_is_no_registrar_sees_the_number_and_nothing_else(
    client_as: Browser, aino: Person, role: str
) -> None:
    client = client_as(role)
    response = client.post("/requests/new/", asked(client, person=str(aino.public_id)), follow=True)

    assert response.redirect_chain == [("/requests/new/", 302)]
    page = response.content.decode()
    assert "TP1" in page
    assert "Mallikas" not in page
    with working():
        request = SubjectRequest.objects.get()
    assert request.person_id == aino.pk
    assert client.get(f"/requests/{request.public_id}/").status_code == 403


def test_a_registrar_comes_to_the_case(client_as: Browser, aino: Person) -> None:
    client = client_as("registrar")
    response = client.post("/requests/new/", asked(client))
    with working():
        request = SubjectRequest.objects.get()
    assert response.headers["Location"] == f"/requests/{request.public_id}/"


def test_the_same_form_sent_twenty_times_makes_one(client_as: Browser) -> None:
    client = client_as("registrar")
    form = asked(client)
    for _time in range(20):
        assert client.post("/requests/new/", form).status_code == 302
    assert client.post("/requests/new/", {**form, "kind": "erasure"}).status_code == 409
    with working():
        assert SubjectRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"received_on": "2999-01-01"}, "received_on"),
        ({"received_on": "x"}, "received_on"),
        ({"requester_name": ""}, "requester_name"),
        ({"requester_name": "x\0y"}, "requester_name"),
        ({"representative": "Asianajaja"}, "authorisation"),
        ({"authorisation": "Valtakirja"}, "representative"),
        ({"scope": "131052-308T"}, "scope"),
        ({"person": "nobody"}, "person"),
        ({"person": "00000000-0000-4000-8000-000000000000"}, "person"),
    ],
)
def test_a_form_that_will_not_do_comes_back(
    client_as: Browser, values: dict[str, Any], field: str
) -> None:
    client = client_as("agent")
    response = client.post("/requests/new/", asked(client, **values))
    assert response.status_code == 422
    assert field in response.context["form"].errors


def test_a_person_is_found_by_post_alone_and_the_search_is_recorded(
    client_as: Browser, trail: Trail, aino: Person
) -> None:
    client = client_as("agent")
    found = client.post("/requests/person/", {"term": "mallikas"}).content.decode()

    assert str(aino.public_id) in found
    assert {"search", "access"} <= set(trail.actions(route="requests/person/"))
    assert client.get("/requests/person/?term=mallikas").status_code == 405
    for rubbish in ("", "x", "\0", "y" * 5000, "nobody at all"):
        assert client.post("/requests/person/", {"term": rubbish}).status_code == 200


def test_finding_persons_counts_as_the_lookup_does(
    client_as: Browser, aino: Person, settings: Any
) -> None:
    settings.LOOKUP_PERSONS_PER_10_MIN = 1
    client = client_as("agent")
    assert client.post("/requests/person/", {"term": "mallikas"}).status_code == 200
    assert client.post("/requests/person/", {"term": "mallikas"}).status_code == 429
    assert client.post("/lookup/", {"q": "mallikas"}).status_code == 429


# --- the file -------------------------------------------------------------------------------------


def test_notes_and_tasks_are_put_into_the_file(client_as: Browser, aino: Person) -> None:
    client, request = client_as("registrar"), a_request(aino)
    address = f"/requests/{request.public_id}/"
    key = str(uuid4())
    note = {"public_id": key, "text": "Soitettu"}
    for _time in range(3):
        assert client.post(f"{address}notes/", note).status_code == 302
    assert client.post(f"{address}notes/", {**note, "text": "Muuta"}).status_code == 409
    assert client.post(f"{address}notes/", {"public_id": key, "text": ""}).status_code == 422
    with working():
        assert RequestNote.objects.filter(request=request).count() == 1

    task = {"public_id": str(uuid4()), "what": "Soita", "due_on": "2026-12-01"}
    assert client.post(f"{address}tasks/", task).status_code == 302
    page = client.get(address)
    [one] = page.context["tasks"]
    assert client.post(f"{address}tasks/{one.public_id}/done/").status_code == 302
    [one] = client.get(address).context["tasks"]
    assert one.done_at is not None


def test_a_letter_is_written_read_and_noted_as_sent(client_as: Browser, aino: Person) -> None:
    client, request = client_as("registrar"), a_request(aino)
    address = f"/requests/{request.public_id}/"
    form = {"public_id": str(uuid4()), "template": "receipt", "words": "Kiitos kirjeestä."}

    assert client.post(f"{address}letters/", {**form, "template": "refusal"}).status_code == 422
    for _time in range(2):
        assert client.post(f"{address}letters/", form).status_code == 302
    [letter] = client.get(address).context["letters"]
    at = f"{address}letters/{letter.public_id}/"
    assert client.post(at).content.startswith(b"%PDF-")
    assert client.post(f"{at}sent/", {"sent_on": "x"}).status_code == 302
    assert (
        client.post(f"{at}sent/", {"sent_on": timezone.localdate().isoformat()}).status_code == 302
    )
    client.post(f"{at}throw-away/")
    [letter] = client.get(address).context["letters"]
    assert (letter.sent_on, letter.destroyed_at) == (timezone.localdate(), None)
