"""What one unit of work erases: records with their parts, each logged, by the database itself."""

import json
from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists

from audit.log import Action
from audit.sets import record_set
from audit.sql import keys_sql
from datamap.declarations import SELF, PersonalData, registry
from privacy.forgetting import ledger
from privacy.forgetting.keys import among, as_array
from privacy.forgetting.planning import early_parts, planned, there
from privacy.forgetting.ties import Link, named, steps_before, ties_of
from privacy.models import ErasureRun, PlannedErasure

Counts = dict[str, int]


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
        self._call(
            "privacy_let_go(%s, %s, %s, %s, %s)", model, keys, kind_of(child.model).pk, column
        )

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
        keys_sql(
            f"SELECT {call} AS records", [self.run.pk, kind_of(model).pk, as_array(keys), *more]
        )

    def _done(self, model: type[models.Model], keys: Sequence[int]) -> None:
        """What an app's own step did leaves the plan, in the same unit of work."""
        lines = PlannedErasure.objects.filter(run=self.run, kind=kind_of(model))
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


def _turn(part: Link) -> int:
    return step_of(part.model)


def step_of(model: type[models.Model]) -> int:
    """The turn in which a model goes: what has parts goes last.

    A step of an app's own may need it (marketing the numbers); what such a step takes along goes
    before it, by itself.
    """
    if registry[model].erase_of is not None:
        return 1
    return 2 if ties_of(model).parts else 0


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


def kind_of(model: type[models.Model]) -> ContentType:
    """The content type by which a plan names the records of a model."""
    return ContentType.objects.get_for_model(model)
