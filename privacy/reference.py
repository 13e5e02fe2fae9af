"""Saving the register's reference records: recipients, processors, adequacy decisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AdequacyDecision, Processor, Recipient, SubProcessor
from accounts.transfers import TransferTool
from consents.services import check_destination
from contracts.rules import Rules

R = TypeVar("R", Recipient, AdequacyDecision)
S = TypeVar("S", bound=models.Model)

said = Rules("accounts", {}).said


@dataclass(frozen=True)
class SubInput:
    """A sub-processor as it is typed: by name it is one that is there, or a new one."""

    name: str
    service: str
    country: str
    approved_on: date | None = None
    ended_on: date | None = None
    transfer_tool: str = ""


@transaction.atomic
def save_reference(*, record: R) -> R:
    """Save a recipient or a decision on a country as it was filled in."""
    return _saved(record)


@transaction.atomic
def save_processor(*, processor: Processor, sub_processors: Sequence[SubInput]) -> Processor:
    """Save a processor with its sub-processors; one that was approved ends, it does not vanish.

    Raises ValidationError, also where its data may not go to its country (Chapter V).
    """
    _check(processor)
    _saved(processor)
    there = {one.name: one for one in processor.sub_processors.select_for_update()}
    names = [one.name for one in sub_processors]
    if len(set(names)) < len(names):
        raise ValidationError({"lines": _("A sub-processor stands here twice.")})
    for name, known in there.items():
        if name not in names:
            _take_out(known)
    for one in sub_processors:
        sub = there.get(one.name) or SubProcessor(processor=processor, name=one.name)
        sub.service, sub.country, sub.transfer_tool = one.service, one.country, one.transfer_tool
        sub.approved_on, sub.ended_on = one.approved_on, one.ended_on
        _save_sub(sub)
    return processor


def _check(one: Processor | SubProcessor) -> None:
    """A tool that rests on each person's consent is none for a processor, who gets all data."""
    if one.transfer_tool == TransferTool.CONSENT:
        raise ValidationError(
            {"transfer_tool": _("A processor needs a tool that does not rest on single consents.")}
        )
    check_destination(one.country, one.transfer_tool, timezone.localdate())


def _save_sub(sub: SubProcessor) -> None:
    """Save a row of the form; what will not do is said above the rows, with whose it is."""
    try:
        _check(sub)
        _saved(sub)
    except ValidationError as error:
        raise ValidationError(
            {"lines": [f"{sub.name}: {sentence}" for sentence in error.messages]}
        ) from None


def _take_out(sub: SubProcessor) -> None:
    if sub.approved_on is not None:
        raise ValidationError(
            {
                "lines": _(
                    "A sub-processor that was approved is not taken away: give it its last day."
                )
            }
        )
    sub.delete()


def _saved(record: S) -> S:
    record.full_clean()
    said(record.save)
    return record
