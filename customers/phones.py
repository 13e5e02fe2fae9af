"""Phone numbers as people write them, brought to one form."""

import phonenumbers

_FINLAND = 358
_SHORTEST, _LONGEST = 3, 20  # digits: of the national number, and with the country code


class NotAPhoneNumber(ValueError):  # noqa: N818  (it reads as what it says)
    """This can be the number of no phone."""


def normalise_phone(written: str) -> str:
    """The number with its country code, as in +358401234567; read as Finnish without one.

    libphonenumber reads it without judging whether such a number is in use, since some live
    Finnish numbers are unknown to it. Raises NotAPhoneNumber.
    """
    try:
        number = phonenumbers.parse(written, "FI")
    except phonenumbers.NumberParseException:
        raise NotAPhoneNumber from None
    national = phonenumbers.national_significant_number(number)
    if number.country_code == _FINLAND:
        national = national.lstrip("0")  # no Finnish number begins with a zero once dialled
    found = f"+{number.country_code}{national}"
    if len(national) < _SHORTEST or len(found) - 1 > _LONGEST:
        raise NotAPhoneNumber
    return found
