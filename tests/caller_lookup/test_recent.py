"""The callers of today, one click away, and recorded like any other."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.builders import a_person
from tests.log import Trail

pytestmark = pytest.mark.django_db


def test_the_cards_opened_today_are_listed_the_last_one_first(
    client_as: Callable[[str], Client], trail: Trail
) -> None:
    first, second, other = a_person("Aino", "Yksi"), a_person("Eino", "Kaksi"), a_person("A", "B")
    agent = client_as("agent")
    for person in (first, second, first):
        agent.get(f"/persons/{person.public_id}/")
    client_as("billing").get(f"/persons/{other.public_id}/")
    before = trail.last_id()

    page = agent.get("/lookup/recent/").content.decode()

    assert "Eino Kaksi" in page
    assert page.index("Aino Yksi") < page.index("Eino Kaksi")
    assert str(other.public_id) not in page
    assert trail.subjects(id__gt=before) == {first.public_id, second.public_id}


def test_who_has_opened_nothing_is_told_so(
    client_as: Callable[[str], Client], trail: Trail
) -> None:
    a_person()
    page = client_as("agent").get("/lookup/recent/", headers={"HX-Request": "true"})
    assert b"data-person" not in page.content
    assert b"empty-state" in page.content
