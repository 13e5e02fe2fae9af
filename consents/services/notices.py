"""Recording what people were told at collection, and what they do at work."""

from datetime import date, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from consents.models import OWN_COMPANY, CollectionNotice, Wording, WorkDuty
from contracts.models import Order
from customers.models import ContactPerson, ContactPoint, Person
from customers.services.locks import lock_person, refuse_restricted


@transaction.atomic
def record_notice(
    *,
    person: Person,
    contact_point: ContactPoint | None = None,
    order: Order | None = None,
    seller: str = OWN_COMPANY,
    opt_out_offered: bool = False,
    wording: Wording | None = None,
    recorded_by: User | None = None,
    public_id: UUID | None = None,
) -> CollectionNotice:
    """Record that a person was told of marketing when a detail of hers was collected.

    `public_id` is the one that its form was given, so that the same form makes one notice. A
    restricted person is told too: that is our duty, and no use of her data (GDPR Arts. 13-14).
    Raises ValidationError where a value will not do.
    """
    person = lock_person(person.pk)
    made = CollectionNotice(
        person=person,
        contact_point=contact_point,
        order=order,
        seller=seller,
        opt_out_offered=opt_out_offered,
        wording=wording,
        recorded_by=recorded_by,
        public_id=public_id or uuid4(),
    )
    made.full_clean()
    made.save(force_insert=True)
    return made


@transaction.atomic
def record_duty(
    *,
    contact_person: ContactPerson,
    product_group: str,
    evidence: str,
    recorded_by: User | None = None,
    public_id: UUID | None = None,
) -> WorkDuty:
    """Record that a contact person decides on, or works with, products of a group.

    What is recorded already changes nothing. Raises ProcessingRestricted, and ValidationError for
    an unknown group or where nothing shows it.
    """
    person = lock_person(contact_person.person_id)
    refuse_restricted(person.pk)
    duties = WorkDuty.objects.filter(contact_person=contact_person, product_group=product_group)
    there = duties.filter(ended_on__isnull=True).first()
    if there is not None:
        return there
    made = WorkDuty(
        contact_person=contact_person,
        product_group=product_group,
        evidence=evidence,
        recorded_by=recorded_by,
        public_id=public_id or uuid4(),
    )
    made.full_clean()
    made.save(force_insert=True)
    return made


@transaction.atomic
def end_duty(*, duty: WorkDuty, day: date | None = None) -> WorkDuty:
    """End a duty, by default the day before today: from now on it allows nothing.

    Ending twice changes nothing. A restricted person's duty is ended too, since that only narrows
    what may be done with her data.
    """
    duty = WorkDuty.objects.select_for_update(no_key=True).get(pk=duty.pk)
    if duty.ended_on is None:
        duty.ended_on = day or timezone.localdate() - timedelta(days=1)
        duty.save(update_fields=["ended_on"])
    return duty
