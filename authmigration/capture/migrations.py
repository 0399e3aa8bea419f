"""Keeps the triggers through the host's migrations: receivers of Django's signals."""

from __future__ import annotations

from typing import Any

from django.db import connections

from .. import conf, registry
from ..models import ChangeMark
from .engines import ENGINES, engine_for
from .install import Installer
from .tables import captured_tables

_suspended: set[str] = set()
"""The databases whose triggers this process took away before migrating."""


def suspend_before_migrate(*, using: str, plan: Any = (), **_: Any) -> None:
    """Receive ``pre_migrate``: take the triggers of a SQLite database away until afterwards.

    SQLite refuses to rename a table while a trigger of another table names one that does not
    exist, which is so in the middle of each of Django's table rebuilds.
    """
    if not plan or using != conf.get().database or connections[using].vendor != "sqlite":
        return
    engine = engine_for(using)
    if engine.present():
        _suspended.add(using)
        Installer(engine, using).drop_others(frozenset())


def reinstall_after_migrate(*, using: str, **_: Any) -> None:
    """Receive ``post_migrate``: install again where triggers had been installed before.

    Tables that do not exist yet are left for the migration that brings them. Without the log
    itself the triggers go.

    Raises:
        DeclarationError: the declarations name a column or a path that is none.
        TableBusy: a table was in use throughout; install again by hand.

    """
    if using != conf.get().database or connections[using].vendor not in ENGINES:
        return
    engine = engine_for(using)
    if not engine.present() and using not in _suspended:
        return
    _suspended.discard(using)
    installer = Installer(engine, using)
    if ChangeMark._meta.db_table not in connections[using].introspection.table_names():
        installer.drop_others(frozenset())
        return
    installer.install(captured_tables(registry.get().watches))
