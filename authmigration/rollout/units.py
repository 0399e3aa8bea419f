"""The units of a subject, as the host names them: what a percentage buckets."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
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


_asked_together: ContextVar[tuple[str, ...]] = ContextVar("authmigration_units", default=())


@contextmanager
def together(subjects: Iterable[str]) -> Iterator[None]:
    """Look the units of these subjects up at once, when those of the first of them are needed."""
    token = _asked_together.set(tuple(subjects))
    try:
        yield
    finally:
        _asked_together.reset(token)


def of(subject: str) -> tuple[str, ...]:
    """Return the units of a subject as the host's ``UNIT_OF`` names them."""
    settings = conf.get()
    if settings.unit_of is None:
        return ()
    found = _kept.get(subject, settings.unit_seconds)
    if found is None:
        found = _looked_up(subject, settings)
        _kept.put(subject, found)
    return found


def _looked_up(subject: str, settings: conf.Settings) -> tuple[str, ...]:
    others = _asked_together.get()
    if settings.units_of_many is None or subject not in others:
        return tuple(_host_function(str(settings.unit_of))(subject))
    missing = [s for s in others if _kept.get(s, settings.unit_seconds) is None]
    found = _host_function(settings.units_of_many)(missing)
    for other in missing:
        _kept.put(other, tuple(found.get(other, ())))
    return tuple(found.get(subject, ()))


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
