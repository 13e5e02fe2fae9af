"""Sentences of the services about what is not possible, beside those of the database's rules."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _


class LineRefused(ValidationError):  # noqa: N818  (it reads as what it says)
    """What is wrong with one line of a document, by field; `index` is its place from zero."""

    def __init__(self, index: int, errors: ValidationError) -> None:
        super().__init__(errors)
        self.index = index


def refuse_future(**days: date | None) -> None:
    """Refuse the day of something that has happened when it lies ahead."""
    today = timezone.localdate()
    wrong = {name for name, day in days.items() if day is not None and day > today}
    if wrong:
        raise ValidationError({name: _("This day lies ahead.") for name in wrong})
