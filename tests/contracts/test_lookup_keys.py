"""A caller is found by the number of a service, a document or a device, and by none gone by."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.context import AccessPurpose, access_context
from audit.sql import copy_rows
from contracts.lookup_keys import SOURCES
from contracts.models import Device, DeviceHandover, Invoice, Subscription
from customers.key_upkeep import make_true
from customers.lookup import Found, FoundCompany, FoundPerson, find, find_keys
from customers.models import Customer, Person
from datamap.lookup_keys import lookup_keys
from tests.builders import a_company, a_contact_person, a_person, a_private_customer
from tests.contract_builders import (
    DAY,
    a_contract,
    a_device,
    a_handover,
    a_subscription,
    an_invoice,
    an_offer,
    an_order,
)
from tests.customers.test_lookup_keys import as_owner, assert_keys_are_true  # noqa: F401
from tests.log import Trail

NUMBER = "+358400000123"


def search(term: str, kinds: frozenset[int] | None = None) -> Found:
    with access_context(job="lookup", purpose=AccessPurpose.SERVICE_CALL):
        return find(term, lookup_keys.numbers() if kinds is None else kinds)


def names(term: str) -> list[str]:
    return [person.display_name for person in search(term).persons]


@pytest.fixture
def eeva(db: None) -> Person:
    return a_person("Eeva", "Vuori")


@pytest.fixture
def company(db: None) -> Customer:
    """A company with a contact person, so that her name says that the company was found."""
    company = a_company("Hämeen Puutarha Ab")
    a_contact_person(a_person("Lauri", "Laine"), company)
    return company


# --- who is found ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["0400000123", "040 000 0123", "+358 40 000 0123", "000123", "0000 123"]
)
def test_a_subscriber_number_finds_its_user(eeva: Person, company: Customer, typed: str) -> None:
    a_subscription(a_contract(company), user=eeva, identifier=NUMBER)

    assert names(typed) == ["Eeva Vuori"]


def test_a_subscriber_number_without_a_user_finds_the_company(company: Customer) -> None:
    a_subscription(a_contract(company), identifier=NUMBER)

    (entry,) = search("0400000123").entries
    assert isinstance(entry, FoundCompany)
    assert (entry.name, str(entry.why), entry.detail) == (
        "Hämeen Puutarha Ab",
        "Liittymän numero",
        NUMBER,
    )
    assert [person.display_name for person in entry.persons] == ["Lauri Laine"]


def test_the_name_of_a_line_finds_it_in_any_writing(eeva: Person) -> None:
    a_subscription(a_contract(a_private_customer(eeva)), identifier="KL-13100/204")

    for typed in ("KL-13100/204", "kl13100204", "KL 13100 2"):
        assert names(typed) == ["Eeva Vuori"]


def test_each_number_finds_its_company_and_says_why(company: Customer) -> None:
    a_handover(a_device("SN-7781-X"), company)
    numbers = {
        an_order(company).number: "Tilausnumero",
        a_contract(company).number: "Sopimusnumero",
        an_offer(company).number: "Tarjousnumero",
        an_invoice(company, number="8100000017").number: "Laskun numero",
        "SN-7781-X": "Laitteen sarjanumero",
    }

    for number, label in numbers.items():
        (entry,) = search(number).entries
        assert isinstance(entry, FoundCompany), number
        assert (str(entry.why), entry.detail) == (label, number)
        assert [person.display_name for person in entry.persons] == ["Lauri Laine"]


def test_each_number_finds_the_private_customer_herself(eeva: Person) -> None:
    customer = a_private_customer(eeva)
    a_handover(a_device("SN-7781-X"), customer)
    a_subscription(a_contract(customer), identifier=NUMBER)

    for number in (
        an_order(customer).number,
        a_contract(customer).number,
        an_offer(customer).number,
        an_invoice(customer, number="8100000017").number,
        "SN-7781-X",
        NUMBER,
    ):
        (entry,) = search(number).entries
        assert isinstance(entry, FoundPerson), number
        assert (entry.display_name, entry.detail) == ("Eeva Vuori", number)


def test_a_device_finds_who_has_it(eeva: Person, company: Customer) -> None:
    a_handover(a_device("SN-7781-X"), company, person=eeva)

    assert names("sn7781x") == ["Eeva Vuori"]


def test_many_numbers_of_one_customer_are_one_candidate(eeva: Person) -> None:
    customer = a_private_customer(eeva)
    for place in range(5):
        an_invoice(customer, number=f"810000000{place}")

    assert names("81000000") == ["Eeva Vuori"]


def test_whom_a_number_found_is_recorded_with_what_was_shown(eeva: Person, trail: Trail) -> None:
    an_invoice(a_private_customer(eeva), number="8100000017")
    before = trail.count()

    search("8100000017")

    (row,) = trail.rows()[before:]
    assert (row["subject"], row["categories"]) == (eeva.public_id, ["billing", "name"])


# --- who is not any longer ------------------------------------------------------------------------


def _save(record: Any, **values: Any) -> None:
    with access_context(job="writer", purpose=AccessPurpose.UPKEEP):
        for name, value in values.items():
            setattr(record, name, value)
        record.save()


def test_a_private_customers_number_finds_her_new_owner(eeva: Person) -> None:
    customer = a_private_customer(eeva)
    order = an_order(customer)
    _save(customer, owner=a_person("Aino", "Laine"))

    assert names(order.number) == ["Aino Laine"]


def test_a_subscriber_number_follows_a_change_of_user(eeva: Person, company: Customer) -> None:
    service = a_subscription(a_contract(company), user=eeva, identifier=NUMBER)
    _save(service, user=a_person("Aino", "Laine"))

    assert names("0400000123") == ["Aino Laine"]


@pytest.mark.parametrize("identifier", [NUMBER, "KL-13100/204"])
def test_a_service_finds_until_its_last_day_is_over(eeva: Person, identifier: str) -> None:
    today = timezone.localdate()
    start = today - timedelta(days=60)
    contract = a_contract(a_private_customer(eeva), signed_on=start)
    service = a_subscription(contract, identifier=identifier)

    for last_day, found in ((30, ["Eeva Vuori"]), (0, ["Eeva Vuori"]), (-1, [])):
        _save(service, terminated_on=today + timedelta(days=last_day))
        assert names(identifier) == found
        with access_context(job="search", purpose=AccessPurpose.UPKEEP):
            assert len(find_keys(identifier, lookup_keys.numbers()).persons) == len(found)


def test_a_number_that_went_on_to_somebody_else_finds_her_alone(eeva: Person) -> None:
    today = timezone.localdate()
    start = today - timedelta(days=60)
    for owner, opened, terminated in (
        (eeva, start, today - timedelta(days=2)),
        (a_person("Aino", "Laine"), today - timedelta(days=1), None),
    ):
        a_subscription(
            a_contract(a_private_customer(owner), signed_on=start),
            identifier=NUMBER, opened_on=opened, terminated_on=terminated,
        )  # fmt: skip

    assert names(NUMBER) == ["Aino Laine"]


def test_a_device_that_came_back_finds_who_has_it_next(eeva: Person, company: Customer) -> None:
    device = a_device("SN-7781-X")
    first = a_handover(device, company, person=eeva)
    _save(first, came_back_on=DAY + timedelta(days=5))
    assert names("SN-7781-X") == []

    a_handover(device, company, went_out_on=DAY + timedelta(days=5))
    assert names("SN-7781-X") == ["Lauri Laine"]


def test_near_names_are_found_as_before(eeva: Person, company: Customer) -> None:
    a_subscription(a_contract(company), identifier="VUORII-1")

    found = search("vuorii ")
    assert not any(entry for entry in search("kl-99999").entries)
    assert [person.display_name for person in search("eeva vuorii").persons] == ["Eeva Vuori"]
    assert search("eeva vuorii").is_near
    assert not found.is_near


# --- whose rights do not reach --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "finds"),
    [
        ("agent", True),
        ("account_manager", True),
        ("billing", True),
        ("registrar", True),
        ("recording_reviewer", False),
    ],
)
def test_only_who_may_see_invoices_finds_by_their_numbers(
    staff: Callable[..., User], client_as: Callable[[str], Client], eeva: Person, role: str,
    finds: bool,
) -> None:  # fmt: skip
    customer = a_private_customer(eeva)
    an_invoice(customer, number="8100000017")
    order = an_order(customer)
    kinds = lookup_keys.kinds_for(staff(role).has_perm)

    def page(term: str) -> str:
        response = client_as(role).post("/lookup/", {"q": term}, headers={"HX-Request": "true"})
        return str(response.content.decode())

    with access_context(job="search", purpose=AccessPurpose.UPKEEP):
        keys = find_keys("8100000017", kinds)
    assert bool(keys.persons) == bool(keys.customers) == finds
    assert ("Eeva Vuori" in page("8100000017")) == finds
    assert "Eeva Vuori" in page(order.number)


@pytest.mark.parametrize(("role", "finds"), [("billing", True), ("recording_reviewer", False)])
def test_lists_are_searched_with_the_same_rights(
    client_as: Callable[[str], Client], eeva: Person, role: str, finds: bool
) -> None:
    an_invoice(a_private_customer(eeva), number="8100000017")
    client = client_as(role)

    client.post("/admin/customers/person/search/", {"q": "8100000017"})

    page = client.get("/admin/customers/person/").content.decode()
    assert ("Vuori" in page) == finds


@pytest.mark.parametrize(("role", "shown"), [("agent", True), ("billing", False)])
def test_a_subscriber_number_is_covered_as_every_number_is(
    client_as: Callable[[str], Client], eeva: Person, role: str, shown: bool
) -> None:
    a_subscription(a_contract(a_private_customer(eeva)), identifier=NUMBER)

    page = client_as(role).post("/lookup/", {"q": "000123"}).content.decode()
    assert "Eeva Vuori" in page
    assert (NUMBER in page) == shown


# --- the keys stay true ---------------------------------------------------------------------------


@pytest.fixture
def records(transactional_db: None) -> None:
    eeva = a_person("Eeva", "Vuori")
    customer = a_private_customer(eeva)
    contract = a_contract(customer)
    a_subscription(contract, user=eeva, identifier=NUMBER)
    a_subscription(contract, identifier="KL-1")
    a_subscription(contract)
    an_order(customer)
    an_offer(customer)
    an_invoice(customer)
    a_handover(a_device(), customer)
    a_handover(a_device(), customer, came_back_on=DAY)


def keys(owner: psycopg.Connection[Any]) -> int:
    numbers = [kind.number for source in SOURCES for kind in source.kinds]
    statement = "SELECT count(*) FROM customers_lookupkey WHERE kind = ANY (%s)"
    return int(owner.execute(statement, [numbers]).fetchall()[0][0])


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres_versions
@pytest.mark.parametrize(
    ("statement", "change"),
    [
        ("UPDATE contracts_subscription SET identifier = 'X' || id", 0),
        ("UPDATE contracts_subscription SET identifier = ''", -3),
        ("UPDATE contracts_devicehandover SET came_back_on = went_out_on", -1),
        ("UPDATE contracts_devicehandover SET came_back_on = NULL", 1),
        ("DELETE FROM contracts_invoice", -1),
        ("TRUNCATE contracts_devicehandover", -1),
    ],
)
def test_keys_follow_sql_written_by_hand(
    owner: psycopg.Connection[Any], records: None, statement: str, change: int
) -> None:
    before = keys(owner)

    owner.execute(statement)

    assert_keys_are_true()
    assert keys(owner) == before + change


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres_versions
def test_keys_follow_a_bulk_load(owner: psycopg.Connection[Any], records: None) -> None:
    before = keys(owner)

    with access_context(job="loader", purpose=AccessPurpose.UPKEEP), transaction.atomic():
        customer = Customer.objects.keys_only()[0]
        copy_rows(
            Invoice._meta.db_table,
            [
                *("public_id", "customer_id", "number", "reference"),
                *("issued_on", "due_on", "net", "vat"),
            ],
            [(uuid4(), customer, f"82{place:06d}", "", DAY, DAY, 1, 0) for place in range(500)],
        )
        product = Device.objects.values_list("product_id", flat=True)[0]
        copy_rows(
            Device._meta.db_table,
            ["id", "public_id", "product_id", "serial_number"],
            [(900_000 + place, uuid4(), product, f"SNB{place}") for place in range(200)],
        )
        copy_rows(
            DeviceHandover._meta.db_table,
            ["public_id", "device_id", "customer_id", "went_out_on"],
            [(uuid4(), 900_000 + place, customer, DAY) for place in range(200)],
        )

    assert_keys_are_true()
    assert keys(owner) == before + 700
    assert names("82000017") == names("SNB 117") == ["Eeva Vuori"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres_versions
@pytest.mark.parametrize("source", SOURCES, ids=lambda source: str(source.name))
def test_the_command_finds_a_lost_key_of_each_source_and_a_repair_restores_it(
    owner: psycopg.Connection[Any],
    records: None,
    as_owner: None,  # noqa: F811
    source: Any,
) -> None:
    call_command("check_lookup_keys", stdout=StringIO())
    numbers = [kind.number for kind in source.kinds]
    owner.execute("DELETE FROM customers_lookupkey WHERE kind = ANY (%s)", [numbers])
    said = StringIO()

    with pytest.raises(CommandError):
        call_command("check_lookup_keys", stdout=said)

    assert source.name in said.getvalue()
    with access_context(job="repair", purpose=AccessPurpose.UPKEEP):
        make_true()
    call_command("check_lookup_keys", stdout=StringIO())


@pytest.mark.django_db(transaction=True)
def test_a_service_that_ends_keeps_its_keys_as_they_are(
    owner: psycopg.Connection[Any], records: None
) -> None:
    before = keys(owner)
    with access_context(job="writer", purpose=AccessPurpose.UPKEEP):
        service = Subscription.objects.get(identifier=NUMBER)
        service.terminated_on = DAY
        service.save()

    assert_keys_are_true()
    assert keys(owner) == before
    assert names(NUMBER) == []
