"""The claims of a subject: what it holds in the world that decides for it, as of now."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from auth_lib import Claims, Context, HeldRoles, TokenGrants, ViewedRole, payload_writing

from .. import conf, registry
from ..selectors import Loaded
from ..snapshots import Snapshot
from . import recency
from .options import TokenSettings
from .selecting import Order, select
from .standing import standing

_SIGNATURE_AND_HEADER = 260
"""Bytes of a token beside its payload, at most: a header with a ``kid``, and a signature."""


def claims_of(
    snapshot: Snapshot,
    options: TokenSettings,
    *,
    asked: Collection[Context] = (),
    viewed: ViewedRole | None = None,
    actor: str | None = None,
) -> Claims:
    """Return the claims of a subject, cut to the number and the bytes that a token may have.

    Args:
        snapshot: of the subject; its world says whose facts are told.
        options: of the tokens.
        asked: contexts that the request names.
        viewed: as which role it looks.
        actor: who acts in its name.

    """
    held = snapshot.deciding()
    whole = _whole(snapshot, held, options, asked=frozenset(asked), viewed=viewed, actor=actor)
    order = _order(snapshot, frozenset(asked))

    def fits(contexts: Collection[Context]) -> bool:
        return _bytes(replace(whole, grants=_grants(held, contexts))) <= options.most_bytes

    contexts = standing(held, using=conf.get().database)
    chosen = select(contexts, order, most=conf.get().max_contexts, fits=fits)
    return replace(whole, grants=_grants(held, chosen.contexts), truncated=chosen.truncated)


def _whole(
    snapshot: Snapshot,
    held: HeldRoles,
    options: TokenSettings,
    *,
    asked: frozenset[Context],
    viewed: ViewedRole | None,
    actor: str | None,
) -> Claims:
    now = int(time.time())
    return Claims(
        subject=str(snapshot.subject.id),
        issuer=options.issuer,
        audience=options.audience,
        issued_at=now,
        expires_at=_expiry(now, options.seconds, snapshot),
        token_id=secrets.token_urlsafe(12),
        full_name=_name(snapshot.subject.user) if options.full_name else None,
        refusals=held.refusals,
        generation=snapshot.generation,
        asked=asked,
        viewed=viewed,
        actor=actor,
    )


def _expiry(now: int, seconds: int, snapshot: Snapshot) -> int:
    """Return the end of the life, or of the first assignment that ends before."""
    ends = [
        int(fact.valid_until.timestamp())
        for fact in snapshot.deciding_facts()
        if fact.valid_until is not None and fact.valid_until.timestamp() > now
    ]
    return max(now + 1, min([now + seconds, *ends]))


def _name(user: Any) -> str | None:
    name = getattr(user, "get_full_name", None)
    return (name() or None) if callable(name) else None


def _order(snapshot: Snapshot, asked: frozenset[Context]) -> Order:
    declared = registry.get()
    bearing = {role.on for role in declared.policy.roles}
    above = [types for kind, types in declared.lineages.above.items() if kind in bearing]
    return Order(
        above=frozenset().union(*above),
        asked=asked,
        accessed=recency.last_accessed(str(snapshot.subject.id), using=conf.get().database),
        newest=_newest(snapshot.loaded),
    )


def _newest(loaded: Loaded | None) -> dict[Context, int]:
    found: dict[Context, int] = {}
    for sourced in loaded.facts if loaded is not None else ():
        context = sourced.fact.context
        found[context] = max(found.get(context, 0), sourced.row)
    return found


def _grants(held: HeldRoles, contexts: Collection[Context]) -> TokenGrants:
    by_type: dict[str, dict[str, list[str]]] = {}
    for context in contexts:
        for role in held.grants.get(context, ()):
            by_type.setdefault(context.type, {}).setdefault(role, []).append(context.id)
    return TokenGrants(by_type)


def _bytes(claims: Claims) -> int:
    text = json.dumps(payload_writing.write(claims), separators=(",", ":"), ensure_ascii=False)
    return -(-len(text.encode()) * 4 // 3) + _SIGNATURE_AND_HEADER
