"""Generations in Redis: published by the issuer, looked up by services.

The issuer publishes on commit, and its worker once more, so that a process that dies between the
two loses nothing; a number only ever rises. A key that is missing is unknown, never fresh.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from ..freshness import UNKNOWN, Freshness

logger = logging.getLogger("auth_lib.redis")

PREFIX = "authz"
KEPT_SECONDS = 86_400
_RAISE = """
local old = tonumber(redis.call('GET', KEYS[1]) or '-1')
if tonumber(ARGV[1]) > old then
  redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
  return 1
end
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 0
"""


class RedisGenerations:
    """The half of a service: looks up, and raises nothing.

    After a failure it answers "unknown" for a pause without asking, so that a Redis that is gone
    costs one timeout and not one for each request.

    Args:
        client: with short timeouts.
        prefix: of the keys; the issuer's.
        pause: after a failure, in seconds.
        clock: a monotonic one, in seconds.

    """

    def __init__(
        self,
        client: Redis,
        *,
        prefix: str = PREFIX,
        pause: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._prefix = prefix
        self._pause = pause
        self._clock = clock
        self._again_at = float("-inf")

    @classmethod
    def from_url(cls, url: str, *, timeout: float = 0.25, prefix: str = PREFIX) -> RedisGenerations:
        """Return a source on the Redis behind a URL; the timeout is in seconds."""
        client = Redis.from_url(
            url,
            socket_timeout=timeout,
            socket_connect_timeout=timeout,
            retry=Retry(NoBackoff(), 0),  # the pause is the retry
        )
        return cls(client, prefix=prefix)

    def look(self, subject: str) -> Freshness:
        """Return what is known of a subject."""
        if self._clock() < self._again_at:
            return UNKNOWN
        names = [generation_key(self._prefix, subject), renewal_key(self._prefix)]
        try:
            generation, renewed_from = self._client.mget(names)
        except RedisError as error:
            self._again_at = self._clock() + self._pause
            logger.warning("Generations are unknown: %s", error)
            return UNKNOWN
        return Freshness(_number(generation), _number(renewed_from) or 0)

    def would_wait(self, _subject: str) -> bool:
        """Whether Redis would be asked."""
        return self._clock() >= self._again_at


class GenerationPublisher:
    """The half of the issuer.

    Args:
        client: of the Redis that the services ask.
        prefix: of the keys.
        kept: for how many seconds a number is kept; longer than any token lives.

    """

    def __init__(self, client: Redis, *, prefix: str = PREFIX, kept: int = KEPT_SECONDS) -> None:
        self._prefix = prefix
        self._kept = kept
        self._raise: Any = client.register_script(_RAISE)

    def publish(self, subject: str, generation: int) -> bool:
        """Publish the generation of a subject; return whether it was news.

        Call it when a change is committed, again from the worker, and when a token is issued.

        Raises:
            redis.exceptions.RedisError: it could not be done now.

        """
        return self._set(generation_key(self._prefix, subject), generation)

    def renew_from(self, second: int) -> bool:
        """Let every token that was issued before a second be stale.

        Raises:
            redis.exceptions.RedisError: it could not be done now.

        """
        return self._set(renewal_key(self._prefix), second)

    def _set(self, name: str, number: int) -> bool:
        return bool(self._raise(keys=[name], args=[number, self._kept]))


def generation_key(prefix: str, subject: str) -> str:
    """Return the name of the key with a subject's generation."""
    return f"{prefix}:gen:{subject}"


def renewal_key(prefix: str) -> str:
    """Return the name of the key with the second from which tokens are good."""
    return f"{prefix}:renewed_from"


def _number(value: object) -> int | None:
    try:
        return int(value) if isinstance(value, (bytes, str)) else None
    except ValueError:
        return None
