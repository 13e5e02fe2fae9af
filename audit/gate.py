"""The gate: two nets under every read of a declared table.

The first net is in the models: whatever the ORM turns into instances or values is recorded with
its data subjects, or refused where they cannot be known. The second is on the connection: a
statement that touches a declared table outside an access context is refused, whatever made it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple, Self, TypeVar
from uuid import UUID

from django.db import DatabaseError, models
from django.db.models import QuerySet
from django.db.models.expressions import Col, Subquery
from django.db.models.query import (
    BaseIterable,
    FlatValuesListIterable,
    ModelIterable,
    NamedValuesListIterable,
    ValuesIterable,
    ValuesListIterable,
)
from django.db.models.sql import Query
from django.db.models.sql.datastructures import BaseTable
from django.db.models.utils import create_namedtuple_class

from audit import context as access
from audit.context import NoAccessContext, UnrecordedRead, UnrecordedWrite
from datamap.declarations import SELF, PersonalData, registry

M = TypeVar("M", bound=models.Model)


# --- what a row says about whom ------------------------------------------------------------------


class ReadPlan(NamedTuple):
    """How rows with certain columns are recorded: positions of keys, and the categories shown.

    `by_row` is for subjects further away than one step: the position of the step's first key
    (nothing to look up where it is null), or None where that column was not loaded.
    """

    model: type[models.Model]
    categories: frozenset[str]
    row_key: int
    own_uuid: int | None
    is_subject: bool
    person_keys: tuple[int, ...]
    uuids: tuple[int, ...]
    by_row: tuple[int | None, ...]

    def record(self, values: Sequence[Any]) -> None:
        """Record one row; the column values stand at the plan's positions."""
        context = access.require()
        if not self.categories:
            return
        if self.is_subject:
            uuid = None if self.own_uuid is None else values[self.own_uuid]
            context.saw_person(values[self.row_key], uuid, self.categories)
        for position in self.person_keys:
            if values[position] is not None:
                context.saw_person(values[position], None, self.categories)
        for position in self.uuids:
            if values[position] is not None:
                context.saw_subject(_as_uuid(values[position]), self.categories)
        for step in self.by_row:
            if step is None or values[step] is not None:
                context.saw_row(self.model, values[self.row_key], self.categories)


def _key_of(model: type[models.Model]) -> str:
    """The attribute of the primary key; every model that is not abstract has one."""
    key: Any = model._meta.pk
    return str(key.attname)


def _as_uuid(value: UUID | str) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


@cache
def read_plan(model: type[models.Model], columns: tuple[str, ...]) -> ReadPlan:
    """The plan for rows of the model with these attributes loaded."""
    declaration = registry[model]
    person_keys: list[int] = []
    uuids: list[int] = []
    by_row: list[int | None] = []
    position: int | None
    for path in declaration.subjects:
        if path == SELF:
            continue
        step, _, further = path.partition("__")
        field: Any = model._meta.get_field(step)
        attribute = getattr(field, "attname", None)  # a reverse relation has no column here
        position = columns.index(attribute) if attribute in columns else None
        if further or position is None:
            by_row.append(position)
        elif field.is_relation:
            person_keys.append(position)
        else:
            uuids.append(position)
    is_subject = SELF in declaration.subjects
    return ReadPlan(
        model=model,
        categories=declaration.categories_of(columns),
        row_key=columns.index(_key_of(model)),
        own_uuid=columns.index("public_id") if is_subject and "public_id" in columns else None,
        is_subject=is_subject,
        person_keys=tuple(person_keys),
        uuids=tuple(uuids),
        by_row=tuple(by_row),
    )


# --- the first net: models and their query sets ---------------------------------------------------


class RecordedModelIterable(ModelIterable):  # type: ignore[type-arg]
    """Instances; `from_db` records them, this looks after what is annotated beside them."""

    def __iter__(self) -> Iterator[Any]:
        query = self.queryset.query
        joined = _joined_categories(self.queryset, list(query.annotation_select.values()))
        if joined:
            plan = read_plan(self.queryset.model, _all_columns(self.queryset.model))
        for instance in super().__iter__():
            if joined:
                plan._replace(categories=joined).record(
                    [instance.__dict__.get(name) for name in _all_columns(type(instance))]
                )
            if query.select_for_update:
                instance._locked = (access.current(), dict(instance.__dict__))
            yield instance


