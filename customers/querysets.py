"""Which rows: query sets of the register's models, each starting from what a user may see.

Rights are by kind of data (architecture, "Rights"): who may see a kind sees all of it.
"""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Self

from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from audit.gate import RecordedQuerySet

if TYPE_CHECKING:
    from customers.models import (  # noqa: F401  (named in the bases below)
        Address,
        ContactPerson,
        ContactPoint,
        Customer,
        Hold,
        IdentityCheck,
        Interaction,
        LookupKey,
        Person,
        Restriction,
        ServiceUser,
    )


def open_on(start: str, end: str, day: date | None) -> Q:
    """The condition that a period, both ends included, holds the day (today if none)."""
    day = day or timezone.localdate()
    return (Q(**{f"{start}__isnull": True}) | Q(**{f"{start}__lte": day})) & (
        Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gte": day})
    )


class PersonQuerySet(RecordedQuerySet["Person"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("customers.view_person") else self.none()


class ContactPointQuerySet(RecordedQuerySet["ContactPoint"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("customers.view_contactpoint") else self.none()

    def in_force(self) -> Self:
        return self.filter(ended_on__isnull=True)

    def first_choice_first(self) -> Self:
        return self.order_by("-kind", "-is_primary", "id")

    def in_use_first(self) -> Self:
        """Those in use, the first choice first, then the ended ones, the last ended first."""
        return self.order_by(
            F("ended_on").desc(nulls_first=True), "-kind", "-is_primary", "created_at", "id"
        )


class CustomerQuerySet(RecordedQuerySet["Customer"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("customers.view_customer") else self.none()

    def in_force(self, day: date | None = None) -> Self:
        return self.filter(open_on("since", "ended_on", day))

    def in_force_first(self, *then: str) -> Self:
        return self.order_by(F("ended_on").desc(nulls_first=True), *then, "id")

    def of(self, person: "Person") -> Self:
        """Those a person can speak for: her own, and where she is contact person or user."""
        return self.filter(
            Q(owner=person)
            | Q(pk__in=person.contact_roles.values("customer"))
            | Q(pk__in=person.user_roles.values("customer"))
        )

    def spoken_for_by(self, person: "Person") -> Self:
        """Those she can speak for today: whose role has ended learns nothing more of a company."""
        return self.filter(
            Q(owner=person)
            | Q(pk__in=person.contact_roles.in_force().values("customer"))
            | Q(pk__in=person.user_roles.in_force().values("customer"))
        )


class ContactPersonQuerySet(RecordedQuerySet["ContactPerson"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("customers.view_contactperson") else self.none()

    def in_force(self, day: date | None = None) -> Self:
        return self.filter(open_on("started_on", "ended_on", day))

    def in_force_first(self, *then: str) -> Self:
        return self.order_by(F("ended_on").desc(nulls_first=True), *then, "id")


class ServiceUserQuerySet(RecordedQuerySet["ServiceUser"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("customers.view_serviceuser") else self.none()

    def in_force(self, day: date | None = None) -> Self:
        return self.filter(open_on("started_on", "ended_on", day))

    def in_force_first(self, *then: str) -> Self:
        return self.order_by(F("ended_on").desc(nulls_first=True), *then, "id")


class AddressQuerySet(RecordedQuerySet["Address"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("customers.view_address") else self.none()

    def in_force(self, day: date | None = None) -> Self:
        return self.filter(open_on("valid_from", "valid_until", day))

    def in_force_first(self) -> Self:
        return self.order_by(F("valid_until").desc(nulls_first=True), "kind", "id")


class InteractionQuerySet(RecordedQuerySet["Interaction"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("customers.view_interaction") else self.none()

    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)

    def newest_first(self) -> Self:
        return self.order_by("-happened_at", "-id")


class IdentityCheckQuerySet(RecordedQuerySet["IdentityCheck"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("customers.view_identitycheck") else self.none()

    def in_order(self) -> Self:
        return self.order_by("interaction", "id")


class RestrictionQuerySet(RecordedQuerySet["Restriction"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("customers.view_restriction") else self.none()

    def in_force(self) -> Self:
        return self.filter(lifted_at__isnull=True)


class HoldQuerySet(RecordedQuerySet["Hold"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("customers.view_hold") else self.none()

    def in_force(self, day: date | None = None) -> Self:
        day = day or timezone.localdate()
        return self.filter(released_at__isnull=True).filter(
            Q(until__isnull=True) | Q(until__gte=day)
        )

    def over(self, persons: Collection[int | None], customer: int | None = None) -> Self:
        """Those on persons, on customers that are their own, or on a customer; with who placed."""
        those = [key for key in persons if key is not None]
        over = Q(person__in=those) | Q(customer__owner__in=those)
        if customer is not None:
            over |= Q(customer=customer)
        return self.filter(over).select_related("placed_by")


class LookupKeyQuerySet(RecordedQuerySet["LookupKey"]):
    """The keys as the database keeps them; find() reads them, nothing else needs to."""
