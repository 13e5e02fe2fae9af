"""What is done with offers, orders, contracts, devices and billing; each step in a function.

Every one raises ChangedMeanwhile where the record is not as the caller read it any more,
ProcessingRestricted where it is about a person whose data is restricted, and ValidationError with
the sentence of what is not possible.
"""

from contracts.services.agreements import (
    UNCHANGED,
    change_subscription,
    give_notice,
    open_subscription,
    save_contract,
    save_subscription,
    sign_contract,
    terminate_subscription,
)
from contracts.services.billing import (
    add_billing_contact,
    end_billing_contact,
    move_collection,
    open_collection,
    save_billing_account,
)
from contracts.services.devices import hand_out, register_device, take_device_back
from contracts.services.errors import LineRefused
from contracts.services.lines import LineInput
from contracts.services.offers import (
    Accepted,
    accept_offer,
    decline_offer,
    save_offer,
    send_offer,
)
from contracts.services.orders import (
    cancel_order,
    deliver_order,
    place_order,
    save_order,
    take_back,
)
from contracts.services.products import percent_on, save_product, save_vat_rate

__all__ = [
    "UNCHANGED",
    "Accepted",
    "LineInput",
    "LineRefused",
    "accept_offer",
    "add_billing_contact",
    "cancel_order",
    "change_subscription",
    "decline_offer",
    "deliver_order",
    "end_billing_contact",
    "give_notice",
    "hand_out",
    "move_collection",
    "open_collection",
    "open_subscription",
    "percent_on",
    "place_order",
    "register_device",
    "save_billing_account",
    "save_contract",
    "save_offer",
    "save_order",
    "save_product",
    "save_subscription",
    "save_vat_rate",
    "send_offer",
    "sign_contract",
    "take_back",
    "take_device_back",
    "terminate_subscription",
]
