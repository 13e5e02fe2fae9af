"""How long a consent that nobody withdrew is of use: as long as anything rests on it.

What was collected with it does, and a relationship of hers with us: as a customer, as a user of
our services, or as a company's contact person, of which no more is known than while that is kept.
A permission to market is a consent too, and lapses in the same way.
"""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.db.models.functions import Coalesce, Greatest, Least

from consents.models import SupplementaryInformation
from consents.models.choices import superseded_on
from customers.models import ContactPerson, Customer, ServiceUser
from datamap.days import day_of, last_day


def is_of_no_more_use() -> Q:
    """Of which consents that nobody withdrew nothing rests on them."""
    found = Q(withdrawn_at__isnull=True)
    found &= Q(~Exists(SupplementaryInformation.objects.filter(consent=OuterRef("pk"))))
    return found & _has_no_relationship()


def given_or_last_needed_on(given: str = "given_at") -> Any:
    """The day on which a consent was given; or on which the last relationship ended since."""
    return Greatest(day_of(given), *(last_day(rows, "end") for rows in _relationships()))


def withdrawn_or_last_needed_on() -> Any:
    """The day on which a permission to market was withdrawn or replaced, as any other choice.

    Of a person's that is in force, the day on which it was given, or on which the last
    relationship ended since; null while one goes on.
    """
    lapses = Q(choice="permitted", person__isnull=False) & _has_no_relationship()
    last_needed = When(lapses, then=given_or_last_needed_on("at"))
    return Coalesce(superseded_on(), Case(last_needed, output_field=models.DateField()))


def _has_no_relationship() -> Q:
    found = Q(~Exists(ContactPerson.objects.filter(person=OuterRef("person"))))
    for rows in _relationships():
        found &= Q(~Exists(rows.filter(end__isnull=True)))
    return found


def _relationships() -> Iterator[Any]:
    """The relationships of whoever gave a consent, by kind, each with the day of its end."""
    yield Customer.objects.filter(owner=OuterRef("person")).annotate(end=F("ended_on"))
    users = ServiceUser.objects.filter(person=OuterRef("person"))
    yield users.annotate(end=Least("ended_on", "customer__ended_on"))
