"""Pages behind a signed link, for people who have no account: what they all have in common.

What is not a link of ours, has ended, or is of somebody who is not in the register any more gets
one and the same answer, which tells nothing. Whoever comes by a link is the person herself to the
log, without her network address; a signed-in user stays who he is.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from accounts.throttling import is_too_often
from audit.context import AccessPurpose, for_purpose, require
from consents.links import read_token
from customers.models import Customer, Person

DATA_SUBJECT = "data subject"
"""The actor in the log's rows of what somebody sees and does by her own link."""

LANGUAGE = "language"
"""The query parameter by which a page is shown in another language."""

ADDRESSES = ("/preferences/", "/survey/")
"""Where these pages are: what fails there is not shown in the staff's layout."""

NOT_FOUND = 404

MOST_ANSWERS = 120
"""How many answers one network address gets in ten minutes; of a machine, for one link."""

PublicView = Callable[[HttpRequest, Any, str], HttpResponse]


def behind_link(
    kind: str,
    max_age: timedelta,
    *,
    companies: bool = False,
    by_machine: Callable[[HttpRequest], bool] | None = None,
) -> Callable[[PublicView], Callable[..., HttpResponse]]:
    """Make a view one behind a link of a kind: it gets the person and what the link is about.

    With `companies` it may be a company instead. Only the key and the language are read.
    `by_machine` names requests that are complete with a good link: they come without our form's
    token, and are counted by the link alone, since few addresses send them on behalf of many.
    """

    def decorate(view: PublicView) -> Callable[..., HttpResponse]:
        protected = csrf_protect(view)

        @csrf_exempt  # the check comes once the language is known, for all but machines
        @login_not_required
        @require_http_methods(["GET", "HEAD", "POST"])
        @for_purpose(AccessPurpose.OWN_CHOICE)
        @wraps(view)
        def inside(request: HttpRequest, token: str) -> HttpResponse:
            link = read_token(kind, token, max_age)
            is_whole = link is not None and by_machine is not None and by_machine(request)
            counted_as = f"consents.link.{token}" if is_whole else "consents.public"
            if is_too_often(request, counted_as, MOST_ANSWERS):
                return _answer(request, "consents/too_often.html", 429)
            if not request.user.is_authenticated:
                require().actor_label = DATA_SUBJECT
            whose = None if link is None else _keys_of(link.public_id, companies)
            if link is None or whose is None:
                return nothing_here(request)
            language = _asked_for(request) or whose.language
            with translation.override(language):
                response = (view if is_whole else protected)(request, whose, link.about)
                return _for_nobody_else(response, language)

        return inside

    return decorate


def nothing_here(request: HttpRequest) -> HttpResponse:
    """The one answer to whatever leads to nothing."""
    return _answer(request, "consents/nothing_here.html", 404)


def _keys_of(public_id: UUID, companies: bool) -> Person | Customer | None:
    found: Person | Customer | None
    found = Person.objects.filter(public_id=public_id).only("public_id", "language").first()
    if found is None and companies:
        # A private customer's and a sole trader's choices are her own: her link is another one.
        of_nobody = Customer.objects.filter(public_id=public_id, owner__isnull=True)
        of_company = of_nobody.filter(kind=Customer.Kind.COMPANY)
        found = of_company.only("public_id", "language", "owner").first()
    return found


def failure(request: HttpRequest, status: int) -> HttpResponse | None:
    """What a public page says where Django gives up; None for a page of the staff's."""
    if not request.path.startswith(ADDRESSES):
        return None
    if status == NOT_FOUND:
        return nothing_here(request)
    return _answer(request, "consents/failed.html", status)


def _asked_for(request: HttpRequest) -> str:
    """The language that the address names, as our own forms' addresses do."""
    language = request.GET.get(LANGUAGE, "")
    return language if language in dict(settings.LANGUAGES) else ""


def _answer(request: HttpRequest, template: str, status: int) -> HttpResponse:
    language = _asked_for(request) or translation.get_language() or settings.LANGUAGE_CODE
    with translation.override(language):
        response = HttpResponse(render_to_string(template, {"status": status}), status=status)
    return _for_nobody_else(response, language)


def _for_nobody_else(response: HttpResponse, language: str) -> HttpResponse:
    """Kept by no cache and no search engine, and not told to the next site."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Content-Language"] = language
    return response
