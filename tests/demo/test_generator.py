"""The generated people: the same for the same seed, and nobody who exists."""

import re
from datetime import date, timedelta

import pytest

from customers.phones import normalise_phone
from praecom_registry.demo import names, people, places
from praecom_registry.demo.companies import business_id
from praecom_registry.demo.people import BATCH, Plan, batches
from praecom_registry.demo.reach import PhoneBook
from praecom_registry.demo.rows import Batch, ContactPointRow

TODAY = date(2026, 11, 2)


def made(persons: int = 1_500, seed: int = 1) -> Batch:
    [batch] = batches(Plan(persons, seed, TODAY))
    return batch


def contact_points(kind: str, persons: int = 1_500) -> list[ContactPointRow]:
    return [point for point in made(persons).contact_points if point.kind == kind]


def test_the_same_seed_makes_the_same_people() -> None:
    assert made(seed=7) == made(seed=7)


def test_another_seed_makes_other_people() -> None:
    ours, theirs = made(seed=7).persons, made(seed=8).persons
    assert {person.public_id for person in ours}.isdisjoint(person.public_id for person in theirs)


def test_exactly_as_many_persons_as_asked_for_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "BATCH", 100)
    assert [len(b.persons) for b in batches(Plan(250, 1, TODAY))] == [100, 100, 50]


def test_numbers_given_once_stay_unique_over_batches() -> None:
    made_batches = list(batches(Plan(BATCH + 300, 1, TODAY)))
    numbers = [c.number for b in made_batches for c in b.customers]
    user_ids = [u.user_id for b in made_batches for u in b.service_users]
    public_ids = [p.public_id for b in made_batches for p in b.persons]
    business_ids = [c.business_id for b in made_batches for c in b.customers if c.business_id]
    for values in (numbers, user_ids, public_ids, business_ids):
        assert len(values) == len(set(values)) > 100


def test_phone_numbers_are_from_the_blocks_that_nobody_has() -> None:
    phones = contact_points("phone")
    assert len(phones) > 1_000
    for phone in phones:
        assert re.fullmatch(r"\+358(4[0-8]|50)000[0-9]{4}", phone.normalised)


def test_a_million_persons_have_numbers_from_the_wider_blocks() -> None:
    book = PhoneBook(0, 1_000_000)
    numbers = [book.next_number() for _ in range(20_000)]
    assert len(set(numbers)) == len(numbers)
    assert all(re.fullmatch(r"0(4[0-8]|50)00[0-9]{6}", number) for number in numbers)


def test_no_number_comes_twice_before_all_have_come() -> None:
    book = PhoneBook(12_345, 500)
    numbers = {book.next_number() for _ in range(100_000)}
    assert len(numbers) == 100_000


def test_numbers_are_normalised_as_the_register_does_it() -> None:
    phones = contact_points("phone")
    assert [normalise_phone(p.as_written) for p in phones] == [p.normalised for p in phones]
    assert len({re.sub("[0-9]", "9", p.as_written) for p in phones}) >= 8


def test_mail_goes_to_the_example_domains_only() -> None:
    addresses = contact_points("email")
    assert len(addresses) > 1_000
    for address in addresses:
        assert re.fullmatch(r"[a-z0-9.-]+@demo\.example\.(fi|com|org)", address.normalised), (
            address.normalised
        )
        assert address.as_written.lower() == address.normalised


def test_business_ids_are_valid_and_given_to_nobody() -> None:
    given = [c.business_id for c in made().customers if c.business_id]
    assert len(given) > 50
    for written in given:
        assert written >= "9400000"
        assert business_id(int(written[:7])) == written


@pytest.mark.parametrize(
    ("number", "written"), [(2108420, "2108420-7"), (9400000, "9400000-0"), (9400006, None)]
)
def test_the_check_digit_of_a_business_id(number: int, written: str | None) -> None:
    assert business_id(number) == written


def test_postal_codes_belong_to_their_towns() -> None:
    addresses = made().addresses
    assert len(addresses) > 500
    for address in addresses:
        assert address.postal_code in places.POSTAL_CODES[address.city]
    assert any(code.startswith("22") for code in places.POSTAL_CODES["Mariehamn"])


def test_common_names_are_common_and_rare_ones_exist() -> None:
    persons = [p for batch in batches(Plan(20_000, 1, TODAY)) for p in batch.persons]
    bearers: dict[str, int] = {}
    for person in persons:
        bearers[person.last_name] = bearers.get(person.last_name, 0) + 1
    assert bearers["Virtanen"] > 40
    assert bearers["Korhonen"] > 3 * bearers["Asikainen"]
    assert sum(1 for number in bearers.values() if number == 1) > 1_000
    assert len(names.LAST_NAMES) > 40_000


def test_most_customers_are_quiet_and_some_are_stormy() -> None:
    batch = made(4_000)
    contacts = [0] * len(batch.persons)
    for interaction in batch.interactions:
        contacts[interaction.person] += 1
    assert 0.7 < sum(1 for number in contacts if number <= 1) / len(contacts) < 0.9
    assert max(contacts) >= 20


def test_the_past_is_past_and_recent() -> None:
    happened = [i.happened_at.date() for i in made().interactions]
    assert max(happened) < TODAY
    assert max(happened) > TODAY - timedelta(days=10)


def test_every_kind_of_thing_is_made_even_for_a_small_register() -> None:
    batch = made(500)
    for name, rows in vars(batch).items():
        assert rows, name
    assert {c.legal_form for c in batch.customers} >= {"", "oy", "tmi", "ry"}
    assert {p.language for p in batch.persons} == {"fi", "sv", "en"}
    assert any(role.ended_on for role in batch.contact_persons)
    assert {c.choice for c in batch.choices} == {"permitted", "prohibited", "withdrawn"}
    assert {c.wording[0] for c in batch.choices if c.wording} == {1, 2}


def test_a_sole_trader_is_the_owner_of_her_business() -> None:
    for customer in made().customers:
        natural = customer.legal_form == "tmi" or customer.kind == "person"
        assert (customer.owner is not None) == natural
