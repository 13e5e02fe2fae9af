"""The lookup's page: what each role sees of whom was found."""

from collections.abc import Callable

import pytest
from django.test import Client

from audit.context import AccessPurpose, access_context
from customers.models import ContactPoint
from tests.builders import a_company, a_contact_person, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _people(db: None) -> None:
    person = a_person("Eeva", "Vuori", phones=["040 000 0417"], emails=["eeva.vuori@example.com"])
    company = a_company("Vaihde Oy")
    a_contact_person(person, company)
    with access_context(job="builder", purpose=AccessPurpose.UPKEEP):
        ContactPoint.objects.create(
            customer=company, kind="phone", as_written="03 000 0077", normalised="+35830000077",
            source="staff",
        )  # fmt: skip


def page(client: Client, term: str) -> str:
    response = client.post("/lookup/", {"q": term}, headers={"HX-Request": "true"})
    return str(response.content.decode())


@pytest.mark.parametrize("role", ["agent", "account_manager", "registrar"])
def test_who_sees_contact_details_sees_by_which_one_was_found(
    client_as: Callable[[str], Client], role: str
) -> None:
    client = client_as(role)
    assert "040 000 0417" in page(client, "000417")
    assert "eeva.vuori@example.com" in page(client, "eeva.v")
    assert "03 000 0077" in page(client, "000077")


@pytest.mark.parametrize("role", ["billing", "recording_reviewer"])
def test_who_sees_them_covered_sees_them_covered_here_too(
    client_as: Callable[[str], Client], role: str
) -> None:
    client = client_as(role)
    for term, hidden in (
        ("000417", "040 000"),
        ("eeva.v", "vuori@"),
        ("000077", "03 000"),
    ):
        found = page(client, term)
        assert "Eeva Vuori" in found
        assert hidden not in found
        assert "•••" in found


def test_a_near_name_is_marked_as_near(client_as: Callable[[str], Client]) -> None:
    found = page(client_as("agent"), "vuorii")
    assert "Eeva Vuori" in found
    assert "data-near" in found
    assert "data-near" not in page(client_as("agent"), "vuori")
