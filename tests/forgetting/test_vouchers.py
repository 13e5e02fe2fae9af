"""Who is kept for vouchers keeps name, number and address; her prohibition outlives her."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from audit.context import AccessPurpose, in_context
from consents.models import MarketingChoice, Suppression
from contracts.models import Offer
from customers.models import Address, ContactPoint, Customer, Person, Source
from datamap.declarations import registry
from datamap.vocabulary import Category
from privacy.forgetting.asked import Against, Asked, Why
from privacy.forgetting.runs import apply_retention
from privacy.forgetting.saying import done_by
from tests.builders import a_person, a_private_customer, an_address
from tests.contract_builders import a_service, an_invoice, an_offer
from tests.marketing import chose

pytestmark = pytest.mark.django_db

looking = in_context(job="test", purpose=AccessPurpose.UPKEEP)
ENDED, OVER = date(2020, 1, 2), date(2023, 1, 2)
VOUCHERS_OVER = date(2026, 1, 1)


@looking
def count(model: Any) -> int:
    return int(model.objects.keys_only().count())


@looking
def a_number(person: Person, number: str) -> None:
    ContactPoint.objects.create(
        person=person, kind="phone", as_written=number, normalised=number, source=Source.STAFF
    )


@looking
def a_former_customer(paid: str) -> Person:
    """A private customer until 2020, with an invoice of 2019, who prohibited text messages."""
    person = Person.objects.create(
        first_name="Aino",
        last_name="Mallikas",
        language="fi",
        source=Source.IMPORT,
        source_wording="Vanha rekisteri",
        created_at=datetime(2012, 1, 1, tzinfo=UTC),
    )
    for number in ("+358400001234", "+358400001235"):
        a_number(person, number)
    an_address(person)
    customer = a_private_customer(person)
    day = date(2019, 12, 1)
    paid_on = day if paid != "0.00" else None
    an_invoice(customer, issued_on=day, net="100.00", paid=paid, paid_on=paid_on)
    chose(person, "permitted", "sms", at=datetime(2015, 1, 1, tzinfo=UTC))
    chose(person, "prohibited", "sms", at=datetime(2022, 6, 1, tzinfo=UTC))
    customer.ended_on = ENDED
    customer.save()
    return person


def run_on(day: date) -> dict[str, int]:
    return dict(apply_retention(as_of=day, job="test").erased)


def test_what_vouchers_do_not_need_goes_before_them() -> None:
    person = a_former_customer("125.50")

    assert run_on(OVER - timedelta(days=1)) == {}
    assert count(ContactPoint) == 2
    done = done_by(apply_retention(as_of=OVER, job="test"))
    assert done["customers.contactpoint"] == {"erase": 2, "reduce": 0}
    assert done["customers.person"] == {"erase": 0, "reduce": 1}

    # Her numbers go; what she chose stays its time, and what she prohibited already as a hash.
    assert (count(ContactPoint), count(MarketingChoice)) == (0, 2)
    assert Suppression.objects.count() == 2
    assert (count(Person), count(Customer), count(Address)) == (1, 1, 1)
    assert looking(Person.objects.get)(pk=person.pk).source_wording == ""
    assert run_on(OVER) == {}

    run_on(VOUCHERS_OVER)
    assert (count(Person), count(Customer), count(MarketingChoice)) == (0, 0, 0)
    assert Suppression.objects.count() == 2


def test_who_owes_us_can_be_called_until_it_is_paid() -> None:
    a_former_customer("0.00")

    assert run_on(OVER) == {}

    assert count(ContactPoint) == 2


def test_whoever_goes_at_once_leaves_her_prohibition_too() -> None:
    person = looking(Person.objects.create)(
        first_name="Aino",
        last_name="Mallikas",
        language="fi",
        source=Source.STAFF,
        created_at=datetime(2012, 1, 1, tzinfo=UTC),
    )
    a_number(person, "+358400001234")
    chose(person, "prohibited", "sms")

    assert run_on(OVER)["customers.person"] == 1

    assert Suppression.objects.count() == 1


def test_an_accepted_offer_is_of_the_contract_and_no_request_shortens_it() -> None:
    person = a_person()
    customer = a_private_customer(person)
    offers = {
        looking(an_offer)(customer, [a_service()], sent_on=ENDED, accepted_on=day)
        for day in (None, ENDED)
    }
    accepted = next(offer for offer in offers if offer.accepted_on)
    keys = [offer.pk for offer in offers]
    asked = Asked(person, frozenset(Category), whole=True, day=OVER, periods={})

    against = looking(asked.against)(registry[Offer], keys)

    last = date(2026, 12, 31)
    assert against == {accepted.pk: Against(Why.LAW, "accepted_on", last)}
