"""How far the change of a key has come, and what the next step has to wait for."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from .. import conf, counters
from ..models import TokenKey
from . import key_uses, signing

PREPARED = "prepared"
SIGNING = "signing"
RETIRING = "retiring"
RETIRED = "retired"

SERVICES_SECONDS = 300
"""How long a service keeps the published keys: the default of ``auth_lib.PublishedKeys``."""

SPREAD = timedelta(seconds=signing.PUBLISHED_SECONDS + SERVICES_SECONDS)
"""When the last service has a key: caches on the way keep the document, and services besides."""

LEEWAY = timedelta(seconds=300)
"""The most by which a service may be told that clocks differ (``AUTH_LIB_LEEWAY``)."""

UNRECORDED = timedelta(seconds=key_uses.FLUSH_SECONDS)


@dataclass(frozen=True, slots=True)
class KeyStatus:
    """One key on its way from being prepared to being retired.

    Attributes:
        state: ``prepared`` (published, not used), ``signing``, ``retiring`` (it signed; tokens of
            it may be about) or ``retired`` (not in ``KEYS`` any more).
        algorithm: ``HS256``, ``ES256`` or ``Ed25519``.
        key_id: the ``kid``; empty for a secret without one.
        first_published_at: when the key was first answered by ``jwks.json``; None for a secret.
        last_issued_at: when a token was last signed with it, as recorded: up to a minute behind.
        fetches: how often ``jwks.json`` was fetched with the key in it.
        wait_for: what the next step has to wait for; empty where it is safe to proceed.

    """

    state: str
    algorithm: str
    key_id: str
    first_published_at: datetime | None
    last_issued_at: datetime | None
    fetches: int
    wait_for: str

    @property
    def safe(self) -> bool:
        """Whether the next step refuses nobody a good token, as far as the issuer can know."""
        return not self.wait_for


def statuses(*, now: datetime | None = None) -> list[KeyStatus]:
    """Return the keys of the settings in their order, then those that were retired.

    Args:
        now: the time of the question; the clock by default.

    Raises:
        ImproperlyConfigured: see :func:`signing.keys`.

    """
    using, now = conf.get().database, now or timezone.now()
    rows = {
        (row.algorithm, row.key_id): row for row in TokenKey.objects.using(using).order_by("pk")
    }
    fetched = counters.values(key_uses.FETCHES, using=using)
    keys = signing.keys()
    names = Tally(key_uses.name_of(key) for key in keys)
    found = []
    for place, key in enumerate(keys):
        name = key_uses.name_of(key)
        row = rows.pop(name, None) or TokenKey(algorithm=name[0], key_id=name[1])
        state = _state(place, row)
        fetches = _fetches(row, fetched)
        wait = _wait(state, row, alone=len(keys) == 1, now=now)
        if names[name] > 1:
            wait = "give each key a key_id of its own; these cannot be told apart"
        found.append(_status(state, row, fetches, wait))
    return [*found, *_retired(rows.values(), fetched, now)]


def _retired(
    rows: Iterable[TokenKey], fetched: dict[str, int], now: datetime
) -> Iterable[KeyStatus]:
    for row in rows:
        yield _status(RETIRED, row, _fetches(row, fetched), _wait_for_tokens(row, now))


def _state(place: int, row: TokenKey) -> str:
    if place == 0:
        return SIGNING
    return PREPARED if row.issued_at is None else RETIRING


def _wait(state: str, row: TokenKey, *, alone: bool, now: datetime) -> str:
    if state == RETIRING:
        return _wait_for_tokens(row, now)
    if state == SIGNING and (alone or row.algorithm == signing.SHARED):
        return ""  # nobody verified by another key before; a secret was handed over by hand
    return _wait_for_services(row, now)


def _wait_for_services(row: TokenKey, now: datetime) -> str:
    if row.algorithm == signing.SHARED:
        return "every service must hold the secret; it is not published, so ask each"
    if row.first_published_at is None:
        return "no service has fetched the key yet from jwks.json"
    known_at = row.first_published_at + SPREAD
    if row.withheld_at is not None:
        known_at = max(known_at, row.withheld_at + UNRECORDED + SPREAD)
    return _until(known_at, now, "services may hold a key set without it")


def _wait_for_tokens(row: TokenKey, now: datetime) -> str:
    if row.ends_at is None:
        return ""
    last = row.ends_at + UNRECORDED + LEEWAY
    return _until(last, now, "tokens that it signed may still hold")


def _until(moment: datetime, now: datetime, why: str) -> str:
    return f"{why} until {moment:%Y-%m-%d %H:%M:%S} UTC" if now < moment else ""


def _fetches(row: TokenKey, fetched: dict[str, int]) -> int:
    # The row is from the first fetch on; the counter may be some seconds behind.
    return 0 if row.first_published_at is None else max(1, fetched.get(row.key_id, 0))


def _status(state: str, row: TokenKey, fetches: int, wait: str) -> KeyStatus:
    return KeyStatus(
        state,
        row.algorithm,
        row.key_id,
        row.first_published_at,
        row.issued_at,
        fetches,
        wait,
    )
