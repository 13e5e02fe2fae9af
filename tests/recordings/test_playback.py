"""Playing: not a byte without right, reason and a link of one's own; any part of it, and right."""

import re
import time
from collections.abc import Callable
from html import unescape
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import User
from audit.context import AccessPurpose, access_context
from audit.log import Action
from customers.models import Person
from recordings.models import DestroyedBy, Quarantine, Recording, SealedFile
from recordings.playback import Span, asked_span
from recordings.services import destroy
from recordings.vault import CHUNK, HEADER, TAG, Tampered
from tests.builders import a_person, restricted
from tests.log import Trail
from tests.recording_builders import a_message, a_quarantined_recording, a_recording
from tests.recordings.stored import path_of

pytestmark = pytest.mark.django_db

Browser = Callable[[str], Client]
GOOD = {"purpose": "verification", "reason": "Tapaus 1234, tilauksen vahvistus"}
SOUND = bytes(number * 7 % 251 for number in range(2 * CHUNK + 4321))


@pytest.fixture
def aino() -> Person:
    return a_person("Aino", "Mallikas", phones=["040 000 1234"])


@pytest.fixture
def recording(aino: Person) -> Recording:
    return a_recording(aino, content=SOUND)


def page_of(recording: Recording) -> str:
    return f"/recordings/{recording.public_id}/"


def link_in(response: Any) -> str:
    """The address that the player plays from; empty where there is none."""
    found = re.search(r'<(?:audio|video) [^>]*src="([^"]+)"', response.content.decode())
    return unescape(found[1]) if found else ""


def play(client: Client, recording: Recording, **more: str) -> str:
    """Give a good reason, and get the link."""
    link = link_in(client.post(page_of(recording), {**GOOD, **more}))
    assert link.startswith(f"/recordings/{recording.public_id}/media?link=")
    return link


def body(response: Any) -> bytes:
    return b"".join(response) if response.streaming else response.content


def is_silent(response: Any) -> bool:
    """Whether not a byte of any sound is in the answer."""
    return response.status_code >= 400 and SOUND[:64] not in body(response)


# --- right, reason and log ------------------------------------------------------------------------


def test_a_reviewer_gives_a_reason_and_hears_it(
    client_as: Browser, trail: Trail, recording: Recording, aino: Person
) -> None:
    reviewer = client_as("recording_reviewer")
    assert link_in(reviewer.get(page_of(recording))) == ""
    assert "play" not in trail.actions()

    link = play(reviewer, recording)

    (row,) = trail.rows(action=int(Action.PLAY))
    assert row["subject"] == aino.public_id
    assert (row["purpose"], row["reason"]) == ("verification", GOOD["reason"])
    assert (row["object_id"], row["categories"]) == (recording.pk, ["recordings"])
    assert body(reviewer.get(link)) == SOUND
    assert len(trail.rows(action=int(Action.PLAY))) == 1


def test_everybody_whom_it_concerns_has_a_row(
    client_as: Browser, trail: Trail, aino: Person
) -> None:
    eero = a_person("Eero", "Esimerkki")
    play(client_as("registrar"), a_recording(aino, eero), purpose="subject_request")

    assert trail.subjects(action=int(Action.PLAY)) == {aino.public_id, eero.public_id}


def test_of_somebody_unknown_it_has_a_row_too(client_as: Browser, trail: Trail) -> None:
    recording = a_recording()
    play(client_as("registrar"), recording)

    (row,) = trail.rows(action=int(Action.PLAY))
    assert (row["subject"], row["object_id"]) == (None, recording.pk)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"purpose": "verification"},
        {"purpose": "verification", "reason": "   a   "},
        {"purpose": "verification", "reason": "x" * 201},
        {"purpose": "marketing", "reason": "Tapaus 1234"},
        {"purpose": "", "reason": "Tapaus 1234"},
        {"reason": "Tapaus 1234"},
        {"purpose": "verification", "reason": "Soittaja oli Mallikas."},
        {"purpose": "verification", "reason": "Kysyi aino.m@posti.example"},
        {"purpose": "verification", "reason": "Tunnus 131052-308T"},
    ],
)
def test_without_a_good_reason_there_is_no_link(
    client_as: Browser, trail: Trail, recording: Recording, given: dict[str, str]
) -> None:
    response = client_as("recording_reviewer").post(page_of(recording), given)

    assert (response.status_code, link_in(response)) == (422, "")
    assert "play" not in trail.actions()


