"""Middleware of staff sessions: they end when idle, ask a second factor, and speak her language."""

import time
from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation

GetResponse = Callable[[HttpRequest], HttpResponseBase]

_SEEN_AT = "seen_at"
_BEGAN_AT = "began_at"
_HAS_SECOND_FACTOR = "has_second_factor"
_NOTE_EVERY = 60  # seconds; each note is a write to the session


class IdleMiddleware:
    """End a session that nobody has used for `SESSION_IDLE_SECONDS`, or one of ten hours.

    Django counts `SESSION_COOKIE_AGE` from the last write to a session, which each use is.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "_auth_user_id" in request.session:
            now = int(time.time())
            seen_at = request.session.get(_SEEN_AT, now)
            began_at = request.session.get(_BEGAN_AT, now)
            if (
                now - seen_at > settings.SESSION_IDLE_SECONDS
                or now - began_at > settings.SESSION_COOKIE_AGE
            ):
                logout(request)
            elif now - seen_at >= _NOTE_EVERY or _SEEN_AT not in request.session:
                request.session[_SEEN_AT] = now
                request.session[_BEGAN_AT] = began_at
        return self.get_response(request)


class LanguageMiddleware:
    """Answer a signed-in user in the language of her account."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.get_response(request)
        language = request.user.language
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response


class SecondFactorMiddleware:
    """Where `MFA_REQUIRED`, show nothing but the set-up until she has a second factor.

    Whoever has one is asked for it at sign-in by allauth.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not settings.MFA_REQUIRED or not request.user.is_authenticated:
            return None
        route = request.resolver_match.route if request.resolver_match is not None else ""
        if route.startswith("accounts/2fa/"):
            request.session.pop(_HAS_SECOND_FACTOR, None)  # where she may take it away
            return None
        if request.session.get(_HAS_SECOND_FACTOR) or not getattr(view, "login_required", True):
            return None
        if is_mfa_enabled(request.user):
            request.session[_HAS_SECOND_FACTOR] = True
            return None
        if route.startswith("accounts/"):
            return None
        return redirect("mfa_index")
