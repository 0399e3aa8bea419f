"""A bound on what one lazy migration takes altogether, however many statements it makes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connections


class OutOfTime(OperationalError):
    """A lazy migration has used its time up; nobody's own fault, and so nobody is charged."""


@contextmanager
def within(seconds: float, *, using: str) -> Iterator[None]:
    """Begin no statement when the time is up.

    PostgreSQL ends a statement that takes too long by itself; what it cannot see is that a host's
    function asks for the tenth time, or works between two questions.

    Raises:
        OutOfTime: at the first statement after that.

    """
    end = time.monotonic() + seconds

    def bounded(execute: Callable[..., Any], *statement: Any) -> Any:
        if time.monotonic() > end:
            raise OutOfTime(f"It took longer than {seconds:g} s: AUTHMIGRATION['LAZY_BUDGET'].")
        return execute(*statement)

    with connections[using].execute_wrapper(bounded):
        yield
