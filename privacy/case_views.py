"""`/requests/UUID/`: the case and its steps."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import StaffRequest
from audit.context import AccessPurpose, for_purpose
from customers.models import Hold, Restriction
from customers.services.errors import ChangedMeanwhile
from privacy import services
from privacy.history import history_of
from privacy.models import (
    RequestAttachment,
    RequestLetter,
    RequestNote,
    RequestTask,
    StateChange,
    SubjectRequest,
)
from privacy.needed import erasures_of
from privacy.reckoning import due_as_of, reckoned
from privacy.request_forms import AttachForm, LetterForm, NoteForm, SentForm, TaskForm
from privacy.sections import sections
from privacy.shown import left_of
from privacy.step_forms import TakingForm, WhoseForm, person_of
from privacy.steps import Step, offered

CaseView = Callable[..., HttpResponseBase]


def of_case(*permissions: str) -> Callable[[CaseView], CaseView]:
    """A view of one request: who may see it gets it, with the right that the view asks besides."""

    def decorate(view: CaseView) -> CaseView:
        checked: CaseView = for_purpose(AccessPurpose.SUBJECT_REQUEST)(_with_case(view))
        for permission in ("privacy.view_subjectrequest", *permissions):
            checked = permission_required(permission, raise_exception=True)(checked)
        return checked

    return decorate


def _with_case(view: CaseView) -> CaseView:
    @wraps(view)
    def inside(request: StaffRequest, public_id: UUID, **kwargs: Any) -> HttpResponseBase:
        return view(request, case_of(request, public_id), **kwargs)

    return inside


def case_of(request: StaffRequest, public_id: UUID) -> SubjectRequest:
    """The request with its person and the staff that it names; 404 for who may not see it."""
    cases = SubjectRequest.objects.visible_to(request.user)
    with_them = cases.select_related("person", "handler", "opened_by", "identified_with")
    case: SubjectRequest = get_object_or_404(with_them, public_id=public_id)
    return case


@require_safe
@of_case()
def case(request: StaffRequest, case: SubjectRequest) -> HttpResponse:
    """Everything about one request: who, until when, what can be done, what lies in its file."""
    return show_case(request, case)


def show_case(
    request: StaffRequest, case: SubjectRequest, *, status: int = 200, **forms_: Any
) -> HttpResponse:
    """The page of a request; a form that was filled in comes back in the place of the empty one."""
    today, user = timezone.localdate(), request.user
    pauses = services.pauses_of(case)
    context = {
        "case": case,
        "left": left_of(case),
        "due": due_as_of(case, pauses, today),
        "reckoned": reckoned(case, pauses, today),
        "steps": offered(case),
        "is_restricted": _is_restricted(case),
        "holds": Hold.objects.visible_to(user).over([case.person_id]).in_force(),
        "is_erased": case.person_id is None and erasures_of(case).exists(),
        "tasks": rows_of(RequestTask, request, case)
        .select_related("done_by")
        .order_by("due_on", "id"),
        "notes": rows_of(RequestNote, request, case).select_related("written_by").order_by("id"),
        "papers": rows_of(RequestAttachment, request, case).order_by("id"),
        "letters": rows_of(RequestLetter, request, case).select_related("made_by").order_by("id"),
        "history": history_of(case, rows_of(StateChange, request, case)),
        "sections": [
            (section, shown)
            for section in sections.allowed(user)
            if (shown := section.load(case, request))
        ],
        "note_form": NoteForm(auto_id="note_%s"),
        "task_form": TaskForm(auto_id="task_%s"),
        "attach_form": AttachForm(auto_id="attach_%s"),
        "letter_form": LetterForm(case=case, auto_id="letter_%s"),
        "sent_form": SentForm(auto_id=False),
        **forms_,
    }
    return render(request, "privacy/case.html", context, status=status)


def rows_of(model: Any, request: StaffRequest, case: SubjectRequest) -> Any:
    """What of one kind lies in the file of a request, as far as the user may see it."""
    return model.objects.visible_to(request.user).filter(request=case)


def _is_restricted(case: SubjectRequest) -> bool:
    if case.person_id is None:
        return False
    return Restriction.objects.filter(person=case.person_id).in_force().exists()


def back_to(case: SubjectRequest, part: str = "") -> HttpResponse:
    """The way back to the case, to the part of the page where something was done."""
    address = reverse("requests:case", args=[case.public_id])
    return redirect(f"{address}#{part}" if part else address)


# --- steps ----------------------------------------------------------------------------------------


def step_view(step: Step) -> CaseView:
    """The page of one step: what it asks, and taking it."""
    asked = of_case("privacy.change_subjectrequest")(partial(_step, step=step))
    view: CaseView = require_http_methods(["GET", "HEAD", "POST"])(asked)
    return view


def _step(request: StaffRequest, case: SubjectRequest, *, step: Step) -> HttpResponse:
    is_offered = step.is_offered(case)
    if request.method != "POST":
        form = step.form(case=case, user=request.user) if is_offered else None
        return _show_step(request, case, step, form)
    form = step.form(request.POST, case=case, user=request.user)
    if not is_offered:
        return _show_step(request, case, step, None, status=409)
    if not form.is_valid():
        return _show_step(request, case, step, form, status=422)
    try:
        step.do(case, request.user, form.cleaned_data)
    except ChangedMeanwhile:
        case = case_of(request, case.public_id)
        if not step.is_offered(case):
            return _show_step(request, case, step, None, status=409)
        form.see_again(case)
        return _show_step(request, case, step, form, status=409)
    except ValidationError as error:
        form.take(error)
        return _show_step(request, case, step, form, status=422)
    messages.success(request, _("Saved."))
    return back_to(case)


def _show_step(
    request: StaffRequest,
    case: SubjectRequest,
    step: Step,
    form: TakingForm | None,
    *,
    status: int = 200,
) -> HttpResponse:
    last = rows_of(StateChange, request, case).select_related("changed_by").order_by("id").last()
    context = {
        "case": case,
        "step": step,
        "form": form,
        "chosen": _chosen(request, form),
        "left": left_of(case),
        "is_conflict": status == 409,
        "last": last,
    }
    return render(request, "privacy/step.html", context, status=status)


def _chosen(request: StaffRequest, form: TakingForm | None) -> str:
    """The name of the person whom the form names, where it names one."""
    if not isinstance(form, WhoseForm):
        return ""
    if not form.is_bound:
        return form.case.person.display_name if form.case.person is not None else ""
    try:
        person = person_of(form.cleaned_data.get("person"), request.user)
    except ValidationError:
        return ""
    return person.display_name if person is not None else ""
