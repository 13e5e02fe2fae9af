"""Disclosing data to a recipient: the one way by which a disclosure is recorded (S27, S29).

Outside the EEA it needs a tool of GDPR Chapter V and the consent of everybody whose data it is;
that everybody has consented the database holds too, so no path gets round it.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import AdequacyDecision, DisclosedPerson, Disclosure, Recipient, User
from accounts.transfers import TransferTool, is_within_eea
from audit.changes import MASK
from audit.log import Action
from audit.sets import record_set
from audit.sql import run_sql
from contracts.rules import Rules
from customers.models import Person, Restriction
from datamap.declarations import registry
from datamap.vocabulary import Category, LawfulBasis

SENTENCES = {
    "transfer_has_everybodys_consent": _(
        "The data would leave the EEA, and not everybody whose data it is has consented to that."
    ),
}
said = Rules("accounts", SENTENCES).said

_NAME = """
INSERT INTO accounts_disclosedperson (disclosure_id, subject)
SELECT %(disclosure)s, w.subject FROM ({persons}) AS w ORDER BY w.subject
"""
_THESE = "SELECT unnest(%(subjects)s::uuid[]) AS subject"
_NAMED = """
SELECT d.subject, d.id AS object_id FROM accounts_disclosedperson d
WHERE d.disclosure_id = %(disclosure)s AND d.subject = ANY(%(subjects)s::uuid[])
"""


@transaction.atomic
def disclose(
    *,
    recipient: Recipient,
    persons: Iterable[Person],
    categories: Iterable[Category],
    what: str,
    basis: LawfulBasis,
    by: User | None = None,
    transfer_tool: str = TransferTool.NONE,
    made_at: datetime | None = None,
    expires_on: date | None = None,
    public_id: UUID | None = None,
) -> Disclosure:
    """Record that data of these persons is disclosed to a recipient.

    Raises ValidationError where the data may not go there: outside the EEA without a tool of
    Chapter V that holds today or without everybody's consent; restricted data without a duty.
    """
    disclosure = begin_disclosure(
        recipient=recipient,
        categories=categories,
        what=what,
        basis=basis,
        by=by,
        transfer_tool=transfer_tool,
        made_at=made_at,
        expires_on=expires_on,
        public_id=public_id,
    )
    name_more(disclosure=disclosure, persons=persons)
    return disclosure


@transaction.atomic
def name_more(*, disclosure: Disclosure, persons: Iterable[Person]) -> Disclosure:
    """Name persons in a disclosure, of whom each stands there once; what is named stays."""
    subjects = sorted({person.public_id for person in persons}, key=str)
    if not subjects:
        raise ValidationError(_now("Say whose data it is."))
    there = set(
        DisclosedPerson.objects.filter(disclosure=disclosure, subject__in=subjects).values_list(
            "subject", flat=True
        )
    )
    new = [subject for subject in subjects if subject not in there]
    if not new:
        return disclosure
    _refuse_restricted(disclosure, new)
    name_persons(disclosure, _THESE, {"subjects": new})
    record_set(
        Action.CREATE,
        _NAMED,
        {"disclosure": disclosure.pk, "subjects": new},
        categories=[Category(value) for value in disclosure.categories],
        of=DisclosedPerson,
        changes={field: [None, MASK] for field in registry[DisclosedPerson].fields},
    )
    return disclosure


def begin_disclosure(
    *,
    recipient: Recipient,
    categories: Iterable[Category],
    what: str,
    basis: LawfulBasis,
    by: User | None,
    transfer_tool: str = TransferTool.NONE,
    made_at: datetime | None = None,
    expires_on: date | None = None,
    public_id: UUID | None = None,
) -> Disclosure:
    """The record of a disclosure, before anybody is named in it; whether it may go there at all.

    For sets of persons that never leave the database; whoever is given by name goes through
    `disclose`.
    """
    made_at = made_at or timezone.now()
    check_destination(recipient.country, transfer_tool, timezone.localdate(made_at))
    disclosure = Disclosure(
        public_id=public_id or uuid4(),
        recipient=recipient,
        country=recipient.country,
        what=what,
        categories=[category.value for category in categories],
        basis=basis,
        transfer_tool=transfer_tool,
        made_by=by,
        made_at=made_at,
        expires_on=expires_on,
    )
    disclosure.full_clean(exclude=["made_by", "recipient"])
    disclosure.save()
    return disclosure


def name_persons(disclosure: Disclosure, persons: str, params: Mapping[str, Any]) -> int:
    """Name everybody that a query of ours gives as `subject`; returns how many.

    The caller writes their log rows. Raises ValidationError where somebody has not consented.
    """
    given = {**params, "disclosure": disclosure.pk}
    return said(lambda: run_sql(_NAME.format(persons=persons), given))


def check_destination(country: str, transfer_tool: str, on: date) -> None:
    """Refuse a tool that is not needed there, is missing, or does not hold on that day."""
    if is_within_eea(country):
        if transfer_tool:
            raise ValidationError(
                {"transfer_tool": _now("Within the EEA no transfer tool is needed.")}
            )
        return
    if not transfer_tool:
        raise ValidationError(
            {"transfer_tool": _now("Outside the EEA say what lets the data go there.")}
        )
    decided = AdequacyDecision.objects.filter(country=country).in_force(on)
    if transfer_tool == TransferTool.ADEQUACY and not decided.exists():
        raise ValidationError(
            {"transfer_tool": _now("There is no adequacy decision on that country in force.")}
        )


def _refuse_restricted(disclosure: Disclosure, subjects: list[UUID]) -> None:
    """Restricted data is only stored; a duty by law to hand it over still holds (Art. 18(2))."""
    if disclosure.basis == LawfulBasis.LEGAL_OBLIGATION:
        return
    if Restriction.objects.filter(person__public_id__in=subjects).in_force().exists():
        raise ValidationError(
            _now("The processing of somebody's data is restricted: it is not disclosed meanwhile.")
        )
