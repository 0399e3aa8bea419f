"""The gate of this process: set up once, from arguments or from the environment."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from . import policy_document
from .cache import VerifiedTokens
from .contexts import Context
from .decisions import Decision
from .errors import NotConfigured, PolicyError
from .freshness import GenerationSource
from .gates import Gate
from .jwks import PublishedKeys
from .key_sets import KeySet, KeySource, SeveralSources
from .keys import Key
from .policy import Policy
from .verifier import LEEWAY_SECONDS, TokenVerifier

_gate: Gate | None = None


def configure(
    *,
    issuer: str | None = None,
    audience: str | None = None,
    secret: str | bytes | None = None,
    jwks_url: str | None = None,
    keys: KeySource | None = None,
    policy: Policy | Mapping[str, Any] | str | Path | None = None,
    generations: GenerationSource | None = None,
    leeway: int | None = None,
    cache: bool = True,
) -> Gate:
    """Set up this process's gate; what is not given is taken from the environment.

    Args:
        issuer: ``iss`` of the tokens; ``AUTH_LIB_ISSUER``.
        audience: this service as it stands in ``aud``; ``AUTH_LIB_AUDIENCE``.
        secret: shared with the issuer, for HS256; ``AUTH_LIB_SECRET``, or the file that
            ``AUTH_LIB_SECRET_FILE`` names.
        jwks_url: where the issuer publishes its keys; ``AUTH_LIB_JWKS_URL``. With a secret as
            well, both are accepted: that is a change from one to the other.
        keys: instead of both: keys from elsewhere.
        policy: the issuer's, as a value, a document, or the path of a file; ``AUTH_LIB_POLICY``.
        generations: tells of changes since a token was issued.
        leeway: seconds that clocks may differ; ``AUTH_LIB_LEEWAY``.
        cache: keep verified tokens for as long as they hold.

    Raises:
        NotConfigured: something is missing; the text says what.
        KeyProblem: the secret is too short, or is none.
        PolicyError: the policy contradicts itself.

    """
    global _gate  # noqa: PLW0603 -- one gate for the process; Gate is there for more
    verifier = TokenVerifier(
        issuer=issuer or _variable("ISSUER", "issuer", "who issues the tokens, as their iss says"),
        audience=audience or _variable("AUDIENCE", "audience", "this service, as their aud says"),
        keys=keys if keys is not None else _keys(secret, jwks_url),
        leeway=_leeway(leeway),
        cache=VerifiedTokens() if cache else None,
    )
    _gate = Gate(verifier, policy=_policy(policy), generations=generations)
    return _gate


def gate() -> Gate:
    """Return this process's gate, set up from the environment if nothing else was said.

    Raises:
        NotConfigured: the environment lacks something; the text says what.

    """
    return _gate if _gate is not None else configure()


@contextmanager
def instead(other: Gate | None) -> Iterator[None]:
    """Put another gate in its place for a while, as a test does; None: none is set up."""
    global _gate  # noqa: PLW0603 -- see configure()
    before, _gate = _gate, other
    try:
        yield
    finally:
        _gate = before


def is_authenticated(token: object) -> bool:
    """Whether a token is accepted; see :meth:`Gate.is_authenticated`."""
    return gate().is_authenticated(token)


def is_authorized(
    token: object,
    context: str,
    context_id: object,
    role: str,
    *,
    lineage: Sequence[Context | str] = (),
    safe: bool = True,
) -> Decision:
    """Answer whether a role is held in a context; see :meth:`Gate.is_authorized`."""
    return gate().is_authorized(token, context, context_id, role, lineage=lineage, safe=safe)


def check(
    token: object,
    permission: str,
    context: str,
    context_id: object,
    *,
    lineage: Sequence[Context | str] = (),
    safe: bool = True,
) -> Decision:
    """Answer whether a permission is held on a context; see :meth:`Gate.check`."""
    return gate().check(token, permission, context, context_id, lineage=lineage, safe=safe)


def _variable(name: str, argument: str, meaning: str) -> str:
    found = os.environ.get(f"AUTH_LIB_{name}", "").strip()
    if found:
        return found
    raise NotConfigured(
        f"auth_lib needs {argument} ({meaning}): call auth_lib.configure({argument}=...) "
        f"or set AUTH_LIB_{name}."
    )


def _keys(secret: str | bytes | None, jwks_url: str | None) -> KeySource:
    secret = secret or _secret_from_environment()
    jwks_url = jwks_url or os.environ.get("AUTH_LIB_JWKS_URL")
    sources: list[KeySource] = []
    if secret:
        sources.append(KeySet([Key.from_secret(secret)]))
    if jwks_url:
        sources.append(PublishedKeys(jwks_url))
    if not sources:
        raise NotConfigured(
            "auth_lib needs the issuer's keys: call auth_lib.configure(jwks_url=...) or "
            "configure(secret=...), or set AUTH_LIB_JWKS_URL, AUTH_LIB_SECRET or "
            "AUTH_LIB_SECRET_FILE."
        )
    return sources[0] if len(sources) == 1 else SeveralSources(sources)


def _secret_from_environment() -> str | None:
    path = os.environ.get("AUTH_LIB_SECRET_FILE")
    if path is None:
        return os.environ.get("AUTH_LIB_SECRET")
    return _read("AUTH_LIB_SECRET_FILE", path).strip()


def _leeway(given: int | None) -> int:
    found: int | str = LEEWAY_SECONDS
    found = given if given is not None else os.environ.get("AUTH_LIB_LEEWAY", found)
    try:
        seconds = int(found)
    except ValueError:
        seconds = -1
    if 0 <= seconds <= 300:  # noqa: PLR2004 -- five minutes; more is a clock to be set
        return seconds
    raise NotConfigured(f"leeway={found!r} (AUTH_LIB_LEEWAY): say 0 to 300 seconds.")


def _policy(given: Policy | Mapping[str, Any] | str | Path | None) -> Policy | None:
    found = given if given is not None else os.environ.get("AUTH_LIB_POLICY")
    if found is None or isinstance(found, Policy):
        return found
    if isinstance(found, Mapping):
        return policy_document.load(found)
    try:
        return policy_document.loads(_read("policy (AUTH_LIB_POLICY)", found))
    except PolicyError as error:
        raise PolicyError([f"{found}: {each}" for each in error.problems]) from error


def _read(name: str, path: str | Path) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NotConfigured(f"{name} names {str(path)!r}, which cannot be read: {error}") from error
