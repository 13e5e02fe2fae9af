"""What a later file adds and changes, and what it leaves alone."""

from itertools import permutations
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.context import AccessPurpose, in_context
from consents.models import MarketingChoice
from customers.models import Person
from tests.builders import a_company, a_contact_person, a_person
from tests.importing.files import (
    CONTACT,
    PRIVATE,
    USER,
    contents,
    imported,
    persons,
    problems,
    query,
    states,
)

pytestmark = pytest.mark.django_db

ADDRESS = {"street": "Kutalantie 2", "postal_code": "13210", "city": "Hämeenlinna", "country": "FI"}
MOVED = {"street": "Satamakatu 1", "postal_code": "20100", "city": "Turku"}


# --- persons and customers


def test_a_private_customer_arrives_whole(tmp_path: Path) -> None:
    imported(
        tmp_path,
        {
            **PRIVATE,
            **ADDRESS,
            "user_id": "K9",
            "language": "sv",
            "customer_since": "31.5.2024",
            "phone_2": "(050) 000 0009",
        },
    )

    assert query(
        "SELECT c.number, c.kind, c.legal_form, c.language, c.since::text, c.source,"
        " c.source_wording, p.first_name, p.language, u.user_id, a.kind, a.street"
        " FROM customers_customer c JOIN customers_person p ON p.id = c.owner_id"
        " JOIN customers_serviceuser u ON u.person_id = p.id AND u.customer_id = c.id"
        " JOIN customers_address a ON a.person_id = p.id"
    ) == [
        (
            *("1", "person", "", "sv", "2024-05-31", "web_form", "web form"),
            *("Aino", "sv", "K9", "postal", "Kutalantie 2"),
        )
    ]
    assert query(
        "SELECT kind, as_written, normalised, is_primary FROM customers_contactpoint ORDER BY id"
    ) == [
        ("email", PRIVATE["email"], PRIVATE["email"], True),
        ("phone", "040 000 0001", "+358400000001", True),
        ("phone", "(050) 000 0009", "+358500000009", False),
    ]


def test_a_later_file_changes_what_it_says_and_leaves_what_it_does_not(tmp_path: Path) -> None:
    full = {**CONTACT, **ADDRESS, "position": "ostaja", "language": "sv"}
    imported(tmp_path, full)

    imported(
        tmp_path,
        {
            **dict.fromkeys(full, ""),
            **{k: CONTACT[k] for k in ("customer_number", "first_name", "last_name", "email")},
            "person_role": "contact",
            "position": "toimitusjohtaja",
            "company_name": "Uusi Nimi Oy",
            "source": "letter",
        },
    )

    assert query(
        "SELECT c.company_name, c.business_id, p.language, r.task, r.position, r.source, p.source"
        " FROM customers_customer c JOIN customers_contactperson r ON r.customer_id = c.id"
        " JOIN customers_person p ON p.id = r.person_id"
    ) == [
        ("Uusi Nimi Oy", "9400001-9", "sv", "hankinta", "toimitusjohtaja", "letter", "phone_call")
    ]
    assert query("SELECT count(*) FROM customers_contactpoint") == [(2,)]
    assert query("SELECT count(*) FROM customers_address") == [(1,)]


def test_an_empty_file_of_the_same_person_changes_nothing(tmp_path: Path) -> None:
    imported(tmp_path, {**CONTACT, **ADDRESS, "language": "sv", "marketing_sms": "no"})
    before = contents()

    sparse = {k: v for k, v in CONTACT.items() if k not in ("business_id", "task", "phone")}
    assert imported(tmp_path, sparse).nothing_changed
    assert contents() == before


def test_another_source_alone_changes_nothing(tmp_path: Path) -> None:
    imported(tmp_path, CONTACT)
    before = contents()

    assert imported(tmp_path, {**CONTACT, "source": "letter"}).nothing_changed
    assert contents() == before


def test_a_new_number_is_added_and_the_first_choice_stays(tmp_path: Path) -> None:
    imported(tmp_path, PRIVATE)
    imported(tmp_path, {**PRIVATE, "phone": "044 000 0003"})

    assert query(
        "SELECT normalised, is_primary FROM customers_contactpoint WHERE kind = 'phone' ORDER BY id"
    ) == [("+358400000001", True), ("+358440000003", False)]


