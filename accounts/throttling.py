"""What django-axes asks about a sign-in, and what somebody sees who failed too often."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def username_of(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The user name that was tried, in small letters: an attempt counts in any writing."""
    tried = (credentials or {}).get("username") or request.POST.get("login", "")
    return str(tried).casefold()[:150]


def locked_out(
    request: HttpRequest, original_response: HttpResponse, credentials: dict[str, Any] | None
) -> HttpResponse:
    """Say that the user name is locked from this address; nothing tells whether it exists."""
    return render(request, "account/locked_out.html", status=429)
