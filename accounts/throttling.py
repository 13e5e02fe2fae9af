"""How attempts to sign in and answers to strangers are counted, and what is said after too many."""

import ipaddress
import time
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac

from audit.middleware import client_address

WINDOW_SECONDS = 600
_OF_ONE_CLIENT = 64
"""How many bits of an IPv6 address are one client's."""


def username_of(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The user name that was tried, in small letters: an attempt counts in any writing."""
    tried = (credentials or {}).get("username") or request.POST.get("login", "")
    return str(tried).casefold()[:150]


def locked_out(
    request: HttpRequest, original_response: HttpResponse, credentials: dict[str, Any] | None
) -> HttpResponse:
    """Say that the user name is locked from this address; nothing tells whether it exists."""
    return render(request, "account/locked_out.html", status=429)


def keyed_hash(key: str, key_prefix: str, version: int) -> str:
    """The key of a count in the database; allauth's own hold addresses and hashes of e-mails."""
    said = f"{key_prefix}:{version}:{key}"
    return salted_hmac("accounts.throttling", said, algorithm="sha256").hexdigest()


def is_too_often(request: HttpRequest, what: str, most: int) -> bool:
    """Count one more answer to the client's network address; whether it had enough in ten minutes.

    Kept in the database as a keyed hash, for that time; what is rolled back is not counted.
    """
    key = f"{what}:{_client(request)}:{int(time.time()) // WINDOW_SECONDS}"
    count = cache.get(key, 0)
    if count >= most:
        return True
    cache.set(key, count + 1, WINDOW_SECONDS)
    return False


def _client(request: HttpRequest) -> str:
    try:
        address = ipaddress.ip_address(client_address(request))
    except ValueError:
        return ""
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network(f"{address}/{_OF_ONE_CLIENT}", strict=False))
