"""Refresh tokens that rotate, with strict reuse detection. Protocol §2, Rotation."""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass, field

GRACE = 30.0


@dataclass
class Family:
    """One log-in."""

    current: str
    made: float
    previous: str = ""
    seen: bool = False  # the current one was presented
    revoked: bool = False


@dataclass
class Families:
    """All log-ins of one conversation, and what was counted of them."""

    rotations: int = 0
    reuses: int = 0
    _all: list[Family] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self) -> str:
        """Log somebody in; return the refresh token, old enough to be rotated."""
        family = Family(secrets.token_urlsafe(24), time.monotonic() - GRACE)
        self._all.append(family)
        return family.current

    def age(self) -> None:
        """Let every refresh token grow old enough to be rotated."""
        for family in self._all:
            family.made -= GRACE

    def rotate(self, token: str) -> tuple[str, str]:
        """Return the next refresh token, or nothing and the code of the refusal."""
        with self._lock:
            return self._rotated(token)

    def revoke(self, token: str) -> bool:
        """End the family of a token; return whether there was one."""
        found = [family for family in self._all if token in (family.current, family.previous)]
        for family in found:
            family.revoked = True
        return bool(found)

    def _rotated(self, token: str) -> tuple[str, str]:
        if not token:
            return "", "refresh_missing"
        for family in self._all:
            if token in (family.current, family.previous):
                return self._step(family, token)
        self.reuses += 1
        for family in self._all:
            family.revoked = True
        return "", "refresh_reused"

    def _step(self, family: Family, token: str) -> tuple[str, str]:
        old = time.monotonic() - family.made >= GRACE
        if family.revoked:
            return "", "refresh_revoked"
        if token == family.previous and old and family.seen:
            self.reuses += 1
            family.revoked = True
            return "", "refresh_reused"
        if old:
            # A predecessor whose successor was never seen: that one is given up for another.
            self.rotations += 1
            family.previous, family.current = token, secrets.token_urlsafe(24)
            family.made, family.seen = time.monotonic(), False
        else:
            family.seen |= token == family.current
        return family.current, ""
