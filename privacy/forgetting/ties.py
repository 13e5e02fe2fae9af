"""How records hang together, from the declarations: what holds what, what goes with what.

A link from a declared model to another is one of three. It *holds* what it leads to, for as long
as its record stays; or its record *goes with* what it leads to; or it *lets go*, and is emptied.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from django.core.exceptions import ImproperlyConfigured
from django.db import models

from datamap.declarations import PersonalData, registry
from datamap.vocabulary import WrittenBy

Step = Callable[[Sequence[int]], object]


class Link(NamedTuple):
    """A foreign key from the records of one declared model to those of another."""

    model: type[models.Model]
    field: str


class Ties(NamedTuple):
    """What leads to the records of a model, by what becomes of it when they go."""

    holding: tuple[Link, ...]
    parts: tuple[Link, ...]
    loose: tuple[Link, ...]


def erasable() -> Iterator[PersonalData]:
    """The declared models whose records the engine erases one by one.

    What the database keeps itself goes by its triggers, and the log by whole months.
    """
    for declaration in registry:
        is_log = declaration.model._meta.app_label == "audit"
        if declaration.written_by is not WrittenBy.DATABASE and not is_log:
            yield declaration


@cache
def ties_of(model: type[models.Model]) -> Ties:
    """What leads to the records of this model."""
    found: dict[str, list[Link]] = {"holding": [], "parts": [], "loose": []}
    for declaration in erasable():
        for field in declaration.model._meta.concrete_fields:
            if field.is_relation and field.related_model is model:
                found[_kind(declaration, field.name)].append(Link(declaration.model, field.name))
    return Ties(**{kind: tuple(links) for kind, links in found.items()})


def _kind(declaration: PersonalData, name: str) -> str:
    if name in declaration.goes_with:
        return "parts"
    return "loose" if name in declaration.lets_go else "holding"


@cache
def holders_of(model: type[models.Model]) -> tuple[tuple[Link, str], ...]:
    """Every link that holds a record of the model, or a part of it, with the path back to it."""
    return tuple(_holders(model, model, ()))


def _holders(
    whole: type[models.Model], model: type[models.Model], way: tuple[str, ...]
) -> Iterator[tuple[Link, str]]:
    parts = {link.model for link in _all_parts(whole)}
    for link in ties_of(model).holding:
        if link.model not in parts:
            yield link, "__".join((link.field, *way))
    for link in ties_of(model).parts:
        yield from _holders(whole, link.model, (link.field, *way))


@cache
def holding_parts(model: type[models.Model]) -> tuple[Link, ...]:
    """The links of parts some of which hold a record of the model until their own time is over."""
    parts = ties_of(model).parts
    return tuple(link for link in parts if link.field in registry[link.model].holds_while)


def _all_parts(model: type[models.Model]) -> Iterator[Link]:
    for link in ties_of(model).parts:
        yield link
        yield from _all_parts(link.model)


def named(declaration: PersonalData) -> dict[str, None]:
    """The links by which a record may name a person and need not, as they are when emptied."""
    person, of_model = registry.subject_model, declaration.model._meta
    return {
        name: None
        for name in declaration.lets_go
        if of_model.get_field(name).related_model is person
    }


@cache
def steps_before(model: type[models.Model]) -> tuple[Step, ...]:
    """What is done before records of the model are erased; each step is given their keys."""
    own = registry[model].before_erasing
    saving = [one.saves_from[model] for one in registry if model in one.saves_from]
    return (*saving, *([] if own is None else [own]))


@cache
def in_order() -> tuple[PersonalData, ...]:
    """The models in the order in which a plan is made: first what holds, then what is held.

    Raises ImproperlyConfigured where records would hold each other.
    """
    waiting: dict[Any, set[Any]] = {declaration.model: set() for declaration in erasable()}
    for model, before in waiting.items():
        before.update(link.model for link, _path in holders_of(model))
        before.update(
            model._meta.get_field(name).related_model  # a part is planned after its whole
            for name in registry[model].goes_with
        )
        before.discard(model)
    found: list[PersonalData] = []
    while waiting:
        free = [model for model, before in waiting.items() if not before & waiting.keys()]
        if not free:
            names = ", ".join(sorted(model._meta.label for model in waiting))
            raise ImproperlyConfigured(f"These hold each other: {names}.")
        for model in free:
            found.append(registry[model])
            del waiting[model]
    return tuple(found)
