"""Recording what a caller says about marketing: on the card, in its panel, and for a company."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.requests import StaffRequest
from audit.context import AccessPurpose, for_purpose
from caller_lookup.contact_views import RESTRICTED
from caller_lookup.customer_views import show_tab
from caller_lookup.views import is_fragment, person_of, refused, saved
from consents.models import MarketingChoice, Wording
from consents.services import (
    NothingToPutBack,
    prohibit_everything,
    record_choice,
    undo_choices,
)
from customers.models import Customer
from customers.services import ProcessingRestricted

PANEL = "permissions"
EVERY_CHANNEL = "all"

_READ_OUT = _("Read out the present wording first, then record it.")
_UNKNOWN = _("There is no such channel or choice.")
_RECORDED = _("The choice was recorded.")


class _NotReadOut(Exception):  # noqa: N818  (it reads as what it says)
    """A permission without the present wording."""


def _wording_of(request: StaffRequest, language: str) -> Wording | None:
    """The wording of a permission that was read out to her (GDPR Art. 7(1)).

    There is none without one, nor with one that has been replaced since the page was opened.
    """
    if request.POST.get("choice") != MarketingChoice.Choice.PERMITTED:
        return None
    wording = Wording.objects.to_read_out(language)
    if wording is None or str(wording.public_id) != request.POST.get("wording", ""):
        raise _NotReadOut
    return wording


@require_POST
@permission_required("consents.add_marketingchoice", raise_exception=True)
@permission_required("customers.view_person", raise_exception=True)
@for_purpose(AccessPurpose.SERVICE_CALL)
def choose(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Record what the person says on the phone about one channel, or that all of it stops."""
    person = person_of(request, public_id)
    panel = "" if request.POST.get("from") == "card" else PANEL
    channel, choice = request.POST.get("channel", ""), request.POST.get("choice", "")
    source = MarketingChoice.Source.CALL
    try:
        if (channel, choice) == (EVERY_CHANNEL, MarketingChoice.Choice.PROHIBITED):
            prohibit_everything(person=person, source=source, recorded_by=request.user)
            return saved(request, person, _("All marketing was prohibited."), panel=panel)
        record_choice(
            person=person,
            channel=channel,
            choice=choice,
            source=source,
            recorded_by=request.user,
            wording=_wording_of(request, person.language),
        )
    except _NotReadOut:
        return refused(request, person, _READ_OUT)
    except ProcessingRestricted:
        return refused(request, person, RESTRICTED)
    except ValidationError:
        return refused(request, person, _UNKNOWN)
    return saved(request, person, _RECORDED, panel=panel)


@require_POST
@permission_required("consents.add_marketingchoice", raise_exception=True)
@permission_required("customers.view_person", raise_exception=True)
@for_purpose(AccessPurpose.SERVICE_CALL)
def undo(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Put back the permissions that stood before what the user recorded by mistake."""
    person = person_of(request, public_id)
    channels = [
        one for one in request.POST.getlist("channel") if one in MarketingChoice.Channel.values
    ]
    try:
        undo_choices(person=person, channels=channels, recorded_by=request.user)
    except NothingToPutBack:
        return refused(
            request,
            person,
            _("Nothing can be put back: read out the wording, and record what she says now."),
        )
    except ProcessingRestricted:
        return refused(request, person, RESTRICTED)
    return saved(request, person, _("What stood before was put back."))


@require_POST
@permission_required("consents.add_marketingchoice", raise_exception=True)
@permission_required("customers.view_customer", raise_exception=True)
@for_purpose(AccessPurpose.SERVICE_CALL)
def choose_for_company(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Record what a company says of its own numbers and addresses."""
    customers = Customer.objects.visible_to(request.user).select_related("owner")
    customer = get_object_or_404(customers, public_id=public_id)
    status, said = 200, _RECORDED
    try:
        record_choice(
            customer=customer,
            channel=request.POST.get("channel", ""),
            choice=request.POST.get("choice", ""),
            source=MarketingChoice.Source.CALL,
            recorded_by=request.user,
            wording=_wording_of(request, customer.language),
        )
    except _NotReadOut:
        status, said = 409, _READ_OUT
    except ProcessingRestricted:
        status, said = 409, RESTRICTED
    except ValidationError:
        status, said = 409, _UNKNOWN
    (messages.success if status == 200 else messages.error)(request, str(said))
    if status == 200 and not is_fragment(request):
        return redirect("customers:tab", customer.public_id, PANEL)
    return show_tab(request, customer, PANEL, status=status)
