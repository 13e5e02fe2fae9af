"""Answering with what a file holds, or a part of it: decrypted chunk by chunk as it goes out.

Nothing of the database is read while it does, so nobody is read who is not in the log already
(architecture: "Streams"). The first chunk is opened before the answer begins: a file that is not
what was sealed gives not a byte.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from recordings.models import Recording, SealedFile
from recordings.services import clear_bytes
from recordings.vault import Tampered

PARTIAL, UNSATISFIABLE = 206, 416

MEDIA_TYPES = {
    Recording.Format.WAV: "audio/wav",
    Recording.Format.MP3: "audio/mpeg",
    Recording.Format.OPUS: "audio/ogg",
    Recording.Format.MP4: "video/mp4",
}
_ONE_RANGE = re.compile(r"bytes\s*=\s*([0-9]*)\s*-\s*([0-9]*)\s*", re.IGNORECASE)
_MOST_DIGITS = 18


@dataclass(frozen=True)
class Span:
    """The bytes from `start` to before `stop`; with `is_part`, of a longer file."""

    start: int
    stop: int
    is_part: bool = False


def asked_span(header: str, size: int) -> Span | None:
    """What a Range header asks of a file of so many bytes; None where there is no such part.

    What is no range of bytes, or several, is answered with the whole file, as RFC 9110 (14.2)
    lets a server do.
    """
    asked = _ONE_RANGE.fullmatch(header.strip())
    if asked is None or asked.groups() == ("", ""):
        return Span(0, size)
    first, last = asked.groups()
    if not first:
        length = min(_number(last), size)
        return Span(size - length, size, is_part=True) if length else None
    start, stop = _number(first), _number(last) + 1 if last else size
    if last and stop <= start:
        return Span(0, size)
    return Span(start, min(stop, size), is_part=True) if start < size else None


def _number(digits: str) -> int:
    """The number, as far as a file can be that large."""
    digits = digits.lstrip("0") or "0"
    return int(digits) if len(digits) <= _MOST_DIGITS else 10**_MOST_DIGITS


def media_type(recording: Recording) -> str:
    """What the browser is told that the file is."""
    is_sound = recording.medium == Recording.Medium.CALL
    if recording.format == Recording.Format.MP4 and is_sound:
        return "audio/mp4"
    return MEDIA_TYPES[Recording.Format(recording.format)]


def is_own_player(request: HttpRequest) -> bool:
    """Whether a media element of our own page asks, as far as the browser tells.

    Opened by itself, the browser's own player would offer to save the file.
    """
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    element = request.headers.get("Sec-Fetch-Dest", "audio")
    return site == "same-origin" and element in ("audio", "video")


def answer(
    request: HttpRequest,
    file: SealedFile,
    content_type: str,
    on_damage: Callable[[], None],
) -> HttpResponseBase:
    """The file, or the part that is asked for, as a stream; raises Tampered before any byte.

    `on_damage` is called when a later chunk is not what was sealed; the connection then breaks
    off, so that what is missing cannot look complete.
    """
    header = request.headers.get("Range", "")
    # A part of what the file was: we name no version, so none of ours can be meant.
    is_partial = request.method == "GET" and "If-Range" not in request.headers
    span = asked_span(header if is_partial else "", file.size)
    if span is None:
        refused = HttpResponse(status=UNSATISFIABLE, content_type=content_type)
        refused.headers["Content-Range"] = f"bytes */{file.size}"
        return _guarded(refused)
    if request.method == "HEAD":
        response: HttpResponseBase = HttpResponse(content_type=content_type)
    else:
        parts = clear_bytes(file, span.start, span.stop)
        first = next(parts, b"")
        response = StreamingHttpResponse(
            _stream(first, parts, on_damage), content_type=content_type
        )
    if span.is_part:
        response.status_code = PARTIAL
        response.headers["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{file.size}"
    response.headers["Content-Length"] = str(span.stop - span.start)
    return _guarded(response)


def _stream(
    first: bytes, others: Iterator[bytes], on_damage: Callable[[], None]
) -> Iterator[bytes]:
    yield first
    try:
        yield from others
    except Tampered:
        on_damage()
        raise


def _guarded(response: HttpResponseBase) -> HttpResponseBase:
    """Into no cache, into no other site, and as nothing but what it is."""
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Disposition"] = "inline"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
