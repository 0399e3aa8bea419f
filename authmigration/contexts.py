"""Context types over the host's models, and the lineage of an object, read live."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import ForeignKey, Model, Q

from auth_lib import PLATFORM, Context, ContextKind, InvalidContext, Lineage
from auth_lib.contexts import valid_id

from .errors import DeclarationError


@dataclass(frozen=True, slots=True)
class ContextType:
    """A type of context: a model of the host, and the foreign key to what lies above.

    Args:
        name: ``course``.
        model: the host's model; its primary key is the id of the context.
        parent: the path of foreign keys from the model to the context above, as in
            ``school`` or ``exercise__course``; None where that is the platform.
        public: permissions that need no role on objects of this type and below.
        public_where: only on the objects that fulfil it.

    """

    name: str
    model: type[Model]
    parent: str | None = None
    public: frozenset[str] = field(default_factory=frozenset)
    public_where: Q | None = None

    def __init__(
        self,
        name: str,
        model: type[Model],
        parent: str | None = None,
        public: Iterable[str] = (),
        public_where: Q | None = None,
    ) -> None:
        for key, value in {
            "name": name,
            "model": model,
            "parent": parent,
            "public": frozenset(public),
            "public_where": public_where,
        }.items():
            object.__setattr__(self, key, value)

    def parent_model(self) -> type[Model] | None:
        """Return the model at the end of the parent path.

        Raises:
            DeclarationError: the path is not one of foreign keys, or the last of them holds
                another column than the id of what lies above.

        """
        if self.parent is None:
            return None
        model = self.model
        *hops, last = self.parent.split("__")
        for step in hops:
            model = _foreign_key(self, model, step).related_model
        key = _foreign_key(self, model, last)
        if not key.target_field.primary_key:
            raise DeclarationError(
                f"Context type {self.name!r}: parent={self.parent!r} holds the column "
                f"{key.target_field.name!r} of what lies above, whose contexts go by its key."
            )
        return key.related_model


def _foreign_key(kind: ContextType, model: type[Model], step: str) -> ForeignKey[Any, Any]:
    found = next((f for f in model._meta.get_fields() if f.name == step), None)
    if isinstance(found, ForeignKey):
        return found
    keys = sorted(f.name for f in model._meta.get_fields() if isinstance(f, ForeignKey))
    raise DeclarationError(
        f"Context type {kind.name!r}: {step!r} in parent={kind.parent!r} is no foreign key of "
        f"{model._meta.label}. It has: {', '.join(keys) or 'none'}."
    )


class _Up(NamedTuple):
    """One step of a lineage: the relations to follow, and the column that names what is above."""

    hops: tuple[ForeignKey[Any, Any], ...]
    last: ForeignKey[Any, Any]
    attname: str
    above: str


class OwnColumns(NamedTuple):
    """Where a row says its own lineage.

    Attributes:
        key: the column of its id.
        parent: the column of the id of what is above; None for a type right below the platform.
        type: the type of its context.
        parent_type: the type of what is above.

    """

    key: str
    parent: str | None
    type: str
    parent_type: str


_NOT_LOADED = object()


def _behind(row: Any, relation: ForeignKey[Any, Any], *, load: bool) -> Any:
    """Return the row that another points at; ``_NOT_LOADED`` where it would have to be read."""
    if row is None or row is _NOT_LOADED:
        return row
    if load or relation.is_cached(row) or getattr(row, relation.attname) is None:
        return getattr(row, relation.name)
    return _NOT_LOADED


class Lineages:
    """Reads lineages for the context types of one registry."""

    def __init__(self, kinds: Iterable[ContextType]) -> None:
        self.by_name = {kind.name: kind for kind in kinds}
        self.by_model = {kind.model: kind for kind in self.by_name.values()}
        self._parent_name = {
            kind.name: self.by_model[model].name
            for kind in self.by_name.values()
            if (model := kind.parent_model()) is not None and model in self.by_model
        }

        self._ups = {name: self._up(name) for name in self._parent_name}
        self.above = {name: frozenset(self._ancestors(name)) for name in self.by_name}

    @cached_property
    def own_columns(self) -> dict[type[Model], OwnColumns]:
        """The columns that say a row's whole lineage, for types where its own columns do."""
        found: dict[type[Model], OwnColumns] = {}
        for kind in self.by_name.values():
            up = self._ups.get(kind.name)
            key = kind.model._meta.pk.attname
            if up is None:
                found[kind.model] = OwnColumns(key, None, kind.name, "")
            elif not up.hops and up.above not in self._ups:
                found[kind.model] = OwnColumns(key, up.attname, kind.name, up.above)
        return found

    def _up(self, name: str) -> _Up:
        kind = self.by_name[name]
        keys: list[ForeignKey[Any, Any]] = []
        model = kind.model
        for step in str(kind.parent).split("__"):
            keys.append(_foreign_key(kind, model, step))
            model = keys[-1].related_model
        *hops, last = keys
        return _Up(tuple(hops), last, str(last.attname), self._parent_name[name])

    def _ancestors(self, name: str) -> list[str]:
        found: list[str] = []
        above = self._parent_name.get(name)
        while above is not None and above not in found:
            found.append(above)
            above = self._parent_name.get(above)
        return found

    def kind(self, name: str) -> ContextKind:
        """Return a context type as a policy sees it."""
        kind = self.by_name[name]
        conditional = kind.public_where is not None
        return ContextKind(name, self._parent_name.get(name), kind.public, conditional)

    def type_of(self, obj: Model) -> ContextType:
        """Return the context type of a model instance.

        Raises:
            InvalidContext: its model is declared as no context type.

        """
        return self.by_model.get(type(obj)) or self.type_of_model(type(obj))

    def type_of_model(self, model: type[Model]) -> ContextType:
        """Return the context type of a model, or of the model that it is a proxy or a child of.

        Raises:
            InvalidContext: it is declared as no context type.

        """
        for each in model.__mro__:
            if each in self.by_model:
                return self.by_model[each]
        raise InvalidContext(
            f"{model._meta.label} is no declared context type. Add ContextType(..., "
            f"{model.__name__}, parent=...) to an authz.py."
        )

    def context_of(self, obj: Model) -> Context:
        """Return the context that a row is.

        Raises:
            InvalidContext: its model is declared as no context type.

        """
        return Context(self.type_of(obj).name, str(obj.pk))

    def of_object(
        self,
        obj: Model,
        parent_of: Callable[[Context], Context | None] | None = None,
        wanted: frozenset[str] | None = None,
    ) -> Lineage:
        """Return the lineage of an object, from its foreign keys as they are loaded now.

        Args:
            obj: an instance of a context type's model.
            parent_of: looks a level up where a related row is not loaded, and remembers it for
                other objects; None: the row is loaded, which then serves this object alone.
            wanted: the only types above that matter to the question; None: all of them. Levels
                above the last one that matters are left out, and so is looking them up.

        """
        found = [self.context_of(obj)]
        row: Any = obj
        # What is not saved yet can only be looked at.
        load = parent_of is None or obj._state.adding  # noqa: SLF001 -- Django documents it
        while (up := self._ups.get(found[-1].type)) is not None and (
            wanted is None or not wanted.isdisjoint(self.above[found[-1].type])
        ):
            for hop in up.hops:
                row = _behind(row, hop, load=load)
            if row is _NOT_LOADED and parent_of is not None:
                above = parent_of(found[-1])
            else:
                key = None if row is None else getattr(row, up.attname)
                above = None if key is None else Context(up.above, str(key))
            if above is None:
                break
            found.append(above)
            if above.type in self._ups:
                row = _behind(row, up.last, load=load)
        return (*found, PLATFORM)

    def of_context(
        self,
        context: Context,
        parent_of: Callable[[Context], Context | None],
        wanted: frozenset[str] | None = None,
    ) -> Lineage:
        """Return the lineage above a context known by its id; ``parent_of`` looks a level up."""
        if context == PLATFORM:
            return (PLATFORM,)
        found = [context]
        while wanted is None or wanted & self.above[found[-1].type]:
            above = parent_of(found[-1])
            if above is None:
                break
            found.append(above)
        return (*found, PLATFORM)

    def parent_of(self, context: Context, using: str) -> Context | None:
        """Look up the context above another, in one query."""
        kind = self.by_name[context.type]
        if kind.parent is None:
            return None
        rows = kind.model._base_manager.using(using).filter(pk=self.key_of(context))
        key = rows.values_list(kind.parent, flat=True).first()
        return None if key is None else Context(self._parent_name[kind.name], str(key))

    def canonical(self, context: Context) -> Context:
        """Return a context with its id as its row has it: ``course:007`` is ``course:7``.

        Facts are found by the text of the id, so that a refusal would not be found under another.
        An id that no row can have stays as it is: nothing is held there.
        """
        if context.type not in self.by_name:
            return context
        try:
            return Context(context.type, str(self.key_of(context)))
        except InvalidContext:
            return context

    def key_of(self, context: Context) -> Any:
        """Return the primary key that a context's id stands for.

        Raises:
            InvalidContext: the id is none for that model.

        """
        model = self.by_name[context.type].model
        try:
            return model._meta.pk.to_python(valid_id(context.id))
        except Exception as error:
            raise InvalidContext(f"{context.id!r} is no id of {model._meta.label}.") from error
