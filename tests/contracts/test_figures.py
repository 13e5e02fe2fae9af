"""The figures of each customer are what her records say, and no change of those is lost."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.context import AccessContext, AccessPurpose, access_context, activate
from audit.sql import keys_sql, run_sql
from contracts import tasks
from contracts.models import CustomerSummary, Invoice, Subscription, SummaryQueue
from contracts.summaries import AT_ONCE, FIGURES, compute_queued, queue_aged
from customers.models import Customer, Interaction
from tests.builders import a_company, a_person, a_private_customer, an_interaction
from tests.contract_builders import DAY, a_contract, a_subscription, an_invoice
from tests.database import site_connection
from tests.log import Trail

TODAY = timezone.localdate()
COMPUTE = "SELECT contracts_compute_summaries(100)"

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres_versions]


@pytest.fixture(autouse=True)
def _in_context() -> Iterator[None]:
    with activate(AccessContext(purpose=AccessPurpose.UPKEEP)):
        yield


def computed(customer: Customer) -> CustomerSummary:
    """The customer's figures, with whatever is queued computed."""
    compute_queued(job="test")
    return CustomerSummary.objects.get(customer=customer)


# --- against plain Python -------------------------------------------------------------------------


@dataclass(frozen=True)
class History:
    """What is known of a customer, as far as it counts."""

    subscriptions: list[dict[str, Any]]
    invoices: list[dict[str, Any]]
    contacts: list[int]
    """How many days ago."""


def expected(history: History) -> dict[str, Any]:
    """The figures in plain Python."""
    open_today = [
        one
        for one in history.subscriptions
        if one["opened_on"] <= TODAY and (one["terminated_on"] or TODAY) >= TODAY
    ]
    unpaid = [one["net"] - one["paid"] for one in history.invoices if one["currency"] == "EUR"]
    overdue = [
        one["due_on"]
        for one in history.invoices
        if one["net"] > one["paid"] and one["due_on"] < TODAY
    ]
    return {
        "services_in_use": len(open_today),
        "yearly_value": 12
        * sum((one["unit_price"] for one in open_today if one["currency"] == "EUR"), Decimal(0)),
        "open_balance": sum(unpaid, Decimal(0)),
        "days_overdue": (TODAY - min(overdue)).days if overdue else 0,
        "contacts_in_90_days": len([ago for ago in history.contacts if ago < 90]),
    }


around_today = st.integers(-40, 40).map(lambda number: TODAY + timedelta(days=number))
amounts = st.decimals(0, 5000, places=2)
currencies = st.sampled_from(["EUR", "EUR", "SEK"])
subscriptions: Any = st.fixed_dictionaries(
    {
        "opened_on": around_today,
        "terminated_on": st.none() | around_today,
        "unit_price": amounts,
        "currency": currencies,
    }
)
invoices: Any = st.fixed_dictionaries(
    {
        "due_on": around_today,
        "net": st.decimals(-500, 5000, places=2),
        "paid": st.just(Decimal(0)) | st.decimals(1, 6000, places=2),
        "currency": currencies,
    }
)
histories = st.builds(
    History,
    st.lists(
        subscriptions.filter(lambda one: (one["terminated_on"] or date.max) >= one["opened_on"]),
        max_size=4,
    ),
    st.lists(invoices, max_size=4),
    st.lists(st.integers(0, 200), max_size=4),
)


def write(history: History, customer: Customer, number: int) -> None:
    """Give the customer this history; contacts alternate between her and her owner."""
    contract = a_contract(customer, signed_on=date(2020, 1, 1))
    for one in history.subscriptions:
        made = a_subscription(
            contract, opened_on=one["opened_on"], terminated_on=one["terminated_on"]
        )
        made.unit_price, made.currency = one["unit_price"], one["currency"]
        made.save()
    for index, one in enumerate(history.invoices):
        Invoice.objects.create(
            customer=customer,
            number=f"H{number}-{index}",
            issued_on=one["due_on"],
            vat=0,
            paid_on=one["due_on"] if one["paid"] else None,
            **one,
        )
    for index, ago in enumerate(history.contacts):
        an_interaction(
            customer.owner,  # type: ignore[arg-type]
            customer=customer if index % 2 else None,
            happened_at=timezone.now() - timedelta(days=ago, hours=1),
        )


LOSSES = ("subscription", "invoice", "contact")


