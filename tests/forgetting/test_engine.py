"""One engine forgets: what has had its time goes, and nothing else does."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest

from audit.context import AccessPurpose, in_context
from customers.models import ContactPerson, ContactPoint, Customer, Hold, Person, Source
from privacy.forgetting.runs import apply_retention, dry_run
from tests.builders import a_company, a_person, a_user

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
    hold.released_at = datetime(2022, 1, 1, tzinfo=UTC)
    looking(hold.save)()
    assert apply_retention(as_of=date(2026, 1, 1), job="test").erased["customers.person"] == 1


def test_a_dry_run_erases_nothing(former_contact: Callable[[date], Person]) -> None:
    former_contact(date(2025, 1, 1))

    with dry_run(as_of=date(2026, 1, 1), job="test") as run:
        assert run.plan["customers.person"] == {"erase": 1}

    assert count(Person) == 1
