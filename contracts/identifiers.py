"""Reference numbers, e-invoice addresses and subscriber numbers: their forms and printing.

The database knows the reference number's check digit too (`reference_is_valid`); both give the
same answers. An operator ID has no form of its own: whatever operators there are name themselves.
"""

import re
from contextlib import suppress

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum import iban, iso11649
from stdnum.exceptions import ValidationError as NotValid
from stdnum.fi import ytunnus
from stdnum.iso7064 import mod_97_10

from customers.phones import NotAPhoneNumber, normalise_phone

_REFERENCE = re.compile(r"[0-9]{4,20}")
_BASE = re.compile(r"[0-9]{3,19}")
_WEIGHTS = (7, 3, 1)
_SHORTEST = 4
_OVT = re.compile(r"0037([0-9]{8})[0-9A-Z]{0,5}")
_LIKE_OVT = "0037"
_LIKE_IBAN = re.compile(r"FI[0-9]{2}")
_OWN_FORM = re.compile(r"[0-9A-Z]{8,35}")
_LIKE_PHONE = re.compile(r"(?:\+|\(?0)[0-9 ()/.-]+")
_LEAST_DIGITS = 6


# --- reference numbers ----------------------------------------------------------------------------


def _check_digit(base: str) -> str:
    """What the sum of the digits, weighted 7 3 1 from the right, lacks to the next ten."""
    total = sum(int(digit) * _WEIGHTS[n % 3] for n, digit in enumerate(reversed(base)))
    return str(-total % 10)


def reference_is_valid(written: str) -> bool:
    """Whether this is a Finnish reference number: 4 to 20 digits, the check digit last."""
    return _REFERENCE.fullmatch(written) is not None and _check_digit(written[:-1]) == written[-1]


def reference_of(base: str) -> str:
    """The reference number of a base number of 3 to 19 digits."""
    if _BASE.fullmatch(base) is None:
        raise ValueError("The base of a reference number is 3 to 19 digits.")
    return base + _check_digit(base)


def read_reference(written: str) -> str:
    """The reference number as it is stored, of any way of writing it, the RF form included.

    Spaces go, and so do leading zeros, which its check digit does not see.
    """
    packed = "".join(written.split()).upper()
    if packed.startswith("RF"):
        if not iso11649.is_valid(packed):
            raise ValidationError(
                _("The check digits of the RF reference are wrong."), code="reference"
            )
        packed = packed[4:]
    if not reference_is_valid(packed) or not packed.strip("0"):
        raise ValidationError(
            _("This is no Finnish reference number: its form or its check digit is wrong."),
            code="reference",
        )
    return packed.lstrip("0").rjust(_SHORTEST, "0")


def grouped_reference(reference: str) -> str:
    """The reference number as it is printed: groups of five from the right, no leading zeros."""
    digits = reference.lstrip("0")
    first = len(digits) % 5
    groups = [digits[:first], *(digits[n : n + 5] for n in range(first, len(digits), 5))]
    return " ".join(filter(None, groups))


def rf_reference(reference: str) -> str:
    """The RF form (ISO 11649) of a reference number as it is printed: groups of four."""
    digits = reference.lstrip("0")
    return str(iso11649.format(f"RF{mod_97_10.calc_check_digits(f'{digits}RF')}{digits}"))


# --- e-invoice addresses --------------------------------------------------------------------------


def read_e_invoice_address(written: str) -> str:
    """The e-invoice address as it is stored: capitals and digits, its check digits right.

    An OVT number is `0037`, a business ID without its hyphen, and up to five characters of the
    company's own; a Finnish IBAN may stand for one; anything else is its operator's own form.
    """
    packed = "".join(written.split()).upper()
    if packed.startswith(_LIKE_OVT):
        ovt = _OVT.fullmatch(packed)
        if ovt is None or not ytunnus.is_valid(ovt[1]):
            raise ValidationError(
                _(
                    "This is no OVT number: after 0037 comes a business ID without its hyphen, "
                    "and at most five characters more."
                ),
                code="ovt",
            )
    elif _LIKE_IBAN.match(packed):
        try:
            iban.validate(packed)
        except NotValid:
            raise ValidationError(
                _("This looks like an IBAN, but its length or its check digits are wrong."),
                code="iban",
            ) from None
    elif _OWN_FORM.fullmatch(packed) is None:
        raise ValidationError(
            _("An e-invoice address is 8 to 35 letters and digits."), code="e_invoice_address"
        )
    return packed


# --- what a service is known by -------------------------------------------------------------------


def read_service_identifier(written: str) -> str:
    """The identifier as it is stored: a subscriber number with its country code, or as written.

    So a number in use is found, covered and refused to another in whichever way it was written.
    The name of a line has the form that its network gives it.
    """
    packed = " ".join(written.split())
    if _LIKE_PHONE.fullmatch(packed) and sum(map(str.isdigit, packed)) >= _LEAST_DIGITS:
        with suppress(NotAPhoneNumber):
            return normalise_phone(packed)
    if packed.startswith("+"):
        raise ValidationError(_("This is not a phone number."), code="subscriber_number")
    return packed
