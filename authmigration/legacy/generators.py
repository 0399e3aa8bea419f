"""A source as a function, for shapes that no table declaration can say."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from auth_lib import Fact

from .watches import Watch
from .writes import Writers

Generator = Callable[[Any], Iterable[Fact]]


@dataclass(frozen=True, slots=True)
class GeneratorSource:
    """A function from a user to facts, and the tables that it reads; call it as before."""

    function: Generator
    watch: tuple[Watch, ...]
    write: Writers | None = None
    only_with_rows: bool = False

    @property
    def name(self) -> str:
        """What the source is called in facts and reports."""
        return f"{self.function.__module__.removesuffix('.authz')}.{self.function.__name__}"[-100:]

    def __call__(self, user: Any) -> Iterable[Fact]:
        """Yield the facts of a user."""
        return self.function(user)

    def watches(self) -> Iterator[Watch]:
        """Yield what must be watched."""
        yield from self.watch

    def signature(self) -> str:
        """Return a text that changes with what the function does, not with its comments."""
        rows = "|only_with_rows" if self.only_with_rows else ""
        return f"{self.name}{rows}|{_code_of(self.function)}"


def roles(
    *, watch: Iterable[Watch], write: Writers | None = None, only_with_rows: bool = False
) -> Callable[[Generator], GeneratorSource]:
    """Declare a function that yields the facts of one user.

    Args:
        watch: every table that it reads, each with the path to the user; a change elsewhere goes
            unseen until the reconciler comes by.
        write: how its facts are written back; None: they are not representable.
        only_with_rows: a user without a row in any watched table yields nothing, so the function
            need not be called. Most users have none, and a backfill is several times as fast.

    """

    def declare(function: Generator) -> GeneratorSource:
        return GeneratorSource(function, tuple(watch), write, only_with_rows)

    return declare


def _code_of(function: Callable[..., object]) -> str:
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return function.__qualname__
    body = tree.body[0]
    if isinstance(body, ast.FunctionDef) and ast.get_docstring(body) is not None:
        del body.body[0]
    return ast.unparse(tree)
