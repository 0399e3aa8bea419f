"""The keys of an issuer: which one a token's header names, and no other is tried."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from . import algorithms, jwk
from .compact import Header
from .errors import KeyProblem
from .keys import Key, is_private
from .token_errors import AlgorithmRefused, UnknownKey


class KeySource(Protocol):
    """Where a verifier finds keys."""

    @property
    def version(self) -> object:
        """Equal as long as the keys are the same; asking fetches nothing."""

    @property
    def waits(self) -> bool:
        """Whether :meth:`find` ever waits for a network."""

    def find(self, header: Header) -> Key:
        """Return the one key that a header names.

        Raises:
            AlgorithmRefused, UnknownKey, KeysUnavailable: there is none, or none now.

        """

    def would_wait(self, header: Header, /) -> bool:
        """Whether :meth:`find` would wait for a network; then call it in a thread."""


class KeySet:
    """Keys that are all at hand.

    Raises:
        KeyProblem: none at all, two with one ``kid``, or a secret beside public keys.

    """

    def __init__(self, keys: Iterable[Key]) -> None:
        self._keys = tuple(keys)
        if not self._keys:
            raise KeyProblem("The key set is empty.")
        self._by_id = {key.key_id: key for key in self._keys}
        if len(self._by_id) != len(self._keys):
            raise KeyProblem("Two keys of the set have the same kid, or none.")
        if len({key.algorithm == algorithms.HS256 for key in self._keys}) > 1:
            raise KeyProblem("The set holds a secret beside public keys: keep them apart.")

    @classmethod
    def from_document(cls, document: object) -> KeySet:
        """Read a published JWK set (RFC 7517 §5), public keys alone.

        Keys for other uses or of kinds that are not supported are passed over, as the RFC
        says; one of a known kind that is wrong spoils the set.

        Raises:
            KeyProblem: nothing may be verified with this set.

        """
        return cls(jwk.read(each) for each in _published(document) if _usable(each))

    @property
    def version(self) -> object:
        """The set itself: it never changes."""
        return self

    @property
    def waits(self) -> bool:
        """False: all keys are at hand."""
        return False

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys, in their order."""
        return self._keys

    def knows(self, key_id: str) -> bool:
        """Whether a key of the set has this ``kid``."""
        return key_id in self._by_id

    def would_wait(self, _header: Header) -> bool:
        """Return False: all keys are at hand."""
        return False

    def find(self, header: Header) -> Key:
        """Return the key that a header names; see :meth:`KeySource.find`."""
        algorithm = algorithms.canonical(header.algorithm)
        fitting = [key for key in self._keys if key.algorithm == algorithm]
        if not fitting:
            raise AlgorithmRefused("No key of the issuer is for the algorithm of the token.")
        if header.key_id is None and len(fitting) == 1:
            return fitting[0]
        found = self._by_id.get(header.key_id) if header.key_id is not None else None
        if found is None:
            raise UnknownKey("The token does not name one of the issuer's keys.")
        if found.algorithm != algorithm:
            raise AlgorithmRefused("The key that the token names is for another algorithm.")
        return found

    def to_document(self) -> dict[str, Any]:
        """Return the JWK set to be published.

        Raises:
            KeyProblem: a key is a shared secret.

        """
        return {"keys": [key.public_jwk() for key in self._keys]}


class SeveralSources:
    """Key sources of which each has its own algorithms: a secret and a published set.

    That is the shape of a change from one to the other, while tokens of both are about.
    """

    def __init__(self, sources: Sequence[KeySource]) -> None:
        self._sources = tuple(sources)

    @property
    def version(self) -> object:
        """The versions of all."""
        return tuple(source.version for source in self._sources)

    @property
    def waits(self) -> bool:
        """Whether any of them does."""
        return any(source.waits for source in self._sources)

    def would_wait(self, header: Header) -> bool:
        """Whether any of them would."""
        return any(source.would_wait(header) for source in self._sources)

    def find(self, header: Header) -> Key:
        """Return the key of the first source that has the algorithm."""
        for source in self._sources[:-1]:
            try:
                return source.find(header)
            except AlgorithmRefused:
                continue
        return self._sources[-1].find(header)


def key_source(keys: KeySource | Key | Iterable[Key]) -> KeySource:
    """Return a key source for one key, several, or a source itself."""
    if isinstance(keys, Key):
        return KeySet([keys])
    return KeySet(keys) if isinstance(keys, Iterable) else keys


def _published(document: object) -> list[Mapping[str, Any]]:
    keys = document.get("keys") if isinstance(document, dict) else None
    if type(keys) is not list or not all(isinstance(each, dict) for each in keys):
        raise KeyProblem("The document is no JWK set: an object with a list of keys.")
    if any(is_private(each) for each in keys):
        raise KeyProblem("The JWK set publishes a private key or a secret: replace that key now.")
    return keys


def _usable(each: Mapping[str, Any]) -> bool:
    algorithm = jwk.algorithm_of(each)
    return algorithm is not None and jwk.is_for_signatures(each)
