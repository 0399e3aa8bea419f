"""A stage forced upon everybody by a running test, in every thread of the process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from .. import pins
from .stage import Stage

_stack: list[Stage] = []


def current() -> Stage | None:
    """Return the stage that a test has forced; None outside of one."""
    return _stack[-1] if _stack else None


@contextmanager
def forced(stage: Stage) -> Iterator[None]:
    """Force a stage upon everybody inside the block."""
    _stack.append(stage)
    pins.drop()
    try:
        yield
    finally:
        _stack.pop()
        pins.drop()
