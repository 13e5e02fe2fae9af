"""A package goes out: its files, and the password of the archive.

Each look at either is an export in the log, by who has just proved who she is; no cache keeps it.
"""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.proving import prove_again
from accounts.requests import StaffRequest
from audit.context import require
from audit.log import Action, Event
from datamap.vocabulary import Category
from privacy import package_services
from privacy.case_views import of_case
from privacy.models import Package, PackageFile, SubjectRequest
from privacy.package_views import doing, opening, package_of, package_page, to_package
from privacy.report.files import MEDIA_TYPES, name_of
from recordings import damage
from recordings.playback import answer


@require_POST
@of_case("privacy.change_package")
@opening
def password(request: StaffRequest, case: SubjectRequest, package: UUID) -> HttpResponse:
    """Show the password of the archive, until somebody says that she has written it down."""
    found = package_of(request, case, package)
    proof = prove_again(request, reverse("requests:package", args=[case.public_id, package]))
    if proof is not None:
        return proof
    try:
        shown = package_services.password_of(package=found, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return to_package(found)
    _record_export(found, found, (Category.RECORDINGS, Category.RIGHTS))
    response = package_page(request, package_of(request, case, package), password=shown)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@of_case("privacy.change_package")
@opening
def download(
    request: StaffRequest, case: SubjectRequest, package: UUID, kind: str, volume: int
) -> HttpResponseBase:
    """Hand out a file of a package."""
    found = package_of(request, case, package)
    files = PackageFile.objects.filter(package=found).select_related("file")
    file = get_object_or_404(files, kind=kind, volume=volume)
    here = reverse("requests:package", args=[case.public_id, package])
    proof = prove_again(request, here)
    if proof is not None:
        return proof
    media_type = MEDIA_TYPES[PackageFile.Kind(kind)]
    response = answer(request, file.file, media_type, partial(damage.tell, file.file))
    _record_export(found, file, tuple(Category))
    name = f"{case.number}-{name_of(kind, volume)}"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


def _record_export(
    package: Package, of: Package | PackageFile, categories: tuple[Category, ...]
) -> None:
    """An export of what is hers in it."""
    person = package.request.person
    require().record(
        Event(
            Action.EXPORT,
            person=None if person is None else person.pk,
            categories=tuple(category.value for category in categories),
            content_type=ContentType.objects.get_for_model(of).pk,
            object_id=of.pk,
        )
    )


written_down = doing(
    package_services.password_written_down, gettext_lazy("The password is kept nowhere any more.")
)
