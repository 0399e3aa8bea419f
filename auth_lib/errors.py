"""What auth_lib raises. Every error has a stable ``code`` and carries what it speaks of."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def _suggestion(name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    close = get_close_matches(name, names, n=1)
    if close:
        return f"Did you mean {close[0]!r}?"
    return f"Known: {', '.join(names) or 'none'}."


class AuthError(Exception):
    """The root of everything that auth_lib raises on purpose."""

    code = "auth_error"


class InvalidContext(AuthError, ValueError):
    """A context that cannot be written as ``type:id``."""

    code = "invalid_context"


class PolicyError(AuthError, ValueError):
    """A policy that contradicts itself.

    Attributes:
        problems: one sentence for each contradiction.

    """

    code = "invalid_policy"

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


class UnknownName(AuthError, LookupError):
    """A name in a call that the policy does not declare.

    Attributes:
        name: what was asked for.
        known: what the policy declares.

    """

    code = "unknown_name"
    kind = "name"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.known = tuple(sorted(known))
        super().__init__(
            f"No {self.kind} {name!r} is declared in the policy. {_suggestion(name, self.known)}"
        )


class UnknownPermission(UnknownName):
    """A permission that no role and no public declaration names."""

    code = "unknown_permission"
    kind = "permission"


class UnknownRole(UnknownName):
    """A role that is not declared on the context type it was asked for."""

    code = "unknown_role"
    kind = "role"


class UnknownContextType(UnknownName):
    """A context type that is not declared."""

    code = "unknown_context_type"
    kind = "context type"


class KeyProblem(AuthError, ValueError):
    """A key, or a set of keys, that nothing may be signed or verified with."""

    code = "invalid_key"


class NotConfigured(AuthError, RuntimeError):
    """What a service must say before it can ask; the text names the argument and the variable."""

    code = "not_configured"
