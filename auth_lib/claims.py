"""What a token says about a subject, as one immutable value."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from .contexts import Context

RolesByType = Mapping[str, Mapping[str, Collection[str]]]
"""Context type to role to the ids of the contexts where it is held."""


_NOTHING: Mapping[str, Any] = MappingProxyType({})
_NO_IDS = frozenset[str]()


class ViewedRole(NamedTuple):
    """The one role as which the subject looks at a context and at all below it.

    Attributes:
        role: its name.
        context: where.

    """

    role: str
    context: Context


class TokenGrants:
    """The roles of a token, kept as they stand there.

    The set of one role's ids is made when that role is first asked about: hashing 500 ids costs
    half as much as all the rest of a verification.

    Args:
        by_type: the claim ``roles``.

    """

    __slots__ = ("_by_type", "_sets")

    def __init__(self, by_type: RolesByType = _NOTHING) -> None:
        self._by_type = by_type
        self._sets: dict[tuple[str, str], frozenset[str]] = {}

    def ids(self, type_: str, role: str) -> frozenset[str]:
        """Return the ids of the contexts where a role is held; also for lists."""
        found = self._sets.get((type_, role))
        if found is None:
            ids = self._by_type.get(type_, _NOTHING).get(role)
            if ids is None:  # not kept: what is asked for has no end
                return _NO_IDS
            found = self._sets[type_, role] = frozenset(ids)
        return found

    def get(self, context: Context, /) -> frozenset[str] | None:
        """Return the names of the roles held in one context; None where there are none."""
        type_, id_ = context
        by_role = self._by_type.get(type_)
        if by_role is None:
            return None
        return frozenset([role for role in by_role if id_ in self.ids(type_, role)]) or None

    def by_type(self) -> dict[str, dict[str, frozenset[str]]]:
        """Return everything, by type and role."""
        return {
            type_: {role: self.ids(type_, role) for role in by_role}
            for type_, by_role in self._by_type.items()
        }

    def __iter__(self) -> Iterator[Context]:
        """Yield every context with a role, each once."""
        for type_, by_role in self.by_type().items():
            for id_ in frozenset[str]().union(*by_role.values()):
                yield Context(type_, id_)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TokenGrants) and self.by_type() == other.by_type()

    def __hash__(self) -> int:
        return hash(frozenset(self))

    def __repr__(self) -> str:
        return f"TokenGrants({self.by_type()})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """The claims of a token; the names on the wire are in docs/reference/service-protocol.md.

    Attributes:
        subject: the immutable id of the subject (``sub``).
        issuer: who says so (``iss``).
        audience: the services it is for (``aud``).
        issued_at: in seconds since 1970 (``iat``).
        expires_at: the first second at which it holds no more (``exp``).
        not_before: the first second at which it holds (``nbf``); 0: from the start.
        token_id: of this token (``jti``); None without one.
        full_name: to be shown; None where the issuer leaves it out.
        grants: the roles (``roles``).
        refusals: the contexts from which the subject is barred, with all below (``deny``).
        generation: of the subject's facts (``gen``); 0: not known.
        truncated: the context types whose list was cut (``trunc``).
        asked: contexts that were asked for by name, so that absence is an answer (``asked``).
        viewed: as which role the subject looks (``view_as``); None: as itself.
        actor: who acts in the subject's name (``act``); None: the subject.
        extra: claims that the protocol does not name.

    """

    subject: str
    issuer: str
    audience: tuple[str, ...]
    issued_at: int
    expires_at: int
    not_before: int = 0
    token_id: str | None = None
    full_name: str | None = None
    grants: TokenGrants = field(default_factory=TokenGrants)
    refusals: frozenset[Context] = frozenset()
    generation: int = 0
    truncated: frozenset[str] = frozenset()
    asked: frozenset[Context] = frozenset()
    viewed: ViewedRole | None = None
    actor: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def active(self) -> bool:
        """Always True: no token is issued to a closed account."""
        return True

    @property
    def read_only(self) -> bool:
        """Whether nothing may be changed with it: a view as a role, or somebody acting for."""
        return self.viewed is not None or self.actor is not None

    def lacks(self, context: Context) -> bool:
        """Whether the token cannot tell what is held in a context, since its list was cut."""
        return (
            context.type in self.truncated
            and context not in self.asked
            and self.grants.get(context) is None
        )
