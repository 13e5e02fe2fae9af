"""Recording consents for other purposes than marketing, and what a person told us, on her card."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import StaffRequest
from audit.context import AccessPurpose, for_purpose
from caller_lookup.contact_views import RESTRICTED
from caller_lookup.extra_forms import ConsentForm, InformationForm
from caller_lookup.focus import aim
from caller_lookup.views import Desk, person_of, refused, saved, show_desk
from consents.models import Consent
from consents.services import Answer, add_information, withdraw_consent
from consents.services import give_consent as record_consent
from consents.surveys import consent_wording
from customers.models import Person, Restriction
from customers.services import ProcessingRestricted

PANEL = "extra"


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("consents.add_consent", raise_exception=True)
@permission_required("customers.view_person", raise_exception=True)
@for_purpose(AccessPurpose.CUSTOMER_CARE)
def give_consent(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Record a consent that she gave by letter, on a form or on the phone."""
    person = person_of(request, public_id)
    found = [consent_wording(purpose, person.language) for purpose in Consent.Purpose.values]
    wordings = [one for one in found if one is not None]
    if not wordings:
        return refused(request, person, _("There is no wording of a consent in her language."))

    def save(data: dict[str, Any]) -> None:
        wording = data["wording"]
        record_consent(
            person=person,
            purpose=wording.name,
            wording=wording,
            source=data["source"],
            evidence=data["evidence"],
            recorded_by=request.user,
        )

    form = ConsentForm(request.POST or None, wordings)
    return _ask(
        request, person, form, save, _("Record a consent"), said=_("The consent was recorded.")
    )


@require_POST
@permission_required("consents.change_consent", raise_exception=True)
@permission_required("customers.view_person", raise_exception=True)
@for_purpose(AccessPurpose.CUSTOMER_CARE)
def end_consent(request: StaffRequest, public_id: UUID, consent: UUID) -> HttpResponse:
    """Record that she withdraws a consent; a restricted person may too."""
    person = person_of(request, public_id)
    consents = Consent.objects.visible_to(request.user).filter(person=person)
    withdraw_consent(consent=get_object_or_404(consents, public_id=consent))
    said = _("The consent was withdrawn; what was collected with it is erased within 30 days.")
    return saved(request, person, said, panel=PANEL)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("consents.add_supplementaryinformation", raise_exception=True)
@permission_required("customers.view_person", raise_exception=True)
@for_purpose(AccessPurpose.CUSTOMER_CARE)
def information(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Keep a wish or feedback that she told us of her own accord."""
    person = person_of(request, public_id)

    def save(data: dict[str, Any]) -> None:
        answer = Answer(data.pop("answer"))
        add_information(person=person, answers=[answer], **data)

    form = InformationForm(request.POST or None)
    return _ask(request, person, form, save, _("Add what she told"), said=_("It was added."))


def _ask(
    request: StaffRequest,
    person: Person,
    form: ConsentForm | InformationForm,
    save: Callable[[dict[str, Any]], object],
    title: str | Promise,
    *,
    said: str | Promise,
) -> HttpResponse:
    """The form below the card, until what is typed can be saved."""
    status = 200
    if Restriction.objects.filter(person=person).in_force().exists():
        return refused(request, person, RESTRICTED)
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                save({**form.cleaned_data})
                return saved(request, person, said, panel=PANEL)
        except ProcessingRestricted:
            return refused(request, person, RESTRICTED)
        except ValidationError as error:
            form.take(error)
    aim(form, form.first)
    context = {
        "title": title,
        "form": form,
        "action": request.path,
        "can_save": True,
        "panel_name": PANEL,
    }
    desk = Desk("caller_lookup/_correction.html", context)
    return show_desk(request, person, desk, status=status)
