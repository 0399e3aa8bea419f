"""Which contexts enter a token that cannot hold them all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from auth_lib import PLATFORM, Context

Fits = Callable[[Collection[Context]], bool]


@dataclass(frozen=True, slots=True)
class Order:
    """What is known of a subject's contexts beside the roles.

    Attributes:
        above: the context types above others, as schools are above courses.
        asked: the contexts that the request names.
        accessed: when a token was last asked for with a context.
        newest: a number for each context that rises with its newest assignment.

    """

    above: frozenset[str]
    asked: frozenset[Context] = frozenset()
    accessed: Mapping[Context, datetime] | None = None
    newest: Mapping[Context, int] | None = None

    def always(self, context: Context) -> bool:
        """Whether a context enters every token: much is decided by what lies above."""
        return context == PLATFORM or context.type in self.above or context in self.asked

    def key(self, context: Context) -> tuple[float, int, int, str]:
        """Return what to sort optional contexts by: last accessed, newest, then by id."""
        at = (self.accessed or {}).get(context)
        last = at.timestamp() if at is not None else 0.0
        return (-last, -(self.newest or {}).get(context, 0), len(context.id), context.id)


@dataclass(frozen=True, slots=True)
class Selection:
    """The contexts of a token, and the types of which some are missing."""

    contexts: frozenset[Context]
    truncated: frozenset[str]


def select(held: Iterable[Context], order: Order, *, most: int, fits: Fits) -> Selection:
    """Choose the contexts of a token, each with all of its roles or not at all.

    Args:
        held: every context in which the subject holds a role.
        order: see :class:`Order`.
        most: the most contexts in one token.
        fits: whether a token with these contexts is short enough; more never fit where fewer
            do not.

    """
    every = list(held)
    always = [context for context in every if order.always(context)]
    optional = sorted((c for c in every if not order.always(c)), key=order.key)
    room = max(0, most - len(always))
    count = _largest(min(room, len(optional)), lambda n: fits([*always, *optional[:n]]))
    left = optional[count:]
    chosen = frozenset([*always, *optional[:count]])
    return Selection(chosen, frozenset(context.type for context in left))


def _largest(most: int, fits: Callable[[int], bool]) -> int:
    """Return the largest number up to ``most`` that fits; 0 where none does."""
    if fits(most):
        return most
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low
