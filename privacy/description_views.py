"""`/register/`: the register description for everybody, and its versions; the record of Art. 30."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.proving import prove_again
from accounts.requests import StaffRequest
from accounts.throttling import is_too_often
from consents.public import LANGUAGE
from privacy.description.contents import NOTICE, RECORD
from privacy.description.differences import differences
from privacy.description.pdf import edition_of, pdf_of, title_of
from privacy.description.publishing import Shown, draft, newest, publish, shown
from privacy.models import RegisterDescription
from privacy.report.json_file import SCHEMA

MOST_DOCUMENTS = 60
"""How many PDFs one network address gets in ten minutes."""

_RECORD_READERS = "privacy.view_registerdescription"
_PUBLISHERS = "privacy.add_registerdescription"


def in_readers_language(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Make a view public, in the language that the address names or the browser prefers."""

    @login_not_required
    @require_safe
    @wraps(view)
    def inside(request: HttpRequest, **parts: Any) -> HttpResponse:
        language = request.GET.get(LANGUAGE, "")
        if language not in dict(settings.LANGUAGES):
            language = translation.get_language() or settings.LANGUAGE_CODE
        with translation.override(language):
            response = view(request, language=language, **parts)
        response.headers["Content-Language"] = language
        return response

    return inside


@in_readers_language
def description(request: HttpRequest, *, language: str) -> HttpResponse:
    """The description that holds now."""
    return _page(request, shown(newest()), language)


@in_readers_language
def version(request: HttpRequest, *, language: str, version: int) -> HttpResponse:
    """A version as it was published."""
    found = get_object_or_404(RegisterDescription, version=version)
    latest = newest()
    is_old = latest is not None and latest.version != found.version
    return _page(request, shown(found), language, is_old=is_old)


@in_readers_language
def document(request: HttpRequest, *, language: str, version: int | None = None) -> HttpResponse:
    """The description as PDF: that which holds, or a version."""
    if is_too_often(request, "privacy.description", MOST_DOCUMENTS):
        return render(request, "privacy/register_too_often.html", status=429)
    found = newest() if version is None else get_object_or_404(RegisterDescription, version=version)
    return _as_pdf(shown(found), NOTICE, language)


@in_readers_language
def versions(request: HttpRequest, *, language: str) -> HttpResponse:
    """Every version there has been, the newest first."""
    every = RegisterDescription.objects.order_by("-version").defer("contents")
    context = {"versions": every, "language": language}
    return render(request, "privacy/register_versions.html", context)


@in_readers_language
def changes(request: HttpRequest, *, language: str, version: int) -> HttpResponse:
    """What a version changed against the one before it."""
    after = get_object_or_404(RegisterDescription, version=version)
    before = RegisterDescription.objects.filter(version=version - 1).first()
    if before is None:
        raise Http404
    context = {
        "before": before,
        "after": after,
        "language": language,
        "sections": _differences(shown(before), shown(after), NOTICE, language),
    }
    return render(request, "privacy/register_changes.html", context)


@login_not_required
@require_safe
def report_schema(request: HttpRequest) -> FileResponse:
    """The schema of the data that a person is given as JSON, for whoever reads it by program."""
    return FileResponse(SCHEMA.open("rb"), content_type="application/schema+json")


# --- for the registrar and the auditor ------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(_PUBLISHERS, raise_exception=True)
def publication(request: StaffRequest) -> HttpResponse:
    """Look at what would be published now against what is, and publish it."""
    proof = prove_again(request, reverse("register:publish"))
    if proof is not None:
        return proof
    if request.method == "POST":
        if request.POST.get("seen") != draft().fingerprint:
            messages.warning(request, _("It has changed since you looked: look at it again."))
            return redirect("register:publish")
        made = publish(by=request.user)
        messages.success(request, _("Version %(number)d is published.") % {"number": made.version})
        return redirect("register:publish")
    before, now = newest(), draft()
    is_same = before is not None and before.fingerprint == now.fingerprint
    changed = [] if before is None or is_same else _in_every_language(shown(before), now)
    return render(
        request,
        "privacy/register_publish.html",
        {"before": before, "now": now, "is_same": is_same, "changed": changed},
    )


@require_safe
@permission_required(_RECORD_READERS, raise_exception=True)
def record(request: StaffRequest) -> HttpResponse:
    """The record of processing as it is now (Art. 30): internal."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    now = draft()
    context = {
        "title": title_of(RECORD),
        "edition": edition_of(now),
        "sections": now.contents[RECORD][language],
        "differs": _differs(newest(), now),
    }
    return render(request, "privacy/register_record.html", context)


@require_safe
@permission_required(_RECORD_READERS, raise_exception=True)
def record_document(request: StaffRequest) -> HttpResponse:
    """The record of processing as PDF, to be shown to the Ombudsman (Art. 30(4))."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    return _as_pdf(draft(), RECORD, language)


# --- what is shown --------------------------------------------------------------------------------


def _page(
    request: HttpRequest, what: Shown, language: str, *, is_old: bool = False
) -> HttpResponse:
    context = {
        "title": title_of(NOTICE),
        "edition": edition_of(what),
        "version": what.version,
        "sections": what.contents[NOTICE][language],
        "language": language,
        "is_old": is_old,
    }
    return render(request, "privacy/register.html", context)


def _as_pdf(what: Shown, name: str, language: str) -> HttpResponse:
    response = HttpResponse(pdf_of(what, name, language), content_type="application/pdf")
    file = f"praecom-{name}-{what.version or 'now'}-{language}.pdf"
    response.headers["Content-Disposition"] = content_disposition_header(False, file) or ""
    return response


def _differs(before: RegisterDescription | None, now: Shown) -> bool:
    return before is not None and before.fingerprint != now.fingerprint


def _differences(before: Shown, after: Shown, name: str, language: str) -> list[Any]:
    return differences(
        before.contents[name].get(language, []), after.contents[name].get(language, [])
    )


def _in_every_language(before: Shown, after: Shown) -> list[tuple[str, str, str, list[Any]]]:
    """What differs, by description and language, where something does."""
    titles = {NOTICE: _("Register description"), RECORD: _("Record of processing activities")}
    return [
        (title, code, str(label), found)
        for name, title in titles.items()
        for code, label in settings.LANGUAGES
        if (found := _differences(before, after, name, code))
    ]
