"""Cells that several kinds of files have: each judge gives what is meant, or None."""

from contextlib import suppress

from customers.phones import NotAPhoneNumber, normalise_phone

_LEAST_PHONE_DIGITS = 3
_POSTAL_CODE_DIGITS = 5


def phone_number(written: str) -> str | None:
    """The normalised number; None for what is no number, such as a word in place of one."""
    if sum(map(str.isdecimal, written)) >= _LEAST_PHONE_DIGITS:
        with suppress(NotAPhoneNumber):
            return normalise_phone(written)
    return None


def postal_code(written: str) -> str | None:
    """A postal code of Finland."""
    is_one = len(written) == _POSTAL_CODE_DIGITS and written.isdecimal() and written.isascii()
    return written if is_one else None
