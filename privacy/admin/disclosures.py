"""Disclosures on the desk: recorded with whom they are about, and never changed (S27, S29)."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.admin import display, register
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.admin_site import site
from accounts.models import DisclosedPerson, Disclosure, Recipient
from accounts.register_admin import Step, StepForm, staff_of
from accounts.register_forms import OneOfField, RegisterForm
from accounts.register_lists import by_choice
from audit.context import AccessPurpose, require
from consents.services import disclose, name_more
from customers.models import Person
from datamap.vocabulary import Category, LawfulBasis
from privacy.admin.asking import RecordsAdmin, categories_field


class DisclosureForm(RegisterForm):
    """To whom what is disclosed, of whom, and on which ground."""

    recipient = OneOfField(
        label=_("recipient"), label_of=lambda one: one.name, help_text=_("To whom.")
    )
    categories = categories_field()
    person = forms.CharField(label=_("person"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        recipient: Any = self.fields["recipient"]
        recipient.offer(Recipient.objects.exclude(kind=Recipient.Kind.OWN).order_by("name"))


class NameMoreForm(StepForm):
    """Whose data was part of it too."""

    def prepare(self, admin: Any, request: HttpRequest) -> None:
        self.fields["person"] = admin.person_field(request)


_MORE = Step("name-more", _("Name another person"), NameMoreForm)


@register(Disclosure, site=site)
class DisclosureAdmin(RecordsAdmin):
    """What was disclosed to whom: by us, as a marketing list, or by a look of a group company."""

    form = DisclosureForm
    list_display = ("made_at", "recipient", "what", "country", "basis", "expires_on")
    list_select_related = ("recipient",)
    reads = (
        *("public_id", "made_at", "recipient", "recipient__name", "what", "country", "basis"),
        "expires_on",
    )
    loads = ("recipient", "made_by")
    fields = ("recipient", "what", "categories", "person", "basis", "transfer_tool", "expires_on")
    only_typed = ("person",)
    told = ("country", "persons", "made_by", "made_at")
    belongs_to = {"recipient": "recipient"}
    steps = (_MORE,)
    narrow_by = (by_choice(Disclosure, "basis"),)

    def label(self, record: Disclosure) -> str:
        return record.what

    def show_recipient(self, request: HttpRequest, record: Disclosure) -> str:
        return record.recipient.name

    def show_made_by(self, request: HttpRequest, record: Disclosure) -> str:
        return record.made_by.username if record.made_by is not None else _now("A job")

    @display(description=_("persons"))
    def persons(self, record: Disclosure) -> str:
        return str(DisclosedPerson.objects.filter(disclosure=record).count())

    def closed(self, record: Any) -> str:
        return _now("A disclosure stays as it was recorded.")

    def steps_for(self, request: HttpRequest, record: Disclosure) -> list[Step]:
        """Whoever made the record by hand forgot somebody, perhaps; lists and jobs do not."""
        is_by_hand = record.looked_up_on is None and record.recipient.kind != Recipient.Kind.OWN
        return [_MORE] if is_by_hand else []

    def person_field(self, request: HttpRequest) -> Any:
        """A field that names a person by the desk's own search."""
        like: Any = DisclosedPerson._meta.get_field("subject")
        return self.choosing(request, Person, like)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if "person" in form.base_fields:
            form.base_fields["person"] = self.person_field(request)
        return form

    # Disclosures themselves name nobody, but whom they are about is looked up in the register.

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require().purpose = AccessPurpose.UPKEEP
        return super().add_view(request, *args, **kwargs)

    def step_view(self, step: Step, request: HttpRequest, public_id: UUID) -> HttpResponse:
        require().purpose = AccessPurpose.UPKEEP
        return super().step_view(step, request, public_id)

    # --- saving -----------------------------------------------------------------------------------

    def is_as_made(self, form: Any) -> bool:
        return set(form.changed_data) <= {"person"}

    def create(self, request: HttpRequest, form: Any) -> Disclosure:
        data = form.cleaned_data
        return disclose(
            public_id=form.instance.public_id,
            recipient=data["recipient"],
            persons=[data["person"]],
            categories=[Category(value) for value in data["categories"]],
            what=data["what"],
            basis=LawfulBasis(data["basis"]),
            transfer_tool=data["transfer_tool"],
            expires_on=data["expires_on"],
            by=staff_of(request),
        )

    def do_name_more(self, request: HttpRequest, record: Disclosure, form: Any) -> Disclosure:
        return name_more(disclosure=record, persons=[form.cleaned_data["person"]])
