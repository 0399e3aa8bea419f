"""What a database has of our triggers, and what it lacks: the same words for every engine."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from .tables import CapturedTable


class TableState(StrEnum):
    """Whether the changes of one table are seen."""

    INSTALLED = "installed"
    """Its triggers are those that the declarations ask for."""

    MISSING = "missing"
    """It has no triggers, or does not exist yet."""

    OUTDATED = "outdated"
    """It has triggers for other declarations, or of another version, or disabled ones."""

    UNSUPPORTED = "unsupported"
    """It can have none; the reason says why."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done about one table.

    Attributes:
        table: the table.
        state: as it is now.
        triggers: the names of the triggers that are there now.
        statements: what makes it right; empty where it is, or cannot be.
        reason: why it is not installed, where that is not plain from the state.

    """

    table: CapturedTable
    state: TableState
    triggers: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Leftover:
    """Triggers that no declaration asks for any more.

    Attributes:
        table: the table that bears them; empty where only a function is left.
        name: what they are called, or begin with.
        triggers: their names.
        statements: what removes them.

    """

    table: str
    name: str
    triggers: tuple[str, ...]
    statements: tuple[str, ...]


class Engine(Protocol):
    """What installing needs to know of a database engine."""

    def begin(self, lock_timeout: float) -> None:
        """Start the work of one transaction: bound its waits in seconds, exclude our like."""

    def plans(self, tables: Collection[CapturedTable]) -> list[Plan]:
        """Compare what tables need with what they have."""

    def leftovers(self, wanted: frozenset[str]) -> tuple[Leftover, ...]:
        """Return what is installed under other names than the wanted ones."""

    def present(self) -> bool:
        """Whether anything was ever installed and not removed since."""

    def mark(self) -> None:
        """Leave in the database what :meth:`present` looks for, where triggers can vanish."""

    def unmark(self) -> None:
        """Take it away again."""

    def is_lock_timeout(self, error: Exception) -> bool:
        """Whether an error means that a wait for a lock was given up."""
