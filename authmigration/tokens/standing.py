"""Which grants stand beside the refusals: a service may not know what lies below what.

A token that held a role on a course of a school from which its subject is barred would be believed
by a service that is asked about the course and does not know the school.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from auth_lib import PLATFORM, Context, HeldRoles

from .. import registry


def standing(held: HeldRoles, *, using: str) -> list[Context]:
    """Return the contexts with a grant that no refusal there or above takes away.

    One query for each type of context and level, and none for a subject that is barred nowhere.
    """
    if not held.refusals:
        return list(held.grants)
    if PLATFORM in held.refusals:
        return []
    at = {context: context for context in held.grants if context not in held.refusals}
    above = dict(at)
    while above:
        parents = _parents(set(above.values()), using)
        above = {c: parents[now] for c, now in above.items() if now in parents}
        for context, parent in above.items():
            if parent in held.refusals:
                at.pop(context, None)
    return list(at)


def _parents(contexts: Iterable[Context], using: str) -> dict[Context, Context]:
    lineages = registry.get().lineages
    by_type: dict[str, list[Context]] = defaultdict(list)
    for context in contexts:
        if context.type in lineages.by_name:
            by_type[context.type].append(context)
    found: dict[Context, Context] = {}
    for type_, some in by_type.items():
        kind = lineages.by_name[type_]
        parent = lineages.kind(type_).parent
        if kind.parent is None or parent is None:
            continue
        rows = kind.model._base_manager.using(using)
        rows = rows.filter(pk__in=[lineages.key_of(context) for context in some])
        for key, above in rows.values_list("pk", kind.parent):
            if above is not None:
                found[Context(type_, str(key))] = Context(parent, str(above))
    return found
