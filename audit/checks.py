"""System checks: no declared model can be reached around the gate."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import models

from audit.gate import RecordedModel, RecordedQuerySet
from datamap.declarations import registry


@register(Tags.models)
def check_gate(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every declared model goes through the gate, and nothing else leads to one."""
    return [*_declared_are_recorded(), *_only_recorded_point_there(), *_two_roles()]


def _declared_are_recorded() -> Iterator[CheckMessage]:
    for declaration in registry:
        model = declaration.model
        label = model._meta.label
        if not issubclass(model, RecordedModel):
            yield Error(f"{label} must inherit RecordedModel.", id="audit.E001")
        managers = [*model._meta.managers, model._base_manager]
        if not all(isinstance(m.get_queryset(), RecordedQuerySet) for m in managers):
            yield Error(f"{label}: each manager needs a RecordedQuerySet.", id="audit.E002")
        if model._meta.local_many_to_many:
            yield Error(f"{label}: make many-to-many a model of its own.", id="audit.E003")


def _only_recorded_point_there() -> Iterator[CheckMessage]:
    declared = {declaration.model for declaration in registry}
    for model in apps.get_models(include_auto_created=True):
        if model in declared:
            continue
        for field in model._meta.get_fields():
            if (
                isinstance(field, models.ForeignKey | models.ManyToManyField)
                and field.related_model in declared
            ):
                yield Error(
                    f"{model._meta.label}.{field.name} points at personal data around the gate.",
                    id="audit.E004",
                )


def _two_roles() -> Iterator[CheckMessage]:
    owner = settings.DATABASES.get("owner")
    if owner and owner.get("USER") == settings.DATABASES["default"].get("USER"):
        yield Error("The site must not connect as the owner of its tables.", id="audit.E005")
