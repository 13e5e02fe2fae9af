"""Packages of demo requests: some wait for their review, some are approved and made."""

from collections.abc import Sequence

from accounts.models import User
from audit.context import AccessPurpose, access_context
from privacy.models import Package, ProposedRedaction
from privacy.package_services import approve, decide
from privacy.package_tasks import collect_package, make_package


def make_packages(
    to_review: Sequence[Package], to_make: Sequence[Package], *, asked_by: User, job: str
) -> None:
    """Collect all of them; make some, where there is a second registrar who may approve them."""
    for package in [*to_review, *to_make]:
        collect_package(package.pk)
    others = User.objects.with_role("registrar").exclude(pk=asked_by.pk)
    second = others.order_by("pk").first()
    if second is not None:
        for package in to_make:
            _approve(package, second, job)
            make_package(package.pk)


def _approve(package: Package, by: User, job: str) -> None:
    """Black out everything that was found."""
    with access_context(job=job, purpose=AccessPurpose.SUBJECT_REQUEST, actor_id=by.pk):
        finds = ProposedRedaction.objects.filter(package=package)
        for find in finds.undecided().select_related("package__request"):
            decide(find=find, seen=None, is_accepted=True, everywhere=False, by=by)
        package = Package.objects.select_related("request").get(pk=package.pk)
        approve(package=package, seen=finds.decided_digest(), by=by)
