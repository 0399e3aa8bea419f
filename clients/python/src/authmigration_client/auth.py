"""Authentication for httpx that carries the token. Protocol §4 to §6."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Generator, Iterable
from dataclasses import dataclass
from functools import partial
from typing import cast

import httpx

from .answers import Failure, Outcome
from .challenges import Challenge, read_challenge
from .events import Event, NotRevoked, Unavailable
from .refreshing import Fits, Refresher
from .session import Session
from .token import Token

NAME = "authmigration-python/0.1.0"
UNAUTHORIZED = 401
NO_CONTENT = 204
REFUSED_FOR = 30.0
LOOPBACK = {"127.0.0.1", "::1", "localhost"}

Origin = tuple[str, str, int | None]


@dataclass(frozen=True, slots=True)
class Obtain:
    """A step of a flow: a token is needed; ``quietly``: go on without one where none can be had."""

    fits: Fits
    why: str
    quietly: bool = False


@dataclass(frozen=True, slots=True)
class Background:
    """A step of a flow: refresh, and do not wait for it."""

    why: str


Flow = Generator[httpx.Request | Obtain | Background, httpx.Response | Token | None, None]


class TokenAuth(httpx.Auth):
    """``httpx.Client(auth=TokenAuth(...))``, or ``AsyncClient``; one may serve several clients.

    Threads and tasks that need a refresh at the same moment share one.

    Args:
        prefix: where the issuer answers: ``https://lms.example/auth/``.
        origins: who may see the token, as ``https://gradebook.example``; nobody else does.
        refresh_token: what the host's log-in gave to this program.
        name: who this is, as ``name/version``; sent as ``X-Auth-Client``.
        store: called with each new refresh token, before it is used; None: forget it. Keep it
            where secrets are kept.
        on_event: called with each event, from whatever thread it happens in.
        client: makes the client that asks the issuer, with its proxies and certificates.
        async_client: the same for tasks.

    Raises:
        ValueError: an address is neither HTTPS nor on this machine.

    """

    def __init__(
        self,
        *,
        prefix: str,
        origins: Iterable[str],
        refresh_token: str,
        name: str = NAME,
        store: Callable[[str | None], object] = lambda _: None,
        on_event: Callable[[Event], None] = lambda _: None,
        client: Callable[[], httpx.Client] = httpx.Client,
        async_client: Callable[[], httpx.AsyncClient] = httpx.AsyncClient,
    ) -> None:
        _safe_origin(prefix)
        self._origins = {_safe_origin(origin) for origin in origins}
        self._name = name
        self._emit = on_event
        self._session = Session(refresh_token, on_event, store)
        self._refresher = Refresher(
            self._session, prefix.rstrip("/") + "/", name, client, async_client
        )
        self._refused: dict[tuple[Origin, str], float] = {}

    def sign_out(self) -> None:
        """End the family of this client.

        Raises:
            NotRevoked: the issuer could not be told; this client is out all the same.

        """
        refresh_token = self._end()
        _require_revoked(self._refresher.revoke(refresh_token))

    async def asign_out(self) -> None:
        """Do the same in a task."""
        refresh_token = self._end()
        _require_revoked(await self._refresher.arevoke(refresh_token))

    def sync_auth_flow(
        self, request: httpx.Request
    ) -> Generator[httpx.Request, httpx.Response, None]:
        """Send with a token; where a 401 says that a newer one may help, send once more."""
        flow, given = self._flow(request), cast("httpx.Response | Token | None", None)
        while True:
            try:
                step = flow.send(given)
            except StopIteration:
                return
            if isinstance(step, httpx.Request):
                given = yield step
            elif isinstance(step, Background):
                self._refresher.in_background(step.why)
                given = None
            else:
                try:
                    given = self._refresher.obtain(step.fits, step.why)
                except Unavailable:
                    if not step.quietly:
                        raise
                    given = None

    async def async_auth_flow(
        self, request: httpx.Request
    ) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Do the same in a task."""
        flow, given = self._flow(request), cast("httpx.Response | Token | None", None)
        while True:
            try:
                step = flow.send(given)
            except StopIteration:
                return
            if isinstance(step, httpx.Request):
                given = yield step
            elif isinstance(step, Background):
                self._refresher.ain_background(step.why)
                given = None
            else:
                try:
                    given = await self._refresher.aobtain(step.fits, step.why)
                except Unavailable:
                    if not step.quietly:
                        raise
                    given = None

    def _flow(self, request: httpx.Request) -> Flow:
        if _origin_of(request.url) not in self._origins or "Authorization" in request.headers:
            yield request
            return
        token = cast("Token | None", (yield Obtain(Token.usable, "expired")))
        response = cast("httpx.Response", (yield self._carrying(request, token)))
        challenge = self._learn(response, request, token)
        if reason := self._session.wanted():
            yield Background(reason)
        if token is None or challenge is None or self._is_known(request, token, challenge):
            return
        self._session.remember(challenge.context)
        why = "context" if challenge.context else "rejected"
        if not _can_be_repeated(request):
            self._emit(Event("not_retried", "stream"))
            yield Background(why)
            return
        newer = Obtain(partial(_answers, challenge, token), why, quietly=True)
        following = cast("Token | None", (yield newer))
        if following is not None:
            response = cast("httpx.Response", (yield self._carrying(request, following)))
            if self._learn(response, request, following) == challenge:
                self._refused[_kind(request, challenge)] = time.monotonic() + REFUSED_FOR

    def _carrying(self, request: httpx.Request, token: Token | None) -> httpx.Request:
        if token is not None:
            request.headers["Authorization"] = f"Bearer {token.value}"
            request.headers["X-Auth-Client"] = self._name
        return request

    def _learn(
        self, response: httpx.Response, request: httpx.Request, token: Token | None
    ) -> Challenge | None:
        """Return what an answer says about the token; nothing if a redirect led elsewhere."""
        if token is None or _origin_of(response.url) != _origin_of(request.url):
            return None
        if response.status_code == UNAUTHORIZED:
            return read_challenge(response.headers.get("WWW-Authenticate"))
        self._session.hint(response.headers.get("X-Auth-Refresh"), token)
        return None

    def _is_known(self, request: httpx.Request, token: Token, challenge: Challenge) -> bool:
        """Tell whether this service is known to refuse such tokens, however fresh."""
        until = self._refused.get(_kind(request, challenge), 0.0)
        if token is not self._session.token or until < time.monotonic():
            return False
        self._emit(Event("not_retried", "refused"))
        return True

    def _end(self) -> str | None:
        refresh_token = self._session.refresh_token
        self._session.fail(Failure(Outcome.SIGNED_OUT, "signed_out"))
        return refresh_token


def _answers(challenge: Challenge, failed: Token, token: Token) -> bool:
    """Tell whether a token is another than the failed one, and was asked for with the context."""
    return token is not failed and (not challenge.context or challenge.context in token.asked)


def _kind(request: httpx.Request, challenge: Challenge) -> tuple[Origin, str]:
    return _origin_of(request.url), challenge.context


def _origin_of(url: httpx.URL) -> Origin:
    """Return scheme, host and port."""
    return url.scheme, url.host, url.port


def _safe_origin(text: str) -> Origin:
    url = httpx.URL(text)
    if url.scheme == "https" or (url.scheme == "http" and url.host in LOOPBACK):
        return _origin_of(url)
    raise ValueError(f"{text!r} is no address for a token: write one that begins with https://.")


def _can_be_repeated(request: httpx.Request) -> bool:
    # httpx reads files of a form from their beginning again; other iterators are used up.
    stream = request.stream
    return isinstance(stream, httpx.ByteStream) or type(stream).__name__ == "MultipartStream"


def _require_revoked(status: int) -> None:
    if status != NO_CONTENT:
        raise NotRevoked(f"http_{status}" if status else "network")
