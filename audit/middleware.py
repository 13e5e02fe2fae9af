"""Middleware: the client's true address, and one access context and transaction per request."""

import ipaddress
import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from audit.context import AccessContext, NoAccessContext, activate
from audit.log import Action, Event

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class ClientAddressMiddleware:
    """Put the client's address into REMOTE_ADDR, as far as our own proxies vouch for it.

    Only the rightmost address of X-Forwarded-For that no trusted proxy has added is believed, and
    only when a trusted proxy sent the request; a client never chooses what is logged (promise 22),
    nor whether her request came by https.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not _is_trusted(request.META.get("REMOTE_ADDR", "")):
            request.META.pop("HTTP_X_FORWARDED_PROTO", None)
        hops = [word.strip() for word in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        while hops and _is_trusted(request.META.get("REMOTE_ADDR", "")):
            hop = hops.pop()
            if not _is_address(hop):
                break
            request.META["REMOTE_ADDR"] = hop
        return self.get_response(request)


def client_address(request: HttpRequest) -> str:
    """The client's address, as far as it is known."""
    return str(request.META.get("REMOTE_ADDR", ""))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_trusted(text: str) -> bool:
    if not _is_address(text):
        return False
    address = ipaddress.ip_address(text)
    return any(address in network for network in settings.TRUSTED_PROXIES)


class AccessMiddleware:
    """One request, one context, one transaction; the log is written before the first byte leaves.

    If the view failed, its work is rolled back and only what it had read is recorded. If the log
    cannot be written or the commit fails, the answer is an empty 503 (promise 2).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            context = _context_of(request)
        except (DatabaseError, InterfaceError) as error:
            return _unavailable(error)
        with activate(context):
            try:
                response = self._answer(request, context)
            except Exception as error:  # whatever failed, it was the log or the commit
                connection.close_if_unusable_or_obsolete()
                return _unavailable(error)
        if request.user.is_authenticated or context.purpose is not None:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def _answer(self, request: HttpRequest, context: AccessContext) -> HttpResponseBase:
        with transaction.atomic():
            response = self.get_response(request)
            failed = context.failed or response.status_code >= 500 or connection.needs_rollback
            if failed:
                transaction.set_rollback(True)
            else:
                _note_refusal(request, response, context)
                context.flush()
        if failed:
            _note_refusal(request, response, context)
            with transaction.atomic():
                context.flush_after_failure()
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Name the page in the log by its pattern: no keys, no values."""
        context = _context(request)
        if request.resolver_match is not None:
            context.route = request.resolver_match.route[:200]
        context.purpose = getattr(view, "access_purpose", None)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Whatever a view raises, even a 404, undoes what it had done before."""
        _context(request).failed = True


def _context_of(request: HttpRequest) -> AccessContext:
    user = request.user
    context = AccessContext(
        actor_id=user.pk,
        unit=getattr(user, "unit", ""),
        remote_addr=(client_address(request) or None) if user.is_authenticated else None,
    )
    request.access_context = context  # type: ignore[attr-defined]
    return context


def _context(request: HttpRequest) -> AccessContext:
    context: AccessContext | None = getattr(request, "access_context", None)
    if context is None:
        raise NoAccessContext("The request has no access context.")
    return context


def _note_refusal(request: HttpRequest, response: HttpResponseBase, context: AccessContext) -> None:
    """A refusal makes a row: a page outside the role, or an object that is not there for her."""
    if not request.user.is_authenticated:
        return
    match = request.resolver_match
    asked_for_object = match is not None and "public_id" in match.kwargs
    if response.status_code == 403 or (response.status_code == 404 and asked_for_object):
        context.record(Event(Action.DENY))


def _unavailable(error: Exception) -> HttpResponse:
    """The empty answer; operations learn what kind of failure it was, and no value with it."""
    logger.error("Nothing was answered or changed: %s", type(error).__name__)
    response = HttpResponse(status=503)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Retry-After"] = "5"
    return response
