"""Whom marketing lists in tests are made of, and how one is made."""

from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.models import User
from audit.context import AccessPurpose, access_context
from consents.models import CollectionNotice, MarketingChoice, MarketingList
from consents.services.lists import Message, make_list
from consents.target_groups import Audience, TargetGroup
from contracts.models import Product
from customers.models import Person
from tests.builders import a_person, a_private_customer

SUPPORT = Product.Group.SUPPORT.value
EVERYBODY = TargetGroup(tuple(Audience.values))
PRIVATE = TargetGroup((Audience.PRIVATE.value,))


def told(person: Person, **more: Any) -> None:
    """She was told that her data is used for marketing."""
    with access_context(job="builder", purpose=AccessPurpose.UPKEEP):
        CollectionNotice.objects.create(person=person, **more)


def chose(person: Person | None, choice: str, channel: str = "email", **more: Any) -> None:
    """She, or a company, chose on a channel."""
    with access_context(job="builder", purpose=AccessPurpose.UPKEEP):
        MarketingChoice.objects.create(
            person=person, channel=channel, choice=choice, source="call", **more
        )


def willing(first_name: str = "Aino", last_name: str = "Mallikas", **more: Any) -> Person:
    """A private customer who was told, and permitted e-mails."""
    number = next(_numbers)
    more = {
        "emails": [f"a{number}@example.com"],
        "phones": [f"040 000 {number % 10_000:04d}"],
        **more,
    }
    person = a_person(first_name, last_name, **more)
    a_private_customer(person)
    told(person)
    chose(person, "permitted")
    return person


def a_list(
    made_by: User,
    group: TargetGroup = PRIVATE,
    channel: str = "email",
    name: str = "Syyskirje",
    days: int = 14,
    **more: Any,
) -> MarketingList:
    """A list of those who may get a message about IT support."""
    purpose = AccessPurpose.MARKETING
    with access_context(job="builder", purpose=purpose, actor_id=made_by.pk):
        return make_list(
            public_id=more.pop("public_id", None) or uuid4(),
            name=name,
            group=group,
            message=Message(channel, SUPPORT, **more),
            expires_on=timezone.localdate() + timedelta(days=days),
            made_by=made_by,
        )


_numbers = count(1)