def lose_some(history: History, customer: Customer, losses: set[str]) -> History:
    """Let the first of each of these go, the invoice by being paid; what is left of it."""
    subscriptions, invoices, contacts = history.subscriptions, history.invoices, history.contacts
    if subscriptions and "subscription" in losses:
        Subscription.objects.filter(customer=customer).order_by("pk")[0].delete()
        subscriptions = subscriptions[1:]
    if invoices and "invoice" in losses:
        invoice = Invoice.objects.filter(customer=customer).order_by("pk")[0]
        invoice.paid, invoice.paid_on = invoice.net, (TODAY if invoice.net else None)
        invoice.save()
        invoices = [{**invoices[0], "paid": invoices[0]["net"]}, *invoices[1:]]
    if contacts and "contact" in losses:
        Interaction.objects.filter(person=customer.owner).order_by("pk")[0].delete()
        contacts = contacts[1:]
    return History(subscriptions, invoices, contacts)


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(histories, st.data())
def test_figures_are_what_the_history_says(history: History, data: st.DataObject) -> None:
    customer = a_private_customer(a_person())
    write(history, customer, customer.pk)

    summary = computed(customer)
    assert {name: getattr(summary, name) for name in expected(history)} == expected(history)
    newest = min(history.contacts, default=None)
    assert (summary.last_contact_at is None) == (newest is None)

    history = lose_some(history, customer, data.draw(st.sets(st.sampled_from(LOSSES))))

    summary = computed(customer)
    assert {name: getattr(summary, name) for name in expected(history)} == expected(history)


# --- what is queued -------------------------------------------------------------------------------


def test_a_new_customer_has_figures_of_nothing() -> None:
    summary = computed(a_company())

    assert (summary.services_in_use, summary.open_balance, summary.last_contact_at) == (0, 0, None)


def test_another_owner_has_had_other_contacts() -> None:
    silent, talker = a_person(), a_person("Eero")
    an_interaction(talker)
    customer = a_private_customer(silent)
    assert computed(customer).contacts_in_90_days == 0

    customer.owner = talker
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        customer.save()

    assert computed(customer).contacts_in_90_days == 1


def test_a_contact_counts_once_for_whoever_is_customer_and_owner() -> None:
    owner = a_person()
    customer = a_private_customer(owner)
    an_interaction(owner, customer=customer)

    assert computed(customer).contacts_in_90_days == 1


def test_figures_go_with_their_customer() -> None:
    customer = a_company()
    computed(customer)

    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        customer.delete()

    assert CustomerSummary.objects.count() == 0


def test_the_queue_is_emptied_however_long_it_is() -> None:
    run_sql(
        "INSERT INTO contracts_summaryqueue (customer_key) SELECT generate_series(1, %s)",
        [2 * AT_ONCE + 1],
    )

    assert compute_queued(job="test") == 2 * AT_ONCE + 1
    assert compute_queued(job="test") == 0


def test_the_site_cannot_write_a_figure_by_itself() -> None:
    customer = a_company()
    computed(customer)

    with site_connection() as site, pytest.raises(psycopg.errors.InsufficientPrivilege):
        site.execute("UPDATE contracts_customersummary SET open_balance = 0")


def test_computing_discloses_nobody(trail: Trail) -> None:
    a_subscription(a_contract(a_private_customer(a_person())))

    compute_queued(job="computing")

    assert trail.rows(actor_label="computing") == []


def test_every_figure_says_where_it_comes_from() -> None:
    fields = {field.name for field in CustomerSummary._meta.fields}

    assert FIGURES.keys() == fields - {"id", "customer", "currency", "computed_at"}
    assert all(str(one.label) and str(one.formula) and str(one.source) for one in FIGURES.values())


# --- at the same time -----------------------------------------------------------------------------


def test_a_change_while_figures_are_computed_is_not_lost() -> None:
    customer = a_company()
    contract = a_contract(customer)
    a_subscription(contract)

    with site_connection() as computing:
        with computing.transaction():
            computing.execute(COMPUTE)
            a_subscription(contract)  # committed before the figures are
        assert CustomerSummary.objects.get(customer=customer).services_in_use == 1

    assert computed(customer).services_in_use == 2


