"""What the generated customers have bought: believable, most of it quiet, and nobody's in truth."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import pytest

from accounts.models import User
from audit.context import AccessPurpose, access_context
from contracts.identifiers import read_e_invoice_address, reference_is_valid
from contracts.models import CustomerSummary, Order, OrderLine, Product, VatRate
from customers.models import Customer
from praecom_registry.demo.catalogue import CATALOGUE, vat_percent
from praecom_registry.demo.people import BATCH, Plan, batches
from praecom_registry.demo.rows import Batch
from tests.demo.test_seed_demo import query, seed
from tests.log import Trail

TODAY = date(2026, 11, 2)


@cache
def made() -> Batch:
    [batch] = batches(Plan(3_000, 1, TODAY))
    return batch


# --- what they have bought ------------------------------------------------------------------------


def test_four_of_five_customers_are_quiet_and_a_few_are_stormy() -> None:
    """Quiet: one contract of one or two services, and each invoice paid before it was due."""
    batch = made()
    contracts = Counter(row.customer for row in batch.contracts)
    services: dict[int, set[str]] = defaultdict(set)
    for service in batch.subscriptions:
        services[service.customer].add(service.product)
    troubled = {row.customer for row in batch.returns} | {row.customer for row in batch.collections}
    for invoice in batch.invoices:
        late = invoice.due_on < TODAY and (invoice.paid_on or TODAY) > invoice.due_on
        if late:
            troubled.add(invoice.customer)
    quiet = [
        place
        for place in range(len(batch.customers))
        if contracts[place] == 1 and len(services[place]) <= 2 and place not in troubled
    ]

    assert 0.75 < len(quiet) / len(batch.customers) < 0.95
    assert 0.02 < len({row.customer for row in batch.collections}) / len(batch.customers) < 0.06
    number = Counter(row.customer for row in batch.invoices)
    assert 3 < sum(number[place] for place in quiet) / len(quiet) < 5


def test_every_way_that_things_go_is_there() -> None:
    batch = made()
    offers = {
        (o.sent_on is None, o.accepted_on is None, o.declined_on is None) for o in batch.offers
    }

    assert {row.method for row in batch.billing_accounts} == {
        "e_invoice",
        "email",
        "paper",
        "direct_payment",
    }
    assert len(offers) == 4
    assert {row.stage for row in batch.collections} == {"reminder", "demand", "agency", "paid"}
    assert {row.kind for row in batch.returns} == {"cancellation", "return"}
    assert {row.kind for row in batch.service_changes} == {"product", "user"}
    assert {row.renewal for row in batch.contracts} == {"open_ended", "renews"}
    assert any(row.cancelled_on for row in batch.orders)
    assert any(not row.delivered_on and not row.cancelled_on for row in batch.orders)
    assert any(row.notice_given_on and (row.ends_on or TODAY) > TODAY for row in batch.contracts)
    assert any(row.terminated_on for row in batch.subscriptions)
    assert any(row.came_back_on for row in batch.handovers)
    assert any(row.net < 0 for row in batch.invoices)
    assert any(0 < row.paid < row.net for row in batch.invoices)


def test_who_has_left_uses_nothing_any_more() -> None:
    batch = made()
    gone = {n: row.ended_on for n, row in enumerate(batch.customers) if row.ended_on}

    assert len(gone) > 50
    for service in batch.subscriptions:
        if service.customer in gone:
            assert service.terminated_on is not None
            assert service.terminated_on <= gone[service.customer]


def test_nothing_has_happened_that_is_to_come() -> None:
    batch = made()
    happened = [
        *(row.signed_on for row in batch.contracts),
        *(row.opened_on for row in batch.subscriptions),
        *(row.changed_on for row in batch.service_changes),
        *(row.ordered_on for row in batch.orders),
        *(row.issued_on for row in batch.invoices),
        *(row.happened_on for row in batch.returns),
        *(row.went_out_on for row in batch.handovers),
        *(row.delivered_on for row in batch.orders if row.delivered_on),
        *(row.paid_on for row in batch.invoices if row.paid_on),
        *(row.closed_on for row in batch.collections if row.closed_on),
    ]

    assert TODAY - timedelta(days=7) < max(happened) < TODAY


# --- numbers that nobody has ----------------------------------------------------------------------


def test_subscriber_numbers_are_from_the_blocks_that_nobody_has_and_often_the_callers_own() -> None:
    batch = made()
    numbers = [row.identifier for row in batch.subscriptions if row.identifier.startswith("+")]
    own = {point.normalised for point in batch.contact_points if point.kind == "phone"}

    assert len(numbers) == len(set(numbers)) > 1_000
    assert all(re.fullmatch(r"\+358(4[0-8]|50)000[0-9]{4}", number) for number in numbers)
    assert 0.5 < len(own & set(numbers)) / len(numbers) < 1


def test_references_and_e_invoice_addresses_have_their_check_digits() -> None:
    batch = made()
    companies = [row for row in batch.billing_accounts if row.method == "e_invoice"]

    assert all(reference_is_valid(row.reference) for row in batch.invoices)
    assert len(companies) > 100
    for row in companies:
        business_id = batch.customers[row.customer].business_id.replace("-", "")
        assert read_e_invoice_address(row.e_invoice_address) == row.e_invoice_address
        assert row.e_invoice_address.startswith(f"0037{business_id}")


def test_mail_about_invoices_goes_to_the_example_domains_only() -> None:
    addresses = [row.email for row in made().billing_accounts if row.method == "email"]

    assert len(addresses) > 500
    assert all(re.fullmatch(r"[a-z0-9.-]+@demo\.example\.(fi|com|org)", a) for a in addresses)


def test_numbers_stay_unique_over_batches() -> None:
    found = list(batches(Plan(BATCH + 300, 1, TODAY)))

    for values in (
        [row.number for batch in found for row in batch.invoices],
        [row.serial_number for batch in found for row in batch.devices],
        [row.identifier for batch in found for row in batch.subscriptions if row.identifier],
    ):
        assert len(values) == len(set(values)) > 1_000


# --- what is sold ---------------------------------------------------------------------------------


def test_the_catalogue_names_everything_in_three_languages() -> None:
    assert len(CATALOGUE) >= 25
    assert {item.group for item in CATALOGUE.values()} == set(Product.Group.values)
    for item in CATALOGUE.values():
        assert all((item.name_fi, item.name_sv, item.name_en))
        assert item.unit_price > 0


@pytest.mark.django_db
def test_the_rate_of_each_day_is_the_registers() -> None:
    for day in (date(2013, 1, 1), date(2024, 8, 31), date(2024, 9, 1), TODAY):
        [rate] = VatRate.objects.valid_on(day).filter(kind="standard")
        assert vat_percent(day) == rate.percent


# --- as the register keeps it ---------------------------------------------------------------------


@pytest.mark.django_db
def test_documents_come_to_what_their_lines_do() -> None:
    seed(300)

    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        orders = {order.pk: order for order in Order.objects.all()}
        once: dict[int, Decimal] = defaultdict(Decimal)
        for line in OrderLine.objects.all():
            once[line.order_id] += line.net if line.charged == "once" else 0

    assert len(orders) > 150
    assert {key: order.once_net for key, order in orders.items()} == {
        key: once[key] for key in orders
    }
    assert len({order.number for order in orders.values()}) == len(orders)


@pytest.mark.django_db
def test_figures_are_computed_at_the_end() -> None:
    seed(300)

    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        figures = {figure.customer_id: figure for figure in CustomerSummary.objects.all()}
        customers = len(Customer.objects.keys_only())
    assert len(figures) == customers
    assert query("SELECT count(*) FROM contracts_summaryqueue") == [(0,)]
    assert sum(figure.services_in_use for figure in figures.values()) > 100
    assert any(figure.days_overdue for figure in figures.values())


@pytest.mark.django_db
def test_a_log_row_says_what_was_written_of_whom_contracts_name(trail: Trail) -> None:
    seed(300)

    categories = {row["subject"]: set(row["categories"]) for row in trail.rows(action=0)}
    named = query(
        "SELECT DISTINCT p.public_id FROM contracts_subscription s"
        " LEFT JOIN customers_customer c ON c.id = s.customer_id"
        " JOIN customers_person p ON p.id IN (s.user_id, c.owner_id)"
    )
    owners = query(
        "SELECT DISTINCT p.public_id FROM contracts_invoice i"
        " JOIN customers_customer c ON c.id = i.customer_id"
        " JOIN customers_person p ON p.id = c.owner_id"
    )
    contacts = query(
        "SELECT p.public_id FROM contracts_billingcontact b"
        " JOIN customers_person p ON p.id = b.person_id"
    )
    accounts = query(
        "SELECT DISTINCT p.public_id FROM contracts_billingaccount a"
        " JOIN customers_customer c ON c.id = a.customer_id"
        " JOIN customers_person p ON p.id = c.owner_id"
    )
    assert {subject for (subject,) in named} <= {
        subject for subject, shown in categories.items() if "services" in shown
    }
    assert {subject for subject, shown in categories.items() if "billing" in shown} == {
        subject for (subject,) in [*owners, *contacts, *accounts]
    }


@pytest.mark.django_db
def test_people_of_another_seed_may_have_the_same_numbers(staff: Callable[..., User]) -> None:
    """The numbers begin at a place that the seed gives: here both begin within one another's."""
    first = {
        row.identifier
        for batch in batches(Plan(200, 3, TODAY))
        for row in batch.subscriptions
        if row.identifier
    }
    other = next(
        number for number in range(4, 100_000) if ((number - 3) * 7919 + 400) % 100_000 < 100
    )
    again = {
        row.identifier
        for batch in batches(Plan(200, other, TODAY, persons_before=200))
        for row in batch.subscriptions
    }
    assert first & again

    seed(200)
    seed(200, "--add", f"--seed={other}")

    [(services, identifiers)] = query(
        "SELECT count(*), count(DISTINCT identifier) FILTER (WHERE identifier LIKE '+%')"
        " FROM contracts_subscription"
    )
    assert services > 300
    assert identifiers < len(first) + len(again)
