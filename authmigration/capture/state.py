"""What is captured now."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.db import connections

from .. import registry
from ..errors import UnsupportedDatabase
from .engines import alias_of, engine_for, plans_of
from .plans import Engine, Plan, TableState
from .tables import captured_tables

REMEMBERED_SECONDS = 5.0
"""How long a process may go on believing what it last found."""


@dataclass(frozen=True, slots=True)
class TableStatus:
    """Whether the changes of one table are seen.

    Attributes:
        table: the table, as ``db_table`` says it.
        state: see :class:`TableState`.
        columns: the columns whose change may mark somebody; none where a table is watched no
            more and only its triggers are left.
        triggers: the names of the triggers that are there.
        reason: why it is not installed, where that is not plain from the state.

    """

    table: str
    state: TableState
    columns: tuple[str, ...] = ()
    triggers: tuple[str, ...] = ()
    reason: str = ""


class _Memory:
    """The last answer for each database, and which databases must always be asked."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[float, registry.Registry, bool]] = {}
        self.never: set[str] = set()


_memory = _Memory()


def status(using: str | None = None) -> tuple[TableStatus, ...]:
    """Return the state of every watched table, then of tables that are watched no more.

    Raises:
        DeclarationError: the declarations name a column or a path that is none.

    """
    alias = alias_of(using)
    engine = _engine_or_none(alias)
    plans = _plans(engine, alias)
    found = [_status(plan) for plan in plans]
    wanted = frozenset(plan.table.capture_name for plan in plans)
    for leftover in engine.leftovers(wanted) if engine is not None else ():
        reason = "Watched no more; the next installation removes its triggers."
        name = leftover.table or leftover.name
        found.append(TableStatus(name, TableState.OUTDATED, (), leftover.triggers, reason))
    return tuple(found)


def missing_tables(using: str | None = None) -> tuple[TableStatus, ...]:
    """Return the watched tables whose changes go unseen, or not wholly seen."""
    alias = alias_of(using)
    plans = _plans(_engine_or_none(alias), alias)
    return tuple(_status(plan) for plan in plans if plan.state is not TableState.INSTALLED)


def is_installed(using: str | None = None) -> bool:
    """Whether the changes of every watched table are seen.

    The answer may be :data:`REMEMBERED_SECONDS` old where another process installed or removed.
    """
    alias = alias_of(using)
    now = time.monotonic()
    until, declared, answer = _memory.answers.get(alias, (0.0, None, False))
    if now < until and declared is registry.get():
        return answer
    answer = not missing_tables(alias)
    if alias not in _memory.never:
        _memory.answers[alias] = (now + REMEMBERED_SECONDS, registry.get(), answer)
    return answer


def forget(alias: str) -> None:
    """Ask the database again the next time; every time from now on if what was done may be undone.

    That is the case inside a transaction that is not ours, as in a test.
    """
    _memory.answers.pop(alias, None)
    if connections[alias].in_atomic_block:
        _memory.never.add(alias)


def _status(plan: Plan) -> TableStatus:
    table = plan.table
    return TableStatus(table.name, plan.state, table.columns, plan.triggers, plan.reason)


def _plans(engine: Engine | None, alias: str) -> list[Plan]:
    return plans_of(engine, captured_tables(registry.get().watches), alias)


def _engine_or_none(alias: str) -> Engine | None:
    try:
        return engine_for(alias)
    except UnsupportedDatabase:
        return None
