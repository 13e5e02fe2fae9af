"""Recording what people and companies choose about direct marketing."""

from collections.abc import Collection
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from accounts.models import User
from consents.models import CALL_REQUEST, MarketingChoice, MarketingChoiceQuerySet, Wording
from consents.models.choices import DIRECT_MARKETING
from customers.models import Customer, Person
from customers.services.locks import lock_person, locked, refuse_restricted

UNDO_WITHIN = timedelta(minutes=15)
"""How long the one who recorded a choice may put back what stood before."""

Choice = MarketingChoice.Choice


class NothingToPutBack(Exception):  # noqa: N818  (it reads as what it says)
    """Before the choice nothing was permitted: only what she says now can permit anything."""


@transaction.atomic
def record_choice(
    *,
    person: Person | None = None,
    customer: Customer | None = None,
    channel: str,
    choice: str,
    source: str,
    recorded_by: User | None = None,
    wording: Wording | None = None,
    product_group: str = "",
    evidence: str = "",
) -> MarketingChoice:
    """Record that a person, or a company for its own addresses, permitted, prohibited or withdrew
    marketing on a channel.

    A private customer's or a sole trader's choice is her owner's own. What is so already, on the
    same wording, makes no new event. A prohibition or a withdrawal is recorded of a restricted
    person too, since it is her right (GDPR Art. 21(3)); a permission raises ProcessingRestricted.
    Raises ValidationError for an unknown channel, choice, source or product group, and for a
    permission without a wording of such a permission, on which it was given: nobody could prove it
    (Art. 7(1)).
    """
    person, customer = _lock_holder(person, customer)
    if choice == Choice.PERMITTED and person is not None:
        refuse_restricted(person.pk)
    if choice == Choice.PERMITTED and wording is None:
        read_out = _now("A permission is given on a wording: choose the one that she was shown.")
        raise ValidationError({"wording": read_out})
    if choice == Choice.PERMITTED and wording is not None and not _is_of(wording, channel):
        raise ValidationError({"wording": _now("This wording is of another purpose.")})
    made = MarketingChoice(
        person=person,
        customer=customer,
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
        choices_of(person, customer)
        .filter(channel=channel, product_group=product_group)
        .newest_first()
        .first()
    )
    if now is not None and (now.choice, now.wording_id) == (choice, wording and wording.pk):
        return now
    made.save()
    return made


@transaction.atomic
def prohibit_everything(
    *,
    person: Person | None = None,
    customer: Customer | None = None,
    source: str,
    recorded_by: User | None = None,
    wording: Wording | None = None,
) -> list[MarketingChoice]:
    """Record that a person, or a company for its own addresses, prohibited marketing on every
    channel, of everything, from now on.

    It is absolute, and asks for nothing: of restricted persons too (GDPR Art. 21(3)). Returns the
    new events; where everything is prohibited already, there are none.
    """
    person, customer = _lock_holder(person, customer)
    latest = choices_of(person, customer).filter(product_group="").latest_per_channel()
    prohibited = {one.channel for one in latest if one.choice == Choice.PROHIBITED}
    made = [
        MarketingChoice(
            person=person,
            customer=customer,
            channel=channel,
            choice=Choice.PROHIBITED,
            source=source,
            recorded_by=recorded_by,
            wording=wording,
        )
        for channel in MarketingChoice.Channel.values
        if channel not in prohibited
    ]
    for one in made:
        one.full_clean()
        one.save()
    return made


@transaction.atomic
def undo_choices(
    *, person: Person, channels: Collection[str], recorded_by: User
) -> list[MarketingChoice]:
    """Put back the permissions that stood before what the same user recorded a moment ago.

    Nothing is taken away: each is another event, on the wording she had permitted. Raises
    NothingToPutBack where nothing was permitted before, and ProcessingRestricted.
    """
    person = lock_person(person.pk)
    refuse_restricted(person.pk)
    made = []
    for channel in channels:
        events = choices_of(person).filter(channel=channel, product_group="").newest_first()
        last, before = [*events[:2], None, None][:2]
        if last is None or before is None or before.choice != Choice.PERMITTED:
            continue
        is_own = last.recorded_by_id == recorded_by.pk
        if last.choice == Choice.PERMITTED or not is_own or not is_recent(last):
            continue
        made.append(
            MarketingChoice.objects.create(
                person=person,
                channel=channel,
                choice=Choice.PERMITTED,
                wording=before.wording,
                source=before.source,
                recorded_by=recorded_by,
                evidence=_now("What stood before is put back: the choice after it was a mistake."),
            )
        )
    if not made:
        raise NothingToPutBack
    return made


@transaction.atomic
def add_wording(*, wording: Wording) -> Wording:
    """Keep a text that people will be shown; from then on it is never changed.

    Raises ValidationError where this version exists in its language.
    """
    wording.full_clean()
    wording.save(force_insert=True)
    return wording


def _is_of(wording: Wording, channel: str) -> bool:
    """Whether a text is one by which marketing on the channel is permitted."""
    if wording.name == CALL_REQUEST:
        return channel == MarketingChoice.Channel.PHONE
    return wording.name == DIRECT_MARKETING


def is_recent(choice: MarketingChoice) -> bool:
    """Whether the choice was recorded a moment ago."""
    return choice.at >= timezone.now() - UNDO_WITHIN


def choices_of(
    person: Person | None = None, customer: Customer | None = None
) -> MarketingChoiceQuerySet:
    """Every event of a person, or of a company."""
    chosen: MarketingChoiceQuerySet = MarketingChoice.objects.all()
    return chosen.filter(person=person) if person is not None else chosen.filter(customer=customer)


def _lock_holder(
    person: Person | None, customer: Customer | None
) -> tuple[Person | None, Customer | None]:
    """Whose choice it is, locked; of a natural customer it is the owner's."""
    if person is not None and customer is None:
        return lock_person(person.pk), None
    if customer is None or person is not None:
        raise ValidationError(_now("A choice is a person's or a company's."))
    if customer.owner_id is not None:
        return lock_person(customer.owner_id), None
    return None, locked(customer)
