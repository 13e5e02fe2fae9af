"""Links to the sound of one recording: signed, for a few minutes, for one session alone.

A link is given out only together with the row of the log that says why, and opens nothing in
another session, for another user or of another recording.
"""

import time
from dataclasses import dataclass
from uuid import UUID

from django.core import signing
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from recordings.models import Recording

MINUTES = 10
"""How long a link holds beside the length of the recording, which is heard once through."""

_SALT = "recordings.link"


@dataclass(frozen=True)
class Link:
    """What a link that holds opens: a recording by public ID, the key of its file, and its type."""

    recording: UUID
    file: int
    media_type: str


def link_to(recording: Recording, media_type: str, request: HttpRequest) -> str:
    """A link for whoever asks, in her session, from now on."""
    until = int(time.time()) + MINUTES * 60 + recording.duration
    opens = [recording.public_id.hex, recording.file_id, media_type]
    return signing.dumps([*opens, until, _session(request)], salt=_SALT)


def read_link(token: str, request: HttpRequest) -> Link | None:
    """What a link opens; None if it has ended, or was never given to this session."""
    try:
        recording, file, media_type, until, session = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    if until < time.time() or not constant_time_compare(session, _session(request)):
        return None
    return Link(UUID(recording), file, media_type)


def _session(request: HttpRequest) -> str:
    """The session and its user, as a link names them: nobody can sign in by it."""
    whose = f"{request.session.session_key} {request.user.pk}"
    return salted_hmac(_SALT, whose, algorithm="sha256").hexdigest()
