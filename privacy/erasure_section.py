"""The erasure of a request on its page: how far it is, and the way to its plan."""

from typing import Any

from django.utils.translation import pgettext_lazy

from accounts.requests import StaffRequest
from privacy.forgetting.requests import runs_of
from privacy.models import ErasureRun, SubjectRequest
from privacy.needed import decisions_of
from privacy.sections import Section, register_section


def load(case: SubjectRequest, request: StaffRequest) -> dict[str, Any]:
    """The plans, newest first, and whether there is anything to plan; else nothing."""
    runs = runs_of(case)
    is_decided = any(one.is_erased for one in decisions_of(case).values())
    can_plan = case.is_open and case.person_id is not None and is_decided
    if not (runs or can_plan or case.kind == SubjectRequest.Kind.ERASURE):
        return {}
    return {
        "runs": runs,
        "waits": any(run.status == ErasureRun.Status.PLANNED for run in runs),
        "can_plan": can_plan,
    }


register_section(
    Section(
        "erasure",
        pgettext_lazy("of a request", "Erasing"),
        "privacy.view_erasurerun",
        load,
        "privacy/_erasure.html",
        place=25,
    )
)
