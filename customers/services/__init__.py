"""What is done with the register of persons: contacts, corrections, and single records."""

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
from customers.services.desk import (
    change_hold,
    lift_restriction,
    persons_of,
    place_hold,
    release_hold,
    restrict_processing,
    save_contact_point,
    save_record,
)
from customers.services.errors import (
    AlreadyEnded,
    ChangedMeanwhile,
    NotHerCustomer,
    ProcessingRestricted,
    SavedBefore,
)

__all__ = [
    "AlreadyEnded",
    "ChangedMeanwhile",
    "NotHerCustomer",
    "ProcessingRestricted",
    "SavedBefore",
    "add_address",
    "add_contact_point",
    "change_hold",
    "close_matter",
    "correct_address",
    "correct_contact_point",
    "correct_contact_role",
    "correct_name",
    "end_address",
    "end_contact_point",
    "end_contact_role",
    "lift_restriction",
    "log_contact",
    "make_first_choice",
    "persons_of",
    "place_hold",
    "release_hold",
    "restrict_processing",
    "save_contact_point",
    "save_record",
    "set_language",
]
