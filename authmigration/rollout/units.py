"""The units of a subject, as the host names them: what a percentage buckets."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from functools import lru_cache
from threading import Lock
from typing import Any

from django.utils.module_loading import import_string

from .. import conf

MOST_KEPT = 10_000


class _Kept:
    """Units that this process has looked up a moment ago, so that a request need not ask again."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._units: OrderedDict[str, tuple[float, tuple[str, ...]]] = OrderedDict()

    def get(self, subject: str, seconds: float) -> tuple[str, ...] | None:
        with self._lock:
            found = self._units.get(subject)
        if found is None or time.monotonic() - found[0] > seconds:
            return None
        return found[1]

    def put(self, subject: str, units: tuple[str, ...]) -> None:
        with self._lock:
            self._units[subject] = (time.monotonic(), units)
            self._units.move_to_end(subject)
            if len(self._units) > MOST_KEPT:
                self._units.popitem(last=False)

    def drop(self, subject: str | None) -> None:
        with self._lock:
            if subject is None:
                self._units.clear()
            else:
                self._units.pop(subject, None)


_kept = _Kept()


def of(subject: str) -> tuple[str, ...]:
    """Return the units of a subject as the host's ``UNIT_OF`` names them."""
    settings = conf.get()
    if settings.unit_of is None:
        return ()
    found = _kept.get(subject, settings.unit_seconds)
    if found is None:
        found = tuple(_host_function(settings.unit_of)(subject))
        _kept.put(subject, found)
    return found


def forget(subject: str | None = None) -> None:
    """Look the units of a subject, or of all, up anew when they are next needed."""
    _kept.drop(subject)


def members_of(unit: str) -> Iterable[str] | None:
    """Return the subjects of a unit as the host's ``MEMBERS_OF`` names them; None without one."""
    path = conf.get().members_of
    return None if path is None else _host_function(path)(unit)


def every() -> tuple[str, ...]:
    """Return every unit as the host's ``UNITS`` names them; none without it."""
    path = conf.get().units
    return () if path is None else tuple(_host_function(path)())


@lru_cache(maxsize=8)
def _host_function(path: str) -> Callable[..., Any]:
    return import_string(path)  # type: ignore[no-any-return]
