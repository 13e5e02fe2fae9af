"""Other people in a draft: hostile texts come to an end, and what is her own is no find."""

from collections.abc import Iterator
from typing import Any

import pytest

from customers.models import Person
from privacy.report.collecting import Line
from privacy.report.third_persons import Find, find
from tests.builders import a_person, a_private_customer, an_interaction
from tests.contract_builders import a_contract, a_subscription
from tests.package_builders import collected, finds_of, working

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

    assert finds_of(collected(person)) == []


def test_what_another_is_found_by_is_a_find() -> None:
    owner, user = a_person("Zetalla", "Qvantelo"), a_person("Bruxana", "Wolframi")
    contract = a_contract(a_private_customer(owner), signed_by=owner)
    a_subscription(contract, user=user, identifier="+358400000033")
    an_interaction(owner, "Soitto", "Ei mitään")

    whats: set[Any] = {one.what for one in finds_of(collected(owner))}

    assert "phone" in whats
