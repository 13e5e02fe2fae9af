"""Forms of the staff's desk: what a form was made for and what it showed travel with it, signed.

So one form makes one object however often it is sent, and whoever saves second sees what the
first one saved (promise 8).
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import formats, timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

_ISSUED, _LOADED = "register.issued", "register.loaded"
_UNSEEN = {"password", "last_login"}  # they change without anybody editing the record

WIDGETS: dict[type[Any], Any] = {
    models.DateField: lambda: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    models.DateTimeField: lambda: forms.DateTimeInput(
        attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S"
    ),
    models.TextField: lambda: forms.Textarea(attrs={"rows": 5}),
    models.DecimalField: lambda: forms.TextInput(attrs={"inputmode": "decimal"}),
}

Applies = Mapping[str, tuple[str, tuple[str, ...]]]
"""Fields that apply only to some choices of another: its name, and those choices."""


class RegisterForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form that writes only what was changed in it: a field left alone keeps its exact value."""

    applies: Applies = {}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.instance.pk is not None:
            own = {field.name for field in self.instance._meta.fields}
            for name in set(data) & own - set(self.changed_data):
                data[name] = getattr(self.instance, name)
        return without_inapplicable(self, data)


def differing(form: RegisterForm) -> set[str]:
    """The fields that say something else than their record, however it was written there."""
    changed = set(form.changed_data)
    if not changed or not form.is_valid():
        return changed
    said = {field.name: field.attname for field in form.instance._meta.fields}
    return {
        name
        for name in changed
        if name not in said or getattr(form.instance, said[name]) != form.initial.get(name)
    }


def without_inapplicable(form: Any, data: dict[str, Any]) -> dict[str, Any]:
    """What was filled in, with fields that do not apply left empty, whatever stands in them."""
    for name, (other, choices) in form.applies.items():
        if name in form.fields and other in data and data[other] not in choices:
            form.errors.pop(name, None)
            data[name] = getattr(form.fields[name], "empty_value", None)
    return data


class PublicIdField(forms.CharField):
    """A person or a customer, chosen by her public ID: there is no list of everybody.

    `choose_url` answers what is typed with those it may mean.
    """

    def __init__(
        self, *, queryset: Any, choose_url: str, label_of: Callable[[Any], str], **kwargs: Any
    ) -> None:
        self.queryset = queryset
        self.choose_url = choose_url
        self.label_of = label_of
        kwargs.setdefault("max_length", 36)
        super().__init__(**kwargs)
        self.widget.attrs.update({"autocomplete": "off", "spellcheck": "false", "class": "mono"})

    def prepare_value(self, value: Any) -> Any:
        """The public ID of a record that is known by its key."""
        if not isinstance(value, int):
            return value
        return self.queryset.filter(pk=value).only("pk", "public_id").get().public_id

    def name_of(self, value: Any) -> str:
        """The name of whoever is chosen already; reading it is recorded like any other."""
        try:
            record = self.queryset.filter(public_id=UUID(str(value))).first()
        except ValueError:
            return ""
        return "" if record is None else self.label_of(record)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "") != (data or "").strip().lower()

    def clean(self, value: Any) -> Any:
        written = super().clean(value)
        if not written:
            return None
        try:
            # Only keys are read: choosing somebody shows nothing of her.
            return self.queryset.only("pk", "public_id").get(public_id=UUID(written))
        except (ValueError, self.queryset.model.DoesNotExist):
            raise ValidationError(_now("Nobody has this ID.")) from None


