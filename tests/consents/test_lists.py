"""Marketing lists: counted without a name, made of those allowed, handed out as they may be now."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import DisclosedPerson, Disclosure, User
from audit.context import AccessPurpose, access_context
from audit.log import Action
from consents.models import MarketingChoice, MarketingList, MarketingListRow
from customers.models import Person
from tests.builders import a_user, restricted
from tests.desk import text_of
from tests.log import Trail
from tests.marketing import SUPPORT, a_list, chose, willing, work

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english(staff: Callable[[str], User]) -> None:
    """The sentences here are English ones."""
    for role in ("marketer", "registrar"):
        user = staff(role)
        user.language = "en"
        user.save()


Browser = Callable[[str], Client]
Staff = Callable[[str], User]

NEW = "/marketing/new/"


def form(do: str, **more: Any) -> dict[str, Any]:
    return {
        "do": do,
        "public_id": str(uuid4()),
        "audience": ["private"],
        "channel": "email",
        "product_group": SUPPORT,
        "sender": "Praecom Oy",
        "name": "Syyskirje",
        "expires_on": str(timezone.localdate() + timedelta(days=14)),
        **more,
    }


def rows_of(made: MarketingList) -> set[int | None]:
    with access_context(job="test", purpose=AccessPurpose.MARKETING):
        return {row.person_id for row in MarketingListRow.objects.filter(marketing_list=made)}


def test_a_group_is_counted_by_reason_and_nobody_is_named(client_as: Browser, trail: Trail) -> None:
    permitting = [willing() for _ in range(6)]
    for person in (willing() for _ in range(5)):
        chose(person, "prohibited")
    restricted(willing())
    before = trail.last_id()

    response = client_as("marketer").post(NEW, form("count"))

    text = text_of(response)
    assert "at least 12" in text
    assert "May be reached 6" in text
    assert "5 Marketing on this channel has been prohibited" in text
    assert "fewer than 5 The processing of her data is restricted" in text
    assert "Mallikas" not in text
    assert str(permitting[0].public_id) not in response.content.decode()
    assert MarketingList.objects.count() == 0
    assert trail.subjects(id__gt=before) == set()
    assert trail.actions(id__gt=before) == ["search"]


def test_a_group_of_fewer_than_five_is_shown_without_a_number(client_as: Browser) -> None:
    for _ in range(4):
        willing()

    text = text_of(client_as("marketer").post(NEW, form("count")))

    assert "Fewer than 5 are in this group." in text
    assert "May be reached" not in text


def test_a_list_holds_those_who_are_allowed_and_names_them_everywhere(
    client_as: Browser, trail: Trail
) -> None:
    allowed = {willing(), willing()}
    refused = willing()
    chose(refused, "withdrawn")
    restricted(willing())
    before = trail.last_id()

    response = client_as("marketer").post(NEW, form("make"))
    work()

    made = MarketingList.objects.get()
    assert response.headers["Location"] == f"/marketing/{made.public_id}/"
    assert rows_of(made) == {person.pk for person in allowed}
    assert (made.allowed, made.blocked) == (2, {"prohibited": 1, "restricted": 1})
    subjects = {person.public_id for person in allowed}
    assert trail.subjects(id__gt=before, action=Action.CREATE) == subjects
    assert trail.subjects(id__gt=before, purpose="marketing", route="job:make_list") == subjects
    assert {row["actor_id"] for row in trail.rows(id__gt=before, action=Action.CREATE)} == {
        made.made_by_id
    }
    disclosure = Disclosure.objects.get()
    assert (disclosure.recipient.kind, disclosure.basis) == ("own", "a")
    assert disclosure.expires_on == made.expires_on
    with access_context(job="test", purpose=AccessPurpose.MARKETING):
        assert {one.subject for one in DisclosedPerson.objects.all()} == subjects


def test_a_form_sent_twice_makes_one_list(client_as: Browser) -> None:
    willing()
    client, twice = client_as("marketer"), form("make")

    first, second = client.post(NEW, twice), client.post(NEW, twice)
    work()
    work()

    assert first.headers["Location"] == second.headers["Location"]
    made = MarketingList.objects.get()
    assert len(rows_of(made)) == made.allowed == 1
    assert ProcrastinateJob.objects.filter(task_name="consents.tasks.make_asked_list").count() == 1


def test_a_form_sent_again_with_something_else_in_it_is_a_form_anew(client_as: Browser) -> None:
    willing()
    client, twice = client_as("marketer"), form("make")
    client.post(NEW, twice)

    refused = client.post(NEW, {**twice, "name": "Talvikirje"})

    assert refused.status_code == 409
    assert MarketingList.objects.get().name == "Syyskirje"
    shown = refused.context["form"]
    assert shown["name"].value() == "Talvikirje"
    assert shown["public_id"].value() != twice["public_id"]
    anew = client.post(
        NEW, {**twice, "name": "Talvikirje", "public_id": shown["public_id"].value()}
    )
    assert anew.status_code == 302
    assert MarketingList.objects.count() == 2


def test_the_key_of_somebody_elses_list_makes_none(client_as: Browser, staff: Staff) -> None:
    other = a_list(staff("registrar"))

    refused = client_as("marketer").post(NEW, form("make", public_id=str(other.public_id)))

    assert refused.status_code == 409
    assert MarketingList.objects.get() == other


def test_a_list_that_is_being_made_says_so_and_hands_out_nobody(client_as: Browser) -> None:
    willing("Liisa", "Lähde")
    client = client_as("marketer")
    at = client.post(NEW, form("make")).headers["Location"]

    awaited = client.get(at)
    assert "The list is being made" in text_of(awaited)
    assert 'hx-trigger="every 2s"' in awaited.content.decode()
    assert client.post(f"{at}csv/").status_code == 410
    assert "Being made" in text_of(client.get("/marketing/"))

    work()
    made = client.get(at)
    assert "Liisa Lähde" in text_of(made)
    assert "hx-trigger" not in made.content.decode()


def test_a_list_that_cannot_be_made_holds_nobody_and_can_be_asked_for_anew(
    client_as: Browser, trail: Trail
) -> None:
    willing("Liisa", "Lähde")
    client = client_as("marketer")
    at = client.post(NEW, form("make")).headers["Location"]
    MarketingList.objects.update(criteria={"audience": ["private"], "least_services": "many"})
    before = trail.last_id()

    with pytest.raises(DatabaseError):
        work()

    assert "The list could not be made" in text_of(client.get(at))
    made = MarketingList.objects.get()
    assert (made.state, made.allowed, rows_of(made)) == ("failed", 0, set())
    assert trail.subjects(id__gt=before) == set()
    assert Disclosure.objects.count() == 0
    work()
    assert MarketingList.objects.get().state == "failed"


def test_a_list_nobody_makes_is_not_awaited_for_ever(client_as: Browser) -> None:
    willing()
    client = client_as("marketer")
    at = client.post(NEW, form("make")).headers["Location"]
    MarketingList.objects.update(made_at=timezone.now() - timedelta(minutes=16))

    assert "The list could not be made" in text_of(client.get(at))


@pytest.mark.parametrize(
    "wrong",
    [
        {"expires_on": str(timezone.localdate() + timedelta(days=31))},
        {"expires_on": str(timezone.localdate() - timedelta(days=1))},
        {"expires_on": "0000-00-00"},
        {"channel": "pigeon"},
        {"product_group": "' OR 1=1 --"},
        {"audience": ["everybody"]},
        {"audience": []},
        {"place": "13' OR ''='"},
        {"place": "%"},
        {"place": "a\0b"},
        {"least_services": "-1"},
        {"least_value": "9" * 400},
        {"product_in_use": "\0"},
        {"language": "xx"},
        {"sender": "Vieras Oy"},
        {"name": ""},
        {"public_id": "not one"},
    ],
)
def test_a_form_that_will_not_do_makes_nothing(client_as: Browser, wrong: dict[str, Any]) -> None:
    willing()

    response = client_as("marketer").post(NEW, form("make", **wrong))

    assert response.status_code == 422
    assert MarketingList.objects.count() == 0


def test_nobody_allowed_makes_no_list(client_as: Browser, trail: Trail) -> None:
    chose(willing(), "prohibited")
    before = trail.last_id()

    response = client_as("marketer").post(NEW, form("make"))
    work()

    made = MarketingList.objects.get()
    assert (made.state, rows_of(made), Disclosure.objects.count()) == ("nobody", set(), 0)
    text = text_of(client_as("marketer").get(response.headers["Location"]))
    assert "Nobody in this group may get the message" in text
    assert "fewer than 5" not in text
    assert trail.subjects(id__gt=before) == set()


def test_another_marketers_list_is_not_there_and_the_registrar_reads_every_one(
    client_as: Browser, staff: Staff
) -> None:
    willing("Liisa", "Lähde")
    other = a_user("other")
    made = a_list(other)
    at = f"/marketing/{made.public_id}/"

    marketer, registrar = client_as("marketer"), client_as("registrar")
    for address in (f"{at}csv/", f"{at}xlsx/", f"{at}choose/"):
        assert marketer.post(address).status_code == 404
    assert marketer.get(at).status_code == 404
    assert "Syyskirje" not in text_of(marketer.get("/marketing/"))
    assert "Liisa Lähde" in text_of(registrar.get(at))
    assert "Syyskirje" in text_of(registrar.get("/marketing/"))
    assert registrar.post(f"{at}csv/").status_code == 403
    assert registrar.get(NEW).status_code == 403


def test_a_page_shows_those_who_may_be_reached_now_and_records_them_alone(
    client_as: Browser, staff: Staff, trail: Trail
) -> None:
    people = [willing(f"Etu{number}", f"Sukunen{number}") for number in range(22)]
    made = a_list(staff("marketer"))
    chose(people[0], "prohibited")
    restricted(people[1])
    client, at = client_as("marketer"), f"/marketing/{made.public_id}/"
    before = trail.last_id()

    first = text_of(client.get(at))

    assert "Sukunen19" in first
    assert "Sukunen20" not in first
    assert "Etu0 " not in first
    assert "Etu1 " not in first
    assert "1 row of this page is not shown any more" in first
    shown = {person.public_id for person in people[2:20]}
    assert trail.subjects(id__gt=before) == shown
    with access_context(job="test", purpose=AccessPurpose.MARKETING):
        last = MarketingListRow.objects.in_order()[19].pk
    rest = text_of(client.get(f"{at}?after={last}"))
    assert "Sukunen20" in rest
    assert "Sukunen19" not in rest


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30, "%00", "1.5", "²"])
def test_a_position_that_is_none_is_the_first_page(
    client_as: Browser, staff: Staff, after: str
) -> None:
    willing("Liisa", "Lähde")
    made = a_list(staff("marketer"))

    response = client_as("marketer").get(f"/marketing/{made.public_id}/?after={after}")

    assert "Liisa Lähde" in text_of(response)


def key_of(made: MarketingList, person: Person) -> int:
    with access_context(job="test", purpose=AccessPurpose.MARKETING):
        return MarketingListRow.objects.get(marketing_list=made, person=person).pk


@pytest.mark.parametrize(("choice", "channels"), [("prohibited", 1), ("everything", 6)])
def test_a_choice_is_recorded_from_the_list_and_takes_her_off_it(
    client_as: Browser, staff: Staff, choice: str, channels: int
) -> None:
    person = willing("Liisa", "Lähde")
    made = a_list(staff("marketer"))
    client, at = client_as("marketer"), f"/marketing/{made.public_id}/"

    client.post(f"{at}choose/", {"row": key_of(made, person), "choice": choice, "source": "letter"})

    with access_context(job="test", purpose=AccessPurpose.MARKETING):
        recorded = list(MarketingChoice.objects.filter(person=person, choice="prohibited"))
    assert len(recorded) == channels
    assert {(one.source, one.recorded_by) for one in recorded} == {("letter", staff("marketer"))}
    assert "Liisa Lähde" not in text_of(client.get(at))


def test_nobody_is_chosen_for_who_is_not_on_the_list(client_as: Browser, staff: Staff) -> None:
    mine, gone = willing(), willing()
    other = a_user("other")
    their_list = a_list(other)
    chose(gone, "prohibited")
    made = a_list(staff("marketer"))
    at, key = f"/marketing/{made.public_id}/choose/", key_of(their_list, mine)

    response = client_as("marketer").post(
        at, {"row": key, "choice": "prohibited", "source": "call"}
    )

    assert response.status_code == 404
    with access_context(job="test", purpose=AccessPurpose.MARKETING):
        assert not MarketingChoice.objects.filter(person=mine, choice="prohibited").exists()
