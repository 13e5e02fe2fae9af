"""The plan of a run: what is done with each record, made in the database set by set.

A record goes when it has had its time by the shortest of its rules and nothing that stays holds
it; its parts go with it. What a hold, a restriction or an open request protects stays, and so does
what that holds.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from audit.sql import run_sql
from datamap.declarations import LAST_REASON, PersonalData, registry
from datamap.periods import Periods
from privacy.forgetting.periods import is_due
from privacy.forgetting.protecting import protected
from privacy.forgetting.ties import Link, holders_of, holding_parts, in_order, ties_of
from privacy.models import ErasureRun, PlannedErasure

ERASE, REDUCE, HELD = (
    PlannedErasure.Action.ERASE,
    PlannedErasure.Action.REDUCE,
    PlannedErasure.Action.HELD,
)


@dataclass(frozen=True)
class Scope(ABC):
    """Which records a run asks about, and when they have had their time."""

    @abstractmethod
    def due(self, declaration: PersonalData) -> Q | None:
        """The records of a model that are to go; None where none is."""

    def lets_go(self, declaration: PersonalData) -> Q | None:
        """The records that let go of a person who stays; None where none does."""
        return None

    def is_restriction_kept(self) -> bool:
        """Whether a restriction keeps what the run would erase (Art. 18(2))."""
        return True

    def keeps_who_asks(self) -> bool:
        """Whether whoever waits for the answer to a request of hers is kept until she has it."""
        return False

    def parts_hold(self) -> bool:
        """Whether parts may hold what they go with (`holds_while`): not against a request."""
        return False

    def takes_all_of_hers(self) -> bool:
        """Whether a kind's own step of erasure takes all that lead to the same, not single ones."""
        return False


@dataclass(frozen=True)
class Due(Scope):
    """The nightly run: whatever has had its time by a day."""

    day: date
    periods: Periods

    def due(self, declaration: PersonalData) -> Q | None:
        return is_due(declaration, self.day, self.periods)

    def keeps_who_asks(self) -> bool:
        return True

    def parts_hold(self) -> bool:
        return True


def make_plan(run: ErasureRun, scope: Scope) -> None:
    """Write down what the run is to do with each record that is due; needs a unit of work."""
    run_sql("SET LOCAL statement_timeout = 0")
    for declaration in in_order():
        _plan_due(run, declaration, scope)
        _plan_parts(run, declaration, scope)
        _mark_held(run, declaration, scope)


def _plan_due(run: ErasureRun, declaration: PersonalData, scope: Scope) -> None:
    due, released = scope.due(declaration), scope.lets_go(declaration)
    if due is not None:
        rows = there(declaration).filter(due)
        _insert(run, declaration, unheld(rows, run, declaration, scope), ERASE)
        if declaration.reduces_to:
            others = reducible(rows, run, declaration, scope)  # what nothing holds is planned now
            _insert(run, declaration, unreduced(others, declaration), REDUCE)
    if released is not None:
        _insert(run, declaration, there(declaration).filter(released), REDUCE)


def _plan_parts(run: ErasureRun, declaration: PersonalData, scope: Scope) -> None:
    for name in declaration.goes_with:
        whole: Any = declaration.model._meta.get_field(name).related_model
        gone = planned(run, whole, f"{name}_id", ERASE)
        _insert(run, declaration, there(declaration).filter(Exists(gone)), ERASE)
    # Of what is decided about by itself, what is to stay stays with what is reduced.
    which = scope.due(declaration) if scope.takes_all_of_hers() else Q()
    for name in declaration.goes_early_with if which is not None else ():
        whole = declaration.model._meta.get_field(name).related_model
        reduced = planned(run, whole, f"{name}_id", REDUCE)
        _insert(run, declaration, there(declaration).filter(Exists(reduced)).filter(which), ERASE)


def _mark_held(run: ErasureRun, declaration: PersonalData, scope: Scope) -> None:
    """What is protected stays, whatever its time; a part by itself only as its whole does."""
    kind = ContentType.objects.get_for_model(declaration.model)
    lines = PlannedErasure.objects.filter(run=run, kind=kind)
    rows = protected(declaration, run.as_of, scope).filter(pk__in=lines.values("record"))
    try:
        chosen, params = _keys(rows).query.sql_with_params()
    except EmptyResultSet:
        return  # no path leads from such a record to anybody who could be protected
    # An array is made once. Of a plan that has just been made nothing is known but its size, and
    # a subquery would be run for each of its lines.
    run_sql(
        "UPDATE privacy_plannederasure SET action = %s"
        f" WHERE run_id = %s AND kind_id = %s AND record = ANY (ARRAY({chosen}))",
        [HELD, run.pk, kind.pk, *params],
    )


# --- which records --------------------------------------------------------------------------------


def there(declaration: PersonalData) -> Any:
    """The records of a model that there is something to erase of."""
    rows: Any = declaration.model._default_manager.all()
    if declaration.vault is not None:
        rows = rows.filter(**{f"{declaration.vault.field}__wrapped_key__isnull": False})
    return rows


def unheld(rows: Any, run: ErasureRun, declaration: PersonalData, scope: Scope) -> Any:
    """Those of them that nothing which stays holds, themselves or by a part of theirs.

    Of what lies in the vault the file goes and the line remains, so nothing need hold it.
    """
    if declaration.vault is not None:
        return rows
    for _link, holders in _holders(run, declaration, scope):
        rows = rows.exclude(Exists(holders))
    return rows


