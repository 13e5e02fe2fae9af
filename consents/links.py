"""Signed links that people get in our messages: whose each is, for what, and until when.

A link holds the person's public ID, which says nothing of her, and cannot be guessed or changed.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from uuid import UUID

from django.core import signing


@dataclass(frozen=True)
class Link:
    """What a link that we signed says: the person's public ID, and what it is about."""

    public_id: UUID
    about: str = ""


def link_token(kind: str, public_id: UUID, about: str = "") -> str:
    """The token of a person's link; one kind opens nothing of another."""
    return _signer(kind).sign_object([public_id.hex, about])


def read_token(kind: str, token: str, max_age: timedelta) -> Link | None:
    """What a token says; None for one that is forged, of another kind or too old."""
    try:
        public_id, about = _signer(kind).unsign_object(token, max_age=max_age)
    except signing.BadSignature:
        return None
    return Link(UUID(public_id), about)


@cache
def _signer(kind: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"consents.links.{kind}")
