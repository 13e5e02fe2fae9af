"""What a stored message says: subject, text and the names of what came with it, as plain text.

HTML is never shown as such: its words are, without what it would load or do.
"""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, MIMEPart
from email.policy import default
from html.parser import HTMLParser
from typing import Any

from django.utils.translation import gettext as _

from recordings.models import StoredMessage
from recordings.services import clear_bytes

MOST_BYTES = 32 << 20
MOST_CHARACTERS = 200_000
MOST_ATTACHMENTS = 100

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Attachment:
    """A file that came with a message: its name, and its size in bytes."""

    name: str
    size: int


@dataclass(frozen=True)
class Content:
    """A message as it is read; `is_cut` if only its beginning is shown."""

    subject: str
    text: str
    attachments: tuple[Attachment, ...]
    is_cut: bool


def read_message(message: StoredMessage) -> Content:
    """Open a message; raises Destroyed, and Tampered where it is not what was sealed."""
    raw = b"".join(clear_bytes(message.file, 0, MOST_BYTES))
    is_cut = message.file.size > MOST_BYTES
    if message.kind != StoredMessage.Kind.EMAIL:
        return _content("", raw.decode("utf-8", "replace"), (), is_cut=is_cut)
    parsed: Any = message_from_bytes(raw, policy=default)
    attachments = [_attachment(part) for part in parsed.iter_attachments()]
    return _content(
        str(parsed.get("Subject", "")), _body(parsed), tuple(attachments), is_cut=is_cut
    )


def _content(
    subject: str, text: str, attachments: tuple[Attachment, ...], *, is_cut: bool
) -> Content:
    return Content(
        subject=_shown(subject),
        text=_shown(text)[:MOST_CHARACTERS],
        attachments=attachments[:MOST_ATTACHMENTS],
        is_cut=is_cut or len(text) > MOST_CHARACTERS,
    )


def _body(message: EmailMessage) -> str:
    """The text that the sender wrote, or the words of its HTML."""
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    text = _text_of(part)
    return words_of(text) if part.get_content_subtype() == "html" else text


def _text_of(part: MIMEPart) -> str:
    """A part as text, whatever it says of its letters."""
    raw = part.get_payload(decode=True)
    written = raw if isinstance(raw, bytes) else b""
    try:
        return written.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return written.decode("utf-8", "replace")


def _attachment(part: MIMEPart) -> Attachment:
    raw = part.get_payload(decode=True)
    name = part.get_filename() or _("without a name")
    return Attachment(_shown(name)[:200], len(raw) if isinstance(raw, bytes) else 0)


def _shown(text: str) -> str:
    """Without what no page can show."""
    return "".join(letter for letter in text if letter.isprintable() or letter in "\n\t").strip()


class _Words(HTMLParser):
    """The words of a page, a line for each of its blocks."""

    _UNSEEN = ("script", "style", "head", "title", "template")
    _LINES = ("p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "table")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen = 0 if tag == "body" else self._unseen + (tag in self._UNSEEN)
        if tag in self._LINES:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(self._unseen - (tag in self._UNSEEN), 0)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.found.append(_SPACE.sub(" ", data))


def words_of(html: str) -> str:
    """What a page of HTML says, without its marks."""
    words = _Words()
    words.feed(html)
    words.close()
    lines = (line.strip() for line in "".join(words.found).splitlines())
    return "\n".join(line for line in lines if line)
