"""One refresh at a time, for threads and for tasks. Protocol §6, rule 1."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field

import httpx

from .answers import Failure, Outcome, read_answer
from .session import Answer, Session
from .token import Token

ROUNDS = 4
TIMEOUT = 10.0

Fits = Callable[[Token], bool]


@dataclass(slots=True)
class Refresher:
    """Obtains tokens that fit, by refreshing where there is none.

    Attributes:
        session: what is refreshed.
        prefix: the address below which the issuer answers.
        name: who this is, as ``name/version``.
        client, async_client: make what the issuer is asked with.
        program: the ``Authorization`` of a program that has credentials instead of a refresh
            token; empty: none.

    """

    session: Session
    prefix: str
    name: str
    client: Callable[[], httpx.Client]
    async_client: Callable[[], httpx.AsyncClient]
    program: str = field(default="", repr=False)
    _flight: Future[None] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def obtain(self, fits: Fits, reason: str) -> Token | None:
        """Return a token that fits; None where requests go without one.

        Raises:
            Unavailable: a token is needed, and none can be had now.

        """
        for round_ in range(ROUNDS + 1):
            done, token = self.session.ready(fits, last=round_ == ROUNDS)
            if done:
                return token
            flight, mine = self._board()
            if mine:
                self._fly(flight, self._why(reason))
            flight.result()
        return None

    async def aobtain(self, fits: Fits, reason: str) -> Token | None:
        """Do the same among tasks; who is cancelled stops waiting, and the refresh goes on."""
        for round_ in range(ROUNDS + 1):
            done, token = self.session.ready(fits, last=round_ == ROUNDS)
            if done:
                return token
            flight, mine = self._board()
            if mine:
                self._afly_in_background(flight, self._why(reason))
            await asyncio.shield(asyncio.wrap_future(flight))
        return None

    def in_background(self, reason: str) -> None:
        """Begin a refresh in a thread, unless one is underway."""
        flight, mine = self._board()
        if mine:
            work = threading.Thread(target=self._fly, args=(flight, reason), daemon=True)
            work.start()

    def ain_background(self, reason: str) -> None:
        """Begin a refresh in a task, unless one is underway."""
        flight, mine = self._board()
        if mine:
            self._afly_in_background(flight, reason)

    def revoke(self, refresh_token: str | None) -> int:
        """Tell the issuer that the family ends; return the status, 0 where none came."""
        try:
            with self.client() as client:
                return client.send(
                    self._request("revoke/", {"refresh_token": refresh_token})
                ).status_code
        except httpx.HTTPError:
            return 0

    async def arevoke(self, refresh_token: str | None) -> int:
        """Do the same in a task."""
        request = self._request("revoke/", {"refresh_token": refresh_token})
        try:
            async with self.async_client() as client:
                return (await client.send(request)).status_code
        except httpx.HTTPError:
            return 0

    def _why(self, reason: str) -> str:
        return reason if self.session.token else "start"

    def _board(self) -> tuple[Future[None], bool]:
        """Return the refresh that is underway, and whether it is the caller's to carry out."""
        with self._lock:
            if self._flight is not None and not self._flight.done():
                return self._flight, False
            self._flight = Future()
            return self._flight, True

    def _fly(self, flight: Future[None], reason: str) -> None:
        try:
            steps = self.session.steps(reason)
            step = next(steps)
            with self.client() as client:
                while True:
                    if isinstance(step, dict):
                        step = steps.send(self._ask(client, step))
                    else:
                        time.sleep(step)
                        step = next(steps)
        except StopIteration:
            flight.set_result(None)
        except BaseException as error:
            flight.set_exception(error)
            raise

    def _afly_in_background(self, flight: Future[None], reason: str) -> None:
        task = asyncio.create_task(self._afly(flight, reason))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _afly(self, flight: Future[None], reason: str) -> None:
        try:
            steps = self.session.steps(reason)
            step = next(steps)
            async with self.async_client() as client:
                while True:
                    if isinstance(step, dict):
                        step = steps.send(await self._aask(client, step))
                    else:
                        await asyncio.sleep(step)
                        step = next(steps)
        except StopIteration:
            flight.set_result(None)
        except BaseException as error:  # noqa: BLE001 -- handed to those who wait
            flight.set_exception(error)

    def _ask(self, client: httpx.Client, body: dict[str, object]) -> Answer:
        try:
            return answer_of(client.send(self._exchange(body), follow_redirects=False))
        except httpx.HTTPError:
            return Failure(Outcome.FAILED, "network")

    async def _aask(self, client: httpx.AsyncClient, body: dict[str, object]) -> Answer:
        try:
            return answer_of(await client.send(self._exchange(body), follow_redirects=False))
        except httpx.HTTPError:
            return Failure(Outcome.FAILED, "network")

    def _exchange(self, body: dict[str, object]) -> httpx.Request:
        if not self.program:
            return self._request("refresh/", body)
        request = self._request("token/", {"grant_type": "client_credentials"})
        request.headers["Authorization"] = self.program
        return request

    def _request(self, path: str, body: dict[str, object]) -> httpx.Request:
        timeout = httpx.Timeout(TIMEOUT).as_dict()
        headers = {"X-Auth-Client": self.name}
        url, extensions = self.prefix + path, {"timeout": timeout}
        return httpx.Request("POST", url, json=body, headers=headers, extensions=extensions)


def answer_of(response: httpx.Response) -> Answer:
    """Read an answer of the issuer."""
    return read_answer(response.status_code, response.headers.get("Retry-After"), response.content)
