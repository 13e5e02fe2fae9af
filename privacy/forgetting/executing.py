"""Carrying out a plan: batch by batch, each a unit of work that looks again before it erases.

Killed at any moment, what was committed is gone and the rest stands in the plan; several at once
share the plan, since each takes lines that nobody else has locked.
"""

import json
from collections.abc import Sequence, Set
from hashlib import sha256
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists

from audit.context import AccessPurpose, access_context
from audit.log import Action
from audit.sets import record_set
from audit.sql import keys_sql, run_sql
from datamap.declarations import SELF, PersonalData, registry
from datamap.vocabulary import WrittenBy
from privacy.forgetting import ledger
from privacy.forgetting.keys import among, as_array
from privacy.forgetting.planning import (
    ERASE,
    HELD,
    REDUCE,
    Scope,
    complete,
    counted,
    early_parts,
    held,
    planned,
    protected,
    reducible,
    there,
    unheld,
)
from privacy.forgetting.ties import Link, in_order, named, steps_before, ties_of
from privacy.models import ErasureRun, PlannedErasure

AT_ONCE = 2000

Counts = dict[str, int]


class Unfinished(Exception):  # noqa: N818
    """Something that was to go is still there: somebody has it in hand."""


def carry_out(run: ErasureRun, scope: Scope, *, job: str) -> None:
    """Do what a run's plan says, batch by batch.

    Several at once go from model to model together, so that nobody erases what is held by
    something that another one has in hand; what somebody had who was killed, the others take up.
    """
    planned = _planned_kinds(run)
    for declaration in _in_turn(scope):
        if _kind(declaration.model).pk not in planned:
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
    said = f"privacy.forgetting {run.pk} {_kind(declaration.model).pk}".encode()
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
    return sorted(in_order(), key=lambda declaration: _step(declaration.model))


def _turn(part: Link) -> int:
    return _step(part.model)


def _step(model: type[models.Model]) -> int:
    """What has parts goes last: a step of an app's own may need it (marketing the numbers).

    What such a step takes along goes before it, by itself.
    """
    if registry[model].erase_of is not None:
        return 1
    return 2 if ties_of(model).parts else 0


