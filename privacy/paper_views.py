"""What is put into the file of a request: notes, tasks, attachments; and how it is handed out."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.proving import prove_again
from accounts.requests import StaffRequest
from audit.context import require
from audit.log import Action
from customers.once_forms import OnceForm
from customers.services.errors import SavedBefore
from privacy import services
from privacy.case_views import back_to, of_case, rows_of, show_case
from privacy.models import RequestAttachment, RequestTask, SubjectRequest
from privacy.request_forms import AttachForm, NoteForm, TaskForm
from privacy.step_forms import refused, take
from privacy.uploads import ENDINGS
from recordings import damage
from recordings.models import SealedFile
from recordings.services import Destroyed, clear_bytes
from recordings.vault import Tampered


@require_POST
@of_case("privacy.add_requestnote")
def add_note(request: StaffRequest, case: SubjectRequest) -> HttpResponse:
    """Note something in the file."""
    form = NoteForm(request.POST, auto_id="note_%s")
    return _put(request, case, "notes", "note_form", form, services.add_note)


@require_POST
@of_case("privacy.add_requesttask")
def add_task(request: StaffRequest, case: SubjectRequest) -> HttpResponse:
    """Say what is to be done."""
    form = TaskForm(request.POST, auto_id="task_%s")
    return _put(request, case, "tasks", "task_form", form, services.add_task)


@require_POST
@of_case("privacy.change_requesttask")
def finish_task(request: StaffRequest, case: SubjectRequest, task: UUID) -> HttpResponse:
    """Note that a task is done."""
    found = get_object_or_404(rows_of(RequestTask, request, case), public_id=task)
    services.finish_task(task=found, by=request.user)
    return back_to(case, "tasks")


@require_POST
@of_case("privacy.add_requestattachment")
def attach(request: StaffRequest, case: SubjectRequest) -> HttpResponse:
    """Put a paper into the vault."""
    form = AttachForm(request.POST, request.FILES, length=_length(request), auto_id="attach_%s")

    def put(**values: Any) -> RequestAttachment:
        content = values.pop("file").read()
        return services.attach(content=content, **values)

    return _put(request, case, "papers", "attach_form", form, put)


def _length(request: StaffRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isdecimal() else 0


def _put(
    request: StaffRequest,
    case: SubjectRequest,
    part: str,
    name: str,
    form: OnceForm,
    service: Callable[..., Any],
) -> HttpResponse:
    """Put something into the file by a service, or show the form with what is wrong with it."""
    if not form.is_valid():
        return show_case(request, case, status=422, **{name: form})
    try:
        service(request=case, by=request.user, **form.cleaned_data)
    except (SavedBefore, ValidationError) as error:
        status = refused(form, error, _at_fields)
        return show_case(request, case, status=status, **{name: form})
    messages.success(request, _("Saved."))
    return back_to(case, part)


def _at_fields(form: forms.Form, error: ValidationError) -> None:
    """What is wrong with a file's content stands at the file."""
    if "file" in form.fields and not hasattr(error, "error_dict"):
        form.add_error("file", error)
    else:
        take(form, error)


@require_POST
@of_case()
def open_attachment(
    request: StaffRequest, case: SubjectRequest, attachment: UUID
) -> HttpResponseBase:
    """Hand out an attachment as a file of the kind that its content is."""
    found = get_object_or_404(
        rows_of(RequestAttachment, request, case).select_related("file"), public_id=attachment
    )
    return handed_out(request, case, found.file, found.media_type, f"{case.number}-{found.pk}")


CANNOT_BE_OPENED = gettext_lazy("The file cannot be opened: it was destroyed, or is damaged.")


def handed_out(
    request: StaffRequest, case: SubjectRequest, file: SealedFile, media_type: str, name: str
) -> HttpResponseBase:
    """A file of the vault in clear: an export in the log, kept by no cache, run by no browser.

    Only for who has just proved who she is; whether it is damaged is told to operations.
    """
    proof = prove_again(request, reverse("requests:case", args=[case.public_id]))
    if proof is not None:
        return proof
    require().reading_as = Action.EXPORT
    try:
        content = b"".join(clear_bytes(file))
    except (Destroyed, Tampered) as error:
        if isinstance(error, Tampered):
            damage.tell(file)
        messages.error(request, CANNOT_BE_OPENED)
        return back_to(case)
    charset = "; charset=utf-8" if media_type == "text/plain" else ""
    response = HttpResponse(content, content_type=f"{media_type}{charset}")
    filename = f"{name}{ENDINGS.get(media_type, '')}"
    response.headers["Content-Disposition"] = content_disposition_header(True, filename) or ""
    response.headers["Cache-Control"] = "no-store"
    return response
