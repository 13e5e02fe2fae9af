"""Recordings and messages on the staff's desk, their holds and corrections."""

from recordings.admin import care, kept  # noqa: F401
