"""The key-encryption keys: versioned, from the environment, never in the database.

Each sealed file has a key of its own, which the current key-encryption key wraps. A new version
re-wraps those keys and touches no file; what a destroyed key had wrapped cannot be read any more.
"""

import base64
import binascii
import os
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

KEY_BYTES = 32
_NONCE_BYTES = 12


class UnknownKey(Exception):  # noqa: N818  (it reads as what it says)
    """The key-encryption key of this version is not in the environment, or is another one."""

    def __init__(self, version: int) -> None:
        super().__init__(f"No key-encryption key of version {version} opens this file.")
        self.version = version


@dataclass(frozen=True)
class WrappedKey:
    """A file's key as it is stored: the version of the key around it, and the bytes."""

    version: int
    wrapped: bytes


def parse_keys(written: str) -> dict[int, bytes]:
    """The keys by version from `1:BASE64 2:BASE64`; raises ValueError where it is no such list."""
    keys: dict[int, bytes] = {}
    for word in written.replace(",", " ").split():
        version, _, encoded = word.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            raise ValueError("a key is not written in base64") from None
        if not version.isdecimal() or len(key) != KEY_BYTES or int(version) in keys:
            raise ValueError("each key is VERSION:BASE64 of 32 bytes, each version once")
        keys[int(version)] = key
    if not keys:
        raise ValueError("there is no key")
    return keys


def current_version() -> int:
    """The version that new files are wrapped with: the highest there is."""
    return max(settings.RECORDINGS_KEYS)


def wrap(key: bytes, file_id: UUID) -> WrappedKey:
    """Wrap a file's key with the current key, bound to the file."""
    version = current_version()
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(settings.RECORDINGS_KEYS[version]).encrypt(nonce, key, _bound_to(file_id))
    return WrappedKey(version, nonce + sealed)


def unwrap(wrapped: WrappedKey, file_id: UUID) -> bytes:
    """A file's key; raises UnknownKey where no key of ours opens it."""
    around = settings.RECORDINGS_KEYS.get(wrapped.version)
    if around is None:
        raise UnknownKey(wrapped.version)
    nonce, sealed = wrapped.wrapped[:_NONCE_BYTES], wrapped.wrapped[_NONCE_BYTES:]
    try:
        return AESGCM(around).decrypt(nonce, sealed, _bound_to(file_id))
    except InvalidTag:
        raise UnknownKey(wrapped.version) from None


def _bound_to(file_id: UUID) -> bytes:
    return b"key of " + file_id.bytes
