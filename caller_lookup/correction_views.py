"""Corrections on the card: one form per fact, old value beside new, and a conflict page."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import StaffRequest
from audit.context import AccessPurpose, for_purpose
from caller_lookup import correction_forms as forms
from caller_lookup.contact_views import RESTRICTED
from caller_lookup.focus import aim
from caller_lookup.views import Desk, person_of, refused, saved, show_desk
from customers import services
from customers.covering import shown_address
from customers.models import Address, ContactPerson, ContactPoint, Person, Restriction
from customers.models.base import RegisterModel
from customers.services import AlreadyEnded, ChangedMeanwhile, ProcessingRestricted

ENDED = _("It has been ended already.")
CHANGED = _("Somebody else changed this in the meantime. Look at the card and try again.")

Before = Callable[[Any], str]
"""How the old value of a record is written."""


# --- the person herself ---------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("customers.change_person", raise_exception=True)
@for_purpose(AccessPurpose.SERVICE_CALL)
def name(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Correct the person's name."""
    person = person_of(request, public_id)
    old = {"first_name": person.first_name, "last_name": person.last_name}
    return _correct(
        request,
        person,
        person,
        title=_("Correct the name"),
        form=forms.NameForm(request.POST or None, initial=old),
        before=lambda now: now.display_name,
        save=lambda data: services.correct_name(person=person, **data),
        said=_("The name was corrected."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("customers.change_person", raise_exception=True)
@for_purpose(AccessPurpose.SERVICE_CALL)
def language(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Change the language that the person is served in."""
    person = person_of(request, public_id)
    return _correct(
        request,
        person,
        person,
        title=_("Change the language"),
        form=forms.LanguageForm(request.POST or None, initial={"language": person.language}),
        before=lambda now: str(now.get_language_display()),
        save=lambda data: services.set_language(person=person, **data),
        said=_("The language was changed."),
    )


# --- phone numbers and e-mail addresses -----------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("customers.add_contactpoint", raise_exception=True)
@for_purpose(AccessPurpose.SERVICE_CALL)
def add_point(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Add a phone number or an e-mail address."""
    person = person_of(request, public_id)
    return _correct(
        request,
        person,
        None,
        title=_("Add a number or an e-mail address"),
        form=forms.NewContactPointForm(request.POST or None),
        save=lambda data: services.add_contact_point(person=person, **data),
        said=_("It was added."),
        panel="contact",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("customers.change_contactpoint", raise_exception=True)
@for_purpose(AccessPurpose.SERVICE_CALL)
def point(request: StaffRequest, public_id: UUID, point: UUID) -> HttpResponse:
    """Put another number or e-mail address in the place of one."""
    person = person_of(request, public_id)
    record = _point_of(request, person, point)
    old = {"as_written": record.as_written, "label": record.label}
    return _correct(
        request,
        person,
        record,
        title=_("Correct a number or an e-mail address"),
        form=forms.ContactPointForm(request.POST or None, initial=old),
        before=lambda now: " · ".join(filter(None, [now.as_written, now.label])),
        save=lambda data: services.correct_contact_point(point=record, **data),
        said=_("It was corrected; the old one is in the contact details as ended."),
        panel="contact",
        instead=reverse("persons:add_point", args=[public_id]),
    )


@require_POST
@permission_required("customers.change_contactpoint", raise_exception=True)
@for_purpose(AccessPurpose.SERVICE_CALL)
def end_point(request: StaffRequest, public_id: UUID, point: UUID) -> HttpResponse:
    """End a number or an e-mail address."""
    person = person_of(request, public_id)
    record = _point_of(request, person, point)
    return _at_once(
        request,
        person,
        lambda seen: services.end_contact_point(point=record, seen_at=seen),
        said=_("It was ended."),
    )


@require_POST
@permission_required("customers.change_contactpoint", raise_exception=True)
@for_purpose(AccessPurpose.SERVICE_CALL)
def first_point(request: StaffRequest, public_id: UUID, point: UUID) -> HttpResponse:
    """Make a number or an e-mail address the first choice of its kind."""
    person = person_of(request, public_id)
    record = _point_of(request, person, point)
    return _at_once(
        request,
        person,
        lambda seen: services.make_first_choice(point=record, seen_at=seen),
        said=_("It is the first choice now."),
    )


def _point_of(request: StaffRequest, person: Person, public_id: UUID) -> ContactPoint:
    points = ContactPoint.objects.visible_to(request.user).filter(person=person)
    return get_object_or_404(points, public_id=public_id)


# --- addresses ------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("customers.add_address", raise_exception=True)
@for_purpose(AccessPurpose.SERVICE_CALL)
def add_address(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Add an address."""
    person = person_of(request, public_id)
    return _correct(
        request,
        person,
        None,
        title=_("Add an address"),
        form=forms.NewAddressForm(request.POST or None),
        save=lambda data: services.add_address(person=person, **data),
        said=_("The address was added."),
        panel="contact",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("customers.change_address", raise_exception=True)
@for_purpose(AccessPurpose.SERVICE_CALL)
def address(request: StaffRequest, public_id: UUID, address: UUID) -> HttpResponse:
    """Put another address in the place of one."""
    person = person_of(request, public_id)
    record = _address_of(request, person, address)
    fields = ("kind", "street", "postal_code", "city", "country")
    old = {field: getattr(record, field) for field in fields}
    return _correct(
        request,
        person,
        record,
        title=_("Correct an address"),
        form=forms.AddressForm(request.POST or None, initial=old),
        before=lambda now: ", ".join(shown_address(now, cover=False).lines),
        save=lambda data: services.correct_address(address=record, **data),
        said=_("The address was corrected; the old one is in the contact details as ended."),
        panel="contact",
        instead=reverse("persons:add_address", args=[public_id]),
    )


@require_POST
@permission_required("customers.change_address", raise_exception=True)
@for_purpose(AccessPurpose.SERVICE_CALL)
def end_address(request: StaffRequest, public_id: UUID, address: UUID) -> HttpResponse:
    """End an address."""
    person = person_of(request, public_id)
    record = _address_of(request, person, address)
    return _at_once(
        request,
        person,
        lambda seen: services.end_address(address=record, seen_at=seen),
        said=_("It was ended."),
    )


def _address_of(request: StaffRequest, person: Person, public_id: UUID) -> Address:
    addresses = Address.objects.visible_to(request.user).filter(person=person)
    return get_object_or_404(addresses, public_id=public_id)


# --- what she does for a company ------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("customers.change_contactperson", raise_exception=True)
@for_purpose(AccessPurpose.SERVICE_CALL)
def role(request: StaffRequest, public_id: UUID, role: UUID) -> HttpResponse:
    """Give a contact person another task or position."""
    person = person_of(request, public_id)
    record = _role_of(request, person, role)
    old = {"task": record.task, "position": record.position}
    return _correct(
        request,
        person,
        record,
        title=_("Correct the task or position"),
        form=forms.ContactRoleForm(request.POST or None, initial=old),
        before=lambda now: " · ".join(filter(None, [now.task, now.position])),
        save=lambda data: services.correct_contact_role(role=record, **data),
        said=_("The role was corrected; the old one stays as history."),
        about=record.customer.company_name,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("customers.change_contactperson", raise_exception=True)
@for_purpose(AccessPurpose.SERVICE_CALL)
def end_role(request: StaffRequest, public_id: UUID, role: UUID) -> HttpResponse:
    """End what a person does for a company."""
    person = person_of(request, public_id)
    record = _role_of(request, person, role)
    last_day = record.ended_on or timezone.localdate()
    return _correct(
        request,
        person,
        record,
        title=_("End the role of contact person"),
        form=forms.EndRoleForm(request.POST or None, initial={"ended_on": last_day}),
        before=lambda now: " · ".join(filter(None, [now.task, now.position])),
        save=lambda data: services.end_contact_role(role=record, **data),
        said=_("The role was ended."),
        about=record.customer.company_name,
    )


def _role_of(request: StaffRequest, person: Person, public_id: UUID) -> ContactPerson:
    roles = ContactPerson.objects.visible_to(request.user).filter(person=person)
    return get_object_or_404(roles.select_related("customer"), public_id=public_id)


# --- what they share ------------------------------------------------------------------------------


def _correct(
    request: StaffRequest,
    person: Person,
    record: RegisterModel | None,
    *,
    title: str | Promise,
    form: forms.SourcedForm,
    save: Callable[[dict[str, Any]], object],
    said: str | Promise,
    before: Before | None = None,
    panel: str = "",
    about: str = "",
    instead: str = "",
) -> HttpResponse:
    """Ask for the new value and save it; whoever comes second sees hers and the other's.

    Where the record has been ended meanwhile, what was typed can be sent to `instead`.
    """
    status, meanwhile, has_ended = 200, False, False
    if Restriction.objects.filter(person=person).in_force().exists():
        return refused(request, person, RESTRICTED)
    if request.method == "POST":
        try:
            if form.is_valid():
                save(form.cleaned_data)
                return saved(request, person, said, panel=panel)
            status = 422
        except ProcessingRestricted:
            return refused(request, person, RESTRICTED)
        except ChangedMeanwhile as error:
            status, meanwhile, record = 409, True, error.record
            has_ended = isinstance(error, AlreadyEnded)
        except ValidationError as error:
            form.take(error)
            status = 422
    if (
        record is not None
        and isinstance(form, forms.CorrectionForm)
        and (meanwhile or not form.is_bound)
    ):
        form.see(record)
    aim(form, form.first)
    context = {
        "title": title,
        "about": about,
        "form": form,
        "old": before(record) if before and record is not None else "",
        "meanwhile": meanwhile,
        "has_ended": has_ended,
        "action": instead if has_ended else request.path,
        "can_save": instead or not has_ended,
        "record": record,
        "panel_name": panel,
    }
    return show_desk(
        request, person, Desk("caller_lookup/_correction.html", context), status=status
    )


def _at_once(
    request: StaffRequest,
    person: Person,
    save: Callable[[Any], object],
    *,
    said: str | Promise,
) -> HttpResponse:
    """Change something by one click, if it still is as it was shown."""
    form = forms.EndForm(request.POST)
    try:
        if not form.is_valid():
            return refused(request, person, CHANGED)
        save(form.cleaned_data["seen_at"])
    except ProcessingRestricted:
        return refused(request, person, RESTRICTED)
    except AlreadyEnded:
        return refused(request, person, ENDED)
    except ChangedMeanwhile:
        return refused(request, person, CHANGED)
    return saved(request, person, said, panel="contact")