class OneOfField(forms.ChoiceField):
    """One of a few records, in a plain select that names each by its public ID.

    What may be chosen depends on whose form it is, so the form says it (`offer`).
    """

    def __init__(
        self,
        *,
        records: Iterable[Any] = (),
        label_of: Callable[[Any], str] = str,
        group_of: Callable[[Any], str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.label_of, self.group_of = label_of, group_of
        self.offer(records)

    def offer(self, records: Iterable[Any]) -> None:
        """Let one of these be chosen."""
        self.records = {self.key_of(record): record for record in records}
        groups: dict[str, list[tuple[str, str]]] = {}
        for key, record in self.records.items():
            group = self.group_of(record) if self.group_of else ""
            groups.setdefault(group, []).append((key, self.label_of(record)))
        self.choices = [("", "–"), *groups.pop("", []), *groups.items()]

    @staticmethod
    def key_of(record: Any) -> str:
        """How the select names a record: by its public ID."""
        return str(record.public_id)

    def prepare_value(self, value: Any) -> Any:
        """The public ID of a record that is known by its key."""
        if not isinstance(value, int):
            return value
        return next((key for key, record in self.records.items() if record.pk == value), "")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "") != (data or "")

    def clean(self, value: Any) -> Any:
        return self.records.get(super().clean(value))


# --- one form, one object -------------------------------------------------------------------------


def issue(model: type[models.Model], user_id: int) -> str:
    """The public ID that the object of a new form will have, signed for its user."""
    return signing.dumps([str(uuid4()), user_id], salt=f"{_ISSUED}.{model._meta.label}")


def issued(token: str, model: type[models.Model], user_id: int) -> UUID | None:
    """The public ID in a form, or None where it was not issued to this user for this model."""
    try:
        public_id, holder = signing.loads(
            token, salt=f"{_ISSUED}.{model._meta.label}", max_age=settings.SESSION_COOKIE_AGE
        )
    except signing.BadSignature:
        return None
    return UUID(public_id) if holder == user_id else None


# --- what a form showed ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Loaded:
    """The record as a form showed it: a digest of the whole row, and the values of its fields."""

    version: str
    values: Mapping[str, Any]


def version_of(record: models.Model, more: str = "") -> str:
    """A digest of everything the row holds; `more` is what belongs to it and lies elsewhere."""
    values = [
        str(getattr(record, field.attname))
        for field in record._meta.concrete_fields
        if field.name not in _UNSEEN
    ]
    return salted_hmac(_LOADED, repr([record._meta.label, *values, more])).hexdigest()


def show_version(form: forms.BaseForm, version: str) -> str:
    """What a form about to be shown takes with it."""
    values = {
        name: _plain(form.get_initial_for_field(field, name)) for name, field in form.fields.items()
    }
    return signing.dumps([version, values], salt=_LOADED, compress=True)


def loaded(token: str) -> Loaded | None:
    """What a form that comes back had shown; None for anything that we have not signed."""
    try:
        version, values = signing.loads(token, salt=_LOADED)
    except signing.BadSignature:
        return None
    return Loaded(version, values)


def touched(form: forms.BaseForm, before: Loaded | None) -> list[str]:
    """The fields in which something else was typed than the form had shown."""
    if before is None:
        return list(form.fields)
    return [
        name
        for name, field in form.fields.items()
        if field.has_changed(_as_initial(field, before.values.get(name)), form[name].data)
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | list) else str(value)


def _as_initial(field: forms.Field, value: Any) -> Any:
    return field.to_python(value) if isinstance(value, str) else value


# --- values as people read them -------------------------------------------------------------------


def shown(value: Any, choices: Any = None) -> str:
    """A value as a list, a read-only page or the conflict page shows it; a dash for none."""
    if isinstance(value, list | tuple):
        return ", ".join(shown(one, choices) for one in value) or "–"
    if choices:
        value = labels_of(choices).get(value, value)
    if value is None or value == "":
        return "–"
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return _now("Yes") if value else _now("No")
    if isinstance(value, datetime):
        # What a form holds is in the time of the place already.
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return formats.date_format(local, "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value, "SHORT_DATE_FORMAT")
    return str(formats.localize_input(value)) if isinstance(value, Decimal) else str(value)


def labels_of(choices: Any) -> Mapping[Any, Any]:
    """The label of each choice, of those within groups too; labels put together once stay."""
    if isinstance(choices, Mapping):
        return choices
    found: dict[Any, Any] = {}
    for value, label in choices:
        found |= dict(label) if isinstance(label, list | tuple) else {value: label}
    return found


class FormLine:
    """A field of a form as the page shows it, with what is stored where both were changed."""

    def __init__(
        self, field: Any, applies: Applies, stored: Any = None, is_conflict: bool = False
    ) -> None:
        self.field = field
        self.is_conflict = is_conflict
        widget = field.field.widget
        self.choose_url = getattr(field.field, "choose_url", "")
        self.chosen = field.field.name_of(field.value()) if self.choose_url else ""
        self.is_many = isinstance(widget, forms.CheckboxSelectMultiple)
        self.is_check = isinstance(widget, forms.CheckboxInput)
        self.is_wide = self.is_many or bool(self.choose_url) or isinstance(widget, forms.Textarea)
        self.table = None
        if hasattr(field.field, "table"):
            self.table = field.field.table(field.html_name, field.value())
            self.is_wide = True
        self.applies_to, choices = applies.get(field.name, ("", ()))
        self.applies_if = " ".join(choices)
        if stored is not None and self.table:
            self.stored_table = field.field.table(field.html_name, stored[field.name].value())
        elif stored is not None:
            value = stored[field.name].value()
            self.stored = shown(value, getattr(field.field, "choices", None))
            self.stored_raw = json.dumps(
                value if isinstance(value, list | bool | None) else widget.format_value(value)
            )


NOT_ISSUED = _("This form is too old, or it is not ours. Look through it and save again.")
SAVED_BEFORE = _(
    "This form was already saved, with something else in it; what you typed now is not saved. "
    "Save it as a new one?"
)
