"""`/requests/UUID/package/`: a package is asked for, reviewed, approved and handed out."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.proving import prove_again
from accounts.requests import StaffRequest
from audit.context import require
from audit.log import Action, Event
from customers.services.errors import SavedBefore
from datamap.declarations import registry
from datamap.vocabulary import Category
from privacy import package_services
from privacy.case_views import CaseView, back_to, of_case
from privacy.models import Package, PackageFile, ProposedRedaction, SubjectRequest
from privacy.package_forms import AskForm, DecideForm, MarkForm
from privacy.package_review import counts_of, finds_of, page_of_draft, shown_find
from privacy.package_services import DecidedMeanwhile
from privacy.package_tasks import begin
from privacy.paper_views import CANNOT_BE_OPENED
from privacy.report.files import MEDIA_TYPES, name_of
from privacy.step_forms import CONFLICT, UNPROCESSABLE
from recordings import damage
from recordings.playback import answer
from recordings.services import Destroyed
from recordings.vault import Tampered

Status = Package.Status
GONE = 410
FILES_PER_PACKAGE = 500

FAILURES: dict[str, Callable[[], str]] = {
    "damaged_file": lambda: _("A file in the vault is damaged: it is not what was put there."),
    "document": lambda: _("The PDF could not be typeset."),
    "schema": lambda: _("The data does not agree with its published schema."),
    "database": lambda: _("The database could not be read or written."),
    "storage": lambda: _("The vault or the disk could not be written."),
}


def _package_of(request: StaffRequest, case: SubjectRequest, package: UUID) -> Package:
    packages = Package.objects.visible_to(request.user).filter(request=case)
    found: Package = get_object_or_404(
        packages.select_related("request__person", "draft", "asked_by", "approved_by", "password"),
        public_id=package,
    )
    return found


def _to(package: Package, name: str = "package") -> HttpResponse:
    return redirect(f"requests:{name}", package.request.public_id, package.public_id)


def opening(view: CaseView) -> CaseView:
    """A view that opens a file of a package: one that cannot be opened is answered in a sentence.

    Of one that is damaged operations and the registrars are told.
    """

    @wraps(view)
    def inside(
        request: StaffRequest, case: SubjectRequest, package: UUID, **kwargs: Any
    ) -> HttpResponseBase:
        try:
            return view(request, case, package, **kwargs)
        except (Destroyed, Tampered) as error:
            if isinstance(error, Tampered):
                damage.tell(error.name)
        found = _package_of(request, case, package)
        return _page(request, found, status=GONE, refused=CANNOT_BE_OPENED)

    return inside


# --- asking and looking ---------------------------------------------------------------------------


@require_POST
@of_case("privacy.add_package")
def ask(request: StaffRequest, case: SubjectRequest) -> HttpResponse:
    """Have a package made; its page shows how far it is."""
    form = AskForm(request.POST, case=case)
    if not form.is_valid():
        messages.error(request, _("Say what goes into the package."))
        return back_to(case, "package")
    try:
        package, is_new = package_services.ask_for_package(
            request=case, by=request.user, **form.cleaned_data
        )
    except SavedBefore:
        messages.error(request, _("This form was sent before, with something else in it."))
        return back_to(case, "package")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return back_to(case, "package")
    if is_new:
        begin(package)
    return _to(package)


@require_safe
@of_case("privacy.view_package")
def show(request: StaffRequest, case: SubjectRequest, package: UUID) -> HttpResponse:
    """A package: how far it is, what is to be done next, and its files."""
    return _page(request, _package_of(request, case, package))


def _page(
    request: StaffRequest, package: Package, *, status: int = 200, **more: Any
) -> HttpResponse:
    files = PackageFile.objects.filter(package=package).select_related("file")
    kinds = PackageFile.Kind.values  # the report before what goes with it
    in_order = sorted(
        files.order_by("kind", "volume")[:FILES_PER_PACKAGE],
        key=lambda one: (kinds.index(one.kind), one.volume),
    )
    is_asker = package.asked_by_id == request.user.pk
    context = {
        "case": package.request,
        "package": package,
        "files": [(one, one.file.digest.hex() if one.file.key else "") for one in in_order],
        "has_volumes": any(one.volume > 1 for one in in_order),
        "counts": counts_of(package),
        "is_in_work": package.status in package_services.IN_WORK,
        "needs_another": package.needs_second_person and is_asker,
        "has_password": package.password is not None and package.password.key is not None,
        "failure": FAILURES.get(package.failure, lambda: _("Something unforeseen happened."))(),
        **more,
    }
    return render(request, "privacy/package.html", context, status=status)


def _done(
    request: StaffRequest, case: SubjectRequest, package: UUID, *, do: Any, said: Any
) -> HttpResponse:
    """Do something with a package by a service, and say so; 409 where it has moved on."""
    found = _package_of(request, case, package)
    try:
        done = do(package=found, by=request.user)
    except ValidationError as error:
        found = _package_of(request, case, package)
        has_moved_on = getattr(error, "code", "") == "package_moved_on"
        status = CONFLICT if has_moved_on else UNPROCESSABLE
        return _page(request, found, status=status, refused=" ".join(error.messages))
    if done.status in package_services.IN_WORK:
        begin(done)
    messages.success(request, said)
    return _to(done)


def _doing(do: Any, said: Any) -> Callable[..., HttpResponseBase]:
    view: Callable[..., HttpResponseBase] = require_POST(
        of_case("privacy.change_package")(partial(_done, do=do, said=said))
    )
    return view


# --- the review -----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@of_case("privacy.change_proposedredaction", "privacy.view_package")
@opening
def review(request: StaffRequest, case: SubjectRequest, package: UUID) -> HttpResponse:
    """One find after the other, with the text around it: black it out, or leave it."""
    found = _package_of(request, case, package)
    if found.status != Status.REVIEW:
        return _to(found)
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
        return _to(found)
    if decided > 1:
        messages.success(
            request,
            ngettext("%(n)d place was decided.", "%(n)d places were decided.", decided)
            % {"n": decided},
        )
    return _to(found, "package-review")


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
    found = _package_of(request, case, package)
    if found.status != Status.REVIEW:
        return _to(found)
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
            return _to(found, "package-draft")
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


# --- going out ------------------------------------------------------------------------------------


@require_POST
@of_case("privacy.change_package")
@opening
def password(request: StaffRequest, case: SubjectRequest, package: UUID) -> HttpResponse:
    """Show the password of the recordings once; after that nobody can read it here any more."""
    found = _package_of(request, case, package)
    proof = prove_again(request, reverse("requests:package", args=[case.public_id, package]))
    if proof is not None:
        return proof
    try:
        shown = package_services.password_once(package=found, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _to(found)
    response = _page(request, _package_of(request, case, package), password=shown)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@of_case("privacy.change_package")
@opening
def download(
    request: StaffRequest, case: SubjectRequest, package: UUID, kind: str, volume: int
) -> HttpResponseBase:
    """Hand out a file of a package: an export in the log, kept by no cache."""
    found = _package_of(request, case, package)
    files = PackageFile.objects.filter(package=found).select_related("file")
    file = get_object_or_404(files, kind=kind, volume=volume)
    here = reverse("requests:package", args=[case.public_id, package])
    proof = prove_again(request, here)
    if proof is not None:
        return proof
    media_type = MEDIA_TYPES[PackageFile.Kind(kind)]
    response = answer(request, file.file, media_type, partial(damage.tell, file.file))
    _record_export(found, file)
    name = f"{case.number}-{name_of(kind, volume)}"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


def _record_export(package: Package, file: PackageFile) -> None:
    """An export of everything that a package can hold of her."""
    person = package.request.person
    categories = {c.value for one in registry for f in one.fields.values() for c in f.categories}
    require().record(
        Event(
            Action.EXPORT,
            person=None if person is None else person.pk,
            categories=tuple(c.value for c in Category if c.value in categories),
            content_type=ContentType.objects.get_for_model(PackageFile).pk,
            object_id=file.pk,
        )
    )


approve = _doing(package_services.approve, gettext_lazy("Approved: the files are being made."))
again = _doing(package_services.try_again, gettext_lazy("The work begins anew."))
sent = _doing(package_services.note_sent, gettext_lazy("Noted as sent."))
