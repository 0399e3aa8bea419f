"""The one access token of a client, and what may be done next. No request is sent from here.

Protocol §6 to §8 and §10.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field

from .answers import Failure, Granted, Outcome
from .clock import Stopwatch
from .events import Event, Unavailable
from .token import Token, refresh_time

Answer = Granted | Failure
Steps = Generator[float | dict[str, object], Answer | None, None]

CONTEXTS_KEPT = 8
HINTS_APART = 10.0
HERD = 10.0
PAUSES = (0.5, 1.0)
FIRST_PAUSE = 5.0
LONGEST_PAUSE = 60.0
DISABLED_PAUSE = 60.0
NEVER = float("inf")
CREDENTIALS = "invalid_client"


@dataclass(frozen=True, slots=True, eq=False)
class Gate:
    """Until when nothing is asked of the issuer, by the monotonic clock.

    A new gate also says that what is underway concerns the session no longer.
    """

    until: float = 0.0
    reason: str = "unusable"
    mute: bool = False

    def left(self) -> float:
        """Return the seconds that it stays closed."""
        return max(0.0, self.until - time.monotonic())


@dataclass(slots=True)
class Session:
    """Token, refresh token and pauses of one client.

    Attributes:
        refresh_token: what the next refresh presents; None: ended.
        emit: called with each event.
        store: called with each new refresh token before its answer is used; None: forget it.

    """

    refresh_token: str | None = field(repr=False)
    emit: Callable[[Event], None]
    store: Callable[[str | None], object]
    token: Token | None = None
    contexts: tuple[str, ...] = ()
    gate: Gate = field(default_factory=Gate)
    failures: int = 0
    hint_at: float = NEVER
    last_hint: float = -NEVER
    hint_reason: str = ""
    lock: threading.RLock = field(default_factory=threading.RLock)

    def ready(self, fits: Callable[[Token], bool], *, last: bool) -> tuple[bool, Token | None]:
        """Return whether a request may go now, and with which token; else a refresh is needed.

        Raises:
            Unavailable: a token is needed, and the issuer is not to be asked now.

        """
        if self.token is not None and fits(self.token):
            return True, self.token
        closed = self.gate.left()
        if closed and self.gate.mute:
            return True, None
        if closed or last:
            raise Unavailable(self.gate.reason, closed)
        return False, None

    def remember(self, context: str) -> None:
        """Ask for this context with every refresh from now on."""
        if context:
            others = (other for other in self.contexts if other != context)
            self.contexts = (context, *others)[:CONTEXTS_KEPT]

    def hint(self, reason: str | None, carried: Token) -> None:
        """Plan what ``X-Auth-Refresh`` asks for, on an answer to a request with this token."""
        if not reason or carried is not self.token or self.hint_at != NEVER:
            return
        now = time.monotonic()
        spread = 0.0 if reason == "behind" else random.uniform(0, HERD)  # noqa: S311 -- no secret
        self.hint_at = max(self.last_hint + HINTS_APART, now + spread)
        self.hint_reason = reason

    def wanted(self) -> str:
        """Return why the token should be refreshed in the background now; empty: no need."""
        if self.token is None or self.gate.left():
            return ""
        if time.monotonic() >= self.hint_at:
            self.last_hint, self.hint_at = time.monotonic(), NEVER
            return self.hint_reason
        return "due" if self.token.is_due() else ""

    def steps(self, reason: str) -> Steps:
        """Refresh once: yields bodies to post and seconds to sleep, and is sent the answers."""
        mine, since, asked = self.gate, Stopwatch(), self.contexts
        body: dict[str, object] = {"refresh_token": self.refresh_token, "context": list(asked)}
        answer = yield body
        for pause in PAUSES:
            if not isinstance(answer, Failure) or not may_be_repeated(answer):
                break
            yield pause * random.uniform(0.5, 1)  # noqa: S311 -- no secret
            answer = yield body
        with self.lock:
            if self.gate is mine and answer is not None:
                self._settle(answer, since, asked, reason)

    def _settle(self, answer: Answer, since: Stopwatch, asked: Iterable[str], reason: str) -> None:
        if isinstance(answer, Failure):
            self.fail(answer)
            return
        if answer.refresh_token is not None:
            self.store(answer.refresh_token)
            self.refresh_token = answer.refresh_token
        due = refresh_time(answer.expires_in, random.random())  # noqa: S311 -- no secret
        skew = None
        if answer.issued_at is not None:
            skew = answer.issued_at - (time.time() - since.elapsed() / 2)
        self.token = Token(answer.access_token, answer.expires_in, since, tuple(asked), due)
        self.gate, self.failures, self.hint_at = Gate(), 0, NEVER
        self.emit(Event("refreshed", reason, skew=skew))

    def fail(self, failure: Failure) -> None:
        """End the session, go without tokens for a while, or leave the issuer alone for a while."""
        ends = failure.outcome is Outcome.SIGNED_OUT
        seconds = NEVER if ends else failure.retry_after or self._pause(failure)
        mute = failure.outcome is not Outcome.FAILED
        with self.lock:
            self.gate = Gate(time.monotonic() + seconds, failure.reason, mute)
            self.contexts = ()  # it may be one of them that the issuer refuses
            if mute:
                self.token = None
            if ends:
                self.refresh_token = None
                self.store(None)
            self.emit(Event(failure.outcome, failure.reason, None if ends else seconds))

    def _pause(self, failure: Failure) -> float:
        if failure.outcome is Outcome.DISABLED:
            return DISABLED_PAUSE
        self.failures += 1
        return min(FIRST_PAUSE * 2.0 ** (self.failures - 1), LONGEST_PAUSE)


def may_be_repeated(failure: Failure) -> bool:
    """Tell whether the same refresh may be sent again at once: a fault on the way, it seems."""
    if failure.reason == CREDENTIALS:
        return False  # a wrong secret is no better a second later
    return failure.outcome is Outcome.FAILED and failure.retry_after is None