@pytest.mark.parametrize(
    "role", ["agent", "account_manager", "billing", "marketer", "auditor", "admin", "outsider"]
)
def test_no_other_role_hears_anything(client_as: Browser, recording: Recording, role: str) -> None:
    link = play(client_as("recording_reviewer"), recording)
    other = client_as(role)

    assert other.get(page_of(recording)).status_code == 403
    assert other.post(page_of(recording), GOOD).status_code == 403
    assert is_silent(other.get(link))
    assert is_silent(other.get(f"{page_of(recording)}media"))
    assert Client().get(link).status_code == 302


def test_what_is_restricted_is_opened_for_her_own_request_alone(
    client_as: Browser, recording: Recording, aino: Person
) -> None:
    restricted(aino)
    registrar = client_as("registrar")

    assert registrar.post(page_of(recording), GOOD).status_code == 422
    assert play(registrar, recording, purpose="subject_request")


# --- links ----------------------------------------------------------------------------------------


def test_each_playing_has_its_own_reason(
    client_as: Browser, trail: Trail, recording: Recording
) -> None:
    reviewer = client_as("recording_reviewer")
    first, second = play(reviewer, recording), play(reviewer, recording)

    assert len(trail.rows(action=int(Action.PLAY))) == 2
    assert link_in(reviewer.get(page_of(recording))) == ""
    assert body(reviewer.get(first)) == body(reviewer.get(second)) == SOUND


def test_a_link_ends(
    client_as: Browser, recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    reviewer = client_as("recording_reviewer")
    link, given_at = play(reviewer, recording), time.time()
    holds = 10 * 60 + recording.duration

    monkeypatch.setattr(time, "time", lambda: given_at + holds - 5)
    assert body(reviewer.get(link)) == SOUND
    monkeypatch.setattr(time, "time", lambda: given_at + holds + 5)
    assert is_silent(reviewer.get(link))


def test_a_link_opens_nothing_in_another_session(client_as: Browser, recording: Recording) -> None:
    link = play(client_as("recording_reviewer"), recording)

    assert is_silent(client_as("recording_reviewer").get(link))  # hers too, but a new one
    assert is_silent(client_as("registrar").get(link))


def test_a_link_opens_no_other_recording(
    client_as: Browser, recording: Recording, aino: Person
) -> None:
    other = a_recording(aino, content=SOUND)
    reviewer = client_as("recording_reviewer")
    _, _, token = play(reviewer, recording).partition("?")

    assert is_silent(reviewer.get(f"{page_of(other)}media?{token}"))
    assert reviewer.get(f"/recordings/{uuid4()}/media?{token}").status_code == 404


@pytest.mark.parametrize(
    "spoil", [lambda t: "", lambda t: "x", lambda t: t[:-1], lambda t: t + "A"]
)
def test_a_guessed_link_opens_nothing(
    client_as: Browser, trail: Trail, recording: Recording, spoil: Callable[[str], str]
) -> None:
    reviewer = client_as("recording_reviewer")
    address, _, token = play(reviewer, recording).partition("?link=")

    assert is_silent(reviewer.get(address, {"link": spoil(token)}))
    assert trail.last_request()[-1]["action"] == Action.DENY


def test_a_role_that_was_lost_hears_nothing_more(
    client_as: Browser, staff: Callable[[str], User], recording: Recording
) -> None:
    reviewer = client_as("recording_reviewer")
    link = play(reviewer, recording)
    staff("recording_reviewer").groups.clear()

    assert is_silent(reviewer.get(link))


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none", "Sec-Fetch-Dest": "document"},
        {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "document"},
        {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "iframe"},
    ],
)
def test_nothing_but_our_own_player_gets_the_sound(
    client_as: Browser, recording: Recording, headers: dict[str, str]
) -> None:
    reviewer = client_as("recording_reviewer")

    assert is_silent(reviewer.get(play(reviewer, recording), headers=headers))


# --- what nobody hears ----------------------------------------------------------------------------


