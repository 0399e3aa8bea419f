"""Paths of fields from one model to another, resolved and checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model, Q
from django.db.models.constants import LOOKUP_SEP

from ..errors import DeclarationError


@dataclass(frozen=True, slots=True)
class Step:
    """One column on a path: the field, and the model on whose table it stands."""

    model: type[Model]
    field: Field[Any, Any]
    rest: str
    """The path from this model on, this field included."""


def steps(model: type[Model], path: str, *, source: str) -> tuple[Step, ...]:
    """Resolve a path of forward foreign keys that may end in a plain column.

    Raises:
        DeclarationError: a name on it is no column, or it crosses a many-to-many field.

    """
    found: list[Step] = []
    names = path.split(LOOKUP_SEP)
    for index, name in enumerate(names):
        field = column(model, name, source=source, path=path)
        found.append(Step(model, field, LOOKUP_SEP.join(names[index:])))
        if index + 1 < len(names):
            model = _target(field, source=source, path=path)
    return tuple(found)


def column(model: type[Model], name: str, *, source: str, path: str) -> Field[Any, Any]:
    """Return a concrete column of a model by its name.

    Raises:
        DeclarationError: there is none of that name.

    """
    try:
        field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    except FieldDoesNotExist:
        field = None
    if isinstance(field, Field) and field.column is not None and not field.many_to_many:
        return field
    known = ", ".join(sorted(f.name for f in model._meta.concrete_fields))
    raise DeclarationError(
        f"Source {source}: {name!r} in {path!r} is no column of {model._meta.label}. "
        f"It has: {known}."
    )


def _target(field: Field[Any, Any], *, source: str, path: str) -> type[Model]:
    if field.is_relation and field.related_model is not None:
        return field.related_model
    raise DeclarationError(
        f"Source {source}: {field.name!r} in {path!r} is no foreign key, so nothing lies behind it."
    )


def condition_paths(condition: Q | None) -> Iterator[tuple[str, Any]]:
    """Yield the path and the value of every comparison in a condition, lookups included."""
    for child in condition.children if condition is not None else ():
        if isinstance(child, Q):
            yield from condition_paths(child)
        elif isinstance(child, tuple):
            yield child[0], child[1]
        else:
            raise DeclarationError(
                f"where= may hold comparisons of columns with values only, not {child!r}."
            )


def condition_columns(model: type[Model], condition: Q | None, *, source: str) -> Iterator[str]:
    """Yield the paths of a condition without their lookups (``age__gte`` gives ``age``)."""
    for path, _ in condition_paths(condition):
        names = path.split(LOOKUP_SEP)
        kept: list[str] = []
        current: type[Model] | None = model
        for name in names:
            if current is None:
                break
            field = column(current, name, source=source, path=path)
            kept.append(name)
            current = field.related_model if field.is_relation else None
            if current is not None and _is_lookup(current, names, len(kept)):
                break
        yield LOOKUP_SEP.join(kept)


def _is_lookup(model: type[Model], names: list[str], index: int) -> bool:
    if index >= len(names):
        return True
    fields = {field.name for field in model._meta.concrete_fields} | {"pk"}
    return names[index] not in fields and index == len(names) - 1
