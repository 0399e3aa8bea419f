"""What all legacy sources yield now for some subjects: tables together, functions one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from auth_lib import Fact, Policy
from auth_lib.roles import RoleKey

from ..errors import InvalidLegacyFact, UnknownSubject
from ..legacy import GeneratorSource
from ..legacy.reading import Yielded, folded
from ..registry import Registry
from ..subjects import SERVICE_PREFIX, key_of

Facts = frozenset[tuple[str, Fact]]


def gather(registry: Registry, subjects: Iterable[str], *, using: str) -> dict[str, Yielded]:
    """Return what the sources yield for each subject, or why that failed for it."""
    wanted = list(subjects)
    people = [s for s in wanted if _is_user(s)]
    found = {s: Yielded(()) for s in wanted}
    found |= registry.reader.read(people, using=using)
    if registry.generators and people:
        users = _users(people, using)
        for subject in people:
            found[subject] = _with_generators(registry, found[subject], users.get(subject), using)
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


def _with_generators(registry: Registry, tables: Yielded, user: Any, using: str) -> Yielded:
    if tables.failure is not None or user is None:
        return tables
    facts = list(tables.facts)
    try:
        # A failing query of the host must not spoil the transaction of everybody else.
        with transaction.atomic(using):
            for source in registry.generators:
                facts.extend(_yielded(source, user, registry.policy))
    except Exception as error:  # noqa: BLE001 -- host code; one subject's failure, kept as such
        return Yielded((), error)
    return Yielded(tuple(folded(facts)))


def _yielded(source: GeneratorSource, user: Any, policy: Policy) -> Iterator[tuple[str, Fact]]:
    for fact in source(user):
        if not isinstance(fact, Fact):
            raise InvalidLegacyFact(
                f"Source {source.name} yielded {fact!r}. Yield ROLE.at(id) or ROLE.refused_at(id)."
            )
        if RoleKey(fact.context.type, fact.role) not in policy.by_key:
            raise InvalidLegacyFact(
                f"Source {source.name} yielded the role {fact.role!r} on {fact.context.type!r}, "
                "which no authz.py declares."
            )
        yield source.name, fact


def facts_of(yielded: Yielded) -> Facts:
    """Return the facts of a successful reading as a set.

    Raises:
        Exception: what made the reading fail.

    """
    if yielded.failure is not None:
        raise yielded.failure
    return frozenset(yielded.facts)
