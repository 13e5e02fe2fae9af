"""Other people in a draft: hostile texts come to an end, and what is her own is no find."""

from collections.abc import Iterator
from typing import Any

import pytest

from consents.models import SupplementaryInformation
from customers.models import Person
from privacy.report.collecting import Line
from privacy.report.third_persons import Find, find
from tests.builders import a_person, a_private_customer, a_service_user, an_interaction
from tests.contract_builders import a_contract, a_subscription
from tests.package_builders import collected, finds_of, texts_of_finds, working
from tests.recording_builders import a_recording
from tests.records import a_record

pytestmark = pytest.mark.django_db

LENGTH = 200_000


def finds_in(person: Person, *texts: str) -> list[Find]:
    """What is found in a draft of texts."""
    column = {"type": "text", "provided": False}

    def lines() -> Iterator[Line]:
        yield {"line": "section", "model": "customers.interaction", "columns": [column]}
        for text in texts:
            yield {"line": "record", "id": None, "values": [text]}

    return list(find(lines, person, working))


@pytest.mark.parametrize("unit", ["a-", "a", "A ", "a@", "a@b.c ", "katu ", "-katu1", "1", "\n"])
def test_a_hostile_text_comes_to_an_end(unit: str) -> None:
    text = f"Xkatu {unit * (LENGTH // len(unit))} b@toinen.example"

    last = max(finds_in(a_person(), text), key=lambda one: one.stop)

    assert (last.stop, last.what) == (len(text), "email")


@pytest.mark.parametrize(
    "number",
    [
        *("040 000 0022", "0400000022", "040-000-0022", "040–000–0022", "040‑000‑0022"),
        *("040\u00a0000\u00a00022", "040 – 000 – 0022", "040  000  0022", "040−000−0022"),
        *("+358 (0)40 000 0022", "040/000 0022", "040. 000. 0022"),
    ],
)
def test_a_number_is_found_however_it_is_parted(number: str) -> None:
    text = f"Soita numeroon {number}!"

    [found] = finds_in(a_person(), text)

    assert found.what == "phone"
    assert text[found.start : found.stop] == number


@pytest.mark.parametrize("day", ["26.11.2026", "1.2.2025", "2026-11-26"])
def test_a_day_is_no_number(day: str) -> None:
    assert finds_in(a_person(), f"Soitettu {day}.") == []


def test_what_is_found_in_a_text_does_not_overlap() -> None:
    a_person("Bruxana", "Wolframi")
    text = "Bruxana (b@toinen.example, 040 000 0022), Keksittykatu 12 A 3; 040 000 0033 c@d.example"

    finds = finds_in(a_person("Zetalla"), text)

    places = sorted((one.start, one.stop) for one in finds)
    assert [text[start:stop] for start, stop in places] == [
        "Bruxana",
        "b@toinen.example",
        "040 000 0022",
        "Keksittykatu 12 A 3",
        "040 000 0033",
        "c@d.example",
    ]


def test_what_she_is_found_by_is_no_find() -> None:
    person = a_person("Zetalla", "Qvantelo", phones=["040 000 0011"], emails=["z@posti.example"])
    contract = a_contract(a_private_customer(person), signed_by=person)
    a_subscription(contract, user=person, identifier="+358400000033")
    a_service_user(person, "D400 000 0033")

    assert finds_of(collected(person)) == []


def test_what_another_is_found_by_is_a_find() -> None:
    owner, user = a_person("Zetalla", "Qvantelo"), a_person("Bruxana", "Wolframi")
    contract = a_contract(a_private_customer(owner), signed_by=owner)
    a_subscription(contract, user=user, identifier="+358400000033")
    an_interaction(owner, "Soitto", "Ei mitään")

    whats: set[Any] = {one.what for one in finds_of(collected(owner))}

    assert "phone" in whats


# --- short values ---------------------------------------------------------------------------------


@pytest.fixture
def zetalla() -> Person:
    a_person("Bruxana", "Wolframi")
    return a_person("Zetalla", "Qvantelo", phones=["040 000 0011"])


def test_others_are_found_in_what_a_number_is_called(zetalla: Person) -> None:
    with working():
        point = zetalla.contact_points.get()
        point.label = "Bruxanan luona"
        point.save()

    assert texts_of_finds(collected(zetalla)) == ["Bruxanan"]


def test_others_are_found_in_the_reference_of_an_answer(zetalla: Person) -> None:
    with working():
        key = a_record("consents.supplementaryinformation", zetalla)
        record = SupplementaryInformation.objects.get(public_id=key)
        record.reference = "Bruxana 2025"
        record.save()

    assert texts_of_finds(collected(zetalla)) == ["Bruxana"]


@pytest.mark.parametrize(
    ("number", "found"), [("+358400000022", ["+358400000022"]), ("+358400000011", [])]
)
def test_the_number_of_a_call_of_two_is_a_find_where_it_is_not_hers(
    zetalla: Person, number: str, found: list[str]
) -> None:
    recording = a_recording(zetalla, a_person("Toinen", "Soittaja"), caller_number=number)

    texts = texts_of_finds(collected(zetalla))

    assert sorted(texts) == sorted([*found, f"recording-{recording.public_id}.wav"])
