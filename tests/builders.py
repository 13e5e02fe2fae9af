"""Fixed, typed builders: what a test needs, with plain defaults."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import count
from typing import Any

from django.utils import timezone

from accounts.models import User
from audit.context import AccessPurpose, in_context
from customers.models import (
    Address,
    ContactPerson,
    ContactPoint,
    Customer,
    Interaction,
    Person,
    Restriction,
    ServiceUser,
    Source,
)
from customers.phones import normalise_phone


def a_user(username: str = "outsider", **more: Any) -> User:
    """An active staff member."""
    values = {
        "given_name": "Testi",
        "family_name": "Henkilö",
        "unit": "Service Desk",
        "confidentiality_acknowledged_on": timezone.localdate(),
        **more,
    }
    user = User(username=username, **values)
    user.set_unusable_password()
    user.save()
    user.refresh_from_db()
    return user


@in_context(job="builder", purpose=AccessPurpose.UPKEEP)
def a_person(
    first_name: str = "Aino",
    last_name: str = "Mallikas",
    language: str = "fi",
    phones: Sequence[str] = (),
    emails: Sequence[str] = (),
) -> Person:
    """A person with her phones and e-mail addresses, as written."""
    person = Person.objects.create(
        first_name=first_name, last_name=last_name, language=language, source=Source.STAFF
    )
    for kind, written in [
        *((ContactPoint.Kind.PHONE, phone) for phone in phones),
        *((ContactPoint.Kind.EMAIL, email) for email in emails),
    ]:
        ContactPoint.objects.create(
            person=person,
            kind=kind,
            as_written=written,
            normalised=normalise_phone(written)
            if kind == ContactPoint.Kind.PHONE
            else written.casefold(),
            source=Source.STAFF,
        )
    return person


@in_context(job="builder", purpose=AccessPurpose.UPKEEP)
def a_company(
    name: str = "Malliyritys Oy",
    number: str | None = None,
    business_id: str = "",
    owner: Person | None = None,
    legal_form: str = Customer.LegalForm.OY,
) -> Customer:
    """A company customer; a sole trader has her owner."""
    return Customer.objects.create(
        number=number or f"99{next(_numbers):06d}",
        kind=Customer.Kind.COMPANY,
        legal_form=legal_form,
        company_name=name,
        business_id=business_id,
        owner=owner,
        source=Source.STAFF,
    )


@in_context(job="builder", purpose=AccessPurpose.UPKEEP)
def a_private_customer(owner: Person, number: str | None = None) -> Customer:
    """The customer relationship of a person."""
    return Customer.objects.create(
        number=number or f"99{next(_numbers):06d}",
        kind=Customer.Kind.PERSON,
        owner=owner,
        source=Source.STAFF,
    )


@in_context(job="builder", purpose=AccessPurpose.UPKEEP)
def a_contact_person(
    person: Person,
    customer: Customer,
    task: str = "hankinta",
    position: str = "toimitusjohtaja",
    ended_on: date | None = None,
) -> ContactPerson:
    """A person's role at a company."""
    return ContactPerson.objects.create(
        person=person,
        customer=customer,
        task=task,
        position=position,
        ended_on=ended_on,
        source=Source.STAFF,
    )


@in_context(job="builder", purpose=AccessPurpose.UPKEEP)
def a_service_user(
    person: Person, user_id: str | None = None, customer: Customer | None = None
) -> ServiceUser:
    """A person's user ID."""
    return ServiceUser.objects.create(
        person=person,
        user_id=user_id or f"KX{next(_numbers):05d}",
        customer=customer,
        source=Source.STAFF,
    )


@in_context(job="builder", purpose=AccessPurpose.UPKEEP)
def an_interaction(
    person: Person,
    subject: str = "Laskun eräpäivä",
    summary: str = "",
    customer: Customer | None = None,
    happened_at: datetime | None = None,
    is_closed: bool = False,
) -> Interaction:
    """A phone call that a person made to us; open, unless it is closed."""
    now = happened_at or timezone.now()
    return Interaction.objects.create(
        person=person,
        customer=customer,
        channel=Interaction.Channel.PHONE,
        direction=Interaction.Direction.INBOUND,
        subject=subject,
        summary=summary,
        happened_at=now,
        closed_at=now if is_closed else None,
        outcome=Interaction.Outcome.RESOLVED if is_closed else "",
        source=Source.PHONE_CALL,
    )


@in_context(job="builder", purpose=AccessPurpose.UPKEEP)
def an_address(
    person: Person, street: str = "Mallitie 1", valid_until: date | None = None
) -> Address:
    """A person's postal address."""
    return Address.objects.create(
        person=person,
        kind=Address.Kind.POSTAL,
        street=street,
        postal_code="13210",
        city="Hämeenlinna",
        valid_until=valid_until,
        source=Source.STAFF,
    )


@in_context(job="builder", purpose=AccessPurpose.UPKEEP)
def restricted(person: Person) -> Restriction:
    """A restriction of a person's data that is in force (GDPR Art. 18)."""
    return Restriction.objects.create(
        person=person,
        ground=Restriction.Ground.ACCURACY,
        restricted_by=a_user(f"restricter of {person.pk}"),
    )


_numbers = count(1)
