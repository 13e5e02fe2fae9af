"""Keyed hashes of numbers, e-mail addresses and names with addresses (RobinsonEntry, Suppression).

HMAC-SHA-256 with SUPPRESSION_KEY. The database computes the same ones from what it holds
(`consents_digest`); for that it is given the key's two pads with each statement and keeps neither.
"""

import hmac
from hashlib import sha256

from django.conf import settings

_BLOCK = 64


def digest_of(text: str) -> bytes:
    """The keyed hash of a text such as `phone:+358…`, 32 bytes."""
    return hmac.new(_key(), text.encode(), sha256).digest()


def pads() -> dict[str, bytes]:
    """The two pads of the key (RFC 2104), as parameters `inner` and `outer` of a statement."""
    key = _key()
    if len(key) > _BLOCK:
        key = sha256(key).digest()
    key = key.ljust(_BLOCK, b"\0")
    return {
        "inner": bytes(byte ^ 0x36 for byte in key),
        "outer": bytes(byte ^ 0x5C for byte in key),
    }


def _key() -> bytes:
    return str(settings.SUPPRESSION_KEY).encode()
