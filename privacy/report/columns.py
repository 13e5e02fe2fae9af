"""The columns of a section: what a declared field is called, and its value as data and in words.

A value in the draft is plain JSON: a date as ISO 8601, an amount as its digits, a choice as its
code; what people read is made of it with the column at hand, so both are of one source.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from auditlog.models import AbstractLogEntry
from babel.numbers import format_decimal
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contracts.templatetags.money import money
from datamap.declarations import PersonalData
from datamap.vocabulary import Category, LawfulBasis

PORTABLE = (LawfulBasis.CONSENT, LawfulBasis.CONTRACT)
"""The grounds on which data can be taken along (Art. 20(1)(a))."""

TEXT, CODE, CHOICE, CHOICES, DATE, TIME, FLAG, NUMBER, AMOUNT, NAME, LIST, FIELDS = (
    *("text", "code", "choice", "choices", "date", "time", "flag", "number", "amount", "name"),
    *("list", "fields"),
)
SEARCHED = (TEXT, LIST)
"""The kinds of value in which other people can stand; the others are numbers or our own words."""
SHORTEST_TEXT = 100
"""Characters that a field has room for: what has less, or is unique, is a code, unless it is
declared as searched."""


@dataclass(frozen=True)
class Column:
    """One declared field as the report shows it."""

    name: str
    label: str
    type: str
    categories: tuple[str, ...]
    provided: bool
    choices: Mapping[str, str]

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


def columns_of(declaration: PersonalData, *, only_portable: bool) -> list[Column]:
    """The personal fields of a model, or those of them that she can take along (Art. 20)."""
    return [
        _column(declaration, name)
        for name in declaration.fields
        if not only_portable or is_portable(declaration, name)
    ]


def is_portable(declaration: PersonalData, name: str) -> bool:
    """Whether she gave it herself, and a use of it stands on consent or contract."""
    declared = declaration.fields[name]
    uses = declared.uses or declaration.uses
    return declared.provided_by_subject and any(use.basis in PORTABLE for use in uses)


def _column(declaration: PersonalData, name: str) -> Column:
    field: Any = declaration.model._meta.get_field(name)
    declared = declaration.fields[name]
    return Column(
        name=name,
        label=capitalised(str(field.verbose_name)),
        type=TEXT if declared.is_searched else type_of(field),
        categories=tuple(category.value for category in declared.categories),
        provided=declared.provided_by_subject,
        choices={str(code): str(label) for code, label in _choices(field)},
    )


def _choices(field: Any) -> Any:
    if isinstance(field, ArrayField):
        # The log keeps the codes of categories without naming their choices.
        return field.base_field.choices or (Category.choices if field.name == "categories" else ())
    return field.flatchoices if field.choices else ()


def type_of(field: Any) -> str:
    """What kind of value a field holds."""
    kind = field.output_field if isinstance(field, models.GeneratedField) else field
    if field.is_relation:
        return NAME
    if getattr(field, "choices", None):
        return CHOICE
    by_class = {
        models.BooleanField: FLAG,
        models.DateTimeField: TIME,
        models.DateField: DATE,
        models.DecimalField: _type_of_decimal(field),
        models.IntegerField: NUMBER,
        models.UUIDField: NAME,
        models.JSONField: FIELDS if is_of_log(field.model) else LIST,
        ArrayField: CHOICES if _choices(field) else LIST,
    }
    found = next((found for of, found in by_class.items() if isinstance(kind, of)), "")
    return found or (CODE if field.unique or (field.max_length or 9**9) < SHORTEST_TEXT else TEXT)


def is_of_log(model: type[models.Model]) -> bool:
    """Whether the model is the log, whose changes are shown as the names of the fields."""
    return issubclass(model, AbstractLogEntry)


def _type_of_decimal(field: Any) -> str:
    return NUMBER if "percent" in field.name else AMOUNT


def capitalised(label: str) -> str:
    """A label as it stands at the beginning of a line."""
    return label[:1].upper() + label[1:]


# --- values as data -------------------------------------------------------------------------------

Names = Mapping[str, Mapping[Any, str]]
"""For each field that refers to something: the names of what it refers to, by key."""


def value_of(record: Any, column: Column, names: Names) -> Any:
    """A record's value as the draft holds it; None where there is none."""
    if column.name in names:
        key = record.__dict__[f"{column.name}_id"]
        return names[column.name].get(key) or None
    value = record.__dict__[column.name]
    if value is None or value == "":
        return None
    if column.type == FIELDS:
        return _changed(record, value)
    return _PLAIN.get(column.type, _same)(value)


def _same(value: Any) -> Any:
    return value


def _time(value: datetime) -> str:
    return timezone.localtime(value).isoformat(timespec="seconds")


def _changed(record: Any, changes: Mapping[str, Any]) -> list[str]:
    """The fields that a row of the log says were changed; their values are masked in it."""
    kind = record.__dict__.get("content_type_id")
    model = ContentType.objects.get_for_id(kind).model_class() if kind else None
    labels = {field.name: str(field.verbose_name) for field in model._meta.fields} if model else {}
    return [capitalised(labels.get(name, name)) for name in changes]


_PLAIN: Mapping[str, Callable[[Any], Any]] = {
    DATE: date.isoformat,
    TIME: _time,
    AMOUNT: str,
    NAME: str,
    CHOICE: str,
    NUMBER: lambda value: str(value) if isinstance(value, Decimal) else value,
}


# --- values in words ------------------------------------------------------------------------------


def words_of(value: Any, column: Mapping[str, Any], currency: str = "") -> str:
    """What people read, in the language in force; `column` as it stands in the draft."""
    if value is None:
        return ""
    kind, choices = column["type"], column["choices"]
    if kind in (LIST, CHOICES, FIELDS):
        return ", ".join(choices.get(str(one), str(one)) for one in _leaves(value))
    if kind == CHOICE:
        return str(choices.get(str(value), value))
    if kind in _IN_WORDS:
        return _formatted(kind, value, currency, get_language() or "")
    return str(value)


@lru_cache(maxsize=10_000)
def _formatted(kind: str, value: Any, currency: str, language: str) -> str:
    """A day, a time, a number or an amount in the language; most occur many times in a history."""
    if kind == AMOUNT and currency:
        return money(Decimal(value), currency)
    return _IN_WORDS[kind](value)


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for one in value.values() for leaf in _leaves(one)]
    return [leaf for one in value for leaf in _leaves(one)] if isinstance(value, list) else [value]


def day_in_words(value: str) -> str:
    """A day as the language writes it."""
    return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")


def time_in_words(value: str) -> str:
    """A time in Finland as the language writes it."""
    return date_format(datetime.fromisoformat(value), "SHORT_DATETIME_FORMAT")


def _number_in_words(value: Any) -> str:
    return str(format_decimal(Decimal(str(value)), locale=_locale()))


def _amount_in_words(value: Any) -> str:
    """An amount of which the currency stands elsewhere: with its cents."""
    return str(format_decimal(Decimal(str(value)), format="#,##0.00##", locale=_locale()))


def _locale() -> str:
    return {"fi": "fi_FI", "sv": "sv_FI"}.get((get_language() or "")[:2], "en_GB")


_IN_WORDS: Mapping[str, Callable[[Any], str]] = {
    DATE: day_in_words,
    TIME: time_in_words,
    NUMBER: _number_in_words,
    AMOUNT: _amount_in_words,
    FLAG: lambda value: _("Yes") if value else _("No"),
}