def test_another_task_replaces_the_only_one_and_is_added_to_several(tmp_path: Path) -> None:
    imported(tmp_path, CONTACT)
    imported(tmp_path, {**CONTACT, "task": "laskutus"})
    assert query("SELECT task FROM customers_contactperson") == [("laskutus",)]

    imported(tmp_path, {**CONTACT, "task": "laskutus"}, {**CONTACT, "task": "vaihde"})
    imported(tmp_path, {**CONTACT, "task": "johto"})
    tasks = query("SELECT task FROM customers_contactperson ORDER BY task")
    assert tasks == [("johto",), ("laskutus",), ("vaihde",)]


def test_a_task_that_has_ended_is_not_taken_up_again(tmp_path: Path) -> None:
    imported(tmp_path, CONTACT)
    query("UPDATE customers_contactperson SET ended_on = '2020-01-01' RETURNING 1")
    before = contents()

    assert imported(tmp_path, {**CONTACT, "position": "ostaja"}).nothing_changed
    assert contents() == before


def test_a_user_id_moves_to_the_customer_that_the_file_names(tmp_path: Path) -> None:
    imported(tmp_path, USER)
    imported(tmp_path, {**USER, "customer_number": "5"})

    assert query(
        "SELECT c.number FROM customers_serviceuser u JOIN customers_customer c"
        " ON c.id = u.customer_id"
    ) == [("5",)]
    assert len(persons()) == 1


# --- addresses


def test_an_address_is_written_once_however_many_rows_have_it(tmp_path: Path) -> None:
    imported(tmp_path, {**CONTACT, **ADDRESS}, {**USER, **ADDRESS}, {**USER, "city": "Hämeenlinna"})

    assert query("SELECT kind, street, person_id FROM customers_address") == [
        ("visiting", "Kutalantie 2", None)
    ]


def test_two_addresses_of_a_company_are_two(tmp_path: Path) -> None:
    rows = [{**CONTACT, **ADDRESS}, {**USER, **MOVED}]
    imported(tmp_path, *rows)

    assert query("SELECT count(*) FROM customers_address") == [(2,)]
    assert imported(tmp_path, *rows).nothing_changed


@pytest.mark.parametrize("row", [CONTACT, PRIVATE])
def test_who_moves_has_one_address_afterwards(tmp_path: Path, row: dict[str, str]) -> None:
    imported(tmp_path, {**row, **ADDRESS})
    imported(tmp_path, {**row, **MOVED})

    assert query("SELECT street, postal_code, city FROM customers_address") == [
        tuple(MOVED.values())
    ]


def test_part_of_an_address_changes_that_part(tmp_path: Path) -> None:
    imported(tmp_path, {**PRIVATE, **ADDRESS})
    imported(tmp_path, {**PRIVATE, "street": "Kutalantie 4"})

    assert query("SELECT street, postal_code, city FROM customers_address") == [
        ("Kutalantie 4", "13210", "Hämeenlinna")
    ]


def test_a_new_address_in_finland_needs_its_postal_code(tmp_path: Path) -> None:
    assert problems(tmp_path, {**PRIVATE, "street": "Kutalantie 4", "postal_code": ""}) == [
        (2, "postal_code")
    ]
    imported(tmp_path, {**PRIVATE, "street": "Storgatan 4", "postal_code": "", "country": "SE"})


# --- sole traders


@pytest.mark.parametrize(
    "name",
    ["Tmi Esimerkki", "Esimerkki TMI", "Toiminimi Esimerkki", "Esimerkin toiminimi", "T:mi E"],
)
def test_tmi_in_the_name_makes_a_sole_trader_whose_only_contact_owns_it(
    tmp_path: Path, name: str
) -> None:
    rows = [{**CONTACT, "company_name": name}, {**USER, "company_name": name}]
    imported(tmp_path, *rows)

    assert query(
        "SELECT c.legal_form, p.first_name FROM customers_customer c"
        " JOIN customers_person p ON p.id = c.owner_id"
    ) == [("tmi", "Eero")]
    assert imported(tmp_path, *rows).nothing_changed


def test_of_two_contacts_the_one_in_the_name_is_the_trader(tmp_path: Path) -> None:
    name = "Tmi Eero Esimerkki"
    other = {**CONTACT, "company_name": name, "first_name": "Eeva", "email": "e@example.org"}
    imported(tmp_path, other, {**CONTACT, "company_name": name})

    assert query(
        "SELECT p.first_name FROM customers_customer c JOIN customers_person p ON p.id = c.owner_id"
    ) == [("Eero",)]


