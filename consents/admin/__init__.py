"""Consents on the staff's desk: choices and wordings, notices at collection, duties at work,
consents, supplementary information and surveys.
"""

from consents.admin import agreed, choices, notices  # noqa: F401
