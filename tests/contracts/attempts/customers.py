"""Rules that what belongs together belongs to one customer."""

from datetime import timedelta

from contracts import services
from contracts.models import (
    CollectionCase,
    Order,
    ServiceChange,
)
from contracts.services import LineInput
from customers.models import Source
from tests.builders import a_company, a_person
from tests.contract_builders import (
    DAY,
    a_billing_account,
    a_contract,
    a_device,
    a_device_model,
    a_handover,
    a_service,
    a_subscription,
    an_invoice,
    an_offer,
    an_order,
)
from tests.contracts.attempts.agreements import a_new_subscription
from tests.contracts.attempts.base import Attempt, breaks, insert, taken_back, the_line, with_values


@breaks
def return_line_has_its_customer() -> Attempt:
    product, other = a_device_model(), a_company("Toinen Oy")
    order = an_order(a_company(), [product], quantity=2)
    back = taken_back(the_line(order))
    return Attempt(
        lambda: services.save_order(
            order=with_values(order, customer=other), lines=[LineInput(product, 2)]
        ),
        [
            ("UPDATE contracts_return SET customer_id = %s WHERE id = %s", [other.pk, back.pk]),
            ("UPDATE contracts_order SET customer_id = %s WHERE id = %s", [other.pk, order.pk]),
        ],
    )


@breaks
def handover_line_has_its_customer() -> Attempt:
    product, other = a_device_model(), a_company("Toinen Oy")
    order = an_order(a_company(), [product])
    line = the_line(order)
    there = a_handover(a_device(product=product), order.customer, order_line=line)
    return Attempt(
        lambda: services.hand_out(device=a_device(), customer=other, on=DAY, order_line=line),
        [
            (
                "UPDATE contracts_devicehandover SET customer_id = %s WHERE id = %s",
                [other.pk, there.pk],
            ),
            ("UPDATE contracts_order SET customer_id = %s WHERE id = %s", [other.pk, order.pk]),
        ],
    )


@breaks
def order_offer_has_its_customer() -> Attempt:
    service, other = a_service(), a_company("Toinen Oy")
    offer = an_offer(a_company(), [service], sent_on=DAY, accepted_on=DAY)
    order = an_order(other, [service])
    return Attempt(
        lambda: services.place_order(
            order=Order(customer=other, offer=offer, ordered_on=DAY, source=Source.STAFF),
            lines=[LineInput(service)],
        ),
        [("UPDATE contracts_order SET offer_id = %s WHERE id = %s", [offer.pk, order.pk])],
    )


@breaks
def order_contract_has_its_customer() -> Attempt:
    service, other = a_service(), a_company("Toinen Oy")
    contract, order = a_contract(a_company()), an_order(other, [service])
    return Attempt(
        lambda: services.place_order(
            order=Order(customer=other, contract=contract, ordered_on=DAY, source=Source.STAFF),
            lines=[LineInput(service)],
        ),
        [("UPDATE contracts_order SET contract_id = %s WHERE id = %s", [contract.pk, order.pk])],
    )


@breaks
def contract_billing_account_has_its_customer() -> Attempt:
    contract, account = a_contract(a_company()), a_billing_account(a_company("Toinen Oy"))
    return Attempt(
        lambda: services.save_contract(contract=with_values(contract, billing_account=account)),
        [
            (
                "UPDATE contracts_contract SET billing_account_id = %s WHERE id = %s",
                [account.pk, contract.pk],
            )
        ],
    )


@breaks
def subscription_contract_has_its_customer() -> Attempt:
    contract, other = a_contract(a_company()), a_company("Toinen Oy")
    there = a_subscription(contract)
    return Attempt(
        lambda: services.open_subscription(
            subscription=a_new_subscription(contract, customer=other)
        ),
        [
            (
                "UPDATE contracts_subscription SET customer_id = %s WHERE id = %s",
                [other.pk, there.pk],
            ),
        ],
    )


@breaks
def servicechange_subscription_has_its_customer() -> Attempt:
    # The service takes the customer from the subscription.
    contract, other = a_contract(a_company()), a_company("Toinen Oy")
    change = ServiceChange(
        customer=other,
        subscription=a_subscription(contract),
        kind="user",
        changed_on=DAY,
        new_user=a_person(),
    )
    return Attempt(None, [insert(change)])


@breaks
def invoice_billing_account_has_its_customer() -> Attempt:
    # Invoices come from the billing system, by sets.
    invoice, account = an_invoice(a_company()), a_billing_account(a_company("Toinen Oy"))
    return Attempt(
        None,
        [
            (
                "UPDATE contracts_invoice SET billing_account_id = %s WHERE id = %s",
                [account.pk, invoice.pk],
            )
        ],
    )


@breaks
def collectioncase_invoice_has_its_customer() -> Attempt:
    invoice = an_invoice(a_company())
    case = CollectionCase(
        customer=a_company("Toinen Oy"),
        invoice=invoice,
        stage="reminder",
        amount=invoice.open_amount,
        opened_on=invoice.due_on + timedelta(days=7),
    )
    return Attempt(lambda: services.open_collection(case=case), [insert(case)])
