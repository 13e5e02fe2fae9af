"""What the calendar does: terms renew, and services end with their contract."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from audit.context import AccessContext, AccessPurpose, activate
from contracts import tasks
from contracts.models import Contract, Subscription
from contracts.services import give_notice
from tests.builders import a_company, a_person, a_private_customer, restricted
from tests.contract_builders import a_contract, a_subscription
from tests.log import Trail

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
YESTERDAY = TODAY - timedelta(days=1)
LONG_AGO = date(2015, 1, 1)


@pytest.fixture(autouse=True)
def _in_context() -> Iterator[None]:
    with activate(AccessContext(purpose=AccessPurpose.UPKEEP)):
        yield


def renewing(ends_on: date, months: int = 12, **more: Any) -> Contract:
    values = {"customer": None, "signed_by": None, **more}
    return a_contract(
        values["customer"] or a_company(),
        signed_by=values["signed_by"],
        signed_on=LONG_AGO,
        ends_on=ends_on,
        renewal=Contract.Renewal.RENEWS,
        renewal_months=months,
    )


def ended(ends_on: date) -> Contract:
    return a_contract(a_company(), signed_on=LONG_AGO, ends_on=ends_on)


def last_day_of(contract: Contract) -> date | None:
    return Contract.objects.get(pk=contract.pk).ends_on


@pytest.mark.parametrize("ago", [1, 400, 2000])
def test_a_term_that_is_over_goes_on_until_today_or_later(ago: int) -> None:
    contract = renewing(TODAY - timedelta(days=ago), months=12)

    assert tasks.follow_terms(0) == 1

    last_day = last_day_of(contract)
    assert last_day is not None
    assert TODAY <= last_day < TODAY + timedelta(days=366)


def test_months_that_are_too_short_do_not_move_the_end() -> None:
    contract = renewing(date(2016, 2, 29), months=1)

    tasks.follow_terms(0)

    last_day = last_day_of(contract)
    assert last_day is not None
    assert (last_day + timedelta(days=1)).day == 1


def test_what_goes_on_by_itself_or_not_at_all_is_left() -> None:
    running, over = renewing(TODAY), ended(YESTERDAY)
    with activate(AccessContext(purpose=AccessPurpose.UPKEEP)):
        given = renewing(TODAY)
        give_notice(contract=given, on=YESTERDAY, ends_on=YESTERDAY)

    assert tasks.follow_terms(0) == 0

    assert [last_day_of(one) for one in (running, over, given)] == [TODAY, YESTERDAY, YESTERDAY]


def test_services_end_with_their_contract() -> None:
    contract, running = ended(YESTERDAY), ended(TODAY)
    open_one = a_subscription(contract)
    earlier = a_subscription(contract, terminated_on=LONG_AGO)
    other = a_subscription(running)

    assert tasks.follow_terms(0) == 1

    found = {one.pk: one.terminated_on for one in Subscription.objects.all()}
    assert found == {open_one.pk: YESTERDAY, earlier.pk: LONG_AGO, other.pk: None}


def test_a_second_run_finds_nothing() -> None:
    renewing(YESTERDAY)
    a_subscription(ended(YESTERDAY))

    assert tasks.follow_terms(0) == 2
    assert tasks.follow_terms(0) == 0


def test_the_log_says_that_the_job_did_it(trail: Trail) -> None:
    signer, user = a_person(), a_person("Eero")
    renewing(YESTERDAY, signed_by=signer)
    a_subscription(ended(YESTERDAY), user=user)

    tasks.follow_terms(0)

    changes = [row for row in trail.rows(actor_label="follow_terms") if row["changes"]]
    assert {row["subject"] for row in changes} == {signer.public_id, user.public_id}
    assert {row["route"] for row in changes} == {"job:follow_terms"}


def test_a_restricted_persons_contract_waits_until_she_is_not(trail: Trail) -> None:
    signer, owner, user = a_person(), a_person("Eero"), a_person("Maija")
    signed = renewing(YESTERDAY, signed_by=signer)
    owned = renewing(YESTERDAY, customer=a_private_customer(owner))
    used = a_subscription(ended(YESTERDAY), user=user)
    restrictions = [restricted(person) for person in (signer, owner, user)]

    assert tasks.follow_terms(0) == 0

    assert [last_day_of(one) for one in (signed, owned)] == [YESTERDAY, YESTERDAY]
    assert Subscription.objects.get(pk=used.pk).terminated_on is None
    assert [signed.state, owned.state] == [Contract.State.IN_FORCE] * 2

    for restriction in restrictions:
        restriction.lifted_at = timezone.now()
        restriction.lifted_by = restriction.restricted_by
        with activate(AccessContext(purpose=AccessPurpose.UPKEEP)):
            restriction.save()

    assert tasks.follow_terms(0) == 3
