"""Killing a piece of work at each of its statements in turn."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from unittest import mock

from django.db import OperationalError, connection


class Crash(BaseException):
    """The end of a process: nothing may catch it as an error of its own."""


class LostAtCommit(OperationalError):
    """A commit that never reached the database."""


class Bomb:
    """Lets some statements pass and raises at the next, and at the commit if none is next.

    Attributes:
        passes: how many statements are let through.
        error: what is raised.
        only: counts only statements that hold this text.

    """

    def __init__(self, passes: int, error: Callable[[], BaseException] = Crash, only: str = ""):
        self.left = passes
        self.error = error
        self.only = only
        self.exploded = False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.step(sql, self.error)
        return execute(sql, params, many, context)

    def step(self, sql: str, error: Callable[[], BaseException]) -> None:
        if self.only not in sql:
            return
        if self.left == 0:
            self.exploded = True
            self.left = -1
            raise error()
        self.left -= 1

    @contextmanager
    def planted(self) -> Iterator[None]:
        """Be there for statements and, where every one is counted, for commits."""
        commit = connection._commit

        def commits() -> None:
            self.step("COMMIT", LostAtCommit)
            commit()

        with connection.execute_wrapper(self), mock.patch.object(connection, "_commit", commits):
            yield


class Broken:
    """Fails every statement that holds a text, as a table that cannot be read does."""

    def __init__(self, table: str, error: Callable[[], BaseException] = OperationalError):
        self.table = table
        self.error = error

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if self.table in sql:
            raise self.error()
        return execute(sql, params, many, context)

    def planted(self) -> AbstractContextManager[None]:
        return connection.execute_wrapper(self)


def each_crash(work: Callable[[], object], most: int = 60) -> Iterator[int]:
    """Run a piece of work again and again, killed one statement later each time, to its end.

    Yields after each kill, so that the caller can look at what was left behind.
    """
    for passes in range(most):
        bomb = Bomb(passes)
        try:
            with bomb.planted():
                work()
        except (Crash, LostAtCommit):
            yield passes
            continue
        if bomb.exploded:
            raise AssertionError("The crash was swallowed.")
        return
    raise AssertionError(f"It is not done after {most} statements.")
