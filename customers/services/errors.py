"""Why a service refuses; none of these says a personal value, since errors end up in logs."""

from typing import Any


class ProcessingRestricted(Exception):  # noqa: N818  (it reads as what it says)
    """The person's data is restricted (GDPR Art. 18): it is stored, and nothing else."""


class NotHerCustomer(Exception):  # noqa: N818
    """The customer is none of those the person belongs to."""


class SavedBefore(Exception):  # noqa: N818
    """The form was saved before, with something else in it: nothing of it is saved now."""


class ChangedMeanwhile(Exception):  # noqa: N818
    """Somebody else has saved the record since it was read; `record` is as it is now."""

    def __init__(self, record: Any) -> None:
        super().__init__()
        self.record = record


class AlreadyEnded(ChangedMeanwhile):
    """The record has been ended, so there is nothing left of it to change."""
