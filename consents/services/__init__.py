"""What changes consents: choices, notices, duties, and what erasure leaves of them."""

from consents.services.choices import (
    NothingToPutBack,
    add_wording,
    is_recent,
    prohibit_everything,
    record_choice,
    undo_choices,
)
from consents.services.erasing import forget_marketing
from consents.services.notices import end_duty, record_duty, record_notice

__all__ = [
    "NothingToPutBack",
    "add_wording",
    "end_duty",
    "forget_marketing",
    "is_recent",
    "prohibit_everything",
    "record_choice",
    "record_duty",
    "record_notice",
    "undo_choices",
]
