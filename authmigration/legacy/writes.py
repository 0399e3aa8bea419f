"""The way back: how a new fact is written into a legacy table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.contrib.auth.models import AbstractBaseUser


class Off(Enum):
    """How a row stops meaning anything, where no column says so."""

    DELETE_ROW = "delete_row"


DELETE_ROW = Off.DELETE_ROW


@dataclass(frozen=True, slots=True)
class Write:
    """The columns to set when a role is assigned, and when it is taken away.

    Attributes:
        on: further columns of a new or revived row, beside those that the source names.
        off: the columns that end a row; or ``DELETE_ROW``.
        insert: whether a missing row may be inserted; False where the row is the context or the
            user, which exists already.

    """

    on: Mapping[str, Any] = field(default_factory=dict)
    off: Mapping[str, Any] | Off = field(default_factory=dict)
    insert: bool = True


def write(
    *,
    on: Mapping[str, Any] | None = None,
    off: Mapping[str, Any] | Off,
    insert: bool = True,
) -> Write:
    """Declare how a source is written.

    Args:
        on: further columns of a new row, and those that make an ended row count again; a value
            may be a function, as ``timezone.now``.
        off: the columns that end a row, as in ``{"status": "withdrawn"}``; or
            ``legacy.DELETE_ROW`` for a table whose rows hold nothing else.
        insert: False where no row may be added, as for a column of the user or of the context.

    """
    return Write(dict(on or {}), off if isinstance(off, Off) else dict(off), insert)


Writer = Callable[[AbstractBaseUser, str, str], None]
"""Called with the user, the name of the role and the id of the context."""


@dataclass(frozen=True, slots=True)
class Writers:
    """How the host itself writes a fact of a generator, and takes it away."""

    assign: Writer
    unassign: Writer