def held(rows: Any, run: ErasureRun, declaration: PersonalData, scope: Scope) -> Any:
    """Those of them that something which stays holds."""
    by_any = Q()
    for _kind, holds in holding(run, declaration, scope):
        by_any |= holds
    return rows.filter(by_any) if by_any else rows.none()


def holding(run: ErasureRun, declaration: PersonalData, scope: Scope) -> Iterator[tuple[str, Q]]:
    """For each kind of record by which something that stays holds a record: which it holds."""
    for link, holders in _holders(run, declaration, scope):
        yield link.model._meta.label_lower, Q(Exists(holders))


def _holders(
    run: ErasureRun, declaration: PersonalData, scope: Scope
) -> Iterator[tuple[Link, Any]]:
    """Each link that holds records of a model, with what stays and holds an outer one by it."""
    for link, path in holders_of(declaration.model):
        yield link, _staying(run, link, path)
    for link in holding_parts(declaration.model) if scope.parts_hold() else ():
        yield link, _still_holding(run, link, scope)


def complete(rows: Any, run: ErasureRun, declaration: PersonalData) -> Any:
    """Those of them whose parts are all planned too: none has been added since."""
    for link in ties_of(declaration.model).parts:
        rows = rows.exclude(Exists(_staying(run, link, link.field)))
    return rows


def reducible(rows: Any, run: ErasureRun, declaration: PersonalData, scope: Scope) -> Any:
    """Those of them that are not needed as a whole by anything which stays.

    A person whose last reason counts has had her time when only reduced records hold her, those
    that have had theirs too, and such as need little of her.
    """
    is_last = any(rule.ends_with == LAST_REASON for rule in declaration.retention)
    for link, holders in _holders(run, declaration, scope):
        by = registry[link.model]
        if is_last and link.field not in by.needs_little:
            over = scope.due(by) if by.reduces_to else None
            if over is not None:
                reduced = reducible(there(by).filter(over), run, by, scope)
                reduced = reduced.exclude(_is_planned(run, link.model, HELD))
                holders = holders.exclude(_by_itself(reduced.filter(pk=OuterRef("pk"))))
            rows = rows.exclude(Exists(holders))
        elif by.needs_all is not None:
            rows = rows.exclude(Exists(holders.filter(by.needs_all)))
    return rows


def unreduced(rows: Any, declaration: PersonalData) -> Any:
    """Those of them that hold more than what remains in a reduced record."""
    more = ~Q(**declaration.reduces_to)
    for link in early_parts(declaration):
        more |= Q(Exists(there(registry[link.model]).filter(**{link.field: OuterRef("pk")})))
    return rows.filter(more)


def early_parts(declaration: PersonalData) -> list[Link]:
    """What goes already when a record of the model is reduced."""
    parts = ties_of(declaration.model).parts
    return [link for link in parts if link.field in registry[link.model].goes_early_with]


def planned(run: ErasureRun, model: type[models.Model], key: str, *how: str) -> Any:
    """The line of the plan by which a record goes; `key` is the outer column that names it."""
    return PlannedErasure.objects.filter(
        run=run,
        kind=ContentType.objects.get_for_model(model),
        record=OuterRef(key),
        action__in=how or [ERASE],
    )


def _staying(run: ErasureRun, link: Link, path: str) -> Any:
    rows = there(registry[link.model]).filter(**{path: OuterRef("pk")})
    return rows.exclude(_is_planned(run, link.model, ERASE))


def _still_holding(run: ErasureRun, link: Link, scope: Scope) -> Any:
    """The parts that hold an outer record by themselves: they are planned only after it."""
    by = registry[link.model]
    rows = _staying(run, link, link.field).filter(by.holds_while[link.field])
    due = scope.due(by)
    if due is None:
        return rows
    return rows.exclude(_by_itself(there(by).filter(due, pk=OuterRef("pk"))))


def _is_planned(run: ErasureRun, model: type[models.Model], action: str) -> Any:
    return _by_itself(planned(run, model, "pk", action))


def _by_itself(rows: Any) -> Any:
    """Whether there are such rows, asked of each record by itself or of a table made once.

    As a join it would be put into a wrong order: of a plan that has just been made the database
    knows nothing but the size.
    """
    return Coalesce(Exists(rows), Value(value=False))


# --- writing it -----------------------------------------------------------------------------------


def _keys(rows: Any) -> Any:
    """The keys of the rows as a subquery; nobody is shown."""
    return rows.order_by().keys_only()


def _insert(run: ErasureRun, declaration: PersonalData, rows: Any, action: str) -> None:
    chosen, params = _keys(rows).query.sql_with_params()
    kind = ContentType.objects.get_for_model(declaration.model)
    run_sql(
        "INSERT INTO privacy_plannederasure (run_id, kind_id, record, action)"
        f" SELECT %s, %s, chosen.id, %s FROM ({chosen}) AS chosen(id)"
        " ON CONFLICT (run_id, kind_id, record) DO NOTHING",
        [run.pk, kind.pk, action, *params],
    )


def counted(run: ErasureRun) -> dict[str, dict[str, int]]:
    """How many records of each kind the plan names, by what is done with them."""
    rows = (
        PlannedErasure.objects.filter(run=run)
        .values_list("kind", "action")
        .annotate(models.Count("id"))
        .order_by("kind", "action")
    )
    found: dict[str, dict[str, int]] = {}
    for kind, action, number in rows:
        model: Any = ContentType.objects.get_for_id(kind).model_class()
        found.setdefault(model._meta.label_lower, {})[action] = number
    return found
