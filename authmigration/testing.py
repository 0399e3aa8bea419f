"""For the tests of whoever uses the toolkit: roles, stages and policies for the length of a block.

All of it works in the transaction of a ``TestCase``, needs no triggers, writes nothing, and is
seen by every thread of the process, a live server's included; other processes do not see it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from functools import wraps
from typing import Any, TypeVar

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.db.models import Model, QuerySet
from django.test.utils import TestContextDecorator

from auth_lib import PLATFORM, Decision, Effect, Fact, Role

from . import pins, registry
from .assignments.targets import context_for
from .decisions import check, explain, filter_queryset
from .rollout import Stage, overrides
from .subjects import id_of

Row = TypeVar("Row", bound=Model)
Found = TypeVar("Found")


_IN_VAIN = (
    "with_role() has no effect at_stage({stage!r}), where legacy decides: create the legacy rows, "
    "or use at_stage('enforce')."
)


class _Trial(TestContextDecorator, ABC):
    """A trial as a context manager, and as a decorator of functions, coroutines and test classes.

    One object may be entered again before it is left: a decorated function may call itself.
    """

    def __init__(self) -> None:
        super().__init__()
        self._running: list[overrides.Trial] = []

    def enable(self) -> None:
        """Put the trial in place."""
        trial = self.trial()
        self._running.append(trial)
        overrides.put(trial)
        pins.drop()

    def disable(self) -> None:
        """Take the trial away, whatever happened meanwhile."""
        overrides.take_away(self._running.pop())
        pins.drop()

    def decorate_callable(self, func: Any) -> Any:
        """Decorate a function, or a coroutine function, for which the database is read aside."""
        if not iscoroutinefunction(func):
            return super().decorate_callable(func)

        @wraps(func)
        async def tried(*args: Any, **kwargs: Any) -> Any:
            await sync_to_async(self.enable)()
            try:
                return await func(*args, **kwargs)
            finally:
                self.disable()

        return tried

    @abstractmethod
    def trial(self) -> overrides.Trial:
        """Return what to put in place."""


class at_stage(_Trial):  # noqa: N801 -- used like a function, as Django's own are
    """Put everybody at a stage, whatever the flags and the ceiling say.

    Everybody counts as migrated: at ``enforce`` the central policy decides from what the legacy
    sources yield at that moment, and from native facts.

    Args:
        stage: ``"off"``, ``"shadow"``, ``"enforce"`` or ``"retired"``.

    Raises:
        UnknownStage: there is no such stage.
        ValueError: below ``enforce``, around or inside :func:`with_role`, which is in vain there.

    """

    def __init__(self, stage: Stage | str) -> None:
        super().__init__()
        self.stage = Stage.named(stage)

    def trial(self) -> overrides.Trial:
        """Return what to put in place."""
        if self.stage.rank < Stage.ENFORCE.rank and overrides.gives_facts():
            raise ValueError(_IN_VAIN.format(stage=self.stage.value))
        return overrides.Trial(stage=self.stage, simulated=True)


class with_role(_Trial):  # noqa: N801 -- as above
    """Let a subject hold a role in a context, besides what it holds already.

    The subject is decided for at ``enforce``, unless :func:`at_stage` says otherwise: at ``off``
    and ``shadow`` legacy decides, which knows legacy rows only; create those there. ``who_can``
    reads the stored assignments and does not see it.

    Args:
        who: a user, its id, or a function that returns one when the block is entered.
        role: a declared role.
        context: the object, its id, or ``course:42``, or a function that returns one of these;
            nothing for a role on the platform.
        effect: ``Effect.REFUSE`` bars the subject from the context instead.

    Raises:
        UnknownRole, InvalidContext, UnknownSubject: there is no such thing.
        ValueError: a stage below ``enforce`` is forced at that moment.

    """

    def __init__(
        self, who: Any, role: Role, context: Any = None, *, effect: Effect = Effect.GRANT
    ) -> None:
        super().__init__()
        self.who = who
        self.role = role
        self.context = context
        self.effect = effect

    def trial(self) -> overrides.Trial:
        """Return what to put in place."""
        forced = overrides.stage_for(None)
        if forced is not None and forced[0].rank < Stage.ENFORCE.rank:
            raise ValueError(_IN_VAIN.format(stage=forced[0].value))
        context = _now(self.context)
        where = context_for(self.role, context, must_exist=not isinstance(context, Model))
        fact = Fact(self.role.name, where, self.effect)
        return overrides.Trial(subject=id_of(_now(self.who)), fact=fact, simulated=True)


class registry_of(TestContextDecorator):  # noqa: N801 -- as above
    """Put the declarations of other modules in place of those of the installed apps.

    Args:
        namespaces: modules, or anything else with attributes, as an ``authz.py`` is one.

    Raises:
        DeclarationError: the declarations contradict themselves.

    """

    def __init__(self, *namespaces: object) -> None:
        super().__init__()
        self.registry = registry.Registry(namespaces)
        self._running: list[AbstractContextManager[registry.Registry]] = []

    def enable(self) -> registry.Registry:
        """Put the declarations in place."""
        override = registry.override(self.registry)
        declared = override.__enter__()
        self._running.append(override)
        pins.drop()
        return declared

    def disable(self) -> None:
        """Put the former declarations back."""
        self._running.pop().__exit__(None, None, None)
        pins.drop()


def assert_allowed(who: Any, permission: str, what: Any = PLATFORM) -> Decision:
    """Fail, and say why, unless a subject has a permission; see :func:`authmigration.check`.

    Raises:
        AssertionError: it has not; the message is the explanation.

    """
    __tracebackhide__ = True
    return _expected(True, who, permission, what)


def assert_denied(who: Any, permission: str, what: Any = PLATFORM) -> Decision:
    """Fail, and say why, if a subject has a permission; see :func:`authmigration.check`.

    Raises:
        AssertionError: it has; the message is the explanation.

    """
    __tracebackhide__ = True
    return _expected(False, who, permission, what)


def check_equals_list(who: Any, permission: str, rows: QuerySet[Row]) -> set[Any]:
    """Fail unless a permission's list holds exactly the rows that a check allows.

    Args:
        who: a user, somebody anonymous, or the id of a subject.
        permission: ``course.view``.
        rows: all of them are asked about, one by one.

    Returns:
        The primary keys that are listed.

    Raises:
        AssertionError: a row is in the one and not in the other; the message explains the first.

    """
    __tracebackhide__ = True
    by_key = {row.pk: row for row in rows}
    checked = {key for key, row in by_key.items() if check(who, permission, row)}
    listed = set(filter_queryset(who, permission, rows).values_list("pk", flat=True))
    differing = sorted(checked ^ listed, key=str)
    if differing:
        first = by_key[differing[0]]
        raise AssertionError(
            f"check and list differ for {permission} on {_told(differing)}: only checked "
            f"{_told(checked - listed)}, only listed {_told(listed - checked)}.\n"
            f"{explain(who, permission, first)}"
        )
    return listed


def _expected(allowed: bool, who: Any, permission: str, what: Any) -> Decision:  # noqa: FBT001 -- private, and read beside its two callers
    __tracebackhide__ = True
    decision = check(who, permission, what)
    if decision.allowed is not allowed:
        wanted = "allowed" if allowed else "denied"
        raise AssertionError(f"Expected {wanted}:\n{explain(who, permission, what)}")
    return decision


def _told(keys: Iterable[Any]) -> str:
    return ", ".join(sorted(map(str, keys))) or "nothing"


def _now(given: Callable[[], Found] | Found) -> Found:
    return given() if callable(given) else given
