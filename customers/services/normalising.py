"""Numbers and addresses as they are given, brought to the form in which they are compared."""

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _

from customers.models import ContactPoint
from customers.phones import NotAPhoneNumber, normalise_phone


def normalised(kind: str, as_written: str) -> str:
    """The number with its country code, or the address in small letters; or a ValidationError."""
    if kind == ContactPoint.Kind.EMAIL:
        try:
            EmailValidator()(as_written)
        except ValidationError as error:
            raise ValidationError({"as_written": error.messages}) from None
        return as_written.lower()
    try:
        return normalise_phone(as_written)
    except NotAPhoneNumber:
        raise ValidationError({"as_written": _("This is not a phone number.")}) from None
