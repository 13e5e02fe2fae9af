"""One engine forgets: what has had its time goes, and nothing else does."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest
from django.utils import timezone

from audit.context import AccessPurpose, in_context
from customers.models import ContactPerson, ContactPoint, Customer, Hold, Person, Source
from privacy.forgetting.periods import periods_now
from privacy.forgetting.runs import apply_retention, dry_run
from privacy.forgetting.staying import staying
from privacy.models import PlannedErasure, SubjectRequest
from privacy.services import withdraw
from privacy.states import State
from tests.builders import a_company, a_person, a_private_customer, a_user
from tests.contract_builders import a_contract
from tests.request_builders import a_request, the_registrar

pytestmark = pytest.mark.django_db(transaction=True)

looking = in_context(job="test", purpose=AccessPurpose.UPKEEP)
LONG_AGO = date(2020, 1, 1)


@looking
def count(model: Any) -> int:
    return int(model.objects.keys_only().count())


@pytest.fixture
def former_contact(owner: psycopg.Connection) -> Callable[[date], Person]:
    """A company's contact person, long known, whose task ended on a day."""

    @looking
    def made(ended_on: date) -> Person:
        person = a_person("Aino", "Mallikas", phones=["040 000 1234"])
        ContactPerson.objects.create(
            person=person,
            customer=a_company(),
            started_on=LONG_AGO,
            ended_on=ended_on,
            source=Source.COMPANY,
        )
        return person

    def made_long_ago(ended_on: date) -> Person:
        person = made(ended_on)
        owner.execute("UPDATE customers_person SET created_at = '2020-01-01'")
        return person

    return made_long_ago


def test_a_contact_person_goes_while_the_company_stays(
    former_contact: Callable[[date], Person],
) -> None:
    former_contact(date(2025, 1, 1))

    before = apply_retention(as_of=date(2025, 12, 31), job="test")
    assert (before.status, before.erased) == ("done", {})
    run = apply_retention(as_of=date(2026, 1, 1), job="test")

    assert run.status == "done"
    assert run.erased["customers.person"] == run.erased["customers.contactperson"] == 1
    assert (count(Person), count(ContactPoint), count(ContactPerson)) == (0, 0, 0)
    assert count(Customer) == 1


def test_a_hold_keeps_her_and_everything_of_hers(former_contact: Callable[[date], Person]) -> None:
    person = former_contact(date(2025, 1, 1))
    hold = looking(Hold.objects.create)(
        person=person,
        reason="Riita laskusta",
        placed_by=a_user(),
        placed_at=datetime(2021, 1, 1, tzinfo=UTC),
    )

    run = apply_retention(as_of=date(2026, 1, 1), job="test")

    assert run.erased == {}
    assert run.plan["customers.contactperson"] == {"held": 1}
    assert not PlannedErasure.objects.exists()
    hold.released_at = datetime(2022, 1, 1, tzinfo=UTC)
    looking(hold.save)()
    assert apply_retention(as_of=date(2026, 1, 1), job="test").erased["customers.person"] == 1


def test_whoever_waits_for_an_answer_is_kept_until_she_has_it(
    former_contact: Callable[[date], Person],
) -> None:
    request = looking(a_request)(former_contact(date(2025, 1, 1)), State.IN_PROGRESS)

    run = apply_retention(as_of=date(2026, 1, 1), job="test")

    assert run.erased == {}
    assert run.plan["customers.contactperson"] == {"held": 1}
    looking(withdraw)(
        request=request,
        withdrawn_on=timezone.localdate(),
        how="Puhelimessa",
        by=the_registrar(),
    )
    run = apply_retention(as_of=date(2026, 1, 1), job="test")
    assert run.erased["customers.person"] == 1
    assert looking(SubjectRequest.objects.get)(pk=request.pk).person_id is None
    assert apply_retention(as_of=date(2026, 1, 1), job="test").erased == {}


@looking
def test_an_end_in_the_last_year_of_all_is_counted() -> None:
    a_contract(a_private_customer(a_person("Aino", "Mallikas")), ends_on=date.max)
    day = date(2026, 1, 1)

    with dry_run(as_of=day, job="test") as run:
        found = list(staying(run, periods_now()))

    assert date.max in [one.latest for one in found if one.kind == "contracts.contract"]


def test_a_dry_run_erases_nothing(former_contact: Callable[[date], Person]) -> None:
    former_contact(date(2025, 1, 1))

    with dry_run(as_of=date(2026, 1, 1), job="test") as run:
        assert run.plan["customers.person"] == {"erase": 1}

    assert count(Person) == 1
