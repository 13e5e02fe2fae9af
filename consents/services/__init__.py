"""What changes consents: choices, notices, duties, and what erasure leaves of them."""

from consents.services.agreed import Answer, add_information, give_consent, withdraw_consent
from consents.services.choices import (
    NothingToPutBack,
    add_wording,
    is_recent,
    prohibit_everything,
    record_choice,
    undo_choices,
)
from consents.services.disclosing import check_destination, disclose, name_more
from consents.services.due import erase_due, forget_ended_listings
from consents.services.notices import end_duty, record_duty, record_notice

__all__ = [
    "Answer",
    "NothingToPutBack",
    "add_information",
    "add_wording",
    "check_destination",
    "disclose",
    "end_duty",
    "erase_due",
    "forget_ended_listings",
    "give_consent",
    "is_recent",
    "name_more",
    "prohibit_everything",
    "record_choice",
    "record_duty",
    "record_notice",
    "undo_choices",
    "withdraw_consent",
]
