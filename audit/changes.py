"""The change log: each object created, changed or deleted, with personal values masked.

An object makes one row for each person whom it is about, as declared, and one row if it is about
nobody.

django-auditlog's registry connects the signals; the receivers are ours, since its own write a row
before the save has succeeded, miss bulk writes and show half of a masked value.
"""

from dataclasses import replace
from typing import Any

from auditlog.registry import AuditlogModelRegistry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.models import QuerySet
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save

from audit import context as access
from audit import log
from audit.context import UnrecordedWrite
from audit.gate import declaration_of
from audit.log import Action, Event
from datamap.declarations import SELF, PersonalData, registry

MASK = "***"


def _require_unit_of_work() -> access.AccessContext:
    context = access.require()
    if not connection.in_atomic_block:
        raise UnrecordedWrite("Personal data is written only inside a unit of work.")
    return context


def remember_old(sender: type[models.Model], instance: Any, raw: bool, **kwargs: Any) -> None:
    """Before a save: keep the row as it is, to say afterwards what changed.

    A row that this unit of work read under a lock is known; any other is read again, since
    somebody else may have saved it in between.
    """
    context = _require_unit_of_work()
    instance._old = None
    if instance._state.adding or instance.pk is None:
        return
    locked_by, values = getattr(instance, "_locked", (None, None))
    if locked_by is context and values is not None:
        instance._old = values
        return
    attributes = _attributes(type(instance))
    row = QuerySet(type(instance)).filter(pk=instance.pk).values_list(*attributes).first()
    instance._old = None if row is None else dict(zip(attributes, row, strict=True))


def record_saved(sender: type[models.Model], instance: Any, created: bool, **kwargs: Any) -> None:
    """After a save: the object's rows, with the fields that changed."""
    if created:
        record_created(instance)
        return
    context, old = _require_unit_of_work(), instance._old or {}
    update_fields = kwargs.get("update_fields")
    changes = {}
    for field in type(instance)._meta.concrete_fields:
        name = field.attname
        if name not in instance.__dict__ or not field.editable:
            continue  # what nobody edits (times, public ID) the database keeps
        if update_fields is not None and not {field.name, name} & set(update_fields):
            continue
        before, after = old.get(name), field.to_python(instance.__dict__[name])
        if before != after:
            changes[field.name] = [before, after]
    instance._old = None
    if "_locked" in instance.__dict__:
        instance._locked = (context, {**old, **instance.__dict__})
    if changes:
        _record(context, instance, Action.UPDATE, changes)
        former = _former_subject(declaration_of(instance), old, instance)
        if former is not None:
            instance._subjects = [{"person": former}]
            _record(context, instance, Action.UPDATE, changes)


def record_created(instance: models.Model) -> None:
    """The rows of an object that is new."""
    changes = {name: [None, value] for name, value in _values(instance).items()}
    _record(_require_unit_of_work(), instance, Action.CREATE, changes)


def before_delete(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    """Whose it was must be known before it is gone."""
    context = _require_unit_of_work()
    context.resolve_rows()
    context.resolve_keys()
    if sender is registry.subject_model:
        context.remember_person(instance.pk, instance.public_id)
    instance._subjects = _subjects(declaration_of(instance), instance)


def record_deleted(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    """The rows of an object that is gone."""
    changes = {name: [value, None] for name, value in _values(instance).items()}
    _record(_require_unit_of_work(), instance, Action.DELETE, changes)


def _values(instance: models.Model) -> dict[str, Any]:
    """What an object holds, by field; its keys stand in columns of their own."""
    return {
        field.name: instance.__dict__[field.attname]
        for field in type(instance)._meta.concrete_fields
        if not field.primary_key
        and field.name != "public_id"
        and instance.__dict__.get(field.attname) is not None
    }


def _record(
    context: access.AccessContext, instance: Any, action: Action, changes: dict[str, list[Any]]
) -> None:
    declaration = declaration_of(instance)
    event = Event(
        action=action,
        categories=tuple(sorted(declaration.categories_of(tuple(changes)))),
        content_type=ContentType.objects.get_for_model(instance).pk,
        object_id=instance.pk,
        changes={
            name: [_shown(declaration, name, value) for value in values]
            for name, values in changes.items()
        },
    )
    subjects = instance.__dict__.pop("_subjects", None) or _subjects(declaration, instance)
    for subject in subjects or [{}]:
        log.add_change(context, replace(event, **subject))


def _shown(declaration: PersonalData, name: str, value: Any) -> str | None:
    if value is None:
        return None
    return MASK if declaration.is_personal(name) else str(value)


def _subjects(declaration: PersonalData, instance: Any) -> list[dict[str, Any]]:
    """The data subjects of a changed object: all that its declared paths lead to.

    They are asked of the database only where a path leads over another object that is there.
    """
    from audit.subjects import subjects_of

    found: list[dict[str, Any]] = []
    for path in declaration.subjects:
        if path == SELF:
            found.append({"subject": instance.public_id})
            continue
        first, *more = path.split("__")
        field: Any = declaration.model._meta.get_field(first)
        column = getattr(field, "attname", None)  # rows that point here have no column here
        value = instance.__dict__.get(column)
        if column is not None and value is None:
            continue
        if more:
            subjects = subjects_of(declaration.model, [instance.pk]).get(instance.pk, ())
            return [{"subject": subject} for subject in sorted(subjects)]
        found.append({"person": value} if field.is_relation else {"subject": value})
    return found


def _former_subject(declaration: PersonalData, old: dict[str, Any], instance: Any) -> int | None:
    """Whose the object was before the change, where that was somebody else."""
    for path in declaration.subjects:
        if path == SELF or "__" in path:
            continue
        field: Any = declaration.model._meta.get_field(path)
        if field.is_relation and old.get(field.attname) not in (
            None,
            instance.__dict__.get(field.attname),
        ):
            return int(old[field.attname])
    return None


def _attributes(model: type[models.Model]) -> list[str]:
    return [f.attname for f in model._meta.concrete_fields]


changes_registry = AuditlogModelRegistry(
    create=False,
    update=False,
    delete=False,
    access=False,
    m2m=False,
    custom={
        pre_save: remember_old,
        post_save: record_saved,
        pre_delete: before_delete,
        post_delete: record_deleted,
    },
)


def follow_declared_models() -> None:
    """Record the changes of every declared model, the log itself left out."""
    for declaration in registry:
        if declaration.model._meta.label != "audit.LogEntry":
            changes_registry.register(declaration.model)
