"""Phone numbers as people write them, brought to one form."""

import re

import phonenumbers

_SHORTEST, _LONGEST = 3, 20
_NOT_DIGIT = re.compile(r"\D")


class NotAPhoneNumber(ValueError):  # noqa: N818  (it reads as what it says)
    """There are too few or too many digits for a number of any country."""


def normalise_phone(written: str) -> str:
    """The number with its country code, as in +358401234567; read as Finnish without one.

    libphonenumber reads it, without judging whether such a number is in use: some live Finnish
    numbers are unknown to it. What it cannot read keeps its digits. Raises NotAPhoneNumber.
    """
    try:
        number = phonenumbers.parse(written, "FI")
    except phonenumbers.NumberParseException:
        found = _digits_only(written)
    else:
        found = f"+{number.country_code}{phonenumbers.national_significant_number(number)}"
    if not _SHORTEST <= len(found) - 1 <= _LONGEST:
        raise NotAPhoneNumber
    return found


def _digits_only(written: str) -> str:
    digits = _NOT_DIGIT.sub("", written)
    if written.lstrip().startswith("+"):
        return f"+{digits}"
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    return f"+358{digits.removeprefix('0')}"
