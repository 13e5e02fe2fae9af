"""Whose records are shown, and to whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from accounts.models import User
from accounts.requests import StaffRequest
from customers.covering import must_cover
from customers.models import Customer, Person

MOST_CUSTOMERS = 20
"""For how many customers a card shows records; hardly anybody speaks for more."""


@dataclass(frozen=True)
class Viewing:
    """The customers whose records are shown: one on its page, several on a person's card.

    `person` is whose card it is. `uncovered` says that contact details were asked for.
    """

    user: User
    customers: Sequence[Customer]
    person: Person | None = None
    uncovered: bool = False

    @classmethod
    def of_person(cls, person: Person, request: StaffRequest, *, uncovered: bool = False) -> Self:
        """The customers that the person can speak for today."""
        customers = Customer.objects.visible_to(request.user).spoken_for_by(person)
        first = list(customers.in_force_first("number")[:MOST_CUSTOMERS])
        return cls(request.user, first, person, uncovered)

    @classmethod
    def of_customer(cls, customer: Customer, request: StaffRequest) -> Self:
        """The one customer whose page it is."""
        return cls(request.user, [customer])

    @property
    def keys(self) -> list[int]:
        """The keys of the customers."""
        return [customer.pk for customer in self.customers]

    def customer(self, key: int) -> Customer:
        """The customer with this key, read already."""
        return next(customer for customer in self.customers if customer.pk == key)

    def covers(self, customer: Customer, person_id: int | None = None) -> bool:
        """Whether contact details of the customer, or of a person beside it, stay covered."""
        is_personal = customer.is_natural or person_id is not None
        return is_personal and not self.uncovered and must_cover(self.user)
