"""What the database itself keeps and refuses of contracts, whoever writes."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from audit.context import AccessPurpose, access_context
from audit.sql import keys_sql
from contracts.models import CustomerSummary, Offer, OfferLine, Order, OrderLine, Return
from contracts.rules import said
from tests.builders import a_company, a_person, a_private_customer, an_interaction
from tests.contract_builders import (
    DAY,
    a_contract,
    a_device_model,
    a_service,
    a_subscription,
    an_invoice,
    an_offer,
    an_order,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres_versions]


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def test_an_order_adds_its_lines_up() -> None:
    service, device = a_service(price="10.00"), a_device_model(price="99.99")

    order = an_order(a_company(), [service, device], quantity=3)

    assert (order.monthly_net, order.monthly_gross) == (Decimal("30.00"), Decimal("37.65"))
    assert (order.once_net, order.once_gross) == (Decimal("299.97"), Decimal("376.46"))


def test_an_order_follows_a_line_that_changes_or_goes() -> None:
    order = an_order(a_company(), [a_service(price="10.00"), a_device_model(price="5.00")])

    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        first, second = OrderLine.objects.filter(order=order).in_order()
        first.quantity = 4
        first.save()
        second.delete()
        order = Order.objects.get(pk=order.pk)

    assert (order.monthly_net, order.once_net) == (Decimal("40.00"), Decimal(0))


def test_lines_written_by_one_statement_are_added_up_once() -> None:
    service = a_service(price="10.00")
    order = an_order(a_company())

    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        OrderLine.objects.bulk_create(
            OrderLine(
                order=order, product=service, position=position, quantity=1,
                unit_price=Decimal("10.00"), charged="monthly", vat_percent=Decimal("25.50"),
            )
            for position in (1, 2, 3)
        )  # fmt: skip
        order = Order.objects.get(pk=order.pk)

    assert (order.monthly_net, order.monthly_gross) == (Decimal("30.00"), Decimal("37.65"))


def test_numbers_are_given_by_the_database() -> None:
    company = a_company()

    offers = [an_offer(company), an_offer(company)]

    assert [offer.number[:2] for offer in offers] == ["TA", "TA"]
    assert offers[0].number != offers[1].number


def test_the_lines_of_an_offer_that_was_sent_stay() -> None:
    offer = an_offer(a_company(), [a_service()], sent_on=DAY)

    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        line = OfferLine.objects.get(offer=offer)
        line.quantity = 2
        with pytest.raises(ValidationError, match="what the customer read"):
            said(line.save)


def test_an_offer_without_lines_is_not_sent() -> None:
    offer = an_offer(a_company())

    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        offer = Offer.objects.get(pk=offer.pk)
        offer.sent_on = DAY
        with pytest.raises(ValidationError, match="without lines"):
            said(offer.save)


def test_nothing_comes_back_that_never_left() -> None:
    order = an_order(a_company(), [a_device_model()])

    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        back = Return(
            customer_id=order.customer_id,
            order_line=OrderLine.objects.get(order=order),
            kind="return",
            happened_on=DAY + timedelta(days=3),
            reason="faulty",
        )
        with pytest.raises(ValidationError, match="before it was delivered"):
            said(back.save)


def test_figures_are_computed_from_what_changed() -> None:
    person = a_person()
    customer = a_private_customer(person)
    contract = a_contract(customer, signed_by=person)
    a_subscription(contract, unit_price="20.00")
    a_subscription(contract, unit_price="5.50", terminated_on=DAY)
    an_invoice(customer, net="100.00")
    an_interaction(person)

    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        keys_sql("SELECT contracts_compute_summaries(100) AS number")
        summary = CustomerSummary.objects.get(customer=customer)
        [left] = keys_sql("SELECT count(*) AS number FROM contracts_summaryqueue")

    assert (summary.services_in_use, summary.yearly_value) == (1, Decimal("240.00"))
    assert summary.open_balance == Decimal("125.50")
    assert summary.days_overdue > 0
    assert summary.contacts_in_90_days == 1
    assert left["number"] == 0
