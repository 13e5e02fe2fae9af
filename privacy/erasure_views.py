"""`/requests/UUID/erasure/`: the plan of what is erased, its approval, and the certificate."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.proving import prove_again
from accounts.requests import StaffRequest
from accounts.searches import SEARCHES
from contracts.documents.letters import DocumentNotMade
from customers.models.base import Language
from privacy.case_views import of_case, rows_of
from privacy.forgetting.certificate import pdf_of
from privacy.forgetting.request_words import beyond_reach, differences, going, staying
from privacy.forgetting.requests import (
    MOVED_ON,
    PlanChanged,
    erase_as_approved,
    plan_erasure,
    runs_of,
)
from privacy.models import ErasureRun, RecipientNotice, SubjectRequest
from privacy.needed import decisions_of
from privacy.step_forms import CONFLICT

Status = ErasureRun.Status
SHOWN = (Status.PLANNED, Status.DONE)


@require_safe
@of_case("privacy.view_erasurerun")
def erasure(request: StaffRequest, case: SubjectRequest) -> HttpResponse:
    """What would go and what stays, as it was planned, or what went, as it was approved."""
    return _show(request, case)


def _show(
    request: StaffRequest, case: SubjectRequest, *, status: int = 200, **more: Any
) -> HttpResponse:
    runs = runs_of(case)
    newest = next((run for run in runs if run.status in SHOWN), None)
    context: dict[str, Any] = {
        "case": case,
        "run": newest,
        "done": next((run for run in runs if run.status == Status.DONE), None),
        "can_plan": _can_plan(case),
        "is_own": newest is not None and newest.planned_by_id == request.user.pk,
        "languages": Language.choices,
        "notices": rows_of(RecipientNotice, request, case).select_related("recipient"),
        **more,
    }
    if newest is not None:
        context |= {
            "going": going(newest.plan, is_done=newest.status == Status.DONE),
            "staying": staying(newest.stays),
            "beyond_reach": beyond_reach(newest.stays),
        }
    return render(request, "privacy/erasure.html", context, status=status)


def _can_plan(case: SubjectRequest) -> bool:
    if not case.is_open or case.person_id is None or not case.identified_by:
        return False
    return any(one.is_erased for one in decisions_of(case).values())


@require_POST
@of_case("privacy.add_erasurerun")
def plan(request: StaffRequest, case: SubjectRequest) -> HttpResponse:
    """Make the plan of what was decided, for a second person to approve."""
    try:
        plan_erasure(request=case, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The plan is made. Somebody else reads and approves it."))
    return _to_plan(case)


@require_POST
@of_case("privacy.change_erasurerun")
def approve(request: StaffRequest, case: SubjectRequest, run: UUID) -> HttpResponse:
    """Approve a plan as it was shown and carry it out; who does so proves again who she is."""
    proof = prove_again(request, reverse("requests:erasure", args=[case.public_id]))
    if proof is not None:
        return proof
    found, digest = _run(case, run), request.POST.get("digest", "")
    try:
        erase_as_approved(request=case, run=found, digest=digest, by=request.user)
    except PlanChanged as error:
        changes = differences(error.approved, error.now)
        return _show(request, case, status=CONFLICT, is_conflict=True, changes=changes)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        if getattr(error, "code", None) == MOVED_ON:
            return _show(request, case, status=CONFLICT)
    else:
        request.session.pop(SEARCHES, None)  # read before it went; saved again it would name her
        messages.success(request, _("It was erased. The certificate is ready."))
    return _to_plan(case)


@require_safe
@of_case("privacy.view_erasurerun")
def certificate(
    request: StaffRequest, case: SubjectRequest, run: UUID, language: str
) -> HttpResponse:
    """The certificate of what was erased as PDF; it names nobody whose data it was."""
    found = _run(case, run)
    if found.status != Status.DONE or language not in Language.values:
        raise Http404
    try:
        pdf = pdf_of(found, language)
    except DocumentNotMade:
        messages.error(request, _("The certificate could not be made. Try again in a moment."))
        return _to_plan(case)
    name = f"{case.number}-certificate-{language}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def _run(case: SubjectRequest, public_id: UUID) -> ErasureRun:
    runs = ErasureRun.objects.filter(kind=ErasureRun.Kind.REQUEST, request_number=case.number)
    return get_object_or_404(runs.select_related("planned_by", "approved_by"), public_id=public_id)


def _to_plan(case: SubjectRequest) -> HttpResponse:
    return redirect("requests:erasure", public_id=case.public_id)
