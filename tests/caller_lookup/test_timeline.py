"""The history on the card: which kinds a role sees, filtered and paged, and what the log says."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers.models import Person
from tests.builders import a_company, a_person, a_private_customer, restricted
from tests.histories import a_whole_history
from tests.log import Trail
from tests.recording_builders import a_message, a_recording

pytestmark = pytest.mark.django_db

FRAGMENT = {"HX-Request": "true"}
CALLERS = ("agent", "account_manager", "billing", "recording_reviewer", "registrar")


@pytest.fixture
def maija() -> Person:
    """A private customer to whom everything has happened, and Eero uses her service now."""
    person = a_person("Maija", "Mallikas")
    a_whole_history(a_private_customer(person), person, a_person("Eero", "Seuraaja"))
    a_recording(person)
    a_message(person)
    return person


def history(client: Client, person: Person, query: str = "", **headers: str) -> Any:
    return client.get(f"/persons/{person.public_id}/history/{query}", headers=headers or FRAGMENT)


def entries_of(response: Any) -> list[Any]:
    return [entry for month in response.context["timeline"].months for entry in month.entries]


def walked(client: Client, person: Person, query: str = "") -> list[Any]:
    """The entries of all pages, by the links that lead from one to the next."""
    response = history(client, person, query)
    found = entries_of(response)
    while older := response.context["timeline"].older:
        response = history(client, person, older)
        found += entries_of(response)
    return found


# --- which kinds ----------------------------------------------------------------------------------

ALL_KINDS = {
    "contact", "choice", "consent", "offer", "contract", "order", "service", "change", "device",
    "return", "invoice", "collection", "recording", "message",
}  # fmt: skip
HIDDEN = {
    "agent": {"collection"},
    "account_manager": {"collection"},
    "billing": {"choice", "consent", "recording", "message"},
    "recording_reviewer": {"choice", "consent", "invoice", "collection"},
    "registrar": set(),
}


@pytest.mark.parametrize("who", CALLERS)
def test_each_role_sees_its_kinds(
    client_as: Callable[[str], Client], maija: Person, who: str
) -> None:
    client = client_as(who)
    seen = ALL_KINDS - HIDDEN[who]

    shown = history(client, maija).context["timeline"]

    assert {one.kind.name for one in shown.filters} == seen
    assert {entry.kind.name for entry in walked(client, maija)} == seen


@pytest.mark.parametrize(
    ("who", "kind"), [(who, kind) for who in CALLERS for kind in sorted(HIDDEN[who])]
)
def test_a_kind_outside_the_role_is_not_asked_for(
    client_as: Callable[[str], Client], maija: Person, who: str, kind: str
) -> None:
    client = client_as(who)

    alone = history(client, maija, f"?kind={kind}")
    beside = walked(client, maija, f"?kind={kind}&kind=offer")

    assert not alone.context["timeline"].is_filtered
    assert kind not in {entry.kind.name for entry in entries_of(alone)}
    assert {entry.kind.name for entry in beside} == {"offer"}


@pytest.mark.parametrize("kind", sorted(ALL_KINDS))
def test_one_kind_alone(client_as: Callable[[str], Client], maija: Person, kind: str) -> None:
    client = client_as("registrar")
    everything = walked(client, maija)

    response = history(client, maija, f"?kind={kind}")

    assert entries_of(response) == [entry for entry in everything if entry.kind.name == kind]
    assert response.context["timeline"].is_filtered


def test_kinds_are_added_and_taken_away(client_as: Callable[[str], Client], maija: Person) -> None:
    client = client_as("agent")
    queries = {
        one.kind.name: one.query
        for one in history(client, maija, "?kind=offer").context["timeline"].filters
    }

    assert queries["offer"] == ""
    assert queries["order"] == "?kind=offer&kind=order"
    both = history(client, maija, queries["order"]).context["timeline"]
    assert {one.kind.name for one in both.filters if one.is_chosen} == {"offer", "order"}


@pytest.mark.parametrize("query", ["?kind=", "?kind=nothing", "?kind=%00", "?kind=offer%20"])
def test_an_unknown_kind_filters_nothing(
    client_as: Callable[[str], Client], maija: Person, query: str
) -> None:
    client = client_as("agent")

    assert entries_of(history(client, maija, query)) == entries_of(history(client, maija))


# --- what stands there ----------------------------------------------------------------------------


def test_a_contact_is_told_with_all_that_was_noted(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    page = history(client_as("agent"), maija, "?kind=contact").content.decode()

    for said in ("Eräpäivä", "Siirretty.", "Puhelin, saapuva", "Ratkaistu", "Nimi: Täsmäsi"):
        assert said in page


def test_an_entry_names_the_others_with_a_link(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    eero = a_person_named("Eero")

    page = history(client_as("agent"), maija, "?kind=change").content.decode()

    assert f'<a href="/persons/{eero.public_id}/">Eero Seuraaja</a>' in page
    assert f'<a href="/persons/{maija.public_id}/">' not in page


def a_person_named(first_name: str) -> Person:
    from audit.context import AccessPurpose, access_context

    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        return Person.objects.get(first_name=first_name)


@pytest.mark.parametrize(
    ("who", "is_covered"), [("agent", False), ("billing", True), ("recording_reviewer", True)]
)
def test_numbers_and_addresses_are_covered_as_on_the_card(
    client_as: Callable[[str], Client], maija: Person, who: str, *, is_covered: bool
) -> None:
    page = history(client_as(who), maija, "?kind=service&kind=change").content.decode()

    assert ("+358400000123" in page) != is_covered
    assert ("••• 23" in page) == is_covered
    assert ("Uusikatu 2" in page) != is_covered
    assert ("•••, Hämeenlinna" in page) == is_covered


def test_the_fragment_is_part_of_the_page(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    client = client_as("agent")

    page = history(client, maija, Accept="text/html").content.decode()
    fragment = history(client, maija).content.decode()

    assert "<h1" in page
    assert "<h1" not in fragment
    for part in ('id="desk"', 'id="timeline"', 'id="timeline-older"'):
        assert part in page
        assert part in fragment


def test_who_pages_reads_on_from_the_top(client_as: Callable[[str], Client], maija: Person) -> None:
    client = client_as("agent")
    opened = history(client, maija).content.decode()
    paged = history(client, maija, **FRAGMENT, **{"HX-Trigger": "timeline-older"})

    assert opened.count("autofocus") == 1  # the panel's heading
    assert paged.content.decode().count("autofocus") == 2


# --- what it costs, and what the log says ---------------------------------------------------------


def test_a_long_history_costs_no_more_queries(client_as: Callable[[str], Client]) -> None:
    """Session; user with her rights; the person; the log; and the transaction that holds it all.

    The statements of the timeline are counted by themselves (tests/contracts/test_timeline.py).
    """
    client = client_as("registrar")
    new = a_person("Uusi")
    history(client, new)
    few = queries(client, new)
    full = a_person("Maija", "Mallikas")
    a_whole_history(a_private_customer(full), full, a_person("Eero"))

    assert queries(client, full) == few == 6


def queries(client: Client, person: Person) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert history(client, person).status_code == 200
    return len(captured)


def test_all_whom_the_page_names_are_recorded(
    client_as: Callable[[str], Client], maija: Person, trail: Trail
) -> None:
    eero = a_person_named("Eero")
    client = client_as("registrar")
    last = trail.last_id()

    history(client, maija, "?kind=change&kind=invoice&kind=contact")

    rows = {row["subject"]: set(row["categories"]) for row in trail.rows(id__gt=last)}
    assert set(rows) == {maija.public_id, eero.public_id}
    assert rows[maija.public_id] >= {"history", "billing", "name"}
    assert rows[eero.public_id] == {"history", "name"}

    last = trail.last_id()
    history(client, maija, "?kind=invoice")
    assert trail.subjects(id__gt=last) == {maija.public_id}


def test_a_restricted_persons_history_stands_as_it_is(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    client = client_as("agent")
    before = entries_of(history(client, maija))

    restricted(maija)

    assert entries_of(history(client, maija)) == before


def test_a_contact_person_sees_of_a_company_what_names_her(
    client_as: Callable[[str], Client],
) -> None:
    company, maija, eero = a_company(), a_person("Maija"), a_person("Eero")
    a_whole_history(company, maija, eero)

    found = walked(client_as("registrar"), maija)

    assert not {"invoice", "collection", "return"} & {entry.kind.name for entry in found}
    assert {entry.customer.name for entry in found if entry.customer} == {"Malliyritys Oy"}