def _erase_some(
    run: ErasureRun, declaration: PersonalData, scope: Scope, last: int, erased: Counts
) -> list[int]:
    """One batch of a model's records after a key; returns the keys that it took in hand."""
    _take_part(run, declaration)
    lines = (
        PlannedErasure.objects.filter(run=run, kind=_kind(declaration.model), record__gt=last)
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
        lines = PlannedErasure.objects.filter(run=run, kind=_kind(declaration.model))
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
    rows = complete(unheld(rows, run, declaration), run, declaration)
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
        rows = held(reducible(rows.filter(due), run, declaration, scope), run, declaration)
    else:
        return []
    return sorted(_unprotected(rows, run, declaration, scope, keys))


def _unprotected(
    rows: Any, run: ErasureRun, declaration: PersonalData, scope: Scope, keys: Set[int]
) -> Any:
    """The keys of those rows that no hold and no restriction protects, of a batch's records."""
    safe = protected(declaration, run.as_of, scope).filter(among("pk", keys))
    return rows.exclude(pk__in=safe.order_by().keys_only()).keys_only()


class Batch:
    """What one unit of work erases: records, their parts, and what leads to them."""

    def __init__(self, run: ErasureRun, erased: Counts, *, takes_all: bool) -> None:
        self.run = run
        self.erased = erased
        self.takes_all = takes_all

    def erase(self, declaration: PersonalData, keys: Sequence[int]) -> None:
        """Erase records of a model with all their parts; its files by their keys first."""
        if not keys:
            return
        model = declaration.model
        ties = ties_of(model)
        if declaration.vault is not None:
            self._destroy(declaration, keys)
            return
        self._log(Action.DELETE, declaration, keys)
        if declaration.erase_of is not None and self.takes_all:
            self._erase_by_own_step(declaration, keys)
            return
        for link in sorted(ties.parts, key=_turn):
            self._erase_parts(registry[link.model], model, link.field, keys)
        for link in ties.loose:
            self._release(registry[link.model], link.field, model, keys)
        for step in steps_before(model):
            step(keys)
        if model is registry.subject_model and self.run.kind != ErasureRun.Kind.REPLAY:
            ledger.write_down(self._subjects(declaration, keys))
        self._call("privacy_erase(%s, %s, %s)", model, keys)
        self._count(model, keys)

    def reduce(self, declaration: PersonalData, keys: Sequence[int]) -> None:
        """Blank in records that others hold what is not needed any more."""
        if not keys:
            return
        model = declaration.model
        self._log(Action.UPDATE, declaration, keys)
        for link in sorted(early_parts(declaration), key=_turn):
            self._erase_early(registry[link.model], link.field, keys)
        fields = {
            model._meta.get_field(name).column: value  # type: ignore[union-attr]
            for name, value in (declaration.reduces_to or named(declaration)).items()
        }
        self._call("privacy_reduce(%s, %s, %s, %s::jsonb)", model, keys, json.dumps(fields))
        self._count(model, keys)

    def _erase_early(self, part: PersonalData, field: str, keys: Sequence[int]) -> None:
        """What is planned of the parts: others were decided to stay, or have come since."""
        rows = there(part).filter(among(field, keys))
        going = rows.filter(Exists(planned(self.run, part.model, "pk")))
        self.erase(part, list(going.order_by("pk").keys_only()))

    def _erase_parts(
        self,
        part: PersonalData,
        whole: type[models.Model],
        field: str,
        keys: Sequence[int],
    ) -> None:
        rows = there(part).filter(among(field, keys))
        parts = list(rows.order_by("pk").keys_only())
        if part.erase_of is None:
            self.erase(part, parts)
        elif parts:
            part.erase_of(whole, keys)
            self._done(part.model, parts)

    def _erase_by_own_step(self, declaration: PersonalData, keys: Sequence[int]) -> None:
        """Everything that goes with the same as these records, by the app's own step."""
        model = declaration.model
        rows: Any = model._default_manager.filter(among("pk", keys))
        wholes: dict[Any, set[int]] = {}
        for name in declaration.goes_with:
            found = rows.filter(**{f"{name}__isnull": False}).values_list(f"{name}_id", flat=True)
            wholes[model._meta.get_field(name).related_model] = set(found)
        for whole, of in wholes.items():
            if of and declaration.erase_of is not None:
                declaration.erase_of(whole, sorted(of))
        self._done(model, keys)

    def _release(
        self, child: PersonalData, field: str, model: type[models.Model], keys: Sequence[int]
    ) -> None:
        rows: Any = child.model._default_manager.filter(among(field, keys))
        released = list(rows.order_by("pk").keys_only())
        if not released:
            return
        self._log(Action.UPDATE, child, released)
        column = child.model._meta.get_field(field).column  # type: ignore[union-attr]
        self._call("privacy_let_go(%s, %s, %s, %s, %s)", model, keys, _kind(child.model).pk, column)

    def _destroy(self, declaration: PersonalData, keys: Sequence[int]) -> None:
        """Destroy what lies in the vault by its own step, which unlinks whom it concerned."""
        vault: Any = declaration.vault
        for link in ties_of(declaration.model).parts:
            rows: Any = link.model._default_manager.filter(among(link.field, keys))
            self._done(link.model, list(rows.keys_only()))
        is_over = self.run.kind == ErasureRun.Kind.RETENTION
        step = vault.expire if is_over else vault.erase
        for record in declaration.model._default_manager.filter(among("pk", keys)):
            step(record)
        self._done(declaration.model, keys)

    def _call(self, call: str, model: type[models.Model], keys: Sequence[int], *more: Any) -> None:
        """Have the database do it: its own functions, which do what is planned and nothing else.

        What they erase or reduce leaves the plan by that.
        """
        keys_sql(f"SELECT {call} AS records", [self.run.pk, _kind(model).pk, as_array(keys), *more])

    def _done(self, model: type[models.Model], keys: Sequence[int]) -> None:
        """What an app's own step did leaves the plan, in the same unit of work."""
        lines = PlannedErasure.objects.filter(run=self.run, kind=_kind(model))
        lines.filter(among("record", keys)).delete()
        self._count(model, keys)

    def _count(self, model: type[models.Model], keys: Sequence[int]) -> None:
        label = model._meta.label_lower
        self.erased[label] = self.erased.get(label, 0) + len(keys)

    # --- the log

    def _log(self, action: Action, declaration: PersonalData, keys: Sequence[int]) -> None:
        """A row for each record and each person whom it is about; one where it is about nobody."""
        persons, params = _persons(declaration, keys)
        record_set(
            action,
            f"SELECT w.subject, k.id AS object_id FROM unnest(%(log_keys)s::bigint[]) AS k(id)"
            f" LEFT JOIN ({persons}) AS w(id, subject) ON w.id = k.id",
            {**params, "log_keys": as_array(keys)},
            categories=declaration.all_categories,
            of=declaration.model,
        )

    def _subjects(self, declaration: PersonalData, keys: Sequence[int]) -> list[Any]:
        persons, params = _persons(declaration, keys)
        rows = keys_sql(f"SELECT w.subject FROM ({persons}) AS w(id, subject)", params)
        return [row["subject"] for row in rows]


def _persons(declaration: PersonalData, keys: Sequence[int]) -> tuple[str, dict[str, Any]]:
    """A query of ours for the key of each record with the public ID of each of its persons."""
    parts: list[str] = []
    params: dict[str, Any] = {}
    for path in declaration.subjects or ["pk"]:
        rows = declaration.model._default_manager.filter(among("pk", keys)).order_by()
        uuid = _uuid_of(declaration, path)
        if uuid is None:
            rows = rows.none().annotate(who=models.Value(None, models.UUIDField()))
            uuid = "who"
        chosen = models.QuerySet.values_list(rows.filter(**{f"{uuid}__isnull": False}), "pk", uuid)
        if chosen.query.is_empty():
            continue
        sql, values = chosen.query.sql_with_params()
        for value in values:
            name = f"log_p{len(params)}"
            params[name] = value
            sql = sql.replace("%s", f"%({name})s", 1)
        parts.append(sql)
    return " UNION ".join(parts) or "SELECT NULL::bigint, NULL::uuid", params


def _uuid_of(declaration: PersonalData, path: str) -> str | None:
    """The path to the public ID of the person at the end of a subject path."""
    if path == SELF:
        return "public_id"
    if path == "pk":
        return None
    here: Any = declaration.model
    for name in path.split("__"):
        step = here._meta.get_field(name)
        here = step.related_model
    return path if here is None else f"{path}__public_id"


def _kind(model: type[models.Model]) -> ContentType:
    return ContentType.objects.get_for_model(model)
