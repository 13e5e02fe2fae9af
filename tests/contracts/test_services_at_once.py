"""Several at the same moment: what each may do alone they do not do together."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier
from typing import Any

import psycopg
import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from audit.context import AccessContext, AccessPurpose, access_context, activate
from contracts import services
from contracts.models import DeviceHandover, Offer, Order, OrderLine, Return, Subscription
from contracts.services.upkeep import renew_contracts
from customers.models import Source
from customers.services import ChangedMeanwhile
from tests.builders import a_company
from tests.contract_builders import (
    DAY,
    a_contract,
    a_device,
    a_device_model,
    a_service,
    an_offer,
    an_order,
)
from tests.database import site_connection
from tests.log import Trail

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres_versions]

HANDS = 6


@pytest.fixture(autouse=True)
def _in_context() -> Iterator[None]:
    with activate(AccessContext(purpose=AccessPurpose.UPKEEP)):
        yield


def all_at_once(work: Callable[[], Any]) -> int:
    """Do it in several threads in the same moment; how many were not refused."""
    together = Barrier(HANDS)

    def one(_number: int) -> int:
        try:
            together.wait()
            with access_context(job="hand", purpose=AccessPurpose.UPKEEP):
                work()
        except (ValidationError, ChangedMeanwhile):
            return 0
        finally:
            connection.close()
        return 1

    with ThreadPoolExecutor(HANDS) as pool:
        return sum(pool.map(one, range(HANDS)))


def test_no_more_comes_back_than_was_ordered() -> None:
    order = an_order(a_company(), [a_device_model()], quantity=3, delivered_on=DAY)
    key = OrderLine.objects.get(order=order).pk

    taken = all_at_once(
        lambda: services.take_back(
            order_line=OrderLine.objects.get(pk=key),
            kind=Return.Kind.RETURN,
            quantity=1,
            on=DAY,
            reason=Return.Reason.FAULTY,
        )
    )

    assert taken == 3
    assert sum(one.quantity for one in Return.objects.all()) == 3


def test_a_device_goes_out_once() -> None:
    device, company = a_device(), a_company()

    handed = all_at_once(lambda: services.hand_out(device=device, customer=company, on=DAY))

    assert handed == 1
    assert DeviceHandover.objects.count() == 1


def test_an_identifier_is_opened_once() -> None:
    contract, product = a_contract(a_company()), a_service()

    opened = all_at_once(
        lambda: services.open_subscription(
            subscription=Subscription(
                customer_id=contract.customer_id,
                contract=contract,
                product=product,
                identifier="+358400000001",
                opened_on=DAY,
                source=Source.STAFF,
            )
        )
    )

    assert opened == 1
    assert Subscription.objects.count() == 1


def test_an_offer_becomes_one_order() -> None:
    offer = an_offer(a_company(), [a_service()], sent_on=DAY)

    accepted = all_at_once(
        lambda: services.accept_offer(offer=Offer.objects.get(pk=offer.pk), on=DAY)
    )

    assert accepted == 1
    assert Order.objects.count() == 1


def test_a_term_is_renewed_once(trail: Trail) -> None:
    contract = a_contract(
        a_company(), starts_on=DAY, ends_on=DAY, renewal="renews", renewal_months=12
    )

    all_at_once(lambda: renew_contracts(job="renewing"))

    contract.refresh_from_db()
    assert contract.ends_on == DAY.replace(year=DAY.year + 1)
    assert trail.actions(actor_label="renewing").count("update") == 1


# --- one waits for the other ----------------------------------------------------------------------


def waiting(work: Callable[[], Any], pool: ThreadPoolExecutor) -> Future[Any]:
    """Begin what has to wait for a lock, and come back when it waits."""
    future = pool.submit(work)
    with site_connection() as watcher:
        while not future.done():
            row = watcher.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'"
            ).fetchone()
            if row != (0,):
                break
    return future


@pytest.mark.parametrize("document", ["offer", "order"])
def test_no_line_slips_in_while_its_document_is_closed(document: str) -> None:
    product = a_service()
    parent: Any = (an_offer if document == "offer" else an_order)(a_company(), [product])
    closing = (
        "UPDATE contracts_offer SET sent_on = %s"
        if document == "offer"
        else "UPDATE contracts_order SET delivered_on = %s"
    )
    line = (
        f"INSERT INTO contracts_{document}line"
        f" ({document}_id, product_id, position, quantity, unit_price, charged, vat_percent)"
        " VALUES (%s, %s, 2, 1, 0, 'monthly', 0)"
    )
    with site_connection() as closer, site_connection() as writer, ThreadPoolExecutor(1) as pool:
        with closer.transaction():
            closer.execute(closing, [DAY])
            late = waiting(lambda: writer.execute(line, [parent.pk, product.pk]), pool)

        with pytest.raises(psycopg.errors.CheckViolation):
            late.result()


def test_a_return_waits_for_the_line_that_is_changed() -> None:
    order = an_order(a_company(), [a_device_model()], quantity=3)
    line = OrderLine.objects.get(order=order)
    cancelling = (
        "INSERT INTO contracts_return"
        " (public_id, customer_id, order_line_id, kind, quantity, happened_on, reason)"
        " VALUES (gen_random_uuid(), %s, %s, 'cancellation', 3, %s, 'other')"
    )
    with site_connection() as changer, site_connection() as writer, ThreadPoolExecutor(1) as pool:
        with changer.transaction():
            changer.execute("UPDATE contracts_orderline SET quantity = 2")
            late = waiting(
                lambda: writer.execute(cancelling, [order.customer_id, line.pk, DAY]), pool
            )

        with pytest.raises(psycopg.errors.CheckViolation):
            late.result()


def test_no_service_opens_while_notice_is_given() -> None:
    contract, product = a_contract(a_company()), a_service()
    opening = (
        "INSERT INTO contracts_subscription (public_id, customer_id, contract_id, product_id,"
        " identifier, opened_on, source) VALUES (gen_random_uuid(), %s, %s, %s, '', %s, 'staff')"
    )
    with site_connection() as giver, site_connection() as writer, ThreadPoolExecutor(1) as pool:
        with giver.transaction():
            giver.execute(
                "UPDATE contracts_contract SET notice_given_on = %s, ends_on = %s", [DAY, DAY]
            )
            values = [contract.customer_id, contract.pk, product.pk, DAY]
            late = waiting(lambda: writer.execute(opening, values), pool)

        with pytest.raises(psycopg.errors.CheckViolation):
            late.result()
