"""Marketing choices are events that nobody rewrites; a wording in use stays as it was."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from audit.context import AccessPurpose, access_context
from consents.models import MarketingChoice, Wording
from customers.models import Person
from tests.builders import a_person, a_user
from tests.database import site_connection

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres_versions]


@pytest.fixture
def person() -> Person:
    return a_person()


@pytest.fixture
def site() -> Iterator[psycopg.Connection[Any]]:
    with site_connection() as connection:
        yield connection


def choose(person: Person, choice: str, **more: Any) -> MarketingChoice:
    with access_context(job="writer", purpose=AccessPurpose.UPKEEP):
        return MarketingChoice.objects.create(
            **{"person": person, "channel": "email", "choice": choice, "source": "call", **more}
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE consents_marketingchoice SET choice = 'permitted'",
        "DELETE FROM consents_marketingchoice",
        "TRUNCATE consents_marketingchoice",
    ],
)
def test_a_choice_is_never_changed(
    person: Person,
    site: psycopg.Connection[Any],
    owner: psycopg.Connection[Any],
    statement: str,
) -> None:
    choose(person, "prohibited")
    for connection in (site, owner):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)
    assert owner.execute("SELECT choice FROM consents_marketingchoice").fetchall() == [
        ("prohibited",)
    ]


def test_the_newest_event_of_a_channel_counts(person: Person) -> None:
    choose(person, "permitted")
    choose(person, "withdrawn")
    choose(person, "prohibited", channel="phone")

    with access_context(job="reader", purpose=AccessPurpose.UPKEEP):
        latest = MarketingChoice.objects.filter(person=person).latest_per_channel()
        assert {c.channel: c.choice for c in latest} == {
            "email": "withdrawn",
            "phone": "prohibited",
        }


@pytest.mark.parametrize("values", [{"choice": "maybe"}, {"channel": "pigeon"}])
def test_an_unknown_choice_or_channel_is_refused(person: Person, values: dict[str, str]) -> None:
    from django.db import IntegrityError

    with pytest.raises(IntegrityError):
        choose(person, **{"choice": "permitted", **values})


def test_a_wording_that_was_shown_is_never_changed(
    person: Person, site: psycopg.Connection[Any]
) -> None:
    used = Wording.objects.create(name="offers", version=1, language="fi", text="Saa lähettää.")
    unused = Wording.objects.create(name="offers", version=2, language="fi", text="Saa lähettää.")
    choose(person, "permitted", wording=used)

    site.execute("UPDATE consents_wording SET text = 'x' WHERE id = %s", [unused.pk])
    for statement in (
        "UPDATE consents_wording SET text = 'x' WHERE id = %s",
        "DELETE FROM consents_wording WHERE id = %s",
    ):
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
            site.execute(statement, [used.pk])


def test_a_choice_is_visible_to_whose_role_it_is(person: Person, staff: Any) -> None:
    choose(person, "prohibited")
    stranger = a_user("stranger")
    with access_context(job="reader", purpose=AccessPurpose.UPKEEP):
        assert MarketingChoice.objects.visible_to(staff("marketer")).count() == 1
        assert MarketingChoice.objects.visible_to(stranger).count() == 0
