"""Whatever happens in whatever order: nothing goes before its day, and nothing outlives it.

What should be there after each run is reckoned by itself, in days and by hand, without the engine,
its declarations or the database.
"""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.models import User
from audit.context import AccessPurpose, in_context
from consents.models import Consent, MarketingChoice, Wording
from contracts.models import Invoice
from customers.models import (
    ContactPerson,
    ContactPoint,
    Customer,
    Hold,
    Interaction,
    Person,
    ServiceUser,
    Source,
)
from privacy.forgetting.runs import apply_retention
from tests.builders import a_company, a_private_customer, a_service_user, a_user, an_interaction
from tests.contract_builders import an_invoice

pytestmark = pytest.mark.django_db

BEGAN = date(2012, 2, 29)
HELSINKI = ZoneInfo("Europe/Helsinki")
upkeep = in_context(job="test", purpose=AccessPurpose.UPKEEP)


# --- by hand --------------------------------------------------------------------------------------


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass
class Expected:
    """Who is there, and what of hers; days are those on which something ended, None while it is."""

    known_on: date = BEGAN
    is_there: bool = True
    has_number: bool = True
    role: date | str | None = ""
    user_id: date | str | None = ""
    customer: date | str | None = ""
    contact: date | str | None = ""
    contact_began: date = BEGAN
    consent: date | str | None = ""
    consent_given: date = BEGAN
    permission: date | str | None = ""
    permission_given: date = BEGAN
    invoices: dict[date, date | None] = field(default_factory=dict)
    hold: date | str | None = ""

    def forget(self, day: date) -> None:
        """What a run on that day should do to it."""
        if self.hold is None or not self.is_there:
            return
        if self._is_of_no_more_use(self.consent, self.consent_given, day):
            self.consent = ""
        if self._is_of_no_more_use(self.permission, self.permission_given, day):
            self.permission = ""
        has_ended = _is_over(self._settled_on(), 36, day)
        periods = {"role": 12, "user_id": 36, "contact": 36, "hold": 36}
        for name, months in periods.items():
            if _is_over(getattr(self, name), months, day):
                setattr(self, name, "")
        if self.contact is None and months_after(self.contact_began, 36) <= day:
            self.contact = ""
        self.invoices = {
            issued: paid
            for issued, paid in self.invoices.items()
            if date(issued.year + 7, 1, 1) > day
        }
        if has_ended and not self.invoices:
            self.customer = ""
        if months_after(self.known_on, 12) > day:
            return
        needing_her = [self.role, self.user_id, self.customer if not has_ended else ""]
        naming_her = [self.contact, self.consent, self.permission, self.hold, self.customer]
        is_needed = any(one != "" for one in needing_her) or None in (self.contact, self.permission)
        if not is_needed and None not in self.invoices.values():
            self.has_number = False
            self.is_there = any(one != "" for one in naming_her)

    def _is_of_no_more_use(self, withdrawn: date | str | None, given: date, day: date) -> bool:
        if withdrawn is not None:
            return _is_over(withdrawn, 36, day)
        relationships = [self.user_id, self.customer]
        if self.role != "" or None in relationships:
            return False
        ends = [one for one in relationships if isinstance(one, date)]
        return _is_over(max([given, *ends]), 36, day)

    def _settled_on(self) -> date | str | None:
        """When the relationship as a customer ended, and all that is known of was paid."""
        if not isinstance(self.customer, date):
            return self.customer
        paid = [one for one in self.invoices.values() if one is not None]
        return max([self.customer, *paid])

    def now(self) -> dict[str, Any]:
        """What is there, and how many invoices."""
        names = [*_ENDS, "permission"]
        found: dict[str, Any] = {name: getattr(self, name) != "" for name in names}
        return {
            **found,
            "is_there": self.is_there,
            "has_number": self.has_number,
            "invoices": len(self.invoices),
        }


def _is_over(ended: date | str | None, months: int, day: date) -> bool:
    return isinstance(ended, date) and months_after(ended, months) <= day


# --- the same in the register ---------------------------------------------------------------------


class Register:
    """One person in the register, to whom the same happens."""

    def __init__(self, user: User, wording: Wording) -> None:
        self.user, self.wording = user, wording
        self.person = Person.objects.create(
            first_name="Aino", last_name="Mallikas", language="fi", source=Source.STAFF,
            created_at=_noon(BEGAN),
        )  # fmt: skip
        ContactPoint.objects.create(
            person=self.person, kind="phone", as_written="040 000 1234",
            normalised="+358400001234", source=Source.STAFF,
        )  # fmt: skip
        self.company = a_company()

    def role(self, day: date) -> None:
        ContactPerson.objects.create(
            person=self.person, customer=self.company, started_on=day, source=Source.COMPANY
        )

    def user_id(self, day: date) -> None:
        a_service_user(self.person)

    def customer(self, day: date) -> None:
        a_private_customer(self.person)

    def contact(self, day: date) -> None:
        an_interaction(self.person, happened_at=_noon(day))

    def consent(self, day: date) -> None:
        Consent.objects.create(
            person=self.person, purpose="survey", wording=self.wording, source="call",
            given_at=_noon(day),
        )  # fmt: skip

    def permission(self, day: date, choice: str = "permitted") -> None:
        MarketingChoice.objects.create(
            person=self.person, channel="sms", choice=choice, source="call", at=_noon(day)
        )

    def hold(self, day: date) -> None:
        Hold.objects.create(
            person=self.person, reason="Riita", placed_by=self.user, placed_at=_noon(day)
        )

    def invoice(self, day: date) -> None:
        an_invoice(Customer.objects.get(owner=self.person), issued_on=day)

    def pay(self, day: date) -> None:
        for invoice in Invoice.objects.filter(customer__owner=self.person, paid=0):
            invoice.paid, invoice.paid_on = invoice.gross, day
            invoice.save()

    def end(self, name: str, day: date) -> None:
        if name == "permission":
            self.permission(day, "withdrawn")
            return
        model, column, value = _ENDS[name]
        whose = "owner" if model is Customer else "person"
        for one in model.objects.filter(**{whose: self.person, f"{column}__isnull": True}):
            setattr(one, column, value(day))
            if model is Interaction:
                one.outcome = Interaction.Outcome.RESOLVED
            one.save()

    def now(self) -> dict[str, Any]:
        """The same of what is there."""
        of_her = {"person": self.person.pk}
        found: dict[str, Any] = {
            name: model.objects.filter(
                **({"owner": self.person.pk} if model is Customer else of_her)
            ).exists()
            for name, (model, _column, _value) in _ENDS.items()
        }
        permitted = MarketingChoice.objects.filter(choice="permitted", **of_her)
        found["permission"] = permitted.exists()
        found["is_there"] = Person.objects.filter(pk=self.person.pk).exists()
        found["has_number"] = ContactPoint.objects.filter(**of_her).exists()
        found["invoices"] = Invoice.objects.filter(customer__owner=self.person.pk).count()
        return found


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), HELSINKI)


