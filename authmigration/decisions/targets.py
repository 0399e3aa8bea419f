"""What a question is about: an object, a context known by its id, or the platform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q
from django.http import Http404

from auth_lib import PLATFORM, Context, Lineage, UnknownContextType

from .. import conf, pins
from ..registry import Registry


@dataclass(slots=True)
class Target:
    """The object of one question, and how to look above it.

    Attributes:
        first: the context that is asked about.
        obj: the row, where the caller had it.

    """

    declared: Registry
    first: Context
    obj: Model | None = None

    def lineage(self, wanted: frozenset[str] | None = None) -> Lineage:
        """Return the lineage, looked up as far as the given types need; None: to the top."""
        lineages = self.declared.lineages
        if self.obj is not None:
            remembering = None if pins.current() is None else self._parent_of
            return lineages.of_object(self.obj, remembering, wanted)
        if wanted is not None and not wanted & lineages.above.get(self.first.type, frozenset()):
            return (self.first,) if self.first == PLATFORM else (self.first, PLATFORM)
        return lineages.of_context(self.first, self._parent_of, wanted)

    def _parent_of(self, context: Context) -> Context | None:
        # As old as the pinned facts that it is read with, and no older.
        pin = pins.current()
        if pin is not None and context in pin.parents:
            return pin.parents[context]  # type: ignore[no-any-return]
        found = self.declared.lineages.parent_of(context, conf.get().database)
        if pin is not None:
            pin.parents[context] = found
        return found

    def row(self) -> Model | None:
        """Return the object, fetched where only its id was given; None for the platform.

        Raises:
            Http404: there is no such object.

        """
        if self.obj is not None or self.first == PLATFORM:
            return self.obj
        lineages = self.declared.lineages
        model = lineages.by_name[self.first.type].model
        found = (
            model._base_manager.using(conf.get().database)
            .filter(pk=lineages.key_of(self.first))
            .first()
        )
        if found is None:
            raise Http404(f"{self.first} does not exist.")
        self.obj = found
        return found

    def opens(self) -> Opening:
        """Return which contexts of the lineage are open to the public by their condition."""
        return Opening(self)


class Opening:
    """Looks at a condition only when a decision comes to depend on it."""

    def __init__(self, target: Target) -> None:
        self._target = target

    def __contains__(self, context: object) -> bool:
        if not isinstance(context, Context):
            return False
        target = self._target
        kind = target.declared.lineages.by_name[context.type]
        if kind.public_where is None:
            return False
        if target.obj is not None and context == target.first:
            known = _in_memory(kind.public_where, target.obj)
            if known is not None:
                return known
        rows = kind.model._base_manager.using(conf.get().database)
        key = target.declared.lineages.key_of(context)
        return rows.filter(kind.public_where, pk=key).exists()


def _in_memory(condition: Q, obj: Model) -> bool | None:
    """Evaluate a conjunction of equalities on loaded columns; None for anything else."""
    if condition.negated or condition.connector != Q.AND:
        return None
    for child in condition.children:
        if not isinstance(child, tuple) or child[0] not in obj.__dict__:
            return None
        if obj.__dict__[child[0]] != child[1]:
            return False
    return True


def target_of(declared: Registry, what: Any) -> Target:
    """Return what a caller asks about.

    Args:
        declared: the registry in force.
        what: a model instance, a :class:`Context`, or its text as in ``course:42``.

    Raises:
        InvalidContext: it is none of these, or an object of an undeclared type.
        UnknownContextType: the type is not declared.

    """
    if isinstance(what, Model):
        return Target(declared, declared.lineages.context_of(what), what)
    context = what if isinstance(what, Context) else Context.parse(_text(what))
    if context != PLATFORM and context.type not in declared.lineages.by_name:
        raise UnknownContextType(context.type, declared.policy.kind_of)
    return Target(declared, declared.lineages.canonical(context))


def _text(what: Any) -> str:
    # Refused by parse() with an error that says what to pass; None is never read as "any".
    return what if isinstance(what, str) else repr(what)
