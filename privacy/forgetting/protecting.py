"""What nothing erases for now: what is of somebody, or of a customer, whom a hold protects, the
restriction of her data, or a request of hers that is open.
"""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from customers.models import Customer, Hold, Person, Restriction
from datamap.declarations import SELF, PersonalData
from privacy.models import SubjectRequest
from privacy.states import OPEN

if TYPE_CHECKING:
    from privacy.forgetting.planning import Scope


def protected(declaration: PersonalData, day: date, scope: "Scope") -> Any:
    """The records of a model that a hold or a restriction protects, or a request that is open.

    Each is one of a person who is protected, by any of its paths to her, or of a customer who is.
    """
    holds = Hold.objects.in_force(day).order_by()
    persons: Any = holds.filter(person__isnull=False).values("person")
    if scope.is_restriction_kept():
        persons = persons.union(Restriction.objects.in_force().order_by().values("person"))
    if scope.keeps_who_asks():
        asking = SubjectRequest.objects.filter(state__in=OPEN, person__isnull=False)
        persons = persons.union(asking.order_by().values("person"))
    customers = holds.filter(customer__isnull=False).values("customer")
    which = Q(pk__in=[])
    for path in declaration.subjects:
        if path == SELF:
            which |= Q(pk__in=persons)
        elif _leads_to_key(declaration.model, path):
            named = Person.objects.filter(pk__in=persons).values("public_id")
            which |= Q(**{f"{path}__in": named})
        else:
            which |= Q(**{f"{path}__in": persons})
    for path in _ways_to_customer(declaration):
        which |= Q(**{f"{path}__in": customers})
    rows = declaration.model._default_manager.filter(which)
    if declaration.vault is not None:
        mine = declaration.model._default_manager.all()
        rows = rows | declaration.vault.kept(mine, day, scope.is_restriction_kept())
    return rows


def _leads_to_key(model: type[models.Model], path: str) -> bool:
    """Whether the path ends at a UUID that names the person, not at her record."""
    here: Any = model
    for name in path.split("__"):
        step = here._meta.get_field(name)
        here = step.related_model
    return here is None


def _ways_to_customer(declaration: PersonalData) -> list[str]:
    """The paths from a record to the customer whose it is."""
    ways = {path.removesuffix("__owner") for path in declaration.subjects if "__owner" in path}
    ways |= {
        field.name
        for field in declaration.model._meta.concrete_fields
        if field.is_relation and field.related_model is Customer
    }
    if declaration.model is Customer:
        ways.add("pk")
    return sorted(ways)
