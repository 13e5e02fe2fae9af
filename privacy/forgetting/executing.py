"""Carrying out a plan: batch by batch, each a unit of work that looks again before it erases.

Killed at any moment, what was committed is gone and the rest stands in the plan; several at once
share the plan, since each takes lines that nobody else has locked.
"""

from collections.abc import Sequence, Set
from hashlib import sha256
from typing import Any

from audit.context import AccessPurpose, access_context
from audit.sql import run_sql
from datamap.declarations import PersonalData
from datamap.vocabulary import WrittenBy
from privacy.forgetting.batches import Batch, Counts, kind_of, step_of
from privacy.forgetting.keys import among
from privacy.forgetting.planning import (
    ERASE,
    HELD,
    REDUCE,
    Scope,
    complete,
    counted,
    held,
    reducible,
    there,
    unheld,
)
from privacy.forgetting.protecting import protected
from privacy.forgetting.ties import in_order
from privacy.models import ErasureRun, PlannedErasure

AT_ONCE = 1000
"""Records of one unit of work: what it has to write to disk at its end, lookups wait for."""


class Unfinished(Exception):  # noqa: N818
    """Something that was to go is still there: somebody has it in hand."""


def carry_out(run: ErasureRun, scope: Scope, *, job: str) -> None:
    """Do what a run's plan says, batch by batch.

    Several at once go from model to model together, so that nobody erases what is held by
    something that another one has in hand; what somebody had who was killed, the others take up.
    """
    planned = _planned_kinds(run)
    for declaration in _in_turn(scope):
        if kind_of(declaration.model).pk not in planned:
            continue
        for _turn in ("what nobody has", "what somebody had"):
            keys = [0]
            while keys:
                with access_context(job=job, purpose=AccessPurpose.RETENTION):
                    keys = _erase_some(run, declaration, scope, keys[-1], {})
            with access_context(job=job, purpose=AccessPurpose.RETENTION):
                _wait_for_others(run, declaration)


def _planned_kinds(run: ErasureRun) -> set[int]:
    """The kinds of record of which something is left to do: nothing is added to a plan."""
    lines = PlannedErasure.objects.filter(run=run, action__in=[ERASE, REDUCE])
    return set(lines.values_list("kind", flat=True).distinct())


def _take_part(run: ErasureRun, declaration: PersonalData) -> None:
    """Say, until the unit of work is through, that records of the model are in hand."""
    run_sql("SELECT pg_advisory_xact_lock_shared(%s)", [_lock_of(run, declaration)])


def _wait_for_others(run: ErasureRun, declaration: PersonalData) -> None:
    """Wait until nobody has records of the model in hand."""
    run_sql("SET LOCAL lock_timeout = 0")
    run_sql("SET LOCAL statement_timeout = 0")
    run_sql("SELECT pg_advisory_xact_lock(%s)", [_lock_of(run, declaration)])


def _lock_of(run: ErasureRun, declaration: PersonalData) -> int:
    said = f"privacy.forgetting {run.pk} {kind_of(declaration.model).pk}".encode()
    return int.from_bytes(sha256(said).digest()[:8], signed=True)


def carry_out_at_once(run: ErasureRun, scope: Scope) -> Counts:
    """The same in the unit of work that is open: all of it, or nothing if that fails.

    Raises Unfinished where anything stays but what the plan says is held.
    """
    erased: Counts = {}
    for declaration in _in_turn(scope):
        last = 0
        while keys := _erase_some(run, declaration, scope, last, erased):
            last = keys[-1]
    held = {label: {HELD: by[HELD]} for label, by in run.plan.items() if HELD in by}
    if counted(run) != held:
        raise Unfinished
    return erased


def _in_turn(scope: Scope) -> Sequence[PersonalData]:
    """The models in order; where single kinds of a person's go, in the order of their steps."""
    if not scope.takes_all_of_hers():
        return in_order()
    return sorted(in_order(), key=lambda declaration: step_of(declaration.model))


def _erase_some(
    run: ErasureRun, declaration: PersonalData, scope: Scope, last: int, erased: Counts
) -> list[int]:
    """One batch of a model's records after a key; returns the keys that it took in hand."""
    _take_part(run, declaration)
    lines = (
        PlannedErasure.objects.filter(run=run, kind=kind_of(declaration.model), record__gt=last)
        .filter(action__in=[ERASE, REDUCE])
        .select_for_update(skip_locked=True)
        .order_by("record")[:AT_ONCE]
    )
    wanted: dict[str, list[int]] = {ERASE: [], REDUCE: []}
    for record, action in lines.values_list("record", "action"):
        wanted[action].append(record)
    taken = sorted([*wanted[ERASE], *wanted[REDUCE]])
    if not taken:
        return []
    run_sql("SET LOCAL statement_timeout = 0")
    run_sql("SET LOCAL lock_timeout = '30s'")
    free = _locked(declaration, taken)
    going = _still_due(run, declaration, scope, free & set(wanted[ERASE]))
    batch = Batch(run, erased, takes_all=scope.takes_all_of_hers())
    batch.erase(declaration, sorted(going))
    reduced = _still_held(run, declaration, scope, free & set(wanted[REDUCE]))
    batch.reduce(declaration, reduced)
    staying = set(taken) - going - set(reduced)
    if staying and not declaration.goes_with:  # what stays after all holds what it leads to
        lines = PlannedErasure.objects.filter(run=run, kind=kind_of(declaration.model))
        lines.filter(among("record", staying)).update(action=HELD)
    return taken


def _locked(declaration: PersonalData, keys: Sequence[int]) -> set[int]:
    """Those of the records that nobody is working on, locked: nothing can come to refer to them.

    What is only ever appended nobody works on, and the site could not lock it.
    """
    rows: Any = declaration.model._default_manager.filter(among("pk", keys)).order_by("pk")
    if declaration.written_by is WrittenBy.SITE_APPENDS:
        return set(rows.keys_only())
    return set(rows.select_for_update(skip_locked=True, of=("self",)).keys_only())


def _still_due(
    run: ErasureRun, declaration: PersonalData, scope: Scope, keys: Set[int]
) -> set[int]:
    """Those that are still to go, by the same questions that made the plan.

    A part whose whole is in the plan waits for it.
    """
    due = scope.due(declaration) if keys else None
    if due is None:
        return set()
    rows = there(declaration).filter(among("pk", keys)).filter(due)
    rows = complete(unheld(rows, run, declaration, scope), run, declaration)
    return set(_unprotected(rows, run, declaration, scope, keys))


def _still_held(
    run: ErasureRun, declaration: PersonalData, scope: Scope, keys: Set[int]
) -> list[int]:
    """Those that are reduced: they have had their time and are held, or let go of who stays."""
    if not keys:
        return []
    due, released = scope.due(declaration), scope.lets_go(declaration)
    rows = there(declaration).filter(among("pk", keys))
    if released is not None:
        rows = rows.filter(released)
    elif due is not None and declaration.reduces_to:
        rows = reducible(rows.filter(due), run, declaration, scope)
        rows = held(rows, run, declaration, scope)
    else:
        return []
    return sorted(_unprotected(rows, run, declaration, scope, keys))


def _unprotected(
    rows: Any, run: ErasureRun, declaration: PersonalData, scope: Scope, keys: Set[int]
) -> Any:
    """The keys of those rows that no hold and no restriction protects, of a batch's records."""
    safe = protected(declaration, run.as_of, scope).filter(among("pk", keys))
    return rows.exclude(pk__in=safe.order_by().keys_only()).keys_only()