def _all_columns(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)


class _RecordedValues(BaseIterable):  # type: ignore[type-arg]
    """Values of any shape, with the keys of their subjects read along and recorded."""

    plain: type[Any]

    def shape(self, names: list[str]) -> Callable[[Sequence[Any]], Any]:
        raise NotImplementedError

    def __iter__(self) -> Iterator[Any]:
        queryset: Any = self.queryset
        if queryset._recording != RECORDED:
            plain: Any = self.plain(
                queryset, chunked_fetch=self.chunked_fetch, chunk_size=self.chunk_size
            )
            values: Iterator[Any] = iter(plain)
            return values
        return self._recorded(queryset)

    def _recorded(self, queryset: Any) -> Iterator[Any]:
        query: Query = queryset.query
        if query.combinator or query.distinct or query.group_by is not None or query.extra_select:
            raise UnrecordedRead(
                "A grouped, distinct or combined read has no data subjects; use .statistics()."
            )
        access.require()
        model = queryset.model
        names = list(query.selected or [*query.values_select, *query.annotation_select])
        own = frozenset(
            category
            for expression in query.select
            if isinstance(expression, Col) and expression.alias == query.base_table
            for category in registry[model].categories_of((expression.target.attname,))
        )
        expressions = [*query.select, *query.annotation_select.values()]
        own |= _own_annotated(query, model)
        categories = own | _joined_categories(queryset, expressions)
        columns = _key_columns(model)
        query = query.chain()
        for column in columns:
            query.add_annotation(models.F(column), f"_recorded_{column}", select=True)
        plan = read_plan(model, columns)._replace(categories=categories)
        shape = self.shape(names)
        width = len(names)
        compiler = query.get_compiler(queryset.db)
        for row in compiler.results_iter(
            chunked_fetch=self.chunked_fetch, chunk_size=self.chunk_size
        ):
            plan.record(row[width:])
            yield shape(row[:width])


class RecordedValuesIterable(_RecordedValues):
    plain = ValuesIterable

    def shape(self, names: list[str]) -> Callable[[Sequence[Any]], Any]:
        return lambda row: dict(zip(names, row, strict=True))


class RecordedValuesListIterable(_RecordedValues):
    plain = ValuesListIterable

    def shape(self, names: list[str]) -> Callable[[Sequence[Any]], Any]:
        return tuple


class RecordedFlatIterable(_RecordedValues):
    plain = FlatValuesListIterable

    def shape(self, names: list[str]) -> Callable[[Sequence[Any]], Any]:
        return lambda row: row[0]


class RecordedNamedIterable(_RecordedValues):
    plain = NamedValuesListIterable

    def shape(self, names: list[str]) -> Callable[[Sequence[Any]], Any]:
        return create_namedtuple_class(*names)._make


_RECORDED_ITERABLES: dict[type[Any], type[Any]] = {
    ValuesIterable: RecordedValuesIterable,
    ValuesListIterable: RecordedValuesListIterable,
    FlatValuesListIterable: RecordedFlatIterable,
    NamedValuesListIterable: RecordedNamedIterable,
}

RECORDED, KEYS_ONLY, STATISTICS = "recorded", "keys only", "statistics"


