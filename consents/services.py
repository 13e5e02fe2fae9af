"""Recording what people choose about direct marketing."""

from django.db import transaction

from accounts.models import User
from consents.models import MarketingChoice, Wording
from customers.models import Person
from customers.services.locks import lock_person, refuse_restricted


@transaction.atomic
def record_choice(
    *,
    person: Person,
    channel: str,
    choice: str,
    source: str,
    recorded_by: User | None = None,
    wording: Wording | None = None,
    product_group: str = "",
    evidence: str = "",
) -> MarketingChoice:
    """Record that a person permitted, prohibited or withdrew marketing on a channel.

    What is so already, on the same wording, makes no new event. A prohibition or a withdrawal is
    recorded of a restricted person too, since it is her right (GDPR Art. 21(3)); a permission
    raises ProcessingRestricted. Raises ValidationError for an unknown channel, choice or source.
    """
    person = lock_person(person.pk)
    if choice == MarketingChoice.Choice.PERMITTED:
        refuse_restricted(person.pk)
    made = MarketingChoice(
        person=person,
        channel=channel,
        choice=choice,
        source=source,
        recorded_by=recorded_by,
        wording=wording,
        product_group=product_group,
        evidence=evidence,
    )
    made.full_clean()
    now = (
        MarketingChoice.objects.filter(person=person, channel=channel, product_group=product_group)
        .newest_first()
        .first()
    )
    if now is not None and (now.choice, now.wording_id) == (choice, wording and wording.pk):
        return now
    made.save()
    return made


@transaction.atomic
def add_wording(*, wording: Wording) -> Wording:
    """Keep a text that people will be shown; from then on it is never changed.

    Raises ValidationError where this version exists in its language.
    """
    wording.full_clean()
    wording.save(force_insert=True)
    return wording
