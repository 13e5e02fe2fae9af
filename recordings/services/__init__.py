"""What is done with recordings and messages: sealed, opened, given to persons, held, destroyed.

The files themselves are about nobody; whatever touches a recording or a message runs in an access
context.
"""

from recordings.services.destroying import destroy, destroy_due, destroy_quarantined
from recordings.services.errors import Destroyed, Held, NotYet
from recordings.services.holds import place_hold, prolong_hold, release_hold
from recordings.services.persons import concerns, reassign
from recordings.services.quarantine import give_call_record, put_right
from recordings.services.removing import destroy_file, remove_bytes, remove_bytes_of_destroyed
from recordings.services.rotating import Rotation, rotate
from recordings.services.sealing import clear_bytes, seal
from recordings.services.sweeping import Swept, sweep

__all__ = [
    "Destroyed",
    "Held",
    "NotYet",
    "Rotation",
    "Swept",
    "clear_bytes",
    "concerns",
    "destroy",
    "destroy_due",
    "destroy_file",
    "destroy_quarantined",
    "give_call_record",
    "place_hold",
    "prolong_hold",
    "put_right",
    "reassign",
    "release_hold",
    "remove_bytes",
    "remove_bytes_of_destroyed",
    "rotate",
    "seal",
    "sweep",
]
