"""Packages in tests: asked for and brought on by the services and the jobs themselves."""

from typing import Any
from uuid import uuid4

from accounts.models import User
from audit.context import AccessPurpose, access_context
from customers.models import Person
from privacy import package_services
from privacy.models import Package, PackageFile, ProposedRedaction, SubjectRequest
from privacy.package_drafts import texts_of
from privacy.package_tasks import collect_package, make_package
from privacy.states import State
from recordings.services import clear_bytes
from tests.request_builders import a_request, the_registrar


def working() -> Any:
    return access_context(job="test", purpose=AccessPurpose.SUBJECT_REQUEST)


def the_other_registrar() -> User:
    """Whoever did not ask for the package."""
    return the_registrar("registrar 2")


def asked_for(
    person: Person | None = None,
    contents: str = Package.Contents.ACCESS,
    request: SubjectRequest | None = None,
    **more: Any,
) -> Package:
    """A package that the registrar has asked for and nothing has been done about."""
    if person is not None:
        more.setdefault("requester_name", person.display_name)
    request = request or a_request(person, State.IN_PROGRESS, **more)
    with working():
        package, _is_new = package_services.ask_for_package(
            request=request, public_id=uuid4(), contents=contents, by=the_registrar()
        )
    return as_it_is(package)


def collected(person: Person | None = None, **more: Any) -> Package:
    """A package that is to be reviewed."""
    package = asked_for(person, **more)
    collect_package(package.pk)
    return as_it_is(package)


def approved(package: Package, *, accepts: bool = False) -> Package:
    """A package whose finds were all decided the same way, approved by the other registrar."""
    by = the_other_registrar()
    with working():
        finds = ProposedRedaction.objects.filter(package=package).undecided()
        for find in finds.select_related("package__request"):
            package_services.decide(
                find=find, seen=None, is_accepted=accepts, everywhere=False, by=by
            )
        approve_as_it_is(package, by)
    return as_it_is(package)


def approve_as_it_is(package: Package, by: User) -> Package:
    """Approve exactly what is decided now; runs in an access context."""
    seen = ProposedRedaction.objects.filter(package=package).decided_digest()
    return package_services.approve(package=as_it_is(package), seen=seen, by=by)


def ready(person: Person | None = None, *, accepts: bool = False, **more: Any) -> Package:
    """A package whose files are made."""
    package = approved(collected(person, **more), accepts=accepts)
    make_package(package.pk)
    return as_it_is(package)


def as_it_is(package: Package) -> Package:
    with working():
        return Package.objects.select_related("request__person", "draft", "password").get(
            pk=package.pk
        )


def files_of(package: Package) -> dict[str, bytes]:
    """The files of a package in clear, by kind and volume."""
    with working():
        files = list(PackageFile.objects.filter(package=package).select_related("file"))
    return {f"{one.kind}-{one.volume}": b"".join(clear_bytes(one.file)) for one in files}


def texts_of_finds(package: Package) -> list[str]:
    """What stands in the places that were found, in the order of the draft."""
    with working():
        finds = finds_of(package)
        texts = texts_of(package, {find.pointer for find in finds})
    return [texts[find.pointer][find.start : find.stop] for find in finds]


def finds_of(package: Package) -> list[ProposedRedaction]:
    with working():
        return list(ProposedRedaction.objects.filter(package=package).order_by("pk"))
