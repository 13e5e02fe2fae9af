"""Pages behind a signed link, for people who have no account: what they all have in common.

What is not a link of ours, has ended, or is of somebody who is not in the register any more gets
one and the same answer, which tells nothing. Whoever comes by a link is the person herself to the
log, without her network address; a signed-in user stays who he is.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_http_methods

from accounts.throttling import is_too_often
from audit.context import AccessPurpose, for_purpose, require
from consents.links import read_token
from customers.models import Person

DATA_SUBJECT = "data subject"
"""The actor in the log's rows of what somebody sees and does by her own link."""

LANGUAGE = "language"
"""The query parameter by which a page is shown in another language."""

MOST_ANSWERS = 120
"""How many answers one network address gets in ten minutes."""

PublicView = Callable[[HttpRequest, Person, str], HttpResponse]


def behind_link(
    kind: str, max_age: timedelta, *, uncounted: Callable[[HttpRequest], bool] | None = None
) -> Callable[[PublicView], Callable[..., HttpResponse]]:
    """Make a view one behind a link of a kind: it gets the person and what the link is about.

    Of her only the key and the language are read. `uncounted` names requests with a good link
    that the limit leaves out, since they come from few addresses on behalf of many.
    """

    def decorate(view: PublicView) -> Callable[..., HttpResponse]:
        @login_not_required
        @require_http_methods(["GET", "HEAD", "POST"])
        @for_purpose(AccessPurpose.OWN_CHOICE)
        @wraps(view)
        def inside(request: HttpRequest, token: str) -> HttpResponse:
            link = read_token(kind, token, max_age)
            is_counted = link is None or uncounted is None or not uncounted(request)
            if is_counted and is_too_often(request, "consents.public", MOST_ANSWERS):
                return _answer(request, "consents/too_often.html", 429)
            if not request.user.is_authenticated:
                require().actor_label = DATA_SUBJECT
            person = None if link is None else _keys_of(link.public_id)
            if link is None or person is None:
                return nothing_here(request)
            language = request.GET.get(LANGUAGE, "")
            if language not in dict(settings.LANGUAGES):
                language = person.language
            with translation.override(language):
                response = view(request, person, link.about)
                return _for_nobody_else(response, language)

        return inside

    return decorate


def nothing_here(request: HttpRequest) -> HttpResponse:
    """The one answer to whatever leads to nothing."""
    return _answer(request, "consents/nothing_here.html", 404)


def _keys_of(public_id: Any) -> Person | None:
    return Person.objects.filter(public_id=public_id).only("public_id", "language").first()


def _answer(request: HttpRequest, template: str, status: int) -> HttpResponse:
    return _for_nobody_else(
        render(request, template, status=status), translation.get_language() or ""
    )


def _for_nobody_else(response: HttpResponse, language: str) -> HttpResponse:
    """Kept by no cache and no search engine, and not told to the next site."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Content-Language"] = language
    return response
