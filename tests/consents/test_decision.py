"""Whether somebody may be marketed to, from what the register holds of her."""

from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.context import AccessPurpose, access_context
from consents.decision import Decision, Recipient, may_market
from consents.hashing import digest_of
from consents.models import (
    CollectionNotice,
    MarketingChoice,
    RobinsonEntry,
    Suppression,
    WorkDuty,
)
from consents.services.prohibitions import keep_for_addresses
from contracts.models import Product
from customers.models import Address, ContactPerson, ContactPoint, Customer, Person, Source
from tests.builders import a_company, a_contact_person, a_person, a_private_customer
from tests.contract_builders import a_contract, a_service, a_subscription, an_order
from tests.log import Trail
from tests.marketing import forgotten

pytestmark = pytest.mark.django_db

SUPPORT = Product.Group.SUPPORT.value
MOBILE = Product.Group.MOBILE.value


def known(**more: Any) -> Person:
    """A person who was told of marketing."""
    person = a_person(phones=["040 000 1234"], emails=["aino@example.com"], **more)
    told(person)
    return person


def told(person: Person, **more: Any) -> None:
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        CollectionNotice.objects.create(person=person, **more)


def choose(person: Person | None, choice: str, channel: str = "email", **more: Any) -> None:
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        MarketingChoice.objects.create(
            person=person, channel=channel, choice=choice, **{"source": "call", **more}
        )


def point_of(person: Person, kind: str = "email") -> ContactPoint:
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        return ContactPoint.objects.get(person=person, kind=kind)


def decided(person: Person, channel: str = "email", group: str = SUPPORT, **more: Any) -> Decision:
    kind = "email" if channel == "email" else "phone"
    sender = {key: more.pop(key) for key in ("sender", "at") if key in more}
    recipient = Recipient(person=person, contact_point=point_of(person, kind), **more)
    with access_context(job="test", purpose=AccessPurpose.MARKETING):
        return may_market(recipient, channel, group, **sender)


def test_a_consumer_who_was_never_asked_gets_no_e_mail() -> None:
    assert decided(known()).rule.code == "no_consent"


def test_who_was_not_told_is_not_even_called() -> None:
    person = a_person(phones=["040 000 1234"])

    assert decided(person, "phone").rule.code == "not_told"


def test_a_consent_is_one_until_it_is_withdrawn() -> None:
    person = known()
    choose(person, "permitted")
    assert decided(person).rule.code == "consent"

    choose(person, "withdrawn")
    assert decided(person).rule.code == "prohibited"


def test_a_consent_for_one_channel_is_none_for_another() -> None:
    person = known()
    choose(person, "permitted", "sms")

    assert decided(person).rule.code == "no_consent"


def test_a_prohibition_of_everything_stands_over_a_permission_for_one_group() -> None:
    person = known()
    choose(person, "prohibited")
    choose(person, "permitted", product_group=SUPPORT)

    assert decided(person).rule.code == "prohibited"


def test_what_was_decided_at_a_moment_can_be_told_afterwards() -> None:
    person = known()
    choose(person, "permitted")
    before = timezone.now()
    choose(person, "prohibited")

    assert decided(person).rule.code == "prohibited"
    assert not decided(person, at=before - timedelta(days=1)).allowed


def sold(group: str = SUPPORT, **more: Any) -> Person:
    """A private customer who gave her e-mail address in a sale of the group."""
    person = a_person(phones=["040 000 1234"], emails=["aino@example.com"])
    order = an_order(a_private_customer(person), [a_service(group=group)], ordered_by=person)
    told(person, **{"contact_point": point_of(person), "order": order, **more})
    return person


def test_an_own_customer_may_be_written_to_about_the_like() -> None:
    assert decided(sold(opt_out_offered=True)).rule.code == "own_customer"


def test_an_own_customer_who_was_offered_no_way_out_may_not() -> None:
    assert decided(sold(opt_out_offered=False)).rule.code == "no_opt_out_then"


def test_a_sister_company_may_not_use_the_exception() -> None:
    person = sold(opt_out_offered=True)

    assert decided(person, sender="Sisar Oy").rule.code == "no_consent"


def test_another_product_group_is_not_the_like() -> None:
    assert decided(sold(MOBILE, opt_out_offered=True)).rule.code == "no_consent"


def at_work(label: str = "työ") -> tuple[Person, ContactPerson]:
    person = known()
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        point = ContactPoint.objects.get(person=person, kind="email")
        point.label = label
        point.save()
    return person, a_contact_person(person, a_company(), task="tietohallinto")


def test_work_duties_decide_and_no_title_proves_them() -> None:
    person, role = at_work()
    assert decided(person, role=role).rule.code == "no_consent"

    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        WorkDuty.objects.create(
            contact_person=role, product_group=SUPPORT, evidence="said on the phone"
        )
    assert decided(person, role=role).rule.code == "work_duties"


def test_an_address_at_home_is_not_one_at_work() -> None:
    person, role = at_work(label="koti")
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        WorkDuty.objects.create(contact_person=role, product_group=SUPPORT, evidence="told")

    assert decided(person, role=role).rule.code == "no_consent"


def generic(company: Customer) -> Recipient:
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        point = ContactPoint.objects.create(
            customer=company,
            kind="email",
            as_written="info@example.com",
            normalised="info@example.com",
            source=Source.COMPANY,
        )
    return Recipient(customer=company, contact_point=point)


