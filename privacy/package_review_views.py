"""The review of a package: finds are decided, the draft is read, words are blacked out by hand."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.requests import StaffRequest
from privacy import package_services
from privacy.case_views import of_case
from privacy.models import Package, ProposedRedaction, SubjectRequest
from privacy.package_forms import DecideForm, MarkForm
from privacy.package_review import counts_of, finds_of, page_of_draft, shown_find
from privacy.package_services import DecidedMeanwhile
from privacy.package_views import opening, package_of, to_package
from privacy.step_forms import CONFLICT, UNPROCESSABLE

Status = Package.Status


@require_http_methods(["GET", "HEAD", "POST"])
@of_case("privacy.change_proposedredaction", "privacy.view_package")
@opening
def review(request: StaffRequest, case: SubjectRequest, package: UUID) -> HttpResponse:
    """One find after the other, with the text around it: black it out, or leave it."""
    found = package_of(request, case, package)
    if found.status != Status.REVIEW:
        return to_package(found)
    if request.method != "POST":
        return _review_page(request, found)
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _review_page(request, found, status=UNPROCESSABLE)
    data = form.cleaned_data
    find = get_object_or_404(finds_of(found).select_related("package__request"), pk=data["find"])
    try:
        decided = package_services.decide(
            find=find,
            seen=data["seen"],
            is_accepted=data["accepted"],
            everywhere=data["everywhere"],
            by=request.user,
        )
    except DecidedMeanwhile:
        return _review_page(request, found, find=find.pk, status=CONFLICT)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return to_package(found)
    if decided > 1:
        messages.success(
            request,
            ngettext("%(n)d place was decided.", "%(n)d places were decided.", decided)
            % {"n": decided},
        )
    return to_package(found, "package-review")


def _review_page(
    request: StaffRequest, package: Package, *, find: int | None = None, status: int = 200
) -> HttpResponse:
    finds = finds_of(package)
    asked = request.GET.get("find", "") if request.method != "POST" else ""
    if find is None and asked.isdecimal() and len(asked) < 19:
        find = int(asked)
    this: ProposedRedaction | None = (
        get_object_or_404(finds.select_related("decided_by"), pk=find)
        if find is not None
        else finds.undecided().first()
    )
    context: dict[str, Any] = {
        "case": package.request,
        "package": package,
        "counts": counts_of(package),
        "mark_form": MarkForm(auto_id="mark_%s"),
        "is_conflict": status == CONFLICT,
    }
    if this is not None:
        context["shown"] = shown_find(package, this)
        context["before"] = finds.filter(pk__lt=this.pk).last()
        context["after"] = finds.filter(pk__gt=this.pk).first()
    else:
        context["before"] = finds.last()
    return render(request, "privacy/package_review.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@of_case("privacy.change_proposedredaction", "privacy.view_package")
@opening
def draft(request: StaffRequest, case: SubjectRequest, package: UUID) -> HttpResponse:
    """The whole draft to be read, and words in it that are blacked out by hand."""
    found = package_of(request, case, package)
    if found.status != Status.REVIEW:
        return to_package(found)
    if request.method != "POST":
        return _draft_page(request, found, MarkForm(auto_id="mark_%s"))
    form = MarkForm(request.POST, auto_id="mark_%s")
    if form.is_valid():
        try:
            marked = package_services.mark_words(
                package=found, words=form.cleaned_data["words"], by=request.user
            )
        except ValidationError as error:
            form.add_error("words" if hasattr(error, "error_dict") else None, error.messages)
        else:
            messages.success(
                request,
                ngettext("Blacked out in %(n)d place.", "Blacked out in %(n)d places.", marked)
                % {"n": marked},
            )
            return to_package(found, "package-draft")
    return _draft_page(request, found, form, status=UNPROCESSABLE)


def _draft_page(
    request: StaffRequest, package: Package, form: MarkForm, *, status: int = 200
) -> HttpResponse:
    after = request.GET.get("after", "")
    number = int(after) if after.isdecimal() and len(after) < 10 else 0
    records, has_more = page_of_draft(package, number)
    context = {
        "case": package.request,
        "package": package,
        "records": records,
        "next": records[-1].number if records and has_more else "",
        "is_later": number > 0,
        "mark_form": form,
    }
    return render(request, "privacy/package_draft.html", context, status=status)
