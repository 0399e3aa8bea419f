"""Decisions of one unit of work, kept for as long as the snapshot that they were made from.

Only what is fully said by the question and the object's own columns is kept: not while somebody
views as a role, not for subjects that are compared, and not where the public's share depends on
further columns of the row.
"""

from __future__ import annotations

from typing import Any

from auth_lib import PLATFORM, Context, Decision, Lineage, decide

from .. import viewing_as
from ..registry import Registry
from ..snapshots import CENTRAL, Snapshot

Key = tuple[Any, ...]
_WHOLE = 6
"""The length of a key that holds everything that the question depends on."""


def key_of(declared: Registry, who: Any, permission: str, what: Any) -> Key | None:
    """Return what tells one question from another; None for a question that is not kept."""
    if viewing_as.is_viewing():
        return None
    subject = getattr(who, "pk", None)
    if subject is None or not getattr(who, "is_active", True):
        return None
    # With the type: a row of another table, given by mistake, must not get a user's answer.
    if isinstance(what, (str, tuple)):
        return (type(who), subject, permission, what)
    columns = declared.lineages.own_columns.get(type(what))
    if columns is None:
        return None
    loaded = what.__dict__
    key, parent = columns.key, columns.parent
    try:
        above = loaded[parent] if parent else None
        return (type(who), subject, permission, loaded[key], above, type(what))
    except KeyError:
        return None  # a deferred column: reading it is left to the full answer


def decided(declared: Registry, snapshot: Snapshot | None, who: Any, key: Key) -> Decision | None:
    """Decide a question that its key says whole, as the full answer would; None for any other."""
    if len(key) != _WHOLE or snapshot is None or snapshot.subject.user is not who:
        return None
    if not is_kept(declared, snapshot, key[2]):
        return None
    _, _, permission, own, above, model = key
    columns = declared.lineages.own_columns[model]
    first = Context(columns.type, str(own))
    if above is None:
        lineage: Lineage = (first, PLATFORM)
    else:
        lineage = (first, Context(columns.parent_type, str(above)), PLATFORM)
    return decide(declared.policy, snapshot.held, permission, lineage, stamp=snapshot.stamp)


def is_kept(declared: Registry, snapshot: Snapshot, permission: str) -> bool:
    """Whether answers to a permission may be kept for a subject."""
    if snapshot.world != CENTRAL or snapshot.compared:
        return False
    return True not in declared.policy.public_on.get(permission, {}).values()
