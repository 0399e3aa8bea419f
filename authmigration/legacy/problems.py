"""What can be wrong with the declaration of a table, said before anybody asks it for a fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import FieldError, ValidationError
from django.db.models import DateField, Field, Model, Q
from django.db.models.functions import Now

from auth_lib.contexts import PLATFORM_TYPE

from ..errors import DeclarationError
from .paths import column, condition_columns, condition_paths, plain_field, steps
from .tables import TableSource
from .writes import Off


def wrong_contexts(source: TableSource, models: Mapping[str, type[Model]]) -> Iterator[str]:
    """Yield a sentence where a source's contexts are rows of another table than its roles' type.

    Args:
        source: a source.
        models: the model of each context type.

    """
    wanted = models.get(source.on) if source.yields else None
    found = _contexts_of(source)
    if wanted is None or found is None or _is_one_table(found, wanted):
        return
    yield (
        f"Source {source.name}: context={source.context!r} leads to {found._meta.label}, and its "
        f"roles are held on {source.on}, which is {wanted._meta.label}; the number of the one "
        "would be taken for that of the other."
    )


def _contexts_of(source: TableSource) -> type[Model] | None:
    """Return the model that a source's context is a row of; None where a plain column names it."""
    if source.context is None:
        return None
    try:
        last = steps(source.model, source.context, source=source.name)[-1]
    except DeclarationError:
        return None  # said already
    if last.field.is_relation:
        return last.field.related_model
    return last.model if last.field.primary_key else None


def _is_one_table(one: type[Model], other: type[Model]) -> bool:
    one, other = (model._meta.concrete_model or model for model in (one, other))
    return issubclass(one, other) or issubclass(other, one)


def problems_of(source: TableSource) -> Iterator[str]:
    """Yield one sentence for each thing that is wrong with the declaration of a source."""
    yield from _bad_columns(source)
    yield from _bad_condition(source)
    yield from _bad_roles(source)
    yield from _bad_types(source)
    yield from _bad_values(source)
    yield from _bad_dates(source)
    yield from _bad_user(source)


def _bad_columns(source: TableSource) -> Iterator[str]:
    for path in source.paths.values():
        try:
            steps(source.model, path, source=source.name)
        except DeclarationError as error:
            yield str(error)
    write = source.write
    off = {} if write is None or isinstance(write.off, Off) else write.off
    for name in {**write.on, **off} if write is not None else ():
        try:
            column(source.model, name, source=source.name, path=name)
        except DeclarationError as error:
            yield str(error)


def _bad_condition(source: TableSource) -> Iterator[str]:
    try:
        source.condition()
        dated = [p for p, value in condition_paths(source.where) if _is_dated(source, p, value)]
        if source.where is not None and not dated:
            source.model._base_manager.filter(source.where)
    except DeclarationError as error:
        yield str(error)
    except (FieldError, ValidationError, ValueError, TypeError) as error:
        yield f"Source {source.name}: where= cannot be asked of the database: {error}"
    else:
        for path in dated:
            yield (
                f"Source {source.name}: where= compares {path!r} with a date, which no trigger "
                "sees pass. Say valid_from= or valid_until= instead."
            )
        yield from _bad_text(source)


def _is_dated(source: TableSource, path: str, value: object) -> bool:
    if isinstance(value, (list, tuple, set, frozenset)):
        return any(_is_dated(source, path, each) for each in value)
    if isinstance(value, str):
        (column_path,) = condition_columns(source.model, Q(**{path: value}), source=source.name)
        return isinstance(_field(source, column_path), DateField)
    return isinstance(value, (date, Now))


def _bad_text(source: TableSource) -> Iterator[str]:
    # The hash of the mapping would be another one in every process.
    if " at 0x" in source.signature():
        yield (
            f"Source {source.name}: a value in roles=, ignore= or where= has an address for its "
            "text; use a number, a text or a list of these."
        )


def _bad_roles(source: TableSource) -> Iterator[str]:
    if isinstance(source.role, str) and not source.roles:
        yield f"Source {source.name}: role={source.role!r} is a column, so roles={{...}} is needed."
    if not isinstance(source.role, str) and source.roles:
        yield f"Source {source.name}: role= is a role, so roles={{...}} has nothing to map."
    both = sorted(repr(v) for v in source.roles if v in source.ignore)
    if both:
        yield f"Source {source.name}: {', '.join(both)} is both mapped and ignored."
    for value, why in source.ignore.items():
        if not str(why).strip():
            yield f"Source {source.name}: {value!r} is ignored without a reason."


def _bad_types(source: TableSource) -> Iterator[str]:
    types = sorted({role.on for role in source.yields})
    if len(types) > 1:
        yield f"Source {source.name}: its roles are on {', '.join(types)}; one source, one type."
    if types == [PLATFORM_TYPE] and source.context is not None:
        yield f"Source {source.name}: a role on the platform takes no context=."
    if types and types != [PLATFORM_TYPE] and source.context is None:
        yield f"Source {source.name}: context= is missing; its roles are on {types[0]}."


def _bad_values(source: TableSource) -> Iterator[str]:
    field = _field(source, source.role if isinstance(source.role, str) else None)
    if field is None:
        return
    for value in (*source.roles, *source.ignore):
        try:
            field.get_prep_value(value)
        except (ValidationError, ValueError, TypeError):
            yield f"Source {source.name}: {value!r} is no value of the column {source.role!r}."


def _bad_dates(source: TableSource) -> Iterator[str]:
    for use in ("valid_from", "valid_until"):
        path = getattr(source, use)
        field = _field(source, path)
        if field is not None and not isinstance(field, DateField):  # a date with time is one too
            yield f"Source {source.name}: {use}={path!r} is no column of dates."


def _bad_user(source: TableSource) -> Iterator[str]:
    user_model = get_user_model()
    try:
        last = steps(source.model, source.user, source=source.name)[-1].field
    except DeclarationError:
        return
    own = source.user == "pk" and source.model is user_model
    target = getattr(last, "related_model", None)
    if not own and not (target and issubclass(user_model, target)):
        yield (
            f"Source {source.name}: user={source.user!r} does not lead to "
            f"{user_model._meta.label}; name the path to the user row."
        )


def _field(source: TableSource, path: str | None) -> Field[Any, Any] | None:
    if path is None:
        return None
    try:
        return plain_field(source.model, path, source=source.name)
    except DeclarationError:
        return None  # said already