class RecordedQuerySet(QuerySet[M]):
    """A query set that records whose data it yields, and refuses what it cannot record."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._iterable_class = RecordedModelIterable
        self._recording = RECORDED

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone._recording = self._recording
        return clone

    def _values(self, *fields: Any, **expressions: Any) -> Self:
        if self._recording == KEYS_ONLY:
            raise UnrecordedRead("keys_only() has chosen its columns already.")
        return super()._values(*fields, **expressions)  # type: ignore[misc,no-any-return]

    def values(self, *fields: Any, **expressions: Any) -> Any:
        return self._recorded_iterable(super().values(*fields, **expressions))

    def values_list(self, *fields: Any, **kwargs: Any) -> Any:
        return self._recorded_iterable(super().values_list(*fields, **kwargs))

    def _recorded_iterable(self, clone: Any) -> Any:
        clone._iterable_class = _RECORDED_ITERABLES[clone._iterable_class]
        return clone

    def _fetch_all(self) -> None:
        if self._result_cache is None and self._recording == STATISTICS:
            _refuse_personal_statistics(self)
        super()._fetch_all()

    def _iterator(self, use_chunked_fetch: bool, chunk_size: int | None) -> Iterator[Any]:
        if self._recording == STATISTICS:
            _refuse_personal_statistics(self)
        return super()._iterator(use_chunked_fetch, chunk_size)  # type: ignore[misc,no-any-return]

    def keys_only(self) -> Any:
        """The primary keys and nothing else: for existence, has-more and foreign-key choices."""
        clone = self.values_list("pk", flat=True)
        clone._recording = KEYS_ONLY
        return clone

    def statistics(self) -> Self:
        """Allow grouping and counting; no personal field may be selected."""
        clone = self._chain()  # type: ignore[attr-defined]
        clone._recording = STATISTICS
        return clone  # type: ignore[no-any-return]

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Aggregates of anything but personal fields; counting is always allowed."""
        query = self.query.chain()
        for number, aggregate in enumerate([*args, *kwargs.values()]):
            resolved = aggregate.resolve_expression(query, allow_joins=True, summarize=False)
            if not isinstance(resolved, models.Count) and _personal_columns(query, resolved):
                raise UnrecordedRead(f"Aggregate {number + 1} would disclose a personal value.")
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        raise UnrecordedWrite("update() leaves no rows in the log; save the objects.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        raise UnrecordedWrite("bulk_update() leaves no rows in the log; save the objects.")

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> list[M]:
        """Create many at once, each with its row in the log."""
        from audit.changes import record_created

        if kwargs.get("ignore_conflicts") or kwargs.get("update_conflicts"):
            raise UnrecordedWrite("Which rows were written would not be known.")
        created: list[M] = super().bulk_create(objs, *args, **kwargs)
        for instance in created:
            record_created(instance)
        return created


def _key_columns(model: type[models.Model]) -> tuple[str, ...]:
    """The columns that say whose a row is: its key, and those of its direct subjects."""
    columns = [_key_of(model)]
    for path in registry[model].subjects:
        field: Any = model._meta.get_field("public_id" if path == SELF else path.split("__")[0])
        if hasattr(field, "attname"):
            columns.append(field.attname)
    return tuple(columns)


def _own_annotated(query: Query, model: type[models.Model]) -> frozenset[str]:
    """Categories of the model's own columns that annotations show."""
    return frozenset(
        category
        for expression in query.annotation_select.values()
        for alias, field in _personal_columns(query, expression)
        if alias == query.base_table
        for category in registry[model].categories_of((field.attname,))
    )


def _personal_columns(query: Query, expression: Any) -> list[tuple[str, Any]]:
    """The personal columns an expression shows, each with its table's alias in the query."""
    found: list[tuple[str, Any]] = []
    for part in _flatten(expression):
        if isinstance(part, Col):
            declaration = registry.get(part.target.model)
            if declaration is not None and declaration.is_personal(part.target.attname):
                found.append((part.alias, part.target))
        elif isinstance(part, Subquery | Query):
            inner = part.query if isinstance(part, Subquery) else part
            for inside in [*inner.select, *inner.annotation_select.values()]:
                if _personal_columns(inner, inside) and not isinstance(part, models.Exists):
                    found.append(("", None))
    return found


def _flatten(expression: Any) -> Iterator[Any]:
    if isinstance(expression, Query | Subquery):
        yield expression
    elif hasattr(expression, "get_source_expressions"):
        yield expression
        for source in expression.get_source_expressions():
            if source is not None:
                yield from _flatten(source)


def _joined_categories(queryset: Any, expressions: list[Any]) -> frozenset[str]:
    """Categories of joined personal columns about the same subject; raises for another's."""
    query: Query = queryset.query
    found: set[str] = set()
    for expression in expressions:
        for alias, field in _personal_columns(query, expression):
            if field is None:
                raise UnrecordedRead("A subquery would show personal data of unknown persons.")
            if alias == query.base_table:
                continue
            if not _about_the_same_subject(query, alias, queryset.model):
                raise UnrecordedRead(
                    f"{field.model._meta.label}.{field.name} is about another person than the "
                    f"{queryset.model._meta.label} it is read with."
                )
            found |= registry[field.model].categories_of((field.attname,))
    return frozenset(found)


def _about_the_same_subject(query: Query, alias: str, model: type[models.Model]) -> bool:
    """Whether the joined row's only subject is one that the base row is recorded for."""
    steps: list[Any] = []
    join = query.alias_map[alias]
    while not isinstance(join, BaseTable):
        steps.append(join.join_field)
        join = query.alias_map[join.parent_alias]
    steps.reverse()
    path = "__".join(step.name for step in steps)
    if path in registry[model].subjects:
        return True
    if len(steps) == 1 and registry.subject_model is model and steps[0].auto_created:
        return list(registry[steps[0].related_model].subjects) == [steps[0].field.name]
    return False


def _refuse_personal_statistics(queryset: Any) -> None:
    query: Query = queryset.query
    access.require()
    if queryset._iterable_class is RecordedModelIterable:
        raise UnrecordedRead("statistics() yields values, not objects: name them in values().")
    for expression in [*query.select, *query.annotation_select.values()]:
        if not isinstance(expression, models.Count) and _personal_columns(query, expression):
            raise UnrecordedRead("statistics() may select no personal field.")


class RecordedModel(models.Model):
    """The base of every model that holds personal data: reading an instance is recorded."""

    objects = RecordedQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def __str__(self) -> str:
        """The key: screens use `display_name`, so that no log line names anybody."""
        return f"{self._meta.label} {self.pk}"

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any, **more: Any) -> Self:
        read_plan(cls._meta.concrete_model, tuple(field_names)).record(values)
        return super().from_db(db, field_names, values, **more)


