"""Whether old code of the host is running: a check, a list, or a function that yields facts.

What the toolkit puts in place of something that old code may ask is silent meanwhile: the old
answer must be made of what it was always made of, and a question inside must not lead back here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_running: ContextVar[bool] = ContextVar("authmigration_old_code", default=False)


@contextmanager
def old_code() -> Iterator[None]:
    """Mark the block as one in which old code of the host runs."""
    token = _running.set(True)
    try:
        yield
    finally:
        _running.reset(token)


def is_old_code_running() -> bool:
    """Whether the caller was called by old code of the host."""
    return _running.get()
