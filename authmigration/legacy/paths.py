"""Paths of fields from one model to another, resolved and checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model, Q
from django.db.models.constants import LOOKUP_SEP
from django.db.models.functions import Now

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


def plain_field(model: type[Model], path: str, *, source: str) -> Field[Any, Any]:
    """Return the column whose values stand at the end of a path, behind every foreign key.

    Raises:
        DeclarationError: see :func:`steps`.

    """
    field = steps(model, path, source=source)[-1].field
    while field.is_relation:
        field = field.target_field  # type: ignore[attr-defined]
    return field


def key_path(model: type[Model], path: str, *, source: str) -> str:
    """Return a path that ends at a primary key, where it ends at a foreign key.

    A foreign key with ``to_field`` holds another column of what it points at, which names nobody.

    Raises:
        DeclarationError: see :func:`steps`.

    """
    last = steps(model, path, source=source)[-1].field
    return path if points_at_key(last) else f"{path}{LOOKUP_SEP}pk"


def points_at_key(field: Field[Any, Any]) -> bool:
    """Whether a column holds the primary key of what it points at, if it points at anything."""
    return not field.is_relation or bool(field.target_field.primary_key)  # type: ignore[attr-defined]


def condition_paths(condition: Q | None) -> Iterator[tuple[str, Any]]:
    """Yield the path and the value of every comparison in a condition, lookups included.

    Raises:
        DeclarationError: it compares with something that is read from a row: no trigger watches
            what is not on the left of a comparison.

    """
    for child in condition.children if condition is not None else ():
        if isinstance(child, Q):
            yield from condition_paths(child)
        elif isinstance(child, tuple) and _is_value(child[1]):
            yield child[0], child[1]
        else:
            shown = f"{child[0]}={_kind(child[1])}" if isinstance(child, tuple) else _kind(child)
            raise DeclarationError(
                f"where= may hold comparisons of columns with values only, not {shown}."
            )


def _kind(value: object) -> str:
    return f"a {type(value).__name__}"  # the text of a queryset is the answer of the database


def _is_value(given: object) -> bool:
    # Now() is refused with the dates, where the error says what to write instead. What can be
    # gone through but once would hold nothing the second time.
    if isinstance(given, Iterator):
        return False
    return isinstance(given, Now) or not hasattr(given, "resolve_expression")


def condition_text(condition: Q | None) -> str:
    """Return a condition as text, the same in every process: a set has no order of its own."""
    if condition is None:
        return ""
    joined = f" {condition.connector} ".join(map(_child_text, condition.children))
    return f"NOT ({joined})" if condition.negated else f"({joined})"


def _child_text(child: Any) -> str:
    if isinstance(child, Q):
        return condition_text(child)
    path, value = child
    return f"{path}={_value_text(value)}"


def _value_text(value: object) -> str:
    if isinstance(value, (set, frozenset)):
        return f"{{{', '.join(sorted(map(repr, value)))}}}"
    return repr(value)


def condition_columns(model: type[Model], condition: Q | None, *, source: str) -> Iterator[str]:
    """Yield the paths of a condition without their lookups (``age__gte`` gives ``age``).

    Raises:
        DeclarationError: a name in it is neither a column nor a lookup.

    """
    for path, _ in condition_paths(condition):
        kept: list[str] = []
        current, field = model, None
        for name in path.split(LOOKUP_SEP):
            if field is not None and _is_lookup(field, name):
                break
            field = column(current, name, source=source, path=path)
            kept.append(name)
            current = field.related_model or current
        yield LOOKUP_SEP.join(kept)


def _is_lookup(before: Field[Any, Any], name: str) -> bool:
    if before.related_model is None:
        return True  # nothing else can follow a plain column; the database says whether it exists
    columns = {field.name for field in before.related_model._meta.concrete_fields} | {"pk"}
    return name not in columns and before.get_lookup(name) is not None
