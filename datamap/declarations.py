"""What personal data is held, declared once per model.

The log, the access report, erasure, retention and the public register description are all drawn
from these declarations; `manage.py check` fails on a model or a field that nobody declared
(architecture: "Declare once").
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from datamap.vocabulary import Category, LawfulBasis, Purpose, WrittenBy

SELF = "self"
"""The subject path of the model that is the data subject herself."""

LAST_REASON = "last reason"
"""A retention rule that ends only when the person's last reason to be held has ended."""

FINANCIAL_YEAR = "financial year"
"""A period counted from the end of the calendar year in which the financial year ended (R4)."""


@dataclass(frozen=True)
class Use:
    """One use of the data: its purpose, its ground and who receives it.

    `balancing` is the weighing that a legitimate interest needs (S5); it is required there.
    """

    purpose: Purpose
    basis: LawfulBasis
    recipients: tuple[str | Promise, ...] = ()
    balancing: str | Promise = ""

    def __post_init__(self) -> None:
        if self.basis is LawfulBasis.LEGITIMATE_INTEREST and not self.balancing:
            raise ImproperlyConfigured("A legitimate interest needs its balancing text (S5).")


@dataclass(frozen=True)
class Field:
    """A personal field: its categories, and whether the person gave it herself (Art. 20).

    `uses` replaces the model's uses where this field has others. With `is_searched` other people
    are looked for in it before it goes out (Art. 15(4)), though it is short, or the name of what it
    leads to: somebody typed it, or another system gave it.
    """

    category: Category | tuple[Category, ...]
    provided_by_subject: bool = False
    is_searched: bool = False
    uses: tuple[Use, ...] = ()

    @property
    def categories(self) -> tuple[Category, ...]:
        return self.category if isinstance(self.category, tuple) else (self.category,)


@dataclass(frozen=True)
class Keep:
    """How long a record is kept: a period that starts at the date field `after`.

    `after` is a field path from the model. Of several rules the one that ends first counts; a rule
    with `when` counts for those records only. Where the period starts with another record, later
    than at the date in `after`, `begins` gives an expression for that day and `since` its name.
    With `ends_with=LAST_REASON` it ends when the person's last reason has, and not before the
    period; with `counted_from=FINANCIAL_YEAR` the period starts when the calendar year ends in
    which the financial year of that day ended.
    `because` names the law or the need (domain §5), `by_law` says that the law asks for it, so
    that no request shortens it. The registrar may change the period between `least` and `most`
    months.
    """

    after: str
    because: str | Promise
    years: int = 0
    months: int = 0
    days: int = 0
    ends_with: str = ""
    counted_from: str = ""
    when: models.Q | None = field(default=None, hash=False)
    begins: Callable[[], Any] | None = field(default=None, hash=False)
    since: str | Promise = ""
    by_law: bool = False
    least: int = 1
    most: int = 120

    def __post_init__(self) -> None:
        if not self.because:
            raise ImproperlyConfigured("A retention rule names its reason.")
        if self.months_in_all and not self.least <= self.months_in_all <= self.most:
            raise ImproperlyConfigured("A retention rule's period lies within its own limits.")

    @property
    def months_in_all(self) -> int:
        """The period in months; 0 where it is counted in days."""
        return 12 * self.years + self.months


@dataclass(frozen=True)
class GivenFile:
    """The file in the vault that goes out with a record (Art. 15(3)): its `field`, and its name.

    `ending` gives the ending of the name, or nothing where the file is not given out (it is
    destroyed, or in quarantine). `words` is what it says, where that is text; `concerns` the path
    from the record to everybody whom it concerns, where there can be several. `asks` says of a
    record whether somebody decides about its file in any case, since nobody here can read in it
    what is said of others.
    """

    field: str
    ending: Callable[[Any], str]
    words: Callable[[Any], str] | None = None
    concerns: str = ""
    asks: Callable[[Any], bool] | None = None


@dataclass(frozen=True)
class VaultData:
    """A record of which the file in the vault goes and the line remains: by which `field`, and how.

    `erase` is the record's own step of erasure, which destroys the file's key (Art. 17), and
    `expire` the one for a record whose time is over; `kept` chooses of a query set what its own
    holds keep on a day, and restrictions too where it is told so.
    """

    field: str
    erase: Callable[[Any], object]
    expire: Callable[[Any], object]
    kept: Callable[[Any, date, bool], Any]


