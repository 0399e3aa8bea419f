"""Everything that the ``authz.py`` files of a host declare, gathered by type into one value."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from importlib import import_module
from types import MappingProxyType
from typing import Any

from django.apps import apps
from django.utils.module_loading import module_has_submodule

from auth_lib import Policy, PolicyError, Role

from . import pins
from .contexts import ContextType, Lineages
from .errors import DeclarationError
from .legacy import (
    DjangoPermissions,
    Expected,
    GeneratorSource,
    LegacyCheck,
    LegacyList,
    Source,
    TableSource,
    Watch,
)
from .legacy.paths import condition_columns
from .legacy.permissions import meanings, wrong_meanings
from .legacy.problems import problems_of, wrong_contexts
from .legacy.reading import TableReader
from .legacy.watches import merged


class Registry:
    """The policy, the context types, the legacy sources and the old answers of one host.

    Args:
        namespaces: modules, or anything else with attributes; every value of a declaring type
            in them counts once.

    Raises:
        DeclarationError: the declarations contradict themselves or the host's models; every
            contradiction is listed.

    """

    def __init__(self, namespaces: Iterable[object]) -> None:
        values = list(_values(namespaces))
        self._values = values
        self.kinds = _of(values, ContextType)
        self.sources: tuple[Source, ...] = tuple(
            sorted(_of(values, TableSource) + _of(values, GeneratorSource), key=lambda s: s.name)
        )
        self.expected = _of(values, Expected)
        problems = list(self._problems())
        if problems:
            raise DeclarationError(problems)
        self.lineages = Lineages(self.kinds)
        self.policy = self._policy()
        self.checks = _by_permission(_of(values, LegacyCheck), self.policy, "check")
        self.lists = _by_permission(_of(values, LegacyList), self.policy, "list")
        self.django_permissions = self._django_permissions()
        self._require_known_types()
        self._require_known_roles()

    @property
    def tables(self) -> tuple[TableSource, ...]:
        """The sources that are declared as tables."""
        return tuple(s for s in self.sources if isinstance(s, TableSource))

    @property
    def generators(self) -> tuple[GeneratorSource, ...]:
        """The sources that are declared as functions."""
        return tuple(s for s in self.sources if isinstance(s, GeneratorSource))

    @cached_property
    def watches(self) -> tuple[Watch, ...]:
        """Every table whose changes may alter a fact."""
        return tuple(merged(watch for source in self.sources for watch in source.watches()))

    @cached_property
    def reader(self) -> TableReader:
        """Reads all declared tables for some users in one statement."""
        return TableReader(self.tables)

    @cached_property
    def mapping_hash(self) -> str:
        """Sixteen characters that change whenever the sources may yield other facts."""
        text = "\n".join(source.signature() for source in self.sources)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @cached_property
    def plainly_public(self) -> frozenset[str]:
        """The context types whose public condition cannot find a row twice."""
        return frozenset(kind.name for kind in self.kinds if _finds_once(kind))

    def representable(self, role: Role) -> tuple[Source, ...]:
        """Return the sources into which a role can be written back."""
        return tuple(s for s in self.yielding(role) if s.write is not None)

    def yielding(self, role: Role) -> tuple[Source, ...]:
        """Return the sources that can yield a role; a generator may yield any."""
        return tuple(s for s in self.sources if isinstance(s, GeneratorSource) or role in s.yields)

    def _problems(self) -> Iterator[str]:
        names = [source.name for source in self.sources]
        for name in sorted({n for n in names if names.count(n) > 1}):
            yield f"Two sources are called {name!r}; give one of them name=."
        for source in self.sources:
            if isinstance(source, TableSource):
                yield from problems_of(source)
                yield from wrong_contexts(source, {k.name: k.model for k in self.kinds})
            elif source.only_with_rows and not _name_users(source):
                yield (
                    f"Source {source.name}: only_with_rows=True needs watches that all say user=, "
                    "since their rows say for whom the function is called."
                )
        yield from _shared_models(self.kinds)
        for kind in self.kinds:
            yield from _bad_parent(kind, {k.model for k in self.kinds})

    def _policy(self) -> Policy:
        given = _of(self._values, Policy)
        roles = dict.fromkeys(r for p in given for r in p.roles)
        roles |= dict.fromkeys(_of(self._values, Role))
        kinds = [self.lineages.kind(kind.name) for kind in self.kinds]
        try:
            return Policy(
                tuple(roles),
                tuple(kinds),
                frozenset[str]().union(*(p.anonymous for p in given)),
                frozenset[str]().union(*(p.authenticated for p in given)),
            )
        except PolicyError as error:
            raise DeclarationError(error.problems) from error

    def _django_permissions(self) -> Mapping[str, str]:
        given = _of(self._values, DjangoPermissions)
        problems = list(wrong_meanings(given, self.policy.permissions))
        if problems:
            raise DeclarationError(problems)
        return MappingProxyType(meanings(given))

    def _require_known_types(self) -> None:
        problems = [
            f"The legacy check for {check.permission!r} is on {check.on!r}, which is no declared "
            f"context type; use one of {', '.join(sorted(self.policy.kind_of))}."
            for check in self.checks.values()
            if check.on is not None and check.on not in self.policy.kind_of
        ]
        if problems:
            raise DeclarationError(problems)

    def _require_known_roles(self) -> None:
        problems = [
            f"Source {source.name} yields the role {role.key} ({role.origin}), which no authz.py "
            "declares at its top level."
            for source in self.tables
            for role in source.yields
            if role.key not in self.policy.by_key
        ]
        if problems:
            raise DeclarationError(problems)


def _values(namespaces: Iterable[object]) -> Iterator[object]:
    seen: set[int] = set()
    for namespace in namespaces:
        for value in vars(namespace).values():
            if id(value) not in seen:
                seen.add(id(value))
                yield value


def _of(values: Iterable[object], type_: type[Any]) -> tuple[Any, ...]:
    return tuple(value for value in values if isinstance(value, type_))


def _finds_once(kind: ContextType) -> bool:
    try:
        tuple(condition_columns(kind.model, kind.public_where, source=kind.name))
    except DeclarationError:
        return False  # it goes through many rows, or is an expression
    return True


def _shared_models(kinds: Iterable[ContextType]) -> Iterator[str]:
    found: dict[type[Any], str] = {}
    for kind in kinds:
        if kind.model in found and found[kind.model] != kind.name:
            yield (
                f"Context types {found[kind.model]!r} and {kind.name!r} are both "
                f"{kind.model._meta.label}, of whose rows nobody could say which they are."
            )
        found[kind.model] = kind.name


def _bad_parent(kind: ContextType, models: set[Any]) -> Iterator[str]:
    try:
        model = kind.parent_model()
    except DeclarationError as error:
        yield str(error)
        return
    if model is not None and model not in models:
        yield (
            f"Context type {kind.name!r}: parent={kind.parent!r} leads to {model._meta.label}, "
            "which is no declared context type."
        )


def _by_permission(
    found: Iterable[LegacyCheck[Any] | LegacyList], policy: Policy, what: str
) -> Mapping[str, Any]:
    declared: dict[str, Any] = {}
    problems: list[str] = []
    for each in found:
        where = f"{each.function.__module__}.{each.function.__name__}"
        if each.permission in declared:
            problems.append(f"Two legacy {what}s for {each.permission!r}; {where} is the second.")
        if each.permission not in policy.permissions:
            problems.append(
                f"The legacy {what} {where} is for {each.permission!r}, which no role can do."
            )
        declared[each.permission] = each
    if problems:
        raise DeclarationError(problems)
    return MappingProxyType(declared)


class _Current:
    """The registry in force; a test may put another in its place."""

    def __init__(self) -> None:
        self.value: Registry | None = None


_current = _Current()


def get() -> Registry:
    """Return the registry of the installed apps, built at the first call.

    Raises:
        DeclarationError: see :class:`Registry`.

    """
    if _current.value is None:
        _current.value = Registry(_modules())
    return _current.value


@contextmanager
def override(registry: Registry) -> Iterator[Registry]:
    """Put another registry in force for the whole process, and the old one back afterwards."""
    before = _current.value
    _current.value = registry
    pins.drop()
    try:
        yield registry
    finally:
        _current.value = before
        pins.drop()


def _modules() -> Iterator[object]:
    for app in apps.get_app_configs():
        if app.module is not None and module_has_submodule(app.module, "authz"):
            yield import_module(f"{app.name}.authz")


def _name_users(source: GeneratorSource) -> bool:
    return bool(source.watch) and all(watch.user for watch in source.watch)
