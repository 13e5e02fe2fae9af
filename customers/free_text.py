"""What free text must not hold."""

import re
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from stdnum.fi import hetu

_LOOKS_LIKE_ONE = re.compile(
    r"(?<![0-9])([0-3][0-9])[ .]?([01][0-9])[ .]?([0-9]{2}) ?([-+‐‑–−A-FU-Ya-fu-y]) ?"
    r"([0-9]{3}) ?([0-9A-Ya-y])(?![0-9A-Za-z])"
)
_DASHES = re.compile(r"[‐‑–−]")


def identity_codes(text: str) -> Iterator[tuple[int, int]]:
    """Where personal identity codes stand, temporary ones too, in any writing.

    Only one whose date and check character are right counts, so that numbers of orders and
    invoices pass.
    """
    for match in _LOOKS_LIKE_ONE.finditer(text):
        if hetu.is_valid(_DASHES.sub("-", "".join(match.groups())), allow_temporary=True):
            yield match.span()


def holds_identity_code(text: str) -> bool:
    """Whether the text holds a personal identity code."""
    return any(True for _ in identity_codes(text))


def refuse_identity_codes(**fields: str) -> None:
    """Raise a ValidationError for each of these fields that holds a personal identity code.

    The register description lists none, so none is stored (domain §7).
    """
    found = [name for name, text in fields.items() if holds_identity_code(text)]
    if found:
        raise ValidationError(
            {
                name: _("This holds a personal identity code, which is not kept here: remove it.")
                for name in found
            }
        )
