"""One record of any kind about a person, for walks over all the pages that show records."""

from typing import Any
from uuid import UUID

from django.apps import apps

from accounts.models import User
from audit.context import AccessPurpose, access_context
from consents.models import MarketingChoice, Wording
from customers.models import (
    Address,
    ContactPerson,
    ContactPoint,
    Customer,
    Hold,
    Interaction,
    Person,
    Restriction,
    ServiceUser,
    Source,
)
from tests.builders import a_company, a_user


def a_record(kind: str, person: Person) -> UUID:
    """The public ID of a record of a kind (`app.model`) about the person, made if need be.

    Of an account or a wording, which are about nobody, it is a new one each time.
    """
    model: Any = apps.get_model(kind)
    if model is Person:
        return person.public_id
    if model is User:
        return a_user(f"user{User.objects.count()}").public_id
    if model is Wording:
        version = Wording.objects.count() + 1
        return Wording.objects.create(name="kirje", version=version, text="Teksti.").public_id
    values = _VALUES[model](person)
    with access_context(job="builder", purpose=AccessPurpose.UPKEEP):
        whose = {"owner" if model is Customer else "person": person}
        found = model.objects.filter(**whose).order_by("pk").first()
        public_id: UUID = (found or model.objects.create(**whose, **values)).public_id
        return public_id


def _somebody(person: Person) -> User:
    name = f"registrar of {person.pk}"
    return User.objects.filter(username=name).first() or a_user(name)


_VALUES: dict[Any, Any] = {
    ContactPoint: lambda person: {
        "kind": ContactPoint.Kind.PHONE,
        "as_written": "040 000 0001",
        "normalised": "+358400000001",
        "source": Source.STAFF,
    },
    Address: lambda person: {
        "kind": Address.Kind.POSTAL,
        "street": "Mallikatu 1",
        "postal_code": "13100",
        "source": Source.STAFF,
    },
    Customer: lambda person: {
        "kind": Customer.Kind.PERSON,
        "number": f"9-{person.pk}",
        "source": Source.STAFF,
    },
    ContactPerson: lambda person: {"customer": a_company(), "source": Source.STAFF},
    ServiceUser: lambda person: {"user_id": f"K9-{person.pk}", "source": Source.STAFF},
    Interaction: lambda person: {
        "channel": Interaction.Channel.PHONE,
        "direction": Interaction.Direction.INBOUND,
        "subject": "Laskun eräpäivä",
        "source": Source.PHONE_CALL,
    },
    Restriction: lambda person: {
        "ground": Restriction.Ground.ACCURACY,
        "restricted_by": _somebody(person),
    },
    Hold: lambda person: {"reason": "Riita laskusta", "placed_by": _somebody(person)},
    MarketingChoice: lambda person: {
        "channel": MarketingChoice.Channel.EMAIL,
        "choice": MarketingChoice.Choice.PROHIBITED,
        "source": MarketingChoice.Source.CALL,
    },
}