# --- the second net: the connection ---------------------------------------------------------------


@cache
def _declared_tables() -> re.Pattern[str]:
    tables = sorted((re.escape(declaration.table) for declaration in registry), key=len)
    return re.compile(rf"\b(?:{'|'.join(reversed(tables))})\b")


_DEFINES = re.compile(
    r"(?:\s|--[^\n]*\n)*"
    r"(?:SET CONSTRAINTS|CREATE|ALTER|DROP|COMMENT|GRANT|REVOKE|ANALYZE|TRUNCATE)\b",
    re.I,
)


def refuse_outside_context(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """An execute wrapper: outside an access context no statement may name a declared table.

    The owner's statements that define things (migrations) read nothing and pass. An error of
    the database leaves without the values that it quotes.
    """
    if access.current() is None:
        text = sql if isinstance(sql, str) else sql.as_string(context["connection"].connection)
        if _declared_tables().search(text) and not (
            context["connection"].alias == "owner" and _DEFINES.match(text)
        ):
            raise NoAccessContext("A statement on personal data outside an access context.")
    try:
        return execute(sql, params, many, context)
    except DatabaseError as error:
        for raised in (error, error.__cause__):
            if raised is not None and raised.args:
                raised.args = (_without_values(str(raised.args[0])),)
        raise


def _without_values(message: str) -> str:
    """The first line of the database's message: its DETAIL quotes the row, values and all."""
    return message.split("\n", 1)[0]


def install(sender: Any, connection: Any, **kwargs: Any) -> None:
    """Put the second net on a new connection (receiver of `connection_created`)."""
    if refuse_outside_context not in connection.execute_wrappers:
        connection.execute_wrappers.append(refuse_outside_context)


def declaration_of(instance: models.Model) -> PersonalData:
    """The declaration of an instance's model."""
    return registry[instance._meta.concrete_model or type(instance)]
