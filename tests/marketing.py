"""Whom marketing lists in tests are made of, and how one is made."""

from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import Disclosure, Recipient, User
from audit.context import AccessPurpose, access_context
from consents.decided_sets import Message
from consents.models import (
    OWN_COMPANY,
    CollectionNotice,
    MarketingChoice,
    MarketingList,
    MarketingListRow,
)
from consents.services.erasing import forget_marketing_with
from consents.services.lists import ask_for_list, make_list
from consents.target_groups import Audience, TargetGroup
from consents.tasks import make_asked_list
from contracts.models import Product
from customers.models import ContactPoint, Person
from privacy.models import ErasureRun, PlannedErasure
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


def forgotten(person: Person) -> None:
    """Her marketing is forgotten, as the engine does it that erases her."""
    run = ErasureRun.objects.create(kind="replay", status="running", as_of=timezone.localdate())
    with access_context(job="erasing", purpose=AccessPurpose.RETENTION):
        for model in (MarketingChoice, CollectionNotice):
            kind = ContentType.objects.get_for_model(model)
            for record in model.objects.filter(person=person).keys_only():
                PlannedErasure.objects.create(run=run, kind=kind, record=record, action="erase")
        forget_marketing_with(Person, [person.pk])
    run.delete()


def willing(first_name: str = "Aino", last_name: str = "Mallikas", **more: Any) -> Person:
    """A private customer who was told, and permitted e-mails."""
    number = next(_numbers)
    reached = {
        "emails": [f"a{number}@example.com"],
        "phones": [f"040 000 {number % 10_000:04d}"],
    }
    person = a_person(first_name, last_name, **{**reached, **more})
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
        asked, _is_new = ask_for_list(
            public_id=more.pop("public_id", None) or uuid4(),
            name=name,
            group=group,
            message=Message(channel, SUPPORT, **more),
            expires_on=timezone.localdate() + timedelta(days=days),
            made_by=made_by,
        )
        return make_list(asked)


def work() -> None:
    """Do what was left to the background worker about lists."""
    queued = ProcrastinateJob.objects.filter(task_name="consents.tasks.make_asked_list")
    for job in queued.order_by("id"):
        make_asked_list(**job.args)


def a_list_of(person: Person, made_by: User) -> MarketingList:
    """A list for calls that she alone is on, whatever else she has chosen."""
    told(person)
    with access_context(job="builder", purpose=AccessPurpose.MARKETING):
        point = ContactPoint.objects.filter(person=person, kind="phone").first()
        recipient, _made = Recipient.objects.get_or_create(name=OWN_COMPANY)
        disclosure = Disclosure.objects.create(
            recipient=recipient, what="Soittokierros", categories=["name", "phone"], basis="f"
        )
        made = MarketingList.objects.create(
            name="Soittokierros",
            channel="phone",
            product_group=SUPPORT,
            criteria=PRIVATE.criteria,
            state=MarketingList.State.MADE,
            allowed=1,
            disclosure=disclosure,
            made_by=made_by,
            expires_on=timezone.localdate(),
        )
        MarketingListRow.objects.create(
            marketing_list=made, person=person, contact_point=point, rule="call"
        )
    return made


_numbers = count(1)
