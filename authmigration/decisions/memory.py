"""Decisions of one unit of work, kept for as long as the snapshot that they were made from.

Only what is fully said by the question and the object's own columns is kept: not while somebody
views as a role, not for subjects that are compared, and not where the public's share depends on
further columns of the row.
"""

from __future__ import annotations

from typing import Any

from .. import registry, viewing_as
from ..registry import Registry
from ..snapshots import CENTRAL, Snapshot

Key = tuple[Any, ...]


def key_of(declared: Registry, who: Any, permission: str, what: Any) -> Key | None:
    """Return what tells one question from another; None for a question that is not kept."""
    if viewing_as.is_viewing():
        return None
    subject = getattr(who, "pk", None)
    if subject is None:
        return None
    if isinstance(what, (str, tuple)):
        return (subject, permission, what)
    columns = declared.lineages.own_columns.get(type(what))
    if columns is None:
        return None
    loaded = what.__dict__
    own, above = columns
    try:
        return (subject, permission, own, loaded[own], loaded[above] if above else None, type(what))
    except KeyError:
        return None  # a deferred column: reading it is left to the full answer


def is_kept(snapshot: Snapshot, permission: str) -> bool:
    """Whether answers to a permission may be kept for a subject."""
    if snapshot.world != CENTRAL or snapshot.compared:
        return False
    return True not in registry.get().policy.public_on.get(permission, {}).values()
