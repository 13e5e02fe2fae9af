"""`/requests/UUID/decisions/`: what is decided in a request, a page each, and who is told of it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import StaffRequest
from customers.models import Person, Restriction
from customers.services.errors import ChangedMeanwhile, SavedBefore
from privacy import correctable, services
from privacy.case_views import back_to, of_case, rows_of
from privacy.decision_forms import (
    CompleteForm,
    ErasureForm,
    ObjectionForm,
    RectifyForm,
    RestrictForm,
    StaffNamesForm,
    ToldForm,
)
from privacy.held import held_of
from privacy.models import (
    ErasureDecision,
    Objection,
    RecipientNotice,
    StaffNamesDecision,
    SubjectRequest,
)
from privacy.needed import decisions_of
from privacy.step_forms import CONFLICT, UNPROCESSABLE, refused

form_page = require_http_methods(["GET", "HEAD", "POST"])


def _person_of(case: SubjectRequest) -> Person:
    """Whose data it is about; nothing is decided about nobody."""
    if case.person is None:
        raise Http404
    return case.person


def _decide(
    request: StaffRequest,
    case: SubjectRequest,
    form: Any,
    save: Callable[[dict[str, Any]], object],
    *,
    title: str | Promise,
    about: str | Promise,
    button: str | Promise,
    said: str | Promise,
    template: str = "privacy/decision.html",
    part: str = "decisions",
    see: Callable[[Any], Any] | None = None,
    **context: Any,
) -> HttpResponse:
    """Ask for a decision and save it; whoever comes second sees what the first one decided.

    `see` lets the form go on from what the other one saved, and gives more for the page.
    """
    status = 200
    if request.method == "POST":
        try:
            if form.is_valid():
                save(form.cleaned_data)
                messages.success(request, str(said))
                return back_to(case, part)
            status = UNPROCESSABLE
        except ChangedMeanwhile as error:
            status = CONFLICT
            if see is not None:
                context |= see(error.record) or {}
        except (SavedBefore, ValidationError) as error:
            status = refused(form, error, type(form).take)
    context |= {
        "case": case,
        "form": form,
        "title": title,
        "about": about,
        "button": button,
        "is_conflict": status == CONFLICT and not form.errors,
    }
    return render(request, template, context, status=status)


# --- rectification --------------------------------------------------------------------------------


@require_safe
@of_case("privacy.add_rectification")
def values(request: StaffRequest, case: SubjectRequest) -> HttpResponse:
    """The values of hers that can be put right, to choose the one that she contests."""
    records = list(correctable.values_of(_person_of(case), request.user))
    return render(request, "privacy/decision_values.html", {"case": case, "records": records})


@require_safe
@of_case("privacy.add_rectification")
def other_kinds(request: StaffRequest, case: SubjectRequest) -> HttpResponse:
    """Every kind of records that is held of her, to choose the one with the value."""
    kinds = correctable.kinds_of(_person_of(case), request.user)
    return render(request, "privacy/decision_kinds.html", {"case": case, "kinds": kinds})


@require_safe
@of_case("privacy.add_rectification")
def other_values(request: StaffRequest, case: SubjectRequest, model: str) -> HttpResponse:
    """The values of her records of one kind."""
    found = correctable.records_of(_person_of(case), request.user, model)
    if found is None:
        raise Http404
    kind, records = found
    context = {
        "case": case,
        "title": kind,
        "records": [(values[0].kind, values) for values in records if values],
        "is_cut": len(records) == correctable.MOST_RECORDS,
    }
    return render(request, "privacy/decision_values.html", context)


@form_page
@of_case("privacy.add_rectification")
def complete(request: StaffRequest, case: SubjectRequest) -> HttpResponse:
    """Decide about something that she says is missing."""
    _person_of(case)
    return _decide(
        request,
        case,
        CompleteForm(request.POST or None, auto_id="complete_%s"),
        lambda data: services.complete(request=case, by=request.user, **data),
        title=gettext_lazy("Is something missing?"),
        about=gettext_lazy(
            "She may have incomplete data completed, also by a statement of her own (Art. 16)."
            " What belongs into a field of its own is added as on her card, or is a task."
        ),
        button=gettext_lazy("Decide"),
        said=gettext_lazy("Decided."),
    )


@form_page
@of_case("privacy.add_rectification")
def rectify(
    request: StaffRequest, case: SubjectRequest, model: str, record: UUID, field: str
) -> HttpResponse:
    """Decide about one value that she says is wrong."""
    value = correctable.value_of(_person_of(case), request.user, model, record, field)
    if value is None:
        raise Http404
    form = RectifyForm(request.POST or None, value=value, auto_id="rectify_%s")

    def see(now: Any) -> dict[str, Any]:
        fresh = correctable.Value(now, value.field)
        form.see(fresh)
        return {"value": fresh}

    return _decide(
        request,
        case,
        form,
        lambda data: services.rectify(request=case, value=value, by=request.user, **data),
        title=gettext_lazy("Is this value wrong?"),
        about=gettext_lazy(
            "Accepted, it is put right at once, as on her card, and the old value stays as history."
        )
        if value.is_written
        else gettext_lazy(
            "Nothing writes this value by itself: accepted, putting it right becomes a task of the"
            " request, which is closed once that is done."
        ),
        button=gettext_lazy("Decide"),
        said=gettext_lazy("Decided."),
        see=see,
        value=value,
    )


# --- restriction ----------------------------------------------------------------------------------


@form_page
@of_case("customers.add_restriction")
def restrict(request: StaffRequest, case: SubjectRequest) -> HttpResponse:
    """Restrict her data from now on."""
    _person_of(case)
    return _decide(
        request,
        case,
        RestrictForm(request.POST or None, auto_id="restrict_%s"),
        lambda data: services.restrict(request=case, by=request.user, **data),
        title=gettext_lazy("Restrict her data"),
        about=gettext_lazy(
            "From now on it is only stored: nobody changes, lists, exports or deletes it until the"
            " restriction is lifted (Art. 18). She still gets her own package."
        ),
        button=gettext_lazy("Restrict from now on"),
        said=gettext_lazy("Her data is restricted."),
    )


@require_POST
@of_case("customers.change_restriction")
def lift(request: StaffRequest, case: SubjectRequest, restriction: UUID) -> HttpResponse:
    """Lift a restriction, once she has been told."""
    hers = Restriction.objects.visible_to(request.user).filter(person=_person_of(case))
    found = get_object_or_404(hers, public_id=restriction)
    try:
        services.lift(request=case, restriction=found, by=request.user)
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
    else:
        messages.success(request, _("The restriction was lifted."))
    return back_to(case, "decisions")


# --- objection, erasure, names of staff -----------------------------------------------------------


@form_page
@of_case("privacy.add_objection")
def objection(request: StaffRequest, case: SubjectRequest) -> HttpResponse:
    """Decide about an objection; to marketing it is absolute."""
    _person_of(case)
    last = _last(Objection, request, case)
    form = ObjectionForm(request.POST or None, auto_id="objection_%s")
    return _with_last(
        request,
        case,
        form,
        last,
        lambda data: services.decide_objection(request=case, by=request.user, **data),
        title=gettext_lazy("Decide about her objection"),
        about=gettext_lazy(
            "To direct marketing it is absolute: every channel is prohibited at once, and nothing"
            " is weighed. To anything else we stop, unless our grounds are compelling (Art. 21)."
        ),
        button=gettext_lazy("Decide"),
        said=gettext_lazy("Decided."),
    )


@form_page
@of_case("privacy.add_staffnamesdecision")
def staff_names(request: StaffRequest, case: SubjectRequest) -> HttpResponse:
    """Decide whether her report names the staff who looked at her data."""
    _person_of(case)
    last = _last(StaffNamesDecision, request, case)
    form = StaffNamesForm(request.POST or None, auto_id="names_%s")
    return _with_last(
        request,
        case,
        form,
        last,
        lambda data: services.decide_staff_names(request=case, by=request.user, **data),
        title=gettext_lazy("Names of staff in her report"),
        about=gettext_lazy(
            "The report says when and why her data was looked at. Who looked is told only if she"
            " cannot use her rights without it, and their rights do not outweigh it (C-579/21)."
            " The next package goes by the newest decision."
        ),
        button=gettext_lazy("Decide"),
        said=gettext_lazy("Decided."),
    )


def _last(model: Any, request: StaffRequest, case: SubjectRequest) -> Any:
    rows = rows_of(model, request, case).select_related("decided_by")
    return rows.order_by("-pk").first()


def _with_last(
    request: StaffRequest,
    case: SubjectRequest,
    form: Any,
    last: Any,
    save: Callable[[dict[str, Any]], object],
    **page: Any,
) -> HttpResponse:
    """A form that stands beside the newest decision of its kind."""
    if not form.is_bound:
        form.see(last)

    def see(now: Any) -> dict[str, Any]:
        form.see(now)
        return {"last": now}

    return _decide(request, case, form, save, see=see, last=last, **page)


@form_page
@of_case("privacy.add_erasuredecision")
def erasure(request: StaffRequest, case: SubjectRequest) -> HttpResponse:
    """Decide by category what is erased and what stays."""
    decided = decisions_of(case)
    form = ErasureForm(
        request.POST or None,
        held=held_of(_person_of(case)),
        decided=decided,
        last=_last(ErasureDecision, request, case),
        auto_id="erasure_%s",
    )

    def see(now: Any) -> None:
        form.see(now)

    return _decide(
        request,
        case,
        form,
        lambda data: services.decide_erasure(
            request=case, decided=form.chosen(), seen_last=data["seen_last"], by=request.user
        ),
        title=gettext_lazy("What is erased, and what stays"),
        about=gettext_lazy(
            "Each kind of data that we hold of her is decided on a ground of Art. 17. This page"
            " keeps the decisions; the plan that follows them is approved by a second person."
        ),
        button=gettext_lazy("Keep the decisions"),
        said=gettext_lazy("Decided."),
        template="privacy/decision_erasure.html",
        see=see,
    )


# --- recipients -----------------------------------------------------------------------------------


@form_page
@of_case("privacy.change_recipientnotice")
def told(request: StaffRequest, case: SubjectRequest, notice: UUID) -> HttpResponse:
    """Note when a recipient was told of it, or why he is not."""
    notices = rows_of(RecipientNotice, request, case).select_related("recipient", "request")
    found = get_object_or_404(notices, public_id=notice)
    form = ToldForm(request.POST or None, notice=found, auto_id="told_%s")

    def see(now: Any) -> None:
        form.see(now)

    return _decide(
        request,
        case,
        form,
        lambda data: services.note_told(notice=found, by=request.user, **data),
        title=found.recipient.name,
        about=gettext_lazy(
            "Who has received her data is told what was put right, erased or restricted, unless"
            " that is impossible or out of proportion (Art. 19)."
        ),
        button=gettext_lazy("Note it"),
        said=gettext_lazy("Saved."),
        part="recipients",
        see=see,
    )
