"""The letters of a request: written from a template, read, thrown away, and noted as sent."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import StaffRequest
from contracts.documents.letters import DocumentNotMade
from customers.services.errors import SavedBefore
from privacy import services
from privacy.case_views import back_to, of_case, show_case
from privacy.letters import Template, pdf_of
from privacy.models import RequestLetter, SubjectRequest
from privacy.paper_views import handed_out
from privacy.request_forms import LetterForm, SentForm
from privacy.step_forms import refused

PDF = "application/pdf"


@require_POST
@of_case("privacy.add_requestletter")
def write(request: StaffRequest, case: SubjectRequest) -> HttpResponse:
    """Write a letter from a template; it is a draft until it is noted as sent."""
    form = LetterForm(request.POST, case=case, auto_id="letter_%s")
    if not form.is_valid():
        return show_case(request, case, status=422, letter_form=form)
    data = form.cleaned_data
    try:
        pdf = pdf_of(case, Template(data["template"]), form.writing())
        services.keep_letter(
            request=case,
            public_id=data["public_id"],
            template=data["template"],
            writing=form.writing(),
            pdf=pdf,
            by=request.user,
        )
    except DocumentNotMade:
        form.add_error(None, _("The letter could not be made. Try again in a moment."))
        return show_case(request, case, status=422, letter_form=form)
    except (SavedBefore, ValidationError) as error:
        return show_case(request, case, status=refused(form, error), letter_form=form)
    messages.success(request, _("The letter was written: read it before it goes out."))
    return back_to(case, "letters")


@require_POST
@of_case()
def read(request: StaffRequest, case: SubjectRequest, letter: UUID) -> HttpResponseBase:
    """Hand out a letter as PDF."""
    found = _letter(request, case, letter)
    return handed_out(request, case, found.file, PDF, f"{case.number}-{found.template}")


@require_POST
@of_case("privacy.change_requestletter")
def sent(request: StaffRequest, case: SubjectRequest, letter: UUID) -> HttpResponse:
    """Note that a letter went out."""
    found, form = _letter(request, case, letter), SentForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was saved: say on which day it went out."))
        return back_to(case, "letters")
    try:
        services.send_letter(letter=found, sent_on=form.cleaned_data["sent_on"], by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return back_to(case, "letters")


@require_POST
@of_case("privacy.change_requestletter")
def throw_away(request: StaffRequest, case: SubjectRequest, letter: UUID) -> HttpResponse:
    """Destroy a draft that never went out."""
    try:
        services.throw_letter_away(letter=_letter(request, case, letter), by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return back_to(case, "letters")


def _letter(request: StaffRequest, case: SubjectRequest, public_id: UUID) -> RequestLetter:
    letters = RequestLetter.objects.visible_to(request.user).filter(request=case)
    found: RequestLetter = get_object_or_404(letters.select_related("file"), public_id=public_id)
    return found
