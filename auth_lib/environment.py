"""What a call did not say, from ``AUTH_LIB_*``; what is missing is named with its mend."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import policy_document
from .errors import NotConfigured, PolicyError
from .freshness import GenerationSource
from .jwks import PublishedKeys
from .key_sets import KeySet, KeySource, SeveralSources
from .keys import Key
from .policy import Policy
from .remembered import Remembered
from .verifier import LEEWAY_SECONDS


def text(argument: str, meaning: str) -> str:
    """Return the variable of an argument; all functions here raise :class:`NotConfigured`."""
    name = f"AUTH_LIB_{argument.upper()}"
    if found := os.environ.get(name, "").strip():
        return found
    raise NotConfigured(
        f"auth_lib needs {argument} ({meaning}): call auth_lib.configure({argument}=...) "
        f"or set {name}."
    )


def keys(secret: str | bytes | None, jwks_url: str | None) -> KeySource:
    """Return the keys of a secret, of a URL, or of both while one follows the other."""
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


def leeway(given: int | None) -> int:
    """Return how many seconds clocks may differ."""
    found: int | str = LEEWAY_SECONDS
    found = given if given is not None else os.environ.get("AUTH_LIB_LEEWAY", found)
    try:
        seconds = int(found)
    except ValueError:
        seconds = -1
    if 0 <= seconds <= 300:  # noqa: PLR2004 -- five minutes; more is a clock to be set
        return seconds
    raise NotConfigured(f"leeway={found!r} (AUTH_LIB_LEEWAY): say 0 to 300 seconds.")


def policy(given: Policy | Mapping[str, Any] | str | Path | None) -> Policy | None:
    """Return the policy, wherever it is from; None without one."""
    found = given if given is not None else os.environ.get("AUTH_LIB_POLICY")
    if found is None or isinstance(found, Policy):
        return found
    if isinstance(found, Mapping):
        return policy_document.load(found)
    try:
        return policy_document.loads(_read("policy (AUTH_LIB_POLICY)", found))
    except PolicyError as error:
        raise PolicyError([f"{found}: {each}" for each in error.problems]) from error


def generations() -> GenerationSource | None:
    """Return the Redis of the environment; None without one."""
    url = os.environ.get("AUTH_LIB_REDIS_URL")
    if not url:
        return None
    try:
        from .contrib.redis import RedisGenerations

        return Remembered(RedisGenerations.from_url(url))
    except ImportError:
        raise NotConfigured(
            "AUTH_LIB_REDIS_URL needs the package redis: pip install redis"
        ) from None
    except ValueError as error:
        raise NotConfigured(f"AUTH_LIB_REDIS_URL is no URL of a Redis: {error}") from None


def _read(name: str, path: str | Path) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NotConfigured(f"{name} names {str(path)!r}, which cannot be read: {error}") from error
