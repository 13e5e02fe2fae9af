"""Erasing again, in a register that was restored, whoever was erased since (promise 14).

Who is in the ledger as a whole goes with everything that would hold her: it had gone before her.
What had been erased of somebody by categories goes by the questions of an erasure request. Holds
that are in the restored register are respected, and whom they keep is told.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func, Q, Value
from django.utils import timezone

from audit.context import AccessPurpose, access_context
from audit.sql import keys_sql
from customers.models import Person
from datamap.declarations import SELF, PersonalData, registry
from datamap.vocabulary import Category
from privacy.forgetting import ledger
from privacy.forgetting.asked import asked_of
from privacy.forgetting.executing import carry_out_at_once
from privacy.forgetting.ledger import Standing
from privacy.forgetting.periods import periods_now
from privacy.forgetting.planning import Scope, counted, make_plan
from privacy.forgetting.runs import UNFINISHED, digest_of, execute
from privacy.models import ErasureRun, PlannedErasure

Kind, Status = ErasureRun.Kind, ErasureRun.Status
_AT_ONCE = 10_000


class Replayed(NamedTuple):
    """What came of it: how many persons went again, and how many a hold keeps."""

    persons: int
    in_part: int
    held: int


@dataclass(frozen=True)
class Again(Scope):
    """Persons who had been erased: they, and every record that holds one of them."""

    persons: tuple[int, ...]

    def due(self, declaration: PersonalData) -> Q | None:
        found: Q | None = None
        for path in declaration.subjects:
            if _held_her(declaration, path):
                one = Q(**{f"{'pk' if path == SELF else path}__in": self._keys()})
                found = one if found is None else found | one
        return found

    def _keys(self) -> Any:
        keys = Value(list(self.persons), ArrayField(models.BigIntegerField()))
        return Func(keys, template="(SELECT unnest(%(expressions)s))")


def _held_her(declaration: PersonalData, path: str) -> bool:
    """Whether a record that leads to a person by this path must have gone before her.

    It need not where a link of the path is emptied when what it leads to goes, or names her by
    her public ID; and what goes with something goes with it.
    """
    if path == SELF:
        return True
    here: Any = declaration.model
    for place, name in enumerate(path.split("__")):
        link = here._meta.get_field(name)
        ties = registry[here]
        if not link.is_relation or name in ties.lets_go or (not place and name in ties.goes_with):
            return False
        here = link.related_model
    return True


def replay(*, job: str, with_what_is_left: bool = False) -> Replayed:
    """Erase again whoever is in the ledger and in the register; it is settled after that.

    Run again it finds nobody, unless a hold has ended since. Raises NotSettled where the ledger is
    not whole, unless what is left of it is to do.
    """
    found = ledger.standing()
    if found is Standing.LOST and not with_what_is_left:
        raise ledger.NotSettled(found)
    for run in ErasureRun.objects.filter(kind=Kind.REPLAY, status__in=UNFINISHED):
        execute(run, Again(_persons_of(_erased_marks(), job=job)), job=job)
    gone = _replay_persons(job)
    in_part = _replay_categories(job) if found is not Standing.SETTLED else 0
    left = len(_persons_of(_erased_marks(), job=job))
    ledger.settle()
    return Replayed(gone - left, in_part, left)


def _replay_persons(job: str) -> int:
    persons = _persons_of(_erased_marks(), job=job)
    if persons:
        scope = Again(persons)
        with access_context(job=job, purpose=AccessPurpose.RETENTION):
            run = _planned(scope, Status.APPROVED)
        execute(run, scope, job=job)
    return len(persons)


def _replay_categories(job: str) -> int:
    """Erase again what was erased by categories since the backup; returns of how many persons."""
    known = ledger.known_now()
    wanted: dict[bytes, set[Category]] = {}
    for entry in ledger.to_repeat():
        if entry.categories and entry.at >= known:
            wanted.setdefault(entry.mark, set()).update(map(Category, entry.categories))
    keys = _persons_of(wanted, job=job)
    for key in keys:
        with access_context(job=job, purpose=AccessPurpose.RETENTION):
            _erase_categories(key, wanted)
    return len(keys)


def _erase_categories(key: int, wanted: Mapping[bytes, set[Category]]) -> None:
    """One person's, in the unit of work that is open."""
    person = Person.objects.get(pk=key)
    categories = frozenset(wanted[ledger.mark_of(person.public_id)])
    scope = asked_of(person, categories, day=timezone.localdate(), periods=periods_now())
    run = _planned(scope, Status.RUNNING)
    run.erased = carry_out_at_once(run, scope)
    run.status, run.ended_at = Status.DONE, timezone.now()
    run.save()
    PlannedErasure.objects.filter(run=run).delete()


def _planned(scope: Scope, status: ErasureRun.Status) -> ErasureRun:
    today: date = timezone.localdate()
    run = ErasureRun.objects.create(kind=Kind.REPLAY, status=status, as_of=today)
    make_plan(run, scope)
    run.plan, run.digest = counted(run), digest_of(run)
    run.started_at = timezone.now()
    run.save()
    return run


def _erased_marks() -> set[bytes]:
    return {entry.mark for entry in ledger.to_repeat() if not entry.categories}


def _persons_of(marks: Any, *, job: str) -> tuple[int, ...]:
    """The keys of the persons in the register who have one of these marks."""
    if not marks:
        return ()
    with access_context(job=job, purpose=AccessPurpose.RETENTION):
        return tuple(key for key, person in _everybody() if ledger.mark_of(person) in marks)


def _everybody() -> Iterator[tuple[int, UUID]]:
    """The key and the public ID of every person, batch by batch."""
    last = 0
    while True:
        rows = keys_sql(
            "SELECT id, public_id FROM customers_person WHERE id > %s ORDER BY id LIMIT %s",
            [last, _AT_ONCE],
        )
        if not rows:
            return
        for row in rows:
            yield row["id"], row["public_id"]
        last = rows[-1]["id"]
