"""Contracts and the services in use under them: opened, changed, terminated, given notice of."""

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contracts.models import Contract, Product, ServiceChange, Subscription
from contracts.services.errors import refuse_future
from contracts.services.saving import kept, refuse_elsewhere, saved, to_change
from customers.models import Address, Person


class Unchanged(Enum):
    """What a service keeps when nothing else is said of it."""

    UNCHANGED = "unchanged"


UNCHANGED = Unchanged.UNCHANGED


@transaction.atomic
def sign_contract(*, contract: Contract) -> Contract:
    """Save a contract that was signed."""
    return save_contract(contract=contract)


@transaction.atomic
def save_contract(*, contract: Contract) -> Contract:
    """Save a contract as it was filled in, new or corrected."""
    refuse_future(signed_on=contract.signed_on, notice_given_on=contract.notice_given_on)
    return saved(contract)


@transaction.atomic
def give_notice(*, contract: Contract, on: date, ends_on: date | None = None) -> Contract:
    """Give notice of a contract on a day; its services end with it, if they do not earlier.

    Without a last day it ends when its period of notice has passed.
    """
    refuse_future(on=on)
    contract = to_change(contract)
    if contract.notice_given_on is not None:
        raise ValidationError(_("Notice of this contract has been given already."))
    if contract.last_day is not None and contract.last_day < on:
        raise ValidationError(_("The contract has ended."))
    ends_on = ends_on or contract.last_day_after_notice(on)
    if contract.last_day is not None and ends_on > contract.last_day:
        raise ValidationError({"ends_on": _("Notice lets no contract last longer.")})
    for subscription in (
        Subscription.objects.select_for_update(no_key=True).filter(contract=contract).order_by("pk")
    ):
        if subscription.terminated_on is None or subscription.terminated_on > ends_on:
            subscription.terminated_on = ends_on
            kept(subscription)
    contract.notice_given_on = on
    contract.ends_on = ends_on
    return kept(contract)


# --- services in use ------------------------------------------------------------------------------


@transaction.atomic
def open_subscription(*, subscription: Subscription) -> Subscription:
    """Open a service under a contract."""
    return save_subscription(subscription=subscription)


@transaction.atomic
def save_subscription(*, subscription: Subscription) -> Subscription:
    """Save a service in use as it was filled in, new or corrected."""
    _lock_contract(subscription)
    if subscription.customer_id is not None:
        refuse_elsewhere("address", subscription.address, subscription.customer, subscription.user)
    return saved(subscription)


@transaction.atomic
def terminate_subscription(*, subscription: Subscription, on: date) -> Subscription:
    """Let a service end with a day, which may lie ahead."""
    _lock_contract(subscription)
    subscription = to_change(subscription)
    _refuse_ended(subscription)
    subscription.terminated_on = on
    return kept(subscription)


@transaction.atomic
def change_subscription(
    *,
    subscription: Subscription,
    on: date,
    product: Product | None = None,
    user: Person | Unchanged | None = UNCHANGED,
    address: Address | Unchanged | None = UNCHANGED,
    unit_price: Decimal | None = None,
) -> list[ServiceChange]:
    """Change a service from a day on, and keep what it was; another product brings its price.

    Gives a change for each of product, user and address that is another one now.
    """
    refuse_future(on=on)
    _lock_contract(subscription)
    subscription = to_change(subscription)
    _refuse_ended(subscription)
    if ServiceChange.objects.filter(subscription=subscription, changed_on__gt=on).exists():
        raise ValidationError({"on": _("The service has been changed after that day already.")})
    wanted: dict[str, Any] = {
        name: value
        for name, value in (
            (ServiceChange.Kind.PRODUCT, product or UNCHANGED),
            (ServiceChange.Kind.USER, user),
            (ServiceChange.Kind.ADDRESS, address),
        )
        if value is not UNCHANGED and value != getattr(subscription, name)
    }
    changes = [
        ServiceChange(
            customer=subscription.customer,
            subscription=subscription,
            kind=name,
            changed_on=on,
            **{f"old_{name}": getattr(subscription, name), f"new_{name}": value},
        )
        for name, value in wanted.items()
    ]
    for name, value in wanted.items():
        setattr(subscription, name, value)
    if unit_price is None and product is not None and changes:
        unit_price = subscription.product.unit_price
    has_price = unit_price is not None and unit_price != subscription.unit_price
    if not changes and not has_price:
        raise ValidationError(_("Nothing changes by this."))
    if unit_price is not None:
        subscription.unit_price = unit_price
    refuse_elsewhere("address", subscription.address, subscription.customer, subscription.user)
    made = [kept(change) for change in changes]
    kept(subscription)
    return made


def _lock_contract(subscription: Subscription) -> None:
    Contract.objects.select_for_update(no_key=True).filter(pk=subscription.contract_id).first()


def _refuse_ended(subscription: Subscription) -> None:
    if subscription.terminated_on and subscription.terminated_on < timezone.localdate():
        raise ValidationError(_("The service has ended."))
