"""Rules about contracts and the services under them."""

from datetime import date, timedelta
from typing import Any

from contracts import services
from contracts.models import (
    Contract,
    ServiceChange,
    Subscription,
)
from customers.models import Source
from tests.builders import a_company, a_person
from tests.contract_builders import (
    DAY,
    a_contract,
    a_device_model,
    a_service,
    a_subscription,
)
from tests.contracts.attempts.base import (
    EARLIER,
    LATER,
    LATEST,
    Attempt,
    breaks,
    insert,
    with_values,
)


def a_new_subscription(contract: Contract, **more: Any) -> Subscription:
    values = {"customer": contract.customer, "product": a_service(), "opened_on": DAY, **more}
    return Subscription(contract=contract, source=Source.STAFF, **values)


@breaks
def subscription_opens_in_its_contract() -> Attempt:
    contract = a_contract(a_company(), ends_on=LATER)
    there = a_subscription(contract)
    return Attempt(
        lambda: services.open_subscription(
            subscription=a_new_subscription(contract, opened_on=EARLIER)
        ),
        [
            ("UPDATE contracts_subscription SET opened_on = %s WHERE id = %s", [day, there.pk])
            for day in (EARLIER, LATEST)
        ],
    )


@breaks
def subscription_ends_in_its_contract() -> Attempt:
    there = a_subscription(a_contract(a_company(), ends_on=LATER))
    return Attempt(
        lambda: services.terminate_subscription(subscription=there, on=LATEST),
        [
            (
                "UPDATE contracts_subscription SET terminated_on = %s WHERE id = %s",
                [LATEST, there.pk],
            )
        ],
    )


@breaks
def subscription_is_of_a_service() -> Attempt:
    contract, device = a_contract(a_company()), a_device_model()
    there = a_subscription(contract)
    return Attempt(
        lambda: services.open_subscription(
            subscription=a_new_subscription(contract, product=device)
        ),
        [
            (
                "UPDATE contracts_subscription SET product_id = %s WHERE id = %s",
                [device.pk, there.pk],
            )
        ],
    )


@breaks
def contract_holds_its_services() -> Attempt:
    contract = a_contract(a_company(), renewal="renews", renewal_months=12, ends_on=LATER)
    subscription = a_subscription(contract, opened_on=LATEST)
    changed = a_contract(a_company())
    ServiceChange.objects.create(
        customer=changed.customer,
        subscription=a_subscription(changed),
        kind="user",
        changed_on=LATEST,
        new_user=a_person(),
    )
    return Attempt(
        lambda: services.save_contract(
            contract=with_values(contract, renewal="ends", renewal_months=None)
        ),
        [
            (
                "UPDATE contracts_contract SET renewal = 'ends', renewal_months = NULL"
                " WHERE id = %s",
                [contract.pk],
            ),
            (
                "UPDATE contracts_contract SET starts_on = %s, ends_on = %s WHERE id = %s",
                [subscription.opened_on + timedelta(days=1), date(2030, 1, 1), contract.pk],
            ),
            (
                "UPDATE contracts_contract SET renewal = 'ends', ends_on = %s WHERE id = %s",
                [LATER, changed.pk],
            ),
        ],
    )


@breaks
def contract_under_notice_ends_services() -> Attempt:
    contract = services.give_notice(contract=a_contract(a_company()), on=DAY, ends_on=LATEST)
    with_service = a_contract(a_company())
    a_subscription(with_service)
    return Attempt(
        lambda: services.open_subscription(subscription=a_new_subscription(contract)),
        [
            (
                "UPDATE contracts_contract SET notice_given_on = %s, ends_on = %s WHERE id = %s",
                [DAY, LATEST, with_service.pk],
            )
        ],
    )


@breaks
def service_change_is_in_its_time() -> Attempt:
    contract = a_contract(a_company())
    subscription = a_subscription(contract, opened_on=LATER)
    change = ServiceChange.objects.create(
        customer=contract.customer,
        subscription=subscription,
        kind="user",
        changed_on=LATER,
        new_user=a_person(),
    )
    ended = a_contract(a_company(), ends_on=LATER)
    after_the_contract = ServiceChange(
        customer=ended.customer,
        subscription=a_subscription(ended),
        kind="user",
        changed_on=LATEST,
        new_user=a_person(),
    )
    return Attempt(
        lambda: services.change_subscription(
            subscription=a_subscription(contract, opened_on=LATER), on=DAY, user=a_person()
        ),
        [
            ("UPDATE contracts_servicechange SET changed_on = %s WHERE id = %s", [DAY, change.pk]),
            (
                "UPDATE contracts_subscription SET opened_on = %s WHERE id = %s",
                [LATEST, subscription.pk],
            ),
            insert(after_the_contract),
        ],
    )
