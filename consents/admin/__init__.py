"""Consents on the staff's desk: choices and wordings, notices at collection, duties at work."""

from consents.admin import choices, notices  # noqa: F401
