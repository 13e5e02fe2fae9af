"""Erasing again, in a register that was restored, whoever was erased since (promise 14).

Who is in the ledger as a whole goes with everything that would hold her: it had gone before her.
What is another's and can be without her stays, and names her no more, as in the register that was
lost. What had been erased of somebody by categories goes by the questions of an erasure request.
Holds that are in the restored register are respected, and whom they keep is told; whoever else is
still there keeps the register closed.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from audit.context import AccessPurpose, access_context
from audit.sql import keys_sql
from customers.models import Customer, Person
from datamap.declarations import SELF, PersonalData, registry
from datamap.vocabulary import Category
from privacy.forgetting import ledger
from privacy.forgetting.asked import asked_of, is_of_customer
from privacy.forgetting.executing import Unfinished, carry_out_at_once
from privacy.forgetting.keys import among
from privacy.forgetting.ledger import Standing
from privacy.forgetting.ledger_file import Entry
from privacy.forgetting.periods import periods_now
from privacy.forgetting.planning import Scope, counted, make_plan
from privacy.forgetting.protecting import protected
from privacy.forgetting.runs import UNFINISHED, digest_of, execute
from privacy.forgetting.ties import erasable, holders_of
from privacy.models import ErasureRun, PlannedErasure

Kind, Status = ErasureRun.Kind, ErasureRun.Status
_AT_ONCE = 10_000
Keys = Collection[int]


@dataclass
class Replayed:
    """What came of it: how many persons went again, and how many a hold keeps.

    `left` are those who are still there for no hold, and `held_by` how many records of which kinds
    hold them: the register stays closed. So many lines of the ledger were `undecided` and not
    repeated.
    """

    persons: int = 0
    in_part: int = 0
    held: int = 0
    left: int = 0
    held_by: dict[str, int] = field(default_factory=dict)
    undecided: int = 0


@dataclass(frozen=True)
class Again(Scope):
    """Persons who had been erased: they, and every record that holds one of them."""

    persons: tuple[int, ...]

    def due(self, declaration: PersonalData) -> Q | None:
        found: Q | None = None
        for way in _ways(declaration):
            one = Q(among(way, self.persons))
            found = one if found is None else found | one
        return found


def _ways(declaration: PersonalData) -> tuple[str, ...]:
    """The paths to a person before whom its records must have gone."""
    if list(declaration.subjects) == [SELF]:
        return ("pk",)
    by_subject = [path for path in declaration.subjects if _held_her(declaration, path)]
    return tuple(dict.fromkeys([*by_subject, *_holding(declaration.model)]))


def _held_her(declaration: PersonalData, path: str) -> bool:
    """Whether a record that leads to a person by this path must have gone before her.

    It need not where a link of the path is emptied when what it leads to goes, or names her by
    her public ID; and what goes with something goes with it.
    """
    here: Any = declaration.model
    for place, name in enumerate(path.split("__")):
        link = here._meta.get_field(name)
        ties = registry[here]
        if not link.is_relation or name in ties.lets_go or (not place and name in ties.goes_with):
            return False
        here = link.related_model
    return True


@cache
def _holding(model: type[models.Model], *, or_part: bool = False) -> tuple[str, ...]:
    """The paths by which its records hold a person, link by link, whoever they are about."""
    found: list[str] = []
    ties = registry[model]
    for link in model._meta.concrete_fields:
        whole: Any = link.related_model
        if whole is None or registry.get(whole) is None or link.name in ties.lets_go:
            continue
        if link.name in ties.goes_with and not or_part:
            continue
        if whole is Person:
            found.append(link.name)
        found += [f"{link.name}__{way}" for way in _holding(whole, or_part=True)]
    return tuple(found)


def replay(*, job: str, with_what_is_left: bool = False) -> Replayed:
    """Erase again whoever is in the ledger and in the register; it is settled after that.

    Run again it finds nobody, unless a hold has ended since. Where somebody is left for no hold it
    is not settled, and is run again. Raises NotSettled where the ledger is not whole, unless what
    is left of it is to do; then what stands undecided at its end is repeated, too.
    """
    found = ledger.standing()
    if found is Standing.LOST and not with_what_is_left:
        raise ledger.NotSettled(found)
    entries = ledger.to_repeat(with_undecided=with_what_is_left)
    replayed = Replayed(undecided=len(ledger.to_repeat(with_undecided=True)) - len(entries))
    _replay_persons(replayed, {entry.mark for entry in entries if not entry.categories}, job)
    _replay_categories(replayed, entries, job)
    if not (replayed.left or replayed.undecided):
        ledger.settle()
    return replayed


def _replay_persons(replayed: Replayed, marks: set[bytes], job: str) -> None:
    persons = _persons_of(marks, job=job)
    with access_context(job=job, purpose=AccessPurpose.RETENTION):
        kept = _kept(persons)
        scope = Again(tuple(key for key in persons if key not in kept))
        _let_go(scope.persons)
    for run in ErasureRun.objects.filter(kind=Kind.REPLAY, status__in=UNFINISHED):
        execute(run, scope, job=job)
    if scope.persons:
        with access_context(job=job, purpose=AccessPurpose.RETENTION):
            run = _planned(scope, Status.APPROVED)
        execute(run, scope, job=job)
    there = _persons_of(marks, job=job)
    replayed.persons, replayed.held = len(persons) - len(there), len(kept)
    replayed.left = len(set(there) - kept)
    with access_context(job=job, purpose=AccessPurpose.RETENTION):
        replayed.held_by = _held_by(set(there) - kept)


def _kept(persons: tuple[int, ...]) -> set[int]:
    """Those whom a hold or a restriction keeps, themselves or by a record that holds them."""
    kept = set[int]()
    for declaration in erasable() if persons else ():
        safe = protected(declaration, timezone.localdate(), Again(persons)).order_by()
        for way in _ways(declaration) if safe.keys_only().exists() else ():
            who = Person.objects.filter(among("pk", persons)).filter(pk__in=safe.values(way))
            kept.update(who.keys_only())
    return kept


def _let_go(persons: Keys) -> None:
    """Empty what leads to the persons in records that are another's: they can be without them.

    One that the database would not take without her cannot, and goes with her.
    """
    for declaration in erasable() if persons else ():
        others = _of_others(declaration, persons)
        for link, hers in _spare_links(declaration, persons) if others else ():
            rows: Any = declaration.model._default_manager.filter(hers).filter(others)
            for record in rows:
                setattr(record, link, None)
                try:
                    record.validate_constraints()
                except ValidationError:
                    continue
                record.save(update_fields=[link])


def _spare_links(declaration: PersonalData, persons: Keys) -> Iterator[tuple[str, Q]]:
    """The links that can be empty, and which records hold one of the persons by each."""
    for link in declaration.model._meta.concrete_fields:
        hers = Q()
        for way in _holding(declaration.model):
            if way.partition("__")[0] == link.name:
                hers |= Q(among(way, persons))
        if link.null and hers:
            yield link.name, hers


def _of_others(declaration: PersonalData, persons: Keys) -> Q:
    """Which records are about somebody else too, or the matter of another customer."""
    others = Q()
    for path in declaration.subjects:
        if path != SELF and _leads_to_person(declaration.model, path):
            others |= Q(**{f"{path}__isnull": False}) & ~Q(among(path, persons))
    if is_of_customer(declaration):
        others |= ~Q(customer__in=Customer.objects.filter(among("owner", persons)).values("pk"))
    return others


def _leads_to_person(model: type[models.Model], path: str) -> bool:
    here: Any = model
    for name in path.split("__"):
        here = here._meta.get_field(name).related_model
    return here is Person


def _held_by(persons: Keys) -> dict[str, int]:
    """How many records of which kinds hold these persons."""
    found = Counter[str]()
    for link, path in holders_of(Person) if persons else ():
        rows: Any = link.model._default_manager.filter(among(path, persons))
        found[link.model._meta.label_lower] += rows.keys_only().count()
    return {label: number for label, number in sorted(found.items()) if number}


def _replay_categories(replayed: Replayed, entries: list[Entry], job: str) -> None:
    """Erase again what was erased by categories since the backup, of one person after the other.

    Where somebody has a record of hers in hand all of hers stays, and is left for the next time.
    """
    known = ledger.known_now()
    wanted: dict[bytes, set[Category]] = {}
    for entry in entries:
        if entry.categories and entry.at >= known:
            wanted.setdefault(entry.mark, set()).update(map(Category, entry.categories))
    for key in _persons_of(wanted, job=job):
        try:
            with access_context(job=job, purpose=AccessPurpose.RETENTION):
                _erase_categories(key, wanted)
        except Unfinished:
            replayed.left += 1
        else:
            replayed.in_part += 1


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