def test_of_two_contacts_neither_is_taken_for_the_trader(tmp_path: Path) -> None:
    name = "Länsi Sähkö Tmi"
    imported(
        tmp_path,
        {**CONTACT, "company_name": name},
        {**CONTACT, "company_name": name, "first_name": "Eeva", "email": "eeva@example.org"},
    )

    assert query("SELECT legal_form, owner_id FROM customers_customer") == [("tmi", None)]


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Malli Oy", "oy"),
        ("Oy Malli Ab", "oy"),
        ("Malli Ab", "ab"),
        ("Malli Ky", "ky"),
        ("Malli Ay", "ay"),
        ("Malli ry", "ry"),
        ("Mallitmi", "other"),
    ],
)
def test_the_name_tells_the_legal_form(tmp_path: Path, name: str, form: str) -> None:
    imported(tmp_path, {**CONTACT, "company_name": name})

    assert query("SELECT legal_form FROM customers_customer") == [(form,)]


def test_who_becomes_a_limited_company_is_no_sole_trader_any_more(tmp_path: Path) -> None:
    imported(tmp_path, {**CONTACT, "company_name": "Esimerkki Tmi"})
    imported(tmp_path, {**CONTACT, "company_name": "Esimerkki Oy"})

    assert query("SELECT legal_form, owner_id FROM customers_customer") == [("oy", None)]


# --- marketing choices


@in_context(job="builder", purpose=AccessPurpose.UPKEEP)
def a_choice(person: Person, choice: str) -> None:
    MarketingChoice.objects.create(person=person, channel="email", choice=choice, source="call")


@pytest.mark.parametrize("before", ["prohibited", "withdrawn"])
def test_yes_in_a_file_overrides_no_prohibition_and_no_withdrawal(
    tmp_path: Path, before: str
) -> None:
    person = a_person("Eero", "Esimerkki", emails=[CONTACT["email"]])
    a_contact_person(person, a_company(CONTACT["company_name"], CONTACT["customer_number"]))
    a_choice(person, before)

    done = imported(tmp_path, {**CONTACT, "marketing_email": "yes", "marketing_sms": "yes"})

    assert states() == {"email": before, "sms": "permitted"}
    events = query("SELECT channel, choice FROM consents_marketingchoice ORDER BY id")
    assert events == [("email", before), ("sms", "permitted")]
    assert done.said.splitlines()[3].rstrip(".").endswith("1")  # and it says so


@pytest.mark.parametrize("channel", ["email", "sms", "phone", "post"])
@pytest.mark.parametrize("order", list(permutations(["yes", "no", ""])))
def test_a_no_beats_a_yes_within_one_file(
    tmp_path: Path, order: tuple[str, ...], channel: str
) -> None:
    imported(tmp_path, *({**PRIVATE, f"marketing_{channel}": word} for word in order))

    assert states() == {channel: "prohibited"}
    assert query("SELECT count(*) FROM consents_marketingchoice") == [(1,)]


@pytest.mark.parametrize("order", list(permutations(["kyllä", "ei", "", "ja"], 4)))
def test_a_prohibition_survives_every_order_of_files(
    tmp_path: Path, order: tuple[str, ...]
) -> None:
    for word in order:
        imported(tmp_path, {**PRIVATE, "marketing_phone": word})

    assert states() == {"phone": "prohibited"}
    newest = query("SELECT choice FROM consents_marketingchoice ORDER BY id DESC LIMIT 1")
    assert newest == [("prohibited",)]  # by arrival too, not by its time alone
    assert query("SELECT count(*) FROM consents_marketingchoice WHERE choice = 'prohibited'") == [
        (1,)
    ]


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.lists(st.sampled_from(["yes", "no", ""]), min_size=1, max_size=3), max_size=4))
def test_the_state_is_a_no_if_any_file_said_so(tmp_path: Path, files: list[list[str]]) -> None:
    with transaction.atomic():
        for words in files:
            imported(tmp_path, *({**PRIVATE, "marketing_sms": word} for word in words))
        said = {word for words in files for word in words} - {""}
        expected = {"sms": "prohibited" if "no" in said else "permitted"} if said else {}
        assert states() == expected
        transaction.set_rollback(True)


def test_a_persons_choices_are_not_anothers_at_the_same_address(tmp_path: Path) -> None:
    imported(
        tmp_path,
        {**CONTACT, "marketing_email": "no"},
        {**CONTACT, "first_name": "Maija", "marketing_email": "yes"},
    )

    assert query(
        "SELECT p.first_name, m.choice FROM consents_marketingchoice m"
        " JOIN customers_person p ON p.id = m.person_id ORDER BY 1"
    ) == [("Eero", "prohibited"), ("Maija", "permitted")]
