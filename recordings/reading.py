"""What a stored message says: subject, text and the names of what came with it, as plain text.

HTML is never shown as such: its words are, without what it would load or do. Mail comes from
anybody: of what cannot be read it is said that it is in the file; no page and no package fails.
"""

from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, MIMEPart
from email.policy import default
from typing import Any

from django.utils.translation import gettext as _

from recordings.html_words import words_of
from recordings.models import StoredMessage
from recordings.services import clear_bytes

MOST_BYTES = 32 << 20
MOST_HTML = 500_000
MOST_CHARACTERS = 200_000
MOST_ATTACHMENTS = 100


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
    try:
        return _email(raw, is_cut=is_cut)
    except Exception:  # the email package raises what it comes upon
        unread = _("The message cannot be read here. It is in the file, as it came.")
        return _content("", unread, (), is_cut=False)


def _email(raw: bytes, *, is_cut: bool) -> Content:
    parsed: Any = message_from_bytes(raw, policy=default)
    attachments = tuple(_attachment(part) for part in parsed.iter_attachments())
    text, is_text_cut = _body(parsed)
    is_cut = is_cut or is_text_cut
    return _content(str(parsed.get("Subject", "")), text, attachments, is_cut=is_cut)


def _content(
    subject: str, text: str, attachments: tuple[Attachment, ...], *, is_cut: bool
) -> Content:
    return Content(
        subject=_shown(subject),
        text=_shown(text)[:MOST_CHARACTERS],
        attachments=attachments[:MOST_ATTACHMENTS],
        is_cut=is_cut or len(text) > MOST_CHARACTERS,
    )


def _body(message: EmailMessage) -> tuple[str, bool]:
    """The text that the sender wrote, or the words of its HTML; and whether that was cut."""
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return "", False
    text = _text_of(part)
    if part.get_content_subtype() != "html":
        return text, False
    return words_of(text[:MOST_HTML]), len(text) > MOST_HTML


def _text_of(part: MIMEPart) -> str:
    """A part as text, whatever it says of its letters."""
    raw = part.get_payload(decode=True)
    written = raw if isinstance(raw, bytes) else b""
    try:
        return written.decode(part.get_content_charset("utf-8"), "replace")
    except (LookupError, ValueError):  # no such letters, or none that can be read so
        return written.decode("utf-8", "replace")


def _attachment(part: MIMEPart) -> Attachment:
    raw = part.get_payload(decode=True)
    name = part.get_filename() or _("without a name")
    return Attachment(_shown(name)[:200], len(raw) if isinstance(raw, bytes) else 0)


def _shown(text: str) -> str:
    """Without what no page can show."""
    return "".join(letter for letter in text if letter.isprintable() or letter in "\n\t").strip()
