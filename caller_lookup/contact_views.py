"""Logging a contact and closing a matter, from the card."""

from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.register_forms import SAVED_BEFORE
from accounts.requests import StaffRequest
from audit.context import AccessPurpose, for_purpose
from caller_lookup.contact_forms import CloseMatterForm, LogContactForm
from caller_lookup.focus import aim
from caller_lookup.views import is_fragment, person_of, put_into, refused, saved, show_card
from customers.models import Customer, Interaction, Person
from customers.services import ProcessingRestricted, SavedBefore, close_matter
from customers.services import log_contact as log_a_contact

RESTRICTED = _("Processing is restricted: nothing can be changed, only the contact logged.")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("customers.add_interaction", raise_exception=True)
@for_purpose(AccessPurpose.SERVICE_CALL)
def log_contact(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Log this contact in one step, with the identity checklist; the card then shows it."""
    person = person_of(request, public_id)
    if request.method != "POST":
        return show_card(request, person)
    customers = Customer.objects.visible_to(request.user).of(person).in_force_first("number")
    form = LogContactForm(request.POST, person=person, user=request.user, customers=list(customers))
    if not form.is_valid():
        return _ask_again(request, person, form)
    data = form.cleaned_data
    try:
        log_a_contact(
            public_id=data["token"],
            person=person,
            handled_by=request.user,
            channel=data["channel"],
            direction=data["direction"],
            customer=data["customer"],
            subject=data["subject"],
            summary=data["summary"],
            outcome=data["outcome"],
            is_closed=data["state"] == "closed",
            answers=form.answers(),
        )
    except SavedBefore:
        form.refuse(SAVED_BEFORE)
        return _ask_again(request, person, form, status=409)
    except ValidationError as error:
        form.add_error(None, error)
        return _ask_again(request, person, form)
    return saved(request, person, _("The contact was logged."), keeps_log_form=False)


def _ask_again(
    request: StaffRequest, person: Person, form: LogContactForm, *, status: int = 422
) -> HttpResponse:
    aim(form)
    if not is_fragment(request):
        return show_card(request, person, log_form=form, status=status)
    context = {"person": person, "log_form": form}
    response = render(request, "caller_lookup/_log_contact.html", context, status=status)
    put_into(response, f"#log-contact-{person.public_id}")
    return response


@require_POST
@permission_required("customers.change_interaction", raise_exception=True)
@for_purpose(AccessPurpose.SERVICE_CALL)
def close(request: StaffRequest, public_id: UUID, contact: UUID) -> HttpResponse:
    """Close an open matter with its outcome."""
    person = person_of(request, public_id)
    contacts = Interaction.objects.visible_to(request.user).filter(person=person)
    matter = get_object_or_404(contacts, public_id=contact)
    form = CloseMatterForm(request.POST)
    if not form.is_valid():
        return refused(request, person, _("Say what came of the matter."))
    try:
        close_matter(contact=matter, outcome=form.cleaned_data["outcome"])
    except ProcessingRestricted:
        return refused(request, person, RESTRICTED)
    return saved(request, person, _("The matter was closed."))