@pytest.mark.parametrize("why", Quarantine)
def test_what_is_in_quarantine_is_played_by_nobody(
    client_as: Browser, trail: Trail, aino: Person, why: Quarantine
) -> None:
    bad = a_quarantined_recording(aino, why=why, content=SOUND)
    for role in ("recording_reviewer", "registrar"):
        response = client_as(role).post(page_of(bad), GOOD)
        assert (response.status_code, link_in(response)) == (410, "")
        assert str(why.label) in unescape(response.content.decode())
    assert "play" not in trail.actions()


def test_what_goes_into_quarantine_or_is_destroyed_is_silent_at_once(
    client_as: Browser, aino: Person
) -> None:
    gone, locked_up = a_recording(aino, content=SOUND), a_recording(aino, content=SOUND)
    reviewer = client_as("recording_reviewer")
    links = play(reviewer, gone), play(reviewer, locked_up)
    with access_context(job="test", purpose=AccessPurpose.RETENTION):
        destroy(gone, by=DestroyedBy.ERASURE)
        locked_up.quarantined_at, locked_up.quarantine = timezone.now(), Quarantine.BAD_FILE
        locked_up.save()

    for link in links:
        assert is_silent(reviewer.get(link))
    page = reviewer.post(page_of(gone), GOOD)
    assert (page.status_code, link_in(page)) == (410, "")


def test_what_was_tampered_with_gives_not_a_byte_and_the_registrar_is_told(
    client_as: Browser, recording: Recording, vault: Any
) -> None:
    reviewer = client_as("recording_reviewer")
    link = play(reviewer, recording)
    spoil(vault, recording.file, chunk=0)

    assert is_silent(reviewer.get(link))
    assert told() == [recording.file.name]


def test_what_was_tampered_with_further_on_breaks_off_there(
    client_as: Browser, recording: Recording, vault: Any
) -> None:
    reviewer = client_as("recording_reviewer")
    link = play(reviewer, recording)
    spoil(vault, recording.file, chunk=1)
    response: Any = reviewer.get(link)

    heard: list[bytes] = []
    with pytest.raises(Tampered):
        heard.extend(response.streaming_content)
    assert b"".join(heard) == SOUND[:CHUNK]
    assert told() == [recording.file.name]


def spoil(vault: Any, file: SealedFile, *, chunk: int) -> None:
    path = path_of(vault, file)
    stored = bytearray(path.read_bytes())
    stored[len(HEADER) + chunk * (CHUNK + TAG) + 5] ^= 1
    path.write_bytes(stored)


def told() -> list[str]:
    """The files that the registrars are told of."""
    jobs = ProcrastinateJob.objects.filter(task_name="recordings.tasks.tell_registrars")
    return [name for job in jobs for name in job.args["files"]]


# --- parts of it ----------------------------------------------------------------------------------


@pytest.fixture
def playing(client_as: Browser, recording: Recording) -> Callable[..., Any]:
    """Asks for a part of what is played."""
    reviewer = client_as("recording_reviewer")
    link = play(reviewer, recording)

    def ask(asked: str = "", **more: str) -> Any:
        return reviewer.get(link, headers={**({"Range": asked} if asked else {}), **more})

    return ask


_PLACES = st.integers(0, len(SOUND) + 9)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.none(), _PLACES), st.one_of(st.none(), _PLACES))
@example(CHUNK - 1, CHUNK)
@example(CHUNK, CHUNK)
@example(0, 0)
@example(0, None)
@example(None, 1)
@example(None, 0)
@example(len(SOUND) - 1, None)
@example(len(SOUND), None)
def test_any_part_is_what_was_sealed(
    playing: Callable[..., Any], first: int | None, last: int | None
) -> None:
    start, end = ("" if one is None else one for one in (first, last))
    response = playing(f"bytes={start}-{end}")
    heard, size = body(response), len(SOUND)

    is_backwards = first is not None and last is not None and last < first
    if (first is None and last is None) or is_backwards:
        assert (response.status_code, heard) == (200, SOUND)
        return
    expected = (
        SOUND[first : None if last is None else last + 1]
        if first is not None
        else (SOUND[-last:] if last else b"")
    )
    if not expected:
        assert (response.status_code, heard) == (416, b"")
        assert response["Content-Range"] == f"bytes */{size}"
        return
    at = first if first is not None else size - len(expected)
    assert (response.status_code, heard) == (206, expected)
    assert response["Content-Range"] == f"bytes {at}-{at + len(expected) - 1}/{size}"
    assert response["Content-Length"] == str(len(expected))


