"""What is done with the register of persons: contacts and corrections."""

from customers.services.contacts import close_matter, log_contact
from customers.services.corrections import (
    add_address,
    add_contact_point,
    correct_address,
    correct_contact_point,
    correct_contact_role,
    correct_name,
    end_address,
    end_contact_point,
    end_contact_role,
    make_first_choice,
    set_language,
)
from customers.services.errors import (
    AlreadyEnded,
    ChangedMeanwhile,
    NotHerCustomer,
    ProcessingRestricted,
)

__all__ = [
    "AlreadyEnded",
    "ChangedMeanwhile",
    "NotHerCustomer",
    "ProcessingRestricted",
    "add_address",
    "add_contact_point",
    "close_matter",
    "correct_address",
    "correct_contact_point",
    "correct_contact_role",
    "correct_name",
    "end_address",
    "end_contact_point",
    "end_contact_role",
    "log_contact",
    "make_first_choice",
    "set_language",
]
