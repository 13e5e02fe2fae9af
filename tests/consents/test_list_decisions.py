"""A list says what `may_market` says, whatever histories people have."""

from collections import Counter
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.context import AccessPurpose, access_context
from audit.sql import keys_sql
from consents.candidates import candidates_of
from consents.decided_sets import Message, counted, decided_set
from consents.decision import Decision, Recipient, decisions, may_market
from consents.hashing import digest_of
from consents.models import OWN_COMPANY, MarketingChoice, RobinsonEntry, Suppression, WorkDuty
from consents.target_groups import Audience, TargetGroup
from contracts.models import Product
from contracts.summaries import compute_queued
from customers.models import Address, ContactPerson, ContactPoint, Customer, Person, Source
from tests.builders import (
    a_company,
    a_contact_person,
    a_person,
    a_private_customer,
    an_address,
    restricted,
)
from tests.contract_builders import a_contract, a_service, a_subscription, an_order
from tests.marketing import EVERYBODY, PRIVATE, SUPPORT, chose, told

pytestmark = pytest.mark.django_db

MOBILE = Product.Group.MOBILE.value
CHANNELS = MarketingChoice.Channel.values

CHOICES = st.lists(
    st.tuples(
        st.sampled_from(["permitted", "prohibited", "withdrawn"]),
        st.sampled_from(CHANNELS),
        st.sampled_from(["", SUPPORT, MOBILE]),
    ),
    max_size=6,
)
PEOPLE = st.fixed_dictionaries(
    {
        "choices": CHOICES,
        "company_choices": CHOICES,
        "is_private": st.booleans(),
        "is_contact": st.booleans(),
        "is_at_work": st.booleans(),
        "has_duty": st.booleans(),
        "is_told": st.booleans(),
        "was_sold": st.sampled_from([None, False, True]),
        "has_mobile": st.booleans(),
        "is_restricted": st.booleans(),
        "listed": st.sets(st.sampled_from(["phone", "post"])),
        "suppressed": st.sets(st.sampled_from(["email", "phone", "message", "post"])),
    }
)


_numbers = count(1)


def a_recipient(number: int, has: dict[str, Any]) -> None:
    """Somebody with what was drawn for her."""
    phone = f"040 000 {number:04d}"
    person = a_person("Aino", f"Malli{number}", phones=[phone], emails=[f"a{number}@example.com"])
    an_address(person, street=f"Mallitie {number}")
    own = a_private_customer(person) if has["is_private"] else None
    company = a_company(f"Malli{number} Oy")
    role = a_contact_person(person, company) if has["is_contact"] else None
    _points(number, person, company, has["is_at_work"])
    _permissions(person, company, role, has)
    if own is not None and has["was_sold"] is not None:
        order = an_order(own, [a_service(group=SUPPORT)], ordered_by=person)
        told(person, contact_point=_email(person), order=order, opt_out_offered=has["was_sold"])
    if own is not None and has["has_mobile"]:
        a_subscription(a_contract(own, signed_by=person), a_service(group=MOBILE), user=person)
    digests = {
        "phone": digest_of(f"phone:+358{phone.replace(' ', '')[1:]}"),
        "post": digest_of(f"post:aino malli{number}|mallitie {number}|13210"),
        "email": digest_of(f"email:a{number}@example.com"),
    }
    digests["message"] = digests["phone"]
    for name in has["listed"]:
        RobinsonEntry.objects.get_or_create(list=name, digest=digests[name])
    for name in has["suppressed"]:
        since = timezone.now()  # after what she permitted
        Suppression.objects.get_or_create(
            channel=name, product_group="", digest=digests[name], defaults={"since": since}
        )


def _points(number: int, person: Person, company: Customer, is_at_work: bool) -> None:
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        for point in ContactPoint.objects.filter(person=person):
            point.label = "työ" if is_at_work else ""
            point.save()
        ContactPoint.objects.create(
            customer=company,
            kind="email",
            as_written=f"info{number}@example.com",
            normalised=f"info{number}@example.com",
            source=Source.COMPANY,
        )


