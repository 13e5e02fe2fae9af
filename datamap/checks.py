"""System checks: nothing is held that is not declared, and every declaration can be followed."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from datamap.declarations import SELF, PersonalData, registry


@register(Tags.models)
def check_declarations(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Every model and every field is declared, and every path leads where it says."""
    errors: list[CheckMessage] = []
    for model in apps.get_models(include_auto_created=True):
        declaration = registry.get(model)
        if declaration is not None:
            errors.extend(check_declaration(declaration))
        elif registry.is_impersonal(model):
            errors.extend(_check_outsider(model))
        else:
            errors.append(
                Error(
                    f"{model._meta.label} is not declared.",
                    hint="Declare it in its app's personal_data.py, or say why it holds none.",
                    id="datamap.E001",
                )
            )
    return errors


def check_declaration(declaration: PersonalData) -> Iterator[CheckMessage]:
    """What is wrong with one declaration."""
    yield from _check_fields(declaration)
    yield from _check_paths(declaration)
    yield from _check_links(declaration)
    yield from _check_steps(declaration)


def _check_fields(declaration: PersonalData) -> Iterator[CheckMessage]:
    model = declaration.model
    label = model._meta.label
    names = {f.name for f in (*model._meta.concrete_fields, *model._meta.local_many_to_many)}
    declared, other = set(declaration.fields), set(declaration.not_personal)
    for name in sorted(names - declared - other):
        yield Error(f"{label}.{name} is not declared.", id="datamap.E002")
    for name in sorted((declared | other) - names):
        yield Error(f"{label} has no field {name}, but it is declared.", id="datamap.E003")
    for name in sorted(declared & other):
        yield Error(f"{label}.{name} is declared as personal and not.", id="datamap.E004")
    for name, field in declaration.fields.items():
        if not (declaration.uses or field.uses):
            yield Error(f"{label}.{name} has no use (purpose and basis).", id="datamap.E008")
    if not declaration.erases_files:
        for name in _leading_to_files(declaration):
            yield Error(f"{label}.{name}: a file needs an erasure step.", id="datamap.E007")


def _leading_to_files(declaration: PersonalData) -> list[str]:
    """The fields that hold a file, or lead to one in the vault (a model with `is_vault_file`)."""
    found = [
        concrete.name
        for concrete in declaration.model._meta.concrete_fields
        if isinstance(concrete, models.FileField)
        or getattr(concrete.related_model, "is_vault_file", False)
    ]
    vault = declaration.vault
    return found if vault is None or vault.field in found else [*found, vault.field]


def _check_outsider(model: type[models.Model]) -> Iterator[CheckMessage]:
    """What is wrong with a model that is outside the register: it may not lead into it."""
    for field in model._meta.concrete_fields:
        if _leads_to_declared(field):
            yield Error(
                f"{model._meta.label}.{field.name} leads to personal data and is not declared.",
                hint="What leads to a record would keep it from being erased.",
                id="datamap.E011",
            )


def _leads_to_declared(field: Any) -> bool:
    return field.is_relation and registry.get(field.related_model) is not None


def _check_links(declaration: PersonalData) -> Iterator[CheckMessage]:
    """The links that go with, let go of, or need little of what they lead to."""
    label = declaration.model._meta.label
    leading = {
        field.name: field
        for field in declaration.model._meta.concrete_fields
        if _leads_to_declared(field)
    }
    for name in (*declaration.goes_with, *declaration.lets_go, *declaration.needs_little):
        if name not in leading:
            yield Error(f"{label}.{name} leads to no declared record.", id="datamap.E009")
        elif name in declaration.lets_go and not leading[name].null:
            yield Error(f"{label}.{name} cannot be emptied.", id="datamap.E010")
    for name in sorted(set(declaration.goes_early_with) - set(declaration.goes_with)):
        yield Error(f"{label} does not go with {name}, so not early either.", id="datamap.E012")
    for name in sorted(set(declaration.goes_with) & set(declaration.lets_go)):
        yield Error(f"{label} goes with {name} and lets go of it.", id="datamap.E012")
    for name in sorted(set(declaration.holds_while) - set(declaration.goes_with)):
        yield Error(f"{label} does not go with {name}, so it holds it anyway.", id="datamap.E012")
    going = {*declaration.goes_with, *declaration.lets_go} - set(declaration.holds_while)
    for name in sorted(set(declaration.needs_little) & going):
        yield Error(f"{label} does not hold {name}, so needs nothing of it.", id="datamap.E012")


def _check_steps(declaration: PersonalData) -> Iterator[CheckMessage]:
    """The steps of erasure, what remains in a reduced record, and what a period is set by."""
    model, label = declaration.model, declaration.model._meta.label
    if declaration.erases_files and declaration.vault is None and not declaration.before_erasing:
        yield Error(f"{label} erases files by no step.", id="datamap.E007")
    for name in sorted(set(declaration.reduces_to) - {f.name for f in model._meta.concrete_fields}):
        yield Error(f"{label} has no {name} to reduce.", id="datamap.E013")
    counted = [rule.after for rule in declaration.retention if rule.months_in_all]
    for after in sorted({after for after in counted if counted.count(after) > 1}):
        yield Error(f"{label} keeps after {after} by two rules.", id="datamap.E014")


def _check_paths(declaration: PersonalData) -> Iterator[CheckMessage]:
    model = declaration.model
    label = model._meta.label
    for path in declaration.subjects:
        if not leads_to_subject(model, path):
            yield Error(f"{label}: {path} does not lead to the data subject.", id="datamap.E005")
    for rule in declaration.retention:
        if not _is_path(model, rule.after):
            yield Error(f"{label}: there is no {rule.after} to keep after.", id="datamap.E006")
        if (rule.begins is None) != (not rule.since):
            yield Error(f"{label}: say what {rule.after} begins with.", id="datamap.E015")


def leads_to_subject(model: type[models.Model], path: str) -> bool:
    """Whether the path ends at the data subject's model, or at a UUID that names her."""
    if path == SELF:
        return True
    step = _follow(model, path)
    return isinstance(step, models.UUIDField) or step is registry.subject_model


def _is_path(model: type[models.Model], path: str) -> bool:
    return _follow(model, path) is not None


def _follow(model: type[models.Model], path: str) -> Any:
    """The model or the plain field at the end of the path; None where it breaks."""
    here: Any = model
    for name in path.split("__"):
        if isinstance(here, models.Field):
            return None
        try:
            step = here._meta.get_field(name)
        except FieldDoesNotExist:
            return None
        here = step.related_model if step.is_relation else step
    return here
