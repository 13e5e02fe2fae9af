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
    return {
        "packages": list(packages.select_related("asked_by").order_by("-pk")[:MOST_SHOWN]),
        "package_form": AskForm(case=case, auto_id="package_%s"),
        "can_ask": case.is_open and case.person_id is not None and bool(case.identified_by),
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
