"""Tokens that were verified, so that the next request with the same one costs a hash."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress
from hashlib import sha256

from .claims import Claims


class VerifiedTokens:
    """The claims of the last tokens, by the hash of the token; a token itself is never kept.

    Whoever reads an entry checks ``exp`` again. An entry counts only under the keys with which it
    was verified, so that taking a key away ends what it signed.

    Args:
        max_tokens: how many are kept; the one that was not used for the longest time goes
            first. A token with 500 contexts takes about 60 kB.

    """

    __slots__ = ("_entries", "_max_tokens")

    digest = staticmethod(lambda raw: sha256(raw).digest())

    def __init__(self, max_tokens: int = 1000) -> None:
        if max_tokens < 1:
            raise ValueError(f"max_tokens={max_tokens!r}: keep at least one, or take no cache.")
        self._max_tokens = max_tokens
        self._entries: OrderedDict[bytes, tuple[object, Claims]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, digest: bytes, version: object) -> Claims | None:
        """Return the claims verified under these keys; None where there are none."""
        found = self._entries.get(digest)
        if found is None or found[0] != version:
            return None
        with suppress(KeyError):  # another thread may have put it out
            self._entries.move_to_end(digest)
        return found[1]

    def put(self, digest: bytes, version: object, claims: Claims) -> None:
        """Keep claims; what stood there before goes."""
        self._entries.pop(digest, None)
        self._entries[digest] = (version, claims)
        while len(self._entries) > self._max_tokens:
            try:
                self._entries.popitem(last=False)
            except KeyError:  # as above
                return

    def drop(self, digest: bytes) -> None:
        """Forget one token."""
        self._entries.pop(digest, None)
