"""Statistics outlive what they count, and never tell of a few."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from contracts.models import Product
from customers.models import Customer
from datamap.vocabulary import Category
from privacy.models import Statistic
from privacy.models.statistics import FEWEST, OTHER
from privacy.statistics import count_finished_months, groups_of
from tests.builders import a_person, a_private_customer, an_address
from tests.contract_builders import a_contract, a_service, a_subscription, an_invoice
from tests.erasure_builders import decided, erased, planned

MONTH, NEXT = date(2026, 3, 1), date(2026, 4, 3)


def counted(today: date = NEXT) -> int:
    return count_finished_months(today=today, job="test")


def rows(measure: str) -> dict[tuple[str, str], tuple[int, int, object]]:
    return {
        (one.product_group, one.region): (one.customers, one.records, one.amount)
        for one in Statistic.objects.filter(measure=measure)
    }


def a_customer_with(product: Product, day: date, *, is_placed: bool = True) -> Customer:
    person = a_person()
    customer = a_private_customer(person)
    if is_placed:
        an_address(person)
    contract = a_contract(customer, signed_on=day)
    a_subscription(contract, product, opened_on=day)
    return customer


@pytest.mark.django_db
def test_a_finished_month_is_counted_once_and_stays_when_its_records_go() -> None:
    mobile, internet = a_service(group="mobile"), a_service(group="internet")
    first, *_others = [a_customer_with(mobile, date(2026, 3, 31)) for _ in range(6)]
    for _ in range(5):
        a_customer_with(internet, MONTH, is_placed=False)
    a_customer_with(mobile, date(2026, 4, 1))
    an_invoice(first, issued_on=MONTH)

    assert counted(date(2026, 3, 31)) == 0
    kept = counted()

    assert rows("services_opened") == {
        ("mobile", "13"): (6, 6, None),
        ("internet", OTHER): (5, 5, None),
    }
    assert rows("contracts") == {("", "13"): (6, 6, None), ("", OTHER): (5, 5, None)}
    assert rows("invoices") == {}  # of a single customer
    before = list(Statistic.objects.values())
    assert kept == len(before) == 4
    assert counted() == 0

    person = first.owner
    assert person is not None
    request = decided(person, Category.BILLING)
    erased(request, planned(request))
    assert list(Statistic.objects.values()) == before
    fields = {field for field in Statistic._meta.get_fields() if field.is_relation}
    assert fields == set()


@pytest.mark.django_db
def test_a_small_group_takes_the_next_smallest_with_it() -> None:
    mobile, internet, cloud = (a_service(group=one) for one in ("mobile", "internet", "cloud"))
    for product, customers in ((mobile, 7), (internet, 6), (cloud, 2)):
        for _ in range(customers):
            a_customer_with(product, MONTH)

    counted()

    # Cloud alone could be worked out from the total: internet joins it, and nothing is missing.
    assert sum(records for _of, records, _sum in rows("services_opened").values()) == 15
    assert set(rows("services_opened")) == {("mobile", "13"), (OTHER, "13")}
    assert rows("services_opened")[OTHER, "13"] == (8, 8, None)


@pytest.mark.django_db
def test_the_page_shows_a_measure_by_month_and_a_month_by_group(
    client_as: Callable[[str], Client],
) -> None:
    auditor, values = client_as("auditor"), {"measure": "invoices"}
    User.objects.filter(username="auditor").update(language="en")
    assert "No month has been counted yet" in page(auditor)
    add = Statistic.objects.create
    add(month=MONTH, region="13", customers=6, records=17, amount="1234.50", **values)
    add(month=MONTH, region=OTHER, customers=5, records=9, amount="200.00", **values)
    add(month=date(2025, 12, 1), region="00", customers=40, records=52, amount="1.00", **values)
    add(
        month=MONTH,
        measure="services_ended",
        product_group=OTHER,
        region="13",
        customers=5,
        records=8,
    )

    assert "Nothing was kept of this month" in page(auditor)  # the newest; nothing was opened in it
    shown = page(auditor, measure="invoices", month="2026-03-01")
    for said in ('March 2026</th><td class="number">26</td>', ">13</th>", "52</td>"):
        assert said in shown
    assert shown.count("<rect") == 2
    assert "none, or of too few" in shown  # February
    assert "Nothing was kept of this month" in page(auditor, measure="invoices", month="2026-02-01")
    assert page(auditor, month="2027-01-01").count("<rect") == 0  # no such choice: as without one


def page(client: Client, **query: str) -> str:
    return " ".join(client.get("/retention/statistics/", query).content.decode().split())


@pytest.mark.django_db
def test_the_database_keeps_no_few_and_changes_nothing() -> None:
    values = {"month": MONTH, "measure": "contracts", "region": "13"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Statistic.objects.create(**values, customers=4, records=9)
    made = Statistic.objects.create(**values, customers=5, records=9)
    for change in (made.save, made.delete):
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
            change()


@given(st.dictionaries(st.integers(0, 9), st.integers(1, 12)))
def test_no_group_is_of_few_and_none_is_left_alone_to_be_worked_out(sizes: dict[int, int]) -> None:
    kept = groups_of(sizes, lambda keys: sum(sizes[key] for key in keys), unknown=0)

    assert all(sum(sizes[key] for key in keys) >= FEWEST for keys in kept)
    assert sum(len(keys) for keys in kept) == len({key for keys in kept for key in keys})
    alone = {key for keys in kept if len(keys) == 1 for key in keys}
    assert all(sizes[key] >= FEWEST for key in alone)
    hidden = sizes.keys() - {key for keys in kept for key in keys}
    assert not hidden or not kept  # what is not kept cannot be worked out from what is
