"""Reading e-mail: the messages of an mbox, and of each what is kept beside its sealed content.

Mail comes from anybody, so nothing in it is believed: sizes, lines and parts are limited, what does
not look like an address is none, and a date that cannot be is left out.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import BinaryIO, cast

from django.utils import timezone

LARGEST = 64 * 2**20
MOST_LINES = 1_000_000
MOST_PARTS = 50
MOST_ADDRESSES = 100

_LONGEST_LINE = 2**16
_LONGEST_HEADER = 2**16
_LONGEST_ID = 140
_MOST_COUNTED = 32_767
_EARLIEST = 2000
_ADDRESS = re.compile(r"[^\s<>(),;:\"\\\[\]@\ufffd]{1,64}@[A-Za-z0-9.\-]{1,189}")
_TELL_THAT_IT_IS_MAIL = ("From", "To", "Date", "Message-ID", "Received", "Subject")


class NoMail(Exception):  # noqa: N818  (it reads as what it says)
    """This is no e-mail message, or one that was made to harm."""


@dataclass(frozen=True)
class Mail:
    """What a message says of itself; an unknown number is empty, an unknown time None."""

    message_id: str
    sender: str
    recipients: list[str]
    sent_at: datetime | None
    attachments: int


def read_mail(source: BinaryIO) -> Mail:
    """What a message says of itself; raises NoMail."""
    content = source.read(LARGEST + 1)
    if (
        len(content) > LARGEST
        or content.count(b"\n") > MOST_LINES
        or content.lower().count(b"boundary=") > MOST_PARTS
    ):
        raise NoMail
    try:
        return _mail(message_from_bytes(content))
    except NoMail:
        raise
    except Exception:  # the email package raises what it comes upon, too deep a nesting too
        raise NoMail from None


def _mail(message: Message) -> Mail:
    if sum(name in message for name in _TELL_THAT_IT_IS_MAIL) < 2:
        raise NoMail
    sender = [*_addresses(message, "From"), *_addresses(message, "Sender")]
    recipients = [*_addresses(message, "To"), *_addresses(message, "Cc")]
    return Mail(
        message_id=_id(message),
        sender=sender[0] if sender else "",
        recipients=list(dict.fromkeys(recipients))[:MOST_ADDRESSES],
        sent_at=_time(str(message.get("Date", ""))),
        attachments=min(sum(map(_is_attachment, message.walk())), _MOST_COUNTED),
    )


def _addresses(message: Message, name: str) -> list[str]:
    headers = [str(value)[:_LONGEST_HEADER] for value in message.get_all(name, [])]
    pairs = getaddresses(headers[:MOST_ADDRESSES])
    found = (address.lower() for _display_name, address in pairs)  # as they are searched for
    return [one for one in found if _ADDRESS.fullmatch(one) and one.isprintable()]


def _id(message: Message) -> str:
    """The Message-ID, if it is one that can be kept."""
    found = str(message.get("Message-ID", "")).strip()
    is_one = found.isascii() and found.isprintable() and " " not in found
    return found if is_one and len(found) <= _LONGEST_ID else ""


def _time(written: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(written[:100])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    found = found if timezone.is_aware(found) else found.replace(tzinfo=UTC)
    is_possible = found.year >= _EARLIEST and found <= timezone.now() + timedelta(days=1)
    return found if is_possible else None


def _is_attachment(part: Message) -> bool:
    if part.is_multipart():
        return False
    disposition = str(part.get("Content-Disposition", "")).strip().lower()
    kind = str(part.get("Content-Type", "")).lower()
    return disposition.startswith("attachment") or "name=" in disposition or "name=" in kind


# --- mbox ----------------------------------------------------------------------------------------

_FROM = b"From "


def messages_in(file: BinaryIO) -> Iterator[BinaryIO]:
    """Each message of an mbox, without the line that begins it; a file of one message is that."""
    for start, end in _places(file):
        yield cast(BinaryIO, io.BufferedReader(_Section(file, start, end)))


def _places(file: BinaryIO) -> list[tuple[int, int]]:
    """Where messages start and end: one begins with a line `From …` after an empty one."""
    file.seek(0)
    if file.read(len(_FROM)) != _FROM:
        return [(0, file.seek(0, io.SEEK_END))]
    file.seek(0)
    places: list[tuple[int, int]] = []
    start, here = 0, 0
    is_line_start, is_after_empty = True, True
    while piece := file.readline(_LONGEST_LINE):
        if is_line_start and is_after_empty and piece.startswith(_FROM):
            if here:
                places.append((start, here))
            start = here + len(piece)
        is_after_empty = is_line_start and piece in {b"\n", b"\r\n"}
        is_line_start = piece.endswith(b"\n")
        here += len(piece)
    return [*places, (start, here)]


class _Section(io.RawIOBase):
    """A part of a file, read as a file of its own."""

    def __init__(self, file: BinaryIO, start: int, end: int) -> None:
        self._file, self._start, self._size, self._at = file, start, end - start, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._file.seek(self._start + self._at)
        found = self._file.read(min(len(buffer), max(0, self._size - self._at)))
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)
