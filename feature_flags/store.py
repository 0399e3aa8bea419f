"""The one snapshot of a process: read on use, at most once a second, without a thread.

A process that is forked goes on with the snapshot of its parent and opens a connection of its own;
the parent's is neither used nor closed in the child.
"""

from __future__ import annotations

import logging
import os
from dataclasses import replace
from threading import Lock
from time import monotonic
from typing import Any, NamedTuple

from asgiref.sync import sync_to_async
from django.core.signals import setting_changed
from django.db import Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from . import conf
from .connections import in_memory
from .content import Content
from .kept import KeptConnection
from .outside import look_for
from .reading import guarded, read_content
from .snapshot import Snapshot, Source

logger = logging.getLogger(__name__)

#: Seconds to wait for another thread's read, where there is nothing to go on with.
PATIENCE = 5.0
NEVER = float("-inf")


class Held(NamedTuple):
    """A snapshot, and the moment by ``time.monotonic()`` from which it is to be read again."""

    snapshot: Snapshot
    until: float


class Store:
    """What one process knows of the flags.

    Attributes:
        pid: the process it belongs to.
        held: what is known now; published whole, so that any thread may look at any time.

    """

    def __init__(self, held: Held) -> None:
        self.pid = os.getpid()
        self.held = held
        self.kept = KeptConnection()
        self._reading = Lock()
        self._lost = False

    def refreshed(self) -> Snapshot:
        """Return a snapshot that is fresh, or the old one while another thread reads."""
        # Where nothing was tried yet there is nothing to go on with: wait for the first read.
        patience = PATIENCE if self.held.until == NEVER else 0
        if not self._reading.acquire(timeout=patience):
            return self._with_kill_file()
        try:
            return self.held.snapshot if monotonic() < self.held.until else self._read()
        finally:
            self._reading.release()

    def reread(self) -> Snapshot:
        """Return a snapshot whose read begins after this call."""
        if not self._reading.acquire(timeout=PATIENCE):
            return self._with_kill_file()
        try:
            return self._read()
        finally:
            self._reading.release()

    def _read(self) -> Snapshot:
        options = conf.get()
        began = monotonic()
        # Looked at before the database, which may keep this thread waiting.
        before = self._with_kill_file()
        try:
            content = self._content(options)
        except (Error, OSError) as error:
            self._say_lost(error)
            known = before.content is not None
            snapshot = replace(before, source=Source.LAST_KNOWN if known else Source.SAFE)
        else:
            self._say_found()
            snapshot = Snapshot(content, began, Source.STORE, before.kill_file)
        # A failed read is tried again after its time too, and not by every call.
        since = began if snapshot.source is Source.STORE else monotonic()
        self.held = Held(snapshot, since + options.snapshot_seconds)
        return snapshot

    def _content(self, options: conf.Options) -> Content:
        callers = connections[options.database]
        if uses_callers(callers):
            with guarded(callers):
                return read_content(callers)
        return self.kept.read(options.database)

    def _with_kill_file(self) -> Snapshot:
        held, found = self.held, look_for(conf.get().kill_file)
        if (found is None) is not (held.snapshot.kill_file is None):
            held = Held(replace(held.snapshot, kill_file=found, plans={}), held.until)
            self.held = held
        return held.snapshot

    def _say_lost(self, error: Exception) -> None:
        if not self._lost:
            logger.warning("The flags cannot be read; the last known ones hold: %s", error)
        self._lost = True

    def _say_found(self) -> None:
        if self._lost:
            logger.info("The flags can be read again.")
        self._lost = False


NOTHING = Held(Snapshot(), NEVER)
_store = Store(NOTHING)
# Kept for ever: were a parent's connection collected in the child, its driver might close it.
_parents: list[Store] = []


def current_snapshot() -> Snapshot:
    """Return what this process knows of all flags, at most SNAPSHOT_SECONDS old.

    It reads on use: six statements and no thread. While the store cannot be reached the last known
    snapshot holds, and before any was read, each flag's safe value.

    Raises:
        ImproperlyConfigured: an option cannot be used.
        SynchronousOnlyOperation: a read is due in an event loop; there use ``acurrent_snapshot``.

    """
    held = _store.held
    return held.snapshot if monotonic() < held.until else _of_this_process().refreshed()


async def acurrent_snapshot() -> Snapshot:
    """Return what ``current_snapshot`` does, in an event loop."""
    held = _store.held
    if monotonic() < held.until:
        return held.snapshot
    return await sync_to_async(current_snapshot)()


def callers_snapshot() -> Snapshot:
    """Read over the caller's own connection: what its transaction sees, uncommitted changes too.

    For whoever decides what to write; it is kept nowhere.

    Raises:
        django.db.Error: the database cannot be read.

    """
    options, began = conf.get(), monotonic()
    content = read_content(connections[options.database])
    return Snapshot(content, began, Source.STORE, look_for(options.kill_file))


def refresh_now() -> Snapshot:
    """Read at once, so that this process sees what it has committed."""
    return _of_this_process().reread()


def forget_snapshot() -> None:
    """Know nothing, as when the process started."""
    _of_this_process().held = NOTHING


def uses_callers(connection: BaseDatabaseWrapper) -> bool:
    """Tell whether reads go over this connection of the caller's."""
    return conf.get().connection == "caller" or in_memory(connection)


def forget_on_change(*, setting: str, **_: Any) -> None:
    """Read again when a test changes the options."""
    if setting == conf.SETTING:
        forget_snapshot()


setting_changed.connect(forget_on_change, dispatch_uid="feature_flags.store.forget_on_change")


def _of_this_process() -> Store:
    global _store  # noqa: PLW0603 -- one store a process is what this module is for
    if _store.pid != os.getpid():
        _parents.append(_store)
        _store = Store(_store.held)
    return _store
