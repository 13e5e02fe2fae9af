"""The register's own records on the staff's desk: what is shown of each, and through which service
it is saved.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib.admin import display, register
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.admin_site import site
from accounts.register_admin import RegisterAdmin, Step, record_address, staff_of
from accounts.register_forms import SAVED_BEFORE, RegisterForm, shown
from accounts.register_lists import Narrowing, Search, by_choice
from customers.covering import COVER, must_cover, shown_point
from customers.lookup import FoundKeys, find_keys
from customers.models import (
    Address,
    ContactPerson,
    ContactPoint,
    Customer,
    Hold,
    Interaction,
    Person,
    Restriction,
    ServiceUser,
)
from customers.services import (
    NotHerCustomer,
    ProcessingRestricted,
    SavedBefore,
    change_hold,
    log_contact,
    persons_of,
    place_hold,
    release_hold,
    restrict_processing,
    save_contact_point,
    save_record,
)
from datamap.lookup_keys import lookup_keys

MOST_OF_A_COMPANY = 200

_PERSON = ("person", "person__public_id", "person__first_name", "person__last_name")
_CUSTOMER = (
    *("customer", "customer__public_id", "customer__number", "customer__company_name"),
    "customer__owner",
)
_SOURCE = ("source", "source_wording")
_TIMES = ("created_at", "changed_at")
_SEARCH = _("Name, phone number, e-mail address, company, customer number or user ID")


def in_force_by(end: str) -> Narrowing:
    """Narrow to what is in force, or to what has ended, by the field that says when it did."""
    return _in_force(lambda: Q(**{f"{end}__isnull": False}), lambda: Q(**{f"{end}__isnull": True}))


def in_force_until(last_day: str) -> Narrowing:
    """Narrow to what is in force, or to what has ended, by its last day, which may lie ahead."""
    return _in_force(
        lambda: Q(**{f"{last_day}__lt": timezone.localdate()}),
        lambda: (
            Q(**{f"{last_day}__isnull": True}) | Q(**{f"{last_day}__gte": timezone.localdate()})
        ),
    )


def _in_force(has_ended: Callable[[], Q], is_in_force: Callable[[], Q]) -> Narrowing:
    return Narrowing(
        "state",
        _("State"),
        (
            ("open", pgettext_lazy("records", "In force"), lambda user: is_in_force()),
            ("ended", pgettext_lazy("records", "Ended"), lambda user: has_ended()),
        ),
    )


class CustomersAdmin(RegisterAdmin):
    """What the records of this app have in common: whose they are, and how they are found."""

    search_label = _SEARCH
    belongs_to = {"person": "person", "customer": "customer"}

    def may_search(self, request: HttpRequest) -> bool:
        return super().may_search(request) and request.user.has_perm("customers.look_up_person")

    def search(self, request: HttpRequest, term: str) -> Search:
        keys = find_keys(term, lookup_keys.kinds_for(staff_of(request).has_perm))
        if keys.too_short:
            return Search(None, too_short=True)
        return Search(self.matching(keys), more=keys.more)

    def matching(self, keys: FoundKeys) -> Q:
        """What belongs to the persons and customers that were found."""
        wanted = {"person": keys.persons, "customer": keys.customers}
        condition = Q(pk__in=[])
        for name in self.belongs_to:
            condition |= Q(**{f"{self.belongs_to[name]}_id__in": wanted[name]})
        return condition

    def create(self, request: HttpRequest, form: Any) -> Any:
        return said(lambda: save_record(record=form.instance))

    def update(self, request: HttpRequest, form: Any) -> Any:
        return said(lambda: save_record(record=form.instance))

    def why_not(self, request: HttpRequest, record: Any) -> str:
        restricted = Restriction.objects.filter(person__in=persons_of(record)).in_force()
        return str(_RESTRICTED) if restricted.exists() else ""

    def holds(self, request: HttpRequest, record: Any) -> Iterable[Hold]:
        """The holds on those whom the record is about, and on its customer."""
        customer = (
            record.pk if isinstance(record, Customer) else getattr(record, "customer_id", None)
        )
        holds = Hold.objects.visible_to(staff_of(request)).over(persons_of(record), customer)
        return holds.in_force()

    def show_person(self, request: HttpRequest, record: Any) -> SafeString | str:
        return person_link(request, record.person)

    def show_customer(self, request: HttpRequest, record: Any) -> SafeString | str:
        return customer_link(request, record.customer)


def said(save: Any) -> Any:
    """Save; what the service refuses for the person's sake is a word in the form."""
    try:
        return save()
    except ProcessingRestricted:
        raise ValidationError(_RESTRICTED) from None
    except SavedBefore:
        raise ValidationError(SAVED_BEFORE) from None
    except NotHerCustomer:
        raise ValidationError(
            {"customer": _now("The person does not belong to this customer.")}
        ) from None


