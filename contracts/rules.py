"""What the database refuses, in a sentence for the person who typed it.

The rules over several rows are the database's (`contracts.database_rules`), so that no path
gets round them; a service saves inside `said()`, which turns a refusal into a ValidationError.
The rules about one row have their sentences in the models' constraints.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, TypeVar

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

T = TypeVar("T")

_OTHER_CUSTOMER = _("This belongs to another customer.")
_SENT = _("The offer has been sent: its lines are what the customer read. Make a new offer.")

SENTENCES: Mapping[str, str | Promise] = {
    "offer_line_is_not_sent": _SENT,
    "offer_has_lines_when_sent": _("An offer without lines is not sent."),
    "offer_is_as_it_was_sent": _(
        "The offer has been sent: it stays sent, to this customer and in this currency."
    ),
    "offer_is_answered_once": _("The customer has answered this offer: nothing is changed now."),
    "order_has_an_accepted_offer": _(
        "An order comes from an offer only once that is accepted, and not before that day."
    ),
    "order_line_is_not_delivered": _(
        "The order is delivered or cancelled: its lines stay as they were ordered."
    ),
    "order_line_is_not_taken_back": _(
        "Some of this line was cancelled, returned or handed out: it stays as it was ordered."
    ),
    "order_stays_cancelled": _("The order was cancelled: place a new one."),
    "cancelled_order_has_no_device_out": _("A device of this order is out: take it back first."),
    "return_follows_the_order": _("Nothing is cancelled or returned before it was ordered."),
    "return_follows_delivery": _("Nothing is returned before it was delivered."),
    "cancellation_precedes_delivery": _("What was delivered is returned, not cancelled."),
    "return_is_of_what_was_ordered": _("That is more than was ordered and not yet come back."),
    "delivery_fits_what_came_back": _(
        "The day of delivery does not fit what was cancelled or returned of the order."
    ),
    "subscription_opens_in_its_contract": _("A service opens while its contract is in force."),
    "subscription_ends_in_its_contract": _("A service ends no later than its contract."),
    "subscription_is_of_a_service": _("This product is not a service."),
    "contract_holds_its_services": _("A service under this contract would be outside its dates."),
    "contract_under_notice_ends_services": _(
        "Notice is given of the contract: its services need their last day."
    ),
    "service_change_is_in_its_time": _("A service is changed only while it is open."),
    "product_stays_what_it_is": _("A product stays a service or a device: make another product."),
    "device_is_of_a_device_model": _("This product is not a device."),
    "handover_follows_the_order": _(
        "A device does not go out before its order, nor when that is cancelled."
    ),
    "device_is_in_one_place": _("Somebody else has this device at that time."),
    "return_line_has_its_customer": _OTHER_CUSTOMER,
    "handover_line_has_its_customer": _OTHER_CUSTOMER,
    "order_offer_has_its_customer": _OTHER_CUSTOMER,
    "order_contract_has_its_customer": _OTHER_CUSTOMER,
    "contract_billing_account_has_its_customer": _OTHER_CUSTOMER,
    "subscription_contract_has_its_customer": _OTHER_CUSTOMER,
    "servicechange_subscription_has_its_customer": _OTHER_CUSTOMER,
    "invoice_billing_account_has_its_customer": _OTHER_CUSTOMER,
    "collectioncase_invoice_has_its_customer": _OTHER_CUSTOMER,
}


class Rules:
    """The sentences of one app: of its database rules, and of its models' own constraints."""

    def __init__(self, app: str, sentences: Mapping[str, str | Promise]) -> None:
        self._app = app
        self._sentences = sentences

    def said(self, save: Callable[[], T]) -> T:
        """Save; a rule that the database holds against it is a ValidationError with its sentence.

        A constraint of one row speaks here only where somebody else has saved in the same moment.
        What breaks no rule of ours is not ours to explain: it goes on as it came.
        """
        try:
            with transaction.atomic():
                return save()
        except IntegrityError as error:
            rule = _rule_of(error)
            sentence = self._sentences.get(rule) or self._constraints.get(rule)
            if sentence is None:
                raise
            raise ValidationError(str(sentence), code=rule) from None

    @cached_property
    def _constraints(self) -> Mapping[str, str | Promise]:
        """The sentences of the models' own constraints, by name."""
        return {
            constraint.name: constraint.violation_error_message
            for model in apps.get_app_config(self._app).get_models()
            for constraint in model._meta.constraints
            if constraint.violation_error_message is not None
        }


def _rule_of(error: IntegrityError) -> str:
    cause: Any = error.__cause__
    return (cause.diag.constraint_name if cause is not None else None) or ""


said = Rules("contracts", SENTENCES).said