@dataclass(frozen=True)
class PersonalData:
    """The declaration of one model that holds personal data.

    `subjects` are field paths to the data subject (`SELF` for the subject's own model, or a UUID
    field that holds her `public_id`); there may be several, and none for data of a company.
    `fields` are the personal fields; `not_personal` names every other one. The site's role may
    not give a value to the columns `set_by_database` when it inserts. A model that leads to files,
    in a field or in the vault, says with `erases_files` that a step of its own erases them. With
    `vault`, a file in the vault belongs to each record and goes by the step that is given there;
    with `given`, a file in the vault goes out with each record.

    How its records go when what they lead to goes: those of the links `goes_with` go at the same
    time, and hold nothing; the links `lets_go` are emptied; every other link holds what it leads
    to for as long as the record stays. `reduces_to` gives the values that remain in a record which
    has had its time and is held in this way by others; by the links `goes_early_with`, which are
    some of `goes_with`, a record goes already when what it leads to is reduced. A person is not
    reduced while a record that has not had its time holds her, unless by a link that
    `needs_little`: no more than what remains. Records of which `needs_all` is true keep what they
    hold from being reduced by any link. Of the links `goes_with`, some may hold all the same: by
    each that `holds_while` names, a record holds until its own time is over, if that is true of it
    and nobody has asked for the erasure. `erase_of` is a step of the app's own in the place of
    deleting: it is given the model and the keys of what the records go with. `before_erasing` is
    one that comes before, and is given the keys of the records; `saves_from` gives such steps for
    records of other models, which save what would go with those.
    """

    model: type[models.Model]
    subjects: Sequence[str]
    fields: dict[str, Field]
    not_personal: Sequence[str] = ()
    uses: Sequence[Use] = ()
    retention: Sequence[Keep] = ()
    written_by: WrittenBy = WrittenBy.SITE
    set_by_database: Sequence[str] = ()
    erases_files: bool = False
    vault: VaultData | None = None
    given: GivenFile | None = None
    goes_with: Sequence[str] = ()
    goes_early_with: Sequence[str] = ()
    lets_go: Sequence[str] = ()
    reduces_to: Mapping[str, Any] = field(default_factory=dict)
    needs_little: Sequence[str] = ()
    needs_all: models.Q | None = None
    holds_while: Mapping[str, models.Q] = field(default_factory=dict)
    erase_of: Callable[[type[models.Model], Sequence[int]], object] | None = None
    before_erasing: Callable[[Sequence[int]], object] | None = None
    saves_from: Mapping[type[models.Model], Callable[[Sequence[int]], object]] = field(
        default_factory=dict
    )
    _categories: dict[tuple[str, ...], frozenset[str]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @cached_property
    def table(self) -> str:
        return self.model._meta.db_table

    @cached_property
    def _category_of_attribute(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for name, declared in self.fields.items():
            concrete = self.model._meta.get_field(name)
            values = tuple(category.value for category in declared.categories)
            found[concrete.name] = found[getattr(concrete, "attname", name)] = values
        return found

    @cached_property
    def all_categories(self) -> tuple[Category, ...]:
        """Every category that a record of the model belongs to."""
        found = {category for one in self.fields.values() for category in one.categories}
        return tuple(sorted(found))

    def categories_of(self, attributes: Iterable[str]) -> frozenset[str]:
        """The categories of these attributes (field names or attnames); cached by their tuple."""
        key = tuple(attributes)
        known = self._categories.get(key)
        if known is None:
            by_attribute = self._category_of_attribute
            known = frozenset(c for name in key for c in by_attribute.get(name, ()))
            self._categories[key] = known
        return known

    def is_personal(self, name: str) -> bool:
        """Whether the field, named by name or attname, is declared personal."""
        return name in self._category_of_attribute


class Registry:
    """All declarations, by model; filled by each app's `personal_data.py` at start."""

    def __init__(self) -> None:
        self._declared: dict[type[models.Model], PersonalData] = {}
        self._impersonal: dict[str, str] = {}

    def register(self, declaration: PersonalData) -> None:
        if declaration.model in self._declared:
            raise ImproperlyConfigured(f"{declaration.model._meta.label} is declared twice.")
        self._declared[declaration.model] = declaration

    def declare_impersonal(self, label: str, *, because: str) -> None:
        """Say that a model (`app.Model`, or a whole app by `app.*`) is outside the register."""
        if not because:
            raise ImproperlyConfigured(f"{label}: say why it holds no customer's data.")
        self._impersonal[label] = because

    def __iter__(self) -> Iterator[PersonalData]:
        return iter(self._declared.values())

    def get(self, model: type[models.Model]) -> PersonalData | None:
        return self._declared.get(model)

    def __getitem__(self, model: type[models.Model]) -> PersonalData:
        try:
            return self._declared[model]
        except KeyError:
            raise ImproperlyConfigured(
                f"{model._meta.label} holds no declared personal data."
            ) from None

    def is_impersonal(self, model: type[models.Model]) -> bool:
        return (
            model._meta.label in self._impersonal
            or f"{model._meta.app_label}.*" in self._impersonal
        )

    @cached_property
    def subject_model(self) -> type[models.Model]:
        """The one model that is the data subject."""
        found = [d.model for d in self if list(d.subjects) == [SELF]]
        if len(found) != 1:
            raise ImproperlyConfigured("Exactly one model must be the data subject.")
        return found[0]


def collect() -> None:
    """Import every app's `personal_data.py`; repeated calls change nothing."""
    autodiscover_modules("personal_data")


registry = Registry()
register = registry.register
declare_impersonal = registry.declare_impersonal