@pytest.mark.parametrize(
    "asked", ["bytes", "bytes=", "bytes=a-b", "seconds=1-2", "bytes=0-1,5-9", "bytes=-", "١-٢", "="]
)
def test_what_is_no_part_is_answered_with_the_whole(
    playing: Callable[..., Any], asked: str
) -> None:
    response = playing(asked.encode().decode("latin-1"))

    assert (response.status_code, body(response)) == (200, SOUND)


def test_a_part_of_another_version_is_the_whole(playing: Callable[..., Any]) -> None:
    response = playing("bytes=5-9", **{"If-Range": '"something"'})

    assert (response.status_code, len(body(response))) == (200, len(SOUND))


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-", Span(0, 10, is_part=True)),
        ("bytes=9-9", Span(9, 10, is_part=True)),
        ("BYTES = 3-4", Span(3, 5, is_part=True)),
        ("bytes=-3", Span(7, 10, is_part=True)),
        ("bytes=-99", Span(0, 10, is_part=True)),
        ("bytes=2-" + "9" * 5000, Span(2, 10, is_part=True)),
        ("bytes=000002-3", Span(2, 4, is_part=True)),
        ("bytes=10-", None),
        ("bytes=" + "9" * 5000 + "-", None),
        ("bytes=-0", None),
    ],
)
def test_a_range_header_is_read(header: str, span: Span | None) -> None:
    assert asked_span(header, 10) == span


def test_an_empty_file_is_empty(client_as: Browser) -> None:
    reviewer = client_as("recording_reviewer")
    link = play(reviewer, a_recording(content=b""))

    whole, part = reviewer.get(link), reviewer.get(link, headers={"Range": "bytes=0-"})
    assert (whole.status_code, body(whole), whole["Content-Length"]) == (200, b"", "0")
    assert (part.status_code, part["Content-Range"]) == (416, "bytes */0")


def test_a_head_says_how_long_it_is_and_no_more(client_as: Browser, recording: Recording) -> None:
    reviewer = client_as("recording_reviewer")
    response = reviewer.head(play(reviewer, recording), headers={"Range": "bytes=0-9"})

    assert (response.status_code, response.content) == (200, b"")
    assert response["Content-Length"] == str(len(SOUND))
    assert response["Accept-Ranges"] == "bytes"


# --- what the browser is told ---------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["", "bytes=5-9", "bytes=99999999999-"])
def test_it_is_kept_by_no_cache_and_goes_into_no_other_site(
    playing: Callable[..., Any], asked: str
) -> None:
    headers = playing(asked).headers

    assert headers["Cache-Control"] == "no-store"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Content-Disposition"] == "inline"
    assert headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize(
    ("kind", "medium", "told"),
    [
        ("wav", "call", "audio/wav"),
        ("mp3", "call", "audio/mpeg"),
        ("opus", "call", "audio/ogg"),
        ("mp4", "call", "audio/mp4"),
        ("mp4", "video", "video/mp4"),
    ],
)
def test_each_format_says_what_it_is(client_as: Browser, kind: str, medium: str, told: str) -> None:
    reviewer = client_as("recording_reviewer")
    link = play(reviewer, a_recording(format=kind, medium=medium))

    assert reviewer.get(link)["Content-Type"] == told


def test_the_player_offers_no_download(client_as: Browser, recording: Recording) -> None:
    page = client_as("registrar").post(page_of(recording), GOOD)

    text = page.content.decode()
    assert "download" not in text.replace("nodownload", "")
    assert "media-src 'self'" in page["Content-Security-Policy"]
    assert page["Cache-Control"] == "no-store"


