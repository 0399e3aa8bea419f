"""Measuring the parity of facts, decisions and lists, without changing or counting anything."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Model

from .. import conf, registry, shadow
from ..contexts import ContextType
from ..decisions.answers import candidate
from ..decisions.controls import control
from ..decisions.listing import central_minus_native, legacy_rows
from ..decisions.targets import Target, target_of
from ..reconcile import drifts
from ..registry import Registry
from ..snapshots import Snapshot, fresh_snapshot
from ..subjects import subject_of

Progress = Callable[[int], None]
MOST_EXAMPLES = 5
_DECLARED = frozenset({"intended", "expected"})


@dataclass(slots=True)
class Parity:
    """What a measurement found.

    Attributes:
        compared: how many facts' owners, decisions or lists were compared.
        equal: how many of them agree.
        kinds: how the others differ: ``intended``, ``expected``, ``lockout``, ``escalation``,
            ``drift``.
        pending: subjects for whom legacy decides anyway, so that nothing was compared.
        examples: a few of the differences, in words.

    """

    compared: int = 0
    equal: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    pending: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing differs but what is declared as stricter, or vouched for today."""
        return not set(self.kinds) - _DECLARED

    def add(self, kind: str | None, example: str = "") -> None:
        """Count one comparison; None stands for agreement."""
        self.compared += 1
        if kind is None:
            self.equal += 1
            return
        self.kinds[kind] += 1
        if kind not in _DECLARED and len(self.examples) < MOST_EXAMPLES:
            self.examples.append(example)


def facts(*, progress: Progress | None = None) -> Parity:
    """Compare the facts of every user: central minus native with what legacy yields."""
    found = Parity()
    using = conf.get().database
    keys = get_user_model()._base_manager.using(using).order_by("pk").values_list("pk", flat=True)
    for drift in drifts((str(key) for key in keys.iterator(chunk_size=2000)), using=using):
        found.pending += drift.pending
        found.add("drift" if drift else None, f"{drift.subject}: {drift.missing or drift.surplus}")
        if progress is not None:
            progress(1)
    return found


def decisions(
    *, subjects: int, objects: int, seed: int = 0, progress: Progress | None = None
) -> Parity:
    """Compare decisions of some users on some objects, for every permission with an old check."""
    found = Parity()
    declared = registry.get()
    chance = random.Random(seed)  # noqa: S311 -- a sample that can be drawn again, no secret
    rows = {kind.name: _some(kind.model, objects, chance) for kind in declared.kinds}
    for snapshot in _snapshots(subjects, chance, found, progress):
        for permission, kind in _checked(declared):
            for row in rows[kind.name]:
                target = target_of(declared, row)
                example = f"{snapshot.subject.id} {permission} {target.first}"
                found.add(_difference(snapshot, permission, target), example)
    return found


def lists(*, subjects: int, seed: int = 0, progress: Progress | None = None) -> Parity:
    """Compare whole lists of some users, for every permission with an old list."""
    found = Parity()
    declared = registry.get()
    chance = random.Random(seed)  # noqa: S311 -- as above
    for snapshot in _snapshots(subjects, chance, found, progress):
        for permission, listed in declared.lists.items():
            kind = declared.lineages.by_model[listed(snapshot.subject.user).model]
            found.add(_list_difference(declared, snapshot, permission, kind), permission)
    return found


def _snapshots(
    count: int, chance: random.Random, found: Parity, progress: Progress | None
) -> Iterator[Snapshot]:
    for user in _some(get_user_model(), count, chance):
        subject = subject_of(user)
        snapshot = fresh_snapshot(subject)
        if progress is not None:
            progress(1)
        if not subject.active:
            continue  # a closed account is denied whatever the old code would say
        if snapshot.fresh:
            yield snapshot
        else:
            found.pending += 1


def _some(model: type[Model], count: int, chance: random.Random) -> list[Any]:
    rows = model._base_manager.using(conf.get().database)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    wanted = chance.sample(keys, min(count, len(keys)))
    return list(rows.filter(pk__in=wanted).order_by("pk"))


def _checked(declared: Registry) -> Iterable[tuple[str, ContextType]]:
    for permission in sorted(declared.checks):
        kind = declared.lineages.by_name.get(declared.checks[permission].context_type)
        if kind is not None:
            yield permission, kind


def _difference(snapshot: Snapshot, permission: str, target: Target) -> str | None:
    old = control(snapshot, permission, target).decision.allowed
    new = candidate(snapshot, snapshot.without_native(), permission, target).allowed
    if old == new:
        return None
    if shadow.expected_because(permission) is not None:
        return "expected"
    if new:
        return "escalation"
    return "intended" if target.declared.checks[permission].stricter else "lockout"


def _list_difference(
    declared: Registry, snapshot: Snapshot, permission: str, kind: ContextType
) -> str | None:
    rows = kind.model._base_manager.using(conf.get().database)
    old = legacy_rows(declared, snapshot, permission, kind, rows).order_by()
    new = central_minus_native(declared, snapshot, permission, kind, rows).order_by()
    grows = new.exclude(pk__in=old.values("pk")).exists()
    if not grows and not old.exclude(pk__in=new.values("pk")).exists():
        return None
    if shadow.expected_because(permission) is not None:
        return "expected"
    if grows:
        return "escalation"
    return "intended" if declared.lists[permission].stricter else "lockout"
