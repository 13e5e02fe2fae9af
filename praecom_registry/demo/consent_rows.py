"""The rows of notices at collection, duties, consents and supplementary information.

As in `rows`, references come first, each as the place of what it names in the same batch.
"""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID


class NoticeRow(NamedTuple):
    person: int
    contact_point: int | None
    order: int | None
    public_id: UUID
    seller: str
    opt_out_offered: bool
    told_at: datetime


class DutyRow(NamedTuple):
    contact_person: int
    public_id: UUID
    product_group: str
    evidence: str
    recorded_at: datetime
    ended_on: date | None


class ConsentRow(NamedTuple):
    person: int
    wording: tuple[str, str]
    public_id: UUID
    purpose: str
    source: str
    evidence: str
    given_at: datetime
    withdrawn_at: datetime | None


class InformationRow(NamedTuple):
    person: int
    consent: int | None
    public_id: UUID
    kind: str
    topic: str
    question: str
    answer: str
    source: str
    reference: str
    collected_at: datetime
    erase_by: date | None