_RESTRICTED = _("The processing of this person's data is restricted: nothing is changed meanwhile.")


def person_link(request: HttpRequest, person: Person | None) -> SafeString | str:
    """A person's name leading to her record; her ID alone for whoever may not see her."""
    if person is None:
        return ""
    if not request.user.has_perm("customers.view_person"):
        return format_html('<span class="mono">{}</span>', person.public_id)
    address = record_address("admin:customers_person_change", person.public_id)
    return format_html('<a href="{}">{}</a>', address, person.display_name)


def customer_link(request: HttpRequest, customer: Customer | None) -> SafeString | str:
    """A customer's number and, of a company, its name, leading to its record."""
    if customer is None:
        return ""
    address = record_address("admin:customers_customer_change", customer.public_id)
    return format_html(
        '<a href="{}">{}</a> <span class="mono quiet">{}</span>',
        address,
        customer.company_name or _now("Private customer"),
        customer.number,
    )


# --- persons and where they are reached -----------------------------------------------------------


@register(Person, site=site)
class PersonAdmin(CustomersAdmin):
    """Who is in the register."""

    list_display = ("name", "language", "source", "changed_at")
    reads = ("public_id", "first_name", "last_name", "language", "source", "changed_at")
    fields = ("first_name", "last_name", "language", *_SOURCE)
    told = ("public_id", *_TIMES)
    belongs_to = {}
    narrow_by = (by_choice(Person, "language"),)
    can_be_chosen = True

    @display(description=_("name"))
    def name(self, person: Person) -> str:
        return person.display_name

    def matching(self, keys: FoundKeys) -> Q:
        persons = list(keys.persons)
        if keys.customers:
            roles = ContactPerson.objects.filter(customer__in=keys.customers).statistics()
            persons += roles.values_list("person_id", flat=True)[:MOST_OF_A_COMPANY]
        return Q(pk__in=persons)

    def links(self, request: HttpRequest, record: Person) -> list[tuple[str, str]]:
        links = [(_now("Caller card"), reverse("persons:card", args=[record.public_id]))]
        if request.user.has_perm("audit.view_logentry"):
            log = f"{reverse('audit:log')}?subject={record.public_id}"
            links.append((_now("Who has seen and changed these data"), log))
        return links


class ContactPointForm(RegisterForm):
    """A new first choice takes the place of the one before: the service sees to it."""

    def _get_validation_exclusions(self) -> set[str]:
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return {*excluded, "is_primary"}


@register(ContactPoint, site=site)
class ContactPointAdmin(CustomersAdmin):
    """Numbers and addresses; one that is of no use any more is ended, not removed."""

    form = ContactPointForm
    list_display = ("as_written", "kind", "label", "person", "customer", "is_primary", "ended_on")
    list_select_related = ("person", "customer")
    reads = (
        *("public_id", "as_written", "kind", "label", "is_primary", "ended_on"),
        *_PERSON,
        *_CUSTOMER,
    )
    loads = ("person", "customer")
    fields = (
        *("person", "customer", "kind", "as_written", "label", "is_primary", "verified_on"),
        *("ended_on", *_SOURCE),
    )
    fixed = ("person", "customer", "kind")
    told = _TIMES
    narrow_by = (by_choice(ContactPoint, "kind"), in_force_by("ended_on"))

    def label(self, record: ContactPoint) -> str:
        return str(record.get_kind_display())

    def show_as_written(self, request: HttpRequest, record: ContactPoint) -> str:
        return shown_point(record, cover=must_cover(staff_of(request))).text

    def create(self, request: HttpRequest, form: Any) -> ContactPoint:
        point: ContactPoint = said(lambda: save_contact_point(point=form.instance))
        return point

    update = create


@register(Address, site=site)
class AddressAdmin(CustomersAdmin):
    """Addresses, each for its use and its time."""

    list_display = ("kind", "street", "postal_code", "city", "person", "customer", "valid_until")
    list_select_related = ("person", "customer")
    reads = (
        *("public_id", "kind", "street", "postal_code", "city", "valid_until"),
        *_PERSON,
        *_CUSTOMER,
    )
    loads = ("person", "customer")
    fields = (
        *("person", "customer", "kind", "street", "postal_code", "city", "country"),
        *("valid_from", "valid_until", *_SOURCE),
    )
    fixed = ("person", "customer")
    told = _TIMES
    narrow_by = (by_choice(Address, "kind"), in_force_until("valid_until"))

    def label(self, record: Address) -> str:
        return str(record.get_kind_display())

    def show_street(self, request: HttpRequest, record: Address) -> str:
        return COVER if must_cover(staff_of(request)) else record.street

    def show_postal_code(self, request: HttpRequest, record: Address) -> str:
        return "" if must_cover(staff_of(request)) else record.postal_code


