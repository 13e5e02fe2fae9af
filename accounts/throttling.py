"""How attempts to sign in are counted, and what somebody sees who failed too often."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac


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
