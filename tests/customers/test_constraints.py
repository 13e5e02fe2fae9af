"""What must always hold is held by the database, whoever writes."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import IntegrityError
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.fi import ytunnus

from accounts.models import User
from audit.context import AccessPurpose, access_context
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
from tests.builders import (
    a_company,
    a_contact_person,
    a_person,
    a_private_customer,
    a_service_user,
    a_user,
)
from tests.database import site_connection

pytestmark = [pytest.mark.django_db, pytest.mark.postgres_versions]

STAFF: dict[str, Any] = {"source": "staff"}
NOON = datetime(2026, 5, 4, 12, tzinfo=ZoneInfo("Europe/Helsinki"))


def phone(**values: Any) -> ContactPoint:
    defaults = {"kind": "phone", "as_written": "040 000 0001", "normalised": "+358400000001"}
    return ContactPoint(**{**STAFF, **defaults, **values})


def address(**values: Any) -> Address:
    defaults = {"kind": "postal", "street": "Mäkitie 1", "postal_code": "13210", "city": "Lahti"}
    return Address(**{**STAFF, **defaults, **values})


def _after(first: Any, then: Any) -> Any:
    """A row that comes when another is there already."""
    first.save()
    return then


Make = Callable[[Person, Customer, User], Any]

REFUSED: dict[str, tuple[str, Make]] = {
    "a person without a name": ("person_has_a_name", lambda p, c, u: Person(**STAFF)),
    "a person of no source": ("source_is_known", lambda p, c, u: Person(last_name="A")),
    "a person of another language": (
        "language_is_known",
        lambda p, c, u: Person(last_name="A", language="de", **STAFF),
    ),
    "a number of nobody": ("one_holder", lambda p, c, u: phone()),
    "a number of two": ("one_holder", lambda p, c, u: phone(person=p, customer=c)),
    "a number as written": ("is_normalised", lambda p, c, u: phone(person=p, normalised="040 1")),
    "an address without @": (
        "is_normalised",
        lambda p, c, u: phone(person=p, kind="email", normalised="nobody"),
    ),
    "the same number twice": (
        "once_per_person",
        lambda p, c, u: _after(phone(person=p), phone(person=p)),
    ),
    "two first choices": (
        "one_first_choice",
        lambda p, c, u: _after(
            phone(person=p, is_primary=True),
            phone(person=p, is_primary=True, normalised="+358400000002"),
        ),
    ),
    "a company without a name": (
        "company_or_a_person",
        lambda p, c, u: Customer(number="1", kind="company", legal_form="oy", **STAFF),
    ),
    "a private customer without an owner": (
        "company_or_a_person",
        lambda p, c, u: Customer(number="1", kind="person", **STAFF),
    ),
    "a company without a legal form": (
        "legal_form_fits",
        lambda p, c, u: Customer(number="1", kind="company", company_name="A", **STAFF),
    ),
    "a limited company with an owner": (
        "owner_is_natural",
        lambda p, c, u: Customer(
            number="1", kind="company", company_name="A", legal_form="oy", owner=p, **STAFF
        ),
    ),
    "a wrong check digit": (
        "business_id_is_valid",
        lambda p, c, u: Customer(
            number="1",
            kind="company",
            company_name="A",
            legal_form="oy",
            business_id="2108420-8",
            **STAFF,
        ),
    ),
    "a customer number twice": (
        "number",
        lambda p, c, u: Customer(number=c.number, kind="person", owner=p, **STAFF),
    ),
    "an end before the start": (
        "ends_after_start",
        lambda p, c, u: ContactPerson(
            person=p,
            customer=c,
            started_on=date(2026, 1, 2),
            ended_on=date(2026, 1, 1),
            **STAFF,
        ),
    ),
    "the same task twice at a time": (
        "once_at_a_time",
        lambda p, c, u: _after(
            ContactPerson(person=p, customer=c, task="x", **STAFF),
            ContactPerson(person=p, customer=c, task="x", started_on=date(2026, 1, 1), **STAFF),
        ),
    ),
    "a user without an ID": (
        "has_an_id",
        lambda p, c, u: ServiceUser(person=p, user_id="", **STAFF),
    ),
    "a user ID twice": (
        "user_id",
        lambda p, c, u: _after(
            ServiceUser(person=p, user_id="K1", **STAFF),
            ServiceUser(person=p, user_id="K1", **STAFF),
        ),
    ),
    "an address of nobody": ("one_holder", lambda p, c, u: address()),
    "four digits in Finland": (
        "postal_code_fits",
        lambda p, c, u: address(person=p, postal_code="1321"),
    ),
    "a country in words": (
        "country_is_a_code",
        lambda p, c, u: address(person=p, country="fi"),
    ),
    "a contact with nobody": (
        "about_somebody",
        lambda p, c, u: Interaction(channel="phone", direction="in", subject="x", **STAFF),
    ),
    "a contact closed before it was": (
        "closes_after_start",
        lambda p, c, u: Interaction(
            person=p,
            channel="phone",
            direction="in",
            subject="x",
            happened_at=NOON,
            closed_at=NOON.replace(hour=11),
            **STAFF,
        ),
    ),
    "the same restriction twice": (
        "one_restriction",
        lambda p, c, u: _after(
            Restriction(person=p, ground="accuracy", restricted_by=u),
            Restriction(person=p, ground="accuracy", restricted_by=u),
        ),
    ),
    "a restriction on no ground": (
        "ground_is_known",
        lambda p, c, u: Restriction(person=p, ground="mood", restricted_by=u),
    ),
    "a restriction lifted by nobody": (
        "lifted_by_somebody",
        lambda p, c, u: Restriction(
            person=p, ground="accuracy", restricted_by=u, since=NOON, lifted_at=NOON
        ),
    ),
    "a hold without a reason": (
        "has_a_reason",
        lambda p, c, u: Hold(person=p, reason="", placed_by=u),
    ),
    "a hold on nobody": ("one_holder", lambda p, c, u: Hold(reason="x", placed_by=u)),
}


@pytest.mark.parametrize(("constraint", "make"), REFUSED.values(), ids=REFUSED.keys())
def test_the_database_refuses(constraint: str, make: Make) -> None:
    person, company, user = a_person(), a_company(), a_user()

    with (
        pytest.raises(IntegrityError, match=constraint),
        access_context(job="writer", purpose=AccessPurpose.UPKEEP),
    ):
        row = make(person, company, user)
        row.save()


def test_a_role_may_come_again_after_it_ended() -> None:
    person, company = a_person(), a_company()
    a_contact_person(person, company, task="x", ended_on=date(2025, 12, 31))
    with access_context(job="writer", purpose=AccessPurpose.UPKEEP):
        again = ContactPerson(
            person=person, customer=company, task="x", started_on=date(2026, 1, 1), **STAFF
        )
        again.save()
        assert ContactPerson.objects.filter(person=person).count() == 2


@pytest.mark.parametrize("who", ["person", "customer", "user"])
def test_nobody_who_has_anything_in_the_register_is_deleted_by_mistake(who: str) -> None:
    person = a_person(phones=["040 000 0001"])
    customer = a_private_customer(person)
    service_user = a_service_user(person, customer=customer)
    from django.db.models import ProtectedError

    with (
        pytest.raises(ProtectedError),
        access_context(job="writer", purpose=AccessPurpose.UPKEEP),
    ):
        {"person": person, "customer": customer, "user": service_user.person}[who].delete()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE customers_customer SET number = '1'",
        "UPDATE customers_serviceuser SET user_id = 'x'",
    ],
)
def test_a_number_once_given_is_never_changed(statement: str) -> None:
    person = a_person()
    a_service_user(person, customer=a_company())
    with (
        site_connection() as site,
        pytest.raises(psycopg.errors.IntegrityConstraintViolation),
    ):
        site.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_the_database_says_when_a_row_changed() -> None:
    person = a_person()
    with site_connection() as site:
        site.execute("UPDATE customers_person SET last_name = 'Uusi', changed_at = '2001-01-01'")
        row = site.execute("SELECT changed_at FROM customers_person").fetchone()
        site.execute("UPDATE customers_person SET last_name = 'Uusi'")
        again = site.execute("SELECT changed_at FROM customers_person").fetchone()
    assert row is not None
    assert row[0] > person.changed_at
    assert again == row


@settings(deadline=None)  # each example asks the database over a connection of its own
@given(st.integers(0, 9_999_999), st.integers(0, 9))
def test_the_check_digit_of_a_business_id_is_the_one_of_the_standard(
    number: int, check: int
) -> None:
    written = f"{number:07d}-{check}"
    with site_connection() as site:
        row = site.execute("SELECT business_id_is_valid(%s)", [written]).fetchone()
    assert row == (ytunnus.is_valid(written),)