# --- customers and the roles of persons -----------------------------------------------------------


@register(Customer, site=site)
class CustomerAdmin(CustomersAdmin):
    """Customer relationships, of companies and of persons."""

    list_display = ("number", "company_name", "kind", "legal_form", "owner", "ended_on")
    list_select_related = ("owner",)
    reads = (
        *("public_id", "number", "company_name", "kind", "legal_form", "ended_on"),
        *("owner", "owner__public_id", "owner__first_name", "owner__last_name"),
    )
    loads = ("owner",)
    fields = (
        *("number", "kind", "legal_form", "company_name", "business_id", "owner", "language"),
        *("since", "ended_on", *_SOURCE),
    )
    fixed = ("number", "kind")
    told = ("owner", "public_id", *_TIMES)
    belongs_to = {"person": "owner"}
    narrow_by = (by_choice(Customer, "kind"), in_force_until("ended_on"))
    can_be_chosen = True

    def label(self, record: Customer) -> str:
        return f"{record.company_name} {record.number}".strip()

    def links(self, request: HttpRequest, record: Customer) -> list[tuple[str, str]]:
        return [(_now("Customer page"), reverse("customers:customer", args=[record.public_id]))]

    def show_owner(self, request: HttpRequest, record: Customer) -> SafeString | str:
        return person_link(request, record.owner)

    def matching(self, keys: FoundKeys) -> Q:
        return Q(pk__in=keys.customers) | Q(owner_id__in=keys.persons)


@register(ContactPerson, site=site)
class ContactPersonAdmin(CustomersAdmin):
    """What persons do for companies."""

    list_display = ("role", "person", "customer", "started_on", "ended_on")
    list_select_related = ("person", "customer")
    reads = ("public_id", "task", "position", "started_on", "ended_on", *_PERSON, *_CUSTOMER)
    loads = ("person", "customer")
    fields = (*("person", "customer", "task", "position", "started_on", "ended_on", *_SOURCE),)
    fixed = ("person", "customer")
    told = _TIMES
    can_be_chosen = True
    narrow_by = (in_force_until("ended_on"),)

    @display(description=_("task and position"))
    def role(self, record: ContactPerson) -> str:
        return " · ".join(filter(None, [record.task, record.position])) or _now("Contact person")

    def label(self, record: ContactPerson) -> str:
        return f"{record.person.display_name}, {record.customer.company_name}"


@register(ServiceUser, site=site)
class ServiceUserAdmin(CustomersAdmin):
    """The user IDs of persons."""

    list_display = ("user_id", "person", "customer", "started_on", "ended_on")
    list_select_related = ("person", "customer")
    reads = ("public_id", "user_id", "started_on", "ended_on", *_PERSON, *_CUSTOMER)
    loads = ("person", "customer")
    fields = ("person", "customer", "user_id", "started_on", "ended_on", *_SOURCE)
    fixed = ("person", "customer", "user_id")
    told = _TIMES
    narrow_by = (in_force_until("ended_on"),)

    def label(self, record: ServiceUser) -> str:
        return record.user_id


# --- history --------------------------------------------------------------------------------------


