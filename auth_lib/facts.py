"""One assignment as a value: a role in a context, granted or refused, for a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from .contexts import Context


class Effect(StrEnum):
    """Whether an assignment gives the role or bars its subject from the context."""

    GRANT = "grant"
    REFUSE = "refuse"


class Fact(NamedTuple):
    """What one subject holds; who the subject is, is said by whoever keeps the fact.

    Attributes:
        role: the name of the role.
        context: where it holds.
        effect: granted, or refused: a refusal beats every grant there and below.
        valid_from: the first moment at which it holds; None: always has.
        valid_until: the first moment at which it holds no more; None: no end.

    """

    role: str
    context: Context
    effect: Effect = Effect.GRANT
    valid_from: datetime | None = None
    valid_until: datetime | None = None

    def holds_at(self, now: datetime) -> bool:
        """Whether ``now`` lies in the half-open interval [valid_from, valid_until)."""
        return (self.valid_from is None or self.valid_from <= now) and (
            self.valid_until is None or now < self.valid_until
        )


class Grants(Protocol):
    """Which roles are granted where: a mapping, or a token that reads like one."""

    def get(self, context: Context, /) -> frozenset[str] | None:
        """Return the names of the roles granted in one context, if any."""


class Held(Protocol):
    """What a decision reads of a subject: of :class:`HeldRoles`, or of a token's claims."""

    @property
    def subject(self) -> str | None:
        """The immutable id of the subject; None for somebody anonymous."""

    @property
    def grants(self) -> Grants:
        """What is granted, and where."""

    @property
    def refusals(self) -> AbstractSet[Context]:
        """The contexts from which the subject is barred."""

    @property
    def active(self) -> bool:
        """Whether the account is open."""


@dataclass(frozen=True, slots=True)
class HeldRoles:
    """What a subject holds at one moment, in the shape in which a decision reads it.

    Attributes:
        subject: the immutable id of the subject; None for somebody anonymous.
        grants: context to the names of the roles granted there.
        refusals: the contexts from which the subject is barred.
        active: False for a subject whose account is closed: denied everything.

    """

    subject: str | None
    grants: Mapping[Context, frozenset[str]] = field(default_factory=dict)
    refusals: frozenset[Context] = frozenset()
    active: bool = True
    types: frozenset[str] = field(init=False, repr=False, compare=False)
    """The context types on which anything is granted or refused; no other needs looking up."""

    def __post_init__(self) -> None:
        types = frozenset([context[0] for context in (*self.grants, *self.refusals)])
        object.__setattr__(self, "types", types)

    @classmethod
    def of(
        cls, subject: str | None, facts: Iterable[Fact], now: datetime, *, active: bool = True
    ) -> HeldRoles:
        """Fold the facts that hold at ``now``; equal ones count once."""
        granted: dict[Context, set[str]] = {}
        refused: set[Context] = set()
        refuse = Effect.REFUSE
        for fact in facts:
            role, context, effect, begins, ends = fact
            if (begins is not None or ends is not None) and not fact.holds_at(now):
                continue
            if effect == refuse:
                refused.add(context)
            elif (roles := granted.get(context)) is not None:
                roles.add(role)
            else:
                granted[context] = {role}
        grants = {context: frozenset(roles) for context, roles in granted.items()}
        return cls(subject, grants, frozenset(refused), active)


ANONYMOUS = HeldRoles(None)
"""Somebody who has not said who they are: holds nothing, anywhere."""
