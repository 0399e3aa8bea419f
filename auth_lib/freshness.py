"""Whether a token is behind: what a service knows of changes since it was issued."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from .claims import Claims


class Freshness(NamedTuple):
    """What is known now of a subject.

    Attributes:
        generation: the newest generation of its facts; None: not known, which is never "fresh".
        renewed_from: from this second on, tokens issued before it are stale; 0: none is.

    """

    generation: int | None = None
    renewed_from: int = 0

    def is_behind(self, claims: Claims) -> bool | None:
        """Whether the facts have changed since; None where nobody can tell."""
        if self.generation is None or not claims.generation:
            return None
        return claims.generation < self.generation

    def is_stale(self, claims: Claims) -> bool:
        """Whether the issuer wants every token of that time renewed, whoever's it is."""
        return claims.issued_at < self.renewed_from


UNKNOWN = Freshness()


class GenerationSource(Protocol):
    """Where a service learns of changes. It raises nothing: what it cannot learn is unknown."""

    def look(self, subject: str) -> Freshness:
        """Return what is known of a subject."""

    def would_wait(self, subject: str) -> bool:
        """Whether :meth:`look` would wait for a network; then call it in a thread."""
