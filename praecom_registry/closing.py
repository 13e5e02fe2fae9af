"""A register that was restored is closed until whoever was erased since is erased again."""

import logging
import threading
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from audit.middleware import GetResponse
from praecom_registry import health
from privacy.forgetting import ledger
from privacy.forgetting.ledger import Standing

logger = logging.getLogger(__name__)
_ANSWERED_ALWAYS = (health.live, health.ready)


class ClosingMiddleware:
    """Answer nothing, to nobody, while the database and the ledger of erasures do not agree.

    Nobody signs in, and no session that was restored goes on. A database is exchanged only while
    nothing is connected to it, so each connection is asked once that they agree.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.agreed = threading.local()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        connection.ensure_connection()
        if view in _ANSWERED_ALWAYS or self._has_agreed():
            return None
        found = ledger.standing_made_good()
        if found is Standing.SETTLED:
            self.agreed.connection = connection.connection
            return None
        logger.error("Closed: the ledger of erasures is %s. Run replay_erasures.", found.value)
        return render(request, "closed.html", {"is_lost": found is Standing.LOST}, status=503)

    def _has_agreed(self) -> bool:
        return getattr(self.agreed, "connection", None) is connection.connection