def _same(day: date) -> date:
    return day


_ENDS: dict[str, tuple[Any, str, Callable[[date], Any]]] = {
    "role": (ContactPerson, "ended_on", _same),
    "user_id": (ServiceUser, "ended_on", _same),
    "customer": (Customer, "ended_on", _same),
    "contact": (Interaction, "closed_at", _noon),
    "consent": (Consent, "withdrawn_at", _noon),
    "hold": (Hold, "released_at", _noon),
}


# --- what happens ---------------------------------------------------------------------------------

NAMES = st.sampled_from(sorted([*_ENDS, "permission"]))
_GIVEN = {
    "contact": "contact_began",
    "consent": "consent_given",
    "permission": "permission_given",
}
WHAT = st.one_of(
    st.tuples(st.just("begin"), NAMES),
    st.tuples(st.just("end"), NAMES),
    st.tuples(st.sampled_from(["invoice", "pay"]), st.just("")),
)
DAYS = st.integers(0, 12 * 366)
EVENTS = st.lists(st.tuples(DAYS, WHAT), min_size=2, max_size=10)
PERSONS = st.lists(EVENTS, min_size=5, max_size=5)
RUNS = st.lists(DAYS, min_size=1, max_size=4, unique=True)


def happens(expected: Expected, register: Register, what: str, name: str, day: date) -> None:
    """Let it happen where it can, to both."""
    if not expected.is_there:
        return
    if what == "begin" and getattr(expected, name) == "":
        if name == "customer" and expected.invoices:
            return
        setattr(expected, name, None)
        if name in _GIVEN:
            setattr(expected, _GIVEN[name], day)
        getattr(register, name)(day)
    elif what == "end" and getattr(expected, name) is None:
        setattr(expected, name, day)
        register.end(name, day)
    elif what == "invoice" and expected.customer is None and day not in expected.invoices:
        expected.invoices[day] = None
        register.invoice(day)
    elif what == "pay" and expected.invoices:
        expected.invoices = {issued: paid or day for issued, paid in expected.invoices.items()}
        register.pay(day)


VOUCHERS = [
    (0, ("begin", "customer")),
    (0, ("invoice", "")),
    (9, ("pay", "")),
    (90, ("end", "customer")),
]
DEBTOR = [(0, ("begin", "customer")), (0, ("invoice", "")), (90, ("end", "customer"))]
LATE = [*DEBTOR, (600, ("pay", ""))]
CONTACT = [(0, ("begin", "role")), (500, ("end", "role")), (600, ("begin", "consent"))]
PERMITTED = [(0, ("begin", "permission")), (100, ("begin", "role")), (600, ("end", "role"))]
WITHDRAWN = [(0, ("begin", "permission")), (90, ("end", "permission"))]
DISPUTE = [*CONTACT, (700, ("begin", "hold")), (1600, ("end", "hold"))]


@example(
    persons=[VOUCHERS, DEBTOR, CONTACT, DISPUTE, LATE, PERMITTED, WITHDRAWN],
    runs=[865, 866, 1185, 1186, 1695, 1696, 2695, 2696, 2863],
)
@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow])
@given(persons=PERSONS, runs=RUNS)
def test_nothing_goes_before_its_day_and_nothing_outlives_it(
    persons: list[list[tuple[int, tuple[str, str]]]], runs: list[int]
) -> None:
    happening = [
        (after, number, what, name)
        for number, events in enumerate(persons)
        for after, (what, name) in events
    ]
    with transaction.atomic():
        _play(sorted([*happening, *((after, -1, "run", "") for after in runs)]), len(persons))
        transaction.set_rollback(True)


def _play(happening: list[tuple[int, int, str, str]], persons: int) -> None:
    """On the day of a run it comes before whatever else happens then."""
    user, wording = a_user(), _a_wording()
    expected = [Expected() for _number in range(persons)]
    registers = [upkeep(Register)(user, wording) for _number in range(persons)]
    for after, number, what, name in happening:
        day = BEGAN + timedelta(days=after)
        if what != "run":
            upkeep(happens)(expected[number], registers[number], what, name, day)
            continue
        assert apply_retention(as_of=day, job="test").status == "done"
        for one in expected:
            one.forget(day)
        assert [upkeep(one.now)() for one in registers] == [one.now() for one in expected]


def _a_wording() -> Wording:
    return Wording.objects.create(name="survey", version=1, language="fi", text="Suostun.")
