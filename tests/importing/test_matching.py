"""Who is the same person, in the register and in the file."""

from pathlib import Path

import pytest

from customers.models import Customer, Person
from tests.builders import a_company, a_contact_person, a_person, a_private_customer, a_service_user
from tests.importing.files import CONTACT, PRIVATE, USER, imported, persons, problems, query

pytestmark = pytest.mark.django_db

ANOTHER_WAY = {"email": "toinen@example.org", "phone": "044 000 0009"}
NO_DETAILS = {"email": "", "phone": ""}


@pytest.fixture
def company() -> Customer:
    return a_company(CONTACT["company_name"], CONTACT["customer_number"], CONTACT["business_id"])


@pytest.fixture
def contact(company: Customer) -> Person:
    person = a_person("Eero", "Esimerkki", phones=["050 000 0002"], emails=[CONTACT["email"]])
    a_contact_person(person, company)
    return person


@pytest.mark.parametrize(
    "same",
    [
        {},
        {"email": ANOTHER_WAY["email"]},
        {"phone": ANOTHER_WAY["phone"]},
        {"email": CONTACT["email"].upper(), "phone": ""},
        {"email": "", "phone": "+358 (0)50 0000 002"},
        {"email": "", "phone": ANOTHER_WAY["phone"], "phone_2": "00358500000002"},
        {"last_name": "ESIMERKKI", "first_name": "éero"},
    ],
)
def test_name_and_one_detail_in_common_are_the_same_person(
    tmp_path: Path, contact: Person, same: dict[str, str]
) -> None:
    done = imported(tmp_path, {**CONTACT, **same})

    assert len(persons()) == 1, done


@pytest.mark.parametrize(
    "other",
    [
        ANOTHER_WAY,
        {"last_name": "Esimerkkinen"},
        {"first_name": "Eeva"},
        {"person_role": "user", "task": "", "user_id": "K7"},
        {"customer_number": "3", "company_name": "Toinen Oy", "business_id": ""},
    ],
)
def test_another_name_role_or_customer_or_all_other_details_are_another_person(
    tmp_path: Path, contact: Person, other: dict[str, str]
) -> None:
    imported(tmp_path, {**CONTACT, **other})

    assert len(persons()) == 2


def test_the_user_id_alone_tells_who_it_is(tmp_path: Path, company: Customer) -> None:
    person = a_person("Vanha", "Nimi")
    a_service_user(person, "K1", company)

    imported(tmp_path, {**USER, "first_name": "Uusi"})

    assert persons() == ["Uusi Kokeilija"]


def test_the_user_id_weighs_more_than_name_and_details(tmp_path: Path, company: Customer) -> None:
    namesake = a_person("Käyttö", "Kokeilija", emails=[USER["email"]])
    a_service_user(namesake, "K2", company)
    holder = a_person("Aivan", "Toinen")
    a_service_user(holder, "K1", company)

    imported(tmp_path, {**USER, "language": "sv"})

    assert query("SELECT language FROM customers_person ORDER BY id") == [("fi",), ("sv",)]


def test_two_rows_whose_details_all_differ_are_two_persons(tmp_path: Path) -> None:
    rows = [CONTACT, {**CONTACT, **ANOTHER_WAY}]
    imported(tmp_path, *rows)

    assert len(persons()) == 2
    assert imported(tmp_path, *rows).nothing_changed


def test_two_rows_with_a_detail_in_common_are_one_person(tmp_path: Path) -> None:
    rows = [CONTACT, {**CONTACT, "email": ANOTHER_WAY["email"], "task": "laskutus"}]
    imported(tmp_path, *rows)

    assert len(persons()) == 1
    assert query("SELECT task FROM customers_contactperson ORDER BY task") == [
        ("hankinta",),
        ("laskutus",),
    ]
    assert imported(tmp_path, *rows).nothing_changed


def test_rows_in_any_order_that_hang_together_through_others_are_one_person(
    tmp_path: Path,
) -> None:
    """Row n shares one number with row n + 1: only through all of them are the ends the same."""
    rows = [
        {**CONTACT, "email": "", "phone": f"040 000 {n:04}", "phone_2": f"040 000 {n + 1:04}"}
        for n in range(40)
    ]
    mixed = rows[::2] + rows[::-2]
    imported(tmp_path, *mixed)

    assert len(persons()) == 1
    assert imported(tmp_path, *mixed).nothing_changed


def test_people_who_share_a_number_are_still_themselves(tmp_path: Path) -> None:
    rows = [CONTACT, {**CONTACT, "first_name": "Maija"}]
    imported(tmp_path, *rows)

    assert persons() == ["Eero Esimerkki", "Maija Esimerkki"]
    assert imported(tmp_path, *rows).nothing_changed


def test_a_row_without_details_is_the_one_person_of_that_name(
    tmp_path: Path, contact: Person
) -> None:
    imported(tmp_path, {**CONTACT, **NO_DETAILS, "position": "ostaja"})

    assert len(persons()) == 1
    assert query("SELECT position FROM customers_contactperson") == [("ostaja",)]


def test_a_row_without_details_is_not_added_twice(tmp_path: Path) -> None:
    rows = [{**CONTACT, **NO_DETAILS}, CONTACT, {**CONTACT, **ANOTHER_WAY}]
    imported(tmp_path, *rows)

    assert len(persons()) == 3
    assert imported(tmp_path, *rows).nothing_changed


def test_a_private_customer_is_one_person_whatever_her_details(tmp_path: Path) -> None:
    imported(tmp_path, PRIVATE)
    imported(tmp_path, {**PRIVATE, **ANOTHER_WAY})

    assert persons() == ["Aino Mallikas"]
    assert query("SELECT count(*) FROM customers_contactpoint") == [(4,)]


def test_a_private_customers_number_is_not_given_to_another_person(tmp_path: Path) -> None:
    owner = a_person("Aino", "Mallikas")
    a_private_customer(owner, PRIVATE["customer_number"])

    assert problems(tmp_path, {**PRIVATE, "last_name": "Muukalainen"}) == [(2, "customer_number")]
    assert problems(
        tmp_path,
        {**PRIVATE, "customer_number": "8"},
        {**PRIVATE, "customer_number": "8", "first_name": "Toinen", **ANOTHER_WAY},
    ) == [(3, "customer_number")]


def test_a_number_that_was_ended_still_tells_who_she_is_and_stays_ended(
    tmp_path: Path, contact: Person
) -> None:
    imported(tmp_path, {**CONTACT, "phone": ANOTHER_WAY["phone"]})
    query(
        "UPDATE customers_contactpoint SET ended_on = current_date WHERE kind = 'phone' RETURNING 1"
    )

    imported(tmp_path, {**CONTACT, "email": ""})

    assert len(persons()) == 1
    assert query("SELECT count(*) FROM customers_contactpoint WHERE ended_on IS NULL") == [(1,)]