class InteractionForm(RegisterForm):
    """A contact that is over when it is noted is closed at once."""

    is_closed = forms.BooleanField(label=_("The matter is closed"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("is_closed", self.instance.closed_at is not None)


@register(Interaction, site=site)
class InteractionAdmin(CustomersAdmin):
    """Contacts: what was said and what came of it."""

    list_display = (
        "subject",
        "person",
        "customer",
        "channel",
        "happened_at",
        "outcome",
        "closed_at",
    )
    list_select_related = ("person", "customer")
    reads = (
        *("public_id", "subject", "channel", "happened_at", "outcome", "closed_at"),
        *_PERSON,
        *_CUSTOMER,
    )
    loads = ("person", "customer", "handled_by")
    fields = (
        *("person", "customer", "channel", "direction", "subject", "summary", "outcome"),
        *("closed_at", "source_wording"),
    )
    fixed = ("person", "customer", "channel", "direction")
    told = ("happened_at", "handled_by", "source", "identity_checks", "changed_at")
    narrow_by = (
        Narrowing(
            "state",
            _("State"),
            (
                ("open", pgettext_lazy("matters", "Open"), lambda user: Q(closed_at__isnull=True)),
                (
                    "mine",
                    _("Open and mine"),
                    lambda user: Q(closed_at__isnull=True, handled_by=user),
                ),
            ),
        ),
        by_choice(Interaction, "channel"),
    )

    def label(self, record: Interaction) -> str:
        return record.subject

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **more: Any
    ) -> Any:
        if change:
            return super().get_form(request, obj, change=change, **more)
        fields = ["person", "customer", "channel", "direction", "subject", "summary", "outcome"]
        more = {**more, "fields": [*fields, "is_closed"], "form": InteractionForm}
        form = super().get_form(request, obj, change=change, **more)
        form.base_fields["person"].required = True
        return form

    @display(description=_("identity checks"))
    def identity_checks(self, record: Interaction) -> str:
        checks = record.identity_checks.all()
        answers = (_now("matched"), _now("did not match"))
        return ", ".join(
            f"{check.get_question_display()}: {answers[not check.matched]}" for check in checks
        )

    def create(self, request: HttpRequest, form: Any) -> Interaction:
        data = form.cleaned_data
        contact: Interaction = said(
            lambda: log_contact(
                public_id=form.instance.public_id,
                handled_by=staff_of(request),
                answers={},
                **{name: data[name] for name in form.fields},
            )
        )
        return contact


# --- safeguards -----------------------------------------------------------------------------------


@register(Restriction, site=site)
class RestrictionAdmin(CustomersAdmin):
    """Restrictions of processing: put on here; lifted in her request, which tells her before."""

    list_display = ("ground", "person", "since", "restricted_by", "lifted_at")
    list_select_related = ("person", "restricted_by")
    reads = ("public_id", "ground", "since", "lifted_at", "restricted_by__username", *_PERSON)
    loads = ("person", "restricted_by", "lifted_by")
    fields = ("person", "ground")
    fixed = ("person", "ground")
    told = ("since", "restricted_by", "lifted_at", "lifted_by")
    belongs_to = {"person": "person"}
    narrow_by = (in_force_by("lifted_at"),)

    def label(self, record: Restriction) -> str:
        return record.person.display_name

    def why_not(self, request: HttpRequest, record: Restriction) -> str:
        return ""

    def closed(self, record: Restriction) -> str:
        if record.lifted_at:
            return ""
        return _now(
            "It is lifted in her request, once she has been told that it ends (Art. 18(3))."
        )

    def create(self, request: HttpRequest, form: Any) -> Restriction:
        return restrict_processing(restriction=form.instance, by=staff_of(request))


@register(Hold, site=site)
class HoldAdmin(CustomersAdmin):
    """Holds: placed, given another last day, and released."""

    list_display = ("reason", "person", "customer", "placed_at", "until", "released_at")
    list_select_related = ("person", "customer")
    reads = ("public_id", "reason", "placed_at", "until", "released_at", *_PERSON, *_CUSTOMER)
    loads = ("person", "customer", "placed_by")
    fields = ("person", "customer", "reason", "until")
    fixed = ("person", "customer", "reason")
    told = ("placed_at", "placed_by", "released_at")
    narrow_by = (
        Narrowing(
            "state",
            _("State"),
            (
                (
                    "open",
                    pgettext_lazy("records", "In force"),
                    lambda user: (
                        Q(released_at__isnull=True)
                        & (Q(until__isnull=True) | Q(until__gte=timezone.localdate()))
                    ),
                ),
            ),
        ),
    )
    steps = (Step("release", _("Release the hold")),)

    def label(self, record: Hold) -> str:
        return record.reason

    def why_not(self, request: HttpRequest, record: Hold) -> str:
        if record.released_at is None:
            return ""
        day = shown(record.released_at)
        return _now("The hold was released on %(day)s: nothing is changed any more.") % {"day": day}

    def steps_for(self, request: HttpRequest, record: Hold) -> list[Step]:
        return [] if record.released_at else list(self.steps)

    def create(self, request: HttpRequest, form: Any) -> Hold:
        return place_hold(hold=form.instance, by=staff_of(request))

    def update(self, request: HttpRequest, form: Any) -> Hold:
        return change_hold(hold=form.instance, until=form.cleaned_data["until"])

    def do_release(self, request: HttpRequest, record: Hold) -> None:
        release_hold(hold=record)