def test_a_change_that_commits_after_the_figures_is_not_lost() -> None:
    customer = a_company()
    subscription = a_subscription(a_contract(customer))

    with site_connection() as writing, site_connection() as computing:
        with writing.transaction():
            writing.execute(
                "UPDATE contracts_subscription SET unit_price = 1 WHERE id = %s",
                [subscription.pk],
            )
            computing.execute(COMPUTE)
        assert CustomerSummary.objects.get(customer=customer).yearly_value == 12 * Decimal("19.90")

    assert computed(customer).yearly_value == 12


def test_no_sum_is_too_large_for_the_others_to_be_computed() -> None:
    company, other = a_company(), a_company()
    price = Decimal("9999999999.99")
    invoices = [an_invoice(company, net=str(price)) for _number in range(2)]
    a_subscription(a_contract(company), unit_price=str(price))

    figures = computed(company)

    assert figures.yearly_value == price * 12
    assert figures.open_balance == sum(one.gross for one in invoices)
    assert CustomerSummary.objects.filter(customer=other).exists()


def test_figures_that_could_not_be_computed_stay_in_the_queue() -> None:
    customer = a_company()

    with site_connection() as computing:
        with pytest.raises(psycopg.errors.DivisionByZero), computing.transaction():
            computing.execute(COMPUTE)
            computing.execute("SELECT 1 / 0")

    assert computed(customer).services_in_use == 0


def test_several_workers_compute_each_change_once() -> None:
    customers = [a_company() for _ in range(5)]
    for customer in customers:
        a_subscription(a_contract(customer))
    waiting = SummaryQueue.objects.values("customer_key").distinct().count()

    def work(_number: int) -> int:
        try:
            return compute_queued(job="test")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        done = sum(pool.map(work, range(4)))

    assert done == waiting
    assert [one.services_in_use for one in CustomerSummary.objects.all()] == [1] * 5


# --- a new day ------------------------------------------------------------------------------------


def yesterday(owner: psycopg.Connection[Any]) -> None:
    """Let all figures be those of yesterday."""
    compute_queued(job="test")
    owner.execute("UPDATE contracts_customersummary SET computed_at = computed_at - interval '1d'")


def queued() -> set[int]:
    return {row["customer_key"] for row in keys_sql("SELECT * FROM contracts_summaryqueue")}


def test_a_new_day_queues_whose_figures_it_changes(owner: psycopg.Connection[Any]) -> None:
    quiet, opens, ends, owes, credited, talked = (a_company() for _ in range(6))
    a_subscription(a_contract(quiet))
    an_invoice(quiet, due_on=TODAY + timedelta(days=5))
    a_subscription(a_contract(opens), opened_on=TODAY)
    a_subscription(a_contract(ends), terminated_on=TODAY - timedelta(days=1))
    an_invoice(owes, due_on=TODAY - timedelta(days=1))
    an_invoice(credited, due_on=TODAY - timedelta(days=1))
    an_invoice(credited, net="-100.00", due_on=TODAY)
    an_interaction(a_person(), customer=talked)
    yesterday(owner)

    number = queue_aged(job="test")

    assert queued() == {one.pk for one in (opens, ends, owes, credited, talked)}
    assert number == 5


def test_what_was_missed_for_days_is_queued(owner: psycopg.Connection[Any]) -> None:
    customer = a_company()
    a_subscription(a_contract(customer), opened_on=TODAY - timedelta(days=3))
    compute_queued(job="test")
    owner.execute("UPDATE contracts_customersummary SET computed_at = now() - interval '5 days'")

    queue_aged(job="test")

    assert queued() == {customer.pk}


def test_a_new_day_is_looked_for_any_number_of_times(owner: psycopg.Connection[Any]) -> None:
    an_invoice(a_company(), due_on=DAY)
    yesterday(owner)
    assert tasks.queue_aged_figures(0) == 1
    assert tasks.compute_figures(0) == 1

    assert tasks.queue_aged_figures(0) == 0
    assert tasks.compute_figures(0) == 0


def test_an_operator_computes_figures_at_once() -> None:
    a_company()
    a_company()
    out = StringIO()

    call_command("compute_figures", stdout=out)

    assert "2" in out.getvalue().split()
    assert SummaryQueue.objects.count() == 0


def test_an_operator_computes_all_figures_anew(owner: psycopg.Connection[Any]) -> None:
    customer = a_company()
    compute_queued(job="test")
    owner.execute("UPDATE contracts_customersummary SET services_in_use = 7")

    call_command("compute_figures", all=True, stdout=StringIO())

    assert CustomerSummary.objects.get(customer=customer).services_in_use == 0
