"""The packages of a request on its page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.requests import StaffRequest
from privacy.models import Package, SubjectRequest
from privacy.package_forms import AskForm
from privacy.sections import Section, register_section

MOST_SHOWN = 50


def load(case: SubjectRequest, request: StaffRequest) -> dict[str, Any]:
    """The packages, newest first, and the form that asks for another."""
    packages = Package.objects.visible_to(request.user).filter(request=case)
    taken = set(packages.unfinished().values_list("contents", flat=True))
    free = [contents for contents in Package.Contents.values if contents not in taken]
    form = AskForm(case=case, auto_id="package_%s")
    form.offer_only(free)
    could_ask = case.is_open and case.person_id is not None and bool(case.identified_by)
    return {
        "packages": list(packages.select_related("asked_by").order_by("-pk")[:MOST_SHOWN]),
        "package_form": form,
        "can_ask": could_ask and bool(free),
        "waits": could_ask and not free,
    }


register_section(
    Section(
        "package",
        _("Package for the person"),
        "privacy.view_package",
        load,
        "privacy/_package.html",
        place=10,
    )
)
