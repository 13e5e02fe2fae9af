"""The register's records on the staff's desk."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.builders import a_person
from tests.log import Trail

pytestmark = pytest.mark.django_db

PERSONS = "/admin/customers/person/"


def test_a_list_shows_persons_and_records_them(
    client_as: Callable[[str], Client], trail: Trail
) -> None:
    person = a_person("Aino", "Mallikas")
    response = client_as("agent").get(PERSONS)
    assert "Aino Mallikas" in response.content.decode()
    (row,) = trail.last_request()
    assert (row["subject"], row["purpose"]) == (person.public_id, "customer_care")


def test_a_record(client_as: Callable[[str], Client], trail: Trail) -> None:
    person = a_person("Aino", "Mallikas")
    response = client_as("agent").get(f"{PERSONS}{person.public_id}/change/")
    print(response.content.decode())
    assert "Aino" in response.content.decode()
