"""What all legacy sources yield now for some subjects: tables together, functions one by one."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from auth_lib import Context, Effect, Fact
from auth_lib.roles import RoleKey

from ..dialects import is_passing
from ..errors import InvalidLegacyFact, UnknownSubject
from ..legacy import GeneratorSource
from ..legacy.moments import instant
from ..legacy.reading import Yielded, folded, with_rows
from ..registry import Registry
from ..subjects import SERVICE_PREFIX, key_of

logger = logging.getLogger("authmigration.assignments")

Facts = frozenset[tuple[str, Fact]]


def gather(registry: Registry, subjects: Iterable[str], *, using: str) -> dict[str, Yielded]:
    """Return what the sources yield for each subject, or why that failed for it."""
    wanted = list(subjects)
    people = [s for s in wanted if _is_user(s)]
    found = {s: Yielded(()) for s in wanted}
    found |= registry.reader.read(people, using=using)
    if registry.generators and people:
        found |= _with_generators(registry, {s: found[s] for s in people}, using)
    return found


def _is_user(subject: str) -> bool:
    if subject.startswith(SERVICE_PREFIX):
        return False
    try:
        key_of(subject)
    except UnknownSubject:
        return False
    return True


def _users(subjects: Iterable[str], using: str) -> dict[str, Any]:
    keys = [key_of(subject) for subject in subjects]
    users = get_user_model()._base_manager.using(using).filter(pk__in=keys)
    return {str(user.pk): user for user in users}


def _with_generators(
    registry: Registry, tables: dict[str, Yielded], using: str
) -> dict[str, Yielded]:
    asked = _asked(registry, [s for s, t in tables.items() if t.failure is None], using)
    users = _users(asked, using) if asked else {}
    wanted = {s: t for s, t in tables.items() if s in asked and s in users}
    if len(wanted) > 1:
        try:
            # One savepoint for all: as long as nobody fails, none of them needs one of its own.
            with transaction.atomic(using):
                return tables | {
                    s: _all_of(registry, t, users[s], asked[s]) for s, t in wanted.items()
                }
        except Exception as error:
            if is_passing(error):
                raise  # host code, and whose error it is the second look says, unless nobody's
            logger.debug("A generator failed, so that users are read one by one: %s", error)
    return tables | {s: _alone(registry, t, users[s], asked[s], using) for s, t in wanted.items()}


def _asked(
    registry: Registry, subjects: list[str], using: str
) -> dict[str, tuple[GeneratorSource, ...]]:
    """Return which functions must be called for whom."""
    rows = {
        source.name: with_rows(source, subjects, using=using)
        for source in registry.generators
        if source.only_with_rows
    }
    found = {
        subject: tuple(g for g in registry.generators if subject in rows.get(g.name, (subject,)))
        for subject in subjects
    }
    return {subject: sources for subject, sources in found.items() if sources}


def _alone(
    registry: Registry,
    tables: Yielded,
    user: Any,
    sources: tuple[GeneratorSource, ...],
    using: str,
) -> Yielded:
    try:
        # A failing query of the host must not spoil the transaction of everybody else.
        with transaction.atomic(using):
            return _all_of(registry, tables, user, sources)
    except Exception as error:
        if is_passing(error):
            raise
        return Yielded(tables.facts, error)  # host code; one subject's failure, kept as such


def _all_of(
    registry: Registry, tables: Yielded, user: Any, sources: tuple[GeneratorSource, ...]
) -> Yielded:
    facts = list(tables.facts)
    for source in sources:
        facts.extend(_yielded(source, user, registry))
    return Yielded(tuple(folded(facts)))


def _yielded(source: GeneratorSource, user: Any, registry: Registry) -> Iterator[tuple[str, Fact]]:
    for fact in source(user):
        if not isinstance(fact, Fact):
            raise InvalidLegacyFact(
                f"Source {source.name} yielded {fact!r}. Yield ROLE.at(id) or ROLE.refused_at(id)."
            )
        if RoleKey(fact.context.type, fact.role) not in registry.policy.by_key:
            raise InvalidLegacyFact(
                f"Source {source.name} yielded the role {fact.role!r} on {fact.context.type!r}, "
                "which no authz.py declares."
            )
        yield source.name, _normal(fact, registry)


def _normal(fact: Fact, registry: Registry) -> Fact:
    """Return a fact as it will be read from where it is stored, or it would differ every time."""
    where = registry.lineages.canonical(Context.of(*fact.context))
    begins, ends = instant(fact.valid_from), instant(fact.valid_until)
    return Fact(fact.role, where, Effect(fact.effect), begins, ends)


def facts_of(yielded: Yielded) -> Facts:
    """Return the facts of a successful reading as a set.

    Raises:
        Exception: what made the reading fail.

    """
    if yielded.failure is not None:
        raise yielded.failure
    return frozenset(yielded.facts)