def _permissions(
    person: Person, company: Customer, role: ContactPerson | None, has: dict[str, Any]
) -> None:
    if has["is_told"]:
        told(person)
    for choice, channel, group in has["choices"]:
        chose(person, choice, channel, product_group=group)
    for choice, channel, group in has["company_choices"]:
        chose(None, choice, channel, product_group=group, customer=company)
    if role is not None and has["has_duty"]:
        with access_context(job="test", purpose=AccessPurpose.UPKEEP):
            WorkDuty.objects.create(contact_person=role, product_group=SUPPORT, evidence="told")
    if has["is_restricted"]:
        restricted(person)


def _email(person: Person) -> ContactPoint:
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        return ContactPoint.objects.get(person=person, kind="email")


def alone(row: dict[str, Any], message: Message) -> Decision:
    """What is decided about one candidate by itself."""
    recipient = Recipient(
        person=_found(Person, row["person_id"]),
        role=_found(ContactPerson, row["role_id"]),
        customer=_found(Customer, row["customer_id"]),
        contact_point=_found(ContactPoint, row["point_id"]),
        address=_found(Address, row["address_id"]),
    )
    return may_market(recipient, message.channel, message.product_group, message.sender)


def _found(model: Any, key: int | None) -> Any:
    return None if key is None else model.objects.get(pk=key)


def key_of(row: dict[str, Any]) -> tuple[int | None, ...]:
    return tuple(row[name] for name in ("person_id", "customer_id", "point_id", "address_id"))


@settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    people=st.lists(PEOPLE, min_size=1, max_size=3),
    channel=st.sampled_from(CHANNELS),
    product_group=st.sampled_from([SUPPORT, MOBILE]),
    sender=st.sampled_from([OWN_COMPANY, OWN_COMPANY, "Sisaryhtiö Oy"]),
)
def test_a_list_decides_as_one_decides_alone(
    db: None, people: list[dict[str, Any]], channel: str, product_group: str, sender: str
) -> None:
    with transaction.atomic():
        for has in people:
            a_recipient(next(_numbers), has)
        message = Message(channel, product_group, sender)
        with access_context(job="test", purpose=AccessPurpose.MARKETING):
            statement, params = candidates_of(EVERYBODY, channel)
            rows = keys_sql(f"SELECT c.* FROM ({statement}) AS c", params)
            single = {key_of(row): alone(row, message) for row in rows}
            together = {
                (one.person_id, one.customer_id, one.contact_point_id, one.address_id): one
                for one in decisions(statement, params, channel, product_group, sender)
            }
            assert together == single
            assert len(rows) == len(single)
            by_rule = Counter(one.rule for one in single.values())
            assert counted(statement, params, message).by_rule == by_rule
            assert rows_of_a_list(statement, params, message) == {
                key: one.rule.code for key, one in single.items() if one.allowed
            }
        transaction.set_rollback(True)


def rows_of_a_list(
    statement: str, params: dict[str, Any], message: Message
) -> dict[tuple[int | None, ...], str]:
    """Who of a set that was decided about in the database is allowed there, and by which rule."""
    with decided_set(statement, params, message) as decided:
        found = keys_sql("SELECT d.* FROM consents_decided AS d")
        codes = dict(zip(*decided.allowed.values(), strict=True))
    return {key_of(row): codes[row["facts"]] for row in found if row["facts"] in codes}


