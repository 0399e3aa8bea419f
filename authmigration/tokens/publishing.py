"""Telling services which tokens are behind, through Redis; a token is never kept waiting for it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.utils import timezone

from .. import conf, counters
from ..models import SubjectState
from ..rollout.killing import seen_within
from ..signals import facts_changed, world_turned
from . import options

logger = logging.getLogger("authmigration.tokens")

TIMEOUT_SECONDS = 0.25
PAUSE_SECONDS = 5.0
"""For how long nothing is published after a failure: one request waits, not every one."""

AGAIN = timedelta(minutes=10)
"""How far back the worker publishes again; for processes that died between commit and telling."""


class _Pause:
    until = float("-inf")


@lru_cache(maxsize=1)
def publisher() -> Any:
    """Return what writes to the Redis of the services; None where the settings name none.

    Raises:
        ImproperlyConfigured: the package ``redis`` is missing.

    """
    url = options.get().redis_url
    if url is None:
        return None
    try:
        from redis import Redis

        from auth_lib.contrib.redis import GenerationPublisher
    except ImportError:
        raise ImproperlyConfigured(
            "AUTHMIGRATION['TOKENS']['REDIS_URL'] needs the package redis: pip install redis"
        ) from None
    client = Redis.from_url(
        url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS
    )
    return GenerationPublisher(client)


def publish(subject: str, generation: int) -> bool:
    """Publish the generation of a subject; return whether that was done."""
    return _told(lambda: publisher().publish(subject, generation))


def publish_again() -> int:
    """Publish the generations of whoever was synchronised lately; return how many that were."""
    since = timezone.now() - AGAIN
    rows = SubjectState.objects.using(conf.get().database).filter(synced_at__gte=since)
    states: Iterable[tuple[str, int]] = rows.values_list("subject", "generation").iterator()
    return sum(1 for subject, generation in states if publish(subject, generation))


def connect() -> None:
    """Follow what is committed."""
    facts_changed.connect(_changed, dispatch_uid="authmigration.tokens")
    world_turned.connect(_turned, dispatch_uid="authmigration.tokens")


def _changed(*, subject: str, generation: int, **_: Any) -> None:
    publish(subject, generation)


def _turned(**_: Any) -> None:
    # Until every process has seen it, tokens are issued that speak for the world of before.
    second = int(time.time() + seen_within()) + 1
    _told(lambda: publisher().renew_from(second))


def _told(tell: Callable[[], Any]) -> bool:
    if options.get().redis_url is None or time.monotonic() < _Pause.until:
        return False
    try:
        tell()
    except Exception as error:  # noqa: BLE001 -- the change is committed, and tokens end in minutes
        _Pause.until = time.monotonic() + PAUSE_SECONDS
        counters.tally("tokens", "unpublished")
        logger.warning("Services were not told of a change: %s", error)
        return False
    return True


@receiver(setting_changed)
def _forget(*, setting: str, **_: object) -> None:
    if setting == "AUTHMIGRATION":
        publisher.cache_clear()
        _Pause.until = float("-inf")
