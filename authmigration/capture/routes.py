"""The way from a row of a watched table to the user it speaks of, as a chain of columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Field, Model

from ..errors import DeclarationError
from ..legacy import Watch
from ..legacy.paths import steps

KEY_TYPES = {
    "AutoField",
    "BigAutoField",
    "BigIntegerField",
    "CharField",
    "EmailField",
    "IntegerField",
    "PositiveBigIntegerField",
    "PositiveIntegerField",
    "PositiveSmallIntegerField",
    "SlugField",
    "SmallAutoField",
    "SmallIntegerField",
    "TextField",
    "UUIDField",
}
"""The keys of users whose text in the database is known to be the ``str()`` of Python."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One join.

    Attributes:
        table: the table joined, as ``db_table`` says it.
        match: its column that equals the value found so far.
        take: its column whose value goes on.

    """

    table: str
    match: str
    take: str


@dataclass(frozen=True, slots=True)
class Route:
    """A chain of columns from a watched row to the key of a user.

    Attributes:
        start: the column of the watched row that the chain begins with.
        hops: the joins that follow, in order; none where ``start`` is the user's key.
        is_uuid: whether the key is a UUID, which SQLite keeps without its dashes.

    """

    start: str
    hops: tuple[Hop, ...]
    is_uuid: bool


def concrete(model: type[Model]) -> type[Model]:
    """Return the model that owns the table of another, which may be its proxy."""
    owner = model._meta.concrete_model
    return model if owner is None else owner


def user_route(owner: type[Model], watch: Watch) -> Route | None:
    """Return the route of a watch from the rows of one of its tables; None if it names nobody.

    Args:
        owner: the concrete model of the table: that of the watched model, or of an ancestor of
            it under multi-table inheritance.
        watch: what is watched.

    Raises:
        DeclarationError: the path leads to no user, or the key of users has no certain text.

    """
    if watch.user is None:
        return None
    taken = list(_columns(owner, watch, watch.user))
    hops = tuple(Hop(table, match, take) for table, match, take in taken[1:])
    return Route(taken[0][2], hops, _key_type() == "UUIDField")


def column_of(field: Field[Any, Any]) -> str:
    """Return the column of a field that has one."""
    return str(field.column)


def names_the_key(field: Field[Any, Any]) -> bool:
    """Whether the value of a foreign key, or of a key, is a user's primary key as it stands."""
    return _root(field) is _root(_user_key())


def _columns(owner: type[Model], watch: Watch, path: str) -> Iterator[tuple[str, str, str]]:
    """Yield table, matched column and taken column of the row itself and of every join."""
    here, match = owner, ""
    for step in steps(watch.model, path, source=watch.label):
        for link in _links(here, concrete(step.field.model), concrete(step.model)):
            yield here._meta.db_table, match, link[0]
            here, match = link[1], link[2]
        yield here._meta.db_table, match, column_of(step.field)
        field = step.field
        if field.is_relation:
            target = _target(field)
            here, match = concrete(target.model), column_of(target)
    _require_user(watch, field)
    if not names_the_key(field):
        key = _user_key()
        for link in _links(here, concrete(key.model), concrete(get_user_model())):
            yield here._meta.db_table, match, link[0]
            here, match = link[1], link[2]
        yield here._meta.db_table, match, column_of(key)


def _links(
    here: type[Model], there: type[Model], family: type[Model]
) -> Iterator[tuple[str, type[Model], str]]:
    """Yield the joins between the tables of one inherited model: taken column, table, match."""
    if here is there:
        return
    if not issubclass(here, there):
        for link in reversed(list(_upward(family, here))):
            yield column_of(_target(link)), concrete(link.model), column_of(link)
        here = family
    for link in _upward(here, there):
        target = _target(link)
        yield column_of(link), concrete(target.model), column_of(target)


def _upward(here: type[Model], there: type[Model]) -> Iterator[Field[Any, Any]]:
    if here is there:
        return
    link: Any = here._meta.parents[there]
    yield from _upward(here, concrete(link.model))
    yield link


def _target(field: Any) -> Field[Any, Any]:
    target: Field[Any, Any] = field.target_field
    return target


def _root(field: Field[Any, Any]) -> Field[Any, Any]:
    while field.is_relation:
        field = _target(field)
    return field


def _user_key() -> Field[Any, Any]:
    key: Field[Any, Any] = get_user_model()._meta.pk
    return key


def _key_type() -> str:
    key = _root(_user_key())
    kind = key.get_internal_type()
    if kind in KEY_TYPES and not hasattr(key, "from_db_value"):
        return kind
    raise DeclarationError(
        f"The primary key of {get_user_model()._meta.label} is a {type(key).__name__}, whose text "
        "in the database may differ from str(user.pk), so that no trigger can name the user. "
        "Watch its tables with user=None."
    )


def _require_user(watch: Watch, last: Field[Any, Any]) -> None:
    model: Any = last.related_model if last.is_relation else last.model
    user = concrete(get_user_model())
    is_key = last.is_relation or last.primary_key
    if not (is_key and issubclass(user, concrete(model))):
        raise DeclarationError(
            f"The watch on {watch.label} has user={watch.user!r}, which does not lead to "
            f"{user._meta.label}; name the path to the user row, or None where there is none."
        )
