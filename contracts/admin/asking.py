"""What the steps ask before they are done, and how what a service refuses is said."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.register_admin import StepForm
from accounts.register_forms import WIDGETS
from customers.admin import said
from customers.services import ChangedMeanwhile

T = TypeVar("T")

__all__ = ["DayForm", "StepForm", "day_field", "saying"]


_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)


def day_field(label: Any, **more: Any) -> forms.DateField:
    """A day, in the browser's own field for days; periods may be counted from any of them."""
    return forms.DateField(
        label=label,
        widget=WIDGETS[models.DateField](),
        validators=[MinValueValidator(_FIRST_DAY), MaxValueValidator(_LAST_DAY)],
        **more,
    )


class DayForm(StepForm):
    """The day on which it happened; today, if nothing else is said."""

    on = forms.DateField()

    @classmethod
    def of(cls, label: Any) -> type["DayForm"]:
        """The form that asks for the day by this name."""
        return type("DayForm", (cls,), {"on": day_field(label, initial=timezone.localdate)})


def saying(save: Callable[[], T]) -> T:
    """Save; what the service refuses is a word in the form."""

    def once() -> T:
        try:
            return save()
        except ChangedMeanwhile:
            raise ValidationError(
                _("Somebody has changed this at the same moment: look at it as it is now.")
            ) from None

    kept: T = said(once)
    return kept
