"""What is done from an offer to the end of the contract, through the services."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from audit.context import AccessPurpose, access_context
from contracts.models import Contract, Device, Offer, Order, Return, Subscription
from contracts.services import (
    LineInput,
    accept_offer,
    change_subscription,
    deliver_order,
    give_notice,
    hand_out,
    open_subscription,
    register_device,
    save_offer,
    send_offer,
    take_back,
    take_device_back,
)
from customers.models import Source
from tests.builders import a_company, a_person, an_address
from tests.contract_builders import a_device_model, a_service

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_context() -> Iterator[None]:
    with translation.override("en"), access_context(job="test", purpose=AccessPurpose.UPKEEP):
        yield


def test_from_an_offer_to_the_last_day() -> None:
    today = timezone.localdate()
    company, buyer, user = a_company(), a_person(), a_person("Eero")
    mobile, phone = a_service(price="20.00"), a_device_model(price="100.00")

    offer = save_offer(
        offer=Offer(
            customer=company,
            made_to=buyer,
            valid_until=today + timedelta(days=14),
            source=Source.EMAIL,
        ),
        lines=[LineInput(mobile, 2), LineInput(phone, 3, Decimal("90.00"))],
    )
    offer = send_offer(offer=offer, on=today - timedelta(days=9))
    accepted = accept_offer(
        offer=offer,
        on=today - timedelta(days=8),
        delivery_address=an_address(buyer, "Toimituskatu 3"),
    )
    order, contract = accepted.order, accepted.contract
    assert contract is not None
    assert order.delivery_street == "Toimituskatu 3"
    assert order.once_gross == Decimal("338.85")
    assert order.ordered_by == contract.signed_by == buyer
    subscription = open_subscription(
        subscription=Subscription(
            customer=company,
            contract=contract,
            product=mobile,
            user=user,
            identifier="+358400000001",
            unit_price=mobile.unit_price,
            opened_on=contract.starts_on,
            source=Source.STAFF,
        )
    )
    line = order.lines.get(product=phone)
    cancelled = take_back(
        order_line=line,
        kind=Return.Kind.CANCELLATION,
        quantity=1,
        on=today - timedelta(days=7),
        reason=Return.Reason.CHANGED_MIND,
        refund=Decimal("112.95"),
    )
    order = deliver_order(order=order, on=today - timedelta(days=5))
    device = register_device(device=Device(product=phone, serial_number="SN-STORY-1"))
    handover = hand_out(
        device=device, customer=company, on=today - timedelta(days=5), person=user, order_line=line
    )
    [change] = change_subscription(
        subscription=subscription, on=today - timedelta(days=2), user=buyer
    )
    handover = take_device_back(handover=handover, on=today - timedelta(days=1))
    contract = give_notice(contract=contract, on=today)

    assert cancelled.quantity == 1
    assert order.state == Order.State.DELIVERED
    assert (change.old_user, change.new_user) == (user, buyer)
    assert handover.came_back_on is not None
    assert contract.state == Contract.State.NOTICE_GIVEN
    assert Subscription.objects.get(pk=subscription.pk).terminated_on == contract.ends_on
