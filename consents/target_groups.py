"""Target groups: how a marketer describes whom a message is for, and the query that finds them.

Nothing of recordings, collections, invoices or free text can be named (domain §3). Whom the
description finds is for `consents.candidates`, and whether each may be reached for the rules.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from django import forms
from django.core.validators import RegexValidator
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from consents.models import Language
from contracts.models import Product


class Audience(models.TextChoices):
    """As what people are known to us."""

    PRIVATE = "private", _("Private customers and sole traders")
    CONTACTS = "contacts", _("Contact persons of companies")
    COMPANIES = "companies", _("Companies, at an address that names nobody")


@dataclass(frozen=True)
class TargetGroup:
    """Whom a message is for; what is empty does not narrow the group."""

    audience: tuple[str, ...]
    group_in_use: str = ""
    product_in_use: str = ""
    language: str = ""
    place: str = ""
    least_services: int | None = None
    most_services: int | None = None
    least_value: int | None = None
    most_value: int | None = None
    quiet_days: int | None = None

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """The group that the values describe; others than its own are left out."""
        own = {field.name: values[field.name] for field in fields(cls) if field.name in values}
        return cls(**{**own, "audience": tuple(own["audience"])})

    @property
    def criteria(self) -> dict[str, Any]:
        """What narrows the group, as it is kept with a list."""
        given = {name: value for name, value in asdict(self).items() if value not in ("", None)}
        return {**given, "audience": list(self.audience)}

    def described(self) -> Iterator[tuple[str | Promise, str]]:
        """What narrows the group, in words: what it is about, and what is asked of it."""
        labels = dict(Audience.choices)
        yield _("Who"), ", ".join(str(labels[one]) for one in self.audience)
        if self.group_in_use:
            yield _("Product group in use"), str(Product.Group(self.group_in_use).label)
        if self.product_in_use:
            yield _("Service in use"), self.product_in_use
        if self.language:
            yield _("Language"), str(Language(self.language).label)
        if self.place:
            yield _("Postal code or town"), self.place
        yield from self._figures()

    def _figures(self) -> Iterator[tuple[str | Promise, str]]:
        for label, least, most in (
            (_("Services in use"), self.least_services, self.most_services),
            (_("Yearly value"), self.least_value, self.most_value),
        ):
            if least is not None or most is not None:
                low, high = ("" if one is None else str(one) for one in (least, most))
                yield label, f"{low} – {high}".strip()
        if self.quiet_days is not None:
            days = _now("at least %(days)s days ago") % {"days": self.quiet_days}
            yield _("Last contact"), days


# --- the form -------------------------------------------------------------------------------------

_TOWN = RegexValidator(r"^(?:\d{1,5}|[^\W\d_][^\W\d_ .-]*(?:[ .-]+[^\W\d_]+)*)\Z")


class _ServiceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, product: Product) -> str:
        return f"{product.display_name} ({product.code})"


class TargetGroupForm(forms.Form):
    """The description of a target group as the marketer types it."""

    audience = forms.MultipleChoiceField(
        label=_("Who"), choices=Audience.choices, widget=forms.CheckboxSelectMultiple
    )
    group_in_use = forms.ChoiceField(
        label=_("Product group in use"),
        choices=[("", _("Any or none")), *Product.Group.choices],
        required=False,
    )
    product_in_use = _ServiceField(
        label=_("Service in use"),
        queryset=Product.objects.filter(kind=Product.Kind.SERVICE).order_by("code"),
        to_field_name="code",
        empty_label=_("Any or none"),
        required=False,
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("Every language")), *Language.choices], required=False
    )
    place = forms.CharField(
        label=_("Postal code or town"),
        required=False,
        max_length=40,
        validators=[_TOWN],
        help_text=_("The first digits of a postal code, as in 132, or a town."),
    )
    least_services = forms.IntegerField(
        label=_("Services in use, at least"), required=False, min_value=0, max_value=100_000
    )
    most_services = forms.IntegerField(
        label=_("Services in use, at most"), required=False, min_value=0, max_value=100_000
    )
    least_value = forms.IntegerField(
        label=_("Yearly value in euros, at least"),
        required=False,
        min_value=0,
        max_value=100_000_000,
    )
    most_value = forms.IntegerField(
        label=_("Yearly value in euros, at most"),
        required=False,
        min_value=0,
        max_value=100_000_000,
    )
    quiet_days = forms.IntegerField(
        label=_("Days since the last contact, at least"),
        required=False,
        min_value=0,
        max_value=36_500,
    )

    def clean_product_in_use(self) -> str:
        product: Product | None = self.cleaned_data["product_in_use"]
        return "" if product is None else product.code

    def group(self) -> TargetGroup:
        """The group that a valid form describes."""
        return TargetGroup.of(self.cleaned_data)
