"""Fixed, typed builders of products, offers, orders, contracts, devices and billing."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from audit.context import AccessPurpose, in_context
from contracts.models import (
    BillingAccount,
    CollectionCase,
    Contract,
    Device,
    DeviceHandover,
    Invoice,
    Offer,
    OfferLine,
    Order,
    OrderLine,
    Product,
    Subscription,
)
from customers.models import Address, Customer, Person, Source

DAY = date(2026, 3, 2)
"""The day on which a contract was signed and a first order placed, if nothing else is said."""

_numbers = count(1)
_builder = in_context(job="builder", purpose=AccessPurpose.UPKEEP)


def a_service(code: str = "", group: str = Product.Group.MOBILE, price: str = "19.90") -> Product:
    """A service that is charged every month."""
    return _product(code or f"service-{next(_numbers)}", Product.Kind.SERVICE, group, price)


def a_device_model(code: str = "", price: str = "99.00") -> Product:
    """A device that is charged once."""
    return _product(
        code or f"device-{next(_numbers)}", Product.Kind.DEVICE, Product.Group.DEVICES, price
    )


def _product(code: str, kind: str, group: str, price: str) -> Product:
    return Product.objects.create(
        code=code,
        kind=kind,
        group=group,
        name_fi=f"Tuote {code}",
        name_sv=f"Produkt {code}",
        name_en=f"Product {code}",
        unit_price=Decimal(price),
        charged="monthly" if kind == Product.Kind.SERVICE else "once",
    )


def _lines(products: Sequence[Product], quantity: int) -> list[dict[str, Any]]:
    return [
        {
            "position": position,
            "product": product,
            "quantity": quantity,
            "unit_price": product.unit_price,
            "charged": product.charged,
            "vat_percent": Decimal("25.50"),
        }
        for position, product in enumerate(products, start=1)
    ]


@_builder
def an_offer(
    customer: Customer,
    products: Sequence[Product] = (),
    made_to: Person | None = None,
    quantity: int = 1,
    valid_until: date = DAY + timedelta(days=30),
    sent_on: date | None = None,
    accepted_on: date | None = None,
) -> Offer:
    """An offer with a line for each product; a draft, unless it was sent and accepted."""
    offer = Offer.objects.create(
        customer=customer, made_to=made_to, valid_until=valid_until, source=Source.STAFF
    )
    for line in _lines(products, quantity):
        OfferLine.objects.create(offer=offer, **line)
    if sent_on is not None:
        offer.sent_on = sent_on
        offer.save(update_fields=["sent_on"])
    if accepted_on is not None:
        offer.accepted_on = accepted_on
        offer.save(update_fields=["accepted_on"])
    return Offer.objects.get(pk=offer.pk)


@_builder
def an_order(
    customer: Customer,
    products: Sequence[Product] = (),
    ordered_by: Person | None = None,
    quantity: int = 1,
    ordered_on: date = DAY,
    delivered_on: date | None = None,
    contract: Contract | None = None,
    offer: Offer | None = None,
    street: str = "Mallikatu 1",
) -> Order:
    """An order with a line for each product."""
    order = Order.objects.create(
        customer=customer,
        ordered_by=ordered_by,
        contract=contract,
        offer=offer,
        ordered_on=ordered_on,
        delivery_street=street,
        delivery_postal_code="13100",
        delivery_city="Hämeenlinna",
        source=Source.STAFF,
    )
    for line in _lines(products, quantity):
        OrderLine.objects.create(order=order, **line)
    if delivered_on is not None:
        order.delivered_on = delivered_on
        order.save(update_fields=["delivered_on"])
    return Order.objects.get(pk=order.pk)


@_builder
def a_contract(
    customer: Customer,
    signed_by: Person | None = None,
    signed_on: date = DAY,
    starts_on: date | None = None,
    ends_on: date | None = None,
    **more: Any,
) -> Contract:
    """A contract until further notice, or for a term if it has a last day."""
    return Contract.objects.create(
        customer=customer,
        signed_by=signed_by,
        signed_on=signed_on,
        starts_on=starts_on or signed_on,
        ends_on=ends_on,
        source=Source.STAFF,
        **{"renewal": "ends" if ends_on else "open_ended", **more},
    )


@_builder
def a_subscription(
    contract: Contract,
    product: Product | None = None,
    user: Person | None = None,
    identifier: str = "",
    opened_on: date | None = None,
    terminated_on: date | None = None,
    unit_price: str = "19.90",
    address: Address | None = None,
) -> Subscription:
    """A service in use under a contract, from the contract's first day on."""
    return Subscription.objects.create(
        customer_id=contract.customer_id,
        contract=contract,
        product=product or a_service(),
        user=user,
        address=address,
        identifier=identifier,
        unit_price=Decimal(unit_price),
        opened_on=opened_on or contract.starts_on,
        terminated_on=terminated_on,
        source=Source.STAFF,
    )


@_builder
def a_device(serial_number: str = "", product: Product | None = None) -> Device:
    """A device that nobody has yet."""
    return Device.objects.create(
        serial_number=serial_number or f"SN{next(_numbers):08d}",
        product=product or a_device_model(),
    )


@_builder
def a_handover(
    device: Device,
    customer: Customer,
    person: Person | None = None,
    went_out_on: date = DAY,
    came_back_on: date | None = None,
    order_line: OrderLine | None = None,
) -> DeviceHandover:
    """A device in a customer's hands."""
    return DeviceHandover.objects.create(
        device=device,
        customer=customer,
        person=person,
        went_out_on=went_out_on,
        came_back_on=came_back_on,
        order_line=order_line,
    )


@_builder
def a_billing_account(customer: Customer, **more: Any) -> BillingAccount:
    """A billing account by e-mail, unless something else is said."""
    values = {"method": "email", "email": "laskut@example.com", "opened_on": DAY, **more}
    return BillingAccount.objects.create(customer=customer, source=Source.STAFF, **values)


@_builder
def an_invoice(
    customer: Customer,
    number: str = "",
    net: str = "100.00",
    issued_on: date = DAY,
    due_on: date | None = None,
    paid: str = "0.00",
    paid_on: date | None = None,
    **more: Any,
) -> Invoice:
    """An unpaid invoice with 25.5 % of VAT, due after a fortnight."""
    made = Invoice.objects.create(
        customer=customer,
        number=number or f"77{next(_numbers):06d}",
        issued_on=issued_on,
        due_on=due_on or issued_on + timedelta(days=14),
        net=Decimal(net),
        vat=(Decimal(net) * Decimal("0.255")).quantize(Decimal("0.01")),
        paid=Decimal(paid),
        paid_on=paid_on,
        **more,
    )
    return Invoice.objects.get(pk=made.pk)


@_builder
def a_collection_case(
    invoice: Invoice, stage: str = CollectionCase.Stage.REMINDER, **more: Any
) -> CollectionCase:
    """An open collection case of an unpaid invoice."""
    return CollectionCase.objects.create(
        customer_id=invoice.customer_id,
        invoice=invoice,
        stage=stage,
        amount=invoice.open_amount,
        opened_on=invoice.due_on + timedelta(days=7),
        **more,
    )
