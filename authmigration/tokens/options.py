"""The options of the tokens: the dict ``AUTHMIGRATION["TOKENS"]``, read late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.dispatch import receiver


# Without a repr: keys stand in it, and a repr ends in logs.
@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TokenSettings:
    """Every option of the tokens, its type and its default; in the dict in capitals."""

    issuer: str = ""
    """Who issues, as services compare it: ``https://lms.example``. Empty: no tokens are issued."""

    audience: tuple[str, ...] = ()
    """The services that accept the tokens, by the names under which they verify."""

    keys: tuple[Mapping[str, Any], ...] = ()
    """The keys, each ``{"algorithm": "Ed25519", "key": "<PEM>"}``; the first signs, all verify.
    ``{"algorithm": "HS256", "key": "<secret>"}`` is the simple form."""

    seconds: int = 300
    """How long an access token holds; less where an assignment inside ends before."""

    full_name: bool = True
    """Whether the name of the user stands in the token, where anybody can read it."""

    most_bytes: int = 7000
    """How long an access token may be; contexts are left out, and said to be, above that."""

    refresh_seconds: int = 1_209_600
    """How long a device stays signed in before it must sign in again; two weeks."""

    grace_seconds: float = 30.0
    """For how long a new refresh token is not replaced again, and its predecessor is answered with
    it. Later the predecessor is good only if the new one was never seen: its answer got lost."""

    refreshes_per_minute: int = 30
    """How often one device may refresh in a minute; a client of ours does so every few minutes."""

    at_log_in: bool = False
    """Whether a browser that logs in to the host's session gets its refresh token with that answer,
    so that its page refreshes at once; otherwise the page exchanges its session first."""

    cookie: str = "authz_refresh"
    """The cookie that holds the refresh token of a browser."""

    redis_url: str | None = None
    """The Redis in which services look up whether a token is behind: ``redis://…``. None: they
    learn of a change when the token ends."""

    actor_of: str | None = None
    """Dotted path to ``actor_of(request) -> user | str | None``: who really acts, where the host
    lets its support staff act in somebody's name. Such tokens only read and are not refreshed."""


def unknown_options() -> list[tuple[str, str]]:
    """Return the options of the dict that do not exist, each with the nearest that does."""
    known = [each.name.upper() for each in fields(TokenSettings)]
    return [
        (name, next(iter(get_close_matches(name.upper(), known, n=1)), ""))
        for name in _given()
        if name not in known
    ]


@lru_cache(maxsize=1)
def get() -> TokenSettings:
    """Return the options now in force.

    Raises:
        ImproperlyConfigured: an option is unknown.

    """
    for name, nearest in unknown_options():
        hint = f" Did you mean {nearest!r}?" if nearest else ""
        raise ImproperlyConfigured(f"AUTHMIGRATION['TOKENS'] has no option {name!r}.{hint}")
    values = {name.lower(): value for name, value in _given().items()}
    for name in ("audience", "keys"):
        if name in values:
            values[name] = tuple(values[name])
    return TokenSettings(**values)


def _given() -> Mapping[str, Any]:
    return getattr(settings, "AUTHMIGRATION", {}).get("TOKENS") or {}


@receiver(setting_changed)
def _forget(*, setting: str, **_: object) -> None:
    if setting == "AUTHMIGRATION":
        get.cache_clear()
