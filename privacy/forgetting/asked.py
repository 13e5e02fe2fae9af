"""What an erasure request asks of each record, by the decisions of its categories (GDPR Art. 17).

A record of hers goes when every field of it was decided to be erased: a field that is in several
categories goes with any of them. What the law keeps, what is another's too, and the files of
requests that are not through stay, and say why.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, cast

from django.db.models import Q, Value
from django.db.models.functions import Least

from customers.models import ContactPoint, Customer, Hold, Person, Restriction
from datamap.declarations import SELF, PersonalData, registry
from datamap.periods import Periods, period_of
from datamap.vocabulary import Category
from privacy.forgetting.periods import first_day
from privacy.forgetting.planning import Scope
from privacy.forgetting.ties import named, ties_of
from privacy.held import categories_held
from privacy.models import Package, RequestLetter, SubjectRequest
from privacy.report.collecting import leads_to, rows_about
from privacy.states import OPEN

OF_ITSELF = frozenset({Category.RIGHTS, Category.ACCESS_LOG})
"""The evidence that her rights were kept: it names nobody once she has gone, and stays its time."""

_OF_KIND = {Category.PHONE: ContactPoint.Kind.PHONE, Category.EMAIL: ContactPoint.Kind.EMAIL}
_Ends = list[tuple[str, Any]]
_SAFEGUARDS = (Restriction, Hold)
_OF_ANSWERED = (Package, RequestLetter)


class Why(StrEnum):
    """Why a record stays that was decided to be erased."""

    LAW = "law"
    OTHERS = "others"
    FILE = "file"
    PARTS = "parts"


class Against(NamedTuple):
    """What stands against erasing a record: the rule's `after` and the last day, of a law."""

    why: Why
    rule: str = ""
    until: date | None = None


