"""What became of each key: first published, last signed with; a write a minute, none a token."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.signals import setting_changed
from django.db.models import Q
from django.dispatch import receiver
from django.utils import timezone

from auth_lib import Key

from .. import conf, counters, flushing
from ..models import TokenKey
from . import options, signing

FLUSH_SECONDS = 60
"""How old what is recorded may be: later signatures of a process are not yet in the table."""

FETCHES = "jwks"
"""The counter of fetches of the published keys; its labels are the keys."""

_LONGEST = 120

Name = tuple[str, str]


_PUBLICATION: Name = ("", "published")


@dataclass(slots=True)
class _Memory:
    """What this process did and has not yet recorded, and when it recorded each last."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    noted: set[Name] = field(default_factory=set)
    recorded: dict[Name, float] = field(default_factory=dict)


_memory = _Memory()


def name_of(key: Key) -> Name:
    """Return algorithm and ``kid`` of a key as the table has them."""
    return key.algorithm, (key.key_id or "")[:_LONGEST]


def has_signed(key: Key) -> None:
    """Note that a token was signed now; it is recorded after the response."""
    with _memory.lock:
        _memory.noted.add(name_of(key))


def were_published() -> None:
    """Note that the public keys were fetched now, and count it for each of them."""
    with _memory.lock:
        _memory.noted.add(_PUBLICATION)
    for key in signing.public_keys():
        counters.tally(FETCHES, name_of(key)[1])


def is_due() -> bool:
    """Whether something is to be recorded that was not within the last minute."""
    with _memory.lock:
        # Each by itself: a key that signs for the first time must not wait for another's minute.
        earliest = time.monotonic() - FLUSH_SECONDS
        return any(_memory.recorded.get(each, earliest) <= earliest for each in _memory.noted)


def flush() -> None:
    """Record what was noted, if that is due; what could not be written is kept for later."""
    if not is_due():
        return
    with _memory.lock:
        noted = set(_memory.noted)
        _memory.noted.clear()
    try:
        _record(noted)
    except Exception:
        with _memory.lock:
            _memory.noted |= noted
        raise


def connect() -> None:
    """Record after responses and tasks, along with the counters."""
    flushing.add(is_due, flush)


def _record(noted: set[Name]) -> None:
    # The minute begins before the time that is written, and the time after every signature.
    begun, now = time.monotonic(), timezone.now()
    configured = signing.keys()
    ours = {name_of(key): _row_of(key).pk for key in configured}
    if _PUBLICATION in noted:
        _record_publication([ours[name_of(key)] for key in signing.public_keys()], now)
    for name in noted - {_PUBLICATION}:
        _record_signature(name, now)
    with _memory.lock:
        _memory.recorded.update(dict.fromkeys(noted, begun))


def _record_signature(name: Name, now: datetime) -> None:
    found = TokenKey.objects.using(conf.get().database).filter(algorithm=name[0], key_id=name[1])
    found.filter(Q(issued_at=None) | Q(issued_at__lt=now)).update(issued_at=now)
    # By the longest life, and so for every token that this process signs until the next time.
    ends = now + timedelta(seconds=options.get().seconds)
    found.filter(Q(ends_at=None) | Q(ends_at__lt=ends)).update(ends_at=ends)


def _record_publication(public: list[int], now: datetime) -> None:
    rows = TokenKey.objects.using(conf.get().database)
    rows.filter(pk__in=public, first_published_at=None).update(first_published_at=now)
    # A process of the deployment before answers without the new key: services may cache that.
    rows.exclude(pk__in=public).exclude(algorithm=signing.SHARED).update(withheld_at=now)


def _row_of(key: Key) -> TokenKey:
    algorithm, key_id = name_of(key)
    rows = TokenKey.objects.using(conf.get().database)
    return rows.get_or_create(algorithm=algorithm, key_id=key_id)[0]


@receiver(setting_changed)
def _forget(*, setting: str, **_: object) -> None:
    if setting == "AUTHMIGRATION":
        with _memory.lock:
            _memory.noted.clear()
            _memory.recorded.clear()
