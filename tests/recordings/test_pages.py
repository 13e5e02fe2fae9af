"""Finding recordings and messages, what each role sees of them, and what is done with them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.roles import permissions_of
from audit.context import AccessPurpose, access_context
from customers.models import Person
from recordings.models import (
    DestroyedBy,
    Quarantine,
    Reassignment,
    Recording,
    RecordingHold,
    StoredMessage,
)
from recordings.services import destroy
from tests.builders import a_person, an_interaction
from tests.desk import form_on, text_of
from tests.log import Trail
from tests.recording_builders import a_message, a_quarantined_recording, a_recording

pytestmark = pytest.mark.django_db

Browser = Callable[[str], Client]


@pytest.fixture
def aino() -> Person:
    return a_person("Aino", "Mallikas", phones=["040 000 1234"])


@pytest.fixture
def eero() -> Person:
    return a_person("Eero", "Esimerkki")


def rows_in(response: Any) -> int:
    return int(response.content.decode().partition("<tbody>")[2].count("<tr"))


def now(record: Any) -> Any:
    with access_context(job="reader", purpose=AccessPurpose.UPKEEP):
        return type(record).objects.get(pk=record.pk)


def concerned_by(record: Recording) -> set[int]:
    with access_context(job="reader", purpose=AccessPurpose.UPKEEP):
        return set(now(record).concerns.values_list("person", flat=True))


# --- the card -------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["agent", "account_manager"])
def test_an_agent_sees_that_a_recording_exists_and_no_way_to_hear_it(
    client_as: Browser, trail: Trail, aino: Person, role: str
) -> None:
    recording, message = a_recording(aino, duration=245), a_message(aino)

    response = client_as(role).get(f"/persons/{aino.public_id}/recordings/")

    page = response.content.decode()
    assert "4:05" in page
    assert "+358201640200" in page
    for record in (recording, message):
        assert str(record.public_id) not in page
    (row,) = [r for r in trail.last_request() if r["subject"] == aino.public_id]
    assert "recordings" in row["categories"]


def test_the_panel_is_not_for_every_role(client_as: Browser, aino: Person) -> None:
    a_recording(aino)
    billing = client_as("billing")

    assert billing.get(f"/persons/{aino.public_id}/recordings/").status_code == 403
    assert b"/recordings/" not in billing.get(f"/persons/{aino.public_id}/").content


def test_the_panel_has_pages_of_recordings_and_messages_on_one_line(
    client_as: Browser, aino: Person
) -> None:
    for hours in range(1, 21):
        when = timezone.now() - timedelta(hours=hours)
        if hours % 2:
            a_recording(aino, started_at=when)
        else:
            a_message(aino, sent_at=when)
    reviewer = client_as("recording_reviewer")

    first = reviewer.get(f"/persons/{aino.public_id}/recordings/")
    older = first.context["older"]
    second = reviewer.get(f"/persons/{aino.public_id}/recordings/", {"before": older})

    shown = [*first.context["recordings"], *second.context["recordings"]]
    seen = [one.record for one in shown]
    assert (len(first.context["recordings"]), len(seen), len(set(seen))) == (15, 20, 20)
    assert [one.at for one in shown] == sorted((one.at for one in shown), reverse=True)


def test_the_history_tells_of_them(client_as: Browser, trail: Trail, aino: Person) -> None:
    a_recording(aino, duration=61)
    a_message(aino)

    page = text_of(client_as("agent").get(f"/persons/{aino.public_id}/history/"))

    assert "1:01" in page
    assert page.count("+358201640200") == 1
    billing = text_of(client_as("billing").get(f"/persons/{aino.public_id}/history/"))
    assert "1:01" not in billing


def test_the_history_says_no_last_day_that_is_not_one(client_as: Browser, aino: Person) -> None:
    today = timezone.localdate()
    a_recording(aino, due_on=today + timedelta(days=9))
    a_recording(aino, due_on=today)  # held, or it would be gone
    a_quarantined_recording(aino, due_on=today + timedelta(days=90))

    page = text_of(client_as("agent").get(f"/persons/{aino.public_id}/history/"))

    assert page.count("säilytetään") == 1


# --- the lists ------------------------------------------------------------------------------------


def test_recordings_are_found_by_number_time_and_agent_never_in_an_address(
    client_as: Browser, staff: Callable[..., Any], trail: Trail, aino: Person
) -> None:
    agent = staff("agent")
    long_ago = timezone.now() - timedelta(days=60)
    a_recording(aino)
    a_recording(caller_number="+358400005678", handled_by=agent)
    a_recording(aino, started_at=long_ago)
    reviewer = client_as("recording_reviewer")

    def found(**asked: str) -> int:
        return rows_in(reviewer.post("/recordings/", asked))

    assert found() == 3
    assert found(number="040 000 5678") == 1
    assert found(number="040 000 1234") == 2
    assert found(agent=agent.username) == 1
    assert found(since=(timezone.localdate() - timedelta(days=7)).isoformat()) == 2
    assert found(until=(timezone.localdate() - timedelta(days=7)).isoformat()) == 1
    assert found(number="040 000 9999") == 0
    # A number in an address narrows nothing: it is not read from there.
    assert rows_in(reviewer.get("/recordings/", {"number": "040 000 9999"})) == 3
    assert "search" in trail.actions(route="recordings/")


@pytest.mark.parametrize(
    "asked",
    [
        {"number": "nobody"},
        {"since": "2026-02-30"},
        {"since": "2026-03-01", "until": "2026-02-01"},
        {"since": "0001-01-01"},
        {"person": "nobody"},
    ],
)
def test_rubbish_is_answered_with_a_sentence(client_as: Browser, asked: dict[str, str]) -> None:
    a_recording()
    response = client_as("registrar").post("/recordings/", asked)

    assert response.status_code == 422
    assert "<tbody>" not in response.content.decode()


@pytest.mark.parametrize("before", ["\0", "x", "9999-12-31T00:00:00+00:00~-1~99999999999999999999"])
def test_any_position_is_answered(client_as: Browser, before: str) -> None:
    a_recording()
    for path in ("/recordings/", "/recordings/messages/"):
        for show in ("", "due", "quarantine"):
            asked = {"before": before, "show": show}
            assert client_as("registrar").get(path, asked).status_code == 200


def test_a_list_has_pages_and_each_row_once(client_as: Browser, monkeypatch: Any) -> None:
    monkeypatch.setattr("recordings.list_views.ROWS_PER_PAGE", 2)
    started_at = timezone.now() - timedelta(days=1)
    made = {a_recording(started_at=started_at).pk for _number in range(5)}
    registrar = client_as("registrar")

    seen: list[int] = []
    before = ""
    for _page in range(3):
        response = registrar.post("/recordings/", {"before": before})
        seen += [one.record.pk for one in response.context["rows"]]
        before = response.context["older"]

    assert (len(seen), set(seen), before) == (5, made, "")


def test_what_is_due_soon_comes_first_and_what_is_held_is_left_out(
    client_as: Browser, staff: Callable[..., Any], aino: Person
) -> None:
    today = timezone.localdate()
    later = a_recording(aino, due_on=today + timedelta(days=9))
    sooner = a_recording(aino, due_on=today + timedelta(days=2))
    held = a_recording(aino, due_on=today + timedelta(days=1))
    a_recording(aino, due_on=today + timedelta(days=90))
    with access_context(job="builder", purpose=AccessPurpose.UPKEEP):
        RecordingHold.objects.create(recording=held, reason="Riita", placed_by=staff("registrar"))

    response = client_as("recording_reviewer").get("/recordings/", {"show": "due"})

    assert [one.record for one in response.context["rows"]] == [sooner, later]


def test_what_concerns_nobody_known_waits_to_be_assigned(client_as: Browser, aino: Person) -> None:
    a_recording(aino)
    unknown = a_recording()

    response = client_as("recording_reviewer").get("/recordings/", {"show": "unknown"})

    assert [one.record for one in response.context["rows"]] == [unknown]
    assert f"/admin/recordings/recording/{unknown.public_id}/correct/" in response.content.decode()


def test_quarantine_is_listed_to_the_registrar_with_its_reason(
    client_as: Browser, aino: Person
) -> None:
    a_recording(aino)
    bad = a_quarantined_recording(why=Quarantine.NO_RECORD)

    registrar = client_as("registrar").get("/recordings/", {"show": "quarantine"})
    reviewer = client_as("recording_reviewer").get("/recordings/", {"show": "quarantine"})

    assert [one.record for one in registrar.context["rows"]] == [bad]
    assert bad.get_quarantine_display() in text_of(registrar)
    assert len(reviewer.context["rows"]) == 2  # no such list for her: all are shown


def test_messages_are_found_by_address_person_and_contact(client_as: Browser, aino: Person) -> None:
    contact = an_interaction(aino)
    hers = a_message(aino, interaction=contact)
    a_message(sender="joku@posti.example", recipients=["toinen@praecom.example"])
    registrar = client_as("registrar")

    def found(method: str = "post", **asked: Any) -> list[Any]:
        response = getattr(registrar, method)("/recordings/messages/", asked)
        return [one.record for one in response.context["rows"]]

    assert len(found()) == 2
    assert found(address="Aino.Mallikas@posti.example") == [hers]
    assert found(address="asiakaspalvelu@praecom.example") == [hers]
    assert found(address="AsiakasPalvelu@Praecom.example") == [hers]
    assert found("get", person=aino.public_id) == [hers]
    assert found("get", contact=contact.public_id) == [hers]


def test_a_destroyed_recording_leaves_a_line_that_names_nobody(
    client_as: Browser, aino: Person
) -> None:
    recording = a_recording(aino, due_on=timezone.localdate())
    with access_context(job="test", purpose=AccessPurpose.RETENTION):
        destroy(recording, by=DestroyedBy.RETENTION)
    registrar = client_as("registrar")

    for page in ("/recordings/", f"/recordings/{recording.public_id}/"):
        text = text_of(registrar.get(page))
        assert "Mallikas" not in text
        assert now(recording).get_destroyed_by_display() in text


# --- the desk: holds, corrections, quarantine -----------------------------------------------------


def step(client: Client, record: Any, name: str, **typed: Any) -> Any:
    url = f"/admin/recordings/{record._meta.model_name}/{record.public_id}/{name}/"
    return client.post(url, {**form_on(client, url), **typed})


@pytest.mark.parametrize("make", [a_recording, a_message])
def test_a_recording_is_given_to_the_right_person(
    client_as: Browser, trail: Trail, aino: Person, eero: Person, make: Any
) -> None:
    record = make(aino)
    reviewer = client_as("recording_reviewer")
    given = {"taken_from": aino.public_id, "given_to": eero.public_id, "reason": "Soitti Eero"}

    assert step(reviewer, record, "correct", **given).status_code == 302

    assert concerned_by(record) == {eero.pk}
    (made,) = corrections()
    assert (made.taken_from_id, made.given_to_id) == (aino.pk, eero.pk)
    for person in (aino, eero):
        assert "create" in trail.actions(person.public_id, route__contains="correct")


def corrections() -> list[Reassignment]:
    with access_context(job="reader", purpose=AccessPurpose.UPKEEP):
        return list(Reassignment.objects.all())


def test_a_correction_says_whom_and_how_we_know(
    client_as: Browser, aino: Person, eero: Person
) -> None:
    recording = a_recording(aino)
    reviewer = client_as("recording_reviewer")

    nobody = step(reviewer, recording, "correct", reason="Väärä henkilö")
    no_reason = step(reviewer, recording, "correct", given_to=eero.public_id)
    code = step(
        reviewer, recording, "correct", given_to=eero.public_id, reason="Tunnus 131052-308T"
    )

    assert [one.status_code for one in (nobody, no_reason, code)] == [200, 200, 200]
    assert concerned_by(recording) == {aino.pk}
    assert corrections() == []


def test_a_hold_is_placed_given_another_day_and_released(client_as: Browser, aino: Person) -> None:
    recording = a_recording(aino, due_on=timezone.localdate())
    reviewer = client_as("recording_reviewer")
    until = timezone.localdate() + timedelta(days=30)

    assert step(reviewer, recording, "hold", reason="Kiista laskusta").status_code == 302
    with access_context(job="reader", purpose=AccessPurpose.UPKEEP):
        hold = RecordingHold.objects.get()
        assert not Recording.objects.due_on().exists()
    page = f"/admin/recordings/recordinghold/{hold.public_id}/change/"
    reviewer.post(page, {**form_on(reviewer, page), "until": until.isoformat()})
    assert now(hold).until == until
    reviewer.post(f"/admin/recordings/recordinghold/{hold.public_id}/release/")
    assert now(hold).released_by.username == "recording_reviewer"
    with access_context(job="reader", purpose=AccessPurpose.UPKEEP):
        assert Recording.objects.due_on().exists()


def test_a_hold_is_not_given_a_last_day_that_is_over(client_as: Browser, aino: Person) -> None:
    recording, reviewer = a_recording(aino), client_as("recording_reviewer")
    step(reviewer, recording, "hold", reason="Kiista laskusta")
    with access_context(job="reader", purpose=AccessPurpose.UPKEEP):
        hold = RecordingHold.objects.get()
    page = f"/admin/recordings/recordinghold/{hold.public_id}/change/"
    over = (timezone.localdate() - timedelta(days=1)).isoformat()

    response = reviewer.post(page, {**form_on(reviewer, page), "until": over})

    assert response.status_code == 200
    assert now(hold).until is None


@pytest.mark.parametrize(
    ("refused", "allowed", "right"),
    [("correct", "hold", "add_reassignment"), ("hold", "correct", "add_recordinghold")],
)
def test_each_step_has_the_right_to_what_it_makes(
    client_as: Browser,
    aino: Person,
    monkeypatch: pytest.MonkeyPatch,
    refused: str,
    allowed: str,
    right: str,
) -> None:
    def fewer(role: str) -> frozenset[str]:
        return permissions_of(role) - {f"recordings.{right}"}

    monkeypatch.setattr("accounts.backends.permissions_of", fewer)
    record, reviewer = a_recording(aino), client_as("recording_reviewer")
    desk = f"/admin/recordings/recording/{record.public_id}"
    given = {"given_to": str(a_person("Eero").public_id), "reason": "Syy tähän"}

    assert reviewer.get(f"{desk}/{refused}/").status_code == 403
    assert reviewer.post(f"{desk}/{refused}/", given).status_code == 403
    for page in (f"/recordings/{record.public_id}/", f"{desk}/change/"):
        shown = reviewer.get(page).content.decode()
        assert f"{desk}/{allowed}/" in shown
        assert f"{desk}/{refused}/" not in shown
    assert step(reviewer, record, allowed, **given).status_code == 302


@pytest.mark.parametrize("role", ["agent", "account_manager"])
def test_who_may_not_open_it_neither_holds_nor_corrects(
    client_as: Browser, aino: Person, role: str
) -> None:
    record = a_recording(aino)
    for name in ("hold", "correct", "put-right"):
        url = f"/admin/recordings/recording/{record.public_id}/{name}/"
        assert client_as(role).get(url).status_code == 403
        assert client_as(role).post(url, {"reason": "Syy tähän"}).status_code == 403


def call_record(**more: str) -> dict[str, str]:
    return {
        "caller_number": "040 000 1234",
        "line_number": "+358201640200",
        "started_at": "2026-01-02T10:00:00",
        "informed_at": "2026-01-02T09:59:50",
        **more,
    }


def test_the_registrar_puts_right_what_had_no_call_record(client_as: Browser, trail: Trail) -> None:
    recording = a_quarantined_recording(why=Quarantine.NO_RECORD)

    assert step(client_as("registrar"), recording, "put-right", **call_record()).status_code == 302

    put_right = now(recording)
    assert (put_right.quarantine, put_right.quarantined_at) == ("", None)
    assert put_right.caller_number == "+358400001234"
    assert put_right.due_on.isoformat() == "2026-07-02"


def test_putting_right_finds_the_caller_by_the_number_and_the_contact(
    client_as: Browser, staff: Callable[..., Any], trail: Trail, aino: Person
) -> None:
    agent = staff("agent")
    contact = an_interaction(aino, happened_at=datetime(2026, 1, 2, 8, 5, tzinfo=UTC))
    recording = a_quarantined_recording(why=Quarantine.NO_RECORD, handled_by=agent)

    step(client_as("registrar"), recording, "put-right", **call_record())

    put_right = now(recording)
    assert concerned_by(recording) == {aino.pk}
    assert put_right.interaction_id == contact.pk
    assert put_right.handled_by_id == agent.pk
    assert put_right.external_id == recording.external_id
    assert "create" in trail.actions(aino.public_id, route__contains="put-right")


def test_putting_right_takes_away_nothing_that_was_known(client_as: Browser, aino: Person) -> None:
    contact = an_interaction(aino)
    recording = a_quarantined_recording(aino, why=Quarantine.NO_RECORD, interaction=contact)

    step(client_as("registrar"), recording, "put-right", **call_record(caller_number=""))

    put_right = now(recording)
    assert (put_right.quarantine, put_right.interaction_id) == ("", contact.pk)
    assert concerned_by(recording) == {aino.pk}


def test_nobody_puts_right_what_was_recorded_without_notice(client_as: Browser) -> None:
    untold = a_quarantined_recording(why=Quarantine.NOT_INFORMED)
    late = a_quarantined_recording(why=Quarantine.NO_RECORD)
    registrar, reviewer = client_as("registrar"), client_as("recording_reviewer")

    step(registrar, untold, "put-right", **call_record())
    step(registrar, late, "put-right", **call_record(informed_at="2026-01-02T10:00:01"))
    step(registrar, late, "put-right", **call_record(started_at="2099-01-02T10:00:00"))
    step(reviewer, late, "put-right", **call_record())

    for one in (untold, late):
        assert now(one).quarantined_at is not None


def test_the_desk_finds_them_by_the_person(client_as: Browser, aino: Person) -> None:
    a_recording(aino, a_person("Toinen", "Mallikas"))
    a_recording()
    agent = client_as("agent")

    by_name = agent.post("/admin/recordings/recording/search/", {"q": "mallikas"}, follow=True)
    hers = agent.get("/admin/recordings/recording/", {"person": str(aino.public_id)})

    assert rows_in(by_name) == 1
    assert rows_in(hers) == 1


def test_a_reviewer_sees_numbers_covered(client_as: Browser, aino: Person) -> None:
    recording = a_recording(aino)
    reviewer, registrar = client_as("recording_reviewer"), client_as("registrar")

    for page in (
        "/recordings/",
        f"/recordings/{recording.public_id}/",
        f"/admin/recordings/recording/{recording.public_id}/change/",
    ):
        assert "400001234" not in reviewer.get(page).content.decode(), page
        assert "+358400001234" in registrar.get(page).content.decode(), page


def test_a_message_that_is_destroyed_is_not_opened(client_as: Browser, aino: Person) -> None:
    message: StoredMessage = a_message(aino)
    with access_context(job="test", purpose=AccessPurpose.RETENTION):
        destroy(message, by=DestroyedBy.ERASURE)

    url = f"/recordings/messages/{message.public_id}/"
    asked = {"purpose": "verification", "reason": "Tapaus 1234"}
    assert client_as("registrar").post(url, asked).status_code == 410