@dataclass(frozen=True)
class Asked(Scope):
    """What is asked about one person: her categories that are to go.

    `whole` says that she goes herself with everything that no law keeps; `request` is the key of
    the request whose own file stays.
    """

    person: Person
    categories: frozenset[Category]
    whole: bool
    day: date
    periods: Periods
    request: int | None = None

    def due(self, declaration: PersonalData) -> Q | None:
        keys = self.wanted(declaration)
        free = keys - self.against(declaration, keys).keys()
        return Q(pk__in=sorted(free)) if free else None

    def is_restriction_kept(self) -> bool:
        return False

    def takes_all_of_hers(self) -> bool:
        return True

    # --- which records ----------------------------------------------------------------------------

    def wanted(self, declaration: PersonalData) -> set[int]:
        """The keys of her records of a model that were decided to be erased."""
        asked = self._asked(declaration)
        if asked is None:
            return set()
        return set(rows_about(declaration, self.person).filter(asked).keys_only())

    def _asked(self, declaration: PersonalData) -> Q | None:
        model = declaration.model
        if not declaration.subjects or only_links(declaration):
            return None
        if model is Person:
            return Q() if self.whole else None
        if self.whole and model in _SAFEGUARDS:
            return Q()  # they would name her; the file of the request says what came of it
        if model is ContactPoint:
            kinds = [kind for category, kind in _OF_KIND.items() if category in self.categories]
            return Q(kind__in=kinds) if kinds else None
        if model in _OF_ANSWERED and (self.whole or (model is Package and self.categories)):
            return Q()  # they hold copies of what goes
        fields = declaration.fields.values()
        return Q() if all(self.categories & set(one.categories) for one in fields) else None

    def lets_go(self, declaration: PersonalData) -> Q | None:
        """Records of other customers that name her and need not, where their category goes."""
        if not (named(declaration) and is_of_customer(declaration)):
            return None
        if self._asked(declaration) is None:
            return None
        names_her = Q()
        for name in named(declaration):
            names_her |= Q(**{name: self.person.pk})
        return names_her & ~Q(customer__in=self._customers())

    # --- what stands against it -------------------------------------------------------------------

    def against(self, declaration: PersonalData, keys: Collection[int]) -> dict[int, Against]:
        """What stands against erasing which of these records.

        A part stays with its whole, and a whole with a part that was decided to stay.
        """
        if not keys:
            return {}
        return self._with_parts(declaration, keys) | self._by_itself(declaration, keys)

    def _by_itself(self, declaration: PersonalData, keys: Collection[int]) -> dict[int, Against]:
        rows: Any = declaration.model._default_manager.filter(pk__in=sorted(keys))
        found = self._with_wholes(declaration, rows)
        found |= dict.fromkeys(self._of_others(declaration, rows), Against(Why.OTHERS))
        found |= self._by_law(declaration, rows)
        if declaration.model is SubjectRequest:
            its_own = rows.filter(Q(pk=self.request) | Q(state__in=OPEN))
            found |= dict.fromkeys(its_own.keys_only(), Against(Why.FILE))
        return found

    def _with_wholes(self, declaration: PersonalData, rows: Any) -> dict[int, Against]:
        found: dict[int, Against] = {}
        for name in declaration.goes_with:
            whole: Any = declaration.model._meta.get_field(name).related_model
            links = dict(rows.filter(**{f"{name}__isnull": False}).values_list("pk", f"{name}_id"))
            of_whole = self._by_itself(registry[whole], set(links.values()))
            found |= {key: of_whole[link] for key, link in links.items() if link in of_whole}
        return found

    def _with_parts(self, declaration: PersonalData, keys: Collection[int]) -> dict[int, Against]:
        """Those to which a number or an e-mail address belongs that was decided to stay."""
        staying = [kind for category, kind in _OF_KIND.items() if category not in self.categories]
        found: dict[int, Against] = {}
        for link in ties_of(declaration.model).parts:
            if link.model is ContactPoint:
                name = f"{link.field}_id"
                points = ContactPoint.objects.filter(kind__in=staying, **{f"{name}__in": keys})
                wholes = points.values_list(name, flat=True)
                found |= dict.fromkeys(wholes, Against(Why.PARTS))
        return found

    def _by_law(self, declaration: PersonalData, rows: Any) -> dict[int, Against]:
        found: dict[int, Against] = {}
        for rule in declaration.retention:
            if not rule.by_law:
                continue
            ruled = rows if rule.when is None else rows.filter(rule.when)
            day = first_day(declaration.model, rule, period_of(declaration, rule, self.periods))
            until_then = Least(day, Value(date.max))  # with no day yet: for good
            for key, until in ruled.annotate(first_day=until_then).values_list("pk", "first_day"):
                if until > self.day:
                    last = None if until == date.max else until - timedelta(days=1)
                    found[key] = Against(Why.LAW, rule.after, last)
        return found

    def _of_others(self, declaration: PersonalData, rows: Any) -> Iterable[int]:
        """Those that are about another person too, or the matter of another customer.

        Of a customer is what cannot be without one and can be without her: a company's contract
        is not hers because she signed it.
        """
        others = Q()
        for path in declaration.subjects:
            [(name, value)] = cast(_Ends, leads_to(declaration, path, self.person).children)
            if path != SELF and value == self.person.pk:
                others |= Q(**{f"{name}__gt": value}) | Q(**{f"{name}__lt": value})
        if is_of_customer(declaration):
            others |= ~Q(customer__in=self._customers())
        return rows.filter(others).keys_only() if others else []

    def _customers(self) -> Any:
        return Customer.objects.filter(owner=self.person).values("pk")


def only_links(declaration: PersonalData) -> bool:
    """Whether its records only say whom a file of the vault concerns: they go with that alone."""
    wholes: list[Any] = [
        declaration.model._meta.get_field(name).related_model for name in declaration.goes_with
    ]
    return any(registry[whole].vault is not None for whole in wholes)


def is_of_customer(declaration: PersonalData) -> bool:
    """Whether each of its records is the matter of a customer, whoever is named in it."""
    if "customer__owner" not in declaration.subjects:
        return False
    return not declaration.model._meta.get_field("customer").null


def asked_of(
    person: Person,
    categories: frozenset[Category],
    *,
    day: date,
    periods: Periods,
    request: int | None = None,
) -> Asked:
    """What is asked where these categories go: she herself too, where they are all that is held."""
    left = set(categories_held(person)) - categories - OF_ITSELF
    return Asked(person, categories, not left, day, periods, request)
