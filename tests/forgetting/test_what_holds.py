"""What holds a person, for how long, and whether it needs more of her than her name."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from audit.context import AccessPurpose, in_context
from consents.models import (
    Consent,
    MarketingChoice,
    SupplementaryInformation,
    Suppression,
    Wording,
)
from customers.models import (
    Address,
    ContactPerson,
    ContactPoint,
    Customer,
    Interaction,
    Person,
    Source,
)
from privacy.forgetting.runs import apply_retention, dry_run
from privacy.forgetting.staying import staying
from tests.builders import (
    a_company,
    a_contact_person,
    a_private_customer,
    a_service_user,
    an_interaction,
)
from tests.contract_builders import a_contract, an_invoice
from tests.marketing import chose

pytestmark = pytest.mark.django_db

looking = in_context(job="test", purpose=AccessPurpose.UPKEEP)
NIGHT = timedelta(days=1)
ENDED, OVER = date(2020, 1, 2), date(2023, 1, 2)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


@looking
def a_known_person() -> Person:
    """Somebody with a number, whom we have known for long."""
    person = Person.objects.create(
        first_name="Aino", last_name="Mallikas", language="fi", source=Source.STAFF,
        created_at=noon(date(2012, 1, 1)),
    )  # fmt: skip
    a_number(person=person)
    return person


def a_number(**of: Any) -> None:
    number = {"as_written": "040 000 1234", "normalised": "+358400001234"}
    ContactPoint.objects.create(kind="phone", source=Source.STAFF, **number, **of)


@looking
def a_consent(person: Person, given: date, withdrawn: date | None = None) -> Consent:
    wording, _is_new = Wording.objects.get_or_create(
        name="survey", version=1, language="fi", text="Suostun."
    )
    return Consent.objects.create(
        person=person, purpose="survey", wording=wording, source="call", given_at=noon(given),
        withdrawn_at=None if withdrawn is None else noon(withdrawn),
    )  # fmt: skip


@looking
def ended(record: Any, day: date) -> None:
    record.ended_on = day
    record.save()


def left_on(day: date, *models: Any) -> list[int]:
    """How many records of these models are left after a run on that day."""
    assert apply_retention(as_of=day, job="test").status == "done"
    return [looking(lambda model=model: model.objects.keys_only().count())() for model in models]


# --- permissions to market ------------------------------------------------------------------------


def test_a_permission_in_force_holds_whoever_gave_it_until_it_lapses() -> None:
    chose(a_known_person(), "permitted", at=noon(ENDED))

    assert left_on(OVER - NIGHT, MarketingChoice, Person, ContactPoint) == [1, 1, 1]
    assert left_on(OVER, MarketingChoice, Person, ContactPoint) == [0, 0, 0]


def test_a_permission_given_anew_counts_anew() -> None:
    person = a_known_person()
    for day in (date(2015, 1, 1), ENDED):
        chose(person, "permitted", "sms", at=noon(day))

    assert left_on(OVER - NIGHT, MarketingChoice, Person, ContactPoint) == [2, 1, 1]
    assert left_on(OVER, MarketingChoice, Person) == [0, 0]


def test_a_permission_lasts_as_long_as_the_relationship_does() -> None:
    customer, contact, former = (a_known_person() for _number in range(3))
    bought = a_private_customer(customer)
    a_contact_person(contact, a_company())
    for person in (customer, contact, former):
        chose(person, "permitted", at=noon(date(2015, 1, 1)))

    assert left_on(OVER - NIGHT, MarketingChoice, Person) == [2, 2]
    ended(bought, ENDED)
    assert left_on(OVER - NIGHT, MarketingChoice, Person) == [2, 2]
    assert left_on(OVER, MarketingChoice, Person) == [1, 1]


def test_the_evidence_of_a_withdrawn_permission_holds_her_name_until_its_own_time() -> None:
    person = a_known_person()
    chose(person, "permitted", "sms", at=noon(date(2015, 1, 1)))
    chose(person, "withdrawn", "sms", at=noon(ENDED))

    assert left_on(OVER - NIGHT, MarketingChoice, Person, ContactPoint) == [2, 1, 0]
    assert left_on(OVER, MarketingChoice, Person) == [0, 0]
    assert Suppression.objects.count() == 1


def test_a_prohibition_alone_holds_nobody() -> None:
    chose(a_known_person(), "prohibited", "sms", at=noon(ENDED))

    assert left_on(ENDED + NIGHT, MarketingChoice, Person) == [0, 0]
    assert Suppression.objects.count() == 1


# --- consents -------------------------------------------------------------------------------------


def test_the_evidence_of_a_consent_holds_her_name_until_its_own_time() -> None:
    a_consent(a_known_person(), given=date(2015, 1, 1), withdrawn=ENDED)

    assert left_on(OVER - NIGHT, Consent, Person, ContactPoint) == [1, 1, 0]
    assert left_on(OVER, Consent, Person) == [0, 0]


def test_a_consent_that_nobody_withdrew_lasts_as_the_relationship_does() -> None:
    customer, user, contact, former = (a_known_person() for _number in range(4))
    relationships = [
        a_private_customer(customer),
        a_service_user(user),
        a_contact_person(contact, a_company()),
    ]
    for person in (customer, user, contact, former):
        a_consent(person, given=date(2015, 1, 1))

    assert left_on(date(2026, 1, 1), Consent, ContactPoint) == [3, 3]
    for one in relationships:
        ended(one, ENDED)
    assert left_on(date(2021, 1, 2), ContactPerson, Consent) == [0, 3]
    assert left_on(OVER - NIGHT, Consent, Person) == [2, 2]
    assert left_on(OVER, Consent, Person) == [0, 0]


def test_a_consent_stays_while_what_was_collected_with_it_does() -> None:
    person = a_known_person()
    consent = a_consent(person, given=date(2015, 1, 1))
    answered = date(2022, 6, 1)
    looking(SupplementaryInformation.objects.create)(
        person=person, kind="survey", topic="Palvelu", answer="Hyvä", consent=consent,
        source=Source.PHONE_CALL, collected_at=noon(answered),
    )  # fmt: skip

    assert left_on(date(2025, 5, 31), SupplementaryInformation, Consent, Person) == [1, 1, 1]
    assert left_on(date(2025, 6, 1), SupplementaryInformation) == [0]
    assert left_on(date(2025, 6, 2), Consent, Person) == [0, 0]


# --- who is kept by name alone --------------------------------------------------------------------


def test_a_former_contact_is_kept_by_name_for_what_she_signed_and_what_is_closed() -> None:
    person, caller, company = a_known_person(), a_known_person(), a_company()
    a_contract(company, signed_by=person)
    an_interaction(person, customer=company, happened_at=noon(ENDED), is_closed=True)
    an_interaction(caller, customer=company, happened_at=noon(ENDED))
    for one in (person, caller):
        a_contact_person(one, company, ended_on=date(2020, 2, 29))

    assert left_on(date(2021, 2, 27), ContactPoint) == [2]
    assert left_on(date(2021, 2, 28), Person, Interaction, ContactPoint) == [2, 2, 1]
    kept = looking(ContactPoint.objects.get)()
    assert kept.person_id == caller.pk  # an open matter needs to reach her


# --- balance zero ---------------------------------------------------------------------------------


def test_a_customers_years_begin_when_the_last_is_paid_or_credited() -> None:
    paid, credited = (a_private_customer(a_known_person()) for _number in range(2))
    an_invoice(paid, issued_on=ENDED, paid="125.50", paid_on=date(2021, 3, 1))
    an_invoice(credited, issued_on=date(2021, 3, 1), net="-100.00")
    with dry_run(as_of=OVER, job="test") as run:
        stays = {one.why for one in staying(run, {}) if one.kind == "customers.customer"}
    assert stays == {"open"}
    for customer in (paid, credited):
        ended(customer, ENDED)

    assert left_on(date(2024, 2, 29), ContactPoint) == [2]
    assert left_on(date(2024, 3, 1), ContactPoint, Customer) == [0, 2]


# --- prohibitions ---------------------------------------------------------------------------------


def test_what_a_sole_trader_prohibited_outlives_her_business() -> None:
    person = looking(Person.objects.create)(
        first_name="Aino", last_name="Mallikas", language="fi", source=Source.STAFF,
        created_at=noon(date(2012, 1, 1)),
    )  # fmt: skip
    business = a_company("Tmi Mallikas", owner=person, legal_form=Customer.LegalForm.TMI)
    looking(a_number)(customer=business)
    looking(Address.objects.create)(
        customer=business, kind="visiting", street="Mallitie 1", postal_code="13210",
        city="Hämeenlinna", source=Source.STAFF,
    )  # fmt: skip
    for channel in ("post", "sms"):
        chose(person, "prohibited", channel)
    an_interaction(person, happened_at=noon(date(2022, 1, 1)), is_closed=True)
    ended(business, ENDED)

    assert left_on(OVER, Customer, Address, ContactPoint, Person) == [0, 0, 0, 1]
    channels = sorted(Suppression.objects.values_list("channel", flat=True))
    assert channels == ["post", "sms"]
    assert left_on(date(2025, 1, 1), Person) == [0]
    assert Suppression.objects.count() == 2