def test_a_companys_own_address_may_be_written_to_until_it_prohibits_that() -> None:
    company = a_company()
    recipient = generic(company)
    with access_context(job="test", purpose=AccessPurpose.MARKETING):
        assert may_market(recipient, "email", SUPPORT).rule.code == "company_address"

    choose(None, "prohibited", customer=company)
    with access_context(job="test", purpose=AccessPurpose.MARKETING):
        assert may_market(recipient, "email", SUPPORT).rule.code == "prohibited"


def test_a_sole_trader_is_a_natural_person() -> None:
    owner = known()
    recipient = generic(a_company(name="Malli Tmi", owner=owner, legal_form="tmi"))

    with access_context(job="test", purpose=AccessPurpose.MARKETING):
        decision = may_market(recipient, "email", SUPPORT)

    assert (decision.rule.code, decision.subject) == ("no_consent", owner.public_id)


def test_mobile_subscriptions_are_sold_by_phone_to_own_mobile_customers_alone() -> None:
    person = known()
    assert decided(person, "phone", MOBILE).rule.code == "mobile_by_phone"

    contract = a_contract(a_private_customer(person), signed_by=person)
    a_subscription(contract, a_service(group=MOBILE), user=person)
    assert decided(person, "phone", MOBILE).rule.code == "own_mobile_customer"
    assert decided(person, "phone", MOBILE, sender="Sisar Oy").rule.code == "mobile_by_phone"


def test_the_robinson_list_is_matched_by_its_hash() -> None:
    person = known()
    RobinsonEntry.objects.create(list="phone", digest=digest_of("phone:+358400001234"))

    assert decided(person, "phone").rule.code == "robinson"


def test_a_listing_ends() -> None:
    person = known()
    RobinsonEntry.objects.create(
        list="phone",
        digest=digest_of("phone:+358400001234"),
        listed_on=date(2020, 1, 1),
        expires_on=date(2023, 1, 1),
    )

    assert decided(person, "phone").rule.code == "call"


def test_looking_is_recorded_of_the_person_it_is_about(trail: Trail) -> None:
    person = known()
    before = trail.last_id()

    decided(person)

    assert person.public_id in trail.subjects(id__gt=before, categories__contains=["marketing"])


@pytest.mark.parametrize("events", [10, 300])
def test_a_decision_is_one_statement_however_long_the_history(events: int) -> None:
    person = known()
    for number in range(events):
        choose(person, ("permitted", "withdrawn")[number % 2])
    recipient = Recipient(person=person, contact_point=point_of(person))

    with access_context(job="test", purpose=AccessPurpose.MARKETING):
        with CaptureQueriesContext(connection) as queries:
            decision = may_market(recipient, "email", SUPPORT)

    assert decision.rule.code == "prohibited"
    assert len(queries) <= 2


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["permitted", "prohibited", "withdrawn"]),
            st.sampled_from(["email", "sms"]),
            st.sampled_from(["", SUPPORT, MOBILE]),
        ),
        max_size=8,
    )
)
def test_no_order_of_events_that_ends_in_a_withdrawal_gives_a_consent(
    db: None, events: list[tuple[str, str, str]]
) -> None:
    person = known()
    for choice, channel, group in events:
        choose(person, choice, channel, product_group=group)
    choose(person, "withdrawn", product_group=SUPPORT)

    assert decided(person).rule.code == "prohibited"


def test_a_prohibition_outlives_the_person(owner: psycopg.Connection[Any]) -> None:
    person = known()
    choose(person, "prohibited", "phone")
    choose(person, "permitted", "email")

    forgotten(person)

    [kept] = Suppression.objects.all()
    assert bytes(kept.digest) == digest_of("phone:+358400001234")
    told(person)
    assert decided(person, "phone").rule.code == "suppressed"


def test_who_permits_it_herself_again_lifts_what_outlived_her() -> None:
    person = known()
    choose(person, "prohibited")
    choose(person, "prohibited", product_group=MOBILE)
    forgotten(person)
    told(person)

    choose(person, "permitted", source="import")
    assert decided(person).rule.code == "suppressed"
    choose(person, "permitted", product_group=SUPPORT, source="page")
    assert decided(person).rule.code == "suppressed"
    before = timezone.now()

    choose(person, "permitted", source="page")
    assert decided(person).rule.code == "consent"
    assert decided(person, at=before).rule.code == "suppressed"
    assert decided(person, group=MOBILE).rule.code == "suppressed"
    choose(person, "withdrawn", source="page")
    assert decided(person).rule.code == "prohibited"


def test_a_companys_prohibition_of_post_outlives_its_address() -> None:
    before, after = (_at_the_same_address(number) for number in ("20031", "20032"))
    choose(None, "prohibited", "post", customer=before.customer)

    with access_context(job="test", purpose=AccessPurpose.RETENTION):
        keep_for_addresses([before.pk])
        found = may_market(Recipient(customer=after.customer, address=after), "post", SUPPORT)

    assert found.rule.code == "suppressed"
    choose(None, "permitted", "post", customer=after.customer)
    with access_context(job="test", purpose=AccessPurpose.MARKETING):
        found = may_market(Recipient(customer=after.customer, address=after), "post", SUPPORT)

    assert found.rule.code == "company_address"


def _at_the_same_address(number: str) -> Address:
    company = a_company("Malliyritys Oy", number=number)
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        return Address.objects.create(
            customer=company, kind="postal", street="Mallitie 1", postal_code="13210",
            city="Lahti", source="staff",
        )  # fmt: skip