# --- the log comes first --------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_row_is_committed_before_the_first_byte_leaves(
    client_as: Browser, owner: psycopg.Connection[Any], recording: Recording
) -> None:
    """Seen by another connection: the row of the page that gives the link, before any sound."""
    reviewer = client_as("recording_reviewer")
    count = "SELECT count(*) FROM audit_logentry WHERE action = %s"
    (before,) = owner.execute(count, [int(Action.PLAY)]).fetchone() or (None,)
    link = play(reviewer, recording)
    (after,) = owner.execute(count, [int(Action.PLAY)]).fetchone() or (None,)

    assert (before, after) == (0, 1)
    assert body(reviewer.get(link, headers={"Range": "bytes=0-9"})) == SOUND[:10]


@pytest.mark.django_db(transaction=True)
def test_without_the_log_there_is_no_link(
    client_as: Browser, owner: psycopg.Connection[Any], recording: Recording
) -> None:
    reviewer = client_as("recording_reviewer")
    with owner.transaction():
        owner.execute("LOCK TABLE audit_logentry IN ACCESS EXCLUSIVE MODE")
        response = reviewer.post(page_of(recording), GOOD)

    assert (response.status_code, response.content) == (503, b"")


def test_while_it_streams_nothing_is_read_of_the_database(
    playing: Callable[..., Any], django_assert_num_queries: Any
) -> None:
    response = playing()
    with django_assert_num_queries(0):
        assert body(response) == SOUND


# --- messages -------------------------------------------------------------------------------------

MAIL = "\r\n".join(
    [
        "Subject: =?utf-8?q?Lasku_ei_t=C3=A4sm=C3=A4=C3=A4?=",
        "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="xx"',
        "",
        "--xx",
        "Content-Type: text/html; charset=utf-8",
        "",
        "<html><head><style>p{}</style></head><body><p>Hei <b>te</b></p><script>alert(1)</script>"
        '<img src="https://www.example.com/pixel.gif"><p>terveisin &auml;</p></body></html>',
        "--xx",
        "Content-Type: application/pdf",
        'Content-Disposition: attachment; filename="<b>lasku</b>.pdf"',
        "Content-Transfer-Encoding: base64",
        "",
        "JVBERi0=",
        "--xx--",
        "",
    ]
).encode()


def test_a_message_is_read_with_a_reason_as_plain_text(
    client_as: Browser, trail: Trail, aino: Person
) -> None:
    message = a_message(aino, content=MAIL, attachments=1)
    url = f"/recordings/messages/{message.public_id}/"
    reviewer = client_as("recording_reviewer")
    assert "täsmää" not in reviewer.get(url).content.decode()
    assert reviewer.post(url, {"purpose": "verification"}).status_code == 422

    page = reviewer.post(url, GOOD).content.decode()

    assert "Lasku ei täsmää" in page
    assert "Hei te<br>terveisin ä" in page
    assert "&lt;b&gt;lasku&lt;/b&gt;.pdf" in page
    for hidden in ("alert(1)", "pixel.gif", "<b>te</b>", "p{}"):
        assert hidden not in page
    (row,) = trail.rows(action=int(Action.PLAY))
    assert (row["subject"], row["object_id"]) == (aino.public_id, message.pk)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\0\0",
        b"Subject: \xff\xfe\r\nContent-Type: text/plain; charset=no-such\r\n\r\n\xe4\0\x1b[31m",
        b"Content-Type: multipart/mixed\r\n\r\nwithout a boundary",
        b"Content-Type: text/html\r\n\r\n<![CDATA[<p <<< &#xfffffff; <!-- ",
        b"Content-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\nside",
        b"Subject: a\r\nSubject: b\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
        b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\n\r\nx\r\n" * 500 + b"--a--",
        b"Content-Disposition: attachment; filename*=utf-8''%00%ff\r\n\r\n",
    ],
)
def test_a_hostile_message_is_answered(client_as: Browser, content: bytes) -> None:
    message = a_message(content=content)

    response = client_as("registrar").post(f"/recordings/messages/{message.public_id}/", GOOD)

    assert response.status_code == 200
    assert "\0" not in response.content.decode()


def test_a_message_that_was_tampered_with_is_not_shown(
    client_as: Browser, aino: Person, vault: Any
) -> None:
    message = a_message(aino)
    spoil(vault, message.file, chunk=0)

    response = client_as("registrar").post(f"/recordings/messages/{message.public_id}/", GOOD)

    assert response.status_code == 409
    assert "Hei" not in response.content.decode().partition("<main")[2].replace("Hei,", "")
    assert told() == [message.file.name]
