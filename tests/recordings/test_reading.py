"""Mail from anybody is read, or it is said that it cannot be; neither page nor package fails."""

import resource
import subprocess
import sys
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from recordings.exports import message_words
from recordings.html_words import words_of
from recordings.reading import MOST_HTML, read_message
from recordings.services import Destroyed, destroy_file
from recordings.vault import Tampered
from tests.recording_builders import a_message
from tests.recordings.killing import ROOT
from tests.recordings.stored import path_of

pytestmark = pytest.mark.django_db

Browser = Callable[[str], Client]
GOOD = {"purpose": "verification", "reason": "Tapaus 1234"}
CANNOT_BE_READ = "The message cannot be read here. It is in the file, as it came."


def plain(kind: bytes, text: bytes = b"Hei") -> bytes:
    return b"Subject: Lasku\r\nContent-Type: text/plain; " + kind + b"\r\n\r\n" + text


OF_UNKNOWN_LETTERS = {
    "letters of domains": plain(b"charset=idna", b"Hei \xe4"),
    "letters of nothing": plain(b"charset=undefined"),
    "letters with a NUL": plain(b'charset="a\0b"'),
    "letters of domains, beyond ASCII": plain(b"charset=punycode", b"Hei \xe4"),
    "a mark that browsers drop": b"Subject: Lasku\r\nContent-Type: text/html\r\n\r\n"
    b"<p>Hei<![foo[ bar ]]></p>",
}
UNREADABLE = {
    "letters in letters": plain(b"charset*=idna'en'%41"),
    "an attachment's name": b"Subject: Lasku\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n"
    b"--a\r\n\r\nHei\r\n--a\r\nContent-Disposition: attachment; filename*=idna'en'%41%42\r\n\r\nx"
    b"\r\n--a--\r\n",
    "a sign of five thousand digits": b"Content-Type: text/html\r\n\r\n&#" + b"9" * 5000,
}


@pytest.mark.parametrize("kind", OF_UNKNOWN_LETTERS)
def test_what_says_odd_things_of_its_letters_is_read_all_the_same(
    client_as: Browser, working: Callable[[], Any], kind: str
) -> None:
    message = a_message(content=OF_UNKNOWN_LETTERS[kind])

    response = client_as("registrar").post(f"/recordings/messages/{message.public_id}/", GOOD)

    assert response.status_code == 200
    assert response.context["content"].text.startswith("Hei")
    with working():
        assert message_words(message).startswith("Lasku\n\nHei")


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_cannot_be_read_says_that_it_is_in_the_file(
    client_as: Browser, working: Callable[[], Any], kind: str
) -> None:
    message = a_message(content=UNREADABLE[kind])

    response = client_as("registrar").post(f"/recordings/messages/{message.public_id}/", GOOD)

    assert response.status_code == 200
    assert response.context["content"].text in unescape(response.content.decode())
    with working(), override("en"):
        assert message_words(message) == CANNOT_BE_READ
    with working(), override("fi"):
        assert message_words(message) not in ("", CANNOT_BE_READ)


def test_what_is_damaged_or_destroyed_is_still_told_as_that(vault: Any) -> None:
    damaged, gone = a_message(), a_message()
    path_of(vault, damaged.file).write_bytes(b"")
    destroy_file(gone.file)
    gone.file.refresh_from_db()

    with pytest.raises(Tampered):
        read_message(damaged)
    with pytest.raises(Destroyed):
        read_message(gone)


# --- the words of a page --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<p>Hei <b>te</b></p><p>terveisin &auml;</p>", "Hei te\nterveisin ä"),
        ("<title>x</title><style>p{}</style><SCRIPT>a<b</Script >Hei", "Hei"),
        ("<img alt=\"a > b\" src='c>'>Hei", "Hei"),
        ("<a href=it's>Hei</a> täällä", "Hei täällä"),
        ("Hei<!-- <p>ei --> te<!-->.", "Hei te."),
        ("1 < 2 <3 & 4", "1 < 2 <3 & 4"),
        ("<!doctype html><?xml?>Hei</ >", "Hei"),
        ("Hei<script>loput", "Hei"),
        ("Hei<a href='", "Hei"),
        ("", ""),
    ],
)
def test_the_words_are_what_a_browser_shows(page: str, words: str) -> None:
    assert words_of(page) == words


HOSTILE = (
    *("<a ", "<!--", "<![", "<script>", "</script", "<script></script ", "</", "<", "<p>", "<p"),
    *("<?", "&", "&#", "&amp", '<a b="', "<a b='\"", "<a b= ", "= ", "=\t'>", "<template><title>"),
)


def test_no_page_takes_longer_than_its_length_asks() -> None:
    code = (
        "import sys; from recordings.html_words import words_of\n"
        "for sign in sys.argv[1:]: words_of((sign * 300_000)[:300_000])"
    )

    def for_seconds() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (60, 60))

    done = subprocess.run(
        [sys.executable, "-c", code, *HOSTILE], cwd=ROOT, preexec_fn=for_seconds, check=False
    )

    assert done.returncode == 0


def test_a_page_that_is_too_long_is_cut_and_says_so(working: Callable[[], Any]) -> None:
    page = b"<p>Hei</p>" + b"<!-- -->" * (MOST_HTML // 8) + b"<p>Loppu</p>"
    message = a_message(content=b"Content-Type: text/html\r\n\r\n" + page)

    content = read_message(message)

    assert (content.text, content.is_cut) == ("Hei", True)
    with working(), override("en"):
        assert message_words(message) == "Hei\n\nThe text goes on in the file."
