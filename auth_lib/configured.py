"""The gate of this process: set up once, from arguments or from the environment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from . import environment
from .cache import VerifiedTokens
from .contexts import Context
from .decisions import Decision
from .freshness import GenerationSource
from .gates import Gate
from .key_sets import KeySource
from .policy import Policy
from .verifier import TokenVerifier

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
        generations: tells of changes; by default the Redis of ``AUTH_LIB_REDIS_URL``, if set.
        leeway: seconds that clocks may differ; ``AUTH_LIB_LEEWAY``.
        cache: keep verified tokens for as long as they hold.

    Raises:
        NotConfigured: something is missing; the text says what.
        KeyProblem: the secret is too short, or is none.
        PolicyError: the policy contradicts itself.

    """
    global _gate  # noqa: PLW0603 -- one gate for the process; Gate is there for more
    verifier = TokenVerifier(
        issuer=issuer or environment.text("issuer", "who issues the tokens, as iss says"),
        audience=audience or environment.text("audience", "this service, as aud says"),
        keys=keys if keys is not None else environment.keys(secret, jwks_url),
        leeway=environment.leeway(leeway),
        cache=VerifiedTokens() if cache else None,
    )
    source = generations if generations is not None else environment.generations()
    _gate = Gate(verifier, policy=environment.policy(policy), generations=source)
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
