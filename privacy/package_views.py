"""`/requests/UUID/package/`: a package is asked for, approved, noted as sent, or discarded."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import StaffRequest
from customers.services.errors import SavedBefore
from privacy import package_services
from privacy.case_views import CaseView, back_to, of_case
from privacy.models import Package, PackageFile, SubjectRequest
from privacy.package_forms import ApproveForm, AskForm, DiscardForm
from privacy.package_review import counts_of, finds_of
from privacy.package_tasks import begin
from privacy.paper_views import CANNOT_BE_OPENED
from privacy.step_forms import CONFLICT, UNPROCESSABLE
from recordings import damage
from recordings.services import Destroyed
from recordings.vault import Tampered

Status = Package.Status
MEANWHILE = (package_services.MOVED_ON, package_services.REVIEWED_ANEW)
GONE = 410
FILES_PER_PACKAGE = 500

FAILURES: dict[str, Callable[[], str]] = {
    "damaged_file": lambda: _("A file in the vault is damaged: it is not what was put there."),
    "document": lambda: _("The PDF could not be typeset."),
    "schema": lambda: _("The data does not agree with its published schema."),
    "database": lambda: _("The database could not be read or written."),
    "storage": lambda: _("The vault or the disk could not be written."),
}


def package_of(request: StaffRequest, case: SubjectRequest, package: UUID) -> Package:
    packages = Package.objects.visible_to(request.user).filter(request=case)
    found: Package = get_object_or_404(
        packages.select_related(
            *("request__person", "draft", "password", "asked_by", "approved_by", "discarded_by")
        ),
        public_id=package,
    )
    return found


def to_package(package: Package, name: str = "package") -> HttpResponse:
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
        found = package_of(request, case, package)
        return package_page(request, found, status=GONE, refused=CANNOT_BE_OPENED)

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
    return to_package(package)


@require_safe
@of_case("privacy.view_package")
def show(request: StaffRequest, case: SubjectRequest, package: UUID) -> HttpResponse:
    """A package: how far it is, what is to be done next, and its files."""
    return package_page(request, package_of(request, case, package))


def package_page(
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
        "approve_form": _approve_form(package),
        "discard_form": DiscardForm(auto_id="discard_%s"),
        "can_discard": package.status in package_services.DISCARDED_FROM,
        "needs_another": package.needs_second_person and is_asker,
        "has_password": package.password is not None and package.password.key is not None,
        "failure": FAILURES.get(package.failure, lambda: _("Something unforeseen happened."))(),
        **more,
    }
    return render(request, "privacy/package.html", context, status=status)


def _approve_form(package: Package) -> ApproveForm | None:
    """What is approved, as the page shows it, while there is something to approve."""
    if package.status != Status.REVIEW:
        return None
    seen = finds_of(package).decided_digest()
    return ApproveForm(initial={"seen": seen}, auto_id="approve_%s")


def _done(
    request: StaffRequest,
    case: SubjectRequest,
    package: UUID,
    *,
    do: Any,
    said: Any,
    form: type[forms.Form] = forms.Form,
) -> HttpResponse:
    """Do something with a package by a service, and say so; 409 where somebody came before."""
    found = package_of(request, case, package)
    filled = form(request.POST, auto_id="discard_%s")
    if not filled.is_valid():
        return package_page(request, found, status=UNPROCESSABLE, discard_form=filled)
    try:
        done = do(package=found, by=request.user, **filled.cleaned_data)
    except ValidationError as error:
        found = package_of(request, case, package)
        status = CONFLICT if getattr(error, "code", "") in MEANWHILE else UNPROCESSABLE
        return package_page(request, found, status=status, refused=" ".join(error.messages))
    if done.status in package_services.IN_WORK:
        begin(done)
    messages.success(request, said)
    return to_package(done)


def doing(do: Any, said: Any, **more: Any) -> Callable[..., HttpResponseBase]:
    """The view of one thing that is done with a package."""
    view: Callable[..., HttpResponseBase] = require_POST(
        of_case("privacy.change_package")(partial(_done, do=do, said=said, **more))
    )
    return view


approve = doing(
    package_services.approve,
    gettext_lazy("Approved: the files are being made."),
    form=ApproveForm,
)
again = doing(package_services.try_again, gettext_lazy("The work begins anew."))
sent = doing(package_services.note_sent, gettext_lazy("Noted as sent."))
discard = doing(
    package_services.discard,
    gettext_lazy("Discarded: what was in it is destroyed, and another can be asked for."),
    form=DiscardForm,
)
