"""The issuer's published keys: fetched rarely, kept through an outage, never from elsewhere."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from . import algorithms, strict_json
from .compact import Header
from .errors import KeyProblem
from .fetching import FetchFailed, fetch, require_trusted
from .key_sets import KeySet
from .keys import Key
from .token_errors import AlgorithmRefused, KeysUnavailable, UnknownKey

logger = logging.getLogger("auth_lib.jwks")

_PUBLISHED = frozenset(algorithms.NAMES) - {algorithms.HS256}


class PublishedKeys:
    """The JWK set behind a URL, as a source of keys.

    The set is fetched when the first token comes, and again in the background once it is older
    than ``lifespan``. While the issuer cannot be reached the last set stays good. A ``kid`` that
    is not in the set is looked for once more, but not more often than every ``pause`` seconds,
    whoever sends such tokens and however many.

    Args:
        url: of the JWK set; ``https``, or ``http`` on loopback.
        lifespan: after how many seconds the set is fetched again.
        stale_if_error: how many seconds longer it stays good while that fails.
        pause: the least time between two fetches, in seconds.
        timeout: how long one fetch may take, in seconds.
        allow_http: take the keys over an unprotected connection elsewhere than on loopback.
        fetch: gets the bytes behind a URL within a time, or raises FetchFailed.
        clock: a monotonic one, in seconds.

    Raises:
        NotConfigured: the URL is none, or unprotected.

    """

    def __init__(
        self,
        url: str,
        *,
        lifespan: float = 300,
        stale_if_error: float = 86_400,
        pause: float = 10,
        timeout: float = 3,
        allow_http: bool = False,
        fetch: Callable[[str, float], bytes] = fetch,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.url = require_trusted(url, allow_http=allow_http)
        self._lifespan, self._stale_if_error = lifespan, stale_if_error
        self._pause, self._timeout = pause, timeout
        self._fetch, self._clock = fetch, clock
        self._lock = threading.Lock()
        self._document = b""
        self._keys: KeySet | None = None
        self._fetched_at = self._tried_at = float("-inf")

    @property
    def version(self) -> object:
        """The set at hand while it is good, else None; an old one is renewed in the background."""
        self._renew_if_old()
        return self._good_keys()

    @property
    def waits(self) -> bool:
        """True: a key may have to be fetched."""
        return True

    def would_wait(self, header: Header) -> bool:
        """Whether :meth:`find` would fetch before it answers."""
        keys = self._good_keys()
        return self._may_come() and (keys is None or self._might_be_new(header, keys))

    def find(self, header: Header) -> Key:
        """Return the key that a header names; see :meth:`KeySource.find`."""
        self._renew_if_old()
        keys = self._good_keys() or self._fetched()
        if self._might_be_new(header, keys) and self._may_come():
            self._refresh(wait=True)
            keys = self._good_keys() or keys
        try:
            return keys.find(header)
        except AlgorithmRefused:
            if header.key_id is not None and self._might_be_new(header, keys):
                raise UnknownKey("The token does not name one of the issuer's keys.") from None
            raise

    def _might_be_new(self, header: Header, keys: KeySet) -> bool:
        public = algorithms.canonical(header.algorithm) in _PUBLISHED
        return public and header.key_id is not None and not keys.knows(header.key_id)

    def _good_keys(self) -> KeySet | None:
        good_until = self._fetched_at + self._lifespan + self._stale_if_error
        return self._keys if self._clock() < good_until else None

    def _may_try(self) -> bool:
        return self._clock() >= self._tried_at + self._pause

    def _may_come(self) -> bool:
        # A fetch that is under way has begun its pause, and may bring what is looked for.
        return self._lock.locked() or self._may_try()

    def _fetched(self) -> KeySet:
        self._refresh(wait=True)
        keys = self._good_keys()
        if keys is None:
            raise KeysUnavailable("The issuer's keys cannot be fetched now; try again later.")
        return keys

    def _renew_if_old(self) -> None:
        old = self._keys is not None and self._clock() >= self._fetched_at + self._lifespan
        if old and self._may_try() and not self._lock.locked():
            threading.Thread(target=self._refresh, name="auth_lib-jwks", daemon=True).start()

    def _refresh(self, *, wait: bool = False) -> None:
        """Fetch the set, in one thread at a time; who waited finds the work done."""
        if not self._lock.acquire(blocking=wait):
            return
        try:
            if self._may_try():
                self._replace()
        finally:
            self._lock.release()

    def _replace(self) -> None:
        # Also after a failure: an issuer that is down is not asked by every request.
        self._tried_at = self._clock()
        try:
            document = self._fetch(self.url, self._timeout)
            if document != self._document or self._keys is None:
                self._keys = KeySet.from_document(strict_json.loads(document))
                self._document = document
        except (FetchFailed, KeyProblem, ValueError) as error:
            logger.warning("The keys at %s could not be renewed: %s", self.url, error)
        else:
            self._fetched_at = self._clock()