@pytest.mark.parametrize("channel", CHANNELS)
def test_each_reason_to_leave_somebody_out_is_met_on_its_channel(channel: str) -> None:
    nothing: dict[str, Any] = {
        "choices": [("permitted", channel, "")],
        "company_choices": [],
        "is_private": True,
        "is_contact": False,
        "is_at_work": False,
        "has_duty": False,
        "is_told": True,
        "was_sold": None,
        "has_mobile": False,
        "is_restricted": False,
        "listed": set(),
        "suppressed": set(),
    }
    for more in (
        {},
        {"is_restricted": True},
        {"choices": [("withdrawn", channel, "")]},
        {"listed": {"phone", "post"}},
        {"suppressed": {channel}} if channel not in ("sms", "robocall") else {},
    ):
        a_recipient(next(_numbers), {**nothing, **more})
    with access_context(job="test", purpose=AccessPurpose.MARKETING):
        statement, params = candidates_of(PRIVATE, channel)
        found = counted(statement, params, Message(channel, SUPPORT)).by_rule

    codes = {rule.code for rule in found}
    assert {"restricted", "prohibited"} < codes
    assert ("robinson" in codes) == (channel in ("phone", "post"))
    assert ("suppressed" in codes) == (channel not in ("sms", "robocall"))
    assert sum(number for rule, number in found.items() if rule.allows) > 0


# --- whom a description finds ---------------------------------------------------------------------


def found(channel: str = "email", **narrowing: Any) -> list[tuple[int | None, int | None]]:
    """The persons and roles of a group, in the order of their keys."""
    group = TargetGroup(**{"audience": tuple(Audience.values), **narrowing})
    with access_context(job="test", purpose=AccessPurpose.MARKETING):
        statement, params = candidates_of(group, channel)
        rows = keys_sql(f"SELECT c.* FROM ({statement}) AS c", params)
    return [(row["person_id"], row["role_id"]) for row in rows]


def test_a_person_is_found_once_and_as_a_contact_person_first() -> None:
    person = a_person(emails=["aino@example.com", "toinen@example.com"])
    a_private_customer(person)
    a_private_customer(person)
    role = a_contact_person(person, a_company())

    assert found() == [(person.pk, role.pk)]
    assert found(audience=(Audience.PRIVATE.value,)) == [(person.pk, None)]


def test_who_has_no_such_detail_is_not_found() -> None:
    a_private_customer(a_person(phones=["040 000 0001"]))

    assert found("email") == []
    assert len(found("sms")) == 1
    assert found("post") == []


def test_a_group_is_narrowed_by_what_is_in_use_where_and_in_which_language() -> None:
    person = a_person(emails=["aino@example.com"], language="sv")
    an_address(person)
    service = a_service(group=MOBILE)
    a_subscription(a_contract(a_private_customer(person), signed_by=person), service)
    a_private_customer(a_person(emails=["muu@example.com"]))

    for narrowing in (
        {"group_in_use": MOBILE},
        {"product_in_use": service.code},
        {"language": "sv"},
        {"place": "132"},
        {"place": "hämeenLINNA"},
    ):
        assert found(**narrowing) == [(person.pk, None)], narrowing
    for narrowing in ({"group_in_use": SUPPORT}, {"place": "33"}, {"place": "Lahti"}):
        assert found(**narrowing) == []


def test_a_group_is_narrowed_by_derived_figures() -> None:
    person = a_person(emails=["aino@example.com"])
    a_subscription(a_contract(a_private_customer(person), signed_by=person), unit_price="10.00")
    compute_queued(job="test")

    narrowings: tuple[dict[str, Any], ...] = (
        {"least_services": 1, "most_services": 1},
        {"least_value": 120, "most_value": 120},
        {"quiet_days": 30},
    )
    for narrowing in narrowings:
        assert found(**narrowing) == [(person.pk, None)], narrowing
    assert found(least_services=2) == []
    assert found(most_value=119) == []


def test_nothing_of_collections_recordings_invoices_or_free_text_describes_a_group() -> None:
    statement = candidates_of(
        TargetGroup((), "mobile", "liittyma", "fi", "132", 1, 1, 1, 1, 1), "email"
    )[0]

    for word in ("overdue", "balance", "recording", "collection", "invoice", "interaction"):
        assert word not in statement
